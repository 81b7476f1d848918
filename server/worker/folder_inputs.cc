#include "server/worker/folder_inputs.h"

#include <fstream>
#include <iterator>
#include <span>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/array/manifest.h"
#include "server/array/npy.h"

namespace engram {
namespace {

constexpr char kAdvice[] =
    "`engram get RUN --tree --inputs FOLDER` writes what a run reads, and "
    "--inputs FOLDER says where it lies";

}  // namespace

absl::StatusOr<InputArray> FolderInputs::Get(absl::string_view digest) const {
  if (folder_.empty()) {
    return absl::NotFoundError(absl::StrCat("the run reads the array ", digest,
                                            ", which is not here: ", kAdvice));
  }
  const std::string path = absl::StrCat(folder_, "/", digest, ".npy");
  std::ifstream in(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)),
                         std::istreambuf_iterator<char>());
  if (!in) {
    return absl::NotFoundError(
        absl::StrCat(path, " cannot be read: ", kAdvice));
  }
  const auto layout = ReadNpyHeader(text, std::ssize(text));
  if (!layout.ok()) {
    return absl::DataLossError(
        absl::StrCat(path, ": ", std::string(layout.status().message())));
  }
  const auto bytes = std::as_bytes(std::span(text))
                         .subspan(static_cast<size_t>(layout->begin));
  const ArrayView view{.type = layout->type,
                       .order = layout->order,
                       .shape = layout->shape,
                       .unit = "1",
                       .bytes = bytes};
  const std::string found =
      absl::BytesToHexString(MakeManifest(view, CutIntoChunks(bytes)).digest());
  if (found != digest) {
    return absl::DataLossError(absl::StrCat(
        path, " has the digest ", found, ", not the one that it is named by"));
  }
  return InputArray{.type = layout->type,
                    .order = layout->order,
                    .shape = layout->shape,
                    .bytes = {bytes.begin(), bytes.end()}};
}

}  // namespace engram
