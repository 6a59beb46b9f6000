#!/bin/sh
# Checks that no line of a comment or a document has more than 110 columns, tables and blocks of code aside;
# code is the formatter's. Prints those that have, and fails if there are any.
set -eu
cd "$(dirname "$0")/.."
# What the command itself has written, tables and sentences, is as wide as it is.
git ls-files '*.swift' '*.h' '*.py' '*.sh' '*.md' Makefile ':!docs/results/robustness/*' \
  ':!docs/results/generators/*' ':!docs/results/REPRODUCTION.md' ':!docs/results/reproduction/*' |
  xargs python3 -c '
import re, sys

found = False
for path in sys.argv[1:]:
    is_code = False
    text = re.compile(r"(?!\s*(\||!?\[[^]]*\]\S*$))" if path.endswith(".md") else r"\s*(//+|#) (?!\|)")
    for number, line in enumerate(open(path, encoding="utf-8").read().splitlines(), 1):
        if path.endswith(".md") and line.lstrip().startswith("```"):
            is_code = not is_code
        if len(line) > 110 and not is_code and text.match(line):
            print(f"{path}:{number}: {len(line)} columns, 110 are the most")
            found = True
sys.exit(found)
'
