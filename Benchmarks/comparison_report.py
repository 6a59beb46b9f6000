"""The times of Assay and of PyTorch as ratios: a table for people, JSON for programs.

Times are in seconds. A ratio is ours to theirs, the median of the ratios of the rounds; lower is better. Measures
nothing itself: compare_with_pytorch.py does.
"""

import platform
from dataclasses import dataclass, field
from statistics import median

# The most that a ratio may be.
TARGETS = {"stock": 0.5, "tuned": 0.65}
# The one case that is not PyTorch's but numpy's and scipy's, whose products are as fast as anybody's.
CASE_TARGETS = {"fid_10k_1024": {"stock": 0.7, "tuned": 0.7}}
# Where other programs use more than this share of the processors, the result says that it is not to be trusted.
QUIET = 0.05


@dataclass
class Comparison:
    """The times of one case in seconds, one a round, by who did the work."""

    case: str
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"ours": [], "stock": [], "tuned": []})

    @property
    def targets(self) -> dict[str, float]:
        return CASE_TARGETS.get(self.case, TARGETS)

    def time(self, who: str) -> float:
        return median(self.seconds[who])

    def ratio(self, peer: str) -> float:
        return median(ours / theirs for ours, theirs in zip(self.seconds["ours"], self.seconds[peer], strict=True))

    def is_met(self, peer: str) -> bool:
        return self.ratio(peer) <= self.targets[peer]

    def as_json(self) -> dict:
        peers = {
            peer: {"ratio": round(self.ratio(peer), 4), "target": target, "met": self.is_met(peer)}
            for peer, target in self.targets.items()
        }
        return {"seconds": self.seconds} | peers


@dataclass
class Report:
    comparisons: list[Comparison]
    machine: dict
    torch_version: str
    rounds: int
    # The highest share of the processors that other programs used before a round.
    use_by_others: float = 0

    def table(self) -> str:
        head = ("case", "ours s", "stock s", "ratio", "target", "", "tuned s", "ratio", "target", "")
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
        return "\n".join([self._heading(), *self._warning(), "", *lines])

    def _warning(self) -> list[str]:
        if self.use_by_others <= QUIET:
            return []
        return [
            f"Not to be trusted: other programs used up to {self.use_by_others:.0%} of the processors meanwhile."
        ]

    def _heading(self) -> str:
        machine = self.machine
        return (
            f"{machine['cpu']}, {machine['threads']} threads; {machine['blas']} ({machine['kernel']}, "
            f"{machine['sgemm_gflops']:.0f} GFLOP/s); PyTorch {self.torch_version}; rounds: {self.rounds}"
        )

    @staticmethod
    def _row(comparison: Comparison) -> tuple[str, ...]:
        cells = [comparison.case, f"{comparison.time('ours'):.3f}"]
        for peer, target in comparison.targets.items():
            cells += [
                f"{comparison.time(peer):.3f}",
                f"{comparison.ratio(peer):.2f}",
                f"≤ {target}",
                "met" if comparison.is_met(peer) else "not met",
            ]
        return tuple(cells)

    def as_json(self) -> dict:
        return {
            "schema": "assay/benchmark-comparison/1",
            "machine": self.machine | {"torch": self.torch_version, "python": platform.python_version()},
            "rounds": self.rounds,
            "use_by_others": round(self.use_by_others, 3),
            "cases": {comparison.case: comparison.as_json() for comparison in self.comparisons},
        }
