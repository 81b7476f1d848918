#include "core/spiking/neurons/unit_variation.h"

#include "core/base/math.h"
#include "core/base/random.h"

namespace engram {

UnitVariation::UnitVariation(const Component& c, const PopulationShape& shape)
    : component_(c), draws_(static_cast<size_t>(shape.units)) {
  RandomStream(shape.seed, c.path, "unit_draws").Fill(0, draws_);
  const double power = c.Real("range_power");
  if (power != 1) math::Pow(draws_, power, draws_);
}

template <class Real>
Array<Real> UnitVariation::Values(const std::string& name, double value) const {
  const double range = component_.Real(name + "_range");
  Array<Real> values(static_cast<int64_t>(draws_.size()));
  for (size_t k = 0; k < draws_.size(); ++k) {
    values[static_cast<int64_t>(k)] =
        static_cast<Real>(value + range * draws_[k]);
  }
  return values;
}

template Array<float> UnitVariation::Values(const std::string&, double) const;
template Array<double> UnitVariation::Values(const std::string&, double) const;

ParameterSpec RangeOf(const std::string& name, std::string unit) {
  return Real(name + "_range", std::move(unit), 0, -1e6, 1e6,
              "unit k has " + name + " + " + name + "_range r_k^range_power");
}

ParameterSpec RangePower() {
  return Real("range_power", "1", 1, 0.01, 100,
              "of r_k, which is uniform in (0, 1) and the same for all "
              "parameters of a unit");
}

}  // namespace engram
