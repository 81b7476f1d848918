// Prints the type of every learning rule of the installed core.

#include <iostream>

#include "core/programs/builtin.h"

int main() {
  for (const engram::ComponentSpec* rule :
       engram::BuiltinCatalog().OfKind(engram::Kind::kRule)) {
    std::cout << rule->type << "\n";
  }
}
