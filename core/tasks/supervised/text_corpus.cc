// A text of an uploaded file, to be foretold word by word: Penn Treebank's
// ptb.train.txt and ptb.test.txt, Wikitext-2's wiki.*.tokens, or any other
// whose words are parted by white space. Every line ends with <eos>.
//
// Samples of a batch are so many streams of the text, side by side, which go on
// from batch to batch. A word is a symbol: the number that it has in the text
// of training.
//
// Sources: Marcus, Santorini and Marcinkiewicz (1993), Comput. Linguist.
// 19:313-330, in the form of Mikolov et al. (2010), Interspeech 1045-1048;
// Merity et al. (2016), arXiv:1609.07843.

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/tasks/supervised/supervised_task.h"
#include "core/tasks/supervised/task_file.h"
#include "core/tasks/supervised/vocabulary.h"
#include "core/tasks/supervised/word_streams.h"

namespace engram {
namespace {

class TextCorpus final : public SupervisedTask {
 public:
  TextCorpus(const Component& c, std::array<WordStreams, 2> texts)
      : steps_(c.Integer("steps")),
        shape_(ShapeOf(c)),
        texts_(std::move(texts)) {}

  static TaskShape ShapeOf(const Component& c) {
    const int64_t words = c.Integer("vocabulary");
    return {.inputs = 1, .symbols = words, .outputs = words, .is_stream = true};
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
      trial.SetInput(0, t, words[at]);
      trial.SetLabel(0, t, words[at + 1]);
    }
  }

 private:
  int64_t steps_;
  TaskShape shape_;
  std::array<WordStreams, 2> texts_;
};

constexpr std::string_view kGzip = "\x1f\x8b";

constexpr std::array<const char*, 2> kParts = {"training", "test"};

// What can be said of a text without reading its words.
void CheckText(const Component& self, const std::string& parameter,
               const TaskFile& file, Faults& faults) {
  const auto refuse = [&](absl::string_view message) {
    faults.push_back(Misfit(self, parameter, message));
  };
  if (file.form.type != "uint8" || file.form.shape.size() != 1) {
    return refuse(absl::StrCat("is ", DescribeForm(file.form),
                               "; a text is a file of bytes: upload it with "
                               "--format raw"));
  }
  const std::string_view text = file.bytes;
  if (text.substr(0, 2) == kGzip) {
    return refuse("is compressed by gzip; gunzip it and upload the text");
  }
  const size_t zero = text.find('\0');
  if (zero != std::string_view::npos) {
    return refuse(absl::StrCat("is no text: byte ", zero,
                               " (from 0) is zero; upload a file of words"));
  }
}

// Of a text whose words cannot be counted: each takes a byte at least, and the
// last line ends anyhow.
void CheckBytes(const Component& self, const std::string& parameter,
                const TaskFile& file, Faults& faults) {
  if (file.form.shape[0] + 1 >= LeastWords(self)) return;
  faults.push_back(Misfit(
      self, parameter,
      absl::StrCat("has ", file.form.shape[0], " bytes, and ",
                   self.Integer("streams"), " streams of one piece of ",
                   self.Integer("steps"), " words take ", LeastWords(self),
                   " words; make streams or steps fewer")));
}

WordStreams StreamsOf(const Component& self, const std::string& parameter,
                      const Vocabulary& vocabulary, std::string_view text,
                      Faults& faults) {
  auto words = vocabulary.Encode(text);
  if (!words.ok()) {
    faults.push_back(Misfit(self, parameter, words.status().message()));
    return {};
  }
  if (static_cast<int64_t>(words->size()) < LeastWords(self)) {
    faults.push_back(Misfit(
        self, parameter,
        absl::StrCat("has ", words->size(), " words, ends of lines among them,",
                     " and ", self.Integer("streams"),
                     " streams of one piece of ", self.Integer("steps"),
                     " words take ", LeastWords(self),
                     "; make streams or steps fewer")));
    return {};
  }
  return WordStreams(*std::move(words), self.Integer("streams"),
                     self.Integer("steps"));
}

// Both texts, whose bytes are whole, as numbers; on a fault they are void.
std::array<WordStreams, 2> StreamsOf(const Component& self,
                                     const TaskFiles& files, Faults& faults) {
  std::array<WordStreams, 2> texts;
  const auto vocabulary = Vocabulary::Of(
      files.at(kParts[0]).bytes, self.Integer("vocabulary"),
      self.Text("rare") == "unknown" ? Vocabulary::Rare::kReplaced
                                     : Vocabulary::Rare::kRefused);
  if (!vocabulary.ok()) {
    faults.push_back(Misfit(self, kParts[0], vocabulary.status().message()));
    return texts;
  }
  for (size_t k = 0; k < 2; ++k) {
    texts[k] = StreamsOf(self, kParts[k], *vocabulary,
                         files.at(kParts[k]).bytes, faults);
  }
  return texts;
}

void CheckTexts(const Component& self, const TaskFiles& files, Faults& faults) {
  for (const auto& [parameter, file] : files) {
    CheckText(self, parameter, file, faults);
  }
}

void CheckCorpusFiles(const Component& self, const Resolver& resolver,
                      Faults& faults) {
  const TaskFiles files = LookAtTaskFiles(self, resolver);
  const size_t before = faults.size();
  CheckTexts(self, files, faults);
  if (faults.size() != before) return;
  const bool are_whole = files.size() == kParts.size() &&
                         std::ranges::all_of(files, [](const auto& file) {
                           return file.second.is_whole();
                         });
  if (are_whole) {
    StreamsOf(self, files, faults);
    return;
  }
  for (const auto& [parameter, file] : files) {
    CheckBytes(self, parameter, file, faults);
  }
}

absl::StatusOr<std::unique_ptr<SupervisedTask>> ReadCorpus(
    const Component& c, const Inputs& inputs) {
  const auto files = ReadTaskFiles(c, inputs);
  if (!files.ok()) return files.status();
  Faults faults;
  CheckTexts(c, *files, faults);
  if (!faults.empty()) return StatusOf(c, faults);
  std::array<WordStreams, 2> texts = StreamsOf(c, *files, faults);
  if (!faults.empty()) return StatusOf(c, faults);
  return std::make_unique<TextCorpus>(c, std::move(texts));
}

std::vector<ParameterSpec> Parameters() {
  std::vector<ParameterSpec> parameters = {
      Dataset("training", "a text whose words are numbered and learned from"),
      Dataset("test", "another, for the tests"),
      Integer("vocabulary", 10000, 2, 1000000,
              "most words that there are, <eos> and <unk> among them: inputs "
              "and outputs"),
      Choice("rare", "refuse", {"refuse", "unknown"},
             "words beyond the vocabulary, the rarest: not taken, or all of "
             "them <unk>")};
  for (ParameterSpec& parameter : StreamParameters()) {
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

}  // namespace

SupervisedTaskRow TextCorpusRow() {
  return {.spec = {.kind = Kind::kSupervisedTask,
                   .type = "text_corpus",
                   .summary = "the next word of an uploaded text",
                   .reference = "arXiv:1609.07843",
                   .parameters = Parameters(),
                   .check = CheckBatchOfStreams},
          .shape = TextCorpus::ShapeOf,
          .most_steps = [](const Component& c,
                           int64_t) { return c.Integer("steps"); },
          .read = ReadCorpus,
          .check_files = CheckCorpusFiles};
}

}  // namespace engram
