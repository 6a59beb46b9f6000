#!/usr/bin/env bash
# Packs the tree, with the libraries that it needs, and the Python module as a wheel in .build/packages.
set -euo pipefail
umask 022
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version=$(scripts/packages/version.sh)
source=.build/packages/python
tools=.build/packages/python-tools
rm -rf "$source"
cp -R Python "$source"
cp LICENSE "$source"
echo "__version__ = \"$version\"" > "$source/src/assay/_version.py"
command=$source/src/assay/command
mkdir -p "$command"
cp -R .build/packages/tree/bin .build/packages/tree/lib "$command"
scripts/packages/bundle-libraries.sh "$command/lib/assay"

[[ -x $tools/bin/python ]] || python3 -m venv "$tools"
"$tools/bin/pip" install --quiet build
# The programs and the libraries want this system's C library, or a newer one.
glibc=$(getconf GNU_LIBC_VERSION | sed 's/glibc //; s/\./_/')
rm -f .build/packages/assay-"$version"-*.whl
"$tools/bin/python" -m build --quiet --wheel --outdir .build/packages \
  "-C--build-option=--plat-name=manylinux_${glibc}_x86_64" "$source" >&2
rm -rf "$source"
ls .build/packages/assay-"$version"-*.whl
