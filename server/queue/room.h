#pragma once

#include <cstdint>
#include <set>

#include "absl/strings/string_view.h"
#include "server/queue/books.h"

namespace engram {

// Room for runs: the server's cpus and memory, which are counted for all
// workers together, and workers to execute them.

// Whether any run may start now.
bool MayStart(const Books& books);

// Whether `needs` are left when `in_use` is taken.
bool Fits(const RunResources& needs, const Executor::Capacity& in_use,
          const Executor::Capacity& capacity);

// Of the build that the work is pinned to, else of this server's.
bool IsOfItsBuild(const WorkerEntry& worker, const Work& work);

// Attached, large enough, and of its build.
bool WorkerTakes(const WorkerEntry& worker, const Work& work);

// Whether the work could start if nothing else were at work: no other run
// waits for one that could not.
bool CouldStart(const Books& books, const Work& work,
                const Executor::Capacity& capacity);

// One that has nothing in hand and takes the work; null when there is none.
const WorkerEntry* IdleWorkerFor(const Books& books, const Work& work);

// The owner has as many runs in hand as his quota allows.
bool IsAtRunningLimit(const Books& books, absl::string_view owner);

// A worker executes one run at a time and what else it holds is not larger, so
// it needs the most that any of them needs.
Executor::Capacity PlaceOf(const Books& books, const WorkerEntry& worker);

// What all workers need, those in `without` left out.
Executor::Capacity InUse(const Books& books,
                         const std::set<int64_t>& without = {});

}  // namespace engram
