#include "client/cli/files/zip.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace engram::cli {
namespace {

constexpr uint64_t kMax32 = std::numeric_limits<uint32_t>::max();
constexpr uint16_t kStoreVersion = 20;
constexpr uint16_t kZip64Version = 45;
constexpr uint16_t kUtf8Names = 1U << 11;
// Midnight of 1980-01-01: the same content gives the same file.
constexpr uint16_t kTime = 0;
constexpr uint16_t kDate = (1 << 5) | 1;

template <class T>
void Put(T value, std::string* out) {
  for (size_t i = 0; i < sizeof(T); ++i) {
    out->push_back(static_cast<char>((value >> (8 * i)) & 0xFFU));
  }
}

constexpr std::array<uint32_t, 256> MakeCrcTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value >> 1) ^ ((value & 1U) != 0 ? 0xEDB88320U : 0U);
    }
    table[i] = value;
  }
  return table;
}

std::string Unfinished(const std::string& file) { return file + ".part"; }

}  // namespace

uint32_t Crc32(absl::string_view bytes) {
  static constexpr std::array<uint32_t, 256> kTable = MakeCrcTable();
  uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    crc = kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xFFU] ^ (crc >> 8);
  }
  return crc ^ 0xFFFFFFFFU;
}

absl::StatusOr<ZipWriter> ZipWriter::Open(const std::string& file) {
  std::ofstream stream(Unfinished(file), std::ios::binary | std::ios::trunc);
  if (!stream) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, " cannot be written: ", std::strerror(errno)));
  }
  return ZipWriter(file, std::move(stream));
}

ZipWriter::ZipWriter(std::string file, std::ofstream stream)
    : file_(std::move(file)), stream_(std::move(stream)) {}

ZipWriter::~ZipWriter() {
  // A writer that was moved from has no stream any more.
  if (!stream_.is_open() || finished_) return;
  stream_.close();
  std::remove(Unfinished(file_).c_str());
}

absl::Status ZipWriter::Failed() const {
  return absl::InternalError(
      absl::StrCat(file_, " cannot be written: ", std::strerror(errno)));
}

absl::Status ZipWriter::Add(const std::string& name, absl::string_view bytes) {
  if (bytes.size() >= kMax32) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " has ", bytes.size(),
                     " bytes, more than an NPZ entry holds; export to a "
                     "folder instead"));
  }
  const Entry entry{name, Crc32(bytes), bytes.size(), offset_};
  std::string header;
  Put(uint32_t{0x04034B50}, &header);
  Put(kStoreVersion, &header);
  Put(kUtf8Names, &header);
  Put(uint16_t{0}, &header);  // stored
  Put(kTime, &header);
  Put(kDate, &header);
  Put(entry.crc, &header);
  Put(static_cast<uint32_t>(entry.size), &header);
  Put(static_cast<uint32_t>(entry.size), &header);
  Put(static_cast<uint16_t>(name.size()), &header);
  Put(uint16_t{0}, &header);
  stream_ << header << name;
  stream_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!stream_) return Failed();
  offset_ += header.size() + name.size() + bytes.size();
  entries_.push_back(entry);
  return absl::OkStatus();
}

void ZipWriter::WriteDirectory() {
  std::string out;
  for (const Entry& entry : entries_) {
    const bool far = entry.offset >= kMax32;
    Put(uint32_t{0x02014B50}, &out);
    Put(kZip64Version, &out);
    Put(far ? kZip64Version : kStoreVersion, &out);
    Put(kUtf8Names, &out);
    Put(uint16_t{0}, &out);
    Put(kTime, &out);
    Put(kDate, &out);
    Put(entry.crc, &out);
    Put(static_cast<uint32_t>(entry.size), &out);
    Put(static_cast<uint32_t>(entry.size), &out);
    Put(static_cast<uint16_t>(entry.name.size()), &out);
    Put(static_cast<uint16_t>(far ? 12 : 0), &out);
    Put(uint16_t{0}, &out);  // comment
    Put(uint16_t{0}, &out);  // disk
    Put(uint16_t{0}, &out);
    Put(uint32_t{0}, &out);
    Put(static_cast<uint32_t>(far ? kMax32 : entry.offset), &out);
    out += entry.name;
    if (far) {
      Put(uint16_t{1}, &out);
      Put(uint16_t{8}, &out);
      Put(entry.offset, &out);
    }
  }
  const uint64_t size = out.size();
  const bool wide = offset_ >= kMax32 || entries_.size() >= 0xFFFF;
  if (wide) {
    Put(uint32_t{0x06064B50}, &out);
    Put(uint64_t{44}, &out);
    Put(kZip64Version, &out);
    Put(kZip64Version, &out);
    Put(uint32_t{0}, &out);
    Put(uint32_t{0}, &out);
    Put(uint64_t{entries_.size()}, &out);
    Put(uint64_t{entries_.size()}, &out);
    Put(size, &out);
    Put(offset_, &out);
    Put(uint32_t{0x07064B50}, &out);
    Put(uint32_t{0}, &out);
    Put(offset_ + size, &out);
    Put(uint32_t{1}, &out);
  }
  const auto count = static_cast<uint16_t>(wide ? 0xFFFF : entries_.size());
  Put(uint32_t{0x06054B50}, &out);
  Put(uint16_t{0}, &out);
  Put(uint16_t{0}, &out);
  Put(count, &out);
  Put(count, &out);
  Put(static_cast<uint32_t>(wide ? kMax32 : size), &out);
  Put(static_cast<uint32_t>(wide ? kMax32 : offset_), &out);
  Put(uint16_t{0}, &out);
  stream_ << out;
}

absl::Status ZipWriter::Finish() {
  WriteDirectory();
  stream_.close();
  if (!stream_) return Failed();
  if (std::rename(Unfinished(file_).c_str(), file_.c_str()) != 0) {
    return Failed();
  }
  finished_ = true;
  return absl::OkStatus();
}

}  // namespace engram::cli
