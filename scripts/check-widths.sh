#!/bin/sh
# Checks that no line of a comment has more than 110 columns, tables aside; code is the formatter's. Prints
# those that have, and fails if there are any.
set -eu
cd "$(dirname "$0")/.."
git ls-files '*.swift' '*.h' '*.py' '*.sh' Makefile | xargs python3 -c '
import re, sys
wide = [
    f"{path}:{number}: a comment of {len(line)} columns, 110 are the most"
    for path in sys.argv[1:]
    for number, line in enumerate(open(path, encoding="utf-8").read().splitlines(), 1)
    if len(line) > 110 and re.match(r"\s*(//+|#) (?!\|)", line)
]
print("\n".join(wide)) if wide else None
sys.exit(bool(wide))
'
