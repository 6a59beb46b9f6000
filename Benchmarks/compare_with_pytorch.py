#!/usr/bin/env python3
"""Times the same work in Assay and in PyTorch, side by side, and prints the ratios.

    make bench-compare PYTHON=…        # a Python that has torch and numpy
    compare_with_pytorch.py [--rounds N] [--filter TEXT] [--forms FORM …] [--threads N] [--data DIR] [--json FILE]

Every case is measured in several rounds. In each round fresh processes run one after the other, in reverse order in
every second round: eval-bench in float32 and, where it trains or infers, in bfloat16; and PyTorch as it comes (stock),
with channels_last, denormals flushed to zero and an allocator that gives no memory back (tuned), also compiled, and
also with autocast to bfloat16; --forms leaves some of them out. Times are in seconds, medians over the rounds; a ratio
is ours to theirs, the median of the rounds' own ratios: what slows the machine for a minute slows both sides of a
pair. Lower is better.

The machine must be otherwise idle: with another program at work on the same two cores, PyTorch was seen to take
80 times as long in one process as in the next, so that a ratio means nothing. What other programs use during each
process is measured; a disturbed one is run again, and after three no ratio is reported.

The work itself: Benchmarks/EvalBench and Benchmarks/pytorch_cases.py. The table and the JSON:
Benchmarks/comparison_report.py. Nothing here imports torch.
Exit codes: 0 done (whether the targets are met or not), 64 usage, 65 bad data, 66 something is missing, 70 a
benchmark failed, 73 the JSON file cannot be written, 75 the machine is not idle.
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from command_line import Parser, dataset_folder, positive, stop
from comparison_report import OURS, THEIRS, Comparison, Measured, Report

Result = TypeVar("Result")

HERE = Path(__file__).resolve().parent
EVAL_BENCH = HERE.parent / ".build" / "release" / "eval-bench"
PYTORCH_CASES = HERE / "pytorch_cases.py"

# In both precisions; the others are attacks and metrics, which are always float32.
TRAININGS = (
    "dense_epoch_bs256",
    "dense_epoch_bs32",
    "conv_epoch_bs256",
    "resnet_6k_bs256",
    "conv_infer_60k",
    "gan_step_bs64",
    "wgangp_step_bs64",
    "dcgan_step_bs256",
    "cgan_x_step_bs32",
    "flower_gan_step_bs16",
    "colour_cgan_step_bs256",
    "colorizer_step_bs64",
)
ATTACKS = ("conv_fgsm_sweep17_10k", "dense_fgsm_sweep17_10k", "conv_pgd40_10k")
# Of numpy, scipy, and torchattacks, which have one form only.
METRICS = ("fid_10k_1024", "score_10k", "autoattack_conv_200")
CASES = (*TRAININGS, *ATTACKS, *METRICS)
# Without these there is no ratio.
NEEDED = ("ours", "stock")

# What other programs may use of the processors while a case is measured, and how often it is tried.
QUIET = 0.05
TRIALS = 3

# glibc's malloc returns large blocks to the system and pays for fresh pages at every step; with these it
# keeps them: blocks of up to 4 GiB come from the heap, which never shrinks and grows by 256 MiB.
KEEPING_ALLOCATOR = {
    "MALLOC_MMAP_THRESHOLD_": str(4 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(64 << 30),
    "MALLOC_TOP_PAD_": str(256 << 20),
}


# --- what is needed -------------------------------------------------------------------------------


def require_tools(cases: list[str]) -> None:
    modules = [("torch", "PyTorch"), ("numpy", "NumPy")]
    if any(case in METRICS for case in cases):
        modules += [("scipy", "SciPy"), ("safetensors", "safetensors"), ("torchattacks", "torchattacks")]
    for module, name in modules:
        if importlib.util.find_spec(module) is None:
            stop(
                66,
                f"{name} is not installed for {sys.executable}; name a Python that has it: "
                "make bench-compare PYTHON=…",
            )
    if not os.access(EVAL_BENCH, os.X_OK):
        stop(66, f"{EVAL_BENCH}: not found; build it with `make build`")


def forms_of(case: str, wanted: list[str]) -> list[str]:
    forms = NEEDED if case in METRICS else (*NEEDED, "tuned", "compiled")
    if case in TRAININGS:
        forms += ("ours_bfloat16", "bfloat16")
    return [form for form in forms if form in (*NEEDED, *wanted)]


def busy_and_total() -> tuple[float, float]:
    """Seconds of all processors since the start of the system: at work, stolen ones included, and altogether."""
    # cpu user nice system idle iowait irq softirq steal …, in ticks.
    ticks = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    second = os.sysconf("SC_CLK_TCK")
    return (sum(ticks) - ticks[3] - ticks[4]) / second, sum(ticks) / second


# --- one measurement ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Settings:
    data: Path
    threads: int
    repeat: int
    forms: list[str]


@dataclass(frozen=True)
class Run:
    output: str
    peak_bytes: int
    # The share of the processors that other programs used meanwhile.
    use_by_others: float


def run(command: list[str], extra_environment: dict[str, str] | None = None) -> Run:
    """What `command` prints and uses; what it complains about is passed on where it fails."""
    busy, total = busy_and_total()
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        environment = os.environ | (extra_environment or {})
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=errors)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0), errors.seek(0)
        if process.returncode != 0:
            sys.stderr.write(errors.read())
            code = process.returncode if process.returncode in (64, 65, 66) else 70
            stop(code, f"`{' '.join(command)}` failed with status {process.returncode}")
        printed = output.read()
    busy_later, total_later = busy_and_total()
    others = busy_later - busy - used.ru_utime - used.ru_stime
    # Linux counts the peak in KiB.
    return Run(printed, used.ru_maxrss * 1024, others / max(total_later - total, 1e-9))


def undisturbed(case: str, measure: Callable[[], tuple[Run, Result]]) -> tuple[Run, Result]:
    for trial in range(1, TRIALS + 1):
        found, result = measure()
        if found.use_by_others <= QUIET:
            return found, result
        print(
            f"{case}: other programs used {found.use_by_others:.0%} of the processors (trial {trial} of {TRIALS})",
            file=sys.stderr,
            flush=True,
        )
    stop(75, f"{case}: expected an idle machine; other programs use more than {QUIET:.0%} of its processors")


def measure_ours(case: str, settings: Settings) -> tuple[Measured, dict]:
    """What it took, and the machine as eval-bench describes it."""

    def measure() -> tuple[Run, dict]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "benchmark.json"
            found = run(
                [str(EVAL_BENCH), "--case", case, "--json", str(path), "--repeat", str(settings.repeat)]
                + ["--threads", str(settings.threads), "--data", str(settings.data)]
            )
            return found, json.loads(path.read_text())

    found, result = undisturbed(case, measure)
    return Measured(result["cases"][case], found.peak_bytes), result["machine"]


def measure_pytorch(case: str, settings: Settings, form: str) -> tuple[Measured, str]:
    """What it took, and the version of PyTorch."""
    command = [sys.executable, str(PYTORCH_CASES), case, "--data", str(settings.data), "--form", form]
    command += ["--threads", str(settings.threads), "--repeat", str(settings.repeat)]

    def measure() -> tuple[Run, dict]:
        found = run(command, None if form == "stock" else KEEPING_ALLOCATOR)
        return found, json.loads(found.output)

    found, result = undisturbed(case, measure)
    return Measured(result["seconds"], found.peak_bytes), result["torch"]


# --- comparison -----------------------------------------------------------------------------------


def compare(cases: list[str], settings: Settings, rounds: int) -> Report:
    report = Report([Comparison(case) for case in cases], machine={}, torch_version="", rounds=rounds)
    for comparison in report.comparisons:
        case = comparison.case
        forms = forms_of(case, settings.forms)
        for number in range(rounds):
            found = {}
            for form in forms if number % 2 == 0 else reversed(forms):
                if form in OURS:
                    suffix = form.removeprefix("ours")
                    found[form], machine = measure_ours(case + suffix, settings)
                    # The fastest product of all runs: what the machine can do when nobody disturbs it.
                    if machine["sgemm_gflops"] > report.machine.get("sgemm_gflops", 0):
                        report.machine = machine
                else:
                    found[form], report.torch_version = measure_pytorch(case, settings, form)
            comparison.rounds.append(found)
            shown = ", ".join(f"{form} {found[form].seconds:.3f} s" for form in forms)
            print(f"{case}, round {number + 1} of {rounds}: {shown}", file=sys.stderr, flush=True)
    return report


def main() -> None:
    parser = Parser(description="Time the same work in Assay and in PyTorch, and print the ratios.")
    parser.add_argument("--rounds", type=positive, default=3, help="pairs of measurements a case (default: 3)")
    parser.add_argument(
        "--repeat", type=positive, default=1, help="the least number of timed runs a measurement (default: 1)"
    )
    parser.add_argument("--filter", default="", metavar="TEXT", help="only the cases whose name contains this")
    parser.add_argument(
        "--forms",
        nargs="+",
        choices=(*OURS, *THEIRS),
        default=[*OURS, *THEIRS],
        metavar="FORM",
        help="beside ours and stock only these; without bfloat16 in the processor, PyTorch's takes minutes a case",
    )
    parser.add_argument("--threads", type=positive, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the folder with the four IDX files")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the result into this file")
    arguments = parser.parse_args()

    cases = [case for case in CASES if arguments.filter in case]
    if not cases:
        parser.error(f"--filter: expected a part of one of {', '.join(CASES)}, found {arguments.filter}")
    require_tools(cases)
    settings = Settings(dataset_folder(arguments.data), arguments.threads, arguments.repeat, arguments.forms)

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
