#!/usr/bin/env python3
"""Holds figures of Assay against those of other tools, on the same weights and the same images or features.

    cross_check.py --eval FILE [--classifier conv|dense|resnet|FILE.onnx] [--limit N] [--epsilon E]
                   [--epsilon-l2 E] [--rows A,B,…] [--seed N] [--threads N] [--data DIR] [--output FILE.md]

The classifier comes as a file of `eval export-onnx`, which is run here, or is itself one; onnx_network.py
makes a module of PyTorch of it. An eval that has no such command is held against its file of weights instead,
which reference_classifiers.py reads; the line above the table says so.

- Attacks: accuracy on the first N test images of Fashion-MNIST (200) where all pixels may change, ε in units
  of pixels in [0, 1]. For the others it is measured by compare_attacks.py: what an attack returns is clipped,
  classified anew and measured. The attack of Carlini and Wagner takes a fifth of the images.
- Features: what the network's last dense layer reads, or 128 projections where that is more than 512 numbers,
  of the first 1,000 test images, and of the 1,000 that follow under Gaussian noise of 0.1. They stand for
  features of any network: what is held against each other is the metrics.

Printed (and written to FILE.md) is a table in Markdown: what, the command, ours, theirs, the tool with its
version, the difference, and why there may be one. A tool that is not installed has a row that says so.

Needs PyTorch, numpy, SciPy, safetensors and onnx, and for its rows torchattacks, foolbox, pyautoattack
(AutoAttack by its authors), torch-fidelity and prdc.

Exit codes: 0 done, 64 usage, 65 bad data, 66 something is missing, 70 eval failed, 73 the file cannot be
written.
"""

import contextlib
import importlib.metadata
import importlib.util
import io
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from command_line import Parser, dataset_folder, positive, stop

for module in ("torch", "numpy", "scipy", "safetensors", "onnx"):
    if importlib.util.find_spec(module) is None:
        stop(66, f"{module} is not installed for {sys.executable}")

import numpy as np
import reference_feature_score
import torch
from compare_attacks import run as run_attack
from onnx_network import OnnxNetwork
from reference_attacks import Budget, find_attack
from reference_classifiers import BATCH, LoadedClassifier, load_classifier, load_test_images, predictions

HEAD = ("what", "command", "ours", "theirs", "tool", "difference", "why")
FEATURES, WIDEST, PROJECTIONS, NOISE, NEIGHBORS = 1000, 512, 128, 0.1, 5
SLOW = ("cw",)

# Row: eval's attack, the norm, those of others, and why they may differ.
ATTACKS = {
    "fgsm": (
        *("fgsm", "linf", ("fgsm@torchattacks", "fgsm@foolbox")),
        "where the classifier is certain, p - 1 rounds to 0 in PyTorch and the image stays; eval's sign is exact",
    ),
    "pgd": (
        *("pgd", "linf", ("pgd@torchattacks", "pgd@foolbox")),
        "other random starts; eval keeps any iterate that fools, they return the last",
    ),
    "apgd-ce": (
        *("apgd-ce", "linf", ("apgd-ce@autoattack", "apgd-ce@torchattacks")),
        "other random starts; where cross-entropy has no slope eval follows the exact one",
    ),
    "deepfool": (
        *("deepfool-l2", "l2", ("deepfool@foolbox",)),
        "eval's steps know the bounds of the pixels, and it bisects back to the clean image: it finds nearer ones",
    ),
    "cw": (
        *("cw-l2", "l2", ("cw@foolbox",)),
        "eval's rate falls from 0.1 and it bisects; Foolbox's is 0.05, as 0.01 gets stuck at black pixels",
    ),
}
# Row: the key of `assay/feature-score/1`, and why the figures may differ.
METRICS = {
    "FID": (
        "frechet_distance",
        "the same formula; torch-fidelity takes the roots of a product that is not symmetric",
    ),
    "KID": ("kernel_distance", "the same unbiased estimate over all pairs, added in another order"),
    "precision": ("precision", "the same, k = 5; distances that are almost the radius may round otherwise"),
    "recall": ("recall", "as precision"),
    "density": ("density", "as precision"),
    "coverage": ("coverage", "as precision"),
    "Vendi": ("vendi", "the same formula, of other eigenvalue routines"),
}
ROWS = ("clean", *ATTACKS, *METRICS)


