// engram: the command-line client.

#include <string>
#include <vector>

#include "client/cli/program.h"
#include "client/cli/terminal.h"

int main(int argc, char** argv) {
  engram::cli::Host host = engram::cli::ThisProcess();
  return engram::cli::RunProgram(
      std::vector<std::string>(argv + 1, argv + argc), &host);
}
