# Compiles a configured tree. Sourced by quickstart.sh and by the tests.

# compile BUILD TARGET...: all that can be built, with one more attempt where
# the compiler broke: GCC 12 now and then writes a precompiled header that it
# reads wrongly, and ccache would keep it.
compile() {
  local build=$1 log
  shift
  ninja -C "$build" -k 0 "$@" && return 0
  log=$(ninja -C "$build" -k 0 "$@" 2>&1) && return 0
  grep -qE 'internal compiler error|confused by earlier errors' <<<"$log" ||
    return 1
  echo "The compiler broke; its precompiled headers are made anew."
  local headers
  headers=$(cd "$build" && find . -name '*.gch' -printf '%P\n' -delete)
  CCACHE_RECACHE=1 ninja -C "$build" $headers && ninja -C "$build" -k 0 "$@"
}
