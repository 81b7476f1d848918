#!/usr/bin/env bash
# Builds the fuzzers and lets each run for a while, starting from its corpus.
#
#   tests/fuzz/run.sh                   ten seconds each, the same seed every time
#   tests/fuzz/run.sh 3600 filter       an hour of one; what it finds that is new
#                                       is added to corpus/grown.tar.xz
# The last line reads "N passed, N failed". What breaks one is kept in
# build/fuzz/found and named.
set -uo pipefail
cd "$(dirname "$0")/../.."
corpus=tests/fuzz/corpus
seconds=${1:-10}
shift $(($# > 0 ? 1 : 0))
fuzzers=("$@")
[[ ${#fuzzers[@]} -gt 0 ]] ||
  fuzzers=($(sed -n 's/^engram_fuzz(\([a-z_]*\).*/\1/p' tests/fuzz/CMakeLists.txt))

cmake --preset fuzz >/dev/null && ninja -C build/fuzz fuzzers || {
  echo "0 passed, 1 failed"
  exit 1
}

grown=build/fuzz/grown
mkdir -p "$grown" build/fuzz/found
tar -C "$grown" -xf "$corpus/grown.tar.xz" || exit 1

# fuzz NAME: one run from all that is known; its log says what it reached.
fuzz() {
  local name=$1 fresh=build/fuzz/fresh/$1
  mkdir -p "$fresh" "$grown/$name"
  "build/fuzz/bin/fuzz_$name" -seed=1 -max_total_time="$seconds" \
    -max_len=4096 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/found/$name-" \
    "$fresh" "$corpus/$name" "$grown/$name" \
    >"build/fuzz/found/$name.log" 2>&1
}

# keep NAME: of all that is known, the fewest inputs that reach as many places
# as the named ones do not reach already.
keep() {
  local name=$1 kept=build/fuzz/kept/$1
  rm -rf "$kept" && mkdir -p "$kept"
  cp "$corpus/$name"/* "$kept"
  "build/fuzz/bin/fuzz_$name" -set_cover_merge=1 -max_len=4096 "$kept" \
    "build/fuzz/fresh/$name" "$grown/$name" >>"build/fuzz/found/$name.log" 2>&1
  rm -rf "${grown:?}/$name" && mkdir -p "$grown/$name"
  find "$kept" -type f -name '????????????????????????????????????????' \
    -exec mv -t "$grown/$name" {} +
}

passed=0 failed=0
for name in "${fuzzers[@]}"; do
  log=build/fuzz/found/$name.log
  if fuzz "$name"; then
    passed=$((passed + 1))
    printf '%-16s %s inputs, %s known ones reach %s places\n' "$name" \
      "$(sed -n 's/stat::number_of_executed_units: *//p' "$log")" \
      "$(find "$corpus/$name" "$grown/$name" -type f | wc -l)" \
      "$(grep -oE 'cov: [0-9]+' "$log" | tail -n 1 | cut -d' ' -f2)"
  else
    failed=$((failed + 1))
    tail -n 40 "$log"
    echo "fuzz_$name failed: $log"
  fi
  [[ $seconds -lt 60 ]] || keep "$name"
done
[[ $seconds -lt 60 ]] ||
  tar -C "$grown" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner \
    -cJf "$corpus/grown.tar.xz" .
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
