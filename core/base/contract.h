#pragma once

#include <stdexcept>
#include <string>

namespace engram {

// Thrown when our own code breaks a promise (a wrong shape, an impossible
// state), in every build. It throws rather than aborts because the server is
// shared: a worker turns it into one failed run, a call handler into INTERNAL.
class ContractViolation : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void FailContract(const char* condition, const char* file,
                               int line);

}  // namespace engram

#define ENGRAM_EXPECT(condition)                              \
  do {                                                        \
    if (!(condition)) [[unlikely]]                            \
      ::engram::FailContract(#condition, __FILE__, __LINE__); \
  } while (false)
