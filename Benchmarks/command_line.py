"""What the commands of this folder share: how they read their arguments, where they find data, how they stop."""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn


def stop(status: int, sentence: str) -> NoReturn:
    print(f"{Path(sys.argv[0]).name}: {sentence}", file=sys.stderr)
    sys.exit(status)


class Parser(argparse.ArgumentParser):
    """Ends with the status of a usage error of the other commands."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        stop(64, message)


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, found {text}")
    return int(text)


def dataset_folder(named: Path | None) -> Path:
    """Where Fashion-MNIST is: in the order in which eval looks for it, without the download."""
    files = [
        f"{split}-{kind}-ubyte" for split in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")
    ]

    def first_missing(folder: Path) -> str | None:
        return next((f for f in files if not any((folder / n).exists() for n in (f, f"{f}.gz"))), None)

    variable = os.environ.get("FASHION_MNIST_DIR")
    chosen = named or (Path(variable) if variable else None)
    if chosen is not None:
        if missing := first_missing(chosen):
            stop(66, f"{chosen / missing}.gz: not found; name a folder with the four IDX files of Fashion-MNIST")
        return chosen
    cache = os.environ.get("XDG_CACHE_HOME", "")
    caches = Path(cache) if cache.startswith("/") else Path.home() / ".cache"
    for folder in (caches / "assay" / "fashion-mnist", Path("/usr/share/datasets/fashion-mnist")):
        if first_missing(folder) is None:
            return folder
    stop(
        66,
        "fashion-mnist: not found; install it with `apt-get install dataset-fashion-mnist`, or pass the folder of "
        "its four IDX files with --data DIR",
    )
