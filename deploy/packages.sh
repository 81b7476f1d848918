# The Debian 12 packages that Engram needs, and a function that installs those
# that are missing. Sourced by quickstart.sh and by the tests.

engram_build_packages=(
  build-essential cmake ninja-build ccache pkg-config
  libgrpc++-dev libgrpc-dev protobuf-compiler protobuf-compiler-grpc
  libprotobuf-dev libabsl-dev libeigen3-dev libsqlite3-dev libsqlitecpp-dev
  libspdlog-dev libcli11-dev libyaml-cpp-dev librandom123-dev libzstd-dev
  libssl-dev zlib1g-dev libc-ares-dev libre2-dev
  libboost-dev prometheus-cpp-dev
)

engram_test_packages=(
  libgtest-dev libgmock-dev clang-16 libclang-rt-16-dev clang-format-16
  clang-tidy-16
  python3 python3-numpy procps openssl curl prometheus systemd
)

# Installs those of the named packages that are missing; says which first.
install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null |
      grep -q 'install ok installed' || missing+=("$package")
  done
  [[ ${#missing[@]} -eq 0 ]] && return 0

  local as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null || {
      echo "These packages are missing, and installing them needs root:" >&2
      echo "  apt-get install ${missing[*]}" >&2
      return 1
    }
    as_root=(sudo)
  fi
  echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q >/dev/null
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
}
