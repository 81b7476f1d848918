#pragma once

#include <cstdint>

#include "core/spec/component.h"

namespace engram {

// Dale's law: all weights of one presynaptic unit have one sign. The first
// units of a population are excitatory, the others inhibitory; after each
// update a weight of the wrong sign becomes 0.
//
// Source: Dale (1935), Proc. R. Soc. Med. 28:319-332; as a projection, Song,
// Yang, Wang (2016), doi:10.1371/journal.pcbi.1004792.

// The first inhibitory one of `n_pre` units, for a `dale` component.
int64_t FirstInhibitory(const Component& component, int64_t n_pre);

}  // namespace engram
