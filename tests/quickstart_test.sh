#!/usr/bin/env bash
# The quickstart, twice, on a home directory of its own: it checks the flagship,
# keeps the history, and stops the server that it started.
set -euo pipefail
cd "$(dirname "$0")/.."

home=$(mktemp -d)
export HOME=$home XDG_DATA_HOME=$home/share XDG_CONFIG_HOME=$home/config
export ENGRAM_SERVER=127.0.0.1:17070 ENGRAM_HTTP=
unset ENGRAM_DATA ENGRAM_TOKEN XDG_RUNTIME_DIR
finish() {
  deploy/quickstart.sh --stop >/dev/null || true
  rm -rf "$home"
}
trap finish EXIT

fail() { echo "quickstart_test: $1" >&2; exit 1; }

for call in 1 2; do
  deploy/quickstart.sh >"$home/out" || { cat "$home/out"; fail "call $call"; }
  grep -q '13 of 13 claims hold' "$home/out" || fail "claims of call $call"
done
grep -q 'running already' "$home/out" || fail "the second call starts a server"
[[ -f build/release/share/engram/web/index.html ]] || fail "no dashboard"
count=$(build/release/bin/engram list -o name | wc -l)
[[ $count -eq 2 ]] || fail "$count experiments are in the history, not 2"

deploy/quickstart.sh --stop | grep -q Stopped || fail "no stop"
! build/release/bin/engram admin status >/dev/null 2>&1 || fail "still there"
