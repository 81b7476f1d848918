#include "core/tasks/supervised/task_file.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/contract.h"
#include "core/programs/state_array.h"
#include "core/tasks/supervised/supervised_task.h"

namespace engram {
namespace {

std::vector<std::string> DatasetsOf(const Component& self) {
  std::vector<std::string> names;
  for (const SupervisedTaskRow& row : SupervisedTaskRows()) {
    if (row.spec.type != self.type) continue;
    for (const ParameterSpec& parameter : row.spec.parameters) {
      if (parameter.type == ParameterType::kDataset) {
        names.push_back(parameter.name);
      }
    }
  }
  return names;
}

// Of a form that a store or a worker says, whose type is one that there is.
int64_t BytesOf(const InputForm& form) {
  for (const ElementType type :
       {ElementType::kFloat64, ElementType::kFloat32, ElementType::kInt64,
        ElementType::kInt32, ElementType::kUint8}) {
    if (form.type == ElementTypeName(type)) return ByteSize(type, form.shape);
  }
  ENGRAM_EXPECT(false);
  return 0;
}

absl::StatusOr<TaskFile> ReadOne(const Component& self,
                                 const std::string& parameter,
                                 const Inputs& inputs) {
  absl::StatusOr<InputArray> array = inputs.Get(self.Text(parameter));
  if (!array.ok()) {
    return absl::Status(array.status().code(),
                        absl::StrCat(self.path, ".", parameter, ": ",
                                     std::string(array.status().message())));
  }
  TaskFile file{
      .form = {std::string(ElementTypeName(array->type)), array->shape},
      .order = array->order,
      .bytes = {reinterpret_cast<const char*>(array->bytes.data()),
                array->bytes.size()}};
  if (file.is_whole()) return file;
  return absl::DataLossError(
      absl::StrCat(self.path, ".", parameter, " is ", DescribeForm(file.form),
                   " and has ", file.bytes.size(), " bytes, not ",
                   BytesOf(file.form), "; upload it again"));
}

}  // namespace

bool TaskFile::is_whole() const {
  return static_cast<int64_t>(bytes.size()) == BytesOf(form);
}

ParameterSpec Dataset(std::string name, std::string meaning) {
  return {.name = std::move(name),
          .type = ParameterType::kDataset,
          .meaning = std::move(meaning)};
}

absl::StatusOr<TaskFiles> ReadTaskFiles(const Component& self,
                                        const Inputs& inputs) {
  TaskFiles files;
  for (const std::string& parameter : DatasetsOf(self)) {
    absl::StatusOr<TaskFile> file = ReadOne(self, parameter, inputs);
    if (!file.ok()) return file.status();
    files.emplace(parameter, *std::move(file));
  }
  return files;
}

TaskFiles LookAtTaskFiles(const Component& self, const Resolver& resolver) {
  TaskFiles files;
  for (const std::string& parameter : DatasetsOf(self)) {
    const std::string& digest = self.Text(parameter);
    std::optional<InputForm> form = resolver.Form(digest);
    if (!form.has_value()) continue;
    files.emplace(parameter, TaskFile{.form = *std::move(form),
                                      .bytes = resolver.FirstBytes(digest)});
  }
  return files;
}

std::string DescribeForm(const InputForm& form) {
  return absl::StrCat("(", absl::StrJoin(form.shape, ", "), ") of ", form.type);
}

Fault Misfit(const Component& self, const std::string& parameter,
             absl::string_view message) {
  return {0, absl::StrCat(self.path, ".", parameter),
          absl::StrCat(parameter, " ", std::string(message))};
}

absl::Status StatusOf(const Component& self, const Faults& faults) {
  if (faults.empty()) return absl::OkStatus();
  std::vector<std::string> messages;
  for (const Fault& fault : faults) {
    messages.push_back(absl::StrCat(self.path, ".", fault.message));
  }
  return absl::InvalidArgumentError(absl::StrJoin(messages, "; and "));
}

}  // namespace engram
