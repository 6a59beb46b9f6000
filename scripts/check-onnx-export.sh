#!/usr/bin/env bash
# Exports the shipped classifiers and a network of every recipe, has the onnx package check the files, and
# ONNX Runtime run them: their results must be those of this package. Both come into a virtual environment
# under .build, once; PYTHON=… names one that has them. What is compared is told in check_onnx_export.py.
set -euo pipefail
cd "$(dirname "$0")/.."

command=$(realpath "${1:-.build/release/eval}")
python=${PYTHON:-}
if [[ -z $python ]]; then
  environment=$PWD/.build/onnx
  python=$environment/bin/python
  if [[ ! -e $environment/ready ]]; then
    rm -rf "$environment"
    python3 -m venv "$environment" || {
      echo "check-onnx-export: no virtual environment could be made; on Debian: apt-get install python3-venv" >&2
      exit 1
    }
    "$python" -m pip install --quiet --disable-pip-version-check \
      'onnx>=1.18' 'onnxruntime>=1.20' 'numpy>=1.26'
    touch "$environment/ready"
  fi
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The tests know the networks: they write models beside what these compute here.
ASSAY_ONNX_FIXTURES=$work swift test -c release --filter OnnxExportTests.writesModels >"$work/output" 2>&1 || {
  cat "$work/output" >&2
  exit 1
}
for name in dense conv resnet; do
  "$command" export-onnx "$name" --output "$work/command-$name.onnx"
  cp "$work/$name.npz" "$work/command-$name.npz"
done
"$python" scripts/check_onnx_export.py "$work"
