#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test, on a bare Debian 12.
# The last line reads "N passed, N failed".
#
#   tests/run.sh                 everything but tidy, which takes ten minutes more
#   tests/run.sh release format  only these of: format release install deploy
#                                quickstart web dashboard fuzz tidy tsan asan
#   ENGRAM_LONG=1 tests/run.sh release   with the long forms of what has one
set -uo pipefail
cd "$(dirname "$0")/.."
source deploy/packages.sh
source deploy/compile.sh

passed=0 failed=0
failures=()

heading() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

# check NAME COMMAND...: one check that passes when the command does.
check() {
  local name=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    failures+=("$name")
  fi
}

# Adds up the closing lines of ctest; a build that fails is one failure.
#   build_and_test PRESET TARGETS [CTEST OPTION...]
build_and_test() {
  local preset=$1 targets=$2 log=build/$1/test.log
  shift 2
  mkdir -p "build/$preset"
  if ! { cmake --preset "$preset" -DENGRAM_TESTS=ON >"build/$preset/configure.log" 2>&1 &&
    compile "build/$preset" $targets; } >"build/$preset/build.log" 2>&1; then
    cat "build/$preset/configure.log" | tail -n 20
    grep -E 'error|FAILED' "build/$preset/build.log" | head -n 40
    failed=$((failed + 1))
    failures+=("build of $preset")
    return
  fi
  ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j 2 \
    "$@" >"$log" 2>&1
  grep -vE '^ *[0-9]+/[0-9]+ Test|^ *Start|^ *Test +#' "$log" | tail -n 60
  local bad all
  bad=$(sed -nE 's/.* ([0-9]+) tests? failed out of ([0-9]+).*/\1/p' "$log")
  all=$(sed -nE 's/.* ([0-9]+) tests? failed out of ([0-9]+).*/\2/p' "$log")
  if [[ -z $all ]]; then
    failed=$((failed + 1))
    failures+=("tests of $preset: see $log")
    return
  fi
  passed=$((passed + all - bad))
  failed=$((failed + bad))
  [[ $bad -eq 0 ]] || failures+=("$bad tests of $preset")
}

sources() {
  find core server client tests docs -name node_modules -prune -o \
    -name '*.h' -print -o -name '*.cc' -print | sort
}

run_format() {
  heading "clang-format"
  check "clang-format" clang-format-16 --dry-run --Werror $(sources)
}

run_release() {
  heading "Release build"
  build_and_test release all
}

run_install() {
  heading "The core without the server"
  check "install" tests/install_test.sh
}

run_tidy() {
  heading "clang-tidy"
  check "clang-tidy" tests/tidy.sh build/release
}

run_asan() {
  heading "AddressSanitizer and UndefinedBehaviorSanitizer"
  export UBSAN_OPTIONS=print_stacktrace=1
  # What is lost within Debian's c-ares is not ours.
  export LSAN_OPTIONS="suppressions=$PWD/tests/lsan.supp print_suppressions=0"
  # The claims are about numbers and take minutes here, as does the one long run
  # in another process; the code that makes them runs in other tests, too.
  build_and_test asan all -E "PresetClaims|AYieldedRunGoesOnInAnotherProcess"
}

run_tsan() {
  heading "ThreadSanitizer"
  export TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp second_deadlock_stack=1"
  # What has threads and no gRPC, which Debian builds without this sanitizer.
  # Tests of binaries that are not built are left out by name.
  build_and_test tsan "core_base_test core_same_bits_test server_store_test
    server_queue_test server_queue_order_test server_watch_test
    server_executor_test" \
    -E "_NOT_BUILT|^service|PresetClaims"
}

run_quickstart() {
  heading "Quickstart"
  check "quickstart" tests/quickstart_test.sh
}

# add_up NAME LOG COMMAND...: a script that ends with "N passed, N failed".
add_up() {
  local name=$1 log=$2 closing
  shift 2
  "$@" >"$log" 2>&1
  closing=$(tail -n 1 "$log")
  if [[ $closing =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
    [[ ${BASH_REMATCH[2]} -eq 0 ]] || failures+=("$name: see $log")
  else
    failed=$((failed + 1))
    failures+=("$name: see $log")
  fi
  tail -n 20 "$log"
}

run_web() {
  heading "HTTP: curl and a browser"
  add_up "HTTP tests" build/web.log tests/web/run.sh
}

run_dashboard() {
  heading "Dashboard: units, and every view in a browser"
  add_up "dashboard tests" build/dashboard.log web/test.sh
}

run_fuzz() {
  heading "Fuzzers, five seconds each"
  add_up "fuzzers" build/fuzz.log tests/fuzz/run.sh 5
}

run_deploy() {
  heading "Installer, unit, sample settings, the administrator's README"
  add_up "deploy tests" build/deploy.log tests/deploy/run.sh
}

parts=("$@")
[[ ${#parts[@]} -gt 0 ]] || parts=(format release install
    deploy quickstart web dashboard fuzz tsan asan)

install_packages "${engram_build_packages[@]}" "${engram_test_packages[@]}" ||
  exit 1
for part in "${parts[@]}"; do
  declare -F "run_$part" >/dev/null ||
    { echo "tests/run.sh: unknown part $part" >&2; exit 2; }
  "run_$part"
done

printf '\nTook %s s.\n' "$SECONDS"
[[ ${#failures[@]} -eq 0 ]] || printf 'failed: %s\n' "${failures[@]}"
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
