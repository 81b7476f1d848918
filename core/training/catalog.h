#pragma once

#include <memory>
#include <vector>

#include "core/training/constraint.h"
#include "core/training/layer.h"
#include "core/training/loss.h"

namespace engram {

// One line a component.
const std::vector<LayerRow>& LayerRows();
const std::vector<LossRow>& LossRows();
const std::vector<ConstraintRow>& ConstraintRows();
// Types without a table of their own: `layer_stack` and those of `initial`.
std::vector<ComponentSpec> TrainingPartSpecs();

// Of a validated component; ContractViolation when its type has no row.
template <class Real>
std::unique_ptr<Layer<Real>> MakeLayer(const Component& component,
                                       LayerPlace place);
template <class Real>
std::unique_ptr<LossTerm<Real>> MakeLossTerm(const Component& component);

LayerRow EmbeddingRow();
LayerRow FeedForwardLifRow();
LayerRow FeedForwardRow();
LayerRow FixSubLstmRow();
LayerRow GruRow();
LayerRow LeakyRnnRow();
LayerRow LstmRow();
LayerRow RecurrentLifRow();
LayerRow SubLstmRow();
LayerRow VanillaRnnRow();

LossRow CrossEntropyRow();
LossRow MeanSquaredErrorRow();
LossRow RateCeilingRow();
LossRow RatePenaltyRow();
LossRow SpikeCountL1Row();
LossRow SpikeCountL2Row();
LossRow VanRossumRow();

ConstraintRow SignConstraintRow();
ConstraintRow WeightClipRow();
ConstraintRow ZeroDiagonalRow();

}  // namespace engram
