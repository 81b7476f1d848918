#pragma once

#include <string>

namespace engram {

// Sets what this thread's arithmetic depends on, beside the code: results and
// operands too small for a normal number are 0 (decaying traces are fifty
// times slower otherwise), rounding is to nearest, and Eigen blocks products
// for fixed cache sizes, because its blocking changes bits. Called first thing
// in main, before any thread starts: threads inherit the first two, and Eigen's
// sizes are the process's.
void SetNumericEnvironment();

// What differs from the above in the calling thread, as a sentence; empty when
// all is as it should be.
std::string NumericEnvironmentFault();

// As SetNumericEnvironment, for the time of a scope and of the threads started
// in it; the sizes stay. For tests and hosts that own their main.
class ScopedNumericEnvironment {
 public:
  ScopedNumericEnvironment();
  ~ScopedNumericEnvironment();
  ScopedNumericEnvironment(const ScopedNumericEnvironment&) = delete;
  ScopedNumericEnvironment& operator=(const ScopedNumericEnvironment&) = delete;

 private:
  unsigned long long saved_;
};

}  // namespace engram
