#!/usr/bin/env bash
# owner.sh FILE: prints the name of the Debian package that FILE, or what it is a link to, is of.
set -euo pipefail
file=$(readlink -f "$1")
# Folders such as /lib are links to those in /usr, and packages name their files by either.
{ dpkg-query --search "$file" 2>/dev/null || dpkg-query --search "${file#/usr}"; } | head -n 1 | cut -d : -f 1
