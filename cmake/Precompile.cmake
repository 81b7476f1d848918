# engram_precompile(TARGET HEADERS...): what nearly every source of the target
# includes, read once. Headers say what they include all the same.
#
# ccache keeps such compilations only when told that the definitions behind a
# precompiled header and the time of day may be relied on.
set(precompile_launcher ${CMAKE_CXX_COMPILER_LAUNCHER})
if(precompile_launcher)
  list(PREPEND precompile_launcher ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros)
endif()

function(engram_prepare_precompiled target)
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
  if(precompile_launcher)
    set_target_properties(${target} PROPERTIES
      CXX_COMPILER_LAUNCHER "${precompile_launcher}")
  endif()
endfunction()

function(engram_precompile target)
  target_precompile_headers(${target} PRIVATE ${ARGN})
  engram_prepare_precompiled(${target})
endfunction()

# Uses what another target, compiled with the same options, has precompiled.
function(engram_reuse_precompiled target from)
  target_precompile_headers(${target} REUSE_FROM ${from})
  engram_prepare_precompiled(${target})
endfunction()

# The standard library's and Abseil's words that everything is written in.
set(ENGRAM_VOCABULARY <algorithm> <functional> <map> <memory> <optional>
  <string> <string_view> <utility> <variant> <vector>
  <absl/status/status.h> <absl/status/statusor.h> <absl/strings/str_cat.h>
  <absl/strings/string_view.h>)
