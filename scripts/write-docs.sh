#!/usr/bin/env bash
# write-docs.sh FOLDER: writes the documentation of each public module into FOLDER/MODULE, as a site that any
# web server can show, by the plugin of DocC. Warnings are errors: a link to nothing is one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=$1
mkdir -p "$folder"
for module in $(sed -n '/^let libraries = \[/,/^\]/p' Package.swift | grep -o '"[A-Za-z]*"' | tr -d '"'); do
  swift package --allow-writing-to-directory "$folder" generate-documentation --target "$module" \
    --output-path "$folder/$module" --transform-for-static-hosting --hosting-base-path "$module" \
    --warnings-as-errors
done
