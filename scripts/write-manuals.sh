#!/usr/bin/env bash
# write-manuals.sh FOLDER: writes the manual pages and the completions of bash, zsh and fish, as the command
# describes itself, into FOLDER/man, FOLDER/bash-completion, …. Wants the command built in release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

share=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# By the name that a shell can be told, of which the other one is a link.
ln -s "$PWD/.build/release/eval" "$work/assay"
mkdir -p "$share"/man/man1 "$share"/bash-completion/completions "$share"/zsh/site-functions \
  "$share"/fish/vendor_completions.d
"$work/assay" --generate-completion-script bash > "$share/bash-completion/completions/assay"
"$work/assay" --generate-completion-script zsh > "$share/zsh/site-functions/_assay"
"$work/assay" --generate-completion-script fish > "$share/fish/vendor_completions.d/assay.fish"
# The tool of the package of the arguments, by itself: its plugin would write pages of every program.
swift build -c release --product generate-manual >&2
.build/release/generate-manual "$work/assay" --multi-page --output-directory "$share/man/man1" \
  --date "$(date --utc --date "@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}" +%F)"
