#include "server/worker/worker.h"

#include <sched.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "server/worker/assignments.h"
#include "server/worker/attempt.h"
#include "server/worker/blob_client.h"
#include "server/worker/input_cache.h"
#include "server/worker/outbox.h"
#include "server/worker/rpc.h"
#include "server/worker/spool.h"
#include "server/worker/uploader.h"

namespace engram {
namespace {

constexpr int kProtocolVersion = 1;

std::string HostName() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

v1::Registration RegistrationOf(const WorkerOptions& options) {
  v1::Registration registration;
  registration.set_protocol_version(kProtocolVersion);
  registration.set_build(options.build);
  registration.set_host(HostName());
  registration.set_pid(getpid());
  registration.set_cpus(options.cpus);
  registration.set_memory_bytes(options.memory_bytes);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) registration.add_instruction_sets("avx2");
  if (__builtin_cpu_supports("avx512f")) {
    registration.add_instruction_sets("avx512f");
  }
#endif
  return registration;
}

void ExecuteAll(Assignments& assignments, const AttemptContext& context) {
  while (std::optional<Assignments::Taken> taken = assignments.Take()) {
    ExecuteAttempt(taken->assignment, context, taken->stop);
    assignments.Ended();
  }
  // The link waits for the last one to end.
  context.outbox.Wake();
}

}  // namespace

int UsableCpus() {
  cpu_set_t cpus;
  if (sched_getaffinity(0, sizeof cpus, &cpus) != 0) return 1;
  return CPU_COUNT(&cpus);
}

absl::Status RunWorker(const WorkerOptions& options, MakeSimulation make) {
  Spool spool({.folder = options.spool_folder});
  Outbox outbox(spool);
  Assignments assignments;
  const std::shared_ptr<grpc::Channel> channel =
      DialServer(options.address, options.authorities);
  BlobClient blobs(
      channel, options.token, [&] { return outbox.closed(); },
      BlobClient::Timing());
  Link link(channel, options.token, RegistrationOf(options), outbox,
            assignments, options.timing);
  absl::Status ended;
  std::thread linked([&] {
    ended = link.Run();
    // Whoever still runs has nobody to report to.
    assignments.Abandon();
    outbox.Close();
  });
  std::thread uploading([&] { Uploader(outbox, blobs).Run(); });
  InputCache inputs(options.spool_folder, blobs);
  ExecuteAll(assignments, {.make = std::move(make),
                           .outbox = outbox,
                           .chunks = blobs,
                           .inputs = inputs,
                           .now = std::chrono::steady_clock::now,
                           .cadence = options.cadence});
  linked.join();
  uploading.join();
  return ended;
}

}  // namespace engram
