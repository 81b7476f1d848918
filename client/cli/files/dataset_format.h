#pragma once

#include <filesystem>
#include <string>

#include "absl/strings/string_view.h"
#include "engram/v1/datasets.pb.h"

namespace engram::cli {

// The file's name, less the ending of gzip: a packed file is called, and
// written, as what is in it.
std::filesystem::path UnpackedName(const std::string& file);

// How a file is written: as `format` says ("npy", "csv", "idx", "raw"); if that
// is empty, as its name does; where that says nothing either, as its first
// bytes do. Raw otherwise.
v1::DatasetFormat FormatOfFile(const std::string& file,
                               const std::string& format);

// What the first bytes of a file of `size` bytes say, raw if nothing. IDX: its
// magic number and at least as many elements as lie in the file, so that one
// that is cut off is refused as what it is.
v1::DatasetFormat FormatOfBytes(absl::string_view first, int64_t size);

}  // namespace engram::cli
