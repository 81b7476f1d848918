# Repeated builds come from ccache where it is installed.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # Working trees share what they compiled, because the compiler is handed
  # relative paths; a Release is not: its file's digest is a build's name, and
  # the paths of __FILE__ must read the same with and without ccache.
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  else()
    set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}
      CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
  endif()
endif()
# No path of the build machine ends up in a binary: the same sources give the
# same file, wherever they lie.
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.
                    -ffile-prefix-map=${PROJECT_BINARY_DIR}=build)
