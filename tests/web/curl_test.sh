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

# After `base_url` has become https and `work` holds cert.pem.
test_curl_tls() {
  check "curl: a call under TLS" \
    "$(api Admin/WhoAmI "${json[@]}" --cacert "$work/cert.pem" -d '{}')" \
    '"user":"users/'
  check "curl: nobody vouches for the server" \
    "$(curl -sS "$base_url/healthz" 2>&1 || true)" 'SSL certificate problem'
  check "curl: TLS below 1.2" \
    "$(curl -sS --cacert "$work/cert.pem" --tls-max 1.1 "$base_url/healthz" \
      2>&1 || true)" '^curl: \('
  check "curl: plain HTTP to the port of TLS" \
    "$(curl -sS "http${base_url#https}/healthz")" 'wanted https'
  check "curl: browsers are told to stay with TLS" \
    "$(curl -sS -D - -o /dev/null --cacert "$work/cert.pem" \
      "https://127.0.0.1:${base_url##*:}/")" \
    '^Strict-Transport-Security: max-age=31536000'
}
