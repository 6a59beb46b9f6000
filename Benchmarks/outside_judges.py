#!/usr/bin/env python3
"""Asks six networks that are not Assay's whether they rank sets of images as Assay's judges do.

    outside_judges.py [SET…] [--eval FILE] [--scores FILE…] [--work DIR] [--reference N] [--no-made-sets]
                      [--epochs N] [--threads N] [--data DIR] [--json FILE] [--csv FILE]
    outside_judges.py --train-only | --self-test

A SET is an array of images (.npy, .npz: bytes, or floats in [0, 1]; [N, 28, 28] or [N, 28, 28, 1]; of larger
images the middle), as `eval generate` writes it, or a folder of such arrays; they are taken for generators,
each called by its file's name. `generator_samples.py` makes those of all of Assay's recipes. To them are
added about fifty sets made from the data: test images damaged in all ways that `eval judge-check` knows and
in others, and sets that are wrong as sets (damaged_images.py; without them: --no-made-sets).

The reference is that of `eval score --limit N`: the first N test images (5,000). The sets are made of the N
that follow, which are thus not compared with themselves, and which no network has seen: the halves of `eval
judge-check`. A generator's set is compared whole, up to 10,000 images. With --reference 10000 the reference
is that of the leaderboard, and no test images are left to make sets of.

Each set is written into DIR/sets as bytes, so that all networks and judges see the same. The outside networks
(outside_networks.py) are trained once and kept in DIR/networks, some minutes each on two cores; their
distances are kept in DIR/distances.json. Assay's judges are asked by one `eval score … --format json`, whose
answer stays as DIR/scores.json; sets that the files of --scores hold, by the SHA-256 of their pixels, are not
scored again. Generators that eval itself drew for a score are found there by name.

Printed as Markdown: Spearman's ρ of the Fréchet distances of each judge with each outside network, the median
over these, and what each outside network reaches with the others; for generators, damages, other sets and
all. Intervals are those of a bootstrap over the sets (95 %): what another choice of sets of this kind might
have given. Distances are used as they are, without regard to floors and errors: sets that no one can tell
apart are in an accidental order, which lowers every ρ.

Needs PyTorch, NumPy and SciPy. Exit codes: 0 done, 64 usage, 65 bad data, 66 something is missing, 70 eval
failed or a self-test did, 73 a file cannot be written.
"""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

from command_line import Parser, dataset_folder, positive, stop

for module, package in (("torch", "PyTorch"), ("numpy", "NumPy"), ("scipy", "SciPy")):
    if importlib.util.find_spec(module) is None:
        stop(66, f"{package} is not installed for {sys.executable}")

import numpy as np
import torch
from damaged_images import GENERATORS, RealImages, made_sets
from outside_networks import NETWORK_CATALOG, TrainedNetwork, trained
from outside_report import Result
from outside_self_test import self_test
from outside_sets import KeptSet, given_sets, load_split
from rank_agreement import Moments, frechet_distance

EVAL = Path(__file__).resolve().parent.parent / ".build" / "release" / "eval"


def outside_distances(
    networks: list[TrainedNetwork], sets: list[KeptSet], reference: np.ndarray, path: Path
) -> dict[str, list[float]]:
    """By the networks' names; what was computed before is read from the file."""
    try:
        known = json.loads(path.read_text())
    except (OSError, ValueError):
        known = {}
    reference_digest = hashlib.sha256(reference.tobytes()).hexdigest()
    distances = {}
    for network in networks:

        def key(kept: KeptSet, network: TrainedNetwork = network) -> str:
            return f"{network.sha256} {reference_digest} {kept.sha256}"

        missing = [kept for kept in sets if key(kept) not in known]
        if missing:
            real = Moments.of(network.features(reference))
        for index, kept in enumerate(missing):
            known[key(kept)] = frechet_distance(real, Moments.of(network.features(kept.images)))
            if (index + 1) % 10 == 0 or index + 1 == len(missing):
                done = f"{network.recipe.name}: {index + 1} of {len(missing)} sets"
                print(done, file=sys.stderr, flush=True)
        write(path, json.dumps(known, indent=1))
        distances[network.recipe.name] = [known[key(kept)] for kept in sets]
    return distances


def read_scores(path: Path, reference_count: int) -> dict:
    try:
        file = json.loads(path.read_text())
        schema, reference = file["schema"], file["reference"]
        found = reference["split"], reference["count"]
    except OSError as error:
        stop(66, f"{path}: {error.strerror}")
    except (ValueError, KeyError, TypeError) as error:
        stop(65, f"{path}: expected a score of eval: {error}")
    if schema != "assay/score/1" or found != ("test", reference_count):
        expected = f"assay/score/1 against the first {reference_count} test images"
        stop(65, f"{path}: expected {expected}, found {schema} against {found[1]} of {found[0]}")
    return file


def generator_of(source: str) -> str:
    """What a score of a generator is called: its file, or the folder of its run."""
    path = Path(source)
    return path.parent.name if path.stem == "generator" else path.stem


