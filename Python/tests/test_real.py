"""The numbers are those of the command itself, and those that can be computed by hand."""

from __future__ import annotations

import hashlib
import json
import logging
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assay
from assay._arrays import Array, as_bytes

Images = dict[str, Array]


def printed(real: str, *arguments: str) -> dict[str, Any]:
    """What the command prints."""
    done = subprocess.run(
        [real, *arguments, "--format", "json", "--threads", "1"], check=True, stdout=subprocess.PIPE
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.fixture
def small(fashion: Images, tmp_path: Path) -> Path:
    """A data set whose training images are few, so that all is known of them within seconds."""
    path = tmp_path / "fashion-mnist.npz"
    few: dict[str, Any] = {name: array[-500:] for name, array in fashion.items()}
    np.savez(path, **few)
    return path


def test_a_score_is_what_the_command_prints(real: str, fashion: Images, small: Path, tmp_path: Path) -> None:
    images, labels = fashion["x_test"][:300], fashion["y_test"][:300]
    np.save(tmp_path / "x.npy", images)
    np.save(tmp_path / "y.npy", labels)
    shared = ["--judge", "dense", "--data", str(small), "--cache", str(tmp_path / "cache")]
    expected = printed(real, "score", str(tmp_path / "x.npy"), "--labels", str(tmp_path / "y.npy"), *shared)
    (result,) = expected["results"]
    assert result.pop("source") == str(tmp_path / "x.npy")
    assert result["count"] == 300
    assert result["label_accuracy"]["dense"]["value"] > 0.8

    def score(images: Any, **arguments: Any) -> dict[str, Any]:
        cache = tmp_path / "cache"
        return assay.score(images, judges="dense", data=small, cache=cache, threads=1, **arguments)

    report = score(images, labels=labels)
    assert report["results"][0].pop("source") == "images"
    assert report == expected

    # The same images in other forms; the digest is that of their bytes.
    named = {
        "größer, -1...1": (images[:, None] / 127.5 - 1).astype(np.float32),
        "flat": (images.reshape(300, 784) / 127.5 - 1),
        "planar": np.repeat(images[:, None], 3, axis=1),
    }
    report = score(named, pixel_range=(-1, 1), labels=np.eye(10)[labels], leaderboard=tmp_path / "board")
    for name, found in zip(named, report["results"]):
        assert found.pop("source") == name
        notes = found.pop("notes")
        assert found == {k: v for k, v in result.items() if k != "notes"}
        assert ["grey" in note for note in notes].count(True) == (name == "planar")
    board = [json.loads(path.read_text()) for path in (tmp_path / "board").iterdir()]
    assert {entry["results"][0]["source"] for entry in board} <= set(named)

    # From paths, labels beside them, and without labels.
    report = score(tmp_path / "x.npy", labels=labels)
    assert report["results"][0].pop("source") == str(tmp_path / "x.npy")
    assert report == expected
    assert score([str(tmp_path / "x.npy")])["results"][0]["label_accuracy"] is None


def test_pixels_become_the_same_bytes(real: str, small: Path, tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    # Greys, and what is halfway between two.
    images = random.integers(0, 511, (50, 28, 28)) / 510
    for kind in (np.float16, np.float32, np.float64):
        for low, high in ((0, 1), (-1, 1), (-3, 7)):
            array = (images * (high - low) + low).astype(kind)
            report = assay.score(
                array,
                pixel_range=(low, high),
                judges="dense",
                data=small,
                limit=50,
                cache=tmp_path,
                threads=1,
            )
            digest = hashlib.sha256(as_bytes(array, (low, high)).tobytes()).hexdigest()
            assert report["results"][0]["sha256"] == digest


def test_a_confusion_matrix_counts(real: str, fashion: Images, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "assay")
    # What each image is taken for is known from its own matrix; labels are claimed at will.
    images, claimed = fashion["x_test"][:60], np.arange(60) % 10
    predictions = np.array([_prediction(image) for image in images])
    expected = np.zeros((10, 10), int)
    np.add.at(expected, (claimed, predictions), 1)
    for form in (images, images[..., None] / 255, images.reshape(60, 784) / np.float32(255)):
        found = assay.confusion_matrix("conv", form, claimed, threads=1)
        assert found["matrix"] == expected.tolist()
        assert found["accuracy"] == (claimed == predictions).mean()
        assert found["labels"][8] == "Bag"
        assert [row["support"] for row in found["per_class"]] == [6] * 10
    assert caplog.records == []

    found = assay.confusion_matrix("conv", images, claimed, label_names=list("abcdefghij"), threads=1)
    assert found["labels"] == list("abcdefghij")
    assert 'label 0 is "T-shirt/top" to the classifier, "a" in the data' in caplog.text


def _prediction(image: Array) -> int:
    """What the classifier takes a single image for: where the only count is."""
    matrix = assay.confusion_matrix("conv", image[None], [0], threads=1)["matrix"]
    return int(np.argmax(matrix[0]))


def test_the_test_images_are_those_of_the_command(real: str, fashion: Images) -> None:
    expected = printed(real, "confusion-matrix", "--limit", "200")
    assert assay.confusion_matrix(limit=200, threads=1) == expected
    images, labels = fashion["x_test"][:200], fashion["y_test"][:200]
    assert assay.confusion_matrix("conv", images, labels, threads=1) == expected


def test_a_curve_is_what_the_command_prints(real: str, fashion: Images) -> None:
    arguments = ["--classifier", "conv", "--epsilons", "0,0.05,0.1", "--limit", "200"]
    expected = printed(real, "accuracy-vs-epsilon", *arguments)
    curve = assay.accuracy_vs_epsilon("conv", epsilon=[0, 0.05, 0.1], limit=200, threads=1)
    assert curve == expected
    accuracies = [point["accuracy"] for point in curve["curves"][0]["points"]]
    assert accuracies == sorted(accuracies, reverse=True)
    assert [point["epsilon"] for point in curve["curves"][0]["points"]] == [0, 0.05, 0.1]

    # With images in [-1, 1], ε counts in that range.
    images = fashion["x_test"][:200].astype(np.float32) / 127.5 - 1
    curve = assay.accuracy_vs_epsilon(
        "conv", images, fashion["y_test"][:200], epsilon=(0, 0.1, 0.2), pixel_range=(-1, 1), threads=1
    )
    assert [point["accuracy"] for point in curve["curves"][0]["points"]] == accuracies
    assert curve["dataset"]["name"] == "fashion-mnist"


def test_a_network_from_elsewhere_and_a_mask(real: str, fashion: Images, small: Path, tmp_path: Path) -> None:
    images, labels = fashion["x_test"][:100], fashion["y_test"][:100]
    network = tmp_path / "mine.onnx"
    subprocess.run([real, "export-onnx", "dense", "--output", str(network)], check=True)
    data: dict[str, Any] = {"dataset": "fashion-mnist", "threads": 1}

    def points(classifier: Any, **arguments: Any) -> Any:
        curve = assay.accuracy_vs_epsilon(classifier, images, labels, epsilon=[0, 0.1], **data, **arguments)
        return curve["curves"][0]["points"]

    # The mask of the foreground is the foreground, in the files' network as in the shipped one.
    expected = points("dense")
    assert points(network) == expected
    assert points(network, mask=images > 0) == expected
    assert points(network, preprocessing=assay.Preprocessing(mean=0, std=1)) == expected
    assert points(network, mask=np.ones((28, 28))) == points("dense", region="everywhere")

    # Labels that the network does not know, and its own in another order.
    with pytest.raises(assay.DataError, match="knows these images"):
        assay.confusion_matrix(network, images, (labels + 1) % 10, **data)
    names = assay.confusion_matrix(network, images, (labels + 1) % 10, anyway=True, **data)["labels"]
    turned = assay.confusion_matrix(
        network, images, labels, classifier_labels=names[::-1], anyway=True, **data
    )
    assert turned["accuracy"] < 0.2

    report = assay.score(
        images, judges=f"{network},features=hidden.Gemm", data=small, cache=tmp_path / "cache", threads=1
    )
    assert "mine" in report["results"][0]["judges"]


def test_features_are_compared_as_by_the_command(real: str, tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    features = {"real": random.normal(size=(300, 16)), "generated": random.normal(0.1, 1, (200, 16))}
    for name, array in features.items():
        np.save(tmp_path / f"{name}.npy", array)
    paths = [str(tmp_path / f"{name}.npy") for name in features]
    expected = printed(real, "score", "--features", *paths)
    assert assay.score_features(*paths, threads=1) == expected
    found = assay.score_features(features["real"], features["generated"].astype(np.float32), threads=1)
    assert (found["real"], found["generated"], found["real_count"]) == ("real", "generated", 300)
    assert found["frechet_distance"]["value"] == pytest.approx(expected["frechet_distance"]["value"], 1e-5)

    # Mean and covariance alone tell the distance, and not more.
    archive = tmp_path / "real.npz"
    np.savez(archive, mu=features["real"].mean(0), sigma=np.cov(features["real"], rowvar=False))
    found = assay.score_features(archive, features["generated"], threads=1)
    assert found["frechet_distance"]["value"] == pytest.approx(expected["frechet_distance"]["value"])
    assert found["precision"] is None
    assert "precision" in found["left_out"]


def test_errors_of_the_command_name_what_python_named(real: str, small: Path, tmp_path: Path) -> None:
    images = np.zeros((20, 28, 28), np.uint8)
    few: dict[str, Any] = {"judges": "dense", "data": small, "limit": 50, "cache": tmp_path, "threads": 1}
    with pytest.raises(assay.DataError, match=r"^my gan: expected 6 images or more, found 5$"):
        assay.score({"my gan": images[:5]}, **few)
    with pytest.raises(
        assay.DataError, match=r"^images \(labels\): expected labels from 0 to 9, found 10 at pos"
    ):
        assay.score(images, labels=np.arange(20), **few)
    with pytest.raises(assay.UsageError, match="--threads: expected a number from 1 to 256, found 0"):
        assay.score(images, threads=0)
    with pytest.raises(assay.AssayError, match=r"^none\.npy: not found") as error:
        assay.score("none.npy", **few)
    assert error.value.exit_code == 66
    with pytest.raises(assay.AssayError, match=r"^convv: not found; expected dense, conv, resnet"):
        assay.confusion_matrix("convv")
    with pytest.raises(assay.DataError, match=r"conv: expected a classifier of images \[32, 32, 1\]"):
        assay.confusion_matrix("conv", np.zeros((9, 32, 32)), [0] * 9)
