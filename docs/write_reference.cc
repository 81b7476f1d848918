// write_reference FILE: the reference of all components, from the catalog.

#include <cstdio>
#include <fstream>

#include "core/programs/builtin.h"
#include "core/spec/reference.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: write_reference FILE\n", stderr);
    return 2;
  }
  std::ofstream file(argv[1]);
  file << engram::RenderReference(engram::BuiltinCatalog());
  file.close();
  if (!file) {
    std::fprintf(stderr, "write_reference: cannot write %s\n", argv[1]);
    return 1;
  }
  return 0;
}
