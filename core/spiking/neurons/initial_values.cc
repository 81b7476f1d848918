#include "core/spiking/neurons/initial_values.h"

#include <vector>

#include "core/base/random.h"
#include "core/spiking/catalog.h"

namespace engram {

SlotSpec InitialSlot(std::string name, std::string unit, std::string meaning) {
  return {.name = std::move(name),
          .kind = Kind::kDistribution,
          .many = false,
          .optional = true,
          .default_type = "",
          .meaning = std::move(meaning),
          .unit = std::move(unit)};
}

template <class Real>
Array<Real> InitialValues(const Component& c, const PopulationShape& shape,
                          const std::string& slot, double otherwise) {
  Array<Real> values(shape.units);
  const Component* distribution = c.Find(slot);
  if (distribution == nullptr) {
    for (Real& x : values.span()) x = static_cast<Real>(otherwise);
    return values;
  }
  std::vector<double> drawn(static_cast<size_t>(shape.units));
  MakeDistribution(*distribution)
      ->Fill(RandomStream(shape.seed, c.path, slot), 0, drawn);
  for (int64_t k = 0; k < shape.units; ++k) {
    values[k] = static_cast<Real>(drawn[static_cast<size_t>(k)]);
  }
  return values;
}

template Array<float> InitialValues(const Component&, const PopulationShape&,
                                    const std::string&, double);
template Array<double> InitialValues(const Component&, const PopulationShape&,
                                     const std::string&, double);

double RealOr(const Component& c, const std::string& name, double otherwise) {
  return c.Has(name) ? c.Real(name) : otherwise;
}

}  // namespace engram
