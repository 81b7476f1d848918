// What is somebody's own: every method that changes a thing by its name is for
// its owner and for admins.

#include <google/protobuf/field_mask.pb.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "any_call.h"
#include "core/base/sha256.h"
#include "engram/v1/datasets.grpc.pb.h"
#include "engram/v1/experiments.grpc.pb.h"
#include "running_server.h"
#include "server/rpc/access.h"

namespace engram {
namespace {

constexpr char kText[] = R"(name: one run
experiment:
  type: sequence_learning
  network: {type: rate_rnn, units: 20}
  task: {type: item_sequence, items: 4, units_per_item: 5}
  rule: {type: hebbian}
seed: 1
)";

// Changes nothing of what it compares with: anybody who submits may ask.
const std::set<std::string>& OpenToAllSubmitters() {
  static const auto* const methods =
      new std::set<std::string>{"engram.v1.Experiments.VerifyRun"};
  return *methods;
}

// The field that names what is changed: `name` of the request, or of the one
// message that it holds.
bool SetName(google::protobuf::Message& request, const std::string& name) {
  const auto* descriptor = request.GetDescriptor();
  const auto* reflection = request.GetReflection();
  if (const auto* field = descriptor->FindFieldByName("name")) {
    reflection->SetString(&request, field, name);
    return true;
  }
  const auto* inner = descriptor->FindFieldByName("experiment");
  return inner != nullptr &&
         SetName(*reflection->MutableMessage(&request, inner), name);
}

// Some say besides what they change of it.
void SetMask(google::protobuf::Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("update_mask");
  if (field == nullptr) return;
  auto* mask = dynamic_cast<google::protobuf::FieldMask*>(
      request.GetReflection()->MutableMessage(&request, field));
  ASSERT_NE(mask, nullptr);
  mask->add_paths("notes");
}

// Methods of submitters that change a thing that is there already.
std::vector<std::string> OwnersMethods() {
  std::vector<std::string> methods;
  for (const std::string& method : AllMethods()) {
    const v1::Access* access = FindAccess(method);
    if (!access->mutation() || access->scope() != v1::SCOPE_SUBMITTER) continue;
    if (OpenToAllSubmitters().contains(method)) continue;
    if (SetName(*RequestFor(method), "x")) methods.push_back(method);
  }
  return methods;
}

class OwnerTest : public testing::Test {
 protected:
  OwnerTest()
      : ada_("Bearer " + running_.MakeToken("ada", v1::SCOPE_SUBMITTER)),
        bob_("Bearer " + running_.MakeToken("bob", v1::SCOPE_SUBMITTER)),
        admin_("Bearer " + running_.MakeToken("carol", v1::SCOPE_ADMIN)) {}

  std::string MakeExperiment() {
    v1::CreateExperimentRequest request;
    request.mutable_source()->set_text(kText);
    request.set_request_id(FreshId());
    v1::Experiment made;
    const grpc::Status status =
        v1::Experiments::NewStub(running_.InProcess())
            ->CreateExperiment(As(ada_.substr(7)).get(), request, &made);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return made.name();
  }

  std::string MakeDataset() {
    const std::string file = "a,b\n1,2\n";
    v1::UploadDatasetRequest request;
    auto* start = request.mutable_start();
    start->set_name("grid" + FreshId());
    start->set_format(v1::DATASET_FORMAT_CSV);
    start->set_byte_size(static_cast<int64_t>(file.size()));
    const auto digest = Sha256(file);
    start->set_sha256(std::string(digest.begin(), digest.end()));
    start->set_request_id(FreshId());
    const auto context = As(ada_.substr(7));
    const auto stream = v1::Datasets::NewStub(running_.InProcess())
                            ->UploadDataset(context.get());
    v1::UploadDatasetResponse reply;
    stream->Write(request);
    EXPECT_TRUE(stream->Read(&reply));
    request.set_data(file);
    stream->Write(request);
    stream->WritesDone();
    EXPECT_TRUE(stream->Read(&reply));
    EXPECT_TRUE(stream->Finish().ok());
    return reply.dataset().name();
  }

  // The method on a fresh thing of ada's.
  Answer Call(const std::string& method, const std::string& bearer) {
    const bool is_dataset =
        MethodOf(method).service()->full_name() == "engram.v1.Datasets";
    const auto request = RequestFor(method);
    EXPECT_TRUE(
        SetName(*request, is_dataset ? MakeDataset() : MakeExperiment()));
    SetMask(*request);
    request->GetReflection()->SetString(
        request.get(), request->GetDescriptor()->FindFieldByName("request_id"),
        FreshId());
    return CallByGrpc(running_.Tcp(), method, bearer, *request);
  }

  RunningServer running_;
  const std::string ada_, bob_, admin_;
};

TEST_F(OwnerTest, AnotherSubmitterChangesNothing) {
  const std::vector<std::string> methods = OwnersMethods();
  // Update, Delete, Cancel, Retry, Continue, DeleteDataset at least.
  EXPECT_GE(methods.size(), 6u);
  for (const std::string& method : methods) {
    const Answer answer = Call(method, bob_);
    EXPECT_EQ(answer.code, grpc::StatusCode::PERMISSION_DENIED)
        << method << ": " << answer.message;
    EXPECT_EQ(answer.reason, "NOT_OWNER") << method;
  }
}

TEST_F(OwnerTest, OwnersAndAdminsAreLetIn) {
  for (const std::string& method : OwnersMethods()) {
    for (const std::string& bearer : {ada_, admin_}) {
      const Answer answer = Call(method, bearer);
      EXPECT_NE(answer.code, grpc::StatusCode::PERMISSION_DENIED)
          << method << ": " << answer.message;
      EXPECT_NE(answer.code, grpc::StatusCode::NOT_FOUND)
          << method << ": " << answer.message;
    }
  }
}

TEST_F(OwnerTest, CancellingIsDoneForThemAndNotForAnother) {
  const std::string method = "engram.v1.Experiments.Cancel";
  EXPECT_EQ(Call(method, bob_).code, grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Call(method, ada_).code, grpc::StatusCode::OK);
  EXPECT_EQ(Call(method, admin_).code, grpc::StatusCode::OK);
}

TEST_F(OwnerTest, OthersMayVerify) {
  for (const std::string& method : OpenToAllSubmitters()) {
    const Answer answer = Call(method, bob_);
    EXPECT_NE(answer.code, grpc::StatusCode::PERMISSION_DENIED)
        << method << ": " << answer.message;
  }
}

}  // namespace
}  // namespace engram
