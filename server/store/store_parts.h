#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "core/base/mutex.h"
#include "server/store/blob_file.h"
#include "server/store/folder_guard.h"
#include "server/store/reader_pool.h"
#include "server/store/store.h"
#include "server/store/writer.h"

namespace engram::store {

inline constexpr char kMainFile[] = "engram.db";
inline constexpr char kBlobFile[] = "blobs.db";
inline constexpr char kBackupFolder[] = "backup";

// What a store is made of, in the order of making: what comes later is closed
// first, and the lock is let go last.
struct Store::Parts {
  Parts(StoreOptions store_options, FolderLock folder_lock,
        std::unique_ptr<Connection> main, std::unique_ptr<Connection> blob)
      : options(std::move(store_options)),
        lock(std::move(folder_lock)),
        writer(std::move(main), options.checkpoint_pages),
        readers(options.folder / kMainFile),
        blobs(std::move(blob), options.folder / kBlobFile, options) {}

  const StoreOptions options;
  FolderLock lock;
  Writer writer;
  ReaderPool readers;
  BlobFile blobs;
  // A collection between the copies of a backup would take chunks that the
  // first copy names.
  Mutex maintenance;
  std::atomic<bool> has_cancelled_backups = false;
  // Of the backup under way; a total of 0: there is none.
  std::atomic<int64_t> backup_done_bytes = 0, backup_total_bytes = 0;
};

}  // namespace engram::store
