#include "server/queue/queue.h"
#include "server/rpc/admin.h"
#include "server/rpc/message.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::ServerStatus> GetStatus(
    const Caller& /*caller*/, const v1::GetStatusRequest& /*request*/,
    const Parts& parts) {
  int64_t last_sequence = 0;
  auto experiments =
      parts.store.Read([&](store::Reader& reader) -> absl::StatusOr<int64_t> {
        last_sequence = store::LastSequence(reader);
        return store::CountExperiments(reader);
      });
  if (!experiments.ok()) return experiments.status();
  const QueueStatus queue = parts.queue.Status();
  v1::ServerStatus reply;
  reply.set_version(parts.facts.version);
  reply.set_build(parts.facts.build);
  *reply.mutable_start_time() = Time(parts.facts.start_us);
  reply.set_data_folder(parts.store.folder().string());
  reply.set_database_bytes(parts.store.DatabaseBytes());
  reply.set_free_disk_bytes(parts.store.FreeDiskBytes());
  reply.set_experiment_count(*experiments);
  reply.set_last_sequence(last_sequence);
  reply.set_queued_runs(queue.queued_runs);
  reply.set_running_runs(queue.running_runs);
  reply.set_cpus(queue.cpus);
  reply.set_cpus_in_use(queue.cpus_in_use);
  reply.set_memory_bytes(queue.memory_bytes);
  reply.set_memory_bytes_in_use(queue.memory_bytes_in_use);
  reply.set_draining(queue.draining);
  reply.set_disk_low(queue.disk_low);
  reply.set_disk_low_water_bytes(parts.facts.disk_low_water_bytes);
  if (const auto backup = parts.store.BackupUnderWay()) {
    reply.mutable_backup()->set_done_bytes(backup->done_bytes);
    reply.mutable_backup()->set_total_bytes(backup->total_bytes);
  }
  if (const auto last_us = parts.store.LastBackupUs()) {
    *reply.mutable_last_backup_time() = Time(*last_us);
  }
  reply.set_schema_version(parts.store.schema_version());
  return reply;
}

}  // namespace engram
