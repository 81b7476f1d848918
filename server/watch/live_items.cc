#include "server/watch/live_items.h"

namespace engram {

void LiveItems::Put(const RunName& run, std::shared_ptr<const v1::Event> event,
                    std::size_t bytes) {
  std::pair key(run, event->live().name());
  const auto it = items_.find(key);
  const std::size_t before = it == items_.end() ? 0 : it->second.bytes;
  const bool is_room = it != items_.end() || items_.size() < kMaxItems;
  if (!is_room || bytes_ - before + bytes > kMaxBytes) return;
  items_[std::move(key)] = {std::move(event), bytes};
  bytes_ += bytes - before;
}

std::vector<std::shared_ptr<const v1::Event>> LiveItems::Take() {
  std::vector<std::shared_ptr<const v1::Event>> taken;
  for (auto& [key, item] : items_) taken.push_back(std::move(item.event));
  items_.clear();
  bytes_ = 0;
  return taken;
}

}  // namespace engram
