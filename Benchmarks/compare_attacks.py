#!/usr/bin/env python3
"""Runs the attacks of public libraries on Assay's classifiers, to compare the strength of Assay's own with them.

    compare_attacks.py --classifier conv|dense|FILE --epsilon 0.1 [--norm linf|l2] [--limit N] [--attacks A,B,…]
                       [--steps N] [--seed N] [--threads N] [--data DIR] [--json FILE]

The same weights and the same images: the first N test images of Fashion-MNIST, pixels in [0, 1], true labels,
logits, inference mode. Before anything else the reference classifiers must reach their documented accuracy on all
10,000 test images, to the image. A clean misclassification counts as broken and is not attacked. What an attack
returns is clipped, classified anew and measured here, whatever the attack says; an image outside of ε does not
count. Attacks that look for the smallest change fool an image at ε if they change it by at most ε; the median of
their distances is that of all images that were classified correctly, the mean that of those among them that the
attack fooled.

An attack may name its library: `apgd-ce@adv-lib`. --steps is for all attacks at once; without it each takes its own
number. The number of forward passes an image is counted, of all images attacked. Times are of the attacks alone.

Needs PyTorch, numpy and safetensors, and of torchattacks 3.5.1, adv-lib 0.2.8, foolbox 3.3.4,
adversarial-robustness-toolbox 1.20.1 and pyautoattack 0.2.0 (AutoAttack by its authors) those that are asked for. adv-lib imports torchvision, of which any version
will do that can be imported, and visdom.

Exit codes: 0 done, 64 usage, 65 bad data or an unexpected accuracy, 66 something is missing, 70 an attack failed,
73 the JSON file cannot be written.
"""

import importlib.util
import json
import math
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from command_line import Parser, dataset_folder, positive, stop

for module in ("torch", "numpy", "safetensors"):
    if importlib.util.find_spec(module) is None:
        stop(66, f"{module} is not installed for {sys.executable}")

import torch
from reference_attacks import LIBRARIES, Budget, ReferenceAttack, attack_names, find_attack
from reference_classifiers import (
    BATCH,
    DOCUMENTED,
    LoadedClassifier,
    load_classifier,
    load_test_images,
    predictions,
)
from torch import Tensor

# A distance is measured in single precision, of pixels up to 1.
ROUNDING = 1e-6


