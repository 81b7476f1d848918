#pragma once

#include "core/analyses/sequence_analysis.h"
#include "core/analyses/training/trained_analysis.h"

namespace engram {

// How one integrate-and-fire unit that was trained on channels of excitatory
// and inhibitory inputs is tuned, over fresh trials:
//
//   co_tuning          corr_k(w^E_k, w^I_k), w_k the sum of a channel's weights
//   balance_preferred  sum I_I / sum I_E over all steps of trials of class 1
//   balance_all        the same over all trials
//   selectivity        spikes in the scored steps, class 1 over class 0
//   rate               spikes over all steps [Hz]
//
// Source: after Vogels et al. (2011), doi:10.1126/science.1211095.
ComponentSpec EiTuningSpec();
// Why a program has nothing for it; empty where it has.
std::string RefuseEiTuning(const Component& root);

template <class Real>
void RunEiTuning(const TrainedState<Real>& trained, const Component& analysis,
                 AnalysisOutput& out);

}  // namespace engram
