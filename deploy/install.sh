#!/usr/bin/env bash
# Installs a build as a system service: programs, manual pages, completions,
# unit, sample settings, and the system user that it runs as. Run again, it
# upgrades: settings that are there are left alone. It starts and stops nothing.
#
#   deploy/install.sh [--build DIR] [--prefix DIR] [--destdir DIR]
#
#   --build DIR     where the programs were built (build/release/bin)
#   --prefix DIR    where they go (/usr/local)
#   --destdir DIR   put before every path, for packages: no user is made then
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build/release/bin prefix=/usr/local destdir=

while [[ $# -gt 0 ]]; do
  case $1 in
    --build) build=${2:?--build: which folder?} && shift 2 ;;
    --prefix) prefix=${2:?--prefix: which folder?} && shift 2 ;;
    --destdir) destdir=${2:?--destdir: which folder?} && shift 2 ;;
    -h | --help) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "install.sh: unknown option $1; see --help" >&2; exit 2 ;;
  esac
done

for program in engramd engram-worker engram; do
  [[ -x $build/$program ]] || {
    echo "install.sh: there is no $build/$program; build first (cmake --preset" \
      "portable && ninja -C build/portable), or name the folder with --build" >&2
    exit 1
  }
done
if [[ -z $destdir && $(id -u) -ne 0 ]]; then
  echo "install.sh: installing into $prefix needs root; run it by sudo, or give" \
    "--destdir" >&2
  exit 1
fi

# A program that is running keeps its file: install(1) puts a new one there.
put() { install -D -m "$1" "$2" "$destdir$3"; }

for program in engramd engram-worker engram; do
  put 755 "$build/$program" "$prefix/bin/$program"
done
engram=$destdir$prefix/bin/engram

mkdir -p "$destdir$prefix/share/man/man1"
"$engram" --man "$destdir$prefix/share/man/man1"
completions=$destdir$prefix/share
mkdir -p "$completions/bash-completion/completions" \
  "$completions/zsh/site-functions" "$completions/fish/vendor_completions.d"
"$engram" completion bash >"$completions/bash-completion/completions/engram"
"$engram" completion zsh >"$completions/zsh/site-functions/_engram"
"$engram" completion fish >"$completions/fish/vendor_completions.d/engram.fish"

# The dashboard, when it was built.
for web in "$root/web/dist" "$build/../share/engram/web"; do
  [[ -f $web/index.html ]] || continue
  mkdir -p "$destdir$prefix/share/engram"
  rm -rf "$destdir$prefix/share/engram/web"
  cp -r "$web" "$destdir$prefix/share/engram/web"
  break
done

for file in README.md alerts.yml prometheus.yml engramd.yaml; do
  put 644 "$root/deploy/$file" "$prefix/share/doc/engram/$file"
done

unit=$(mktemp)
trap 'rm -f "$unit"' EXIT
sed "s|/usr/local|$prefix|g" "$root/deploy/engramd.service" >"$unit"
put 644 "$unit" /etc/systemd/system/engramd.service
settings=/etc/engram/engramd.yaml
[[ -e $destdir$settings ]] || put 644 "$root/deploy/engramd.yaml" "$settings"

if [[ -z $destdir ]]; then
  getent passwd engram >/dev/null ||
    useradd --system --user-group --home-dir /var/lib/engram --no-create-home \
      --shell /usr/sbin/nologin engram
  [[ ! -d /run/systemd/system ]] || systemctl daemon-reload
fi

cat <<TEXT
Installed $("$engram" --version) into $destdir$prefix.
  settings   $destdir$settings
  start      systemctl enable --now engramd
  upgrade    systemctl restart engramd
  go on      $destdir$prefix/share/doc/engram/README.md
TEXT
