#include "core/analyses/dynamics/trained_dynamics.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/training/readout.h"

namespace engram {
namespace {

// Of central differences of Jacobians: curvatures of order 1 to about 1e-10.
constexpr double kStep = 1e-5;

}  // namespace

class TrainedDynamics::Lease {
 public:
  explicit Lease(const TrainedDynamics& of) : of_(of) {
    MutexLock lock(of_.mutex_);
    if (of_.free_.empty()) {
      scratch_ = std::make_unique<Scratch>();
    } else {
      scratch_ = std::move(of_.free_.back());
      of_.free_.pop_back();
    }
  }
  ~Lease() {
    MutexLock lock(of_.mutex_);
    of_.free_.push_back(std::move(scratch_));
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  Scratch& operator*() { return *scratch_; }

 private:
  const TrainedDynamics& of_;
  std::unique_ptr<Scratch> scratch_;
};

TrainedNetwork<double> TrainedDynamics::NetworkFor(const Component& network,
                                                   int64_t inputs) {
  return TrainedNetwork<double>(network, {inputs, 1, 1}, 0);
}

TrainedDynamics::TrainedDynamics(const Component& network,
                                 std::vector<double> input,
                                 Array<double> parameters)
    : input_(std::move(input)),
      parameters_(std::move(parameters)),
      network_(NetworkFor(network, static_cast<int64_t>(input_.size()))) {
  ENGRAM_EXPECT(static_cast<int64_t>(parameters_.size()) ==
                network_.layout().size());
  int64_t first = 0;
  for (size_t l = 0; l < network_.layers().size(); ++l) {
    const Layer<double>& layer = *network_.layers()[l];
    ENGRAM_EXPECT(layer.rows().carried == 0);
    for (const bool is_cell : {false, true}) {
      if (is_cell && !layer.rows().has_cell) continue;
      stretches_.push_back({l, is_cell, first, layer.units()});
      first += layer.units();
    }
  }
}

void TrainedDynamics::Resize(int64_t samples, Scratch::Step& step) const {
  if (step.block.samples == samples) return;
  step.block.samples = step.block.batch_samples = samples;
  step.block.steps = 1;
  engram::Resize(network_.shape().inputs, 1, step.block);
  for (int64_t k = 0; k < samples; ++k) {
    std::ranges::copy(input_, step.block.inputs.data() +
                                  k * static_cast<int64_t>(input_.size()));
  }
  step.state = Array<double>(size(), samples);
  network_.Resize(step.block, step.pass);
}

void TrainedDynamics::Go(Scratch::Step& step) const {
  network_.LoadState(step.state.data(), step.pass);
  network_.Forward(parameters_.data(), step.block, step.pass);
}

void TrainedDynamics::Evaluate(DynamicsPoint& p) const {
  Lease scratch(*this);
  Scratch::Step& step = (*scratch).one;
  Resize(1, step);
  step.state = p.x;
  Go(step);
  network_.SaveState(step.pass, p.field.data());
  for (int64_t i = 0; i < size(); ++i) {
    p.activity[i] = p.x[i];
    p.field[i] -= p.x[i];
  }
}

void TrainedDynamics::SpreadState(std::span<const double> x, double by,
                                  Scratch::Step& step) const {
  const int64_t samples = step.block.samples;
  for (const Stretch& s : stretches_) {
    double* const at = step.state.data() + s.first * samples;
    for (int64_t k = 0; k < samples; ++k) {
      for (int64_t i = 0; i < s.units; ++i) {
        const int64_t coordinate = s.first + i;
        at[k * s.units + i] =
            x[static_cast<size_t>(coordinate)] + (coordinate == k ? by : 0);
      }
    }
  }
}

template <class ErrorOf>
void TrainedDynamics::GoBack(const ErrorOf& error_of, Scratch& scratch) const {
  Scratch::Step& step = scratch.all;
  NetworkPass<double>& pass = step.pass;
  const int64_t samples = step.block.samples;
  // Errors of cells come from the step behind, those of outputs directly: a
  // layer without memory knows no others.
  const auto add = [&](const Stretch& s, Array<double>& errors) {
    for (int64_t k = 0; k < samples; ++k) {
      for (int64_t i = 0; i < s.units; ++i) {
        errors[k * s.units + i] += error_of(s.first + i, k);
      }
    }
  };
  const auto& layers = network_.layers();
  pass.errors.Fill(0);
  for (size_t l = layers.size(); l-- > 0;) {
    layers[l]->BeginBackward(pass.courses[l]);
    for (const Stretch& s : stretches_) {
      if (s.layer != l) continue;
      add(s, s.is_cell ? pass.courses[l].cell_error : pass.errors);
    }
    layers[l]->Backward(
        parameters_.data(), network_.Inputs(l, 0, step.block, pass), 0, 1,
        pass.errors.data(), pass.courses[l], scratch.gradient.data(),
        l > 0 ? pass.input_errors.data() : nullptr);
    if (l > 0) std::swap(pass.errors, pass.input_errors);
  }
  for (const Stretch& s : stretches_) {
    const LayerCourse<double>& course = pass.courses[s.layer];
    const Array<double>& errors =
        s.is_cell ? course.cell_error : course.output_error;
    for (int64_t k = 0; k < samples; ++k) {
      for (int64_t i = 0; i < s.units; ++i) {
        scratch.errors(s.first + i, k) = errors[k * s.units + i];
      }
    }
  }
}

void TrainedDynamics::Linearise(DynamicsPoint& p,
                                Array<double>& jacobian) const {
  Lease lease(*this);
  Scratch& scratch = *lease;
  GrowTo(scratch.gradient, network_.layout().size(), 1);
  GrowTo(scratch.errors, size(), size());
  Resize(size(), scratch.all);
  SpreadState(p.x.span(), 0, scratch.all);
  Go(scratch.all);
  // Sample k is asked about coordinate k of the state behind.
  GoBack([](int64_t i, int64_t k) { return i == k ? 1.0 : 0.0; }, scratch);
  for (int64_t j = 0; j < size(); ++j) {
    for (int64_t i = 0; i < size(); ++i) {
      jacobian(i, j) = scratch.errors(j, i) - (i == j ? 1 : 0);
    }
    p.slope[j] = 1;
  }
}

// Sample k gives J(x + step e_k)' v, so two blocks give its derivative in every
// direction.
void TrainedDynamics::AddCurvature(DynamicsPoint& p, std::span<const double> v,
                                   Array<double>& h) const {
  Lease lease(*this);
  Scratch& scratch = *lease;
  GrowTo(scratch.gradient, network_.layout().size(), 1);
  GrowTo(scratch.errors, size(), size());
  Resize(size(), scratch.all);
  for (const double sign : {1.0, -1.0}) {
    SpreadState(p.x.span(), sign * kStep, scratch.all);
    Go(scratch.all);
    GoBack([&](int64_t i, int64_t) { return v[static_cast<size_t>(i)]; },
           scratch);
    for (int64_t k = 0; k < size(); ++k) {
      for (int64_t j = 0; j < size(); ++j) {
        const double half = sign * scratch.errors(j, k) / (4 * kStep);
        h(j, k) += half;
        h(k, j) += half;
      }
    }
  }
}

std::string RefuseTrainedDynamics(const Component& network) {
  if (network.type == "layer_stack") {
    for (const Component& layer : network.Slots("layers")) {
      const std::string refusal = RefuseTrainedDynamics(layer);
      if (!refusal.empty()) return refusal;
    }
    return "";
  }
  if (IsReadout(network)) {
    return absl::StrCat(network.type,
                        " is a readout and has no state of its own; name the "
                        "network of the run without its readout");
  }
  if (network.type.ends_with("_lif")) {
    return absl::StrCat("the state of ", network.type,
                        " jumps with every spike, so it has no Jacobian; "
                        "networks that have one: leaky_rnn, vanilla_rnn, gru, "
                        "lstm, sublstm, fix_sublstm");
  }
  return "";
}

}  // namespace engram
