// Arrays on the way that a worker's take: cut and hashed, then through Blobs
// over gRPC and the Unix socket into the store, and back.
#include <cstdio>
#include <cstdlib>
#include <span>

#include "benchmark/benchmark.h"
#include "server/array/chunk.h"
#include "server/rpc/server.h"
#include "server/worker/blob_client.h"
#include "server/worker/rpc.h"
#include "tests/bench/weights.h"
#include "tests/server/rpc/running_server.h"

namespace engram {
namespace {

constexpr int kArrays = 20;

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

class Bench {
 public:
  BlobClient& client() { return client_; }

  // One array, durable in the store when it returns; its chunks.
  std::vector<std::string> Write(const std::vector<double>& weights) {
    const std::vector<Chunk> chunks =
        CutIntoChunks(std::as_bytes(std::span(weights)));
    std::vector<std::string> digests;
    for (const Chunk& chunk : chunks) digests.push_back(chunk.digest);
    Check(client_.Keep(
        digests,
        [&](size_t i) -> absl::StatusOr<std::string> {
          return std::string(
              reinterpret_cast<const char*>(chunks[i].bytes.data()),
              chunks[i].bytes.size());
        },
        std::chrono::steady_clock::time_point::max()));
    return digests;
  }

 private:
  RunningServer running_;
  BlobClient client_{DialServer("unix:" + running_.server().socket()),
                     running_.MakeWorkerToken(), [] { return false; },
                     BlobClient::Timing()};
};

void CountBytes(benchmark::State& state) {
  state.SetBytesProcessed(
      static_cast<int64_t>(kBenchElements * sizeof(double)) *
      state.iterations());
}

// One array of 8 MB after the other, each durable before the next one comes.
void WriteArrays(benchmark::State& state, Content content) {
  Bench bench;
  std::mt19937_64 random(1);
  std::vector<double> weights = BenchWeights(content, random);
  for (auto _ : state) {
    if (content != Content::kEqual) {
      state.PauseTiming();
      weights = BenchWeights(content, random);
      state.ResumeTiming();
    }
    bench.Write(weights);
  }
  CountBytes(state);
}

void ReadArrays(benchmark::State& state, Content content) {
  Bench bench;
  std::mt19937_64 random(1);
  const std::vector<std::string> digests =
      bench.Write(BenchWeights(content, random));
  size_t bytes = 0;
  for (auto _ : state) {
    Check(bench.client().Fetch(digests, [&](absl::string_view some) {
      bytes += some.size();
      return absl::OkStatus();
    }));
  }
  benchmark::DoNotOptimize(bytes);
  CountBytes(state);
}

const bool registered = [] {
  const std::pair<const char*, Content> kContents[] = {
      {"noise", Content::kNoise},
      {"sparse", Content::kSparse},
      {"equal", Content::kEqual}};
  for (const auto& [name, content] : kContents) {
    for (const bool writes : {true, false}) {
      if (!writes && content == Content::kEqual) continue;
      benchmark::RegisterBenchmark(
          (std::string(writes ? "blobs/write/" : "blobs/read/") + name).c_str(),
          [writes, content](benchmark::State& state) {
            writes ? WriteArrays(state, content) : ReadArrays(state, content);
          })
          ->Unit(benchmark::kMillisecond)
          ->Iterations(kArrays)
          ->UseRealTime();
    }
  }
  return true;
}();

}  // namespace
}  // namespace engram

BENCHMARK_MAIN();
