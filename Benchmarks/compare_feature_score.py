#!/usr/bin/env python3
"""Times `eval score --features` against the same metrics in Python, side by side, and compares the values.

    compare_feature_score.py [--count N] [--dimension D] [--rounds N] [--threads N] [--folder DIR] [--ours-only]

The features are drawn here, from a fixed seed: correlated, at least zero, many of them zero, columns of unequal
size, in single precision, as a network's last activations are; the generated ones from a mixture that is a little
different. They stay in --folder (default: a temporary folder that is removed).

In each round `eval` and reference_feature_score.py run one after the other as fresh processes, in reverse order in
every second round. Seconds are those of the whole process of `eval`, and of the computations alone in Python,
without its start and its reading of the files; medians over the rounds. Ours holds more: standard errors, the
expected distance, the Vendi score of the real features. The ratio is ours to theirs; lower is better.

--ours-only leaves Python out, which wants some matrices of count × count: for peak memory at large counts.

Exit codes: 0 done, 64 usage, 66 something is missing, 70 a benchmark failed.
"""

import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from command_line import Parser, positive, stop

HERE = Path(__file__).resolve().parent
EVAL = HERE.parent / ".build" / "release" / "eval"
REFERENCE = HERE / "reference_feature_score.py"
# Directions that the features have in common, and rows that are drawn at a time.
SHARED = 256
ROWS = 2000


def write_features(path: Path, count: int, dimension: int, *, generated: bool) -> None:
    import numpy as np

    shape = np.random.default_rng(1)
    mix = shape.normal(size=(SHARED, dimension)) / np.sqrt(np.arange(1, SHARED + 1))[:, None]
    size = shape.lognormal(sigma=0.5, size=dimension)
    offset = shape.normal(size=dimension) - 0.3
    if generated:
        changed = np.random.default_rng(2)
        mix += 0.1 * changed.normal(size=mix.shape) / np.sqrt(np.arange(1, SHARED + 1))[:, None]
        offset += 0.1 * changed.normal(size=dimension)
    draws = np.random.default_rng(4 if generated else 3)
    features = np.lib.format.open_memmap(path, "w+", np.float32, (count, dimension))
    for first in range(0, count, ROWS):
        rows = min(ROWS, count - first)
        x = draws.normal(size=(rows, SHARED)) @ mix + offset
        x += 0.3 * draws.normal(size=(rows, dimension))
        features[first : first + rows] = np.maximum(x, 0) * size * 0.4
    features.flush()


def run(command: list[str]) -> tuple[dict, float]:
    start = time.perf_counter()
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if result.returncode != 0:
        sys.stderr.write(result.stderr)
        stop(70, f"`{' '.join(command)}` failed with status {result.returncode}")
    return json.loads(result.stdout), seconds


def value(result: dict, name: str) -> float:
    found = result[name]
    return found["value"] if isinstance(found, dict) else found


def main() -> None:
    parser = Parser(description="Time eval score --features and the same metrics in Python.")
    parser.add_argument("--count", type=positive, default=6000, metavar="N", help="features of a set (default: 6000)")
    parser.add_argument("--dimension", type=positive, default=2048, metavar="D", help="numbers a feature")
    parser.add_argument("--rounds", type=positive, default=3, help="pairs of measurements (default: 3)")
    parser.add_argument("--threads", type=positive, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where the features are kept")
    parser.add_argument("--ours-only", action="store_true", help="without Python")
    arguments = parser.parse_args()
    for module in ("numpy",) if arguments.ours_only else ("numpy", "scipy"):
        if importlib.util.find_spec(module) is None:
            stop(66, f"{module} is not installed for {sys.executable}")
    if not os.access(EVAL, os.X_OK):
        stop(66, f"{EVAL}: not found; build it with `make build`")
    with tempfile.TemporaryDirectory() as temporary:
        compare(arguments, arguments.folder or Path(temporary))


def compare(arguments, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in ("real", "generated"):
        path = folder / f"{name}-{arguments.count}x{arguments.dimension}.npy"
        if not path.exists():
            write_features(path, arguments.count, arguments.dimension, generated=name == "generated")
        paths.append(str(path))
    threads = ["--threads", str(arguments.threads)]
    ours, theirs, parts = [], [], {}
    own, other = {}, {}
    for number in range(arguments.rounds):
        sides = ["ours"] if arguments.ours_only else ["ours", "theirs"]
        for side in sides if number % 2 == 0 else reversed(sides):
            if side == "ours":
                own, seconds = run([str(EVAL), "score", "--features", *paths, "--format", "json", *threads])
                ours.append(seconds)
            else:
                other, _ = run([sys.executable, str(REFERENCE), *paths, *threads])
                theirs.append(sum(s for part, s in other["seconds"].items() if part != "reading"))
                for part, seconds in other["seconds"].items():
                    parts.setdefault(part, []).append(seconds)
        shown = [f"eval {ours[-1]:.2f} s"] + ([f"Python {theirs[-1]:.2f} s"] if theirs else [])
        print(f"round {number + 1} of {arguments.rounds}: {', '.join(shown)}", file=sys.stderr, flush=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    print(f"{arguments.count} × {arguments.dimension} against as many, {arguments.threads} threads")
    print(f"eval    {median(ours):7.2f} s" + (f", at most {peak:.2f} GiB" if arguments.ours_only else ""))
    if arguments.ours_only:
        return
    listed = ", ".join(f"{part} {median(seconds):.2f}" for part, seconds in parts.items())
    ratio = median(mine / their for mine, their in zip(ours, theirs, strict=True))
    print(f"Python  {median(theirs):7.2f} s ({listed}; NumPy {other['packages']['numpy']}, "
          f"SciPy {other['packages']['scipy']})")
    print(f"ratio   {ratio:7.2f}\n")
    for name, expected in other["values"].items():
        found = value(own, name)
        print(f"{name:18} {found!r:>24} {expected!r:>24}   {abs(found - expected) / abs(expected or 1):.1e}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop(130, "interrupted")
