#!/usr/bin/env python3
"""Draws the images of all of Assay's generators into one folder, for outside_judges.py; trains those that are
missing.

    generator_samples.py OUTPUT [--runs DIR] [--recipes A,B,…] [--epochs N] [--limit N] [--count N] [--seed N]
                         [--threads N] [--eval FILE] [--data DIR]

For each recipe of `eval train generator --list` but those of colour: where DIR/RECIPE/generator.safetensors is there it is taken,
else

    eval train generator RECIPE --epochs N --limit N --seed N --output DIR/RECIPE

all on the same number of images; then `eval generate --count 10000` writes OUTPUT/RECIPE.npy. What is there
already stays, so that a run that was stopped goes on. Without --epochs each recipe takes its own length, up
to 300 epochs: hours. One epoch of 20,000 images (--epochs 1 --limit 20000) takes most recipes a minute or two
on two cores, and leaves them far apart: enough to ask whether judges agree. The generators of
docs/results/generators are those of --epochs 5 on all images.

Exit codes: 0 done, 64 usage, 66 eval is missing, 70 eval failed.
"""

import subprocess
import sys
import time
from pathlib import Path

from command_line import Parser, positive, stop

EVAL = Path(__file__).resolve().parent.parent / ".build" / "release" / "eval"


def run(command: list[str]) -> str:
    """What it prints; its progress is passed on."""
    try:
        result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    except OSError as error:
        stop(66, f"{command[0]}: {error.strerror}; build it with `make build`, or name it with --eval")
    if result.returncode in (130, 143, 129):
        stop(result.returncode, "interrupted; start it again to go on")
    if result.returncode != 0:
        stop(70, f"`{' '.join(command)}` failed with status {result.returncode}")
    return result.stdout


def recipe_names(command: str) -> list[str]:
    """The first words below the line under the table's head, of those that draw grey images."""
    lines = run([command, "train", "generator", "--list"]).splitlines()
    return [line.split()[0] for line in lines[2:] if line[:1].strip() and " RGB; " not in line]


def main() -> None:
    parser = Parser(description="Draw the images of all generators, and train those that are missing.")
    parser.add_argument("output", type=Path, metavar="OUTPUT", help="the folder for the arrays")
    parser.add_argument("--runs", type=Path, default=Path("runs"), metavar="DIR", help="trained ones (default: runs)")
    parser.add_argument("--recipes", metavar="A,B,…", help="default: all")
    parser.add_argument("--epochs", type=positive, metavar="N", help="default: each recipe's own length")
    parser.add_argument("--limit", type=positive, metavar="N", help="only the first training images")
    parser.add_argument("--count", type=positive, default=10_000, metavar="N", help="images (default: 10000)")
    parser.add_argument("--seed", type=positive, default=1, metavar="N", help="of training and drawing")
    parser.add_argument("--threads", type=positive, metavar="N")
    parser.add_argument("--eval", type=Path, default=EVAL, metavar="FILE", help="the command")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the folder with the four IDX files")
    arguments = parser.parse_args()

    command = str(arguments.eval)
    names = recipe_names(command)
    chosen = arguments.recipes.split(",") if arguments.recipes else names
    if unknown := [name for name in chosen if name not in names]:
        parser.error(f"--recipes: expected some of {', '.join(names)}, found {', '.join(unknown)}")
    shared = ["--seed", str(arguments.seed)]
    shared += ["--threads", str(arguments.threads)] if arguments.threads else []
    for name in chosen:
        array, folder = arguments.output / f"{name}.npy", arguments.runs / name
        if array.exists():
            continue
        start = time.perf_counter()
        if not (folder / "generator.safetensors").exists():
            training = [command, "train", "generator", name, "--output", str(folder), *shared]
            for option in ("epochs", "limit", "data"):
                value = getattr(arguments, option)
                training += [f"--{option}", str(value)] if value else []
            run(training)
        arguments.output.mkdir(parents=True, exist_ok=True)
        drawing = [command, "generate", "--generator", str(folder), "--count", str(arguments.count), *shared]
        run([*drawing, "--output", str(array)])
        print(f"{array}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop(130, "interrupted; start it again to go on")
