#include "core/training/catalog.h"

#include <type_traits>

#include "core/spec/find_row.h"
#include "core/training/initial.h"
#include "core/training/stored_parameters.h"

namespace engram {

const std::vector<LayerRow>& LayerRows() {
  static const std::vector<LayerRow> rows = {
      EmbeddingRow(), FeedForwardLifRow(), FeedForwardRow(), FixSubLstmRow(),
      GruRow(),       LeakyRnnRow(),       LstmRow(),        RecurrentLifRow(),
      SubLstmRow(),   VanillaRnnRow(),
  };
  return rows;
}

const std::vector<LossRow>& LossRows() {
  static const std::vector<LossRow> rows = {
      CrossEntropyRow(), MeanSquaredErrorRow(), RateCeilingRow(),
      RatePenaltyRow(),  SpikeCountL1Row(),     SpikeCountL2Row(),
      VanRossumRow(),
  };
  return rows;
}

const std::vector<ConstraintRow>& ConstraintRows() {
  static const std::vector<ConstraintRow> rows = {
      SignConstraintRow(),
      WeightClipRow(),
      ZeroDiagonalRow(),
  };
  return rows;
}

std::vector<ComponentSpec> TrainingPartSpecs() {
  return {{.kind = Kind::kTrainedNetwork,
           .type = "layer_stack",
           .summary = "layers of several kinds, one upon the other",
           .slots = {{.name = "layers",
                      .kind = Kind::kTrainedNetwork,
                      .many = true,
                      .meaning = "from the input up"}}},
          InitialWeightsSpec(),
          StoredParametersSpec()};
}

template <class Real>
std::unique_ptr<Layer<Real>> MakeLayer(const Component& component,
                                       LayerPlace place) {
  const LayerRow& row = RowOf(LayerRows(), component.type);
  if constexpr (std::is_same_v<Real, float>) {
    return row.make_single(component, place);
  } else {
    return row.make_double(component, place);
  }
}
template std::unique_ptr<Layer<float>> MakeLayer(const Component&, LayerPlace);
template std::unique_ptr<Layer<double>> MakeLayer(const Component&, LayerPlace);

template <class Real>
std::unique_ptr<LossTerm<Real>> MakeLossTerm(const Component& component) {
  const LossRow& row = RowOf(LossRows(), component.type);
  if constexpr (std::is_same_v<Real, float>) {
    return row.make_single(component);
  } else {
    return row.make_double(component);
  }
}
template std::unique_ptr<LossTerm<float>> MakeLossTerm(const Component&);
template std::unique_ptr<LossTerm<double>> MakeLossTerm(const Component&);

}  // namespace engram