def judge_distances(
    sets: list[KeptSet], score_files: list[Path], reference_count: int, command: list[str], output: Path
) -> tuple[dict[str, list[float]], dict]:
    """By the judges' names, and who they are; asks eval for what the score files do not hold."""
    files = [read_scores(path, reference_count) for path in score_files]
    by_pixels = {result["sha256"]: result for file in files for result in file["results"]}
    by_name = {
        generator_of(result["source"]): result
        for file in files
        for result in file["results"]
        if result.get("seed") is not None
    }

    def found(kept: KeptSet) -> dict | None:
        named = by_name.get(kept.name) if kept.group == GENERATORS else None
        return by_pixels.get(kept.sha256) or (named if named and named["count"] == kept.count else None)

    missing = [kept for kept in sets if found(kept) is None]
    if missing:
        # Paths beginning with a dash would be options.
        paths = [str(kept.path.resolve()) for kept in missing]
        try:
            run = subprocess.run([*command, *paths], stdout=subprocess.PIPE, text=True, check=False)
        except OSError as error:
            stop(66, f"{command[0]}: {error.strerror}; build it with `make build`, or name it with --eval")
        if run.returncode != 0:
            stop(70, f"`{' '.join(command)} …` failed with status {run.returncode}")
        write(output, run.stdout)
        files.append(read_scores(output, reference_count))
        by_pixels |= {result["sha256"]: result for result in files[-1]["results"]}
    if any(file["judge"] != files[0]["judge"] for file in files):
        stop(65, "--scores: expected scores by the judges of this eval, found others")
    judge = files[0]["judge"]
    results = [found(kept) for kept in sets]
    for kept, result in zip(sets, results, strict=True):
        if result is None:
            stop(65, f"{output}: expected a score of {kept.path}, found none")
    names = sorted(judge["sha256"])
    return {
        name: [float(result["judges"][name]["frechet_distance"]["value"]) for result in results] for name in names
    }, judge


def write(path: Path, text: str) -> None:
    """Whole, or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(path.name + ".tmp")
        temporary.write_text(text)
        temporary.replace(path)
    except OSError as error:
        stop(73, f"{path}: cannot be written: {error.strerror}")


def main() -> None:
    parser = Parser(description="Ask networks that are not Assay's whether they rank as Assay's judges do.")
    parser.add_argument("sets", nargs="*", type=Path, metavar="SET", help="generators' images, or folders of them")
    parser.add_argument("--eval", type=Path, default=EVAL, metavar="FILE", help="the command")
    parser.add_argument("--scores", type=Path, nargs="+", default=[], metavar="FILE", help="scores there already are")
    parser.add_argument("--work", type=Path, default=Path("results/outside-judges"), metavar="DIR")
    parser.add_argument("--reference", type=positive, default=5000, metavar="N", help="test images (default: 5000)")
    parser.add_argument("--no-made-sets", action="store_true", help="only the sets that are named")
    parser.add_argument("--epochs", type=positive, metavar="N", help="of every network (default: its own number)")
    parser.add_argument("--threads", type=positive, default=len(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the folder with the four IDX files")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write distances and correlations")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="also write the distances")
    parser.add_argument("--train-only", action="store_true", help="train the networks that are missing, and end")
    parser.add_argument("--self-test", action="store_true", help="try the parts of this script, in seconds, and end")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    if arguments.self_test:
        sys.exit(70 if self_test() else 0)

    folder, count = dataset_folder(arguments.data), arguments.reference
    train, test = load_split(folder, "train"), load_split(folder, "t10k")
    if not arguments.train_only:
        if count > len(test.images):
            parser.error(f"--reference: expected at most {len(test.images)} test images, found {count}")
        if not arguments.no_made_sets and 2 * count > len(test.images):
            half = len(test.images) // 2
            parser.error(f"--reference: expected at most {half}, for sets of other test images, found {count}")
    work = arguments.work
    networks = [trained(r, train, test, work / "networks", arguments.epochs) for r in NETWORK_CATALOG]
    if arguments.train_only:
        for network in networks:
            print(f"{network.recipe.name}: {network.quality:.2%} in {network.seconds:.0f} s")
        return

    sets = given_sets(arguments.sets)
    if not arguments.no_made_sets:
        other = slice(count, 2 * count)
        chosen = np.random.default_rng(0).permutation(len(train.images))[:count]
        sets += made_sets(RealImages(test.images[other], test.labels[other], train.images[chosen]))
    names = [image_set.name for image_set in sets]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        stop(65, f"expected sets of different names, found {', '.join(repeated)} more than once")
    try:
        (work / "sets").mkdir(parents=True, exist_ok=True)
        kept = [KeptSet.keep(image_set, work / "sets") for image_set in sets]
    except OSError as error:
        stop(73, f"{work / 'sets'}: cannot be written: {error.strerror}")

    command = [str(arguments.eval), "score", "--format", "json", "--limit", str(count)]
    command += ["--threads", str(arguments.threads), "--data", str(folder)]
    judged, judge = judge_distances(kept, arguments.scores, count, command, work / "scores.json")
    outside = outside_distances(networks, kept, test.images[:count], work / "distances.json")
    result = Result(judge, networks, kept, judged | outside, count)
    print(result.markdown())
    if arguments.json is not None:
        write(arguments.json, result.json())
    if arguments.csv is not None:
        try:
            result.write_csv(arguments.csv)
        except OSError as error:
            stop(73, f"{arguments.csv}: cannot be written: {error.strerror}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop(130, "interrupted")
