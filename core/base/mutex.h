#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

// Clang checks at compile time that what a mutex guards is touched only while
// it is held (-Wthread-safety); other compilers see nothing.
#if defined(__clang__)
#define ENGRAM_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define ENGRAM_THREAD_ANNOTATION(x)
#endif

// The usual names, unless a library (Abseil) has defined them already, with
// the same meaning.
#ifndef GUARDED_BY
#define GUARDED_BY(mu) ENGRAM_THREAD_ANNOTATION(guarded_by(mu))
#endif
#define ENGRAM_REQUIRES(mu) ENGRAM_THREAD_ANNOTATION(requires_capability(mu))
#define ENGRAM_EXCLUDES(mu) ENGRAM_THREAD_ANNOTATION(locks_excluded(mu))

namespace engram {

// A std::mutex with Clang's annotations. Not absl::Mutex: with Debian's
// Abseil, built without TSan, every use shows as a race.
class ENGRAM_THREAD_ANNOTATION(capability("mutex")) Mutex {
 public:
  void Lock() ENGRAM_THREAD_ANNOTATION(acquire_capability()) { mu_.lock(); }
  void Unlock() ENGRAM_THREAD_ANNOTATION(release_capability()) { mu_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mu_;
};

class ENGRAM_THREAD_ANNOTATION(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mu) ENGRAM_THREAD_ANNOTATION(acquire_capability(mu))
      : mu_(mu) {
    mu_.Lock();
  }
  ~MutexLock() ENGRAM_THREAD_ANNOTATION(release_capability()) { mu_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mu_;
};

class CondVar {
 public:
  // Call with `mu` held; it is held again on return. Wakes spuriously: call in
  // a loop that reads the condition.
  void Wait(Mutex& mu) ENGRAM_REQUIRES(mu) {
    std::unique_lock<std::mutex> lock(mu.mu_, std::adopt_lock);
    cv_.wait(lock);
    lock.release();
  }

  // As Wait, for at most `timeout`; false when that passed.
  template <class Rep, class Period>
  bool WaitFor(Mutex& mu, std::chrono::duration<Rep, Period> timeout)
      ENGRAM_REQUIRES(mu) {
    std::unique_lock<std::mutex> lock(mu.mu_, std::adopt_lock);
    const bool woken =
        cv_.wait_for(lock, timeout) == std::cv_status::no_timeout;
    lock.release();
    return woken;
  }

  void NotifyOne() { cv_.notify_one(); }
  void NotifyAll() { cv_.notify_all(); }

 private:
  std::condition_variable cv_;
};

}  // namespace engram
