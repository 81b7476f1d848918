#!/usr/bin/env bash
# From a bare Debian 12 to a checked experiment: installs what is missing,
# builds, starts the server on loopback, runs the flagship comparison, prints
# its claims. A second call starts within seconds and keeps the history.
#
#   deploy/quickstart.sh              build for this machine's processor
#   deploy/quickstart.sh --portable   build for any x86-64 processor
#   deploy/quickstart.sh --stop       stop the server that it started
set -euo pipefail
cd "$(dirname "$0")/.."
source deploy/packages.sh
source deploy/compile.sh

preset=release action=start
for argument in "$@"; do
  case $argument in
    --portable) preset=portable ;;
    --stop) action=stop ;;
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "quickstart.sh: unknown option $argument; see --help" >&2; exit 2 ;;
  esac
done

bin=$PWD/build/$preset/bin
data=${ENGRAM_DATA:-${XDG_DATA_HOME:-$HOME/.local/share}/engram}
server=${ENGRAM_SERVER:-127.0.0.1:7070}
http=${ENGRAM_HTTP-127.0.0.1:7080}
pid_file=$data/engramd.pid
log_file=$data/engramd.log
export ENGRAM_SERVER=$server

is_running() {
  [[ -s $pid_file ]] && kill -0 "$(<"$pid_file")" 2>/dev/null &&
    [[ $(readlink "/proc/$(<"$pid_file")/exe") == */engramd* ]]
}

stop_server() {
  is_running || { echo "No server of this script is running."; return 0; }
  kill -TERM "$(<"$pid_file")"
  for _ in {1..150}; do is_running || break; sleep 0.1; done
  rm -f "$pid_file"
  echo "Stopped. The history stays in $data."
}

build() {
  install_packages "${engram_build_packages[@]}"
  if [[ ! -e build/$preset/build.ninja ]]; then
    cmake --preset "$preset" -DENGRAM_TESTS=OFF >"build-$preset.log" ||
      { cat "build-$preset.log" >&2; return 1; }
    mkdir -p "build/$preset" && mv "build-$preset.log" "build/$preset/configure.log"
  fi
  compile "build/$preset" engramd engram-worker engram
  web/build.sh "build/$preset/share/engram/web"
  mkdir -p "build/$preset/share/man/man1"
  "$bin/engram" --man "build/$preset/share/man/man1"
}

start_server() {
  mkdir -p "$data"
  setsid "$bin/engramd" --data "$data" --listen "$server" \
    --http-listen "$http" >>"$log_file" 2>&1 </dev/null &
  echo $! >"$pid_file"
  for _ in {1..100}; do
    "$bin/engram" admin status -o name >/dev/null 2>&1 && return 0
    is_running || break
    sleep 0.1
  done
  echo "The server did not start; the end of $log_file says why:" >&2
  tail -n 5 "$log_file" >&2
  return 1
}

[[ $action == stop ]] && { stop_server; exit; }

build
if is_running; then
  echo "The server is running already (process $(<"$pid_file"))."
else
  start_server
  echo "Started the server on $server (process $(<"$pid_file"))."
fi

status=0
"$bin/engram" check flagship || status=$?

cat <<TEXT

The record     $data
The log        $log_file
The dashboard  ${http:+http://}${http:-off}${http:+   log in: engram login --link}
Go on          export PATH=$bin:\$PATH
               engram list                     what has been submitted
               engram get EXPERIMENT           one experiment, its runs and claims
               engram compare EXPERIMENT       rules side by side
               engram submit flagship --set experiment.network.g_0=1.0 --follow
               engram presets                  other published experiments
               engram --help
Manual         man -M $(dirname "$bin")/share/man engram
Completion     source <(engram completion bash)
Stop           deploy/quickstart.sh --stop
TEXT
exit $status
