# The curl examples of server/gateway/README.md, run. Sourced by run.sh, which
# gives `base_url`, `ENGRAM_TOKEN` and `check NAME GOT PATTERN`.

api() {
  local path=$1
  shift
  curl -sS -m 20 -H "Authorization: Bearer $ENGRAM_TOKEN" "$@" \
    "$base_url/engram.v1.$path"
}
json=(-H 'Content-Type: application/json')

test_curl() {
  check "curl: a unary call" "$(api Admin/WhoAmI "${json[@]}" -d '{}')" \
    '"user":"users/'
  check "curl: an error is JSON" \
    "$(api Runs/GetRun "${json[@]}" -d '{"name": "zzzzzzzzzz/1"}')" \
    '"code":"not_found"'
  check "curl: a mistake in the JSON is located" \
    "$(api Runs/GetRun "${json[@]}" -d '{"name" 1}')" 'line 1, column 9'
  check "curl: no token" \
    "$(curl -sS -w ' %{http_code}' "${json[@]}" -d '{}' \
      "$base_url/engram.v1.Admin/WhoAmI")" '"code":"unauthenticated".* 401$'
  check "curl: a stream" \
    "$(printf '\0\0\0\0\x2d{"parents": ["experiments/zzzz"], "kinds": [1]}' |
      head -c 50 |
      api Events/Watch -H 'Content-Type: application/connect+json' \
        --data-binary @- | tr -d '\0')" '"error":{"code":"'
  check "curl: health" "$(curl -sS "$base_url/healthz")" '^ok$'
  check "curl: another name for this address" \
    "$(curl -sS -o /dev/null -w '%{http_code}' -H 'Host: evil.example' \
      "$base_url/")" '^421$'
}
