"""The sets of images that outside_judges.py compares: read from arrays, and kept as bytes for everybody to see."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from command_line import stop
from damaged_images import GENERATORS, SIDE, ImageSet, as_bytes
from outside_networks import LabeledImages
from pytorch_cases import read_idx

LARGEST = 10_000
# Below it a score is withheld in parts, and a covariance says little.
SMALLEST = 20


def load_split(folder: Path, split: str) -> LabeledImages:
    def read(name: str) -> np.ndarray:
        compressed = folder / f"{name}.gz"
        # A copy, because PyTorch wants arrays that could be written to.
        return read_idx(compressed if compressed.exists() else folder / name).copy()

    try:
        images, labels = read(f"{split}-images-idx3-ubyte"), read(f"{split}-labels-idx1-ubyte")
    except (OSError, ValueError) as error:
        stop(65, f"{folder}: {error}")
    if images.shape[1:] != (SIDE, SIDE) or labels.shape != images.shape[:1]:
        stop(65, f"{folder}: expected images of 28×28 with labels, found {images.shape} and {labels.shape}")
    return LabeledImages(images, labels)


def load_array(path: Path) -> np.ndarray:
    """Bytes [N, 28, 28], N at most 10,000."""
    try:
        loaded = np.load(path, allow_pickle=False)
        if not isinstance(loaded, np.ndarray):
            names = loaded.files
            loaded = loaded["images" if "images" in names else names[0]]
    except (OSError, ValueError, KeyError, IndexError) as error:
        stop(65, f"{path}: expected an array of images: {error}")
    images = loaded[:LARGEST]
    if images.ndim == 4 and images.shape[3] == 1:
        images = images[..., 0]
    if images.ndim != 3 or images.shape[1] != images.shape[2] or images.shape[1] < SIDE or len(images) < SMALLEST:
        expected = f"{SMALLEST} images of 28×28 or more [N, 28, 28] or [N, 28, 28, 1]"
        stop(65, f"{path}: expected {expected}, found {loaded.shape}")
    margin = (images.shape[1] - SIDE) // 2
    images = images[:, margin : margin + SIDE, margin : margin + SIDE]
    if images.dtype == np.uint8:
        return np.ascontiguousarray(images)
    if not np.issubdtype(images.dtype, np.floating) or not (images.min() >= 0 and images.max() <= 1):
        found = f"{images.dtype} from {images.min()} to {images.max()}"
        stop(65, f"{path}: expected bytes, or floating-point pixels from 0 to 1, found {found}")
    return as_bytes(images.astype(np.float64) * 255)


def given_sets(paths: list[Path]) -> list[ImageSet]:
    sets = []
    for path in paths:
        if not path.exists():
            stop(66, f"{path}: not found")
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        arrays = [file for file in inside if file.suffix in (".npy", ".npz") and not file.stem.endswith("-labels")]
        if not arrays:
            stop(65, f"{path}: expected arrays of images (.npy, .npz), found none")
        sets += [ImageSet(file.stem, GENERATORS, load_array(file)) for file in arrays]
    return sets


@dataclass(frozen=True)
class KeptSet:
    """A set in the work folder, as everybody sees it."""

    name: str
    group: str
    path: Path
    count: int
    # Of the pixels, as score files have it.
    sha256: str

    @property
    def images(self) -> np.ndarray:
        return np.load(self.path, allow_pickle=False)

    @staticmethod
    def keep(image_set: ImageSet, folder: Path) -> "KeptSet":
        path = folder / f"{image_set.name}.npy"
        digest = hashlib.sha256(image_set.images.tobytes()).hexdigest()
        np.save(path, image_set.images)
        return KeptSet(image_set.name, image_set.group, path, len(image_set.images), digest)
