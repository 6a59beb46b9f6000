#!/usr/bin/env bash
# in-bare-debian.sh FILE… -- SCRIPT: runs SCRIPT by sh in a Debian 12 with nothing but its base and Python, in
# a folder that holds copies of FILE…. Needs root and the package debootstrap; the tree is kept.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

bare=$PWD/.build/packages/bare
if [[ ! -e $bare/complete ]]; then
  rm -rf "$bare"
  debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$bare" >&2
  touch "$bare/complete"
fi
cp /etc/resolv.conf "$bare/etc/resolv.conf"
# Where packages come from a server of one's own, it is believed there as it is here.
cp -L /etc/ssl/certs/ca-certificates.crt "$bare/etc/ssl/certs/ca-certificates.crt"

place=$bare/srv/assay
leave() {
  ! mountpoint --quiet "$bare/proc" || umount "$bare/proc"
  rm -rf "$place"
}
trap leave EXIT
rm -rf "$place"
mkdir -p "$place"
while [[ $1 != -- ]]; do
  cp -RL "$1" "$place"
  shift
done
# Programs find what lies beside them through it.
mountpoint --quiet "$bare/proc" || mount -t proc proc "$bare/proc"
chroot "$bare" sh -euc "cd /srv/assay; $2"
