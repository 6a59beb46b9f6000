"""Judges image generators, and attacks and judges small image classifiers, on a CPU.

The work is done by a command, which comes with a wheel for Linux on x86-64; the environment variable
``ASSAY_COMMAND`` names another one. Each function runs it once, waits for it, and returns the JSON that it
prints as a dictionary. Several threads may do so at once.

Images are whatever numpy.asarray takes: arrays, and tensors of PyTorch on a CPU.

=============================================  ======================================================
``[N, H, W]``, ``[N, H, W, 1]``,               grey
``[N, 1, H, W]``, ``[N, square number]``
``[N, H, W, 3]``, ``[N, 3, H, W]``             colour: red, green, blue
uint8                                          0 is black, 255 is white
float16, float32, float64                      black and white are the ends of ``pixel_range``
=============================================  ======================================================

Every function raises ``TypeError`` or ``ValueError`` before anything runs for an array that cannot be meant,
:class:`UsageError` and :class:`DataError` (which are ValueErrors, too) for what the command refuses,
:class:`CommandNotFound`, :class:`AssayError` for every other failure, and ``OSError`` where temporary files
cannot be written. ``KeyboardInterrupt`` ends the command first. Nothing is left behind.

What the command notes while it works goes to the logger ``assay``: its notes at level INFO, its warnings at
level WARNING. ``logging.basicConfig(level=logging.INFO)`` shows both.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy.typing as npt

from . import _command, _options, _sources
from ._command import AssayError, CommandNotFound, DataError, UsageError
from ._options import Classifier, Pictures, Preprocessing, StrPath
from ._sources import Images, Labels
from ._version import __version__

__all__ = [
    "AssayError",
    "CommandNotFound",
    "DataError",
    "Pictures",
    "Preprocessing",
    "UsageError",
    "__version__",
    "accuracy_vs_epsilon",
    "confusion_matrix",
    "score",
    "score_features",
]

#: Which pixels an attack may change: those brighter than black, or all.
Region = Literal["foreground", "everywhere"]
#: What PyTorch's weights without a network may be for.
Architecture = Literal["dense", "conv", "conv-relu", "resnet"]
#: How it is proven that no attack can change a prediction.
Certificate = Literal["ibp", "smoothing"]


def score(
    images: Images,
    *,
    labels: Labels | None = None,
    pixel_range: tuple[float, float] = (0.0, 1.0),
    grid: tuple[int, int] | None = None,
    crop: bool = False,
    count: int | None = None,
    seed: int | None = None,
    sets: int | None = None,
    seeds: bool = False,
    cas: bool = False,
    judges: Classifier | Sequence[Classifier] | None = None,
    preprocessing: Preprocessing | None = None,
    anyway: bool = False,
    reference: StrPath | None = None,
    data: StrPath | None = None,
    dataset: str | None = None,
    label_names: StrPath | Sequence[str] | None = None,
    only: str | int | Sequence[str | int] | None = None,
    transpose: bool = False,
    pictures: Pictures | None = None,
    limit: int | None = None,
    leaderboard: StrPath | None = None,
    cache: StrPath | None = None,
    output: StrPath | None = None,
    threads: int | None = None,
    progress: bool = False,
) -> dict[str, Any]:
    """Judges images, or generators, against real images.

    The first time, what is known of the real images is found out, which takes from half a minute to some
    minutes, and kept in ``cache``.

    Args:
        images: An array of images (above), 6 or more; several of them by their names, ``{"my-gan": array}``,
            which results and leaderboards then call them by; or paths, one or a list: generators of Assay and
            folders of their trainings, ``.npy`` and ``.npz`` files, folders of PNG or JPEG pictures. What is
            of another size than the real images is resized, and colour becomes grey where those are grey.
        labels: What each image is meant to show, ``[N]``: whole numbers from 0, truth values, or the labels'
            names; or one-hot ``[N, labels]``; or a path of such an array. For several arrays by name, labels
            of all of them or of some by the same names, or one array for all.
        pixel_range: Black and white of floating-point images.
        grid: Each image is a picture of ``(rows, columns)`` images; pixels between them are left out.
        crop: Take the middle of larger images instead of resizing them.
        count: How many images each generator draws, 10,000 by default; arrays are judged whole.
        seed: What the drawing follows from, 1 by default.
        sets: How many sets of ``count`` images each generator draws, with the seeds that follow, 1 by
            default; what they say together is in ``report["sets"]``.
        seeds: The paths are trainings of one recipe: also give mean and deviation over them.
        cas: Also train the dense classifier on the images and try it on real ones (some minutes).
        judges: The judging classifiers, ``["resnet", "conv", "dense"]`` by default. A network of any
            framework may be one, as ONNX: ``"mine.onnx"``, or ``"mine.onnx,features=NODE"`` with other
            features than the input of its last dense layer.
        preprocessing: What the networks among them want of their pixels.
        anyway: Take networks that are no better than chance all the same.
        reference: A folder of pictures to compare with, a folder for each label, instead of ``data``. Without
            ``judges``, one is first trained on them (some minutes).
        data: A folder or file with another data set than the one named by ``dataset``.
        dataset: ``"fashion-mnist"`` (the default), ``"mnist"``, ``"kmnist"``, or any name with ``data``.
        label_names: What the labels of the data are called: names, or a file of one name a line.
        only: Compare with images of these labels alone, by name or number.
        transpose: Exchange rows and columns of the data's images, as EMNIST needs it.
        pictures: How the pictures of ``reference`` or ``data`` become images.
        limit: Compare with the first test images alone.
        leaderboard: Also put each score into this folder, for ``assay leaderboard``.
        cache: Where what is known of the real images is kept, ``~/.cache/assay/judge`` by default.
        output: Also write ``score.json``, ``score.csv`` and a card for each source into this folder.
        threads: Threads to compute with, all processors by default. The results are the same.
        progress: Show the command's progress on ``sys.stderr``.

    Returns:
        ``assay/score/1``. The keys to begin with:

        - ``report["results"]``: one for each set of images, in their order, with

          - ``["source"]``: its name, ``"images"`` for an array without one; or its path;
          - ``["count"]``: the number of images;
          - ``["label_accuracy"][judge]``: the share of images that show their label, ``["value"]``, with its
            95 % ``["interval"]`` and that of real images, ``["real"]``; None in the place of all of it for
            images without labels;
          - ``["judges"][judge]["frechet_distance"]``, ``["kernel_distance"]``: ``["value"]`` and
            ``["standard_error"]``, between ``["floor"]`` (real images) and ``["ceiling"]`` (noise);
          - ``["judges"][judge]["precision"]``, ``["recall"]``, ``["density"]``, ``["coverage"]``,
            ``["vendi"]``, ``["inception_score"]``, and what real images get of these under ``["real"]``;
          - ``["verdicts"]``: what is wrong, each with ``["name"]`` and a sentence, ``["detail"]``; those that
            there were too few images for are in ``["withheld"]``;
          - ``["notes"]``: what was done to the images, and what looks otherwise than it was read;

        - ``report["judge"]``, ``report["reference"]``: who judged, against which images;
        - ``report["trainings"]``: with ``seeds`` what they say together.

        A distance compares only within one judge, and with no published FID. A figure that was not measured
        is None or not there; all others are finite.

    Example:
        >>> report = assay.score({"my-gan": images}, labels=labels)
        >>> result = report["results"][0]
        >>> result["judges"]["resnet"]["frechet_distance"]["value"]
        0.579
    """
    ends = _options.pixel_range(pixel_range)
    with _folder() as folder:
        found = _sources.sources(images, labels, ends, grid is not None, folder)
        options = _options.options(
            count=count,
            seed=seed,
            sets=sets,
            seeds=seeds,
            cas=cas,
            pixel_range=_options.span(ends),
            grid=None if grid is None else "x".join(_options.text(side, "grid") for side in grid),
            crop=crop,
            reference=_options.path(reference, "reference"),
            data=_options.path(data, "data"),
            leaderboard=_options.path(leaderboard, "leaderboard"),
            cache=_options.path(cache, "cache"),
            output=_options.path(output, "output"),
            threads=threads,
        )
        options += _options.repeated(
            judge=[_options.judge(judge, "judges") for judge in _options.several(judges)]
        )
        options += _sources.network(preprocessing, anyway, folder)
        options += _sources.data_set(dataset, label_names, only, transpose, pictures, limit, folder)
        return _command.run(
            "score", [*options, *found.arguments], progress=progress, inside=found.folder, hidden=folder
        )


def score_features(
    real: npt.ArrayLike | StrPath,
    generated: npt.ArrayLike | StrPath,
    *,
    output: StrPath | None = None,
    threads: int | None = None,
    progress: bool = False,
) -> dict[str, Any]:
    """Compares features of any network, real ones with generated ones.

    Args:
        real: Floating-point numbers ``[N, d]``, 6 rows or more; or the path of a ``.npy`` or ``.npz`` file
            of them, or of an ``.npz`` with ``mu`` and ``sigma``, as pytorch-fid and clean-fid write it.
        generated: The same, of the same d.
        output: Also write the figures into this folder.
        threads: Threads to compute with, all processors by default.
        progress: Show the command's progress on ``sys.stderr``.

    Returns:
        ``assay/feature-score/1``: ``["frechet_distance"]`` and ``["kernel_distance"]`` (of the literature's
        kernel, (x·y/d + 1)³), each with ``["value"]`` and ``["standard_error"]``; ``["precision"]``,
        ``["recall"]``, ``["density"]``, ``["coverage"]``, ``["vendi"]`` and ``["real_vendi"]``. What
        ``mu`` and ``sigma`` alone do not tell is None, and named in ``["left_out"]``.
    """
    with _folder() as folder:
        files = [
            _sources.features(value, name, folder)
            for name, value in (("real", real), ("generated", generated))
        ]
        options = _options.options(output=_options.path(output, "output"), threads=threads)
        return _command.run(
            "score", [*options, "--features", *files], progress=progress, inside=folder, hidden=folder
        )


def accuracy_vs_epsilon(
    classifier: Classifier | Sequence[Classifier] | None = None,
    images: npt.ArrayLike | None = None,
    labels: npt.ArrayLike | None = None,
    *,
    epsilon: float | Iterable[float] | None = None,
    attack: str | Sequence[str] | None = None,
    region: Region | Sequence[Region] | None = None,
    mask: npt.ArrayLike | StrPath | None = None,
    foreground_threshold: float | None = None,
    pixel_range: tuple[float, float] = (0.0, 1.0),
    target: str | int | None = None,
    craft_on: Classifier | None = None,
    certify: Certificate | Sequence[Certificate] | None = None,
    deviation: float | None = None,
    seed: int | None = None,
    preprocessing: Preprocessing | None = None,
    classifier_labels: StrPath | Sequence[str] | None = None,
    architecture: Architecture | None = None,
    anyway: bool = False,
    data: StrPath | None = None,
    dataset: str | None = None,
    label_names: StrPath | Sequence[str] | None = None,
    only: str | int | Sequence[str | int] | None = None,
    transpose: bool = False,
    pictures: Pictures | None = None,
    limit: int | None = None,
    output: StrPath | None = None,
    threads: int | None = None,
    progress: bool = False,
) -> dict[str, Any]:
    """Measures how fast classifiers lose accuracy as adversarial noise grows.

    Args:
        classifier: One or several: ``"conv"``, ``"dense"``, ``"resnet"``, a file of weights, the folder of a
            training, or a network of any framework as ONNX, ``"mine.onnx"``; ``["conv", "dense"]`` by
            default.
        images: An array of images (above); the data set's test images where there is none. Pixels become the
            nearest of 256 greys.
        labels: Their labels ``[N]``: whole numbers from 0, at most 255, or truth values; or one-hot.
        epsilon: The sizes of the noise: lengths in units of ``pixel_range`` for attacks in L∞ and L2, numbers
            of pixels in L0, shares of the largest motion for ``"spatial"``. A grid by default.
        attack: The name of one attack, or of several of one norm, which are followed by their worst case for
            each image; ``"fgsm"`` by default. ``assay accuracy-vs-epsilon --help`` lists all.
        region: Which pixels may change: ``"foreground"``, those brighter than black, ``"everywhere"``, or
            both; foreground by default, both with ``output``.
        mask: Which pixels may change, in the place of a region: truth values or numbers of 0 and 1,
            ``[H, W]`` for all images or ``[N, H, W]`` with one for each; or the path of such a ``.npy`` file.
        foreground_threshold: A pixel belongs to the foreground where it is above this, of 0 to 1; 0 by
            default.
        pixel_range: Black and white of floating-point images, and the range that ε is counted in.
        target: The label that images shall be taken for, by name or number.
        craft_on: Make the attack on this classifier, and try its images on the others.
        certify: Also prove what no attack can change: ``"ibp"`` in L∞, ``"smoothing"`` in L2.
        deviation: Of the noise of ``"smoothing"``, in units of ``pixel_range``; a quarter of it by default.
        seed: Of random attacks, 0 by default.
        preprocessing: What networks as ONNX want of their pixels.
        classifier_labels: What their outputs stand for: names, or a file of one name a line. The names of the
            data in another order put the outputs in order.
        architecture: What PyTorch's weights in a ``.safetensors`` file are for.
        anyway: Take networks that are no better than chance all the same.
        data: A folder or file with another data set, instead of ``images``.
        dataset: ``"fashion-mnist"``, ``"mnist"``, ``"kmnist"``, or any name with ``data`` or ``images``. By
            default what ``data`` says, else Fashion-MNIST; but images for classifiers of your own are of no
            known set, and their labels are called by their numbers.
        label_names: What the labels are called: names, or a file of one name a line.
        only: Images of these labels alone, by name or number.
        transpose: Exchange rows and columns of the images, as EMNIST needs it.
        pictures: How pictures become images, where ``data`` is a folder of them.
        limit: Only the first images.
        output: Also write curves as CSV, JSON, SVG and PNG into this folder.
        threads: Threads to compute with, all processors by default. The results are the same.
        progress: Show the command's progress on ``sys.stderr``.

    Returns:
        ``assay/accuracy-vs-epsilon/1``:

        - ``["curves"]``: one for each classifier, region and attack, in this order, with

          - ``["classifier"]``, ``["region"]``, ``["attack"]``, and what the attack does, ``["settings"]``;
          - ``["norm"]``, ``["pixel_range"]``: what ε measures, and the range that it is counted in;
          - ``["points"]``: for each ε ``["epsilon"]``, ``["accuracy"]`` in [0, 1], its 95 % ``["interval"]``,
            ``["correct"]`` of ``["count"]`` images;
          - ``["clean_accuracy"]``;

        - ``["dataset"]``: name, split, number and SHA-256 of the images.

        FGSM alone proves nothing: a classifier may withstand one step and fall to many.

    Example:
        >>> curve = assay.accuracy_vs_epsilon("conv", epsilon=[0, 0.05, 0.1], limit=200)
        >>> [point["accuracy"] for point in curve["curves"][0]["points"]]
        [0.92, 0.485, 0.21]
    """
    ends = _options.pixel_range(pixel_range)
    classifiers = _options.several(classifier)
    with _folder() as folder:
        options = _sources.data_source(images, labels, ends, data, folder)
        options += _options.options(
            epsilons=_options.listed(epsilon, "epsilon"),
            pixel_range=_options.span(ends),
            target=target,
            craft_on=craft_on,
            deviation=deviation,
            seed=seed,
            output=output,
            threads=threads,
        )
        options += _options.repeated(classifier=classifiers, attack=attack, region=region, certify=certify)
        options += _sources.mask(mask, foreground_threshold, folder)
        options += _sources.network(preprocessing, anyway, folder, classifier_labels, architecture)
        dataset = dataset or _assumed(images, [*classifiers, craft_on])
        options += _sources.data_set(dataset, label_names, only, transpose, pictures, limit, folder)
        return _command.run("accuracy-vs-epsilon", options, progress=progress, hidden=folder)


def confusion_matrix(
    classifier: Classifier | None = None,
    images: npt.ArrayLike | None = None,
    labels: npt.ArrayLike | None = None,
    *,
    merge: Sequence[str | Sequence[str]] | None = None,
    epsilon: float | None = None,
    attack: str | None = None,
    region: Region | None = None,
    mask: npt.ArrayLike | StrPath | None = None,
    foreground_threshold: float | None = None,
    pixel_range: tuple[float, float] = (0.0, 1.0),
    seed: int | None = None,
    examples: int | None = None,
    precision: Literal["float32", "bfloat16"] | None = None,
    preprocessing: Preprocessing | None = None,
    classifier_labels: StrPath | Sequence[str] | None = None,
    architecture: Architecture | None = None,
    anyway: bool = False,
    data: StrPath | None = None,
    dataset: str | None = None,
    label_names: StrPath | Sequence[str] | None = None,
    only: str | int | Sequence[str | int] | None = None,
    transpose: bool = False,
    pictures: Pictures | None = None,
    limit: int | None = None,
    output: StrPath | None = None,
    threads: int | None = None,
    progress: bool = False,
) -> dict[str, Any]:
    """Counts which labels a classifier takes for which, on clean images or under attack.

    Args:
        classifier: ``"conv"`` (the default), ``"dense"``, ``"resnet"``, a file of weights, the folder of a
            training, or a network of any framework as ONNX, ``"mine.onnx"``.
        images: An array of images (above); the data set's test images where there is none. Pixels become the
            nearest of 256 greys.
        labels: Their labels ``[N]``: whole numbers from 0, at most 255, or truth values; or one-hot.
        merge: Labels to be joined and scored anew as if they were one: ``[("T-shirt/top", "Shirt")]``.
        epsilon: Attack the images first with noise of this size, in units of ``pixel_range``.
        attack: The attack, ``"fgsm"`` by default. ``assay confusion-matrix --help`` lists all.
        region: Which pixels it may change: ``"foreground"``, those brighter than black (the default), or
            ``"everywhere"``.
        mask: Which pixels may change, in the place of a region: truth values or numbers of 0 and 1,
            ``[H, W]`` for all images or ``[N, H, W]`` with one for each; or the path of such a ``.npy`` file.
        foreground_threshold: A pixel belongs to the foreground where it is above this, of 0 to 1; 0 by
            default.
        pixel_range: Black and white of floating-point images, and the range that ε is counted in.
        seed: Of random attacks, 0 by default.
        examples: Draw this many images with their predictions into ``output``.
        precision: The factors of products: ``"float32"`` (the default), or ``"bfloat16"``, which is faster.
        preprocessing: What networks as ONNX want of their pixels.
        classifier_labels: What their outputs stand for: names, or a file of one name a line. The names of the
            data in another order put the outputs in order.
        architecture: What PyTorch's weights in a ``.safetensors`` file are for.
        anyway: Take networks that are no better than chance all the same.
        data: A folder or file with another data set, instead of ``images``.
        dataset: As for :func:`accuracy_vs_epsilon`.
        label_names: What the labels are called: names, or a file of one name a line.
        only: Images of these labels alone, by name or number.
        transpose: Exchange rows and columns of the images, as EMNIST needs it.
        pictures: How pictures become images, where ``data`` is a folder of them.
        limit: Only the first images.
        output: Also write the matrix as JSON, CSV, SVG and PNG into this folder.
        threads: Threads to compute with, all processors by default. The results are the same.
        progress: Show the command's progress on ``sys.stderr``.

    Returns:
        ``assay/confusion-matrix/1``:

        - ``["matrix"]``: counts, a row for each true label, a column for each predicted one;
        - ``["labels"]``: their names;
        - ``["accuracy"]`` in [0, 1] and its 95 % ``["interval"]``;
        - ``["per_class"]``: for each label ``["label"]``, ``["precision"]``, ``["recall"]``, ``["f1"]`` and
          its number of images, ``["support"]``;
        - ``["classifier"]``, ``["weights_sha256"]``; ``["noise"]`` where the images were attacked, and
          ``["precision"]`` where it is not float32.

    Example:
        >>> result = assay.confusion_matrix("conv", images, labels)
        >>> numpy.array(result["matrix"]).trace() / len(labels) == result["accuracy"]
        True
    """
    ends = _options.pixel_range(pixel_range)
    with _folder() as folder:
        options = _sources.data_source(images, labels, ends, data, folder)
        options += _options.options(
            classifier=classifier,
            epsilon=epsilon,
            attack=attack,
            region=region,
            pixel_range=_options.span(ends),
            seed=seed,
            examples=examples,
            precision=precision,
            output=output,
            threads=threads,
        )
        groups = [group if isinstance(group, str) else "+".join(group) for group in _options.several(merge)]
        options += _options.repeated(merge=groups)
        options += _sources.mask(mask, foreground_threshold, folder)
        options += _sources.network(preprocessing, anyway, folder, classifier_labels, architecture)
        dataset = dataset or _assumed(images, [classifier])
        options += _sources.data_set(dataset, label_names, only, transpose, pictures, limit, folder)
        return _command.run("confusion-matrix", options, progress=progress, hidden=folder)


def _assumed(images: object, classifiers: Iterable[Classifier | None]) -> str | None:
    """The data set that images in an array are taken for: the one that the reference classifiers know."""
    knows_it = all(classifier is None or classifier in _options.REFERENCES for classifier in classifiers)
    return "fashion-mnist" if images is not None and knows_it else None


def _folder() -> tempfile.TemporaryDirectory[str]:
    """A folder that is gone when its context is left."""
    return tempfile.TemporaryDirectory(prefix="assay-")
