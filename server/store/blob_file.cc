#include "server/store/blob_file.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/sha256.h"
#include "server/array/chunk.h"
#include "server/store/zstd_frame.h"

namespace engram::store {
namespace {

// Chunks that one transaction of a collection removes: a few milliseconds of
// the writer's time.
constexpr size_t kRemovedAtOnce = 256;

// A chunk as it is stored. What comes plain and stays so is not copied.
struct StoredChunk {
  const Chunk* chunk = nullptr;
  int64_t byte_size = 0;  // plain
  std::optional<PackedChunk> packed{};

  absl::string_view data() const {
    return packed.has_value() ? packed->data : chunk->data;
  }
  bool compressed() const {
    return packed.has_value() ? packed->compressed : chunk->compressed;
  }
};

std::span<const std::byte> AsBytes(absl::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string Hex(const Digest& digest) {
  return absl::BytesToHexString(DigestBytes(digest));
}

absl::StatusOr<std::string> PlainBytes(absl::string_view data,
                                       bool compressed) {
  if (!compressed) return std::string(data);
  return Decompress(data, kMaxChunkBytes);
}

absl::Status NotItsBytes(const Digest& digest, const Digest& actual) {
  return absl::InvalidArgumentError(
      absl::StrCat("chunk ", Hex(digest), ": its bytes have the digest ",
                   Hex(actual), "; send them again"));
}

// Of the plain bytes, which are those that the digest names.
absl::StatusOr<int64_t> CheckedSize(const Chunk& chunk) {
  absl::StatusOr<std::string> unpacked = std::string();
  if (chunk.compressed) unpacked = Decompress(chunk.data, kMaxChunkBytes);
  if (!unpacked.ok())
    return absl::InvalidArgumentError(absl::StrCat(
        "chunk ", Hex(chunk.digest), ": ", unpacked.status().message()));
  const absl::string_view plain = chunk.compressed ? *unpacked : chunk.data;
  const auto size = static_cast<int64_t>(plain.size());
  if (size > kMaxChunkBytes)
    return absl::InvalidArgumentError(
        absl::StrCat("chunk ", Hex(chunk.digest), " has ", size,
                     " bytes; at most ", kMaxChunkBytes, " are allowed"));
  const Digest actual = Sha256(plain);
  if (actual != chunk.digest) return NotItsBytes(chunk.digest, actual);
  return size;
}

StoredChunk ToStore(const Chunk& chunk, int64_t byte_size) {
  StoredChunk stored{&chunk, byte_size};
  if (!chunk.compressed && IsWorthPacking(AsBytes(chunk.data)))
    stored.packed = Pack(AsBytes(chunk.data));
  return stored;
}

void Insert(Transaction& transaction, const StoredChunk& chunk,
            int64_t now_us) {
  transaction
      .Prepare(
          "INSERT INTO chunk (digest, compressed, byte_size,"
          " create_time_us, data) VALUES (?, ?, ?, ?, ?)"
          " ON CONFLICT (digest) DO NOTHING")
      .Bind(Blob{DigestBytes(chunk.chunk->digest)}, chunk.compressed(),
            chunk.byte_size, now_us, Blob{chunk.data()})
      .Run();
}

bool IsHere(Reader& reader, const Digest& digest) {
  Statement find = reader.Prepare("SELECT 1 FROM chunk WHERE digest = ?");
  find.Bind(Blob{DigestBytes(digest)});
  return find.Step();
}

Digest DigestOf(const Statement& row, int column) {
  absl::StatusOr<Digest> digest = DigestFromBytes(row.View(column));
  ENGRAM_EXPECT(digest.ok());
  return *digest;
}

}  // namespace

BlobFile::BlobFile(std::unique_ptr<Connection> connection,
                   std::filesystem::path file, const StoreOptions& options)
    : now_us_(options.now_us),
      asked_(options.steady_us),
      writer_(std::move(connection), options.checkpoint_pages),
      readers_(std::move(file)) {}

absl::StatusOr<std::vector<Digest>> BlobFile::FindMissing(
    std::span<const Digest> digests) {
  const absl::flat_hash_set<Digest> going = asked_.Remember(digests);
  std::vector<Digest> missing;
  absl::Status status = readers_.Read([&](Reader& reader) {
    for (const Digest& digest : digests)
      if (going.contains(digest) || !IsHere(reader, digest))
        missing.push_back(digest);
  });
  if (!status.ok()) return status;
  return missing;
}

absl::Status BlobFile::Put(std::span<const Chunk> chunks) {
  std::vector<Digest> digests;
  std::vector<int64_t> sizes;
  for (const Chunk& chunk : chunks) {
    const absl::StatusOr<int64_t> size = CheckedSize(chunk);
    if (!size.ok()) return size.status();
    digests.push_back(chunk.digest);
    sizes.push_back(*size);
  }
  const absl::StatusOr<std::vector<Digest>> missing = FindMissing(digests);
  if (!missing.ok()) return missing.status();
  absl::flat_hash_set<Digest> wanted(missing->begin(), missing->end());
  std::vector<StoredChunk> fresh;
  for (size_t i = 0; i < chunks.size(); ++i)
    if (wanted.erase(digests[i]) > 0)
      fresh.push_back(ToStore(chunks[i], sizes[i]));
  // What a reader sees is durable.
  if (fresh.empty()) return absl::OkStatus();
  const int64_t now_us = now_us_();
  return writer_.Write([&](Transaction& transaction) {
    for (const StoredChunk& chunk : fresh) Insert(transaction, chunk, now_us);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::string> BlobFile::Get(const Digest& digest) {
  absl::StatusOr<std::string> plain = absl::NotFoundError(
      absl::StrCat("chunk ", Hex(digest), " is not in the store"));
  absl::Status status = readers_.Read([&](Reader& reader) {
    Statement read =
        reader.Prepare("SELECT data, compressed FROM chunk WHERE digest = ?");
    read.Bind(Blob{DigestBytes(digest)});
    if (read.Step()) plain = PlainBytes(read.View(0), read.Int(1) != 0);
  });
  if (!status.ok()) return status;
  if (plain.ok() && Sha256(*plain) != digest)
    return absl::DataLossError(
        absl::StrCat("chunk ", Hex(digest),
                     ": its stored bytes do not match their digest any more; "
                     "restore a backup"));
  return plain;
}

absl::StatusOr<CollectResult> BlobFile::Collect(
    const absl::flat_hash_set<Digest>& used, bool dry_run) {
  const absl::StatusOr<std::vector<Unused>> unused = FindUnused(used);
  if (!unused.ok()) return unused.status();
  CollectResult result;
  if (dry_run) {
    for (const Unused& chunk : *unused)
      result.Count(asked_.IsSpared(chunk.digest), chunk.byte_size);
    return result;
  }
  for (size_t i = 0; i < unused->size(); i += kRemovedAtOnce) {
    const size_t count = std::min(kRemovedAtOnce, unused->size() - i);
    absl::Status removed = Remove(std::span(*unused).subspan(i, count), result);
    if (!removed.ok()) return removed;
  }
  return result;
}

absl::StatusOr<std::vector<BlobFile::Unused>> BlobFile::FindUnused(
    const absl::flat_hash_set<Digest>& used) {
  std::vector<Unused> unused;
  absl::Status status = readers_.Read([&](Reader& reader) {
    Statement read = reader.Prepare(
        "SELECT key, digest, length(data) FROM chunk ORDER BY key");
    while (read.Step()) {
      const Digest digest = DigestOf(read, 1);
      if (!used.contains(digest))
        unused.push_back({read.Int64(0), digest, read.Int64(2)});
    }
  });
  if (!status.ok()) return status;
  return unused;
}

absl::Status BlobFile::Remove(std::span<const Unused> batch,
                              CollectResult& result) {
  CollectResult removed;
  absl::Status status = writer_.Write([&](Transaction& transaction) {
    Statement remove = transaction.Prepare("DELETE FROM chunk WHERE key = ?");
    for (const Unused& chunk : batch) {
      const bool may_go = asked_.MayGo(chunk.digest);
      removed.Count(!may_go, chunk.byte_size);
      if (may_go) remove.Bind(chunk.key).RunAgain();
    }
    return absl::OkStatus();
  });
  asked_.HaveGone();
  if (status.ok()) result.Add(removed);
  return status;
}

absl::Status BlobFile::ForEachDigest(
    const std::function<void(const Digest&)>& visit) {
  return readers_.Read([&](Reader& reader) {
    Statement read = reader.Prepare("SELECT digest FROM chunk ORDER BY key");
    while (read.Step()) visit(DigestOf(read, 0));
  });
}

}  // namespace engram::store
