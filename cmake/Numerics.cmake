# What makes the same tree and seed give the same bits, for every target that
# computes: no contraction of a*b+c, no threads inside Eigen.
add_compile_options(-ffp-contract=off)
add_compile_definitions(EIGEN_DONT_PARALLELIZE EIGEN_MPL2_ONLY)
if(ENGRAM_NATIVE)
  add_compile_options(-march=native)
endif()
