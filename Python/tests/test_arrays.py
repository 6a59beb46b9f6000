"""What is refused before anything runs, and what the command gets of what is not."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from conftest import Fake

import assay
from assay import _arrays

GREY = np.arange(12 * 28 * 28, dtype=np.uint8).reshape(12, 28, 28)
LABELS = np.arange(12) % 10
UNIT = (GREY / 255).astype(np.float32)


class Tensor:
    """What numpy.asarray takes as it takes a tensor of PyTorch."""

    def __init__(self, array: Any) -> None:
        self.array = array

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        if isinstance(self.array, Exception):
            raise self.array
        return self.array


@pytest.mark.parametrize(
    "shape",
    [(12, 28, 28), (12, 28, 28, 1), (12, 1, 28, 28), (12, 784), (4, 14, 14, 3), (4, 3, 14, 14), (2, 3, 9, 1)],
)
@pytest.mark.parametrize("kind", [np.uint8, np.float16, np.float32, np.float64, ">f4"])
def test_images_arrive_as_they_are(fake: Fake, shape: tuple[int, ...], kind: Any) -> None:
    images = np.zeros(shape, kind)
    images.flat[5] = 1
    assay.score(images)
    assert fake.sources == ["images"]
    assert fake.seen("images").dtype == images.dtype
    np.testing.assert_array_equal(fake.seen("images"), images)


@pytest.mark.parametrize("images", [UNIT.tolist(), Tensor(UNIT), UNIT[:, ::-1], np.asfortranarray(UNIT)])
def test_whatever_numpy_takes_is_an_array(fake: Fake, images: Any) -> None:
    assay.score(images)
    np.testing.assert_allclose(fake.seen("images"), np.asarray(images), rtol=0, atol=0)


@pytest.mark.parametrize(
    ("images", "error", "sentence"),
    [
        (GREY.astype(int), TypeError, "images: expected uint8 or floating-point numbers, found int64"),
        (GREY > 3, TypeError, "images: expected uint8 or floating-point numbers, found bool"),
        (UNIT.astype(np.longdouble), TypeError, "images: expected uint8 or floating-point"),
        (object(), TypeError, "images: expected uint8 or floating-point numbers, found object"),
        ([[1.0], [1.0, 2.0]], TypeError, "images: expected what numpy.asarray takes, found list"),
        (
            Tensor(RuntimeError("requires grad")),
            TypeError,
            "numpy.asarray takes, found Tensor (requires grad)",
        ),
        (GREY[0], ValueError, "[N, square number], found the shape [28, 28]"),
        (GREY[None, None], ValueError, "[N, square number], found the shape [1, 1, 12, 28, 28]"),
        (np.zeros((9, 3, 28, 3)), ValueError, "found the shape [9, 3, 28, 3], which can be read in two ways"),
        (np.zeros((9, 28, 28, 4)), ValueError, "found the shape [9, 28, 28, 4]"),
        (np.float32(1), ValueError, "found the shape []"),
        (GREY[:0], ValueError, "images: expected at least one image, found the shape [0, 28, 28]"),
        ([], ValueError, "images: expected at least one image, found the shape [0]"),
        ({}, ValueError, "images: expected one array or more, found no names"),
        ({"a/b": GREY}, ValueError, "expected a name that a file of an array can have, found 'a/b'"),
        ({"..": GREY}, ValueError, "expected a name that a file of an array can have, found '..'"),
        ({"ü" * 200: GREY}, ValueError, "expected a name that a file of an array can have"),
        ({"x.safetensors": GREY}, ValueError, "expected a name that a file of an array can have"),
        ({1: GREY}, TypeError, "images: expected names that are text, found 1"),
        ({"fine": GREY, "not": GREY[0]}, ValueError, "not: expected [N, H, W]"),
        ("", ValueError, "images: expected a value, found empty text"),
        ([b"x.npy"], TypeError, "images: expected uint8 or floating-point numbers, found |S5"),
    ],
)
def test_other_images_are_refused(fake: Fake, images: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=re.escape(sentence)):
        assay.score(images)
    assert not fake.has_started


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [0, 1500])
def test_a_pixel_that_is_no_number_is_named(fake: Fake, value: float, place: int) -> None:
    images = np.zeros((1600, 2, 2))
    images[place, 1, 0] = value
    with pytest.raises(
        ValueError, match=f"images: expected pixels that are numbers, found {value} in image {place}"
    ):
        assay.score(images)
    assert not fake.has_started


@pytest.mark.parametrize(
    ("images", "ends", "found"),
    [
        (UNIT * 255, (0, 1), "from 0 to 1, found 0 to 255; say with pixel_range"),
        (UNIT * 2 - 1, (0, 1), "from 0 to 1, found -1 to 1; say with pixel_range"),
        (UNIT + 0.003, (0, 1), "from 0 to 1, found 0.003 to 1.003"),
        (UNIT * 2 - 1.01, (-1, 1), "from -1 to 1, found -1.01 to 0.99"),
        (np.full((2, 2, 2), [[-1.7e308, 1.7e308]]), (0, 1), "found -1.7e[+]308 to 1.7e[+]308"),
    ],
)
def test_pixels_beyond_their_range_are_refused(
    fake: Fake, images: Any, ends: tuple[float, float], found: str
) -> None:
    with pytest.raises(ValueError, match=found):
        assay.score(images, pixel_range=ends)
    assert not fake.has_started


def test_what_rounds_to_the_ends_of_the_range_is_within(fake: Fake) -> None:
    assay.score(UNIT * 1.001)
    assay.score(UNIT * 2.003 - 1, pixel_range=(-1, 1))
    assay.score(GREY, pixel_range=(-1, 1))


@pytest.mark.parametrize(
    ("ends", "error"),
    [
        ((1, 0), ValueError),
        ((0, 0), ValueError),
        ((0, np.inf), ValueError),
        ((np.nan, 1), ValueError),
        ((0, 1, 2), TypeError),
        (1, TypeError),
        (("black", "white"), TypeError),
    ],
)
def test_a_range_is_two_numbers(fake: Fake, ends: Any, error: type[Exception]) -> None:
    calls: list[Any] = [assay.score, assay.confusion_matrix, assay.accuracy_vs_epsilon]
    for call in calls:
        with pytest.raises(error, match="pixel_range: expected"):
            call(GREY if call is assay.score else "conv", pixel_range=ends)
    assert not fake.has_started


@pytest.mark.parametrize(
    "labels",
    [
        LABELS,
        LABELS[:, None],
        LABELS.tolist(),
        LABELS.astype(np.uint64),
        LABELS > 4,
        np.eye(10)[LABELS],
        ["Bag"] * 12,
        np.array(["Bag"] * 12, object),
        np.array([b"Bag"] * 12),
        Tensor(LABELS),
    ],
)
def test_labels_arrive_beside_their_images(fake: Fake, labels: Any) -> None:
    assay.score(UNIT, labels=labels)
    archive = fake.seen("images")
    assert fake.option("labels") == []
    np.testing.assert_array_equal(archive["images"], UNIT)
    assert archive["labels"].dtype != object
    assert archive["labels"].tolist() == np.asarray(labels).tolist()


@pytest.mark.parametrize(
    ("labels", "error", "sentence"),
    [
        (LABELS[1:], ValueError, "labels: expected 12 labels, one for each image, found 11"),
        (
            LABELS * 1.0,
            TypeError,
            "expected whole numbers, truth values, names or one-hot rows, found float64",
        ),
        (LABELS.reshape(12, 1, 1), ValueError, "or one-hot [N, labels], found [12, 1, 1]"),
        (np.int64(3), ValueError, "expected the shape [N] or [N, 1], or one-hot [N, labels], found []"),
        (np.array([None] * 12), TypeError, "names or one-hot rows, found object"),
        ({"other": LABELS}, ValueError, "labels: expected names of images, found 'other'"),
    ],
)
def test_other_labels_are_refused(fake: Fake, labels: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=re.escape(sentence)):
        assay.score(GREY, labels=labels)
    assert not fake.has_started


def test_arrays_are_called_by_their_names(fake: Fake) -> None:
    names = ["my gan", "-first", "größer", "v1.5", "labels", "label-names"]
    assay.score(
        {name: GREY + i for i, name in enumerate(names)},
        labels={"größer": LABELS},
        label_names=["a", "b"],
    )
    assert fake.sources == names
    for i, name in enumerate(names):
        found = fake.seen(name)
        np.testing.assert_array_equal(found["images"] if name == "größer" else found, GREY + i)
    np.testing.assert_array_equal(fake.seen("größer")["labels"], LABELS)


def test_labels_of_all_and_of_one(fake: Fake) -> None:
    assay.score({"a": GREY, "b": GREY}, labels=LABELS)
    for name in "ab":
        np.testing.assert_array_equal(fake.seen(name)["labels"], LABELS)
    with pytest.raises(ValueError, match="labels of b: expected 3 labels, one for each image, found 12"):
        assay.score({"a": GREY, "b": GREY[:3]}, labels=LABELS)


def test_a_grid_has_more_labels_than_pictures(fake: Fake) -> None:
    assay.score(GREY, labels=np.zeros(48, int), grid=(2, 2))
    assert len(fake.seen("images")["labels"]) == 48


def test_images_for_classifiers_become_bytes(fake: Fake) -> None:
    for images, ends in ((GREY, (0, 1)), (UNIT, (0, 1)), (UNIT[:, None] * 6 - 3, (-3, 3))):
        assay.confusion_matrix("conv", images, LABELS, pixel_range=ends)
        found = fake.seen("images.npz")
        assert found["x_test"].dtype == np.uint8
        np.testing.assert_array_equal(found["x_test"].reshape(GREY.shape), GREY)
        np.testing.assert_array_equal(found["y_test"], LABELS)


def test_the_nearest_byte_is_that_of_the_command() -> None:
    # Halves go up, as Swift rounds them; what is beyond the ends by rounding only is set to them.
    values = np.array([0.5, 1.5, 2.5, 254.5, 0.4999999, -0.4, 255.4, 100.5 - 1e-13]) / 255
    expected = [1, 2, 3, 255, 0, 0, 255, 100]
    assert _arrays.as_bytes(values.reshape(8, 1, 1), (0, 1)).ravel().tolist() == expected


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"images": GREY}, ValueError, "labels: expected both images and labels, or none"),
        ({"labels": LABELS}, ValueError, "images: expected both images and labels, or none"),
        ({"images": GREY, "labels": LABELS, "data": "."}, ValueError, "data: expected no other images"),
        ({"images": GREY[0], "labels": LABELS}, ValueError, "images: expected [N, H, W]"),
        ({"images": GREY, "labels": LABELS[1:]}, ValueError, "expected 12 labels"),
        ({"images": GREY, "labels": ["Bag"] * 12}, TypeError, "truth values or one-hot rows, found <U3"),
        ({"images": "x.npy", "labels": LABELS}, TypeError, "found <U5"),
    ],
)
def test_images_for_classifiers_are_checked(
    fake: Fake, arguments: Any, error: type[Exception], sentence: str
) -> None:
    for call in (assay.confusion_matrix, assay.accuracy_vs_epsilon):
        with pytest.raises(error, match=re.escape(sentence)):
            call("conv", **arguments)
    assert not fake.has_started


@pytest.mark.parametrize(
    ("features", "error", "sentence"),
    [
        (UNIT, ValueError, "real: expected features of the shape [N, d], found [12, 28, 28]"),
        (UNIT[:0, 0], ValueError, "real: expected features of the shape [N, d], found [0, 28]"),
        (GREY[:, 0], TypeError, "real: expected floating-point numbers, found uint8"),
    ],
)
def test_features_are_checked(fake: Fake, features: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=re.escape(sentence)):
        assay.score_features(features, UNIT[:, 0])
    assert not fake.has_started


def test_features_arrive(fake: Fake) -> None:
    assay.score_features(UNIT[:, 0], UNIT[:9, 1])
    assert fake.arguments[-3:] == ["--features", "real", "generated"]
    np.testing.assert_array_equal(fake.seen("real"), UNIT[:, 0])
    np.testing.assert_array_equal(fake.seen("generated"), UNIT[:9, 1])
