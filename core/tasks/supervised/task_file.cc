#include "core/tasks/supervised/task_file.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/programs/state_array.h"

namespace engram {

ParameterSpec Dataset(std::string name, std::string meaning) {
  return {.name = std::move(name),
          .type = ParameterType::kDataset,
          .meaning = std::move(meaning)};
}

absl::StatusOr<InputArray> ReadTaskFile(const Component& self,
                                        const std::string& parameter,
                                        const Inputs& inputs) {
  absl::StatusOr<InputArray> array = inputs.Get(self.Text(parameter));
  if (!array.ok()) {
    return absl::Status(array.status().code(),
                        absl::StrCat(self.path, ".", parameter, ": ",
                                     std::string(array.status().message())));
  }
  const int64_t bytes = ByteSize(array->type, array->shape);
  if (bytes == static_cast<int64_t>(array->bytes.size())) return array;
  return absl::DataLossError(absl::StrCat(
      self.path, ".", parameter, " is ", DescribeArray(*array), " and has ",
      array->bytes.size(), " bytes, not ", bytes, "; upload it again"));
}

std::string DescribeArray(const InputArray& array) {
  return absl::StrCat("(", absl::StrJoin(array.shape, ", "), ") of ",
                      std::string(ElementTypeName(array.type)));
}

absl::Status Misfit(const Component& self, absl::string_view parameter,
                    absl::string_view message) {
  return absl::InvalidArgumentError(
      absl::StrCat(self.path, ".", parameter, " ", message));
}

}  // namespace engram
