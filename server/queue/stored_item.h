#pragma once

#include "engram/store/v1/item.pb.h"
#include "server/queue/recorded_item.h"

namespace engram {

// Items between the queue's and the store's form. Points are in the series and
// have no form of their own: a ContractViolation.
store::v1::StoredItem ToStored(const RecordedItem& item);
RecordedItem FromStored(const store::v1::StoredItem& item);

store::v1::ArrayManifest ToStored(const RecordedManifest& manifest);
RecordedManifest FromStored(const store::v1::ArrayManifest& manifest);

}  // namespace engram
