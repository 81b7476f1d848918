#include "core/tasks/course.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/tasks/motif.h"
#include "core/tasks/protocol_parameters.h"

namespace engram {

ParameterSpec CourseParameter(std::string name, const CourseRows& default_rows,
                              std::string meaning) {
  ParameterSpec spec;
  spec.name = std::move(name);
  spec.unit = "1";
  spec.minimum = -1e7;
  spec.maximum = 1e7;
  spec.list_rank = 2;
  spec.meaning = std::move(meaning);
  spec.is_optional = default_rows.empty();
  Value::List rows;
  for (const std::vector<double>& row : default_rows) {
    rows.push_back(Value(Value::List{Value(row[0]), Value(row[1])}));
  }
  if (!rows.empty()) spec.default_value = Value(std::move(rows));
  return spec;
}

void CheckCourse(const Component& self, const std::string& name,
                 Faults& faults) {
  if (!self.Has(name)) return;
  double before = -1;
  for (const std::vector<double>& row : self.RealRows(name)) {
    if (row.size() != 2) {
      AddFault(self, name,
               absl::StrCat("a level of ", name, " has ", row.size(),
                            " values; write [time in ms, value]"),
               faults);
      return;
    }
    if (row[0] > before && row[0] >= 0) {
      before = row[0];
      continue;
    }
    AddFault(self, name,
             absl::StrCat(name, " has a level from ", row[0],
                          " ms; times begin at 0 and rise"),
             faults);
    return;
  }
}

std::vector<Level> LevelsOf(const CourseRows& rows, double shift, double dt) {
  std::vector<Level> levels = {{0, 0}};
  for (const std::vector<double>& row : rows) {
    const int64_t from = StepAt(row[0] + shift, dt);
    if (from == levels.back().from) levels.pop_back();
    levels.push_back({from, row[1]});
  }
  return levels;
}

}  // namespace engram
