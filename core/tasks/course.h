#pragma once

#include <string>
#include <vector>

#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/spec/fault.h"
#include "core/tasks/stimulation_protocol.h"

namespace engram {

// A course as a user writes it: rows [time in ms, value], each valid until the
// next one's time.
using CourseRows = std::vector<std::vector<double>>;

// A parameter that takes a course; optional when it has no default.
ParameterSpec CourseParameter(std::string name, const CourseRows& default_rows,
                              std::string meaning);

// Rows have two numbers, and times begin at 0 and rise.
void CheckCourse(const Component& self, const std::string& name,
                 Faults& faults);

// The course with `shift` ms added to its times, 0 before its first level.
std::vector<Level> LevelsOf(const CourseRows& rows, double shift, double dt);

}  // namespace engram
