#!/usr/bin/env bash
# Builds the examples in release and runs one after the other; each ends with a check of its own. The first
# lines of ReadmeExample have to be the README's, to the letter. Fails if anything does.
set -euo pipefail
cd "$(dirname "$0")/.."

block=$(awk '/^```swift$/ { inside = 1; next } inside && /^```$/ { exit } inside' README.md)
if ! diff <(echo "$block") <(head -n "$(wc -l <<<"$block")" Examples/Sources/ReadmeExample/main.swift) >&2; then
  echo "run-examples: the README's example is not the one in Examples/Sources/ReadmeExample" >&2
  exit 1
fi

# In the folder of the package's own build, whose modules need not be compiled again.
swift build -c release --package-path Examples --scratch-path .build
folder=.build/release
failed=0
for source in Examples/Sources/*/; do
  name=$(basename "$source")
  echo "== $name"
  start=$SECONDS
  if "$folder/$name"; then
    echo "($((SECONDS - start)) s)"
  else
    echo "run-examples: $name failed" >&2
    failed=1
  fi
done
exit $failed
