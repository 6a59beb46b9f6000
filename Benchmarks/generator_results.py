#!/usr/bin/env python3
"""Puts trained generators and their scores into docs/results/generators: pictures, losses, and the tables of its README.

    generator_results.py [--runs DIR] [--results DIR] [--eval FILE]

DIR/RECIPE is the folder of a training by `eval train generator RECIPE`; the scores are those that `eval score
DIR/*/generator.safetensors --cas --leaderboard docs/results/generators/scores` wrote. Of each run the last grid, the
losses and what was warned of are taken, of assay-gan the animation too. In the README the text between
`<!-- TABLE -->` and `<!-- end of TABLE -->` is written anew for the tables `leaderboard`, `trainings`, `labels` and
`pictures`; what stands around them is written by people.

Exit codes: 0 done, 64 usage, 66 something is missing, 70 eval failed.
"""

import csv
import json
import shutil
import subprocess
from pathlib import Path

from command_line import Parser, stop

HERE = Path(__file__).resolve().parent
EVAL = HERE.parent / ".build" / "release" / "eval"
RESULTS = HERE.parent / "docs" / "results" / "generators"
# The judge whose distances within each label are shown: the one that ranks.
JUDGE = "resnet"
ANIMATED = ("assay-gan",)


def warnings_of(run: Path) -> list[str]:
    """What the training was warned of."""
    with open(run / "losses.csv", newline="") as file:
        return [row["warning"] for row in csv.DictReader(file) if row["warning"]]


def length_of(run: Path) -> str:
    """`5 epochs`, as the training's state has it."""
    header = (run / "training-state.safetensors").open("rb")
    with header:
        size = int.from_bytes(header.read(8), "little")
        metadata = json.loads(header.read(size))["__metadata__"]
    (unit, number), = json.loads(metadata["progress"])["settings"]["length"].items()
    return f"{next(iter(number.values())):,} {unit}"


def copy_pictures(run: Path, name: str, target: Path) -> list[str]:
    """Copies what shows the training; the names of the grids."""
    found = []
    for kind, suffix in (("step", ""), ("codes", "-codes")):
        grids = sorted((run / "grids").glob(f"{kind}-*.png"))
        if grids:
            shutil.copyfile(grids[-1], target / f"{name}{suffix}.png")
            found.append(f"{name}{suffix}")
    for ending in ("csv", "svg"):
        shutil.copyfile(run / f"losses.{ending}", target / f"{name}-losses.{ending}")
    if name in ANIMATED:
        shutil.copyfile(run / "grids.gif", target / f"{name}.gif")
    return found


def row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def trainings_table(runs: dict[str, Path], scores: dict[str, dict]) -> str:
    lines = [
        row(["recipe", "length", "warned of while training", "classification accuracy score", "verdicts"]),
        "|---|---|---|---|---|",
    ]
    for name, run in runs.items():
        score = scores[name]
        learned = score.get("classification_accuracy_score")
        lines.append(
            row(
                [
                    name,
                    length_of(run),
                    "; ".join(warnings_of(run)) or "–",
                    f"{100 * learned['value']:.1f} % (real {100 * learned['real']:.1f})" if learned else "–",
                    "; ".join(verdict["name"] for verdict in score["verdicts"]) or "–",
                ]
            )
        )
    return "\n".join(lines)


def labels_table(scores: dict[str, dict], labels: list[str]) -> str:
    lines = [row(["generator", *labels]), "|---" * (1 + len(labels)) + "|"]
    for name, score in scores.items():
        distances = score["judges"].get(JUDGE, {}).get("frechet_distance_per_label")
        if not distances or not score.get("label_accuracy"):
            continue
        known = [distance for distance in distances if distance is not None]
        cells = [
            "–" if distance is None else f"**{distance:.3g}**" if distance == max(known) else f"{distance:.3g}"
            for distance in distances
        ]
        lines.append(row([name, *cells]))
    return "\n".join(lines)


def replace_table(text: str, name: str, table: str) -> str:
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    if begin not in text or end not in text:
        stop(66, f"README.md: expected {begin} and {end}")
    head, tail = text.split(begin, 1)[0], text.split(end, 1)[1]
    return f"{head}{begin}\n{table.strip()}\n{end}{tail}"


def main() -> None:
    parser = Parser(description="Put trained generators and their scores into the results.")
    parser.add_argument("--runs", type=Path, default=Path("runs"), metavar="DIR", help="trained ones (default: runs)")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="DIR", help="with README.md and scores")
    parser.add_argument("--eval", type=Path, default=EVAL, metavar="FILE")
    arguments = parser.parse_args()

    scores = {}
    for path in sorted((arguments.results / "scores").glob("*.json")):
        for score in json.loads(path.read_text())["results"]:
            scores[Path(score["source"]).parent.name] = score
    runs = {name: arguments.runs / name for name in scores}
    for name, run in runs.items():
        if not (run / "losses.csv").exists():
            stop(66, f"{run}: expected the folder of the training of {name}")
    board = subprocess.run(
        [arguments.eval, "leaderboard", arguments.results / "scores", "--format", "markdown"],
        capture_output=True,
        text=True,
    )
    if board.returncode != 0:
        stop(70, board.stderr.strip())

    pictures = []
    for name, run in runs.items():
        grids = copy_pictures(run, name, arguments.results)
        shown = " ".join(f"![{grid}]({grid}.png)" for grid in grids)
        pictures.append(
            f"### {name}\n\n{shown}\n\n[losses]({name}-losses.svg), [as numbers]({name}-losses.csv)"
        )
    labels = json.loads(
        subprocess.run(
            [arguments.eval, "dataset", "--format", "json"], capture_output=True, text=True, check=True
        ).stdout
    )["per_label"]
    readme = arguments.results / "README.md"
    text = readme.read_text()
    for name, table in (
        ("leaderboard", board.stdout),
        ("trainings", trainings_table(runs, scores)),
        ("labels", labels_table(scores, [label["label"] for label in labels])),
        ("pictures", "\n\n".join(pictures)),
    ):
        text = replace_table(text, name, table)
    readme.write_text(text)


if __name__ == "__main__":
    main()
