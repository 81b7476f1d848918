// A language of 208 words to be foretold word by word, drawn from a Markov
// chain over ten classes of twenty words with brackets that span several.
//
// Each class has three successors, with probabilities 0.7, 0.2 and 0.1; within
// a class the word of rank r has a probability in proportion to 1 / r. Where
// the chain would go to class 0 and no bracket is open, one of four opening
// words is said instead with probability 0.3, and the chain stays where it was;
// its closing word follows after 5 to 10 further words.
//
// Samples of a batch are so many streams of the text, side by side, which go on
// from batch to batch.

#include <array>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/tasks/supervised/supervised_task.h"
#include "core/tasks/supervised/word_streams.h"

namespace engram {
namespace {

constexpr int64_t kClasses = 10, kRanks = 20, kBrackets = 4;
constexpr int64_t kOpening = kClasses * kRanks;
constexpr int64_t kWords = kOpening + 2 * kBrackets;
constexpr double kOpens = 0.3;
constexpr int64_t kShortest = 5, kLengths = 6;  // of what a bracket spans

// Where a draw falls among probabilities.
template <size_t kSize>
int64_t Falls(double draw, const std::array<double, kSize>& probabilities) {
  for (size_t k = 0; k + 1 < kSize; ++k) {
    draw -= probabilities[k];
    if (draw < 0) return static_cast<int64_t>(k);
  }
  return static_cast<int64_t>(kSize) - 1;
}

std::array<double, kRanks> RankProbabilities() {
  std::array<double, kRanks> p;
  double sum = 0;
  for (size_t r = 0; r < p.size(); ++r) {
    p[r] = 1 / static_cast<double>(r + 1);
    sum += p[r];
  }
  for (double& x : p) x /= sum;
  return p;
}

using Successors = std::array<std::array<int64_t, 3>, kClasses>;

Successors DrawSuccessors(const RandomStream& tables) {
  Successors successors;
  for (int64_t c = 0; c < kClasses; ++c) {
    std::array<int64_t, kClasses> order;
    tables.Permutation(c, order);
    for (size_t k = 0; k < 3; ++k) {
      successors[static_cast<size_t>(c)][k] = order[k];
    }
  }
  return successors;
}

// The text of one part. Draws of word t are (0..2, t).
class Writer {
 public:
  Writer(const Successors& successors, const RandomStream& draws)
      : successors_(successors), draws_(draws), ranks_(RankProbabilities()) {}

  std::vector<int32_t> Write(int64_t size) {
    std::vector<int32_t> text;
    for (int64_t t = 0; t < size; ++t) {
      text.push_back(static_cast<int32_t>(Next(t)));
    }
    return text;
  }

 private:
  int64_t Next(int64_t t) {
    if (open_ >= 0 && left_ == 0) {
      const int64_t word = kOpening + kBrackets + open_;
      open_ = -1;
      return word;
    }
    constexpr std::array<double, 3> kChain = {0.7, 0.2, 0.1};
    const int64_t next =
        successors_[static_cast<size_t>(class_)]
                   [static_cast<size_t>(Falls(draws_.Uniform(0, t), kChain))];
    if (next == 0 && open_ < 0 && draws_.Uniform(1, t) < kOpens) {
      open_ = draws_.Below(kBrackets, 2, t);
      left_ = kShortest + draws_.Below(kLengths, 3, t);
      return kOpening + open_;
    }
    class_ = next;
    if (open_ >= 0) --left_;
    return kRanks * class_ + Falls(draws_.Uniform(2, t), ranks_);
  }

  const Successors& successors_;
  const RandomStream& draws_;
  const std::array<double, kRanks> ranks_;
  int64_t class_ = 0;
  int64_t open_ = -1;  // the bracket that is open
  int64_t left_ = 0;   // words until it closes
};

class Grammar final : public SupervisedTask {
 public:
  Grammar(const Component& c, uint64_t seed) : steps_(c.Integer("steps")) {
    const Successors successors =
        DrawSuccessors(RandomStream(seed, c.path, "tables"));
    const RandomStream training(seed, c.path, "words of training");
    const RandomStream test(seed, c.path, "words of tests");
    const auto write = [&](const RandomStream& draws, const char* words) {
      return WordStreams(Writer(successors, draws).Write(c.Integer(words)),
                         c.Integer("streams"), steps_);
    };
    texts_ = {write(training, "training_words"), write(test, "test_words")};
  }

  static TaskShape ShapeOf(const Component&) {
    return {.inputs = kWords, .outputs = kWords, .is_stream = true};
  }

  const TaskShape& shape() const override { return shape_; }
  BatchLength Length(const Stage&, Part, int64_t) const override {
    return {steps_, 0};
  }

  void Fill(const Stage&, const TrialAddress& a,
            const TrialView& trial) const override {
    const WordStreams& text = texts_[a.part == Part::kTraining ? 0 : 1];
    const std::span<const int32_t> words = text.Piece(a.sample, a.batch);
    for (int64_t t = 0; t < steps_; ++t) {
      const auto at = static_cast<size_t>(t);
      trial.SetInput(words[at], t, 1);
      trial.SetLabel(0, t, words[at + 1]);
    }
  }

 private:
  int64_t steps_;
  TaskShape shape_ = {.inputs = kWords, .outputs = kWords, .is_stream = true};
  std::array<WordStreams, 2> texts_;
};

void CheckGrammar(const Component& self, const Component& root,
                  Faults& faults) {
  const int64_t streams = self.Integer("streams");
  const int64_t steps = self.Integer("steps");
  for (const char* name : {"training_words", "test_words"}) {
    if ((self.Integer(name) - 1) / streams >= steps) continue;
    faults.push_back(
        {0, absl::StrCat(self.path, ".", name),
         absl::StrCat(name, " = ", self.Integer(name), " is not enough for ",
                      streams, " streams of one piece of ", steps,
                      " words; take at least ", LeastWords(self))});
  }
  CheckBatchOfStreams(self, root, faults);
}

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = StreamParameters();
  parameters.push_back(
      Integer("training_words", 50000, 2, 100000000, "that are learned from"));
  parameters.push_back(Integer("test_words", 10000, 2, 100000000,
                               "other ones of the same tables"));
  return parameters;
}

// A word is some thirty numbers' work.
TaskTable Table(const Component& c) {
  const double words = c.Real("training_words") + c.Real("test_words");
  return {.numbers = 30 * words, .bytes = 8 * words};
}

}  // namespace

SupervisedTaskRow GrammarRow() {
  return {
      .spec = {.kind = Kind::kSupervisedTask,
               .type = "grammar",
               .summary = "the next word of a drawn language with brackets",
               .equation = "classes: Markov chain of three successors; words: "
                           "1 / rank",
               .parameters = Parameters(),
               .check = CheckGrammar},
      .shape = Grammar::ShapeOf,
      .most_steps = [](const Component& c,
                       int64_t) { return c.Integer("steps"); },
      .make = [](const Component& c,
                 uint64_t seed) -> std::unique_ptr<SupervisedTask> {
        return std::make_unique<Grammar>(c, seed);
      },
      .table = Table};
}

}  // namespace engram
