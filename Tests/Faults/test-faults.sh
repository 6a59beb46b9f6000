#!/bin/bash
# Kills, full disks, closed streams and limits: whatever happens to `eval`, nothing is lost, nothing is
# half-written, and after the next run nothing is left behind.
#
#   Tests/Faults/test-faults.sh [EVAL]        SEED=1 KILLS=100 unless told otherwise
#
# Works in a temporary folder, on 600 images of Fashion-MNIST. Needs bash, coreutils and util-linux. Some
# minutes.
set -u
EVAL=$(realpath "${1:-.build/release/eval}")
RANDOM=${SEED:-1}
KILLS=${KILLS:-100}
# What a command may take to end after a signal, in milliseconds; on a busy machine its disk alone takes
# longer.
PATIENCE=${PATIENCE:-1000}
WORK=$(mktemp -d)
passed=0
failed=0
skipped=0
mounts=()

finish() {
  for folder in "${mounts[@]}"; do umount "$folder"; done
  rm -rf "$WORK"
}
trap finish EXIT
cd "$WORK" || exit 1
export HOME=$WORK XDG_CACHE_HOME=$WORK/cache

pass() { passed=$((passed + 1)); }
fail() {
  failed=$((failed + 1))
  echo "FAILED  $*"
}
skip() {
  skipped=$((skipped + 1))
  echo "skipped $*"
}
# check WHAT COMMAND…: passes where the command succeeds.
check() {
  local what=$1
  shift
  if "$@"; then pass; else fail "$what"; fi
}
equal() { [ "$1" = "$2" ] || { echo "        expected $1, found $2: $(tail -n 1 err 2>/dev/null)"; false; }; }
run() { "$EVAL" "$@" >out 2>err; }
# same FOLDER FOLDER: the same bytes, but for what tells the time and the leftovers of kills.
same() { diff -r -x manifest.json -x training-seconds.txt -x '*.tmp' "$1" "$2" >difference || { head -n 3 difference; false; }; }
# absent_or FILE FILE: the first is not there, or has the second's bytes.
absent_or() { [ ! -e "$1" ] || cmp -s "$1" "$2"; }
# clean FOLDER…: nothing half-written is there.
clean() {
  local found
  found=$(find "$@" -name '*.tmp' | head -n 3)
  [ -z "$found" ] || { echo "        left behind: $found"; false; }
}
# killed LONGEST ARGUMENT…: runs the command and kills it at a random moment of the first LONGEST
# milliseconds.
killed() {
  local moment=$((RANDOM % $1))
  shift
  "$EVAL" "$@" >out 2>err &
  local process=$!
  sleep "$((moment / 1000)).$(printf %03d $((moment % 1000)))"
  { kill -KILL "$process" && wait "$process"; } 2>/dev/null
}
now() { date +%s%3N; }

# --- Data: the first images of the installed data set.

