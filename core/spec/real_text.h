#pragma once

#include <string>

namespace engram {

// The shortest decimal text that reads back as the same number; -0 is "0".
// A number that is not finite is a ContractViolation.
std::string RealText(double value);

// To 12 significant decimal digits: what a formula gives is then the same on
// machines whose mathematical functions differ in the last bit.
double RoundTo12Digits(double value);

}  // namespace engram
