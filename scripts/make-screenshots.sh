#!/usr/bin/env bash
# Takes the pictures of docs/guide/pictures from the real pages, in headless Chromium.
#
#   scripts/make-screenshots.sh EVAL RUNS
#
# RUNS holds trainings of assay-gan and cgan-x. Serves it and the results of this repository for as long as it
# takes.
set -euo pipefail
cd "$(dirname "$0")/.."
EVAL=$(realpath "$1")
RUNS=$(realpath "$2")
OUT=docs/guide/pictures
PORT=8397
mkdir -p "$OUT"
WORK=$(mktemp -d)
SERVERS=()
end() {
  kill "${SERVERS[@]}" 2>/dev/null || true
  rm -rf "$WORK"
}
trap end EXIT

# serve FOLDER PORT: by its name alone, which pages show.
serve() {
  (cd "$(dirname "$1")" && exec "$EVAL" serve --runs "$(basename "$1")" --port "$2") >"$WORK/$2" 2>&1 &
  SERVERS+=($!)
  until grep -q Ctrl-C "$WORK/$2"; do sleep 0.2; done
}

# picture NAME PORT ADDRESS WIDTH HEIGHT
picture() {
  local sandbox=()
  ((EUID)) || sandbox=(--no-sandbox)
  chromium --headless=new "${sandbox[@]}" --disable-gpu --hide-scrollbars --user-data-dir="$WORK/profile" \
    --virtual-time-budget=8000 --window-size="$4,$5" --screenshot="$WORK/$1.png" \
    "http://127.0.0.1:$2/$3" >/dev/null 2>&1
  cp "$WORK/$1.png" "$OUT/$1.png"
  echo "$OUT/$1.png"
}

serve docs/results "$PORT"
serve "$RUNS" $((PORT + 1))
picture leaderboard "$PORT" leaderboard.html 1280 760
picture draw $((PORT + 1)) "draw.html?generator=assay-gan&label=Bag&seed=4&count=18" 1280 760
picture attack $((PORT + 1)) "attack.html?image=9&classifier=conv&attack=pgd&epsilon=0.1" 1280 980
