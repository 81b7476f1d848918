# Every target of ours links engram::warnings; a warning is an error.
add_library(engram_warnings INTERFACE)
add_library(engram::warnings ALIAS engram_warnings)
target_compile_options(engram_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Werror
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)
