# The checks of run.sh, one function each; sourced by it.

unit_is_closed() {
  systemd-analyze security --offline=true --no-pager --threshold=25 \
    "$root/deploy/engramd.service"
}

# systemd-analyze verify also looks for the programs, which are not installed
# here: what it says of lines and values counts.
unit_is_known() {
  local said
  said=$(systemd-analyze verify "$root/deploy/engramd.service" 2>&1 |
    grep -E 'Unknown|Failed to parse|Invalid|ignoring' || true)
  [[ -z $said ]] || { echo "$said"; return 1; }
}

# Every engram_ name of the rules is one of the page's.
alerts_name_metrics() {
  local name missing=0
  for name in $(grep -oE 'engram_[a-z_]+' "$root/deploy/alerts.yml" | sort -u); do
    name=${name%_bucket}
    grep -q "\"$name\"" "$root"/server/rpc/metrics_page.cc \
      "$root"/server/rpc/event_meter.cc ||
      { echo "no metric $name"; missing=1; }
  done
  return $missing
}

installs() {
  "$root/deploy/install.sh" --build "$bin" --destdir "$work/root" || return 1
  local path
  for path in usr/local/bin/{engramd,engram-worker,engram} \
    usr/local/share/man/man1/engram.1 \
    usr/local/share/bash-completion/completions/engram \
    usr/local/share/zsh/site-functions/_engram \
    usr/local/share/fish/vendor_completions.d/engram.fish \
    usr/local/share/doc/engram/{README.md,alerts.yml} \
    etc/systemd/system/engramd.service etc/engram/engramd.yaml; do
    [[ -s $work/root/$path ]] || { echo "no $path"; return 1; }
  done
  bash -n "$work/root/usr/local/share/bash-completion/completions/engram"
}

installs_again() {
  echo 'log_format: text' >>"$work/root/etc/engram/engramd.yaml"
  "$root/deploy/install.sh" --build "$bin" --destdir "$work/root" \
    --prefix /opt/engram || return 1
  grep -q '^log_format: text' "$work/root/etc/engram/engramd.yaml" &&
    grep -q '^ExecStart=/opt/engram/bin/engramd' \
      "$work/root/etc/systemd/system/engramd.service"
}

installer_refuses() {
  local said
  said=$("$root/deploy/install.sh" --build "$work" --destdir "$work/x" 2>&1) &&
    return 1
  [[ $said == *"--build"* && ! -e $work/x ]]
}

# As the service sees it: no home, XDG_RUNTIME_DIR=/run.
print_config() { env -i PATH="$PATH" XDG_RUNTIME_DIR=/run "$bin/engramd" "$@"; }

# The sample, with every commented key in force, has the very keys of
# --print-config, and where a default is no matter of the machine, its value.
sample_is_true() {
  local sample=$root/deploy/engramd.yaml all=$work/all.yaml key
  sed -E 's/^#([a-z_]+:)/\1/' "$sample" >"$all"
  print_config --config "$all" --print-config >"$work/all.txt" || return 1
  : >"$work/none.yaml"
  print_config --config "$work/none.yaml" --print-config >"$work/none.txt" ||
    return 1
  if grep -v "# $all:" "$work/all.txt"; then
    echo "these settings are not in the sample"
    return 1
  fi
  grep -qE '^[a-z_]+:' "$sample" && { echo "a key is in force"; return 1; }
  for key in data listen http_listen tls_cert tls_key disk_low_water \
    backup_every backup_keep log_level log_format; do
    [[ $(value_of "$key" "$work/all.txt") == $(value_of "$key" "$work/none.txt") ]] ||
      { echo "the sample's $key is not the default"; return 1; }
  done
}

value_of() { sed -nE "s/^$1: *(.*[^ ])? *# .*/\1/p" "$2"; }

# Programs that stand in for those that need root or systemd: `sudo` does what
# it is told as this user, `systemctl` starts and stops the unit's program.
make_stand_ins() {
  mkdir -p "$work/bin" "$work/run"
  cat >"$work/bin/sudo" <<'STAND_IN'
#!/usr/bin/env bash
[[ $1 != -u ]] || shift 2
exec "$@"
STAND_IN
  cat >"$work/bin/chown" <<'STAND_IN'
#!/usr/bin/env bash
[[ -e ${!#} ]]
STAND_IN
  cat >"$work/bin/journalctl" <<STAND_IN
#!/usr/bin/env bash
tail -n 5 "$work/engramd.log"
STAND_IN
  cat >"$work/bin/systemctl" <<STAND_IN
#!/usr/bin/env bash
set -euo pipefail
action=\$1
[[ \$action != enable ]] || action=start
[[ \$action != disable ]] || action=stop
is_running() { [[ -s $work/pid ]] && kill -0 "\$(<"$work/pid")" 2>/dev/null; }
if [[ \$action == stop || \$action == restart ]]; then
  is_running && kill -TERM "\$(<"$work/pid")"
  for _ in {1..400}; do is_running || break; sleep 0.05; done
  is_running && { echo "engramd did not end" >&2; exit 1; }
  rm -f "$work/pid"
fi
[[ \$action == start || \$action == restart ]] || exit 0
is_running && exit 0
mkdir -p "$work/root/var/lib/engram"
command=\$(sed -n 's/^ExecStart=//p' "$work/root/etc/systemd/system/engramd.service")
command=\${command//\/usr\/local/$work/root/usr/local}
command=\${command//\/etc\/engram/$work/root/etc/engram}
env -i PATH="\$PATH" XDG_RUNTIME_DIR="$work/run" \$command \
  >>"$work/engramd.log" 2>&1 </dev/null &
echo \$! >"$work/pid"
for _ in {1..400}; do
  curl -fs "http://\$(<"$work/http")/healthz" >/dev/null && exit 0
  is_running || break
  sleep 0.05
done
tail -n 5 "$work/engramd.log" >&2
exit 1
STAND_IN
  chmod +x "$work"/bin/*
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# The blocks marked sh, one after the other, with paths below the work folder.
readme_commands() {
  awk '/^```sh$/ { on = 1; next } /^```/ { on = 0 } on' "$root/deploy/README.md" |
    sed -E "s#deploy/install.sh#$root/deploy/install.sh --build $bin --destdir $work/root#
      s#(/var/lib/engram|/etc/engram)#$work/root\1#g
      s#127\.0\.0\.1:7080#$(<"$work/http")#g"
}

readme_works() {
  rm -rf "$work/root"
  make_stand_ins
  local grpc
  grpc=127.0.0.1:$(free_port)
  echo "127.0.0.1:$(free_port)" >"$work/http"
  mkdir -p "$work/root/etc/engram" "$work/root/var/lib"
  sed -E "s#^\#(data: ).*#\1$work/root/var/lib/engram#
    s#^\#(listen: ).*#\1$grpc#
    s#^\#(http_listen: ).*#\1$(<"$work/http")#
    s#^\#(workers: ).*#\11#" "$root/deploy/engramd.yaml" \
    >"$work/root/etc/engram/engramd.yaml"
  readme_commands >"$work/readme.sh"
  [[ $(grep -c . "$work/readme.sh") -gt 30 ]] || { echo "too few commands"; return 1; }
  env -i PATH="$work/bin:$work/root/usr/local/bin:$PATH" HOME="$work" \
    ENGRAM_SERVER="$grpc" bash -euxo pipefail "$work/readme.sh"
}
