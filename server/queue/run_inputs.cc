#include "server/queue/run_inputs.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/queue/stored_item.h"
#include "server/store/input_table.h"
#include "server/store/run_table.h"

namespace engram {
namespace {

constexpr size_t kHexDigits = 64;

bool IsDigest(absl::string_view text) {
  return text.size() == kHexDigits &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
                  (c >= 'a' && c <= 'f');
         });
}

using Sizes = std::map<std::string, int64_t, std::less<>>;

Sizes SizesOf(const std::vector<ExperimentInput>& inputs) {
  Sizes sizes;
  for (const ExperimentInput& input : inputs) {
    sizes[input.manifest.digest] = input.manifest.byte_size;
  }
  return sizes;
}

int64_t Sum(absl::string_view tree_json, const Sizes& sizes) {
  int64_t sum = 0;
  for (const std::string& digest : DigestsNamed(tree_json)) {
    const auto size = sizes.find(digest);
    if (size != sizes.end()) sum += size->second;
  }
  return sum;
}

}  // namespace

std::vector<std::string> DigestsNamed(absl::string_view tree_json) {
  std::vector<std::string> digests;
  size_t quote = tree_json.find('"');
  while (quote != absl::string_view::npos) {
    const size_t next = tree_json.find('"', quote + 1);
    if (next == absl::string_view::npos) break;
    const absl::string_view text =
        tree_json.substr(quote + 1, next - quote - 1);
    if (IsDigest(text)) {
      std::string digest = absl::HexStringToBytes(text);
      if (std::find(digests.begin(), digests.end(), digest) == digests.end()) {
        digests.push_back(std::move(digest));
      }
    }
    // A closing quote may as well be an opening one: what stands between two
    // values is no digest.
    quote = next;
  }
  return digests;
}

int64_t InputBytes(absl::string_view tree_json,
                   const std::vector<ExperimentInput>& inputs) {
  return Sum(tree_json, SizesOf(inputs));
}

absl::Status CheckInputs(const std::vector<store::NewRun>& runs,
                         const std::vector<ExperimentInput>& inputs) {
  if (inputs.empty()) return absl::OkStatus();
  const Sizes sizes = SizesOf(inputs);
  for (const store::NewRun& run : runs) {
    const int64_t bytes = Sum(run.tree_json, sizes);
    if (bytes <= kMostInputBytes) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "run ", run.point, " reads datasets and record items of ", bytes,
        " bytes; at most ", kMostInputBytes,
        " are carried to a worker: take a part of them as a dataset of its "
        "own"));
  }
  return absl::OkStatus();
}

void StoreInputs(store::Transaction& transaction,
                 store::ExperimentKey experiment,
                 const std::vector<ExperimentInput>& inputs) {
  std::vector<store::InputRow> rows;
  for (const ExperimentInput& input : inputs) {
    rows.push_back({input.name, ToStored(input.manifest)});
  }
  store::InsertInputs(transaction, experiment, rows);
}

std::vector<RecordedManifest> InputsOf(store::Reader& reader, store::RunKey run,
                                       absl::string_view tree_json) {
  std::vector<RecordedManifest> inputs;
  for (const std::string& digest : DigestsNamed(tree_json)) {
    const auto row = store::FindInput(reader, run, digest);
    if (row.has_value()) inputs.push_back(FromStored(row->manifest));
  }
  return inputs;
}

}  // namespace engram
