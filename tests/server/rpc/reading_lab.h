#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/sha256.h"
#include "engram/v1/datasets.grpc.pb.h"
#include "engram/v1/experiments.grpc.pb.h"
#include "engram/v1/runs.grpc.pb.h"
#include "running_server.h"
#include "server/rpc/parts.h"
#include "tests/core/spec/test_catalog.h"

namespace engram {

// The core's test catalog, whose network takes a dataset and a record item.
inline const Science& TestScience() {
  static const Science* const science = new Science{
      .catalog = TestCatalog(),
      .estimate =
          [](const Component&) {
            return Estimate{.seconds = 1, .tick_name = "trial"};
          },
      .check_record = [](const Component&,
                         const RecordPolicy&) { return absl::OkStatus(); },
      .presets = {}};
  return *science;
}

inline std::string Text(const std::string& network) {
  return SmallText(
      absl::StrCat("  network: {type: rate_rnn, ", network, "}\n"));
}

inline std::string BytesOf(const std::vector<double>& values) {
  std::string bytes(values.size() * sizeof(double), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

// A server on that catalog, and its calls as a submitter makes them.
class ReadingLab : public testing::Test {
 protected:
  ReadingLab()
      : running_({}, &TestScience()),
        experiments_(v1::Experiments::NewStub(running_.InProcess())),
        runs_(v1::Runs::NewStub(running_.InProcess())),
        datasets_(v1::Datasets::NewStub(running_.InProcess())),
        token_(running_.MakeToken("ada", v1::SCOPE_SUBMITTER)) {}

  grpc::Status TrySubmit(const std::string& text, v1::Experiment* made) {
    v1::CreateExperimentRequest request;
    request.mutable_source()->set_text(text);
    request.set_request_id(FreshId());
    return experiments_->CreateExperiment(As(token_).get(), request, made);
  }
  // Its id.
  std::string Submit(const std::string& text) {
    v1::Experiment made;
    const grpc::Status status = TrySubmit(text, &made);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return made.name().substr(made.name().find('/') + 1);
  }

  std::vector<v1::RunInput> Inputs(const std::string& id, int point = 0) {
    v1::ListInputsRequest request;
    request.set_name(absl::StrCat(id, "/", point));
    v1::ListInputsResponse reply;
    const grpc::Status status =
        runs_->ListInputs(As(token_).get(), request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return {reply.inputs().begin(), reply.inputs().end()};
  }
  grpc::Status Read(const v1::ReadArrayRequest& request, std::string* bytes) {
    auto context = As(token_);
    const auto stream = runs_->ReadArray(context.get(), request);
    v1::ReadArrayResponse response;
    while (stream->Read(&response)) *bytes += response.data();
    return stream->Finish();
  }
  std::string ReadInput(const std::string& id, const std::string& digest) {
    v1::ReadArrayRequest request;
    request.set_name(id + "/0");
    request.set_input(digest);
    std::string bytes;
    const grpc::Status status = Read(request, &bytes);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return bytes;
  }
  v1::Dataset Upload(const std::string& name, const std::string& file) {
    v1::UploadDatasetRequest request;
    auto* start = request.mutable_start();
    start->set_name(name);
    start->set_format(v1::DATASET_FORMAT_CSV);
    start->set_byte_size(std::ssize(file));
    const auto digest = Sha256(file);
    start->set_sha256(std::string(digest.begin(), digest.end()));
    start->set_request_id(FreshId());
    auto context = As(token_);
    const auto stream = datasets_->UploadDataset(context.get());
    stream->Write(request);
    v1::UploadDatasetResponse reply;
    stream->Read(&reply);
    request.set_data(file);
    stream->Write(request);
    stream->WritesDone();
    stream->Read(&reply);
    EXPECT_TRUE(stream->Finish().ok());
    return reply.dataset();
  }

  RunningServer running_;
  std::unique_ptr<v1::Experiments::Stub> experiments_;
  std::unique_ptr<v1::Runs::Stub> runs_;
  std::unique_ptr<v1::Datasets::Stub> datasets_;
  std::string token_;
};

}  // namespace engram
