#pragma once

#include <vector>

#include "core/tasks/supervised/supervised_task.h"

namespace engram {

// Tasks that are made of trials, taught: a network gets a trial whole, with
// what is right at each step. Of actions a step at which nothing is asked
// counts with `fixation_weight` and is not judged; of numbers the task says
// what counts.
//
// A batch is as long as the longest trial that there may be; what comes after a
// trial counts nothing.
std::vector<SupervisedTaskRow> TaughtTrialRows();

}  // namespace engram
