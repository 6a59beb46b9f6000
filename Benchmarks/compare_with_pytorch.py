#!/usr/bin/env python3
"""Times the same work in Assay and in PyTorch, side by side, and prints the ratios.

    make bench-compare PYTHON=…        # a Python that has torch and numpy
    compare_with_pytorch.py [--rounds N] [--filter TEXT] [--threads N] [--data DIR] [--json FILE]

Every case is measured in several rounds. In each round three fresh processes run one after the other, in reverse
order in every second round: eval-bench, PyTorch as it comes (stock), and PyTorch at its best (tuned: channels_last
for the convolutions, denormals flushed to zero, and an allocator that gives no memory back). Times are in seconds,
medians over the rounds; a ratio is ours to theirs, the median of the rounds' own ratios: what slows the machine for
a minute slows both sides of a pair. Lower is better.

The machine must be otherwise idle: with another program at work on the same two cores, PyTorch was seen to take
80 times as long in one process as in the next, so that a ratio means nothing. What other programs use is measured
before every round, and a result that was disturbed says so.

The work itself: Benchmarks/EvalBench and Benchmarks/pytorch_cases.py. The table and the JSON:
Benchmarks/comparison_report.py. Nothing here imports torch.
Exit codes: 0 done (whether the targets are met or not), 64 usage, 65 bad data, 66 something is missing, 70 a
benchmark failed, 73 the JSON file cannot be written.
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from command_line import Parser, dataset_folder, positive, stop
from comparison_report import Comparison, Report

HERE = Path(__file__).resolve().parent
EVAL_BENCH = HERE.parent / ".build" / "release" / "eval-bench"
PYTORCH_CASES = HERE / "pytorch_cases.py"

CASES = (
    "dense_epoch_bs256",
    "dense_epoch_bs32",
    "conv_epoch_bs256",
    "conv_fgsm_sweep17_10k",
    "dense_fgsm_sweep17_10k",
    "conv_pgd40_10k",
    "conv_infer_60k",
    "gan_step_bs64",
    "wgangp_step_bs64",
    "dcgan_step_bs256",
    "cgan_x_step_bs32",
    "flower_gan_step_bs16",
    "colour_cgan_step_bs256",
    "colorizer_step_bs64",
    "fid_10k_1024",
)

# glibc's malloc returns large blocks to the system and pays for fresh pages at every step; with these it keeps
# them: blocks of up to 4 GiB come from the heap, which never shrinks and grows by 256 MiB.
KEEPING_ALLOCATOR = {
    "MALLOC_MMAP_THRESHOLD_": str(4 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(64 << 30),
    "MALLOC_TOP_PAD_": str(256 << 20),
}


# --- what is needed --------------------------------------------------------------------------------------------


def require_tools() -> None:
    for module, name in (("torch", "PyTorch"), ("numpy", "NumPy")):
        if importlib.util.find_spec(module) is None:
            stop(
                66,
                f"{name} is not installed for {sys.executable}; name a Python that has it: "
                "make bench-compare PYTHON=…",
            )
    if not os.access(EVAL_BENCH, os.X_OK):
        stop(66, f"{EVAL_BENCH}: not found; build it with `make build`")


def use_by_others(seconds: float = 1.0) -> float:
    """The share of the processors' time that goes elsewhere while this program sleeps, from 0 to 1."""

    def idle_and_total() -> tuple[int, int]:
        # cpu user nice system idle iowait irq softirq steal …, in ticks since the start of the system.
        ticks = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        return ticks[3] + ticks[4], sum(ticks)

    idle, total = idle_and_total()
    time.sleep(seconds)
    idle_later, total_later = idle_and_total()
    return 1 - (idle_later - idle) / max(1, total_later - total)


# --- one measurement -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Settings:
    data: Path
    threads: int
    repeat: int


def run(command: list[str], extra_environment: dict[str, str] | None = None) -> str:
    """What `command` prints; what it complains about is passed on where it fails."""
    result = subprocess.run(
        command, env=os.environ | (extra_environment or {}), capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        sys.stderr.write(result.stderr)
        status = result.returncode if result.returncode in (64, 65, 66) else 70
        stop(status, f"`{' '.join(command)}` failed with status {result.returncode}")
    return result.stdout


def measure_ours(case: str, settings: Settings) -> tuple[float, dict]:
    """Seconds, and the machine as eval-bench describes it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "benchmark.json"
        run(
            [str(EVAL_BENCH), "--filter", case, "--json", str(path), "--repeat", str(settings.repeat)]
            + ["--threads", str(settings.threads), "--data", str(settings.data)]
        )
        result = json.loads(path.read_text())
    return result["cases"][case], result["machine"]


def measure_pytorch(case: str, settings: Settings, *, tuned: bool) -> tuple[float, str]:
    """Seconds, and the version of PyTorch."""
    command = [sys.executable, str(PYTORCH_CASES), case, "--data", str(settings.data)]
    command += ["--threads", str(settings.threads), "--repeat", str(settings.repeat)]
    output = run(command + (["--tuned"] if tuned else []), KEEPING_ALLOCATOR if tuned else None)
    result = json.loads(output)
    return result["seconds"], result["torch"]


# --- comparison ------------------------------------------------------------------------------------------------


def compare(cases: list[str], settings: Settings, rounds: int) -> Report:
    report = Report([Comparison(case) for case in cases], machine={}, torch_version="", rounds=rounds)
    for comparison in report.comparisons:
        case = comparison.case
        for number in range(rounds):
            report.use_by_others = max(report.use_by_others, use_by_others())
            order = ("ours", "stock", "tuned")
            times = {}
            for who in order if number % 2 == 0 else reversed(order):
                if who == "ours":
                    times[who], machine = measure_ours(case, settings)
                    # The fastest product of all runs: what the machine can do when nobody disturbs it.
                    if machine["sgemm_gflops"] > report.machine.get("sgemm_gflops", 0):
                        report.machine = machine
                else:
                    times[who], report.torch_version = measure_pytorch(case, settings, tuned=who == "tuned")
            for who, seconds in times.items():
                comparison.seconds[who].append(seconds)
            shown = ", ".join(f"{who} {times[who]:.3f} s" for who in order)
            print(f"{case}, round {number + 1} of {rounds}: {shown}", file=sys.stderr, flush=True)
    return report


def main() -> None:
    parser = Parser(description="Time the same work in Assay and in PyTorch, and print the ratios.")
    parser.add_argument("--rounds", type=positive, default=3, help="pairs of measurements a case (default: 3)")
    parser.add_argument(
        "--repeat", type=positive, default=1, help="the least number of timed runs a measurement (default: 1)"
    )
    parser.add_argument("--filter", default="", metavar="TEXT", help="only the cases whose name contains this")
    parser.add_argument("--threads", type=positive, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the folder with the four IDX files")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the result into this file")
    arguments = parser.parse_args()

    cases = [case for case in CASES if arguments.filter in case]
    if not cases:
        parser.error(f"--filter: expected a part of one of {', '.join(CASES)}, found {arguments.filter}")
    require_tools()
    settings = Settings(dataset_folder(arguments.data), arguments.threads, arguments.repeat)

    report = compare(cases, settings, arguments.rounds)
    print(report.table())
    if arguments.json is not None:
        try:
            arguments.json.parent.mkdir(parents=True, exist_ok=True)
            arguments.json.write_text(json.dumps(report.as_json(), indent=2, ensure_ascii=False) + "\n")
        except OSError as error:
            stop(73, f"{arguments.json}: cannot be written: {error.strerror}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop(130, "interrupted; nothing was written")
