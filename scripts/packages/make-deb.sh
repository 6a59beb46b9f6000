#!/usr/bin/env bash
# Packs the tree as a package for Debian 12, .build/packages/assay_VERSION_amd64.deb, which names
# the libraries that it needs instead of holding them.
set -euo pipefail
shopt -s inherit_errexit
umask 022
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version=$(scripts/packages/version.sh)
folder=.build/packages/deb
program=$folder/usr/lib/assay/x86-64-v3/assay
rm -rf "$folder"
mkdir -p "$folder/DEBIAN" "$folder/usr"
cp -R .build/packages/tree/. "$folder/usr"
mv "$folder/usr/share/zsh/site-functions" "$folder/usr/share/zsh/vendor-completions"
find "$folder/usr/share/man" -type f -exec gzip -9n {} +

# The packages of the libraries that the program names itself.
libraries=$(
  readelf --dynamic "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | while read -r name; do
    library=$(scripts/packages/library.sh "$name")
    scripts/packages/owner.sh "$library"
  done | sort -u | paste -s -d , | sed 's/,/, /g'
)
cat > "$folder/DEBIAN/control" <<END
Package: assay
Version: $version
Architecture: amd64
Maintainer: The Assay contributors <assay@localhost>
Depends: $libraries, libopenblas0, fonts-dejavu-core
Recommends: dataset-fashion-mnist
Suggests: libcurl4
Installed-Size: $(du -sk "$folder/usr" | cut -f 1)
Section: science
Priority: optional
Description: train, attack and judge with small image classifiers
 Small image classifiers are trained, attacked, and used to judge image
 generators, on a CPU. Every number comes with its uncertainty.
END
dpkg-deb --root-owner-group --build "$folder" ".build/packages/assay_${version}_amd64.deb" >&2
rm -rf "$folder"
echo ".build/packages/assay_${version}_amd64.deb"
