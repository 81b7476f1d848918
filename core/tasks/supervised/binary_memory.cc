// Tasks on a stream of bits, in which readout k is asked at the last step about
// the last n_k bits:
//
//   n_parity  (x_M + x_(M-1) + ... + x_(M-n+1)) mod 2
//   n_dms     whether x_(M-n+1) = x_M: n counts the last bit
//
// All samples of a batch have M steps, M uniform in [n + 2, 4 n + 1] for the
// largest active n. A sequence of n_parity draws its own P(x = 1) uniformly. In
// continuous time a bit lasts k steps, k drawn for each batch.
//
// Source: Khajehabdollahi et al. (2024), ICLR, arXiv:2309.12927.

#include "core/tasks/supervised/binary_memory.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/random.h"
#include "core/tasks/supervised/supervised_task.h"

namespace engram {
namespace {

bool IsParity(const Component& c) { return c.type == "n_parity"; }

int64_t HoldOf(const Component& c, const char* name) {
  return c.Has(name) ? c.Integer(name) : 1;
}

int64_t MostSteps(const Component& c, int64_t n) {
  const int64_t steps = c.Integer("steps");
  return (steps > 0 ? steps : 4 * n + 1) * HoldOf(c, "hold_high");
}

TaskShape ShapeOf(const Component& c) {
  return {.inputs = 1,
          .outputs = 2,
          .has_classes = true,
          .largest_n = c.Integer("largest_n")};
}

struct Streams {
  Streams(uint64_t seed, const std::string& path, const std::string& part)
      : lengths(seed, path, "lengths of " + part),
        shares(seed, path, "shares of " + part),
        bits(seed, path, "bits of " + part),
        holds(seed, path, "holds of " + part) {}
  RandomStream lengths;  // (0, batch)
  RandomStream shares;   // P(x = 1): (0, trial)
  RandomStream bits;     // (bit, trial)
  RandomStream holds;    // (0, batch)
};

class BinaryMemory final : public SupervisedTask {
 public:
  BinaryMemory(const Component& c, uint64_t seed)
      : component_(c),
        draws_share_(c.Text("share") == "drawn"),
        steps_(c.Integer("steps")),
        low_(c.Real("low")),
        hold_low_(HoldOf(c, "hold_low")),
        hold_high_(HoldOf(c, "hold_high")),
        shape_(ShapeOf(c)),
        training_(seed, c.path, "training"),
        test_(seed, c.path, "tests") {}

  const TaskShape& shape() const override { return shape_; }

  BatchLength Length(const Stage& stage, Part part,
                     int64_t batch) const override {
    const int64_t n = stage.largest();
    const int64_t bits =
        steps_ > 0 ? steps_ : n + 2 + Of(part).lengths.Below(3 * n, 0, batch);
    const int64_t hold =
        hold_low_ + Of(part).holds.Below(hold_high_ - hold_low_ + 1, 0, batch);
    return {bits * hold, bits * hold - 1, hold};
  }

  void Fill(const Stage& stage, const TrialAddress& address,
            const TrialView& trial) const override {
    const Streams& streams = Of(address.part);
    const double share =
        draws_share_ ? streams.shares.Uniform(0, address.number) : 0.5;
    const int64_t last = trial.steps - 1, hold = trial.hold();
    std::vector<uint8_t> ones(static_cast<size_t>(trial.steps / hold));
    for (size_t k = 0; k < ones.size(); ++k) {
      const auto bit = static_cast<int64_t>(k);
      const bool one = streams.bits.Uniform(bit, address.number) < share;
      ones[k] = one ? 1 : 0;
      for (int64_t step = bit * hold; step < (bit + 1) * hold; ++step) {
        trial.SetInput(0, step, one ? 1 : low_);
      }
    }
    for (int64_t head = 0; head < stage.heads(); ++head) {
      trial.SetLabel(
          head, last,
          LabelOfBits(component_, ones, stage.n[static_cast<size_t>(head)]));
    }
  }

 private:
  const Streams& Of(Part part) const {
    return part == Part::kTraining ? training_ : test_;
  }

  Component component_;
  bool draws_share_;
  int64_t steps_;
  double low_;
  int64_t hold_low_, hold_high_;
  TaskShape shape_;
  Streams training_, test_;
};

void CheckLength(const Component& self, const Component&, Faults& faults) {
  const int64_t low = HoldOf(self, "hold_low");
  const int64_t high = HoldOf(self, "hold_high");
  if (low > high) {
    faults.push_back({0, self.path + ".hold_low",
                      absl::StrCat("hold_low = ", low, " is above hold_high = ",
                                   high, "; make it at most that")});
  }
  const int64_t steps = self.Integer("steps"), n = self.Integer("largest_n");
  if (steps == 0 || steps >= n) return;
  faults.push_back({0, self.path + ".largest_n",
                    absl::StrCat("largest_n = ", n,
                                 " is beyond the sequence length, steps "
                                 "= ",
                                 steps, "; make it at most that")});
}

// Absent they change no tree's hash.
ParameterSpec Hold(const char* name, const char* meaning) {
  return {.name = name,
          .type = ParameterType::kInteger,
          .minimum = 1,
          .maximum = 1000,
          .is_optional = true,
          .meaning = meaning};
}

SupervisedTaskRow Row(const char* type, const char* summary,
                      const char* equation, const char* share) {
  return {.spec = {.kind = Kind::kSupervisedTask,
                   .type = type,
                   .summary = summary,
                   .equation = equation,
                   .reference = "arXiv:2309.12927",
                   .parameters =
                       {Integer("largest_n", 101, 1, 10000,
                                "a curriculum may go up to this n"),
                        Integer("steps", 0, 0, 100000,
                                "M: length of all sequences; 0: drawn for each "
                                "batch between n + 2 and 4 n + 1"),
                        Choice("share", share, {"drawn", "half"},
                               "of ones: drawn for each sequence, or one half"),
                        Real("low", "1", 0, -10, 10,
                             "input of a bit that is 0; a one is 1"),
                        Hold("hold_low",
                             "a bit lasts k steps, k drawn for each batch from "
                             "here; 1 unless given"),
                        Hold("hold_high", "to here; 1 unless given")},
                   .check = CheckLength},
          .shape = ShapeOf,
          .most_steps = MostSteps,
          .make = [](const Component& c,
                     uint64_t seed) -> std::unique_ptr<SupervisedTask> {
            return std::make_unique<BinaryMemory>(c, seed);
          }};
}

}  // namespace

bool IsBinaryMemory(const Component& task) {
  return task.type == "n_parity" || task.type == "n_dms";
}

int32_t LabelOfBits(const Component& task, std::span<const uint8_t> bits,
                    int64_t n) {
  ENGRAM_EXPECT(n >= 1 && static_cast<size_t>(n) <= bits.size());
  const auto last = bits.last(static_cast<size_t>(n));
  if (!IsParity(task)) return last.front() == last.back() ? 1 : 0;
  int32_t sum = 0;
  for (const uint8_t bit : last) sum += bit;
  return sum % 2;
}

SupervisedTaskRow NParityRow() {
  return Row("n_parity", "is the number of ones among the last n bits odd",
             "label = (sum of the last n bits) mod 2", "drawn");
}

SupervisedTaskRow NDmsRow() {
  return Row("n_dms", "is the last bit equal to the one n - 1 before it",
             "label = [x_(M-n+1) = x_M]", "half");
}

}  // namespace engram
