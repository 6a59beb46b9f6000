"""Makes files of arrays, and says with which options the command reads them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Union

import numpy.typing as npt

from . import _arrays
from ._command import absolute
from ._options import Pictures, Preprocessing, StrPath, options, path, repeated, several, text

if TYPE_CHECKING:
    from typing_extensions import TypeIs

#: What can be scored: an array, arrays by name, or paths.
Images = Union[npt.ArrayLike, StrPath, Sequence[StrPath], Mapping[str, npt.ArrayLike]]
#: Of one array, of several, or of files.
Labels = Union[npt.ArrayLike, StrPath, Mapping[str, npt.ArrayLike]]

# What a single array is called.
_UNNAMED = "images"


@dataclass(frozen=True)
class Sources:
    """What ``score`` is to judge.

    Attributes:
        arguments: Sources of the command, after the options that go with them.
        folder: Where the command has to run: files are there called as arrays are, so that results,
            leaderboards and errors call them by these names, too. None where sources are paths of the caller.
    """

    arguments: list[str]
    folder: str | None


def sources(
    images: Images, labels: Labels | None, ends: tuple[float, float], is_grid: bool, folder: str
) -> Sources:
    """Checks what is to be judged, and writes what is in arrays.

    Args:
        images: See ``score``.
        labels: See ``score``.
        ends: Black and white.
        is_grid: Whether each image is a picture of several, which have a label each.
        folder: Where to write.

    Raises:
        TypeError: What is no array, nor a path.
        ValueError: An array that cannot be meant, or a name that no file can have.
    """
    if _are_paths(images):
        if isinstance(labels, Mapping):
            raise TypeError("labels: expected an array or a path beside paths of images, found names")
        if labels is not None and not _is_path(labels):
            file = os.path.join(folder, "labels")
            _arrays.write(file, _arrays.labels(labels, "labels", None))
            labels = file
        paths = [text(source, "images") for source in several(images)]
        return Sources([*_label_option(labels), "--", *paths], None)
    arrays: Mapping[str, Any] = images if isinstance(images, Mapping) else {_UNNAMED: images}
    if not arrays:
        raise ValueError("images: expected one array or more, found no names")
    folder = os.path.join(folder, "arrays")
    os.mkdir(folder)
    labels_of = _labels_by_name(labels, arrays)
    for name, value in arrays.items():
        _check_name(name)
        array = _arrays.images(value, name, ends)
        file = os.path.join(folder, name)
        if name in labels_of:
            title = "labels" if name == _UNNAMED else f"labels of {name}"
            own = _arrays.labels(labels_of[name], title, None if is_grid else len(array))
            _arrays.write_archive(file, {"images": array, "labels": own})
        else:
            _arrays.write(file, array)
    return Sources([*_label_option(labels), "--", *arrays], folder)


def _labels_by_name(labels: Any, names: Iterable[str]) -> Mapping[str, Any]:
    """The labels of each array, where they are in arrays themselves."""
    if labels is None or _is_path(labels):
        return {}
    if not isinstance(labels, Mapping):
        return dict.fromkeys(names, labels)
    for name in labels:
        if name not in names:
            raise ValueError(f"labels: expected names of images, found {name!r}")
    return labels


def _label_option(labels: Any) -> list[str]:
    return options(labels=path(labels, "labels")) if _is_path(labels) else []


def data_source(
    images: npt.ArrayLike | None,
    labels: npt.ArrayLike | None,
    ends: tuple[float, float],
    data: StrPath | None,
    folder: str,
) -> list[str]:
    """Checks the images and labels that classifiers are tried on, and writes them as a data set.

    Args:
        images: None where they come from ``data``, or from wherever the command finds the data set.
        labels: Of the images.
        ends: Black and white.
        data: A data set of files.
        folder: Where to write.

    Returns:
        The option that names the data set, where one is given.

    Raises:
        TypeError: What is no array.
        ValueError: An array that cannot be meant, one without the other, or ``data`` beside them.
    """
    if images is None or labels is None:
        if (images is None) != (labels is None):
            raise ValueError(
                f"{'images' if images is None else 'labels'}: expected both images and labels, or none"
            )
        return options(data=data)
    if data is not None:
        raise ValueError("data: expected no other images beside an array of them, found a path")
    array = _arrays.images(images, "images", ends)
    checked = _arrays.labels(labels, "labels", len(array), may_be_names=False)
    file = os.path.join(folder, "images.npz")
    _arrays.write_archive(file, {"x_test": _arrays.as_bytes(array, ends), "y_test": checked})
    return options(data=file)


def features(value: npt.ArrayLike | StrPath, name: str, folder: str) -> str:
    """Checks features and writes them as a file of this name, where they are in an array.

    Returns:
        The file: its path from the root, or its name in the folder.
    """
    if _is_path(value):
        return absolute(text(value, name))
    _arrays.write(os.path.join(folder, name), _arrays.features(value, name))
    return name


def data_set(
    dataset: str | None,
    label_names: StrPath | Sequence[str] | None,
    only: str | int | Sequence[str | int] | None,
    transpose: bool,
    pictures: Pictures | None,
    limit: int | None,
    folder: str,
) -> list[str]:
    """The options that say how a data set is read, whichever it is."""
    return [
        *options(
            dataset=dataset,
            label_names=_names(label_names, "label_names", folder),
            transpose=transpose,
            limit=limit,
        ),
        *repeated(only=only),
        *([] if pictures is None else pictures.options()),
    ]


def network(
    preprocessing: Preprocessing | None,
    anyway: bool,
    folder: str,
    labels: StrPath | Sequence[str] | None = None,
    architecture: str | None = None,
) -> list[str]:
    """The options that say how classifiers of other frameworks are read."""
    return [
        *([] if preprocessing is None else preprocessing.options()),
        *options(
            labels=_names(labels, "classifier_labels", folder), architecture=architecture, anyway=anyway
        ),
    ]


def mask(value: npt.ArrayLike | StrPath | None, threshold: float | None, folder: str) -> list[str]:
    """The options that say which pixels may change, where it is not a region as it is."""
    if value is not None and not _is_path(value):
        file = os.path.join(folder, "mask.npy")
        _arrays.write(file, _arrays.mask(value))
        value = file
    return options(mask=value, foreground_threshold=threshold)


def _names(value: StrPath | Sequence[str] | None, argument: str, folder: str) -> str | None:
    """The path of a file of names, one a line, which is written where they are not in a file yet."""
    if value is None or _is_path(value):
        return path(value, argument)
    names = [text(name, argument) for name in several(value)]
    for name in names:
        if len(name.splitlines()) != 1:
            raise ValueError(f"{argument}: expected names of one line, found {name!r}")
    file = os.path.join(folder, argument.replace("_", "-"))
    with open(file, "w", encoding="utf-8") as lines:
        lines.write("\n".join(names) + "\n")
    return file


def _is_path(value: object) -> TypeIs[StrPath]:
    return isinstance(value, (str, os.PathLike))


def _are_paths(images: object) -> TypeIs[StrPath | Sequence[StrPath]]:
    """Whether it is a path or a list of paths, which numpy.asarray would take for an array of text."""
    return _is_path(images) or (
        isinstance(images, (list, tuple)) and len(images) > 0 and all(_is_path(item) for item in images)
    )


def _check_name(name: object) -> None:
    """Refuses the name of an array that no file can have, or that the command takes for a generator's."""
    if not isinstance(name, str):
        raise TypeError(f"images: expected names that are text, found {name!r}")
    is_file = name not in ("", ".", "..") and "/" not in name and "\0" not in name
    if not is_file or name.endswith(".safetensors") or len(os.fsencode(name)) > 255:
        raise ValueError(f"images: expected a name that a file of an array can have, found {name!r}")
