#include "core/base/contract.h"

#include <string>

namespace engram {

void FailContract(const char* condition, const char* file, int line) {
  throw ContractViolation(std::string(file) + ":" + std::to_string(line) +
                          ": broken promise: " + condition);
}

}  // namespace engram
