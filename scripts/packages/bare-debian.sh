#!/usr/bin/env bash
# bare-debian.sh FOLDER: makes FOLDER a Debian 12 with nothing but its base and Python, for packages to be
# tried in. Needs root and the package debootstrap. Leaves alone what is one already.
set -euo pipefail
folder=$1
[[ -x $folder/usr/bin/python3 ]] && exit 0
command -v debootstrap >/dev/null || { echo "debootstrap is missing: apt-get install debootstrap" >&2; exit 1; }
rm -rf "$folder"
debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$folder" >&2
cp /etc/resolv.conf "$folder/etc/resolv.conf"
