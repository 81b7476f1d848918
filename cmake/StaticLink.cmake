# engram_link_static(TARGET LIBRARIES a b ... PACKAGES x y ...): links an
# executable with libraries of ours and with pkg-config packages into one file
# that needs nothing of the system, and that is the same file wherever it is
# built from the same sources with the same tools.
#
# The packages' own CMake files name shared libraries alone, so their archives
# come from pkg-config; our libraries are therefore named by file, without what
# they would bring along.
function(engram_link_static target)
  cmake_parse_arguments(ARG "" "" "LIBRARIES;PACKAGES" ${ARGN})
  find_package(PkgConfig REQUIRED)
  set(files)
  foreach(library ${ARG_LIBRARIES})
    list(APPEND files $<TARGET_FILE:${library}>)
    target_include_directories(${target} PRIVATE
      $<TARGET_PROPERTY:${library},INTERFACE_INCLUDE_DIRECTORIES>)
    target_include_directories(${target} SYSTEM PRIVATE
      $<TARGET_PROPERTY:${library},INTERFACE_SYSTEM_INCLUDE_DIRECTORIES>)
  endforeach()
  pkg_check_modules(${target}_packages REQUIRED ${ARG_PACKAGES})
  set(archives ${${target}_packages_STATIC_LIBRARIES})
  list(REMOVE_DUPLICATES archives)
  list(TRANSFORM archives PREPEND -l)
  add_dependencies(${target} ${ARG_LIBRARIES})
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${files})
  # A build id would be a hash of the same bytes; symbols are for debugging.
  target_link_options(${target} PRIVATE -static -s -Wl,--build-id=none
    -Wl,--no-warnings)
  target_link_libraries(${target} PRIVATE
    -Wl,--start-group ${files} ${archives} -Wl,--end-group)
endfunction()
