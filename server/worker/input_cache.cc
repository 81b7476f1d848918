#include "server/worker/input_cache.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/array/manifest.h"

namespace engram {
namespace {

namespace fs = std::filesystem;

absl::Status NoFile(const std::string& path, absl::string_view verb) {
  return absl::InternalError(
      absl::StrCat(path, " cannot be ", verb, ": ", std::strerror(errno)));
}

// What the assignment names, read when the program asks.
class FetchedInputs final : public Inputs {
 public:
  void Add(const v1::ArrayManifest& manifest, std::string path) {
    arrays_[absl::BytesToHexString(manifest.digest())] = {&manifest,
                                                          std::move(path)};
  }

  absl::StatusOr<InputArray> Get(absl::string_view digest) const override {
    const auto found = arrays_.find(digest);
    if (found == arrays_.end()) {
      return absl::NotFoundError(
          absl::StrCat("the run reads the array ", digest,
                       ", which its assignment does not name"));
    }
    const v1::ArrayManifest& manifest = *found->second.manifest;
    InputArray array{
        .type = FromProto(manifest.type()),
        .order = FromProto(manifest.order()),
        .shape = {manifest.shape().begin(), manifest.shape().end()},
        .bytes = {}};
    array.bytes.resize(static_cast<size_t>(manifest.byte_size()));
    const absl::Status read = Read(found->second, array.bytes);
    if (!read.ok()) return read;
    return array;
  }

 private:
  struct File {
    const v1::ArrayManifest* manifest;  // of the assignment, which outlives us
    std::string path;
  };

  // What lies on a disk is not trusted either.
  static absl::Status Read(const File& file, std::vector<std::byte>& bytes) {
    std::ifstream in(file.path, std::ios::binary);
    in.read(reinterpret_cast<char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
    const bool is_whole = static_cast<size_t>(in.gcount()) == bytes.size();
    const std::vector<Chunk> chunks = CutIntoChunks(bytes);
    const bool is_same =
        is_whole && std::equal(chunks.begin(), chunks.end(),
                               file.manifest->chunks().begin(),
                               file.manifest->chunks().end(),
                               [](const Chunk& chunk, const std::string& name) {
                                 return chunk.digest == name;
                               });
    if (is_same) return absl::OkStatus();
    std::error_code ignored;
    fs::remove(file.path, ignored);  // the next attempt fetches it anew
    return absl::DataLossError(absl::StrCat(
        "the array that was fetched into ", file.path,
        " was altered there; retry the run, and look after this machine's "
        "disk"));
  }

  std::map<std::string, File, std::less<>> arrays_;
};

}  // namespace

InputCache::InputCache(const std::string& folder, ChunkKeeper& chunks,
                       int64_t bound_bytes)
    : folder_(folder + "/inputs"), chunks_(chunks), bound_bytes_(bound_bytes) {}

absl::StatusOr<std::unique_ptr<Inputs>> InputCache::Fetch(
    const v1::RunAssignment& assignment, const std::function<bool()>& stopped) {
  auto inputs = std::make_unique<FetchedInputs>();
  size_t in_use = 0;
  for (const v1::ArrayManifest& manifest : assignment.inputs()) {
    if (absl::Status fault = CheckManifest(manifest); !fault.ok()) return fault;
    const std::string digest = absl::BytesToHexString(manifest.digest());
    if (!Use(digest)) {
      const absl::Status fetched = FetchOne(manifest, stopped);
      if (!fetched.ok()) {
        return absl::Status(
            fetched.code(),
            absl::StrCat("the array ", digest, " of ", manifest.byte_size(),
                         " bytes: ", std::string(fetched.message())));
      }
      entries_.push_front({digest, manifest.byte_size()});
    }
    MakeRoom(++in_use);
    inputs->Add(manifest, PathOf(digest));
  }
  return inputs;
}

std::string InputCache::PathOf(const std::string& digest) const {
  return absl::StrCat(folder_, "/", digest);
}

// Whether it is here; then it is the last one to go.
bool InputCache::Use(const std::string& digest) {
  const auto entry =
      std::find_if(entries_.begin(), entries_.end(),
                   [&](const Entry& one) { return one.digest == digest; });
  if (entry == entries_.end()) return false;
  std::error_code error;
  if (!fs::exists(PathOf(digest), error)) {
    entries_.erase(entry);
    return false;
  }
  entries_.splice(entries_.begin(), entries_, entry);
  return true;
}

absl::Status InputCache::FetchOne(const v1::ArrayManifest& manifest,
                                  const std::function<bool()>& stopped) {
  std::error_code error;
  fs::create_directories(folder_, error);
  const std::string path = PathOf(absl::BytesToHexString(manifest.digest()));
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  if (!out) return NoFile(path, "made");
  const std::vector<std::string> digests(manifest.chunks().begin(),
                                         manifest.chunks().end());
  bool was_stopped = false;
  absl::Status fetched =
      chunks_.Fetch(digests, [&](absl::string_view bytes) -> absl::Status {
        was_stopped = stopped();
        // Of a code that makes nobody try again.
        if (was_stopped) return absl::FailedPreconditionError("stopped");
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return out ? absl::OkStatus() : NoFile(path, "written");
      });
  out.close();
  if (fetched.ok() && !out) fetched = NoFile(path, "written");
  if (fetched.ok()) return fetched;
  fs::remove(path, error);
  return was_stopped ? absl::CancelledError("stopped") : fetched;
}

// Those `in_use` stand first and stay.
void InputCache::MakeRoom(size_t in_use) {
  int64_t total = byte_size();
  while (total > bound_bytes_ && entries_.size() > in_use) {
    std::error_code ignored;
    fs::remove(PathOf(entries_.back().digest), ignored);
    total -= entries_.back().byte_size;
    entries_.pop_back();
  }
}

int64_t InputCache::byte_size() const {
  int64_t total = 0;
  for (const Entry& entry : entries_) total += entry.byte_size;
  return total;
}

}  // namespace engram
