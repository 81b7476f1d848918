#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/analyses/training/trained_analysis.h"
#include "core/base/random.h"

namespace engram {

// A readout, and the n that it is asked about.
struct Question {
  int64_t head = 0;
  int64_t n = 0;
};

// What a network is judged by: this n or, for 0, the largest that was passed
// and is still asked; where none was, the smallest that is asked. Answered by
// the readout that has it, or by the last one.
Question QuestionOf(const Stage& stage, int64_t passed, int64_t n);

// What a trained network answers to streams of bits, one readout read at the
// end of every bit after a warm-up.
//
// Source: Khajehabdollahi et al. (2024), arXiv:2309.12927.
template <class Real>
class Answers {
 public:
  // The analysis has AnswerParameters.
  explicit Answers(const TrainedSubject& subject);

  int64_t repeats() const { return repeats_; }
  // Shares of right answers to each question, with these parameters, in the
  // streams [first, last). Right answers by place in the stream are kept for
  // `AtBit` when there is one question.
  std::vector<double> Shares(const TrainedState<Real>& trained,
                             const Real* parameters,
                             const std::vector<Question>& questions,
                             int64_t first, int64_t last);
  double Share(const TrainedState<Real>& trained, const Real* parameters,
               const Question& question) {
    return Shares(trained, parameters, {question}, 0, repeats_)[0];
  }
  // Of the last call's first question: the share at the bit number
  // warm_up + k.
  const std::vector<double>& at_bit() const { return at_bit_; }

 private:
  void Fill(const TrainedState<Real>& trained, int64_t heads, int64_t first,
            int64_t last);
  double Count(const Question& question, bool keeps_bits);

  const Component& task_;
  int64_t repeats_, warm_up_, bits_of_a_stream_, hold_;
  double low_;
  bool draws_share_;
  RandomStream shares_, bits_;
  std::vector<std::vector<uint8_t>> ones_;  // of each stream
  std::vector<double> at_bit_;
  TrainingBlock<Real> block_;
  NetworkPass<Real> pass_;
};

extern template class Answers<float>;
extern template class Answers<double>;

// n, steps, warm_up, repeats and share, with this default of the last.
std::vector<ParameterSpec> AnswerParameters(const char* share);
// Why a program's network answers no such questions; empty where it does.
std::string RefuseAnswers(const Component& analysis, const Component& root);
// Steps of one sample that reading all streams once takes.
double ColumnsOfAnswers(const Component& analysis, const Component& root);

// (a - 0.5) / (a0 - 0.5); absent where a0 is hardly above chance.
Measured RelativeAccuracy(double accuracy, double baseline);

}  // namespace engram
