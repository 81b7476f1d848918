# Repeated builds come from ccache where it is installed. It hands the compiler
# paths relative to the tree, so that working trees share what they compiled.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}
    CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
endif()
# No path of the build machine ends up in a binary: the same sources give the
# same file, wherever they lie, and with and without ccache, whose relative
# paths read the same as the absolute ones after these.
file(RELATIVE_PATH upwards ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
                    -ffile-prefix-map=${PROJECT_BINARY_DIR}/=
                    -ffile-prefix-map=${upwards}=)
