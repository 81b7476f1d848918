#include "server/rpc/array_file.h"

#include <utility>

#include "server/array/npy.h"

namespace engram {
namespace {

constexpr int64_t kPieceBytes = int64_t{1} << 20;

}  // namespace

absl::Status ForEachPiece(const FileBytes& file, int64_t begin,
                          TakeElements take) {
  for (int64_t at = begin; at < file.size(); at += kPieceBytes) {
    const auto piece = file.Read(at, kPieceBytes);
    if (!piece.ok()) return piece.status();
    if (auto taken = take(*piece); !taken.ok()) return taken;
  }
  return absl::OkStatus();
}

absl::StatusOr<ArrayFacts> ReadNpy(const FileBytes& file, TakeElements take) {
  const auto start = file.Read(0, kMostNpyHeader);
  if (!start.ok()) return start.status();
  auto layout = ReadNpyHeader(*start, file.size());
  if (!layout.ok()) return layout.status();
  const absl::Status given = ForEachPiece(file, layout->begin, take);
  if (!given.ok()) return given;
  return ArrayFacts{layout->type, layout->order, std::move(layout->shape)};
}

absl::StatusOr<ArrayFacts> ReadRaw(const FileBytes& file, TakeElements take) {
  const absl::Status given = ForEachPiece(file, 0, take);
  if (!given.ok()) return given;
  return ArrayFacts{ElementType::kUint8, ArrayOrder::kRowMajor, {file.size()}};
}

absl::StatusOr<ArrayFacts> ReadArrayFile(v1::DatasetFormat format,
                                         const FileBytes& file,
                                         TakeElements take) {
  switch (format) {
    case v1::DATASET_FORMAT_NPY:
      return ReadNpy(file, take);
    case v1::DATASET_FORMAT_CSV:
      return ReadCsv(file, take);
    case v1::DATASET_FORMAT_IDX:
      return ReadIdx(file, take);
    case v1::DATASET_FORMAT_RAW:
      return ReadRaw(file, take);
    default:
      break;
  }
  return absl::InvalidArgumentError(
      "the format is not said; there are npy, csv, idx and raw");
}

}  // namespace engram
