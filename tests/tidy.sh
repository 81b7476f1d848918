#!/usr/bin/env bash
# clang-tidy over our sources, or those of some folders, two at a time (JOBS=1:
# one). A source whose text, headers and options have not changed since it was
# last clean is not read again.
#
#   tests/tidy.sh BUILD_FOLDER [FOLDER]...
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1
shift
(($#)) || set -- core server client
cache=$build/tidy
mkdir -p "$cache/commands"
# Without the options of GCC alone that Clang refuses, and without its
# precompiled headers.
sed -E 's/ -m(move|store)-max=128//g; s/ (\\")?-mtune-ctrl=[^ ]*//g; s/ -Winvalid-pch//g; s/ -include [^ ]*cmake_pch.hxx//g' \
  "$build/compile_commands.json" \
  >"$cache/commands/compile_commands.json"
export build cache

tidy_one() {
  local source=$1 key
  # The preprocessed text stands for the source and all that it includes.
  key=$( { cat .clang-tidy; clang++-16 --version; clang++-16 -std=c++20 -E -P \
    -I. -I"$build/proto/generated" -DENGRAM_SOURCE_DIR='""' "$source" \
    2>/dev/null; } | sha256sum | cut -c1-32)
  [[ -e $cache/$key ]] && return 0
  local options=(-p "$cache/commands" --quiet)
  # Clang's -Wconversion says more than GCC's; its thread-safety analysis reads
  # the annotations of core/base/mutex.h, whose names Abseil defines, too, with
  # the same meaning: Abseil's come first, whatever a source includes first.
  for flag in -Wthread-safety -Wno-sign-conversion -Wno-unknown-pragmas \
    -Wno-unknown-warning-option -include absl/base/thread_annotations.h; do
    options+=("--extra-arg=$flag")
  done
  if clang-tidy-16 "${options[@]}" "$source" >"$cache/$key.out" 2>/dev/null; then
    rm -f "$cache/$key.out"
    touch "$cache/$key"
  else
    grep -E 'error:|warning:' "$cache/$key.out" | sort -u
    return 1
  fi
}
export -f tidy_one

find "$@" -name '*.cc' | sort |
  xargs -P "${JOBS:-2}" -I{} bash -c 'tidy_one {}'
