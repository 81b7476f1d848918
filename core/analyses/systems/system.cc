#include "core/analyses/systems/system.h"

#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/statistics.h"
#include "core/programs/saved_execution.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

std::string MisfitText(const Component& self, const InputForm& form,
                       int64_t rows, int64_t cols) {
  return absl::StrCat("has shape (", absl::StrJoin(form.shape, ", "), ") of ",
                      form.type, ", and ", self.type, " takes (", rows, ", ",
                      cols,
                      ") of float64; give the sizes of the run that left it, "
                      "or another item of its record");
}

InputForm FormOf(const InputArray& input) {
  return {std::string(ElementTypeName(input.type)), input.shape};
}

bool HasShape(const InputForm& form, int64_t rows, int64_t cols) {
  if (form.type != ElementTypeName(ElementType::kFloat64)) return false;
  if (cols == 1 && form.shape == std::vector<int64_t>{rows}) return true;
  return form.shape == std::vector<int64_t>{rows, cols};
}

std::string PathOf(const Component& self, const InState& at) {
  const bool is_given = !at.parameter.empty() && self.Has(at.parameter);
  return is_given ? self.Text(at.parameter) : at.path;
}

// What was wrong and, where a state has no such array, what to do about it.
absl::Status NotRead(const Component& self, const std::string& parameter,
                     const InState& at, bool has_input,
                     const absl::Status& status) {
  std::string text = absl::StrCat(self.path, ".", parameter, ": ",
                                  std::string(status.message()));
  if (has_input && absl::IsNotFound(status)) {
    if (!at.parameter.empty()) {
      absl::StrAppend(&text, "; name one that it has with ", self.path, ".",
                      at.parameter);
    }
    absl::StrAppend(&text, at.parameter.empty() ? "; " : ", or ",
                    "record snapshots: {", at.path,
                    ": [final]} in that run and give the snapshot");
  }
  return absl::Status(status.code(), text);
}

absl::StatusOr<Array<double>> ReadOne(const Component& self,
                                      const std::string& parameter,
                                      const InState& at,
                                      const std::string& digest, int64_t rows,
                                      int64_t cols, const Inputs& inputs) {
  absl::StatusOr<InputArray> input =
      GetInputArray(inputs, digest, PathOf(self, at));
  if (!input.ok()) {
    return NotRead(self, parameter, at, inputs.Get(digest).ok(),
                   input.status());
  }
  Array<double> stored(rows, cols);
  if (!HasShape(FormOf(*input), rows, cols) ||
      input->bytes.size() != stored.bytes().size()) {
    return absl::InvalidArgumentError(
        absl::StrCat(self.path, ".", parameter, " ",
                     MisfitText(self, FormOf(*input), rows, cols)));
  }
  std::memcpy(stored.data(), input->bytes.data(), input->bytes.size());
  if (!statistics::AllFinite(stored.span())) {
    return absl::InvalidArgumentError(
        absl::StrCat(self.path, ".", parameter,
                     " holds numbers that are not finite; the run that left "
                     "it diverged"));
  }
  if (input->order == ArrayOrder::kColumnMajor || cols == 1) return stored;
  Array<double> turned(rows, cols);
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < cols; ++j) turned(i, j) = stored[i * cols + j];
  }
  return turned;
}

}  // namespace

ParameterSpec PathInState(std::string name, std::string meaning) {
  return {.name = std::move(name),
          .type = ParameterType::kText,
          .is_optional = true,
          .meaning = std::move(meaning)};
}

absl::StatusOr<Array<double>> ReadInput(const Component& self,
                                        const std::string& parameter,
                                        const InState& at, int64_t rows,
                                        int64_t cols, const Inputs& inputs) {
  return ReadOne(self, parameter, at, self.Text(parameter), rows, cols, inputs);
}

absl::StatusOr<std::vector<Array<double>>> ReadInputs(
    const Component& self, const std::string& parameter, const InState& at,
    int64_t rows, int64_t cols, const Inputs& inputs) {
  std::vector<Array<double>> arrays;
  for (const std::string& digest : self.Texts(parameter)) {
    absl::StatusOr<Array<double>> array =
        ReadOne(self, parameter, at, digest, rows, cols, inputs);
    if (!array.ok()) return array.status();
    arrays.push_back(*std::move(array));
  }
  return arrays;
}

bool MayBeState(const InputForm& form, absl::string_view first_bytes) {
  return form.type == ElementTypeName(ElementType::kUint8) &&
         form.shape.size() == 1 &&
         (first_bytes.empty() ||
          absl::StartsWith(first_bytes, "engram checkpoint "));
}

void CheckInput(const Component& self, const std::string& parameter,
                int64_t rows, int64_t cols, const Resolver& resolver,
                Faults& faults) {
  const std::string& digest = self.Text(parameter);
  const std::optional<InputForm> form = resolver.Form(digest);
  if (!form.has_value() || HasShape(*form, rows, cols)) return;
  if (MayBeState(*form, resolver.FirstBytes(digest))) return;
  faults.push_back(
      {0, absl::StrCat(self.path, ".", parameter),
       absl::StrCat(parameter, " ", MisfitText(self, *form, rows, cols))});
}

}  // namespace engram
