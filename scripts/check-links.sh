#!/bin/sh
# Checks that relative links of the Markdown pages lead to files, and to headings of them where they name one.
# Prints those that do not, and fails if there are any.
set -eu
cd "$(dirname "$0")/.."
git ls-files '*.md' | LC_ALL=C xargs awk '
  FNR == 1 { code = 0; folder = FILENAME; sub(/[^\/]*$/, "", folder) }
  /^```/ { code = !code }
  code { next }
  /^#+ / {
    slug = tolower($0); sub(/^#+ /, "", slug); gsub(/\]\([^)]*\)/, "", slug)
    gsub(/[^a-z0-9 _\200-\377-]/, "", slug); gsub(/ /, "-", slug); headings[FILENAME "#" slug] = 1
  }
  {
    for (rest = $0; match(rest, /\]\([^) ]+\)/); rest = substr(rest, RSTART + RLENGTH)) {
      link = substr(rest, RSTART + 2, RLENGTH - 3); path = link; sub(/#.*/, "", path)
      if (link ~ /^[a-z]+:/) continue
      target = (path == "" ? FILENAME : folder path) substr(link, length(path) + 1)
      while (sub(/[^\/]+\/\.\.\//, "", target)) {}
      where[++count] = FILENAME ":" FNR ": " link; targets[count] = target
    }
  }
  END {
    for (i = 1; i <= count; i++) {
      path = targets[i]; named = sub(/#.*/, "", path)
      if (system("test -e \"" path "\"") || (named && path ~ /\.md$/ && !(targets[i] in headings))) {
        print where[i] " leads nowhere"; failed = 1
      }
    }
    exit failed
  }'
