#!/usr/bin/env bash
# What deploy/ holds, tried without root and without systemd: the installer, the
# unit, the sample settings, the rules, and every command of deploy/README.md
# that is not marked `norun`. The last line reads "N passed, N failed".
#
#   tests/deploy/run.sh [BIN]    BIN: folder of engramd (default build/release/bin)
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
bin=$(cd "${1:-$root/build/release/bin}" && pwd)
work=$(mktemp -d)
passed=0 failed=0

finish() {
  [[ ! -s $work/pid ]] || kill -TERM "$(<"$work/pid")" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

# check NAME COMMAND...
check() {
  local name=$1
  shift
  if "$@" >"$work/check.log" 2>&1; then
    passed=$((passed + 1))
    echo "ok      $name"
  else
    failed=$((failed + 1))
    echo "FAILED  $name"
    tail -n 30 "$work/check.log" | sed 's/^/        /'
  fi
}

source "$here/checks.sh"

check "the unit is rated 2.5 at most" unit_is_closed
check "the unit's lines are all known to systemd" unit_is_known
check "alert rules pass promtool" promtool check rules "$root/deploy/alerts.yml"
check "the scrape job passes promtool" \
  promtool check config --syntax-only "$root/deploy/prometheus.yml"
check "alerts name only metrics that there are" alerts_name_metrics
check "install.sh puts everything in place" installs
check "install.sh again keeps the settings" installs_again
check "install.sh says what is missing" installer_refuses
check "the sample has every setting with its default" sample_is_true
check "every command of README.md works" readme_works

echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
