#include "server/rpc/admin.h"
#include "server/store/store.h"

namespace engram {

absl::StatusOr<v1::BackupResponse> Backup(const Caller& /*caller*/,
                                          const v1::BackupRequest& request,
                                          const Parts& parts) {
  auto made = parts.store.Backup(parts.now_us(), request.folder());
  if (!made.ok()) return made.status();
  v1::BackupResponse reply;
  reply.set_folder(made->folder.string());
  reply.set_byte_size(made->byte_size);
  reply.set_file_count(made->file_count);
  return reply;
}

}  // namespace engram
