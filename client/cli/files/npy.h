#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engram/v1/array.pb.h"

// NumPy's file format, version 1.0: what `numpy.load` opens.
// Source: numpy.lib.format, https://numpy.org/neps/nep-0001-npy-format.html
namespace engram::cli {

// All up to the elements. `descr` is NumPy's name of the type: "<f8".
std::string NpyHeader(const std::string& descr, bool fortran_order,
                      const std::vector<int64_t>& shape);

// Header of a recorded array: its elements follow as they are stored, in the
// order in which the core holds them.
absl::StatusOr<std::string> NpyHeaderOf(const v1::ArrayManifest& manifest);

// A vector of numbers; absent ones are NaN.
std::string NpyOf(const std::vector<std::optional<double>>& values);
std::string NpyOf(const std::vector<double>& values);
std::string NpyOf(const std::vector<int64_t>& values);
// A vector of texts, which NumPy holds as UTF-32 of one length.
std::string NpyOf(const std::vector<std::string>& texts);

}  // namespace engram::cli
