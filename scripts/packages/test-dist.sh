#!/usr/bin/env bash
# Tries the tarball and the package for Debian in a bare Debian 12, as root: they run, they bring manuals and
# completions, and what dpkg installs dpkg removes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version=$(scripts/packages/version.sh)
data=${FASHION_MNIST_DIR:-/usr/share/datasets/fashion-mnist}
packages=(.build/packages/"assay-$version-linux-x86_64.tar.gz" .build/packages/"assay_${version}_amd64.deb")
scripts/packages/in-bare-debian.sh "${packages[@]}" "$data" scripts/packages/old-loader.sh -- '
  export FASHION_MNIST_DIR=$PWD/data DEBIAN_FRONTEND=noninteractive
  fail() { echo "$*" >&2; exit 1; }

  echo "== The tarball"
  tar -xzf assay-*.tar.gz
  rm assay-*.tar.gz
  unpacked=$(echo "$PWD"/assay-*)
  "$unpacked/bin/assay" doctor
  "$unpacked/bin/eval" confusion-matrix --classifier dense --limit 100 --output matrix >text
  head -n 1 text
  ln -s "$unpacked/bin/assay" /usr/local/bin/assay
  assay --version
  rm /usr/local/bin/assay

  echo "== A processor that is too old"
  if ASSAY_LOADER=$PWD/old-loader.sh "$unpacked/bin/assay" --version; then fail "it started"; fi

  echo "== The package"
  apt-get update -qq
  apt-get install -qq --no-install-recommends ./assay_*.deb >/dev/null
  assay doctor
  assay accuracy-vs-epsilon --classifier conv --limit 100 --epsilons 0,0.1 >/dev/null
  test -s /usr/share/man/man1/assay.1.gz || fail "no manual"
  test -s /usr/share/bash-completion/completions/assay || fail "no completions"
  apt-get remove -qq --purge assay >/dev/null
  ! test -e /usr/bin/assay || fail "assay is still there"
  ! ls -d /usr/lib/assay 2>/dev/null || fail "files are left"'
echo "== all passed"