@dataclass(frozen=True)
class Row:
    what: str
    command: str
    ours: str
    theirs: str
    tool: str
    difference: str
    why: str

    def markdown(self) -> str:
        cells = (self.what, f"`{self.command}`", self.ours, self.theirs, self.tool, self.difference, self.why)
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


@dataclass(frozen=True)
class Subject:
    """The command, the classifier as it is named to it, and the same classifier in PyTorch."""

    eval: Path
    name: str
    classifier: LoadedClassifier
    shared: list[str]

    def ask(self, *words: str) -> dict:
        """What eval prints with --format json."""
        command = [str(self.eval), *words, "--format", "json", *self.shared]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            stop(
                70, f"`{shlex.join(command)}` failed with status {result.returncode}: {result.stderr.strip()}"
            )
        return json.loads(result.stdout)


def shown(*words: str) -> str:
    return shlex.join(["eval", *words])


def version(package: str) -> str:
    return f"{package} {importlib.metadata.version(package)}"


def number(value: float) -> str:
    return f"{value:.6g}"


# --- attacks --------------------------------------------------------------------------------------


def accuracy_row(what: str, command: str, correct: int, theirs: int, count: int, tool: str, why: str) -> Row:
    def share(found: int) -> str:
        return f"{found / count:.1%} ({found} of {count})"

    apart = correct - theirs
    difference = f"{100 * apart / count:+.1f} points, {abs(apart)} image{'' if abs(apart) == 1 else 's'}"
    return Row(what, command, share(correct), share(theirs), tool, difference if apart else "none", why)


def asked(subject: Subject, attack: str, epsilon: float, limit: int) -> tuple[str, int]:
    """The command, and how many images are still right."""
    words = (
        "accuracy-vs-epsilon",
        "--classifier",
        subject.name,
        "--attack",
        attack,
        "--region",
        "everywhere",
    )
    words += ("--epsilons", f"{epsilon:g}", "--limit", str(limit))
    (curve,) = subject.ask(*words)["curves"]
    (point,) = curve["points"]
    return shown(*words), point["correct"]


def clean_row(subject: Subject, x, y) -> Row:
    command, correct = asked(subject, "noise", 0, len(y))
    theirs = int((predictions(subject.classifier.model, x) == y).sum())
    why = "the same weights and images; a difference is an image on a boundary, or a wrong export"
    return accuracy_row("clean accuracy", command, correct, theirs, len(y), version("torch"), why)


