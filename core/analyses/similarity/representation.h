#pragma once

#include <optional>

#include "core/base/array.h"

namespace engram {

// How alike two recordings are, (n_steps, n_units) each, up to a rotation of
// their units; the numbers of units may differ. Means over steps are taken out
// first. Empty when one of them does not vary.

// Linear centred kernel alignment |Y'X|_F^2 / (|X'X|_F |Y'Y|_F), 0 to 1; 1 for
// a rotated, scaled or shifted copy.
// Source: Kornblith et al. (2019), arXiv:1905.00414.
std::optional<double> LinearCka(const Array<double>& x, const Array<double>& y);

// sqrt(|X|^2 + |Y|^2 - 2 |X'Y|_*) of matrices scaled to norm 1, with the sum of
// singular values |.|_*: the distance that is left after the best rotation, 0
// for a rotated copy and sqrt 2 at most.
// Source: Schoenemann (1966), doi:10.1007/BF02289451.
std::optional<double> ProcrustesDistance(const Array<double>& x,
                                         const Array<double>& y);

}  // namespace engram
