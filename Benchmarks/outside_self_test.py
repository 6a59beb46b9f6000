"""The parts of outside_judges.py, tried against SciPy, closed forms and what must not change. Takes seconds."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from damaged_images import (
    DAMAGE_CATALOG,
    DAMAGES,
    SIDE,
    RealImages,
    blur,
    from_the_middle,
    jpeg,
    made_sets,
    random_of,
    rolled,
    swirl,
)
from outside_networks import NETWORK_CATALOG, LabeledImages, pixels, trained
from rank_agreement import Agreement, Moments, correlations, frechet_distance
from scipy import ndimage, stats
from scipy.linalg import sqrtm


def self_test() -> int:
    """Prints each claim; returns how many do not hold."""
    failed = 0
    for claims in (distance_claims, rank_claims, damage_claims, network_claims):
        for claim, holds in claims():
            print(f"{'ok    ' if holds else 'FAILED'}  {claim}", flush=True)
            failed += not holds
    return failed


def distance_claims() -> Iterator[tuple[str, bool]]:
    random = np.random.default_rng(1)
    for count, width in ((400, 24), (1000, 96)):
        a = random.normal(size=(count, width)) @ random.normal(size=(width, width))
        b = random.gamma(2, size=(count, width)) @ random.normal(size=(width, width))
        covariances = np.cov(a.T), np.cov(b.T)
        root = sqrtm(covariances[0] @ covariances[1]).real
        expected = ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(sum(covariances) - 2 * root)
        found = frechet_distance(Moments.of(a), Moments.of(b))
        yield f"{count} × {width}: the Fréchet distance is SciPy's, within 1e-9", np.isclose(found, expected, 1e-9, 0)
        same = frechet_distance(Moments.of(a), Moments.of(a[::-1].copy()))
        yield f"{count} × {width}: itself in another order is at 0", abs(same) < 1e-9 * np.trace(covariances[0])
    a = Moments(np.array([0.0, 0.0]), np.diag([2.0, 3.0]))
    b = Moments(np.array([3.0, 4.0]), np.diag([1.0, 4.0]))
    yield "covariances diag(4, 9) and diag(1, 16), means (3, 4) apart: 27", np.isclose(frechet_distance(a, b), 27)
    few = random.normal(size=(10, 40))
    constant = np.ones((10, 40))
    expected = ((few.mean(0) - 1) ** 2).sum() + np.trace(np.cov(few.T))
    found = frechet_distance(Moments.of(few), Moments.of(constant))
    yield "fewer features than numbers, against a single point: the closed form", np.isclose(found, expected)


def rank_claims() -> Iterator[tuple[str, bool]]:
    random = np.random.default_rng(2)
    for name, distances in (
        ("distinct", random.normal(size=(5, 30))),
        ("tied", random.integers(0, 6, (5, 30)).astype(float)),
    ):
        expected = stats.spearmanr(distances, axis=1).statistic
        yield f"{name} values: ρ is SciPy's", np.allclose(correlations(distances), expected, atol=1e-12)
    # One judge and three networks, the last of which is the second backwards.
    order = np.arange(10.0)
    agreement = Agreement.of(["j"], ["a", "b", "c"], np.stack([order, order, order**3, -order]), resamples=20)
    holds = agreement is not None and np.allclose(agreement.medians, [1, 0, 0, -1, -1])
    yield "medians leave a network's agreement with itself out, and take each pair once", holds
    yield "three sets have no correlation", Agreement.of(["j"], ["a", "b"], np.ones((3, 3))) is None


def damage_claims() -> Iterator[tuple[str, bool]]:
    random = np.random.default_rng(3)
    images = (random.random((60, SIDE, SIDE)) * 256 * (random.random((60, 1, 1)) < 0.9)).astype(np.uint8)
    images[:, :4] = 0
    labels = np.arange(60) % 10
    real = RealImages(images, labels, images[::-1].copy())
    before = images.copy()
    sets = list(made_sets(real))
    for made in sets:
        x = made.images
        fits = x.dtype == np.uint8 and x.shape[1:] == (SIDE, SIDE)
        # Labels that are left out take their images along.
        fits = fits and (len(x) == 60 if "without" not in made.name else len(x) < 60)
        yield f"{made.name}: bytes [N, 28, 28]", fits
        if made.group == DAMAGES:
            yield f"{made.name}: changes the images", bool((x != images).any())
    again = made_sets(real)
    same = all(np.array_equal(a.images, b.images) for a, b in zip(sets, again, strict=True))
    yield "the same images give the same sets, and stay as they are", same and np.array_equal(images, before)

    none = random_of("none")
    twice = rolled(rolled(images, none, step=14), none, step=14)
    quadrants = DAMAGE_CATALOG["quadrants-swapped"](images, none)
    yield "quadrants swapped: the upper left comes from the lower right", np.array_equal(
        quadrants[:, :14, :14], images[:, 14:, 14:]
    )
    yield "quadrants swapped twice are where they were", np.array_equal(twice, images)
    exact = np.abs(jpeg(images, none, quality=100).astype(int) - images).max()
    yield "a quality of 100 changes no pixel by more than 4", exact <= 4
    flat = np.full((1, SIDE, SIDE), 128, np.uint8)
    yield "mid-grey survives every quality", all(np.array_equal(jpeg(flat, none, q), flat) for q in (5, 20, 50))
    point = np.zeros((1, SIDE, SIDE), np.uint8)
    point[0, 14, 14] = 255
    weights = np.exp(-(np.arange(-3, 4) ** 2) / 2)
    expected = np.rint(255 * np.outer(weights, weights) / weights.sum() ** 2)
    found = blur(point, none, deviation=1)[0, 11:18, 11:18]
    yield "a blurred point is the Gaussian", np.array_equal(found, expected)
    rows, columns = from_the_middle()
    angle = 2 * np.exp(-np.hypot(rows, columns) / 14 * np.log(2) * 2)
    places = (
        rows * np.cos(angle) - columns * np.sin(angle) + 13.5,
        rows * np.sin(angle) + columns * np.cos(angle) + 13.5,
    )
    expected = ndimage.map_coordinates(images[0].astype(float), places, order=1, mode="grid-constant")
    found = swirl(images[:1], none, strength=2)[0].astype(float)
    yield "swirl is SciPy's interpolation at the turned places", bool(np.abs(found - expected).max() <= 0.5 + 1e-9)


def network_claims() -> Iterator[tuple[str, bool]]:
    random = np.random.default_rng(4)
    data = LabeledImages(random.integers(0, 256, (512, SIDE, SIDE), np.uint8), np.arange(512) % 10)
    state = torch.random.get_rng_state()
    for recipe in {recipe.kind: recipe for recipe in NETWORK_CATALOG}.values():
        with tempfile.TemporaryDirectory() as folder:
            first = trained(recipe, data, data, Path(folder), 1)
            file = Path(folder) / f"{recipe.name}.pt"
            written = file.stat().st_mtime_ns
            second = trained(recipe, data, data, Path(folder), 1)
            yield f"{recipe.kind}: the second run trains nothing", file.stat().st_mtime_ns == written
            other = trained(replace(recipe, seed=recipe.seed + 10), data, data, Path(folder), 1)
        features = first.features(data.images)
        yield f"{recipe.kind}: features of 64 to 128 finite numbers", bool(
            64 <= features.shape[1] <= 128 and np.isfinite(features).all()
        )
        yield f"{recipe.kind}: from its file the same features", np.array_equal(features, second.features(data.images))
        yield f"{recipe.kind}: another seed, others", not np.array_equal(features, other.features(data.images))
        single = torch.cat([first.module.features(x) for x in pixels(data.images[:3]).split(1)]).numpy()
        yield f"{recipe.kind}: an image's features do not depend on its batch", np.allclose(
            single, features[:3], rtol=1e-4, atol=1e-4
        )
    torch.random.set_rng_state(state)
