#!/usr/bin/env bash
# Checks what CONTRIBUTING.md says of the floors: each module imports those below it only, and no source file
# but generated ones is longer than 250 lines. Prints what breaks a rule, and fails if anything does.
set -euo pipefail
cd "$(dirname "$0")/.."

# Module: the modules of ours that it may import.
allowed() {
  case $1 in
    Kernels | Files) ;;
    Pictures | Cluster) echo Files ;;
    Datasets) echo Files Kernels Pictures ;;
    Figures) echo Files Pictures ;;
    Autograd) echo Kernels ;;
    Network) echo Autograd Datasets Files Kernels ;;
    Corruptions) echo Datasets Kernels ;;
    Classifier | Adversary) echo Autograd Datasets Files Kernels Network ;;
    Generators) echo Autograd Datasets Files Kernels Network Pictures ;;
    Eval) echo Autograd Corruptions Datasets Files Kernels Network Pictures ;;
    ONNX) echo Autograd Files Network ;;
    Experiments)
      echo Adversary Autograd Classifier Cluster Corruptions Datasets Eval Figures Files Generators Kernels \
        Network ONNX Pictures
      ;;
    Reports)
      echo Adversary Autograd Classifier Corruptions Datasets Eval Experiments Figures Files Generators Kernels \
        Network ONNX Pictures
      ;;
    Web)
      echo Adversary Autograd Classifier Datasets Eval Experiments Figures Files Generators Kernels Network Pictures \
        Reports
      ;;
    EvalCommand)
      echo Adversary Classifier Cluster Corruptions Datasets Eval Experiments Figures Files Generators Kernels Network \
        ONNX Pictures Reports Web
      ;;
    EvalTool) echo EvalCommand ;;
    *) return 1 ;;
  esac
}

failed=0
complain() {
  echo "$1" >&2
  failed=1
}

modules=$(find Sources -mindepth 1 -maxdepth 1 -type d ! -name 'C[A-Z]*' -printf '%f\n' | sort)
for module in $modules; do
  below=" $(allowed "$module") " || complain "Sources/$module: a module that scripts/check-floors.sh does not know"
  while read -r file name; do
    # What is not ours is no floor.
    [[ " $(tr '\n' ' ' <<<"$modules") " == *" $name "* ]] || continue
    [[ $below == *" $name "* ]] || complain "$file: imports $name, which is not below $module"
  done < <(grep -rhoHE '^(public |package |internal )?import (struct |class |enum |protocol |func )?[A-Za-z]+' \
    "Sources/$module" --include='*.swift' | sed -E 's/:.* ([A-Za-z]+)$/ \1/')
done

while read -r lines file; do
  ((lines <= 250)) || complain "$file: $lines lines, expected at most 250"
done < <(find Sources Benchmarks -name '*.swift' ! -name '*.pb.swift' -exec wc -l {} + | grep -v ' total$')

exit $failed
