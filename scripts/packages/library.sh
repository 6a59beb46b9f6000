#!/usr/bin/env bash
# library.sh NAME: prints the path of the system's library NAME, such as libz.so.1; fails where there is none.
set -euo pipefail
path=$(/sbin/ldconfig -p | awk -v name="$1" '$1 == name && !found { found = $NF } END { print found }')
[[ -n $path ]] || { echo "$1 is not on this system" >&2; exit 1; }
echo "$path"
