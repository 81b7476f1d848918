// Datasets that a task cannot be in are refused when the experiment is
// submitted: the server has them, and looks at them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"
#include "engram/v1/datasets.grpc.pb.h"
#include "engram/v1/experiments.grpc.pb.h"
#include "running_server.h"

namespace engram {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class DatasetFaultsTest : public testing::Test {
 protected:
  DatasetFaultsTest()
      : datasets_(v1::Datasets::NewStub(running_.InProcess())),
        experiments_(v1::Experiments::NewStub(running_.InProcess())),
        token_(running_.MakeToken("ada", v1::SCOPE_SUBMITTER)) {}

  void Upload(const std::string& name, v1::DatasetFormat format,
              const std::string& file) {
    v1::UploadDatasetRequest request;
    auto* start = request.mutable_start();
    start->set_name(name);
    start->set_format(format);
    start->set_byte_size(std::ssize(file));
    const auto digest = Sha256(file);
    start->set_sha256(std::string(digest.begin(), digest.end()));
    start->set_request_id(FreshId());
    auto context = As(token_);
    const auto stream = datasets_->UploadDataset(context.get());
    v1::UploadDatasetResponse reply;
    stream->Write(request);
    stream->Read(&reply);
    for (size_t at = 0; at < file.size(); at += size_t{1} << 20) {
      request.set_data(file.substr(at, size_t{1} << 20));
      stream->Write(request);
    }
    stream->WritesDone();
    stream->Read(&reply);
    ASSERT_TRUE(stream->Finish().ok()) << name;
  }

  // Images of 1 x 2 pixels.
  void UploadImages(const std::string& name, int count) {
    std::string file("\0\0\x08\x03\0\0\0\0\0\0\0\x01\0\0\0\x02", 16);
    file[7] = static_cast<char>(count);
    Upload(name, v1::DATASET_FORMAT_IDX,
           file + std::string(static_cast<size_t>(2 * count), 'x'));
  }
  void UploadLabels(const std::string& name, const std::string& labels) {
    std::string file("\0\0\x08\x01\0\0\0\0", 8);
    file[7] = static_cast<char>(labels.size());
    Upload(name, v1::DATASET_FORMAT_IDX, file + labels);
  }

  grpc::Status Submit(const std::string& task) {
    v1::CreateExperimentRequest request;
    request.mutable_source()->set_text(absl::StrCat(
        "experiment:\n  type: supervised_training\n  batch: 2\n  network: "
        "{type: lstm, units: 3}\n  task: ",
        task, "\nseed: 1\n"));
    request.set_request_id(FreshId());
    v1::Experiment made;
    return experiments_->CreateExperiment(As(token_).get(), request, &made);
  }
  int Experiments() {
    v1::ListExperimentsResponse list;
    EXPECT_TRUE(
        experiments_->ListExperiments(As(token_).get(), {}, &list).ok());
    return list.experiments_size();
  }

  RunningServer running_;
  std::unique_ptr<v1::Datasets::Stub> datasets_;
  std::unique_ptr<v1::Experiments::Stub> experiments_;
  std::string token_;
};

std::string Mnist(const std::string& images, const std::string& labels) {
  return absl::StrCat("{type: mnist, height: 1, width: 2, classes: 3, ",
                      "training_images: ", images,
                      ", training_labels: ", labels, ", test_images: ", images,
                      ", test_labels: four-labels}");
}

TEST_F(DatasetFaultsTest, FilesThatDoNotFitEachOtherAreNotQueued) {
  UploadImages("four", 4);
  UploadLabels("four-labels", std::string("\0\1\2\0", 4));
  UploadLabels("three-labels", std::string("\0\1\2", 3));
  UploadLabels("high-labels", std::string("\0\1\2\3", 4));
  const grpc::Status fits = Submit(Mnist("four", "four-labels"));
  ASSERT_TRUE(fits.ok()) << fits.error_message();
  for (const auto& [images, labels, message] :
       std::vector<std::array<std::string, 3>>{
           {"four", "three-labels",
            "training_labels has 3 labels, and training_images has 4 images"},
           {"four", "high-labels",
            "training_labels says 3 of image 3 (from 0), and labels are "
            "within [0, 2]"},
           {"four", "four", "training_labels is (4, 1, 2) of uint8; labels"},
           {"four-labels", "four-labels",
            "training_images is (4) of uint8; images are (count, 1, 2)"},
           {"fuor", "four-labels", "did you mean four?"}}) {
    const grpc::Status status = Submit(Mnist(images, labels));
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_THAT(status.error_message(),
                AllOf(HasSubstr("experiment.yaml:5: experiment.task."),
                      HasSubstr(message)));
  }
  EXPECT_EQ(Experiments(), 1);
}

std::string Text(const std::string& name, int vocabulary) {
  return absl::StrCat("{type: text_corpus, training: ", name, ", test: ", name,
                      ", streams: 2, steps: 5, vocabulary: ", vocabulary, "}");
}

// Of a large text the first MiB is looked at, and its length.
TEST_F(DatasetFaultsTest, ASmallTextIsReadAndALargeOneLookedAt) {
  std::string text;
  for (int i = 0; i < 20; ++i) absl::StrAppend(&text, "a b c", i, "\n");
  Upload("small", v1::DATASET_FORMAT_RAW, text);
  std::string large(size_t{17} << 20, 'a');
  Upload("large", v1::DATASET_FORMAT_RAW, large);
  large[1000] = '\0';
  Upload("binary", v1::DATASET_FORMAT_RAW, large);
  EXPECT_TRUE(Submit(Text("small", 23)).ok());
  EXPECT_THAT(Submit(Text("small", 22)).error_message(),
              HasSubstr("training has 23 different words"));
  EXPECT_TRUE(Submit(Text("large", 22)).ok());
  EXPECT_THAT(
      Submit(Text("binary", 22)).error_message(),
      AllOf(HasSubstr("training is no text: byte 1000"),
            HasSubstr("test is no text"), Not(HasSubstr("vocabulary"))));
  EXPECT_EQ(Experiments(), 2);
}

}  // namespace
}  // namespace engram
