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

absl::StatusOr<InputArray> ReadText(const Component& self,
                                    const std::string& parameter,
                                    const Inputs& inputs) {
  auto file = ReadTaskFile(self, parameter, inputs);
  if (!file.ok()) return file.status();
  if (file->type == ElementType::kUint8 && file->shape.size() == 1) return file;
  return Misfit(self, parameter,
                absl::StrCat("is ", DescribeArray(*file),
                             "; a text is a file of bytes: upload it with "
                             "--format raw"));
}

std::string_view TextOf(const InputArray& file) {
  return {reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()};
}

absl::Status CheckText(const Component& self, const std::string& parameter,
                       std::string_view text) {
  if (text.substr(0, 2) == kGzip) {
    return Misfit(self, parameter,
                  "is compressed by gzip; unpack it and upload the text");
  }
  const size_t zero = text.find('\0');
  if (zero == std::string_view::npos) return absl::OkStatus();
  return Misfit(self, parameter,
                absl::StrCat("is no text: byte ", zero,
                             " (from 0) is zero; upload a file of words"));
}

absl::StatusOr<WordStreams> ReadStreams(const Component& self,
                                        const std::string& parameter,
                                        const Vocabulary& vocabulary,
                                        std::string_view text) {
  auto words = vocabulary.Encode(text);
  if (!words.ok()) return Misfit(self, parameter, words.status().message());
  if (static_cast<int64_t>(words->size()) < LeastWords(self)) {
    return Misfit(
        self, parameter,
        absl::StrCat("has ", words->size(),
                     " words, ends of lines "
                     "among them, and ",
                     self.Integer("streams"), " streams of one piece of ",
                     self.Integer("steps"), " words take ", LeastWords(self),
                     "; make streams or steps fewer"));
  }
  return WordStreams(*std::move(words), self.Integer("streams"),
                     self.Integer("steps"));
}

absl::StatusOr<std::unique_ptr<SupervisedTask>> ReadCorpus(
    const Component& c, const Inputs& inputs) {
  constexpr std::array<const char*, 2> kParts = {"training", "test"};
  std::array<InputArray, 2> files;
  for (size_t k = 0; k < 2; ++k) {
    auto file = ReadText(c, kParts[k], inputs);
    if (!file.ok()) return file.status();
    files[k] = *std::move(file);
    const absl::Status fault = CheckText(c, kParts[k], TextOf(files[k]));
    if (!fault.ok()) return fault;
  }
  const auto vocabulary =
      Vocabulary::Of(TextOf(files[0]), c.Integer("vocabulary"),
                     c.Text("rare") == "unknown" ? Vocabulary::Rare::kReplaced
                                                 : Vocabulary::Rare::kRefused);
  if (!vocabulary.ok()) {
    return Misfit(c, kParts[0], vocabulary.status().message());
  }
  std::array<WordStreams, 2> texts;
  for (size_t k = 0; k < 2; ++k) {
    auto text = ReadStreams(c, kParts[k], *vocabulary, TextOf(files[k]));
    if (!text.ok()) return text.status();
    texts[k] = *std::move(text);
  }
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
          .read = ReadCorpus};
}

}  // namespace engram
