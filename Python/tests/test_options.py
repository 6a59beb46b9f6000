"""Each argument reaches the command, as the command writes it."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
from pathlib import Path
from typing import Any, Callable

import numpy as np
import pytest
from conftest import Fake

import assay

GREY = np.zeros((12, 28, 28), np.uint8)
LABELS = np.zeros(12, int)
HERE = os.getcwd()

# Of each function: an argument, and what the command gets for it.
DATA = [
    ({"data": "set"}, "data", "set"),
    ({"data": Path("/a set")}, "data", "/a set"),
    ({"dataset": "kmnist"}, "dataset", "kmnist"),
    ({"label_names": Path("/names.txt")}, "label-names", "/names.txt"),
    ({"label_names": "names.txt"}, "label-names", f"{HERE}/names.txt"),
    ({"only": ["Bag", 3]}, "only", ["Bag", "3"]),
    ({"only": "Bag"}, "only", "Bag"),
    ({"transpose": True}, "transpose", ""),
    ({"pictures": assay.Pictures(fit="pad")}, "fit", "pad"),
    ({"pictures": assay.Pictures(image_size=32)}, "image-size", "32"),
    ({"pictures": assay.Pictures(background="ffcc00")}, "background", "ffcc00"),
    ({"pictures": assay.Pictures(grey=True)}, "grey", ""),
    ({"pictures": assay.Pictures(split_seed=2)}, "split-seed", "2"),
    ({"limit": np.int64(200)}, "limit", "200"),
    ({"preprocessing": assay.Preprocessing(input_range=(0, 255))}, "input-range", "0.0...255.0"),
    ({"preprocessing": assay.Preprocessing(mean=0.286)}, "mean", "0.286"),
    ({"preprocessing": assay.Preprocessing(mean=[-1, 0.5, 0])}, "mean", "-1,0.5,0"),
    ({"preprocessing": assay.Preprocessing(std=(0.5, 0.25, 1))}, "std", "0.5,0.25,1"),
    ({"preprocessing": assay.Preprocessing(layout="nhwc")}, "layout", "nhwc"),
    ({"anyway": True}, "anyway", ""),
    ({"threads": 1}, "threads", "1"),
    ({}, "format", "json"),
]
ATTACK = [
    ({"region": "everywhere"}, "region", "everywhere"),
    ({"pixel_range": (-1, 1)}, "pixel-range", "-1.0...1.0"),
    ({"pixel_range": np.array([0, 1e-20], np.float32)}, "pixel-range", "0.0...9.999999682655225e-21"),
    ({"seed": 5}, "seed", "5"),
    ({"output": "out"}, "output", "out"),
    ({"mask": "mask.npy"}, "mask", "mask.npy"),
    ({"foreground_threshold": 0.1}, "foreground-threshold", "0.1"),
    ({"classifier_labels": Path("names.txt")}, "labels", f"{HERE}/names.txt"),
    ({"architecture": "conv-relu"}, "architecture", "conv-relu"),
]
SCORE = [
    *([(arguments, name, f"{HERE}/set" if value == "set" else value) for arguments, name, value in DATA]),
    ({"labels": "labels.npy"}, "labels", f"{HERE}/labels.npy"),
    ({"pixel_range": (0, 255)}, "pixel-range", "0.0...255.0"),
    ({"grid": (8, 9)}, "grid", "8x9"),
    ({"crop": True}, "crop", ""),
    ({"count": 500}, "count", "500"),
    ({"seed": 5}, "seed", "5"),
    ({"sets": 100}, "sets", "100"),
    ({"seeds": True}, "seeds", ""),
    ({"cas": True}, "cas", ""),
    ({"judges": ["dense", Path("/runs/mine")]}, "judge", ["dense", "/runs/mine"]),
    ({"judges": "unknown"}, "judge", "unknown"),
    ({"judges": "."}, "judge", f"{HERE}/."),
    ({"judges": ".,features=/Relu"}, "judge", f"{HERE}/.,features=/Relu"),
    ({"reference": "pictures"}, "reference", f"{HERE}/pictures"),
    ({"leaderboard": "board"}, "leaderboard", f"{HERE}/board"),
    ({"cache": Path("cache")}, "cache", f"{HERE}/cache"),
    ({"output": "../out"}, "output", f"{HERE}/../out"),
]
CURVE = [
    *DATA,
    *ATTACK,
    ({"classifier": "dense"}, "classifier", "dense"),
    ({"classifier": ["conv", Path("runs/x")]}, "classifier", ["conv", "runs/x"]),
    ({"epsilon": [0, 4 / 255, np.float32(0.5)]}, "epsilons", "0,0.01568627450980392,0.5"),
    ({"epsilon": 0.1}, "epsilons", "0.1"),
    ({"epsilon": np.linspace(0, 1, 3)}, "epsilons", "0.0,0.5,1.0"),
    ({"attack": ["fgsm", "pgd"]}, "attack", ["fgsm", "pgd"]),
    ({"region": ["foreground", "everywhere"]}, "region", ["foreground", "everywhere"]),
    ({"target": "Bag"}, "target", "Bag"),
    ({"target": 8}, "target", "8"),
    ({"craft_on": "resnet"}, "craft-on", "resnet"),
    ({"certify": ["ibp", "smoothing"]}, "certify", ["ibp", "smoothing"]),
    ({"deviation": 0.5}, "deviation", "0.5"),
]
MATRIX = [
    *DATA,
    *ATTACK,
    ({"classifier": Path("-a file")}, "classifier", "-a file"),
    ({"merge": [("T-shirt/top", "Shirt"), "Bag+Coat"]}, "merge", ["T-shirt/top+Shirt", "Bag+Coat"]),
    ({"epsilon": 0.25}, "epsilon", "0.25"),
    ({"attack": "pgd"}, "attack", "pgd"),
    ({"examples": 6, "output": "out"}, "examples", "6"),
    ({"precision": "bfloat16"}, "precision", "bfloat16"),
]
FEATURES = [
    ({"output": "out"}, "output", f"{HERE}/out"),
    ({"threads": 2}, "threads", "2"),
    ({}, "format", "json"),
]


def score(**arguments: Any) -> Any:
    return assay.score(GREY, **arguments)


def score_features(**arguments: Any) -> Any:
    return assay.score_features(np.zeros((9, 4)), np.zeros((9, 4)), **arguments)


TABLE: list[tuple[Callable[..., Any], Any]] = [
    (score, SCORE),
    (score_features, FEATURES),
    (assay.accuracy_vs_epsilon, CURVE),
    (assay.confusion_matrix, MATRIX),
]


@pytest.mark.parametrize(
    ("call", "arguments", "option", "expected"), [(call, *row) for call, rows in TABLE for row in rows]
)
def test_an_argument_is_an_option(
    fake: Fake, call: Callable[..., Any], arguments: Any, option: str, expected: str | list[str]
) -> None:
    call(**arguments)
    assert fake.option(option) == ([expected] if isinstance(expected, str) else expected)
    # Whatever stands before "--" or "--features" must be an option with its value.
    command, *others = fake.arguments
    assert command == {"score_features": "score"}.get(call.__name__, call.__name__).replace("_", "-")
    end = next((i for i, argument in enumerate(others) if argument in ("--", "--features")), len(others))
    assert all(argument.startswith("--") for argument in others[:end])


@pytest.mark.parametrize(("call", "rows"), TABLE)
def test_every_argument_is_in_the_table(call: Callable[..., Any], rows: Any) -> None:
    names = set(inspect.signature(getattr(assay, call.__name__)).parameters)
    # What is no option is tested for itself.
    names -= {"progress", "images", "real", "generated", *(["labels"] if call is not score else [])}
    assert names == {name for arguments, *_ in rows for name in arguments}


def test_nothing_is_said_that_was_not_asked_for(fake: Fake) -> None:
    assay.score(GREY)
    assert fake.arguments == ["score", "--format=json", "--pixel-range=0.0...1.0", "--", "images"]
    assay.accuracy_vs_epsilon()
    assert fake.arguments == ["accuracy-vs-epsilon", "--format=json", "--pixel-range=0.0...1.0"]
    assay.confusion_matrix()
    assert fake.arguments == ["confusion-matrix", "--format=json", "--pixel-range=0.0...1.0"]
    assay.score_features("a.npy", Path("/b.npz"))
    assert fake.arguments == ["score", "--format=json", "--features", f"{HERE}/a.npy", "/b.npz"]


def test_paths_stay_as_they_are(fake: Fake) -> None:
    several: list[Any] = ["-x.npy", Path("runs/größer"), ["a", Path("b c")], ("a",)]
    for images in several:
        assay.score(images, labels="y.npy")
        expected = images if isinstance(images, (list, tuple)) else [images]
        assert fake.sources == [str(path) for path in expected]
        assert fake.heard["folder"] == HERE


def test_labels_in_an_array_go_with_a_path(fake: Fake) -> None:
    assay.score("x.npy", labels=["Bag", "Coat"])
    assert fake.option("labels")[0].endswith("/labels")
    assert fake.seen("labels").tolist() == ["Bag", "Coat"]
    with pytest.raises(
        TypeError, match="labels: expected an array or a path beside paths of images, found names"
    ):
        assay.score("x.npy", labels={"x.npy": LABELS})


@pytest.mark.parametrize(
    ("classifier", "dataset", "expected"),
    [
        (None, None, ["fashion-mnist"]),
        ("conv", None, ["fashion-mnist"]),
        (["conv", "resnet"], None, ["fashion-mnist"]),
        ("conv", "kmnist", ["kmnist"]),
        ("runs/mine", None, []),
        (["conv", "runs/mine"], None, []),
        ("runs/mine", "fashion-mnist", ["fashion-mnist"]),
    ],
)
def test_images_for_the_reference_classifiers_are_fashion_mnist(
    fake: Fake, classifier: Any, dataset: str | None, expected: list[str]
) -> None:
    assay.accuracy_vs_epsilon(classifier, GREY, LABELS, dataset=dataset)
    assert fake.option("dataset") == expected
    assert fake.option("data")[0].endswith("/images.npz")
    if not isinstance(classifier, list):
        assay.confusion_matrix(classifier, GREY, LABELS, dataset=dataset)
        assert fake.option("dataset") == expected


@pytest.mark.parametrize("argument", ["label_names", "classifier_labels"])
def test_names_of_labels_are_lines_of_a_file(fake: Fake, argument: str) -> None:
    names: Any = {argument: ["Bag", "Größe", "T-shirt/top"]}
    assay.confusion_matrix(**names)
    file = fake.folder / "seen" / argument.replace("_", "-")
    assert file.read_text(encoding="utf-8") == "Bag\nGröße\nT-shirt/top\n"
    for name in ("a\nb", "a\u2028b", "a\rb"):
        names = {argument: ["fine", name]}
        with pytest.raises(ValueError, match=f"{argument}: expected names of one line, found"):
            assay.confusion_matrix(**names)


@pytest.mark.parametrize(
    "mask", [np.eye(28, dtype=bool), np.eye(28), np.ones((12, 28, 28), np.int64), np.eye(28).tolist()]
)
def test_a_mask_is_a_file_of_bytes(fake: Fake, mask: Any) -> None:
    assay.accuracy_vs_epsilon(mask=mask)
    seen = fake.seen("mask.npy")
    assert seen.dtype == np.uint8
    assert (seen == mask).all()


@pytest.mark.parametrize(
    ("mask", "error", "sentence"),
    [
        (np.zeros(28), ValueError, r"mask: expected the shape \[H, W\] or \[N, H, W\], found \[28\]"),
        (np.zeros((0, 28, 28)), ValueError, "mask: expected the shape"),
        (np.full((28, 28), 255), ValueError, "mask: expected 0 and 1, found 255"),
        (np.full((28, 28), np.nan), ValueError, "mask: expected 0 and 1, found nan"),
        (np.full((28, 28), "1"), TypeError, "mask: expected truth values or numbers of 0 and 1, found <U1"),
        ([[0, 1], [1]], TypeError, "mask: expected what numpy.asarray takes, found list"),
    ],
)
def test_what_is_no_mask_is_refused(fake: Fake, mask: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        assay.confusion_matrix(mask=mask)
    assert not fake.has_started


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"data": ""}, ValueError, "data: expected a value, found empty text"),
        ({"epsilon": []}, ValueError, "epsilon: expected one number or more, found none"),
        ({"epsilon": [None]}, TypeError, "epsilon: expected text, a path or a number, found NoneType"),
        ({"seed": b"1"}, TypeError, "seed: expected text, a path or a number, found bytes"),
        ({"seed": [1, 2]}, TypeError, "seed: expected text, a path or a number, found list"),
        ({"limit": 1j}, TypeError, "limit: expected text, a path or a number, found complex"),
        ({"preprocessing": assay.Preprocessing(mean=[])}, ValueError, "mean: expected one number or more"),
        (
            {"preprocessing": assay.Preprocessing(input_range=(1, 0))},
            ValueError,
            "input_range: expected black below white, found 1 and 0",
        ),
    ],
)
def test_what_cannot_be_written_is_refused(
    fake: Fake, arguments: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        assay.accuracy_vs_epsilon(**arguments)
    assert not fake.has_started


@pytest.mark.parametrize(
    ("name", "rows"),
    [("score", SCORE + FEATURES), ("accuracy-vs-epsilon", CURVE), ("confusion-matrix", MATRIX)],
)
def test_the_command_has_these_options_and_no_others(real: str, name: str, rows: Any) -> None:
    text = subprocess.run([real, name, "--help"], stdout=subprocess.PIPE, check=True).stdout.decode()
    options = set(re.findall(r"^  (?:-h, )?--([a-z-]+)", text, re.MULTILINE))
    # Parts of the work are for whoever starts processes.
    assert options - {"version", "help", "features", "shard"} == {option for _, option, _ in rows}
