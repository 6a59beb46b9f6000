"""The times of Assay and of PyTorch as ratios: a table for people, JSON for programs.

Times are in seconds, medians over the rounds; lower is better. A ratio is ours to theirs, the median of the ratios of
the rounds: of float32 to PyTorch as it comes, and of our fastest form to PyTorch's fastest. Memory is the most that a
process held at once. Measures nothing itself: compare_with_pytorch.py does.
"""

import platform
from dataclasses import dataclass, field
from statistics import geometric_mean, median

OURS = ("ours", "ours_bfloat16")
THEIRS = ("stock", "tuned", "compiled", "bfloat16")
# The most that a ratio may be.
TARGETS = {"stock": 0.5, "fastest": 0.5}
# Inference has little but products, in which everybody is at the processor's rate; the distance is not
# PyTorch's but numpy's and scipy's, whose products are as fast as anybody's.
CASE_TARGETS = {"conv_infer_60k": {"stock": 0.5, "fastest": 0.6}, "fid_10k_1024": {"stock": 0.7, "fastest": 0.7}}
MEAN_TARGET = 0.42


@dataclass(frozen=True)
class Measured:
    seconds: float
    peak_bytes: int


@dataclass
class Comparison:
    """What one case took, once a round, by who did the work; not every case has every form."""

    case: str
    rounds: list[dict[str, Measured]] = field(default_factory=list)

    @property
    def targets(self) -> dict[str, float]:
        return CASE_TARGETS.get(self.case, TARGETS)

    def time(self, who: str) -> float | None:
        return median(found[who].seconds for found in self.rounds) if who in self.rounds[0] else None

    def peak(self, who: str) -> int:
        return max(found[who].peak_bytes for found in self.rounds)

    def ratio(self, to: str) -> float:
        def fastest(found: dict[str, Measured], forms: tuple[str, ...]) -> float:
            return min(found[form].seconds for form in forms if form in found)

        if to == "stock":
            return median(found["ours"].seconds / found["stock"].seconds for found in self.rounds)
        return median(fastest(found, OURS) / fastest(found, THEIRS) for found in self.rounds)

    def is_met(self, to: str) -> bool:
        return self.ratio(to) <= self.targets[to]

    def as_json(self) -> dict:
        forms = [form for form in (*OURS, *THEIRS) if form in self.rounds[0]]
        return {
            "seconds": {form: [found[form].seconds for found in self.rounds] for form in forms},
            "peak_bytes": {form: self.peak(form) for form in forms},
        } | {
            to: {"ratio": round(self.ratio(to), 4), "target": target, "met": self.is_met(to)}
            for to, target in self.targets.items()
        }


@dataclass
class Report:
    comparisons: list[Comparison]
    machine: dict
    torch_version: str
    rounds: int

    @property
    def mean(self) -> float:
        """The geometric mean of the ratios to the fastest."""
        return geometric_mean(comparison.ratio("fastest") for comparison in self.comparisons)

    def table(self) -> str:
        head = ("case", "ours s", "bf16 s", "stock s", "tuned s", "compiled s", "bf16 s")
        head += ("of stock", "", "of fastest", "", "ours MiB", "stock MiB")
        rows = [head, *(self._row(comparison) for comparison in self.comparisons)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
        rows.insert(1, tuple("─" * width for width in widths))
        lines = [
            "  ".join(
                cell.ljust(width) if column == 0 else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        ]
        mean = f"of the fastest, geometric mean: {self.mean:.2f} (≤ {MEAN_TARGET})"
        return "\n".join([self._heading(), "", *lines, "", mean])

    def _heading(self) -> str:
        machine = self.machine
        return (
            f"{machine['cpu']}, {machine['threads']} threads; {machine['blas']} ({machine['kernel']}, "
            f"{machine['sgemm_gflops']:.0f} GFLOP/s); PyTorch {self.torch_version}; rounds: {self.rounds}"
        )

    @staticmethod
    def _row(comparison: Comparison) -> tuple[str, ...]:
        times = [comparison.time(form) for form in (*OURS, *THEIRS)]
        cells = [comparison.case, *("–" if time is None else f"{time:.3f}" for time in times)]
        for to, target in comparison.targets.items():
            met = "" if comparison.is_met(to) else "not "
            cells += [f"{comparison.ratio(to):.2f}", f"≤ {target} {met}met"]
        return tuple(cells + [f"{comparison.peak(who) / 2**20:.0f}" for who in ("ours", "stock")])

    def as_json(self) -> dict:
        return {
            "schema": "assay/benchmark-comparison/2",
            "machine": self.machine | {"torch": self.torch_version, "python": platform.python_version()},
            "rounds": self.rounds,
            "mean_of_fastest": round(self.mean, 4),
            "cases": {comparison.case: comparison.as_json() for comparison in self.comparisons},
        }
