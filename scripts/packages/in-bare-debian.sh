#!/usr/bin/env bash
# in-bare-debian.sh FILE… -- SCRIPT: runs SCRIPT by sh in a Debian 12 with nothing but its base and Python, in
# a folder that holds copies of FILE…, a folder as data. Needs root and the package debootstrap. The tree is
# kept, and copied for each run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

kept=$PWD/.build/packages/debian
bare=$PWD/.build/packages/bare
leave() {
  ! mountpoint --quiet "$bare/proc" || umount "$bare/proc"
  rm -rf --one-file-system "$bare"
}
trap leave EXIT
leave
if [[ ! -e $kept/complete ]]; then
  rm -rf --one-file-system "$kept"
  debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$kept" >&2
  touch "$kept/complete"
fi
cp -a "$kept" "$bare"
cp /etc/resolv.conf "$bare/etc/resolv.conf"
# Where packages come from a server of one's own, it is believed there as it is here.
cp -L /etc/ssl/certs/ca-certificates.crt "$bare/etc/ssl/certs/ca-certificates.crt"

place=$bare/srv/assay
mkdir -p "$place"
while [[ $1 != -- ]]; do
  if [[ -d $1 ]]; then cp -RL "$1" "$place/data"; else cp "$1" "$place"; fi
  shift
done
# Programs find what lies beside them through it.
mount -t proc proc "$bare/proc"
chroot "$bare" sh -euc "cd /srv/assay; $2"
