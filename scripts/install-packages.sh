#!/usr/bin/env bash
# Installs the Debian packages that Assay is built with and runs on, those of them that are missing.
# With --packaging also what `make dist` and `make wheel` need; with --mpi nothing but an MPI, with --browser
# nothing but a browser. Asks no questions; needs root, or sudo. With ASSAY_SKIP_PACKAGES=1 it does nothing:
# for a system whose libraries come from elsewhere.
set -euo pipefail

packages=(
  libopenblas-dev        # matrix multiplication
  zlib1g-dev             # compressed data sets
  libpng-dev             # pictures
  libturbojpeg0-dev      # photographs
  libgif-dev             # animations
  libcairo2-dev          # charts
  libssl-dev             # SHA-256
  libzip-dev             # .npz arrays
  fonts-dejavu-core      # the charts' text
  dataset-fashion-mnist  # the images
  pkg-config             # tells the compiler where the libraries are
)

packaging=(
  patchelf      # tells programs where the libraries beside them are
  python3-venv  # builds the wheel, and tries it
  debootstrap   # a bare Debian to try packages in
)

mpi=(
  libopenmpi-dev  # the library and its compiler, mpicc
  openmpi-bin     # mpirun
  iproute2        # two hosts on one machine, for the tests
)

browser=(
  chromium         # the pages are tested in it
  chromium-driver  # lets tests use it
)

main() {
  [[ ${1:-} != --packaging ]] || packages+=("${packaging[@]}")
  # Who has another MPI keeps it.
  [[ ${1:-} != --mpi ]] || packages=("${mpi[@]}")
  [[ ${1:-} != --browser ]] || packages=("${browser[@]}")
  [[ ${1:-} != --mpi ]] || ! command -v mpicc >/dev/null || ! command -v mpirun >/dev/null || return 0
  [[ ${ASSAY_SKIP_PACKAGES:-} != 1 ]] || return 0
  missing=()
  for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0

  command -v apt-get >/dev/null || give_up "this system has no apt-get" \
    "Install what these packages hold by other means, then set ASSAY_SKIP_PACKAGES=1; on Debian, run as root"
  find_root
  echo "Installing ${missing[*]}" >&2
  # The package lists are brought up to date only where they do not know a package, or know a version that is
  # gone.
  if ! { install --dry-run >/dev/null 2>&1 && install; }; then
    apt update || true
    install || give_up "apt-get could not install them (its own words are above)" "Try as root"
  fi
}

is_installed() {
  [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed* ]]
}

# Sets `as_root` to what stands before a command that needs root. A password is asked for on a terminal only.
find_root() {
  as_root=()
  ((EUID)) || return 0
  command -v sudo >/dev/null || give_up "this is neither root nor a system with sudo" "Run as root"
  sudo -n true 2>/dev/null || { [[ -t 0 ]] && sudo true; } || give_up "sudo refused" "Run as root"
  as_root=(sudo)
}

install() {
  apt install --yes --no-install-recommends "$@" "${missing[@]}"
}

apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@" </dev/null
# >&2
}

# give_up REASON REMEDY
give_up() {
  echo "Assay needs the packages ${missing[*]}, and $1. $2:" >&2
  echo "  apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}" >&2
  exit 1
}

main "$@"
