#include "core/training/spiking/lif_layer.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/contract.h"
#include "core/base/math.h"
#include "core/training/catalog.h"
#include "core/training/products/products.h"
#include "core/training/spiking/active_columns.h"

namespace engram {
namespace {

Surrogate SurrogateOf(const std::string& name) {
  if (name == "fast_sigmoid") return Surrogate::kFastSigmoid;
  if (name == "super_spike") return Surrogate::kSuperSpike;
  if (name == "triangle") return Surrogate::kTriangle;
  if (name == "arctangent") return Surrogate::kArctangent;
  if (name == "gaussian") return Surrogate::kGaussian;
  ENGRAM_EXPECT(name == "none");
  return Surrogate::kNone;
}

double DecayOver(double dt, double tau) { return math::Exp(-dt / tau); }

// Currents that a layer of this component has: a second one where there is an
// inhibitory source.
int CurrentsOf(const Component& c, bool is_recurrent) {
  const bool from_inputs = c.Real("inhibitory_inputs") > 0;
  const bool from_units = is_recurrent && c.Real("inhibitory_units") > 0;
  return from_inputs || from_units ? 2 : 1;
}

// The last sources are inhibitory.
int64_t InhibitoryOf(int64_t sources, double share) {
  return std::llround(share * static_cast<double>(sources));
}

// Panels of the transposed weights of both kinds of sources.
template <class Real>
int64_t PanelsOf(int64_t units, int64_t sources, double share) {
  const int64_t last = InhibitoryOf(sources, share);
  return PanelsSize<Real>(sources - last, units) +
         PanelsSize<Real>(last, units);
}

template <class Real>
LayerStorage StorageOf(const Component& c, int64_t inputs, bool is_recurrent) {
  const int currents = CurrentsOf(c, is_recurrent);
  const int64_t n = c.Integer("units");
  int64_t panels = PanelsOf<Real>(n, inputs, c.Real("inhibitory_inputs"));
  if (is_recurrent) panels += PanelsOf<Real>(n, n, c.Real("inhibitory_units"));
  return {.gates = currents * n,
          .has_cell = true,
          .carried = currents,
          .panels = panels,
          .sources = std::max(n, inputs)};
}

}  // namespace

template <class Real>
LifLayer<Real>::LifLayer(const Component& c, LayerPlace place,
                         bool is_recurrent)
    : Layer<Real>(place.inputs, c.Integer("units"),
                  StorageOf<Real>(c, place.inputs, is_recurrent)),
      currents_(CurrentsOf(c, is_recurrent)),
      kappa_(static_cast<Real>(c.Real("kappa"))),
      surrogate_(SurrogateOf(c.Text("surrogate"))),
      is_relaxed_(c.Boolean("relaxed")),
      takes_present_current_(c.Text("current") == "present") {
  const double dt = c.Real("dt");
  alpha_[0] = static_cast<Real>(DecayOver(dt, c.Real("tau_syn")));
  alpha_[1] = static_cast<Real>(DecayOver(dt, c.Real("tau_inh")));
  beta_ = static_cast<Real>(DecayOver(dt, c.Real("tau_mem")));
  const double scale = c.Real("weight_scale");
  AddPathways(place, "input_weights", place.inputs, c.Real("inhibitory_inputs"),
              scale, false);
  if (is_recurrent) {
    AddPathways(place, "recurrent_weights", this->units(),
                c.Real("inhibitory_units"), c.Real("recurrent_scale"), true);
  }
}

// Where no source is inhibitory weights have both signs; otherwise they are
// magnitudes, of the first sources and of the others.
template <class Real>
void LifLayer<Real>::AddPathways(LayerPlace place, const std::string& source,
                                 int64_t count, double inhibitory, double scale,
                                 bool from_units) {
  const int64_t last = InhibitoryOf(count, inhibitory);
  // Of a uniform number between +-bound the standard deviation is
  // bound / sqrt(3).
  const double bound = scale * std::sqrt(3.0 / static_cast<double>(count));
  const auto add = [&](const std::string& name, int64_t first, int64_t sources,
                       int current) {
    if (sources == 0) return;
    const int index =
        place.layout.Add({.name = absl::StrCat(place.prefix, name),
                          .rows = this->units(),
                          .cols = sources,
                          .low = inhibitory > 0 ? 0 : -bound,
                          .high = bound,
                          .fan_in = count});
    int64_t panels = 0;
    if (!pathways_.empty()) {
      const Pathway& before = pathways_.back();
      panels = before.panels + PanelsSize<Real>(before.count, this->units());
    }
    pathways_.push_back({from_units, first, sources, current,
                         place.layout[index].offset, panels});
  };
  add(source, 0, count - last, 0);
  add(absl::StrCat("inhibitory_", source), count - last, last, 1);
}

template <class Real>
void LifLayer<Real>::Prepare(const Real* parameters,
                             LayerCourse<Real>& course) const {
  for (const Pathway& p : pathways_) {
    PackTransposed<Real>({parameters + p.offset, this->units()}, this->units(),
                         p.count, course.panels.data() + p.panels);
  }
}

template <class Real>
int64_t LifLayer<Real>::CarriedAt(int current,
                                  const LayerCourse<Real>& course) const {
  return current * this->units() * course.samples;
}

template <class Real>
void LifLayer<Real>::Forward(const Real* parameters, const Real* inputs,
                             int64_t begin, int64_t end,
                             LayerCourse<Real>& course) const {
  const int64_t n = this->units(), all = n * course.samples;
  for (int64_t t = begin; t < end; ++t) {
    for (int64_t k = 0; k < course.samples; ++k) {
      Column column{.u = course.cells.data() + all * t + n * k,
                    .spikes = course.outputs.data() + all * (t + 1) + n * k,
                    .u_next = course.cells.data() + all * (t + 1) + n * k,
                    .current = {},
                    .inputs = inputs + this->inputs() *
                                           (course.samples * (t - begin) + k),
                    .active = course.active.data()};
      for (int c = 0; c < currents_; ++c) {
        column.current[c] =
            course.carried.data() + CarriedAt(c, course) + n * k;
      }
      StepForward(parameters, column);
    }
  }
}

template <class Real>
void LifLayer<Real>::StepForward(const Real* parameters,
                                 const Column& column) const {
  Transmit(column);
  if (takes_present_current_) {
    Decay(column);
    Collect(parameters, column);
    Membrane(column);
  } else {
    Membrane(column);
    Decay(column);
    Collect(parameters, column);
  }
}

template <class Real>
void LifLayer<Real>::Transmit(const Column& column) const {
  const int64_t n = this->units();
  const Real* __restrict u = column.u;
  Real* __restrict spikes = column.spikes;
  if (is_relaxed_) {
    for (int64_t i = 0; i < n; ++i) {
      spikes[i] = RelaxedSpike(u[i] - Real{1}, kappa_);
    }
    return;
  }
  for (int64_t i = 0; i < n; ++i) {
    spikes[i] = u[i] > Real{1} ? Real{1} : Real{0};
  }
}

template <class Real>
void LifLayer<Real>::Membrane(const Column& column) const {
  const int64_t n = this->units();
  const Real beta = beta_;
  const Real* __restrict u = column.u;
  const Real* __restrict drive = column.current[0];
  Real* __restrict next = column.u_next;
  if (currents_ == 1) {
    for (int64_t i = 0; i < n; ++i) {
      next[i] = u[i] > Real{1} ? Real{0} : beta * u[i] + drive[i];
    }
    return;
  }
  const Real* __restrict brake = column.current[1];
  for (int64_t i = 0; i < n; ++i) {
    next[i] = u[i] > Real{1} ? Real{0} : beta * u[i] + (drive[i] - brake[i]);
  }
}

template <class Real>
void LifLayer<Real>::Decay(const Column& column) const {
  for (int c = 0; c < currents_; ++c) {
    const Real alpha = alpha_[c];
    Real* __restrict current = column.current[c];
    for (int64_t i = 0; i < this->units(); ++i) current[i] *= alpha;
  }
}

template <class Real>
void LifLayer<Real>::Collect(const Real* parameters,
                             const Column& column) const {
  for (const Pathway& p : pathways_) {
    AddActiveColumns(parameters + p.offset, this->units(),
                     (p.from_units ? column.spikes : column.inputs) + p.first,
                     p.count, column.active, column.current[p.current]);
  }
}

// On the way back `output_error` of the course is dL/dU of the step behind, and
// `carried_error` dL/dI.
template <class Real>
void LifLayer<Real>::Backward(const Real*, const Real* inputs, int64_t begin,
                              int64_t end, const Real* output_errors,
                              LayerCourse<Real>& course, Real* gradient,
                              Real* input_errors) const {
  const int64_t all = this->units() * course.samples;
  for (int64_t t = end - 1; t >= begin; --t) {
    const int64_t slot = t - begin;
    const Real* u = course.cells.data() + all * t;
    CurrentErrors(u, all, course, slot);
    SpikeErrors(output_errors, slot, course);
    MembraneErrorsOf(u, all, course.gates.data(), course.output_error.data());
  }
  AddGradients(inputs, begin, end, course, gradient);
  if (input_errors != nullptr) {
    InputErrors(course.samples * (end - begin), course, input_errors);
  }
}

// dL/d of what a step adds to the currents, which is dL/dI(t+1), into its slot
// of the errors.
template <class Real>
void LifLayer<Real>::CurrentErrors(const Real* __restrict u, int64_t numbers,
                                   LayerCourse<Real>& course,
                                   int64_t slot) const {
  const Real* __restrict u_error = course.output_error.data();
  for (int c = 0; c < currents_; ++c) {
    const Real alpha = alpha_[c];
    const Real sign = c == 0 ? Real{1} : Real{-1};
    Real* __restrict carried =
        course.carried_error.data() + CarriedAt(c, course);
    Real* __restrict error = ErrorsOf(c, course) + numbers * slot;
    if (takes_present_current_) {
      for (int64_t i = 0; i < numbers; ++i) {
        const Real through = u[i] > Real{1} ? Real{0} : sign * u_error[i];
        error[i] = alpha * carried[i] + through;
        carried[i] = error[i];
      }
    } else {
      for (int64_t i = 0; i < numbers; ++i) {
        const Real through = u[i] > Real{1} ? Real{0} : sign * u_error[i];
        error[i] = carried[i];
        carried[i] = alpha * carried[i] + through;
      }
    }
  }
}

// dL/dS into the course's gates: what the outputs have of their own, and what
// comes through the currents that a unit's spikes feed. Each unit is the source
// of one pathway, or of none.
template <class Real>
void LifLayer<Real>::SpikeErrors(const Real* output_errors, int64_t slot,
                                 LayerCourse<Real>& course) const {
  const int64_t n = this->units(), samples = course.samples;
  const int64_t at = n * samples * slot;
  Real* spike_errors = course.gates.data();
  const Real* own = spike_errors;
  if (output_errors != nullptr) {
    own = output_errors + at;
  } else {
    std::fill_n(spike_errors, n * samples, Real{0});
  }
  bool is_recurrent = false;
  for (const Pathway& p : pathways_) {
    if (!p.from_units) continue;
    is_recurrent = true;
    Multiply<Real>({course.panels.data() + p.panels, p.count, n},
                   {ErrorsOf(p.current, course) + at, n}, samples,
                   {own + p.first, n}, spike_errors + p.first, n);
  }
  if (!is_recurrent && own != spike_errors) {
    std::copy_n(own, n * samples, spike_errors);
  }
}

template <class Real>
template <Surrogate kind>
void LifLayer<Real>::MembraneErrors(const Real* __restrict u, int64_t numbers,
                                    const Real* __restrict spike_errors,
                                    Real* __restrict u_error) const {
  const Real beta = beta_, kappa = kappa_;
  for (int64_t i = 0; i < numbers; ++i) {
    const Real kept = u[i] > Real{1} ? Real{0} : beta * u_error[i];
    u_error[i] = kept + SurrogateDerivative<kind>(u[i] - Real{1}, kappa) *
                            spike_errors[i];
  }
}

template <class Real>
void LifLayer<Real>::MembraneErrorsOf(const Real* u, int64_t numbers,
                                      const Real* spike_errors,
                                      Real* u_error) const {
  WithSurrogate(surrogate_, [&](auto kind) {
    MembraneErrors<kind()>(u, numbers, spike_errors, u_error);
  });
}

template <class Real>
void LifLayer<Real>::Slopes(const Real* u, int64_t count, Real* slopes) const {
  WithSurrogate(surrogate_, [&](auto kind) {
    for (int64_t i = 0; i < count; ++i) {
      slopes[i] = SurrogateDerivative<kind()>(u[i] - Real{1}, kappa_);
    }
  });
}

template <class Real>
void LifLayer<Real>::AddGradients(const Real* inputs, int64_t begin,
                                  int64_t end, LayerCourse<Real>& course,
                                  Real* gradient) const {
  static_assert(kSamplesPerBlock * kStepsPerStretch < 65536);
  const int64_t n = this->units();
  const int64_t columns = course.samples * (end - begin);
  const Real* spikes = course.outputs.data() + n * course.samples * (begin + 1);
  uint16_t* lists = course.active_columns.data();
  const int64_t stride = course.active_columns.rows();
  for (const Pathway& p : pathways_) {
    const int64_t height = p.from_units ? n : this->inputs();
    const Real* source = (p.from_units ? spikes : inputs) + p.first;
    ListActive(source, height, p.count, columns, course.active.data(), lists,
               stride);
    AddListedOuter(std::as_const(*this).ErrorsOf(p.current, course), n, source,
                   height, p.count, lists, stride, gradient + p.offset);
  }
}

template <class Real>
void LifLayer<Real>::InputErrors(int64_t columns, LayerCourse<Real>& course,
                                 Real* input_errors) const {
  const int64_t n = this->units(), m = this->inputs();
  std::fill_n(input_errors, m * columns, Real{0});
  for (const Pathway& p : pathways_) {
    if (p.from_units) continue;
    Real* out = input_errors + p.first;
    Multiply<Real>({course.panels.data() + p.panels, p.count, n},
                   {ErrorsOf(p.current, course), n}, columns, {out, m}, out, m);
  }
}

template class LifLayer<float>;
template class LifLayer<double>;

}  // namespace engram
