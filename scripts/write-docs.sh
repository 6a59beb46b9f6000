#!/usr/bin/env bash
# write-docs.sh FOLDER: writes the documentation of each public module into FOLDER/MODULE, as a site that any
# web server can show under /MODULE, by the plugin of DocC. A link to nothing is an error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=$1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
mkdir -p "$folder"
for module in $(sed -n '/^let libraries = \[/,/^\]/p' Package.swift | grep -o '"[A-Za-z]*"' | tr -d '"'); do
  swift package --allow-writing-to-directory "$folder" generate-documentation --target "$module" \
    --output-path "$folder/$module" --transform-for-static-hosting --hosting-base-path "$module" >"$log" 2>&1 || {
    cat "$log" >&2
    exit 1
  }
  if grep -A 2 -E "doesn't exist at|is ambiguous at" "$log" >&2; then exit 1; fi
  echo "$folder/$module"
done
