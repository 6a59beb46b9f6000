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
swift package --scratch-path .build plugin generate-manual --multi-page >&2
