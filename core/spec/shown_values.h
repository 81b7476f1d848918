#pragma once

#include "core/spec/sweep.h"

namespace engram {

// Fills in what varies at each piece of each target, as it reads in a table:
// a parameter by its path; of a component `<path>.type`, where types differ,
// and the parameters in which components of one type differ. What another
// target sets inside is shown there.
void FillShown(Sweep& sweep);

}  // namespace engram
