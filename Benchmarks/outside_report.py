"""What outside_judges.py found, as Markdown, JSON and CSV."""

import csv
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from damaged_images import DAMAGES, GENERATORS, OTHERS
from outside_networks import TrainedNetwork
from outside_sets import KeptSet
from rank_agreement import Agreement, ranks

SCHEMA = "assay/outside-judges/1"
GROUPS = (GENERATORS, DAMAGES, OTHERS)


@dataclass(frozen=True)
class Result:
    judge: dict
    networks: list[TrainedNetwork]
    sets: list[KeptSet]
    # By judges, then networks: a number a set.
    distances: dict[str, list[float]]
    reference_count: int

    @property
    def judges(self) -> list[str]:
        return sorted(self.judge["sha256"])

    @cached_property
    def agreements(self) -> dict[str, Agreement | None]:
        networks = [network.recipe.name for network in self.networks]
        every = np.array(list(self.distances.values()))
        present = [group for group in GROUPS if any(kept.group == group for kept in self.sets)]
        groups = [*present, "all"] if len(present) > 1 else present
        chosen = {group: [group in (kept.group, "all") for kept in self.sets] for group in groups}
        return {group: Agreement.of(self.judges, networks, every[:, chosen[group]]) for group in groups}

    def markdown(self) -> str:
        agreements = self.agreements
        among = f"the {len(self.networks)} among themselves"
        rows = [f"`{name}`" for name in self.judges] + [network.recipe.name for network in self.networks] + [among]
        counts = [f"{group} ({a.count})" for group, a in agreements.items() if a]
        lines = [row(["Spearman's ρ, median", *counts]), row(["---"] * (1 + len(counts)))]
        for index, name in enumerate(rows):
            lines.append(row([name, *(median(a, index) for a in agreements.values() if a)]))
        for group, agreement in agreements.items():
            if agreement is None:
                continue
            lines += ["", f"{group[0].upper()}{group[1:]}, with each:", "", row(["", *agreement.networks])]
            lines.append(row(["---"] * (1 + len(agreement.networks))))
            for name, values in zip(rows[:-1], agreement.table, strict=True):
                others = zip(agreement.networks, values, strict=True)
                lines.append(row([name, *("–" if other == name else number(value) for other, value in others)]))
        lines += ["", row(["network", "learns", "test accuracy or variance explained", "training"]), row(["---"] * 4)]
        for network in self.networks:
            task = "labels" if network.recipe.knows_labels else "the image"
            lines.append(row([network.recipe.name, task, f"{network.quality:.2%}", f"{network.seconds:.0f} s"]))
        return "\n".join([*lines, "", *self.differences(), "", self.note])

    def differences(self, most: int = 5) -> list[str]:
        """Where each judge is furthest from the median rank of the networks, among all sets."""
        ranked = {name: ranks(np.array(values)) for name, values in self.distances.items()}
        outside = np.median([ranked[network.recipe.name] for network in self.networks], axis=0)
        lines = []
        for judge in self.judges:
            far = np.argsort(-np.abs(ranked[judge] - outside), kind="stable")[:most]
            places = (f"{self.sets[i].name} {ranked[judge][i]:g} for {outside[i]:g}" for i in far)
            lines.append(f"- `{judge}` ranks otherwise than the median network: {', '.join(places)}")
        return lines

    @property
    def note(self) -> str:
        return (
            f"Fréchet distances from the first {self.reference_count} test images, as they are: ties share a rank, "
            f"floors and errors are left out of account. In brackets 95 % over the choice of the sets. "
            f"{self.judge['version']}; PyTorch {torch.__version__}."
        )

    def json(self) -> str:
        def plain(values: np.ndarray) -> list:
            return [plain(value) if np.ndim(value) else None if np.isnan(value) else float(value) for value in values]

        result = {
            "schema": SCHEMA,
            "judge": self.judge,
            "torch": torch.__version__,
            "reference": {"dataset": "fashion-mnist", "split": "test", "count": self.reference_count},
            "networks": [
                {
                    "name": network.recipe.name,
                    "knows_labels": network.recipe.knows_labels,
                    "quality": network.quality,
                    "seconds": network.seconds,
                    "sha256": network.sha256,
                }
                for network in self.networks
            ],
            "sets": [
                {"name": kept.name, "group": kept.group, "count": kept.count, "sha256": kept.sha256}
                | {"frechet_distance": {name: values[index] for name, values in self.distances.items()}}
                for index, kept in enumerate(self.sets)
            ],
            "agreement": {
                group: None
                if agreement is None
                else {
                    "sets": agreement.count,
                    "rows": [*agreement.judges, *agreement.networks],
                    "columns": agreement.networks,
                    "spearman": plain(agreement.table),
                    "medians": plain(agreement.medians[:-1]),
                    "median_of_pairs": float(agreement.medians[-1]),
                    "intervals": plain(agreement.intervals),
                }
                for group, agreement in self.agreements.items()
            },
        }
        return json.dumps(result, indent=2, ensure_ascii=False) + "\n"

    def write_csv(self, path: Path) -> None:
        with path.open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["set", "group", "count", *self.distances])
            for index, kept in enumerate(self.sets):
                values = (repr(float(column[index])) for column in self.distances.values())
                writer.writerow([kept.name, kept.group, kept.count, *values])


def row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def number(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}"


def median(agreement: Agreement, index: int) -> str:
    low, high = agreement.intervals[index]
    return f"{number(agreement.medians[index])} ({number(low)}–{number(high)})"
