#include "server/rpc/upload_stream.h"

#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "server/rpc/handler.h"
#include "server/rpc/pool.h"
#include "server/rpc/request_id.h"
#include "server/rpc/upload.h"

namespace engram {
namespace {

constexpr const char* kMethod = "engram.v1.Datasets.UploadDataset";

class UploadStream final
    : public grpc::ServerBidiReactor<v1::UploadDatasetRequest,
                                     v1::UploadDatasetResponse> {
 public:
  UploadStream(Gate& gate, const Parts& parts,
               grpc::CallbackServerContext* context)
      : gate_(gate),
        parts_(parts),
        facts_(FactsOf(*context, kMethod)),
        begun_us_(gate.NowUs()),
        caller_(gate.Authenticate(facts_, &known_)) {
    if (!caller_.ok()) {
      Fail(caller_.status());
    } else {
      StartRead(&request_);
    }
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      return Fail(absl::CancelledError(
          "the upload ended before all bytes were here; repeat it, and it "
          "goes on where it ended"));
    }
    gate_.pool().Add([this] { Guarded(); });
  }

  void OnWriteDone(bool ok) override {
    if (reply_.has_dataset()) return End(absl::OkStatus());
    if (!ok) return Fail(absl::CancelledError("the sender went away"));
    StartRead(&request_);
  }

  void OnDone() override { delete this; }

 private:
  void Guarded() try {
    absl::Status status = Take();
    if (!status.ok()) Fail(status);
  } catch (const std::exception& error) {
    Fail(absl::InternalError(error.what()));
  }

  // One message; on success a read or a write is under way.
  absl::Status Take() {
    if (upload_ == nullptr) return Begin();
    if (!request_.has_data()) {
      return absl::InvalidArgumentError(
          "after the first message of an upload come its bytes");
    }
    absl::Status added = upload_->Add(request_.data());
    if (!added.ok()) return added;
    return Continue();
  }

  absl::Status Begin() {
    if (!request_.has_start()) {
      return absl::InvalidArgumentError(
          "the first message of an upload says name, format and size");
    }
    target_ = TargetOf(request_.start());
    auto request_id = RequestIdOf(request_.start());
    if (!request_id.ok()) return request_id.status();
    caller_->request_id = *std::move(request_id);
    kept_.emplace(*caller_, kMethod, facts_.authorization.value_or(""),
                  request_.start(), gate_.NowUs());
    auto replayed = kept_->Replay(parts_.store, *reply_.mutable_dataset());
    if (!replayed.ok()) return replayed.status();
    if (*replayed) {
      reply_.set_received_bytes(request_.start().byte_size());
      StartWrite(&reply_);
      return absl::OkStatus();
    }
    reply_.clear_dataset();
    caller_->receipt = &*kept_;
    auto upload = Upload::Begin(*caller_, request_.start(), parts_);
    if (!upload.ok()) return upload.status();
    upload_ = *std::move(upload);
    // The answer to the announcement says where to go on, even at the end.
    if (!upload_->is_complete()) return Answer();
    return Continue();
  }

  absl::Status Continue() {
    if (!upload_->is_complete()) {
      StartRead(&request_);
      return absl::OkStatus();
    }
    auto dataset = upload_->Finish(*caller_);
    if (!dataset.ok()) return dataset.status();
    *reply_.mutable_dataset() = *std::move(dataset);
    return Answer();
  }

  absl::Status Answer() {
    reply_.set_received_bytes(upload_->received_bytes());
    StartWrite(&reply_);
    return absl::OkStatus();
  }

  // Ends once the audit has it.
  void Fail(const absl::Status& status) {
    const Caller& caller = caller_.ok() ? *caller_ : known_;
    gate_.RecordFailure(facts_, caller, target_, status,
                        [this, status] { End(status); });
  }

  void End(const absl::Status& status) {
    upload_.reset();
    gate_.LogEnd(facts_, caller_.ok() ? &*caller_ : nullptr, status, begun_us_);
    Finish(ToGrpc(status));
  }

  Gate& gate_;
  const Parts& parts_;
  const CallFacts facts_;
  const int64_t begun_us_;
  std::string target_;  // the dataset's name
  Caller known_;        // what is known of one who is refused
  absl::StatusOr<Caller> caller_;
  std::optional<KeptRequest> kept_;
  std::unique_ptr<Upload> upload_;
  v1::UploadDatasetRequest request_;
  v1::UploadDatasetResponse reply_;
};

}  // namespace

grpc::ServerBidiReactor<v1::UploadDatasetRequest, v1::UploadDatasetResponse>*
StartUpload(Gate& gate, const Parts& parts,
            grpc::CallbackServerContext* context) {
  return new UploadStream(gate, parts, context);
}

}  // namespace engram
