#!/usr/bin/env bash
# Type-checks each block of Swift in the documents against the modules of a release build, warnings as errors.
# A block is complete: its imports come first, and the rest is what the body of a function that throws may be.
# Names the line that fails, and fails if one does or if there is no block at all.
set -euo pipefail
cd "$(dirname "$0")/.."

modules=.build/release/Modules
[[ -d $modules ]] || {
  echo "check-snippets: $modules is not there; run 'make build' first" >&2
  exit 1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A file for each block, in which the compiler counts the lines of the document.
git ls-files README.md 'docs/*.md' Examples/README.md 'Sources/*/*.docc/*.md' | xargs awk -v work="$work" '
  function place(line) { printf "#sourceLocation(file: \"%s\", line: %d)\n", FILENAME, line > block }
  FNR == 1 { inside = 0 }
  !inside && /^ *```swift *$/ {
    inside = 1; isImporting = 1; block = sprintf("%s/block%03d.swift", work, ++count)
    place(FNR + 1); next
  }
  inside && /^ *``` *$/ {
    inside = 0; if (isImporting) print "private func example() throws {" > block
    print "}" > block; close(block); next
  }
  inside && isImporting && !/^ *(import .*|\/\/.*)?$/ {
    isImporting = 0; print "private func example() throws {" > block; place(FNR)
  }
  inside { print > block }'

blocks=("$work"/block*.swift)
[[ -e ${blocks[0]} ]] || {
  echo "check-snippets: no block of Swift in any document" >&2
  exit 1
}
includes=()
for map in Sources/*/module.modulemap .build/checkouts/FlyingFox/*/include/module.modulemap; do includes+=(-I "${map%/*}"); done
for flag in $(pkg-config --cflags-only-I cairo); do includes+=(-Xcc "$flag"); done
swiftc -typecheck -whole-module-optimization -parse-as-library -swift-version 6 -warnings-as-errors -diagnostic-style llvm \
  -enable-upcoming-feature MemberImportVisibility -I "$modules" "${includes[@]}" "${blocks[@]}" || {
  echo "check-snippets: of ${#blocks[@]} blocks at least one does not compile" >&2
  exit 1
}