def wilson_interval(correct: int, count: int, z: float = 1.959964) -> tuple[float, float]:
    share, square = correct / count, z * z
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = z / (1 + square / count) * (share * (1 - share) / count + square / (4 * count * count)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def finite_or_none(number: float) -> float | None:
    """JSON has no infinity."""
    return number if math.isfinite(number) else None


@dataclass(frozen=True)
class Outcome:
    """What one attack did. The tensors have an element for every image; infinite distances: not fooled."""

    attack: ReferenceAttack
    budget: Budget
    fooled: Tensor
    distances: Tensor
    clean: Tensor
    outside: int
    forwards: float
    seconds: float

    @property
    def settings(self) -> str:
        return self.attack.settings.format(steps=self.budget.steps)

    @property
    def correct(self) -> int:
        return int((~self.fooled).sum())

    @property
    def median(self) -> float:
        return float(self.distances[self.clean].quantile(0.5, interpolation="lower"))

    @property
    def mean(self) -> float:
        attacked = self.distances[self.clean]
        return float(attacked[attacked.isfinite()].mean())

    def row(self) -> tuple[str, ...]:
        count = len(self.fooled)
        low, high = wilson_interval(self.correct, count)
        distances = (f"{self.median:.5f}", f"{self.mean:.5f}") if self.attack.is_minimum_norm else ("", "")
        return (
            self.attack.attack,
            f"{self.attack.library} {self.attack.version}",
            f"{self.correct / count:.2%}",
            f"{low:.1%}–{high:.1%}",
            *distances,
            f"{self.forwards:.0f}",
            f"{self.seconds:.1f}",
            str(self.outside or ""),
            self.settings,
        )

    def as_json(self) -> dict:
        count = len(self.fooled)
        result = {
            "attack": self.attack.attack,
            "library": self.attack.library,
            "version": self.attack.version,
            "settings": self.settings,
            "accuracy": self.correct / count,
            "interval": wilson_interval(self.correct, count),
            "correct": self.correct,
            "count": count,
            "outside": self.outside,
            "forwards_per_image": self.forwards,
            "seconds": self.seconds,
            "fooled": self.fooled.tolist(),
            "distances": [finite_or_none(distance) for distance in self.distances.tolist()],
        }
        if self.attack.is_minimum_norm:
            result |= {"median_distance": finite_or_none(self.median), "mean_distance": finite_or_none(self.mean)}
        return result


HEAD = ("attack", "library", "robust", "95 %", "median", "mean", "forwards", "s", "outside", "settings")


def run(attack: ReferenceAttack, budget: Budget, classifier: LoadedClassifier, x: Tensor, y: Tensor) -> Outcome:
    model = classifier.model
    clean = predictions(model, x) == y
    # Broken before any attack: distance 0.
    fooled, distances = ~clean, torch.where(clean, torch.inf, 0.0).double()
    images, labels = x[clean], y[clean]
    prepared = attack.prepare(model, budget)
    torch.manual_seed(budget.seed)
    model.images_seen = 0
    start = time.perf_counter()
    parts = [prepared(*batch) for batch in zip(images.split(BATCH), labels.split(BATCH), strict=True)]
    seconds = time.perf_counter() - start
    forwards = model.images_seen / max(1, len(images))

    changed = torch.cat(parts).detach()
    finite = changed.flatten(1).isfinite().all(1)
    changed = torch.where(finite[:, None, None, None], changed, images).clamp(0, 1)
    distance = torch.linalg.vector_norm((changed.double() - images.double()).flatten(1), budget.order, dim=1)
    wrong = predictions(model, changed) != labels
    inside = distance <= budget.epsilon + ROUNDING
    fooled[clean] = wrong & inside
    distances[clean] = torch.where(wrong, distance, torch.inf)
    outside = int((~finite).sum()) + (0 if attack.is_minimum_norm else int((~inside).sum()))
    return Outcome(attack, budget, fooled, distances, clean, outside, forwards, seconds)


def table(outcomes: list[Outcome]) -> str:
    rows = [HEAD, *(outcome.row() for outcome in outcomes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    rows.insert(1, tuple("─" * width for width in widths))
    texts = (0, 1, len(HEAD) - 1)
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in texts else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def check_accuracy(classifier: LoadedClassifier, x: Tensor, y: Tensor) -> int:
    """The number of correct answers; stops where it is not the documented one."""
    correct = int((predictions(classifier.model, x) == y).sum())
    expected = DOCUMENTED.get(classifier.name, correct)
    if correct != expected:
        stop(65, f"{classifier.name}: expected {expected} correct of {len(y)} test images, found {correct}")
    return correct


def main() -> None:
    parser = Parser(description="Run reference implementations of attacks on a classifier of Assay.")
    parser.add_argument("--classifier", required=True, metavar="conv|dense|FILE")
    parser.add_argument("--epsilon", type=float, required=True, help="in units of [0, 1]")
    parser.add_argument("--norm", choices=("linf", "l2"), default="linf")
    parser.add_argument("--limit", type=positive, default=1000, metavar="N", help="only the first N images")
    parser.add_argument("--attacks", metavar="A,B,…", help="default: all that know the norm")
    parser.add_argument("--steps", type=positive, metavar="N", help="of every attack; queries for square")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--threads", type=positive, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the folder with the four IDX files")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all results, image by image")
    arguments = parser.parse_args()
    if not 0 < arguments.epsilon < math.inf:
        parser.error(f"--epsilon: expected more than 0, found {arguments.epsilon}")

    names = attack_names(arguments.norm)
    attacks = []
    for text in arguments.attacks.split(",") if arguments.attacks else names:
        if (attack := find_attack(text, arguments.norm)) is None:
            parser.error(
                f"--attacks: expected one of {', '.join(names)} for {arguments.norm}, with or without @ and one of "
                f"{', '.join(LIBRARIES)}, found {text}"
            )
        attacks.append(attack)

    torch.set_num_threads(arguments.threads)
    folder = dataset_folder(arguments.data)
    try:
        subject = arguments.classifier
        classifier = load_classifier(subject)
        subject = folder
        x, y = load_test_images(folder)
    except FileNotFoundError:
        stop(66, f"{subject}: not found")
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        stop(65, f"{subject}: {error}")
    clean_correct = check_accuracy(classifier, x, y)
    x, y = x[: arguments.limit], y[: arguments.limit]

    outcomes, failures = [], {}
    for attack in attacks:
        label = f"{attack.attack}@{attack.library}"
        budget = Budget(arguments.norm, arguments.epsilon, attack.steps_of(arguments.steps), arguments.seed)
        try:
            outcome = run(attack, budget, classifier, x, y)
        except ImportError as error:
            stop(66, f"{label}: {error}; install {LIBRARIES[attack.library][0]} and what it imports")
        except Exception as error:  # Whatever breaks inside of a library: the others are still worth running.
            failures[label] = f"{type(error).__name__}: {error}"
            print(f"{label}: failed: {failures[label]}", file=sys.stderr, flush=True)
            continue
        outcomes.append(outcome)
        print(f"{label}: {outcome.correct} of {len(y)} in {outcome.seconds:.1f} s", file=sys.stderr, flush=True)

    print(
        f"{classifier.name}: clean accuracy {clean_correct / 10_000:.2%}; {arguments.norm}, ε {arguments.epsilon:g} "
        f"in [0, 1], {len(y)} images, seed {arguments.seed}; PyTorch {torch.__version__}\n\n{table(outcomes)}"
    )
    if arguments.json is not None:
        result = {
            "schema": "assay/reference-attacks/1",
            "classifier": classifier.name,
            "architecture": classifier.architecture,
            "weights_sha256": classifier.sha256,
            "clean_accuracy": clean_correct / 10_000,
            "norm": arguments.norm,
            "epsilon": arguments.epsilon,
            "pixel_range": [0, 1],
            "images": len(y),
            "seed": arguments.seed,
            "threads": arguments.threads,
            "torch": torch.__version__,
            "clean_correct": (predictions(classifier.model, x) == y).tolist(),
            "attacks": [outcome.as_json() for outcome in outcomes],
            "failures": failures,
        }
        try:
            arguments.json.parent.mkdir(parents=True, exist_ok=True)
            arguments.json.write_text(json.dumps(result, ensure_ascii=False) + "\n")
        except OSError as error:
            stop(73, f"{arguments.json}: cannot be written: {error.strerror}")
    if failures:
        sys.exit(70)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop(130, "interrupted; nothing was written")
