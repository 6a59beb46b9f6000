#!/usr/bin/env bash
# Packs the tree, with the libraries that it needs, as .build/packages/assay-VERSION-linux-x86_64.tar.gz: to
# be unpacked anywhere.
set -euo pipefail
umask 022
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version=$(scripts/packages/version.sh)
name=assay-$version-linux-x86_64
folder=.build/packages/$name
rm -rf "$folder"
cp -R .build/packages/tree "$folder"
ln -s assay "$folder/bin/eval"
scripts/packages/bundle-libraries.sh "$folder/lib/assay"
cp README.md CHANGELOG.md "$folder"
# The same bytes from the same tree.
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C .build/packages -c "$name" \
  | gzip -9n > "$folder.tar.gz"
rm -rf "$folder"
echo "$folder.tar.gz"