def attack_rows(row: str, subject: Subject, x, y, arguments) -> list[Row]:
    attack, norm, others, why = ATTACKS[row]
    epsilon = arguments.epsilon if norm == "linf" else arguments.epsilon_l2
    limit = max(1, arguments.limit // 5) if row in SLOW else arguments.limit
    x, y = x[:limit], y[:limit]
    command, correct = asked(subject, attack, epsilon, limit)
    what = f"accuracy, {attack}, ε = {epsilon:g}"
    rows = []
    for name in others:
        reference = find_attack(name, norm)
        try:
            budget = Budget(norm, epsilon, reference.steps_of(None), arguments.seed)
            with contextlib.redirect_stdout(io.StringIO()):
                outcome = run_attack(reference, budget, subject.classifier, x, y)
        except ImportError as error:
            rows.append(Row(what, command, str(correct), "–", reference.library, "–", f"not run: {error}"))
            continue
        tool = f"{reference.library} {reference.version}, {outcome.settings}"
        rows.append(accuracy_row(what, command, correct, outcome.correct, limit, tool, why))
        print(f"{name}: {outcome.correct} of {limit}, eval {correct}", file=sys.stderr, flush=True)
    return rows


# --- features -------------------------------------------------------------------------------------


@torch.no_grad()
def features_of(subject: Subject, images, seed: int) -> np.ndarray:
    found = torch.cat([subject.classifier.model.features(batch) for batch in images.split(BATCH)]).double()
    if found.shape[1] > WIDEST:
        mix = torch.randn(found.shape[1], PROJECTIONS, generator=torch.Generator().manual_seed(seed))
        found = found @ mix.double() / found.shape[1] ** 0.5
    return found.float().numpy()


def fidelity(metric: str, name: str, **options: int) -> Callable:
    """A metric of torch-fidelity from real and generated features, in double precision."""

    def run(real: np.ndarray, generated: np.ndarray) -> float:
        module = importlib.import_module(f"torch_fidelity.metric_{metric}")
        tensors = [torch.from_numpy(features.astype(np.float64)) for features in (generated, real)]
        if metric == "fid":
            statistics = [module.fid_features_to_statistics(features) for features in tensors]
            return module.fid_statistics_to_metric(*statistics, False)[name]
        return getattr(module, f"{metric}_features_to_metric")(*tensors, verbose=False, **options)[name]

    return run


def prdc(name: str) -> Callable:
    def run(real: np.ndarray, generated: np.ndarray) -> float:
        compute = importlib.import_module("prdc").compute_prdc
        with contextlib.redirect_stdout(io.StringIO()):
            return float(compute(real.astype(np.float64), generated.astype(np.float64), NEIGHBORS)[name])

    return run


def vendi(real: np.ndarray, generated: np.ndarray) -> float:
    return reference_feature_score.vendi(real, generated.astype(np.float64))["vendi"]


NEAR = {"prc_neighborhood": NEIGHBORS}
# Row: pairs of a tool's package and its figure.
TOOLS = {
    "FID": [("torch-fidelity", fidelity("fid", "frechet_inception_distance"))],
    "KID": [
        (
            "torch-fidelity",
            fidelity("kid", "kernel_inception_distance_mean", kid_subsets=1, kid_subset_size=FEATURES),
        )
    ],
    "precision": [("prdc", prdc("precision")), ("torch-fidelity", fidelity("prc", "precision", **NEAR))],
    "recall": [("prdc", prdc("recall")), ("torch-fidelity", fidelity("prc", "recall", **NEAR))],
    "density": [("prdc", prdc("density"))],
    "coverage": [("prdc", prdc("coverage"))],
    # The formula of the package vendi-score.
    "Vendi": [("numpy", vendi)],
}


def feature_rows(rows: list[str], subject: Subject, x, arguments) -> list[Row]:
    noise = torch.randn(x[:FEATURES].shape, generator=torch.Generator().manual_seed(arguments.seed))
    noisy = (x[FEATURES : 2 * FEATURES] + NOISE * noise).clamp(0, 1)
    real, generated = (features_of(subject, images, arguments.seed) for images in (x[:FEATURES], noisy))
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder) / f"{name}.npy") for name in ("real", "generated")]
        for path, features in zip(paths, (real, generated), strict=True):
            np.save(path, features)
        score = subject.ask("score", "--features", *paths)
    command = shown("score", "--features", "real.npy", "generated.npy")
    found = []
    for row in rows:
        key, why = METRICS[row]
        ours = score[key]["value"] if isinstance(score[key], dict) else score[key]
        for package, compute in TOOLS[row]:
            try:
                theirs = compute(real, generated)
            except ImportError as error:
                found.append(Row(row, command, number(ours), "–", package, "–", f"not run: {error}"))
                continue
            apart = abs(ours - theirs) / abs(theirs or 1)
            tool = version(package)
            found.append(Row(row, command, number(ours), number(theirs), tool, f"{apart:.1e} of it", why))
    return found


# --- the classifier -------------------------------------------------------------------------------


