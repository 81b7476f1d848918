#pragma once

#include <vector>

#include "core/base/array.h"
#include "core/spec/component.h"
#include "core/spec/component_spec.h"
#include "core/tasks/sequence_task.h"

namespace engram {

// Parts of sequence_learning: how the size of what a rule wrote is matched
// between rules before a recall, and whether it acts back during training. Both
// slots may be empty: match_strongest_block and open_loop.
std::vector<ComponentSpec> SequencePartSpecs();

// What dW is multiplied by at recall:
//
//   match_strongest_block  gain / (S max|B|)
//   match_norm             gain sqrt(K) / |dW|, which is the former where dW
//                          has one equal block an item and nothing else
//   no_matching            gain
//
// `part` may be null; 0 where nothing was learned.
double RecallScale(const Component* part, double gain, const Array<double>& dw,
                   const SequenceTask& task);

// What dW is multiplied by during training: 0 of an open loop. `part` may be
// null.
double FeedbackScale(const Component* part);

}  // namespace engram
