"""Sets of images whose worth is known: test images damaged, copied, thinned out, and training images.

The damages that `eval judge-check` has are defined as there (Sources/Eval/JudgeCheck/Damage.swift), with
NumPy's random numbers in place of its own; the others are what a judge may miss. Images are bytes [N, 28,
28]. The same images give the same sets: each draws from a generator of its own, seeded by its name.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.random import Generator
from scipy.fft import dctn, idctn
from scipy.ndimage import gaussian_filter

SIDE = 28
SEED = 18

# The groups that correlations are stated for.
GENERATORS, DAMAGES, OTHERS = "generators", "damages", "other sets"

Images = np.ndarray
Damage = Callable[[Images, Generator], Images]


@dataclass(frozen=True)
class ImageSet:
    name: str
    group: str
    images: Images


@dataclass(frozen=True)
class RealImages:
    """Bytes [N, 28, 28] and labels [N]: test images that are not the reference, and as many training images."""

    held_out: Images
    held_out_labels: np.ndarray
    training: Images


def as_bytes(pixels: np.ndarray) -> Images:
    return np.rint(pixels).clip(0, 255).astype(np.uint8)


# --- as in judge-check ----------------------------------------------------------------------------


def noise(x: Images, random: Generator, share: float) -> Images:
    return as_bytes((1 - share) * x + share * random.integers(0, 256, x.shape))


def blur(x: Images, _: Generator, deviation: float) -> Images:
    """A Gaussian, cut off at three deviations, black beyond the edge."""
    reach = int(np.ceil(3 * deviation))
    return as_bytes(
        gaussian_filter(x.astype(np.float64), (0, deviation, deviation), mode="constant", radius=(0, reach, reach))
    )


def blocks(x: Images, random: Generator, share: float) -> Images:
    """Five black squares of this share of the side."""
    x, edge = x.copy(), round(share * SIDE)
    for image, corners in zip(x, random.integers(0, SIDE - edge + 1, (len(x), 5, 2)), strict=True):
        for top, left in corners:
            image[top : top + edge, left : left + edge] = 0
    return x


def salt_and_pepper(x: Images, random: Generator, share: float) -> Images:
    spoilt = random.random(x.shape) < share
    return np.where(spoilt, 255 * random.integers(0, 2, x.shape), x).astype(np.uint8)


def warped(x: Images, rows: np.ndarray, columns: np.ndarray) -> Images:
    """Each pixel from the place [28, 28] given for it, counted from the middle; bilinear, black beyond the edge."""
    padded = np.pad(x.astype(np.float64), ((0, 0), (1, 1), (1, 1)))
    # 0 and 29 are the black pixels around.
    rows, columns = ((place + (SIDE - 1) / 2 + 1).clip(0, SIDE + 1) for place in (rows, columns))
    top, left = (np.floor(place).clip(0, SIDE).astype(int) for place in (rows, columns))
    down, right = rows - top, columns - left
    upper = padded[:, top, left] * (1 - right) + padded[:, top, left + 1] * right
    lower = padded[:, top + 1, left] * (1 - right) + padded[:, top + 1, left + 1] * right
    return as_bytes(upper * (1 - down) + lower * down)


def from_the_middle() -> tuple[np.ndarray, np.ndarray]:
    """Row and column [28, 28] of each pixel."""
    return tuple(np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2)


def swirl(x: Images, _: Generator, strength: float) -> Images:
    rows, columns = from_the_middle()
    angle = strength * np.exp(-np.hypot(rows, columns) / (SIDE / 2) * np.log(2) * 2)
    sine, cosine = np.sin(angle), np.cos(angle)
    return warped(x, rows * cosine - columns * sine, rows * sine + columns * cosine)


def pixelize(x: Images, _: Generator, edge: int) -> Images:
    means = x.reshape(-1, SIDE // edge, edge, SIDE // edge, edge).mean((2, 4))
    return as_bytes(means).repeat(edge, 1).repeat(edge, 2)


def crop(x: Images, _: Generator, share: float) -> Images:
    rows, columns = from_the_middle()
    return warped(x, rows * (1 - share), columns * (1 - share))


def contamination(x: Images, random: Generator, share: float) -> Images:
    return np.where(random.random((len(x), 1, 1)) < share, 255 - x, x)


# --- beyond it ------------------------------------------------------------------------------------


def rolled(x: Images, _: Generator, step: int) -> Images:
    """Down and right; what leaves comes in on the other side. By half a side it exchanges the quadrants."""
    return np.roll(x, (step, step), (1, 2))


def shifted(x: Images, step: int) -> Images:
    """Down and right, black behind."""
    return np.pad(x, ((0, 0), (step, 0), (step, 0)))[:, :SIDE, :SIDE]


def blend(x: Images, random: Generator, share: float) -> Images:
    """With another image of the set."""
    return as_bytes((1 - share) * x + share * x[random.permutation(len(x))])


def contrast(x: Images, _: Generator, factor: float) -> Images:
    """About mid-grey: black becomes grey too."""
    return as_bytes(127.5 + factor * (x - 127.5))


def darker(x: Images, _: Generator, factor: float) -> Images:
    return as_bytes(factor * x)


def mirrored(x: Images, _: Generator) -> Images:
    return x[:, :, ::-1].copy()


# Luminance, ITU-T T.81, table K.1.
QUANTIZATION = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ]
)


def jpeg(x: Images, _: Generator, quality: int) -> Images:
    """What quantization of 8×8 cosine transforms leaves, at a quality as the Independent JPEG Group counts it."""
    scale = 5000 / quality if quality < 50 else 200 - 2 * quality
    steps = ((QUANTIZATION * scale + 50) // 100).clip(1, 255)
    whole = np.pad(x, ((0, 0), (0, -SIDE % 8), (0, -SIDE % 8)), mode="edge").astype(np.float64) - 128
    side = whole.shape[1]
    squares = whole.reshape(-1, side // 8, 8, side // 8, 8).swapaxes(2, 3)
    coefficients = np.rint(dctn(squares, axes=(3, 4), norm="ortho") / steps) * steps
    restored = idctn(coefficients, axes=(3, 4), norm="ortho").swapaxes(2, 3).reshape(whole.shape)
    return as_bytes(restored[:, :SIDE, :SIDE] + 128)


DAMAGE_CATALOG: dict[str, Damage] = {
    f"{name}-{strength}": partial(damage, **{parameter: strength})
    for name, damage, parameter, strengths in (
        ("noise", noise, "share", (0.1, 0.25, 0.5, 0.75)),
        ("blur", blur, "deviation", (0.5, 1, 2, 4)),
        ("blocks", blocks, "share", (0.25, 0.5, 0.75)),
        ("salt-and-pepper", salt_and_pepper, "share", (0.02, 0.1, 0.2, 0.3)),
        ("swirl", swirl, "strength", (1, 2, 4)),
        ("pixelize", pixelize, "edge", (2, 4, 7)),
        ("crop", crop, "share", (0.15, 0.3, 0.45)),
        ("contamination", contamination, "share", (0.25, 0.5, 0.75)),
        ("rolled", rolled, "step", (1, 2, 6)),
        ("blend", blend, "share", (0.25, 0.5)),
        ("contrast", contrast, "factor", (0.75, 0.5)),
        ("darker", darker, "factor", (0.75, 0.5)),
        ("jpeg", jpeg, "quality", (50, 20, 5)),
    )
    for strength in strengths
} | {"quadrants-swapped": partial(rolled, step=SIDE // 2), "mirrored": mirrored}


# --- sets that are wrong as sets ------------------------------------------------------------------


def repeated(real: RealImages, random: Generator, count: int) -> Images:
    """So many images, again and again."""
    kept = real.held_out[random.permutation(len(real.held_out))[:count]]
    return np.resize(kept, real.held_out.shape)


def without_labels(real: RealImages, _: Generator, count: int) -> Images:
    """Without the images of so many labels; fewer labels are among more."""
    dropped = np.random.default_rng(SEED).permutation(10)[:count]
    return real.held_out[~np.isin(real.held_out_labels, dropped)]


def label_means(real: RealImages, _: Generator) -> Images:
    """One image for each label, the blurred mean of its images."""
    labels = real.held_out_labels
    means = np.stack([real.held_out[labels == label].mean(0) for label in np.unique(labels)])
    return np.resize(blur(as_bytes(means), _, deviation=2), real.held_out.shape)


def grey_blob(real: RealImages, _: Generator) -> Images:
    """One image, whatever the label: grey in the middle, black at the edge."""
    blob = as_bytes(128 * np.exp(-np.hypot(*from_the_middle()) ** 2 / (2 * 6**2)))
    return np.broadcast_to(blob, real.held_out.shape).copy()


OTHER_CATALOG: dict[str, Callable[[RealImages, Generator], Images]] = {
    "unchanged": lambda real, _: real.held_out,
    "repeated-1000": partial(repeated, count=1000),
    "repeated-100": partial(repeated, count=100),
    "without-1-label": partial(without_labels, count=1),
    "without-3-labels": partial(without_labels, count=3),
    "without-5-labels": partial(without_labels, count=5),
    "training": lambda real, _: real.training,
    "training-shifted": lambda real, _: shifted(real.training, 1),
    "label-means": label_means,
    "grey-blob": grey_blob,
    "uniform-noise": lambda real, random: random.integers(0, 256, real.held_out.shape, np.uint8),
}


def made_sets(real: RealImages) -> Iterator[ImageSet]:
    for name, damage in DAMAGE_CATALOG.items():
        yield ImageSet(name, DAMAGES, damage(real.held_out, random_of(name)))
    for name, make in OTHER_CATALOG.items():
        yield ImageSet(name, OTHERS, make(real, random_of(name)))


def random_of(name: str) -> Generator:
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])
