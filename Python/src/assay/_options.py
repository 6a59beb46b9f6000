"""Turns Python's arguments into options of the command."""

from __future__ import annotations

import math
import numbers
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Union

from ._command import absolute

#: A path as Python has it.
StrPath = Union[str, "os.PathLike[str]"]

#: A classifier: ``"resnet"``, ``"conv"``, ``"dense"``, a file of weights, the folder of a training, or a
#: network of any framework as ONNX, ``"mine.onnx"``.
Classifier = StrPath

#: The classifiers that come with the command and know Fashion-MNIST.
REFERENCES = ("resnet", "conv", "dense")


@dataclass(frozen=True)
class Pictures:
    """How PNG and JPEG pictures become images, where ``data`` or ``reference`` is a folder of them.

    Attributes:
        fit: ``"crop"`` takes the middle square of each (the default), ``"pad"`` all of it.
        image_size: Rows and columns of an image, 28 by default.
        background: What transparency is laid over, and what is beside a padded picture: ``"black"`` (the
            default), ``"white"``, or red, green and blue such as ``"ffcc00"``.
        grey: Whether colour becomes grey.
        split_seed: Which fifth of each label's pictures is the test split, where there are no folders
            ``train`` and ``test``; 1 by default.
    """

    fit: Literal["crop", "pad"] | None = None
    image_size: int | None = None
    background: str | None = None
    grey: bool = False
    split_seed: int | None = None

    def options(self) -> list[str]:
        """As the command takes them."""
        return options(**vars(self))


@dataclass(frozen=True)
class Preprocessing:
    """What a network in an ONNX file wants of its pixels, where it does not normalize them itself.

    A network that was trained on normalized pixels, and is not told so here, is measured on images that it
    never learnt.

    Attributes:
        input_range: The range that its pixels are in, before the mean is taken off, ``(0, 1)`` by default.
        mean: What is taken off each pixel, in that range: one number, or one for each channel.
        std: What each pixel is divided by then: one number, or one for each channel.
        layout: ``"nchw"`` or ``"nhwc"``, where the shape of the input says both.
    """

    input_range: tuple[float, float] | None = None
    mean: float | Sequence[float] | None = None
    std: float | Sequence[float] | None = None
    layout: Literal["nchw", "nhwc"] | None = None

    def options(self) -> list[str]:
        """As the command takes them."""
        ends = None if self.input_range is None else pixel_range(self.input_range, "input_range")
        return options(
            input_range=None if ends is None else span(ends),
            mean=listed(self.mean, "mean"),
            std=listed(self.std, "std"),
            layout=self.layout,
        )


def options(**values: Any) -> list[str]:
    """Writes ``--name=value`` for each value.

    Args:
        values: By the options' names, with ``_`` for ``-``. None and False are left out, True is the name
            alone.

    Raises:
        TypeError: A value that is neither text, a path nor a number.
        ValueError: Empty text, for which the command would take what follows.
    """
    result: list[str] = []
    for name, value in values.items():
        option = "--" + name.replace("_", "-")
        if value is True:
            result.append(option)
        elif value is not None and value is not False:
            # With the sign between, a value may begin with a dash.
            result.append(f"{option}={text(value, name)}")
    return result


def repeated(**values: Any) -> list[str]:
    """The same of options that may be there several times: one value of each, or several."""
    return [
        option
        for name, value in values.items()
        for item in several(value)
        for option in options(**{name: item})
    ]


def text(value: object, name: str) -> str:
    """A value as the command reads it: numbers with all their digits."""
    if isinstance(value, (str, os.PathLike)):
        written = os.fspath(value)
        if not isinstance(written, str):
            raise TypeError(f"{name}: expected a path that is text, found bytes")
        if not written:
            raise ValueError(f"{name}: expected a value, found empty text")
        return written
    if isinstance(value, numbers.Integral):
        return str(int(value))
    if isinstance(value, numbers.Real):
        return repr(float(value))
    raise TypeError(f"{name}: expected text, a path or a number, found {type(value).__name__}")


def several(value: Any) -> Sequence[Any]:
    """The values of one or of more; none for None."""
    if value is None:
        return []
    if isinstance(value, (str, bytes, os.PathLike)) or not isinstance(value, Iterable):
        return [value]
    return list(value)


def path(value: StrPath | None, name: str) -> str | None:
    """A path from the root, for a command that may run in another folder."""
    return None if value is None else absolute(text(value, name))


def judge(value: Classifier, name: str) -> str:
    """The same of a judge, with features behind it or not; names stay as they are, known or not."""
    written = text(value, name)
    file, mark, features = written.partition(",features=")
    is_file = file not in REFERENCES and os.path.exists(file)
    return absolute(file) + mark + features if is_file else written


def pixel_range(value: tuple[float, float], name: str = "pixel_range") -> tuple[float, float]:
    """Checks what stands for black and for white.

    Raises:
        TypeError: Not numbers.
        ValueError: Not two finite ones, the lower first.
    """
    try:
        low, high = (float(end) for end in value)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: expected two numbers, black and white, found {value!r}") from None
    if not (low < high and math.isfinite(high - low)):
        raise ValueError(f"{name}: expected black below white, found {low:g} and {high:g}")
    return low, high


def span(ends: tuple[float, float]) -> str:
    """A range of pixels."""
    return f"{ends[0]!r}...{ends[1]!r}"


def listed(value: float | Iterable[float] | None, name: str) -> str | None:
    """A number, or a list of numbers."""
    if value is None:
        return None
    found = several(value)
    if not found:
        raise ValueError(f"{name}: expected one number or more, found none")
    return ",".join(text(item, name) for item in found)