def loaded(path: Path, eval_path: Path, name: str, shared: list[str]) -> tuple[Subject, str]:
    """The classifier in both forms, and where its weights come from; `path` is for the export."""
    if name.endswith(".onnx"):
        return Subject(eval_path, name, onnx_classifier(Path(name), name), shared), name
    command = [str(eval_path), "export-onnx", name, "--output", str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        source = shown("export-onnx", name, "--output", "FILE.onnx")
        return Subject(eval_path, name, onnx_classifier(path, name), shared), f"`{source}`"
    if result.returncode != 64:
        stop(70, f"`{shlex.join(command)}` failed with status {result.returncode}: {result.stderr.strip()}")
    return (
        Subject(eval_path, name, load_classifier(name), shared),
        "the file of weights: this eval has no export-onnx",
    )


def onnx_classifier(path: Path, name: str) -> LoadedClassifier:
    return LoadedClassifier(name, "onnx", "", OnnxNetwork(path).eval())


def main() -> None:
    parser = Parser(description="Hold figures of Assay against those of other tools.")
    parser.add_argument("--eval", type=Path, required=True, metavar="FILE", help="the command")
    parser.add_argument(
        "--classifier", default="conv", metavar="C", help="conv, dense, resnet or an ONNX file"
    )
    parser.add_argument(
        "--limit", type=positive, default=200, metavar="N", help="images to attack (default: 200)"
    )
    parser.add_argument(
        "--epsilon", type=float, default=0.05, help="of L∞, in units of [0, 1] (default: 0.05)"
    )
    parser.add_argument("--epsilon-l2", type=float, default=0.5, help="of L2 (default: 0.5)")
    parser.add_argument("--rows", metavar="A,B,…", help=f"of {', '.join(ROWS)}; default: all")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--threads", type=positive, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the folder with the four IDX files")
    parser.add_argument("--output", type=Path, metavar="FILE.md", help="also write the table")
    arguments = parser.parse_args()
    rows = arguments.rows.split(",") if arguments.rows else list(ROWS)
    if unknown := [row for row in rows if row not in ROWS]:
        parser.error(f"--rows: expected some of {', '.join(ROWS)}, found {unknown[0]}")
    if not os.access(arguments.eval, os.X_OK):
        stop(66, f"{arguments.eval}: not found; build it with `make build`")

    torch.set_num_threads(arguments.threads)
    folder = dataset_folder(arguments.data)
    shared = ["--threads", str(arguments.threads)]
    data = ["--data", str(arguments.data)] if arguments.data else []
    try:
        with tempfile.TemporaryDirectory() as temporary:
            exported = Path(temporary) / "classifier.onnx"
            subject, source = loaded(exported, arguments.eval.resolve(), arguments.classifier, shared + data)
        x, y = load_test_images(folder)
        table = tabulated(rows, subject, x, y, arguments)
    except FileNotFoundError as error:
        stop(66, f"{error.filename}: not found")
    except (OSError, ValueError, KeyError) as error:
        stop(65, f"{arguments.classifier}: {error}")
    head = (
        f"{arguments.classifier}, weights from {source}; PyTorch {torch.__version__}, seed {arguments.seed}"
    )
    lines = [
        head,
        "",
        "| " + " | ".join(HEAD) + " |",
        "|" + "---|" * len(HEAD),
        *(row.markdown() for row in table),
    ]
    text = "\n".join(lines)
    print(text)
    if arguments.output is not None:
        try:
            arguments.output.parent.mkdir(parents=True, exist_ok=True)
            arguments.output.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            stop(73, f"{arguments.output}: cannot be written: {error.strerror}")


def tabulated(rows: list[str], subject: Subject, x, y, arguments) -> list[Row]:
    table = []
    first, labels = x[: arguments.limit], y[: arguments.limit]
    if "clean" in rows:
        table.append(clean_row(subject, first, labels))
    for row in ATTACKS:
        if row in rows:
            table += attack_rows(row, subject, first, labels, arguments)
    if metrics := [row for row in METRICS if row in rows]:
        # eval score --features takes no data set.
        plain = Subject(subject.eval, subject.name, subject.classifier, subject.shared[:2])
        table += feature_rows(metrics, plain, x, arguments)
    return table


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop(130, "interrupted; nothing was written")
