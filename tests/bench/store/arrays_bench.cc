#include <cstring>
#include <random>
#include <span>

#include "benchmark/benchmark.h"
#include "core/base/sha256.h"
#include "server/store/blobs.h"
#include "tests/bench/store/lab.h"
#include "tests/bench/weights.h"

namespace engram::store {
namespace {

std::vector<Chunk> Cut(const std::vector<double>& weights) {
  const std::string_view bytes(reinterpret_cast<const char*>(weights.data()),
                               weights.size() * sizeof(double));
  std::vector<Chunk> chunks;
  const auto step = static_cast<size_t>(kMaxChunkBytes);
  for (size_t at = 0; at < bytes.size(); at += step) {
    Chunk chunk;
    chunk.data = std::string(bytes.substr(at, step));
    chunk.digest = Sha256(chunk.data);
    chunks.push_back(std::move(chunk));
  }
  return chunks;
}

// One array of 8 MB after the other, each durable before the next one comes.
void StoreArrays(benchmark::State& state, Content content) {
  const BenchFolder folder;
  const auto store = folder.Open();
  std::mt19937_64 random(1);
  std::vector<Chunk> chunks = Cut(BenchWeights(content, random));
  for (auto _ : state) {
    if (content != Content::kEqual) {
      state.PauseTiming();
      chunks = Cut(BenchWeights(content, random));
      state.ResumeTiming();
    }
    Check(store->blobs().Put(chunks));
  }
  state.SetBytesProcessed(
      static_cast<int64_t>(kBenchElements * sizeof(double)) *
      state.iterations());
  state.counters["MB_on_disk_each"] =
      1e-6 * static_cast<double>(store->DatabaseBytes()) /
      static_cast<double>(state.iterations());
}

const bool registered = [] {
  const std::pair<const char*, Content> kContents[] = {
      {"arrays/noise", Content::kNoise},
      {"arrays/sparse", Content::kSparse},
      {"arrays/equal", Content::kEqual}};
  for (const auto& [name, content] : kContents)
    benchmark::RegisterBenchmark(
        name,
        [content](benchmark::State& state) { StoreArrays(state, content); })
        ->Unit(benchmark::kMillisecond)
        ->Iterations(40)
        ->UseRealTime();
  return true;
}();

}  // namespace
}  // namespace engram::store
