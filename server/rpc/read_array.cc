#include "server/rpc/read_array.h"

#include <exception>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/rpc/handler.h"
#include "server/rpc/message.h"
#include "server/rpc/name.h"
#include "server/rpc/pool.h"
#include "server/store/checkpoint_table.h"
#include "server/store/input_table.h"
#include "server/store/store.h"

namespace engram {
namespace {

absl::StatusOr<store::ArrayRow> FindInputArray(store::Reader& reader,
                                               store::RunKey run,
                                               const std::string& digest) {
  auto input = store::FindInput(reader, run, digest);
  if (!input.has_value()) {
    return absl::NotFoundError(absl::StrCat(
        "no input of the run's experiment has the digest ",
        absl::BytesToHexString(digest), "; ListInputs names those of a run"));
  }
  return store::ArrayRow{.run = run,
                         .path = std::move(input->name),
                         .step = 0,
                         .manifest = std::move(input->manifest)};
}

absl::StatusOr<store::ArrayRow> FinalState(store::Reader& reader,
                                           const RunRef& run) {
  auto state = store::FindFinalState(reader, run.key);
  if (!state.has_value()) {
    return absl::NotFoundError(absl::StrCat(
        run.name.Short(),
        " has no final state: it has not succeeded, or its worker saved none"));
  }
  return store::ArrayRow{.run = run.key,
                         .path = "state",
                         .step = -1,
                         .manifest = std::move(state->manifest)};
}

class ArrayStream final
    : public grpc::ServerWriteReactor<v1::ReadArrayResponse> {
 public:
  ArrayStream(Gate& gate, const Parts& parts,
              grpc::CallbackServerContext* context,
              const v1::ReadArrayRequest* request)
      : gate_(gate),
        parts_(parts),
        facts_(FactsOf(*context, "engram.v1.Runs.ReadArray")),
        request_(*request),
        begun_us_(gate.NowUs()),
        caller_(gate.Authenticate(facts_)) {
    if (!caller_.ok()) {
      End(caller_.status());
    } else {
      gate_.pool().Add([this] { Guarded([this] { SendManifest(); }); });
    }
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return End(absl::CancelledError("the reader went away"));
    gate_.pool().Add([this] { Guarded([this] { SendChunk(); }); });
  }

  void OnDone() override { delete this; }

 private:
  template <class Step>
  void Guarded(Step step) try {
    step();
  } catch (const std::exception& error) {
    End(absl::InternalError(error.what()));
  }

  void SendManifest() {
    auto row = parts_.store.Read(
        [this](store::Reader& reader) -> absl::StatusOr<store::ArrayRow> {
          auto run = FindRunNamed(reader, request_.name());
          if (!run.ok()) return run.status();
          if (!request_.input().empty()) {
            return FindInputArray(reader, run->key, request_.input());
          }
          if (request_.final_state()) return FinalState(reader, *run);
          return store::FindArray(reader, run->key, request_.path(),
                                  request_.step());
        });
    if (!row.ok()) return End(row.status());
    manifest_ = row->manifest;
    *message_.mutable_array() = ArrayMessage(*row);
    StartWrite(&message_);
  }

  void SendChunk() {
    if (next_ == manifest_.chunks_size()) return End(absl::OkStatus());
    auto digest = store::DigestFromBytes(manifest_.chunks(next_));
    if (!digest.ok())
      return End(absl::DataLossError(digest.status().message()));
    auto bytes = parts_.store.blobs().Get(*digest);
    if (!bytes.ok()) {
      return End(bytes.status().code() == absl::StatusCode::kNotFound
                     ? absl::DataLossError(bytes.status().message())
                     : bytes.status());
    }
    ++next_;
    message_.Clear();
    message_.set_data(*std::move(bytes));
    StartWrite(&message_);
  }

  void End(const absl::Status& status) {
    gate_.LogEnd(facts_, caller_.ok() ? &*caller_ : nullptr, status, begun_us_);
    Finish(ToGrpc(status));
  }

  Gate& gate_;
  const Parts& parts_;
  const CallFacts facts_;
  const v1::ReadArrayRequest request_;
  const int64_t begun_us_;
  const absl::StatusOr<Caller> caller_;
  store::v1::ArrayManifest manifest_;
  int next_ = 0;
  v1::ReadArrayResponse message_;
};

}  // namespace

grpc::ServerWriteReactor<v1::ReadArrayResponse>* StartReadArray(
    Gate& gate, const Parts& parts, grpc::CallbackServerContext* context,
    const v1::ReadArrayRequest* request) {
  return new ArrayStream(gate, parts, context, request);
}

}  // namespace engram
