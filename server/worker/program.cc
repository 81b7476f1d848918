#include "server/worker/program.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "core/base/numerics.h"
#include "server/worker/build_id.h"
#include "server/worker/cadence.h"
#include "server/worker/daemon.h"
#include "server/worker/folder_inputs.h"
#include "server/worker/log_line.h"
#include "server/worker/memory_limit.h"
#include "server/worker/once.h"
#include "server/worker/pool.h"
#include "server/worker/pool_control.h"
#include "server/worker/spool_folder.h"
#include "server/worker/worker.h"

namespace engram {
namespace {

// README.md lists them; scripts and the pool's parent read them.
enum ExitCode { kDone = 0, kRunFailed, kUnusable, kRefused, kAlone };

struct Flags {
  std::string attach, ca, once, inputs, spool, control, log;
  bool pool = false, build = false;
  int token_fd = -1;
  int threads = 1;
  int cpus = UsableCpus();
  int64_t memory_bytes = 0;
  int64_t alone_s = 600;
};

// For whoever calls it by hand.
int Complain(ExitCode code, absl::string_view what) {
  std::cerr << "engram-worker: " << what << "\n";
  return code;
}

// For the log that the server's lines go to, too.
int LogEnd(ExitCode code, absl::string_view what) {
  std::cerr << LogLine(
      "error", what,
      {{"pid", absl::StrCat(getpid())}, {"exit_code", absl::StrCat(code)}},
      absl::Now());
  return code;
}

absl::StatusOr<std::string> ReadToEnd(int fd) {
  std::string text;
  std::array<char, 4096> buffer;
  ssize_t n;
  while ((n = read(fd, buffer.data(), buffer.size())) != 0) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      return absl::ErrnoToStatus(errno, absl::StrCat("descriptor ", fd));
    }
    text.append(buffer.data(), static_cast<size_t>(n));
  }
  return text;
}

absl::StatusOr<std::string> ReadToken(int fd) {
  if (fd >= 0) {
    absl::StatusOr<std::string> token = ReadToEnd(fd);
    close(fd);
    if (token.ok()) absl::StripAsciiWhitespace(&*token);
    return token;
  }
  const char* token = std::getenv("ENGRAM_WORKER_TOKEN");
  if (token != nullptr && *token != '\0') return std::string(token);
  return absl::InvalidArgumentError(
      "--attach needs the worker's token, on --token-fd N or in "
      "ENGRAM_WORKER_TOKEN; the server makes one for each worker it starts");
}

// ENGRAM_CHECKPOINT_MS, the least time between two checkpoints, shortens it
// where runs are interrupted on purpose; it reaches the workers through the
// server's own environment.
absl::StatusOr<Cadence::Timing> ReadCadence() {
  Cadence::Timing timing;
  const char* text = std::getenv("ENGRAM_CHECKPOINT_MS");
  if (text == nullptr) return timing;
  int64_t least_ms = 0;
  if (!absl::SimpleAtoi(text, &least_ms) || least_ms < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("ENGRAM_CHECKPOINT_MS = ", text,
                     " is no number of milliseconds from 1 on"));
  }
  timing.least = std::chrono::milliseconds(least_ms);
  return timing;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)),
                   std::istreambuf_iterator<char>());
  if (!file) {
    return absl::NotFoundError(absl::StrCat(path, " cannot be read"));
  }
  return text;
}

absl::StatusOr<std::string> ReadTree(const std::string& path) {
  return path == "-" ? ReadToEnd(STDIN_FILENO) : ReadFile(path);
}

int Attach(const Flags& flags, const MakeSimulation& make) {
  absl::StatusOr<std::string> token = ReadToken(flags.token_fd);
  if (!token.ok()) return LogEnd(kUnusable, token.status().message());
  absl::StatusOr<std::string> build = BuildId();
  if (!build.ok()) return LogEnd(kUnusable, build.status().message());
  const absl::StatusOr<Cadence::Timing> cadence = ReadCadence();
  if (!cadence.ok()) return LogEnd(kUnusable, cadence.status().message());
  const absl::StatusOr<SpoolFolder> spool =
      SpoolFolder::Make(flags.spool.empty() ? DefaultSpool() : flags.spool);
  if (!spool.ok()) return LogEnd(kUnusable, spool.status().message());
  const auto authorities =
      flags.ca.empty() ? absl::StatusOr<std::string>("") : ReadFile(flags.ca);
  if (!authorities.ok()) {
    return LogEnd(kUnusable, authorities.status().message());
  }
  const absl::Status ended = RunWorker({.address = flags.attach,
                                        .token = *std::move(token),
                                        .cpus = flags.cpus,
                                        .memory_bytes = flags.memory_bytes,
                                        .build = *std::move(build),
                                        .spool_folder = spool->path(),
                                        .timing = {},
                                        .cadence = *cadence,
                                        .authorities = *authorities},
                                       make);
  if (ended.ok()) return kDone;
  return LogEnd(absl::IsUnavailable(ended) ? kAlone : kRefused,
                ended.ToString());
}

// Appended to, because all workers write into it.
absl::StatusOr<int> OpenLog(const std::string& path) {
  if (path.empty()) return -1;
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                      S_IRUSR | S_IWUSR);
  if (fd >= 0) return fd;
  return absl::ErrnoToStatus(errno, absl::StrCat("--log ", path));
}

