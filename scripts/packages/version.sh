#!/usr/bin/env bash
# Prints the version, which is told in one place: Sources/EvalCommand/EvalMain.swift.
set -euo pipefail
sed -n 's/^ *version: "\(.*\)",$/\1/p' "$(dirname "${BASH_SOURCE[0]}")/../../Sources/EvalCommand/EvalMain.swift"
