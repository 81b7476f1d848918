// write_rule_pages FOLDER: the reference of learning rules, with its figures.

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "docs/rule_pages.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: write_rule_pages FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder / "rules");
  for (const auto& [name, text] : engram::RenderRulePages()) {
    std::ofstream file(folder / name);
    file << text;
    file.close();
    if (!file) {
      std::fprintf(stderr, "write_rule_pages: cannot write %s\n",
                   (folder / name).c_str());
      return 1;
    }
  }
  return 0;
}