bytes() { printf "\\x$(printf %02x $(($1 >> 24 & 255)))\\x$(printf %02x $(($1 >> 16 & 255)))\\x$(printf %02x $(($1 >> 8 & 255)))\\x$(printf %02x $(($1 & 255)))"; }
"$EVAL" doctor --format json >doctor.json 2>/dev/null
DATASET=$(sed -n 's/^ *"path" *: *"\(.*\)",*$/\1/p' doctor.json)
[ -d "$DATASET" ] || { echo "Fashion-MNIST is not installed; run eval dataset first" >&2; exit 66; }
mkdir data
for split in train:400 t10k:200; do
  name=${split%:*} count=${split#*:}
  for kind in images-idx3-ubyte:784 labels-idx1-ubyte:1; do
    file=$name-${kind%:*} size=${kind#*:}
    header=$([ "$size" = 1 ] && echo 8 || echo 16)
    {
      if [ "$size" = 1 ]; then printf '\0\0\x08\x01' && bytes "$count"; else
        printf '\0\0\x08\x03' && bytes "$count" && bytes 28 && bytes 28
      fi
      if [ -e "$DATASET/$file" ]; then cat "$DATASET/$file"; else zcat "$DATASET/$file.gz"; fi | tail -c +$((header + 1)) | head -c $((count * size))
    } >"data/$file"
  done
done

CLASSIFIER="train classifier dense --data data --epochs 12 --batch 32 --seed 5 --output"
SNAPSHOTS="--steps-per-snapshot 3 --checkpoints"
GENERATOR="train generator cgan-x --data data --iterations 12 $SNAPSHOTS --batch 8 --seed 7 --output"
SCORE="score reference-generator/generator.safetensors --data data --count 200"

# --- 1. Kills. A reference that nothing happened to; then chains of runs killed at random moments, each going
# on from the last.

# training NAME KILLS GOING-ON ARGUMENT…: with the reference in reference-NAME, and what else resuming is told
# in GOING-ON.
training() {
  local name=$1 kills=$2 start longest done=0 chain=0 resume
  read -ra resume <<<"train $1 --data data $3 --resume"
  shift 3
  start=$(now)
  check "$name: the reference" run "$@" "reference-$name"
  longest=$(($(now) - start))
  echo "$name: $kills kills within $longest ms"
  while [ $done -lt "$kills" ]; do
    local folder=killed-$name-$chain
    for _ in 1 2 3 4 5; do
      if [ -e "$folder/training-state.safetensors" ]; then
        killed "$longest" "${resume[@]}" "$folder"
      else
        killed "$longest" "$@" "$folder"
      fi
      done=$((done + 1))
      # What has its name is whole, and that of this training.
      for file in classifier.safetensors generator.safetensors grids.gif history.csv; do
        [ -e "$folder/$file" ] && check "$name: $file after a kill" cmp -s "$folder/$file" "reference-$name/$file"
      done
    done
    if [ -e "$folder/training-state.safetensors" ]; then
      run "${resume[@]}" "$folder"
    else
      run "$@" "$folder"
    fi
    check "$name: goes on after kills" equal 0 $?
    check "$name: ends with the same bytes" same "reference-$name" "$folder"
    check "$name: leaves nothing behind" clean "$folder"
    rm -rf "$folder"
    chain=$((chain + 1))
  done
}
# shellcheck disable=SC2086
training classifier $((KILLS * 35 / 100)) "" $CLASSIFIER
# shellcheck disable=SC2086
training generator $((KILLS * 25 / 100)) "$SNAPSHOTS" $GENERATOR

# A new training over an old one: at no moment do files of both stand beside each other.
OTHER="train classifier dense --data data --epochs 12 --batch 32 --seed 6 --output"
# shellcheck disable=SC2086
check "overwrite: the reference" run $OTHER reference-over
for _ in 1 2 3 4 5; do
  rm -rf over && cp -r reference-classifier over
  # shellcheck disable=SC2086
  killed 400 $OTHER over --overwrite
  if ! cmp -s over/training-state.safetensors reference-classifier/training-state.safetensors; then
    # The new training may have ended before the kill.
    check "overwrite: no old weights beside a new state" \
      absent_or over/classifier.safetensors reference-over/classifier.safetensors
  elif [ -e over/classifier.safetensors ]; then
    check "overwrite: the old weights are whole" cmp -s over/classifier.safetensors reference-classifier/classifier.safetensors
  fi
done
# A kill may leave a half-written file, which the next run there would remove; there is none.
rm -rf over

start=$(now)
# shellcheck disable=SC2086
check "score: the reference" run $SCORE --cache reference-cache --output reference-score --leaderboard reference-board
longest=$(($(now) - start))
echo "score: $((KILLS * 20 / 100)) kills within $longest ms"
for round in $(seq $((KILLS * 20 / 100))); do
  # Every other time with what is known of the real images, every other without.
  [ $((round % 2)) = 0 ] && rm -rf scored-cache
  # shellcheck disable=SC2086
  killed "$longest" $SCORE --cache scored-cache --output scored --leaderboard scored-board
done
# shellcheck disable=SC2086
run $SCORE --cache scored-cache --output scored --leaderboard scored-board
check "score: works after kills" equal 0 $?
check "score: the same results" same reference-score scored
check "score: the same cache" same reference-cache scored-cache
check "score: the same leaderboard" same reference-board scored-board
check "score: leaves nothing behind" clean scored scored-cache scored-board

check "leaderboard: the reference" run leaderboard reference-board --format html --output reference-ranks/ranks.html
echo "leaderboard: $((KILLS * 20 / 100)) kills within 60 ms"
for _ in $(seq $((KILLS * 20 / 100))); do
  killed 60 leaderboard scored-board --format html --output ranks/ranks.html
  [ -e ranks/ranks.html ] && check "leaderboard: whole after a kill" cmp -s ranks/ranks.html reference-ranks/ranks.html
done
run leaderboard scored-board --format html --output ranks/ranks.html
check "leaderboard: works after kills" equal 0 $?
check "leaderboard: the same" same reference-ranks ranks
check "leaderboard: leaves nothing behind" clean ranks

# --- 2. Signals: the right code, within a second, nothing half-written.

# signalled SIGNAL CODE ARGUMENT…
signalled() {
  local name=$1 code=$2 start status
  shift 2
  "$EVAL" "$@" >out 2>err &
  local process=$!
  # It is at work once it has the thread that waits for signals.
  while [ "$(sed -n 's/^Threads:[[:space:]]*//p' /proc/$process/status 2>/dev/null || echo 2)" -lt 2 ]; do sleep 0.05; done
  sleep 0.7
  start=$(now)
  kill "-$name" "$process" 2>/dev/null
  wait "$process"
  status=$?
  local took=$(($(now) - start))
  check "$name: the code of eval $*" equal "$code" "$status"
  check "$name: within $PATIENCE ms: eval $* ($took ms)" [ "$took" -lt "$PATIENCE" ]
  check "$name: says so: eval $*" grep -q '^eval: interrupted; ' err
}
cp -r reference-generator samples
# Bash lets a script's background jobs ignore Ctrl-C; under job control it does not.
set -m
for signal in INT:130 TERM:143 HUP:129; do
  name=${signal%:*} code=${signal#*:}
  for command in \
    "robustness --data data --classifier reference-classifier" \
    "accuracy-vs-epsilon --attack autoattack --epsilons 0.02 --data data --classifier reference-classifier" \
    "confusion-matrix --attack hopskipjump --epsilon 0.01 --classifier conv" \
    "corrupt --output corrupted" \
    "score reference-generator/generator.safetensors --cache no-cache" \
    "judge-check" \
    "train classifier conv --output signalled-$name" \
    "train generator cgan-x --output signalled-generator-$name"; do
    # shellcheck disable=SC2086
    signalled "$name" "$code" $command
  done
  check "$name: leaves nothing behind" clean .
done
set +m
# An ignored signal stays ignored: this is a background job of a script.
"$EVAL" $CLASSIFIER ignoring >out 2>err &
process=$!
sleep 0.5
kill -INT $process 2>/dev/null
wait $process
check "a background job of a script goes on" equal 0 $?
check "and ends with the same bytes" same reference-classifier ignoring

# --- 3. Streams.

for command in --help --version "dataset --data data" "leaderboard reference-board" "doctor --data data" \
  "confusion-matrix --data data --classifier reference-classifier" "$SCORE --cache reference-cache"; do
  # shellcheck disable=SC2086
  "$EVAL" $command >/dev/full 2>err
  check "full output: eval $command" equal 73 $?
  # shellcheck disable=SC2086
  "$EVAL" $command >&- 2>err
  check "closed output: eval $command" equal 73 $?
  # shellcheck disable=SC2086
  "$EVAL" $command 2>err | true
  check "closed pipe: eval $command" equal 73 "${PIPESTATUS[0]}"
done
number=0
for stream in "2>/dev/full" "2>&-" "2> >(true)" "<&- >/dev/null 2>&-"; do
  number=$((number + 1))
  eval "\"\$EVAL\" \$CLASSIFIER quiet-$number >out $stream"
  check "a training with $stream" equal 0 $?
  check "the same bytes with $stream" same reference-classifier quiet-$number
done

# --- 4. Limits and disks.

# shellcheck disable=SC2086
(ulimit -f 20 && "$EVAL" $CLASSIFIER limited >out 2>err)
check "ulimit -f: the code" equal 73 $?
check "ulimit -f: nothing half-written" clean .
cp -r reference-classifier starved
for memory in 150000 300000 500000; do
  (ulimit -v $memory && "$EVAL" train classifier --data data --resume starved >out 2>err) 2>/dev/null
  check "ulimit -v $memory: the weights stay" cmp -s starved/classifier.safetensors reference-classifier/classifier.safetensors
done
run train classifier --data data --resume starved
check "ulimit -v: the next run works" equal 0 $?
check "ulimit -v: the same bytes" same reference-classifier starved
check "ulimit -v: leaves nothing behind" clean starved

if [ "$(id -u)" = 0 ] && mkdir small && mount -t tmpfs -o size=2m tmpfs small 2>/dev/null; then
  mounts+=("$WORK/small")
  # shellcheck disable=SC2086
  run $CLASSIFIER small/run
  check "full disk: the code" equal 73 $?
  check "full disk: nothing half-written" clean small
  mount -o remount,size=64m small
  if [ -e small/run/training-state.safetensors ]; then
    run train classifier --data data --resume small/run
  else
    # shellcheck disable=SC2086
    run $CLASSIFIER small/run
  fi
  check "full disk: the next run works" equal 0 $?
  check "full disk: the same bytes" same reference-classifier small/run
  # A training without room for its next state keeps the last.
  cp -r reference-generator small/generator
  head -c 64m /dev/zero >small/filler 2>/dev/null
  run train generator --data data --resume small/generator --iterations 15
  check "full disk: a training that goes on" equal 73 $?
  check "full disk: its state stays" cmp -s small/generator/training-state.safetensors reference-generator/training-state.safetensors
  check "full disk: and nothing half-written" clean small
  rm small/filler
  mount -o remount,ro small
  for command in "train classifier dense --epochs 1 --output small/other" "dataset --output small/other" \
    "confusion-matrix --classifier reference-classifier --output small/other"; do
    # shellcheck disable=SC2086
    run $command --data data
    check "read-only: eval $command" equal 73 $?
  done
  run train classifier --data data --resume small/run
  check "read-only: a training" equal 73 $?
  check "read-only: it stays" same reference-classifier small/run
else
  skip "full and read-only disks: they need root, who may mount"
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
