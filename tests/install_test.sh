#!/usr/bin/env bash
# The core builds without the server, installs, and serves a project elsewhere.
set -euo pipefail
cd "$(dirname "$0")/.."

build=build/core
cmake --preset release -B $build -DENGRAM_SERVER=OFF -DENGRAM_TESTS=OFF >/dev/null
ninja -C $build >/dev/null
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
cmake --install $build --prefix "$prefix/installed" >/dev/null
cmake -G Ninja -S tests/install -B "$prefix/build" \
  -DCMAKE_PREFIX_PATH="$prefix/installed" >/dev/null
ninja -C "$prefix/build" >/dev/null
[[ $("$prefix/build/list_rules" | sort | tr '\n' ' ') == *hebbian*stdp_rate* ]]
