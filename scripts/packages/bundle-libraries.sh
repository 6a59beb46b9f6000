#!/usr/bin/env bash
# bundle-libraries.sh LIB: puts the libraries of the system that the programs in LIB need into LIB/libraries,
# and has the programs look for them there first. Runs at the top of the repository.
#
# What every Linux with glibc has stays outside, as in the policy of manylinux (PEP 600); and OpenSSL, of
# which a process has one only: the system's libcurl, which downloads, needs the system's. OpenBLAS is loaded
# by name while a program runs, so it is named here.
set -euo pipefail

lib=$1
programs=("$lib"/x86-64-v?/assay)
bundle=$lib/libraries
openblas=libopenblas.so.0
# libcurl stays outside as well: it is loaded only for a download, and brings thirty libraries.
outside='^(libcrypto|libssl|linux-vdso|ld-linux-x86-64|libc|libm|libdl|librt|libpthread|libresolv|libgcc_s|libstdc\+\+)\.so'

# The paths of what FILE… need, and what these need in turn.
needed() { ldd "$@" | awk '$2 == "=>" { print $3 }' | sort -u; }

mkdir -p "$bundle"
found=$(scripts/packages/library.sh "$openblas")
{ needed "${programs[@]}" "$found"; echo "$found"; } | sort -u | while read -r library; do
  name=$(basename "$library")
  [[ $name =~ $outside ]] && continue
  install -m 755 "$(readlink -f "$library")" "$bundle/$name"
  patchelf --set-rpath "\$ORIGIN" "$bundle/$name"
  # Whose it is, and on what terms.
  package=$(scripts/packages/owner.sh "$library")
  install -D -m 644 "/usr/share/doc/$package/copyright" "$bundle/licences/$package"
  # Texts that Debian keeps once for all packages.
  grep -oE '/usr/share/common-licenses/[A-Za-z0-9.-]*[A-Za-z0-9]' "/usr/share/doc/$package/copyright" \
    | sort -u | while read -r text; do
      [[ ! -e $text ]] || install -m 644 "$(readlink -f "$text")" "$bundle/licences/$(basename "$text")"
    done || true
done
for program in "${programs[@]}"; do
  patchelf --set-rpath "\$ORIGIN/../libraries" "$program"
done
