#!/usr/bin/env bash
# Builds Assay for processors with AVX2 and for those with AVX-512, with Swift's runtime linked statically,
# and lays both out under .build/packages/tree, as they are installed anywhere:
#
#   bin/assay                  starts one of the two (assay.sh)
#   lib/assay/x86-64-v3/assay  for AVX2
#   lib/assay/x86-64-v4/assay  for AVX-512
#   lib/assay/assay_Classifier.resources
#   share/…                    manual pages, completions, licences
#
# The libraries of the system are not in it: bundle-libraries.sh puts them where a package needs them.
set -euo pipefail
umask 022
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

codes=(x86-64-v3 x86-64-v4)
tree=.build/packages/tree
rm -rf "$tree"
mkdir -p "$tree/bin" "$tree/lib/assay"
install -m 755 scripts/packages/assay.sh "$tree/bin/assay"

for code in "${codes[@]}"; do
  # A library that no part of the program needs, such as Foundation's for other languages, stays outside.
  ASSAY_PROCESSOR=$code swift build -c release --product eval --scratch-path ".build/$code" \
    --static-swift-stdlib -Xlinker -s -Xlinker --gc-sections
  install -D -m 755 ".build/$code/release/eval" "$tree/lib/assay/$code/assay"
done
cp -R ".build/${codes[0]}/release/assay_Classifier.resources" "$tree/lib/assay"
chmod -R u=rwX,go=rX "$tree/lib/assay"
scripts/write-manuals.sh "$tree/share"
install -D -m 644 LICENSE "$tree/share/doc/assay/copyright"
