#include "server/rpc/metrics_page.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <sstream>
#include <utility>
#include <vector>

#include "server/rpc/process_figures.h"

namespace engram {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

// Puts families together, one call each.
class Page {
 public:
  explicit Page(std::vector<MetricFamily> families)
      : families_(std::move(families)) {}

  void Gauge(const char* name, const char* help, double value,
             Labels labels = {}) {
    ClientMetric metric;
    metric.label = std::move(labels);
    metric.gauge.value = value;
    Family(name, help, MetricType::Gauge).metric.push_back(std::move(metric));
  }
  void Gauge(const char* name, const char* help, int64_t value,
             Labels labels = {}) {
    Gauge(name, help, static_cast<double>(value), std::move(labels));
  }
  void Counter(const char* name, const char* help, double value,
               Labels labels = {}) {
    ClientMetric metric;
    metric.label = std::move(labels);
    metric.counter.value = value;
    Family(name, help, MetricType::Counter).metric.push_back(std::move(metric));
  }
  void Counter(const char* name, const char* help, int64_t value,
               Labels labels = {}) {
    Counter(name, help, static_cast<double>(value), std::move(labels));
  }
  void Histogram(const char* name, const char* help,
                 const store::DurationHistogram& durations) {
    ClientMetric metric;
    uint64_t cumulative = 0;
    for (const auto& bucket : durations.buckets) {
      cumulative += static_cast<uint64_t>(bucket.count);
      metric.histogram.bucket.push_back({cumulative, bucket.at_most_s});
    }
    metric.histogram.sample_count = static_cast<uint64_t>(durations.count);
    metric.histogram.sample_sum = durations.sum_s;
    Family(name, help, MetricType::Histogram)
        .metric.push_back(std::move(metric));
  }

  std::string Text() const {
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, families_);
    return out.str();
  }

 private:
  // Of the same name as the last one: another label of it.
  MetricFamily& Family(const char* name, const char* help, MetricType type) {
    if (families_.empty() || families_.back().name != name) {
      families_.push_back({name, help, type, {}});
    }
    return families_.back();
  }
  std::vector<MetricFamily> families_;
};

double Seconds(int64_t us) { return static_cast<double>(us) / 1e6; }

void AddQueue(const Figures& figures, Page& page) {
  const QueueStatus& queue = figures.queue;
  for (const auto& [state, count] : queue.runs) {
    page.Gauge("engram_runs", "Runs that have not ended, by state.", count,
               {{"state", std::string(RunStateName(state))}});
  }
  page.Gauge("engram_queue_length_runs",
             "Runs and verifications that wait for a worker.",
             queue.queued_runs);
  page.Gauge(
      "engram_queue_oldest_wait_seconds",
      "How long the one that waits longest has waited.",
      queue.oldest_wait_us
          ? std::max(0.0, Seconds(figures.now_us - *queue.oldest_wait_us))
          : 0.0);
  page.Gauge("engram_draining", "1 while no run is started, as an admin said.",
             int64_t{queue.draining});
  page.Gauge("engram_workers", "Worker processes that are attached.",
             int64_t{queue.workers});
  page.Gauge("engram_cpus", "Processors that all runs together may use.",
             int64_t{queue.cpus});
  page.Gauge("engram_cpus_in_use", "Processors given to runs at work.",
             int64_t{queue.cpus_in_use});
  page.Gauge("engram_memory_bytes", "Memory that all runs together may use.",
             queue.memory_bytes);
  page.Gauge("engram_memory_in_use_bytes", "Memory given to runs at work.",
             queue.memory_bytes_in_use);
}

void AddStore(const Figures& figures, Page& page) {
  const store::StoreFigures& store = figures.store;
  page.Counter("engram_store_commits_total", "Durable commits, by database.",
               store.commits, {{"database", "engram"}});
  page.Counter("engram_store_commits_total", "", store.blob_commits,
               {{"database", "blobs"}});
  page.Histogram("engram_store_commit_duration_seconds",
                 "From a commit's first write to durable, of engram.db.",
                 store.commit_seconds);
  page.Counter("engram_store_checkpoints_total",
               "Times that the write-ahead log was copied into engram.db.",
               store.checkpoints);
  page.Gauge("engram_store_database_bytes", "Size of a database file.",
             store.main_bytes, {{"database", "engram"}});
  page.Gauge("engram_store_database_bytes", "", store.blob_bytes,
             {{"database", "blobs"}});
  page.Gauge("engram_store_wal_bytes", "Size of a database's write-ahead log.",
             store.main_wal_bytes, {{"database", "engram"}});
  page.Gauge("engram_store_wal_bytes", "", store.blob_wal_bytes,
             {{"database", "blobs"}});
  page.Counter("engram_store_reads_total", "Snapshots read of engram.db.",
               store.reads);
  page.Counter("engram_store_waiting_reads_total",
               "Reads that found every reader in use and waited for one.",
               store.waiting_reads);
  page.Gauge("engram_disk_free_bytes", "Free on the disk of the data folder.",
             figures.free_disk_bytes);
  page.Gauge("engram_disk_low_water_bytes",
             "Below so much free no run is taken or started; 0: never.",
             figures.facts.disk_low_water_bytes);
  page.Gauge("engram_disk_low", "1 while the free space is below that mark.",
             int64_t{figures.queue.disk_low});
  if (figures.last_backup_us) {
    page.Gauge("engram_last_backup_timestamp_seconds",
               "When the newest backup in the data folder was made.",
               Seconds(*figures.last_backup_us));
  }
}

void AddWatch(const Figures& figures, Page& page) {
  page.Gauge("engram_watchers", "Open streams of events.",
             figures.watch.watchers);
  page.Counter("engram_events_sent_total", "Events sent to watchers.",
               figures.watch.sent_events);
  page.Gauge("engram_events_behind",
             "Events stored and not yet looked at for the slowest watcher.",
             figures.watch.behind_events);
  page.Gauge("engram_http_connections", "Open HTTP connections.",
             int64_t{figures.http_connections});
}

void AddProcess(const Figures& figures, Page& page) {
  page.Gauge("engram_build_info", "1; the labels say what is running.",
             int64_t{1},
             {{"version", figures.facts.version},
              {"worker_build", figures.facts.build}});
  const ProcessFigures process = ReadProcessFigures();
  page.Gauge("process_start_time_seconds",
             "When the server was started, since 1970.",
             Seconds(figures.facts.start_us));
  page.Counter("process_cpu_seconds_total", "Processor time of the server.",
               process.cpu_seconds);
  page.Gauge("process_resident_memory_bytes", "Resident size of the server.",
             process.resident_bytes);
  page.Gauge("process_virtual_memory_bytes", "Virtual size of the server.",
             process.virtual_bytes);
  page.Gauge("process_open_fds", "Open files and sockets of the server.",
             process.open_files);
  page.Gauge("process_max_fds", "As many it may open.", process.most_files);
  page.Gauge("process_threads", "Threads of the server.", process.threads);
}

}  // namespace

std::string MetricsPage(const Figures& figures, const EventMeter& meter) {
  Page page(meter.Collect());
  AddQueue(figures, page);
  AddStore(figures, page);
  AddWatch(figures, page);
  AddProcess(figures, page);
  return page.Text();
}

}  // namespace engram
