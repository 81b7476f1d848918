#pragma once

#include <atomic>
#include <memory>
#include <stop_token>

namespace engram {

// What asks an attempt to stop, and what for. Copies are the same order.
// Thread-safe.
class StopOrder {
 public:
  // For good; also of an attempt that was asked to yield.
  void Cancel() {
    is_cancel_->store(true);
    source_.request_stop();
  }
  // To go on later, or elsewhere.
  void Yield() { source_.request_stop(); }

  std::stop_token token() const { return source_.get_token(); }
  bool is_given() const { return source_.stop_requested(); }
  bool is_cancel() const { return is_cancel_->load(); }

 private:
  std::stop_source source_;
  std::shared_ptr<std::atomic<bool>> is_cancel_ =
      std::make_shared<std::atomic<bool>>(false);
};

}  // namespace engram
