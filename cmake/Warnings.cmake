# Every target of ours links engram::warnings; a warning is an error. Clang's
# -Wconversion asks for casts between signed and unsigned, GCC's does not; Clang
# does not know GCC's pragmas.
add_library(engram_warnings INTERFACE)
add_library(engram::warnings ALIAS engram_warnings)
# GCC 12 warns of its own standard library's code when it inlines strings and
# variants with optimisation or sanitizers (GCC PR 105651, PR 105562); what
# these four look for is held by the sanitizers and by clang-tidy.
target_compile_options(engram_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Werror
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-maybe-uninitialized
    -Wno-stringop-overflow -Wno-array-bounds>
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety -Wno-sign-conversion
    -Wno-unknown-pragmas -Wno-macro-redefined>)
