"""Checks arrays before anything runs, and writes them as the command reads them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

# Images that are looked at, or converted, at once: what they need beside the array itself stays small.
_PIECE = 1024

_SHAPES = "[N, H, W], [N, H, W, 1], [N, 1, H, W], [N, H, W, 3], [N, 3, H, W] or [N, square number]"


def images(value: npt.ArrayLike, name: str, pixel_range: tuple[float, float]) -> Array:
    """Checks images.

    Args:
        value: uint8 or floating-point numbers in one of the shapes of ``_SHAPES``, one image or more.
        name: What the array is called in errors.
        pixel_range: Black and white of floating-point images.

    Returns:
        The same numbers; a copy only where numpy.asarray makes one.

    Raises:
        TypeError: It is no array, or one of other elements.
        ValueError: Another shape, no images, or pixels that are no numbers or leave the range by so much that
            they would be another of 256 greys at its end.
    """
    array = _array(value, name)
    if array.dtype != np.uint8 and not _is_floating(array):
        raise TypeError(f"{name}: expected uint8 or floating-point numbers, found {array.dtype}")
    _check_shape(array.shape, name)
    if _is_floating(array):
        _check_pixels(array, name, pixel_range)
    return array


def labels(value: npt.ArrayLike, name: str, count: int | None, *, may_be_names: bool = True) -> Array:
    """Checks labels as far as it can be done without knowing how many there are; the command does the rest.

    Args:
        value: Whole numbers, truth values or names, ``[N]`` or ``[N, 1]``, or one-hot ``[N, labels]``.
        name: What the array is called in errors.
        count: How many there must be, N, where that is known.
        may_be_names: Whether labels may be text.

    Returns:
        The same labels; names as NumPy's fixed-width text.

    Raises:
        TypeError: It is no array, or one of other elements.
        ValueError: Another shape or number.
    """
    array = _array(value, name)
    if array.dtype.kind in "OT" and all(isinstance(item, str) for item in array.flat):
        array = array.astype(str)
    is_one_hot = array.ndim == 2 and array.shape[1] > 1
    kinds = "biuUS" if may_be_names else "biu"
    if array.dtype.kind not in kinds and not (is_one_hot and _is_floating(array)):
        names = ", names" if may_be_names else ""
        raise TypeError(
            f"{name}: expected whole numbers, truth values{names} or one-hot rows, found {array.dtype}"
        )
    if array.ndim not in (1, 2):
        raise ValueError(
            f"{name}: expected the shape [N] or [N, 1], or one-hot [N, labels], found {list(array.shape)}"
        )
    if count is not None and len(array) != count:
        raise ValueError(f"{name}: expected {count} labels, one for each image, found {len(array)}")
    return array


def features(value: npt.ArrayLike, name: str) -> Array:
    """Checks features: numbers ``[N, d]``; the command does the rest.

    Raises:
        TypeError: It is no array, or one of other elements.
        ValueError: Another shape.
    """
    array = _array(value, name)
    if not _is_floating(array):
        raise TypeError(f"{name}: expected floating-point numbers, found {array.dtype}")
    if array.ndim != 2 or 0 in array.shape:
        raise ValueError(f"{name}: expected features of the shape [N, d], found {list(array.shape)}")
    return array


def mask(value: npt.ArrayLike) -> Array:
    """Checks a mask: truth values or numbers of 0 and 1, ``[H, W]`` or ``[N, H, W]``.

    Returns:
        The same, truth values as bytes. Whether it fits the images the command says, which knows them.

    Raises:
        TypeError: It is no array, or one of other elements.
        ValueError: Another shape, or other numbers.
    """
    array = _array(value, "mask")
    if array.dtype.kind not in "biuf":
        raise TypeError(f"mask: expected truth values or numbers of 0 and 1, found {array.dtype}")
    if array.ndim not in (2, 3) or 0 in array.shape:
        raise ValueError(f"mask: expected the shape [H, W] or [N, H, W], found {list(array.shape)}")
    wrong = array[(array != 0) & (array != 1)]
    if len(wrong):
        raise ValueError(f"mask: expected 0 and 1, found {wrong[0]:g}")
    return array.astype(np.uint8)


def as_bytes(array: Array, pixel_range: tuple[float, float]) -> Array:
    """Makes of floating-point pixels the nearest of 256 greys, as the command does for a score.

    Args:
        array: Checked images; those of uint8 stay as they are.
        pixel_range: Black and white.

    Returns:
        uint8, of the same shape.
    """
    if array.dtype == np.uint8:
        return array
    low, high = pixel_range
    result = np.empty(array.shape, np.uint8)
    for start in range(0, len(array), _PIECE):
        greys = (array[start : start + _PIECE].astype(np.float64) - low) / (high - low) * 255
        nearest = np.floor(greys)
        nearest += greys - nearest >= 0.5
        result[start : start + _PIECE] = np.clip(nearest, 0, 255)
    return result


def write(path: str, array: Array) -> None:
    """Writes a ``.npy`` file of any name, without a copy of the array."""
    with open(path, "wb") as file:
        np.save(file, array, allow_pickle=False)


def write_archive(path: str, arrays: Mapping[str, Any]) -> None:
    """Writes a ``.npz`` file of any name, without copies of the arrays."""
    with open(path, "wb") as file:
        np.savez(file, **arrays)


def _array(value: npt.ArrayLike, name: str) -> Array:
    try:
        return np.asarray(value)
    # RuntimeError is PyTorch's, for a tensor that a gradient is wanted of.
    except (TypeError, ValueError, RuntimeError) as error:
        raise TypeError(
            f"{name}: expected what numpy.asarray takes, found {type(value).__name__} ({error})"
        ) from error


def _is_floating(array: Array) -> bool:
    """Whether the command reads such numbers: those of 16, 32 and 64 bits."""
    return array.dtype.kind == "f" and array.dtype.itemsize <= 8


def _check_shape(shape: tuple[int, ...], name: str) -> None:
    if 0 in shape:
        raise ValueError(f"{name}: expected at least one image, found the shape {list(shape)}")
    ways = 0
    if len(shape) == 2:
        ways = int(math.isqrt(shape[1]) ** 2 == shape[1])
    elif len(shape) == 3:
        ways = 1
    elif len(shape) == 4:
        is_grey = shape[3] == 1 or shape[1] == 1
        is_planar = shape[1] == 3 and shape[3] != 1
        ways = is_grey + is_planar + (shape[3] == 3)
    if ways != 1:
        note = ", which can be read in two ways" if ways else ""
        raise ValueError(f"{name}: expected {_SHAPES}, found the shape {list(shape)}{note}")


def _check_pixels(array: Array, name: str, pixel_range: tuple[float, float]) -> None:
    # Both are no numbers where a pixel is none, and need no room.
    least, most = float(array.min()), float(array.max())
    if not math.isfinite(most - least):
        for start in range(0, len(array), _PIECE):
            wrong = np.argwhere(~np.isfinite(array[start : start + _PIECE]))
            if len(wrong):
                place = (start + int(wrong[0][0]), *(int(index) for index in wrong[0][1:]))
                raise ValueError(
                    f"{name}: expected pixels that are numbers, found {array[place]} in image {place[0]}"
                )
    low, high = pixel_range
    slack = (high - low) / 510
    if least < low - slack or most > high + slack:
        raise ValueError(
            f"{name}: expected pixels from {low:g} to {high:g}, found {least:g} to {most:g}; "
            "say with pixel_range what stands for black and white, or clip them"
        )
