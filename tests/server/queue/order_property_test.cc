// What must hold of the order whatever is submitted: many random workloads
// with fixed seeds.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/queue/pick.h"
#include "server/queue/room.h"
#include "tests/server/queue/order_simulation.h"

namespace engram {
namespace {

constexpr double kHour = 3600;

// As many as a second allows; a long form takes a minute.
int SeedCount() { return std::getenv("ENGRAM_LONG") == nullptr ? 40 : 4000; }

class Dice {
 public:
  explicit Dice(int seed) : engine_(static_cast<uint64_t>(seed)) {}
  int Below(int bound) {
    return static_cast<int>(engine_() % static_cast<uint64_t>(bound));
  }
  // Between these, short ones as likely as long ones.
  double Seconds(double least, double most) {
    const double part = static_cast<double>(engine_() >> 11) * 0x1p-53;
    return least * std::pow(most / least, part);
  }

 private:
  std::mt19937_64 engine_;
};

// What a workload amounts to.
struct Workload {
  int runs = 0;
  double seconds = 0;  // of all runs, one after the other
};

// Ten batches over four hours: users, sizes, lengths, forecasts that are wrong
// or absent, now and then an urgent one.
Workload SubmitAtRandom(OrderSimulation& simulation, Dice& dice) {
  Workload workload;
  const char* const users[] = {"ada", "bob", "cyd", "dan"};
  for (int batch = 0; batch < 10; ++batch) {
    simulation.Advance(dice.Seconds(1, 2880));
    const int count = 1 + dice.Below(6);
    const double seconds = dice.Seconds(0.2, 3 * kHour);
    const double expected =
        dice.Below(3) == 0 ? 0 : seconds * dice.Seconds(0.2, 5);
    simulation.Submit(users[dice.Below(4)],
                      {.cpus = 1 + dice.Below(4),
                       .expected_seconds = expected,
                       .urgent = dice.Below(12) == 0,
                       .priority = dice.Below(5) - 2},
                      seconds, count);
    workload.runs += count;
    workload.seconds += count * seconds;
  }
  return workload;
}

// Whatever waits and could start is at work one after the other at worst, so
// all is done after the time that the runs take by themselves. What is added:
// each yield takes 3 s, and each start a tick to be noticed.
TEST(OrderPropertyTest, EveryRunEnds) {
  for (int seed = 1; seed <= SeedCount(); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Dice dice(seed);
    OrderSimulation simulation(4, 1 + dice.Below(4));
    const Workload workload = SubmitAtRandom(simulation, dice);
    simulation.Advance(workload.seconds + 10.0 * workload.runs);
    EXPECT_EQ(simulation.open_runs(), 0u);
    EXPECT_EQ(simulation.Count("end"), static_cast<std::size_t>(workload.runs));
  }
}

// An idle worker and room for a run that waits are never left, except for a
// run that the room is kept for.
TEST(OrderPropertyTest, NothingIsIdleWhenSomethingFits) {
  int64_t looked = 0;
  for (int seed = 1; seed <= SeedCount(); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Dice dice(seed);
    OrderSimulation simulation(4, 1 + dice.Below(4));
    simulation.check = [&](const OrderSimulation& at) {
      const Books& books = at.builder.books;
      const int64_t now = at.builder.clock.SteadyUs();
      const Work* first = FirstInLine(books, at.builder.capacity, now);
      if (first == nullptr || IsKeptFor(books, *first, at.builder.options) ||
          now < books.room.until_steady_us) {
        return;
      }
      const Executor::Capacity in_use = InUse(books);
      for (const auto& [id, work] : books.works) {
        if (work.in_hand()) continue;
        ++looked;
        EXPECT_FALSE(
            IdleWorkerFor(books, work) != nullptr &&
            Fits(work.experiment->resources, in_use, at.builder.capacity))
            << "work " << id << " at " << at.now_s() << " s";
      }
    };
    SubmitAtRandom(simulation, dice);
    simulation.Advance(2 * kHour);
  }
  EXPECT_GT(looked, 1000) << "the workloads leave nothing waiting";
}

// Never more than there is, never two runs at work in one hand.
TEST(OrderPropertyTest, CapacityIsNeverExceeded) {
  for (int seed = 1; seed <= SeedCount(); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Dice dice(seed);
    OrderSimulation simulation(4, 4);
    simulation.check = [](const OrderSimulation& at) {
      EXPECT_LE(InUse(at.builder.books).cpus, at.builder.capacity.cpus);
      for (const auto& [number, worker] : at.builder.books.workers) {
        for (std::size_t i = 1; i < worker.hand.size(); ++i) {
          EXPECT_FALSE(at.builder.books.works.at(worker.hand[i]).has_begun);
        }
      }
    };
    SubmitAtRandom(simulation, dice);
    simulation.Advance(2 * kHour);
  }
}

// A wide run of somebody who has used nothing, against a stream of small ones
// that never ends: it stands first at once, is passed for ten minutes, and then
// waits for the longest that is at work.
TEST(OrderPropertyTest, AWideRunIsNotStarved) {
  constexpr double kLongest = 300;
  for (int seed = 1; seed <= SeedCount(); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Dice dice(seed);
    OrderSimulation simulation(4, 4);
    const auto feed = [&](double seconds) {
      for (double fed = 0; fed < seconds; fed += 60) {
        for (const char* owner : {"ada", "bob"}) {
          simulation.Submit(owner, {.cpus = 1, .expected_seconds = 100},
                            dice.Seconds(10, kLongest), 4);
        }
        simulation.Advance(60);
      }
    };
    feed(kHour);
    const double submitted = simulation.now_s();
    const int64_t wide = simulation.Submit("cyd", {.cpus = 4}, 60)[0];
    feed(1200);
    const double started = simulation.StartOf(wide);
    ASSERT_GE(started, 0) << "it never started";
    EXPECT_LE(started - submitted, 600 + kLongest + 10);
  }
}

// Users who always have something waiting use the same. When one is given a
// run his share is the least, so nobody is ahead by more than one run as it is
// charged; what is in hand is charged at its expected length and may take
// another one, which is a run a place and user more.
TEST(OrderPropertyTest, SharesOfUsersWhoWaitBecomeEqual) {
  constexpr double kLongest = 600;
  constexpr int kCpus = 4;
  for (int seed = 1; seed <= SeedCount() / 4; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    Dice dice(seed);
    OrderSimulation simulation(kCpus, kCpus);
    const std::vector<std::string> users = {"ada", "bob", "cyd"};
    for (int round = 0; round < 24; ++round) {
      for (const std::string& user : users) {
        // More than could be done in the hour; their lengths differ by user.
        for (int i = 0; i < 12; ++i) {
          simulation.Submit(
              user, {.cpus = 1, .expected_seconds = dice.Seconds(60, kLongest)},
              dice.Seconds(60, kLongest), user == "ada" ? 30 : 5);
        }
      }
      simulation.Advance(kHour / 2);
    }
    const double tolerance = (1 + 2 * kCpus) * kLongest;
    double least = simulation.UsedBy("ada"), most = least;
    for (const std::string& user : users) {
      least = std::min(least, simulation.UsedBy(user));
      most = std::max(most, simulation.UsedBy(user));
    }
    EXPECT_LE(most - least, tolerance);
    EXPECT_GE(least, 8 * tolerance) << "too little to tell";
  }
}

// The course follows from what was submitted, and nothing else.
TEST(OrderPropertyTest, TheSameWorkloadTakesTheSameCourse) {
  for (int seed = 1; seed <= SeedCount() / 4; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const auto course = [&] {
      Dice dice(seed);
      OrderSimulation simulation(4, 1 + dice.Below(4));
      SubmitAtRandom(simulation, dice);
      simulation.Advance(4 * kHour);
      return simulation.course();
    };
    EXPECT_EQ(course(), course());
  }
}

// Nor does the order ask in what order the books were filled, as after a
// restart, or what time the machine's clock shows.
TEST(OrderPropertyTest, OrderDoesNotDependOnHistory) {
  for (int seed = 1; seed <= SeedCount(); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const auto order = [&](bool is_rebuilt) {
      Dice dice(seed);
      BookBuilder builder;
      builder.Use("ada", dice.Below(100));
      builder.Use("bob", dice.Below(100));
      std::vector<std::pair<std::shared_ptr<ExperimentEntry>, int>> runs;
      for (int i = 0; i < 12; ++i) {
        const auto experiment = builder.MakeExperiment(
            std::vector<std::string>{"ada", "bob", "cyd"}[dice.Below(3)],
            {.cpus = 1,
             .expected_seconds = dice.Seconds(1, 100),
             .urgent = dice.Below(6) == 0,
             .priority = dice.Below(3)});
        for (int point = 0; point < 3; ++point) {
          runs.emplace_back(experiment, point);
        }
      }
      if (is_rebuilt) {
        std::shuffle(runs.begin(), runs.end(), std::mt19937_64(7));
        builder.clock.SetBy(-kHour);
      }
      for (const auto& [experiment, point] : runs) {
        builder.AddRun(experiment, point);
      }
      std::vector<RunName> names;
      auto walk = builder.books.Order(builder.clock.SteadyUs());
      while (const WaitingRun* next = walk.Next()) {
        names.push_back(builder.books.works.at(next->id).run);
      }
      return names;
    };
    EXPECT_EQ(order(false), order(true));
  }
}

}  // namespace
}  // namespace engram
