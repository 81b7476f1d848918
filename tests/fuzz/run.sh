#!/usr/bin/env bash
# Builds the fuzzers and lets each run for a while, starting from its corpus.
#
#   tests/fuzz/run.sh                   ten seconds each, the same seed every time
#   tests/fuzz/run.sh 3600 filter       an hour of one; what it finds that is new
#                                       is added to the corpus
# The last line reads "N passed, N failed". What breaks one is kept in
# build/fuzz/found and named.
set -uo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-10}
shift $(($# > 0 ? 1 : 0))
fuzzers=("$@")
[[ ${#fuzzers[@]} -gt 0 ]] ||
  fuzzers=($(cd tests/fuzz/corpus && printf '%s\n' */ | tr -d /))

cmake --preset fuzz >/dev/null && ninja -C build/fuzz fuzzers || {
  echo "0 passed, 1 failed"
  exit 1
}

passed=0 failed=0
for name in "${fuzzers[@]}"; do
  corpus=tests/fuzz/corpus/$name fresh=build/fuzz/fresh/$name
  mkdir -p "$fresh" build/fuzz/found
  log=build/fuzz/found/$name.log
  if "build/fuzz/bin/fuzz_$name" -seed=1 -max_total_time="$seconds" \
    -max_len=4096 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/found/$name-" "$fresh" "$corpus" \
    >"$log" 2>&1; then
    passed=$((passed + 1))
    printf '%-16s %s inputs, %s bytes of corpus reach %s places\n' "$name" \
      "$(sed -n 's/stat::number_of_executed_units: *//p' "$log")" \
      "$(du -sb "$corpus" | cut -f1)" \
      "$(grep -oE 'cov: [0-9]+' "$log" | tail -n 1 | cut -d' ' -f2)"
  else
    failed=$((failed + 1))
    tail -n 40 "$log"
    echo "fuzz_$name failed: $log"
  fi
  if [[ $seconds -ge 60 ]]; then
    "build/fuzz/bin/fuzz_$name" -merge=1 -max_len=4096 "$corpus" "$fresh" \
      >>"$log" 2>&1
  fi
done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
