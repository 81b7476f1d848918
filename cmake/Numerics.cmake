# What makes the same tree and seed give the same bits, for every target that
# computes: no contraction of a*b+c, no threads inside Eigen.
add_compile_options(-ffp-contract=off)
add_compile_definitions(EIGEN_DONT_PARALLELIZE EIGEN_MPL2_ONLY)
if(ENGRAM_NATIVE)
  add_compile_options(-march=native)
endif()
# GCC 12 copies constants in wide moves, and takes one whose upper half is zero
# for a repeated pattern: {1, 1, 0, 0} becomes {1, 1, 1, 1}. Moves of 128 bits
# are right; tests/core/base/compiler_test.cc holds it.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND
   CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  add_compile_options(-mmove-max=128 -mstore-max=128)
endif()
