#pragma once

#include <string>

namespace engram {

// A rule's figure, drawn from the rule itself: runs of plasticity_protocol. Of
// a rule that reads spikes its window, its dependence on the frequency of pairs
// and its mean change under Poisson spikes; of one that reads rates its change
// by two pulses over their lag, and under steady rates. As the text of an SVG
// file.
std::string RuleFigure(const std::string& rule_type);

// The figure of the eligibility trace: the change by a pair over the delay of
// its reward.
std::string EligibilityFigure();

// What the figure of this rule shows, as a sentence.
std::string RuleFigureCaption(const std::string& rule_type);

}  // namespace engram
