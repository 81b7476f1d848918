#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "core/base/sha256.h"
#include "engram/v1/datasets.grpc.pb.h"
#include "running_server.h"

namespace engram {
namespace {

class DatasetsCallTest : public testing::Test {
 protected:
  DatasetsCallTest()
      : stub_(v1::Datasets::NewStub(running_.InProcess())),
        token_(running_.MakeToken("ada", v1::SCOPE_SUBMITTER)) {}

  v1::UploadDatasetRequest Start(const std::string& name,
                                 v1::DatasetFormat format,
                                 const std::string& file) {
    v1::UploadDatasetRequest request;
    auto* start = request.mutable_start();
    start->set_name(name);
    start->set_format(format);
    start->set_byte_size(static_cast<int64_t>(file.size()));
    const auto digest = Sha256(file);
    start->set_sha256(std::string(digest.begin(), digest.end()));
    start->set_request_id(FreshId());
    return request;
  }

  // Sends what the server does not have; at most `most` bytes of it.
  grpc::Status Upload(const v1::UploadDatasetRequest& start,
                      const std::string& file, size_t most,
                      v1::UploadDatasetResponse* reply) {
    auto context = As(token_);
    auto stream = stub_->UploadDataset(context.get());
    stream->Write(start);
    if (stream->Read(reply) && !reply->has_dataset()) {
      v1::UploadDatasetRequest data;
      data.set_data(
          file.substr(static_cast<size_t>(reply->received_bytes()), most));
      stream->Write(data);
      stream->WritesDone();
      stream->Read(reply);
    }
    return stream->Finish();
  }

  RunningServer running_;
  std::unique_ptr<v1::Datasets::Stub> stub_;
  std::string token_;
};

TEST_F(DatasetsCallTest, AFileBecomesAnArrayThatIsListedAndDeleted) {
  const std::string file = "a,b\n1,2\n3,4\n";
  v1::UploadDatasetResponse reply;
  const grpc::Status status =
      Upload(Start("grid", v1::DATASET_FORMAT_CSV, file), file, 100, &reply);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(reply.dataset().name(), "datasets/grid");
  EXPECT_EQ(reply.dataset().owner(), "users/ada");
  EXPECT_EQ(reply.dataset().manifest().shape(0), 2);
  EXPECT_EQ(reply.dataset().manifest().byte_size(), 32);
  v1::ListDatasetsResponse list;
  ASSERT_TRUE(stub_->ListDatasets(As(token_).get(), {}, &list).ok());
  ASSERT_EQ(list.datasets_size(), 1);
  v1::GetDatasetRequest get;
  get.set_name("grdi");
  v1::Dataset dataset;
  const grpc::Status missing =
      stub_->GetDataset(As(token_).get(), get, &dataset);
  EXPECT_EQ(missing.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_TRUE(absl::StrContains(missing.error_message(), "grid"));
  v1::DeleteDatasetRequest removal;
  removal.set_name("datasets/grid");
  removal.set_request_id(FreshId());
  v1::DeleteDatasetResponse removed;
  EXPECT_TRUE(stub_->DeleteDataset(As(token_).get(), removal, &removed).ok());
}

TEST_F(DatasetsCallTest, AnUploadThatBrokeOffGoesOnWhereItEnded) {
  const std::string file(1000, 'x');
  const auto start = Start("bytes", v1::DATASET_FORMAT_RAW, file);
  v1::UploadDatasetResponse reply;
  EXPECT_FALSE(Upload(start, file, 400, &reply).ok());
  auto context = As(token_);
  auto stream = stub_->UploadDataset(context.get());
  stream->Write(start);
  ASSERT_TRUE(stream->Read(&reply));
  EXPECT_EQ(reply.received_bytes(), 400);
  v1::UploadDatasetRequest rest;
  rest.set_data(file.substr(400));
  stream->Write(rest);
  ASSERT_TRUE(stream->Read(&reply));
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(reply.dataset().byte_size(), 1000);
  // The same request again gets the same answer and sends nothing.
  v1::UploadDatasetResponse again;
  ASSERT_TRUE(Upload(start, file, 0, &again).ok());
  EXPECT_EQ(again.dataset().SerializeAsString(),
            reply.dataset().SerializeAsString());
}

TEST_F(DatasetsCallTest, BytesThatAreNotOfTheFormatAreRefused) {
  const std::string file = "1,2\n3,x\n";
  v1::UploadDatasetResponse reply;
  const grpc::Status status =
      Upload(Start("grid", v1::DATASET_FORMAT_CSV, file), file, 100, &reply);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(absl::StrContains(status.error_message(), "line 2"))
      << status.error_message();
  auto wrong = Start("grid", v1::DATASET_FORMAT_CSV, "1,2\n3,4\n");
  EXPECT_EQ(Upload(wrong, file, 100, &reply).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

// An IDX file of one image of 2 x 2, as `gzip -n9` packs it.
std::string PackedImages() {
  return absl::HexStringToBytes(
      "1f8b08000000000002036360e06066606060046226104e4c4a4e01006bde780e"
      "14000000");
}

TEST_F(DatasetsCallTest, APackedFileIsUnpackedAndNothingIsLeftInTheSpool) {
  const std::string file = PackedImages();
  v1::UploadDatasetResponse reply;
  const grpc::Status status =
      Upload(Start("images", v1::DATASET_FORMAT_IDX, file), file, 1000, &reply);
  ASSERT_TRUE(status.ok()) << status.error_message();
  const v1::Dataset& dataset = reply.dataset();
  EXPECT_EQ(dataset.byte_size(), std::ssize(file));
  EXPECT_EQ(dataset.manifest().byte_size(), 4);
  EXPECT_EQ(dataset.manifest().shape_size(), 3);
  const auto spool = running_.folder() / "data" / "spool" / "uploads";
  EXPECT_TRUE(std::filesystem::is_empty(spool));
  // Taken as they are, bytes stay packed.
  v1::UploadDatasetResponse raw;
  ASSERT_TRUE(
      Upload(Start("raw", v1::DATASET_FORMAT_RAW, file), file, 1000, &raw)
          .ok());
  EXPECT_EQ(raw.dataset().manifest().byte_size(), std::ssize(file));
}

TEST_F(DatasetsCallTest, ADamagedPackedFileIsRefusedAndNothingIsLeft) {
  const std::string file = PackedImages();
  for (const std::string& cut :
       {file.substr(0, file.size() - 5), file.substr(0, 12)}) {
    v1::UploadDatasetResponse reply;
    const grpc::Status status =
        Upload(Start("images", v1::DATASET_FORMAT_IDX, cut), cut, 1000, &reply);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_TRUE(absl::StrContains(status.error_message(), "cut off"))
        << status.error_message();
  }
  EXPECT_TRUE(std::filesystem::is_empty(running_.folder() / "data" / "spool" /
                                        "uploads"));
}

TEST_F(DatasetsCallTest, ANameThatIsTakenIsRefused) {
  v1::UploadDatasetResponse reply;
  ASSERT_TRUE(
      Upload(Start("one", v1::DATASET_FORMAT_RAW, "abc"), "abc", 100, &reply)
          .ok());
  EXPECT_EQ(
      Upload(Start("one", v1::DATASET_FORMAT_RAW, "abd"), "abd", 100, &reply)
          .error_code(),
      grpc::StatusCode::ALREADY_EXISTS);
}

}  // namespace
}  // namespace engram