absl::Status StartPool(const Flags& flags) {
  if (flags.control.empty()) {
    return absl::InvalidArgumentError(
        "--pool needs --control PATH, where its server will connect to");
  }
  // It outlives the server, and must keep none of its files and sockets open.
  close_range(STDERR_FILENO + 1, ~0U, 0);
  const absl::StatusOr<int> log = OpenLog(flags.log);
  if (!log.ok()) return log.status();
  // Listens before it goes on by itself: who started it may connect when this
  // process has ended.
  const absl::StatusOr<int> listener = ListenForServer(flags.control);
  if (!listener.ok()) return listener.status();
  if (auto status = BecomeDaemon(*log); !status.ok()) return status;
  std::vector<std::string> arguments = {"engram-worker", "--attach",
                                        flags.attach};
  if (!flags.ca.empty()) arguments.insert(arguments.end(), {"--ca", flags.ca});
  if (!flags.spool.empty()) {
    arguments.insert(arguments.end(), {"--spool", flags.spool});
  }
  return RunPool({.arguments = std::move(arguments),
                  .control = flags.control,
                  .listener = *listener,
                  .alone_ms = flags.alone_s * 1000,
                  .log_fd = *log});
}

int Pool(const Flags& flags) {
  const absl::Status ended = StartPool(flags);
  return ended.ok() ? kDone : LogEnd(kUnusable, ended.message());
}

int Once(const Flags& flags, const MakeSimulation& make) {
  const absl::StatusOr<std::string> tree = ReadTree(flags.once);
  if (!tree.ok()) return Complain(kUnusable, tree.status().message());
  const absl::StatusOr<OnceResult> result =
      RunOnce(*tree, flags.threads, FolderInputs(flags.inputs), make);
  if (result.ok()) {
    std::cout << FormatOnce(*result);
    return kDone;
  }
  return Complain(
      absl::IsInvalidArgument(result.status()) ? kUnusable : kRunFailed,
      result.status().message());
}

int PrintBuild() {
  const absl::StatusOr<std::string> build = BuildId();
  if (!build.ok()) return Complain(kUnusable, build.status().message());
  std::cout << *build << "\n";
  return kDone;
}

void Declare(CLI::App& app, Flags& flags) {
  app.add_option("--attach", flags.attach,
                 "Address of the server: unix:/path/workers.sock, or "
                 "host:port of its port under TLS");
  app.add_option("--ca", flags.ca,
                 "PEM file of the authority that vouches for host:port; else "
                 "those that this machine trusts do");
  app.add_flag("--pool", flags.pool,
               "Start and kill workers as told by the server on --control; "
               "goes on in the background");
  app.add_option("--control", flags.control,
                 "Unix socket on which the pool listens");
  app.add_option("--log", flags.log,
                 "File for what the pool's workers complain about");
  app.add_option("--alone", flags.alone_s,
                 "Seconds without a server after which the pool ends")
      ->check(CLI::Range(int64_t{1}, int64_t{86'400}));
  app.add_option("--once", flags.once,
                 "Run the canonical tree in this file (-: standard input) and "
                 "print its hashes");
  app.add_option("--inputs", flags.inputs,
                 "Folder of the arrays that the tree of --once names, each in "
                 "DIGEST.npy");
  app.add_option("--threads", flags.threads, "Threads of --once")
      ->check(CLI::Range(1, 4096));
  app.add_option("--token-fd", flags.token_fd,
                 "Descriptor to read the worker's token from");
  app.add_option("--spool", flags.spool,
                 "Folder where results wait while the server is away; each "
                 "worker makes its own in it");
  app.add_option("--cpus", flags.cpus, "Cpus to register with")
      ->check(CLI::Range(1, 4096));
  app.add_option("--memory", flags.memory_bytes,
                 "Bytes of memory to register with; 0: no bound")
      ->check(CLI::NonNegativeNumber);
  app.add_flag("--version,--build", flags.build,
               "Print the build: SHA-256 of this file");
}

int Main(int argc, char** argv, const MakeSimulation& make) {
  Flags flags;
  CLI::App app("Executes Engram's runs. The server starts it; by hand, --once.",
               "engram-worker");
  Declare(app, flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? kDone : kUnusable;
  }
  if (flags.build) return PrintBuild();
  if (!flags.once.empty()) return Once(flags, make);
  if (flags.attach.empty()) {
    return Complain(kUnusable,
                    "say one of --attach ADDRESS, "
                    "--pool --control PATH --attach ADDRESS, "
                    "--once FILE, --version");
  }
  return flags.pool ? Pool(flags) : Attach(flags, make);
}

}  // namespace

int WorkerMain(int argc, char** argv, const MakeSimulation& make) {
  // The pool starts workers by a path that ends in "exe".
  prctl(PR_SET_NAME, "engram-worker");
  // Before any thread starts: threads inherit it.
  SetNumericEnvironment();
  PrepareAllocator();
  // OpenSSL's configuration file could name modules to load; a build's results
  // and hashes depend on its own file alone.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  return Main(argc, argv, make);
}

}  // namespace engram
