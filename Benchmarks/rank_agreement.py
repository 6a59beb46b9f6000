"""How far apart two sets of features are, and whether two networks put sets of images in the same order.

The Fréchet distance of two Gaussians with means m, n and covariances A, B (Heusel et al. 2017) is

    d² = |m − n|² + tr A + tr B − 2·tr (A·B)^½.

With A = F·Fᵀ and B = G·Gᵀ the last trace is the sum of the singular values of Fᵀ·G. The factors are
eigenvectors times the roots of the eigenvalues, so that singular covariances need no ε on the diagonal.

Spearman's ρ is the correlation of the ranks; equal values share the mean of their ranks. It says nothing of
how far apart two sets are: differences below a network's own floor count as much as any other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """Mean [d] of features, and a factor F [d, d] of their covariance F·Fᵀ (divided by N − 1)."""

    mean: Array
    factor: Array

    @staticmethod
    def of(features: np.ndarray) -> "Moments":
        """Of features [N, d], N at least 2."""
        values = features.astype(np.float64)
        mean = values.mean(0)
        centered = values - mean
        eigenvalues, eigenvectors = np.linalg.eigh(centered.T @ centered / (len(values) - 1))
        return Moments(mean, eigenvectors * np.sqrt(eigenvalues.clip(0)))


def frechet_distance(a: Moments, b: Moments) -> float:
    overlap = np.linalg.svd(a.factor.T @ b.factor, compute_uv=False).sum()
    traces = (a.factor**2).sum() + (b.factor**2).sum()
    return float(((a.mean - b.mean) ** 2).sum() + traces - 2 * overlap)


def ranks(values: Array) -> Array:
    """From 1; equal values share the mean of their ranks."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = counts.cumsum()
    return (last - (counts - 1) / 2)[places.reshape(np.shape(values))]


def correlations(distances: Array) -> Array:
    """Spearman's ρ [k, k] between the rows of distances [k, sets]; NaN where a row is constant."""
    ranked = np.stack([ranks(row) for row in distances])
    centered = ranked - ranked.mean(1, keepdims=True)
    lengths = np.sqrt((centered**2).sum(1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return (centered @ centered.T / np.outer(lengths, lengths)).clip(-1, 1)


@dataclass(frozen=True)
class Agreement:
    """Ranks of one group of sets: of each judge, and of each outside network with the others."""

    judges: list[str]
    networks: list[str]
    count: int
    # [judges + networks, networks].
    table: Array
    # Of each judge, of each network with the other ones, and last of all pairs of networks.
    medians: Array
    # 95 %, over the choice of the sets; the same rows, [·, 2].
    intervals: Array

    @staticmethod
    def of(
        judges: list[str], networks: list[str], distances: Array, resamples: int = 1000, seed: int = 0
    ) -> "Agreement | None":
        """Of distances [judges + networks, sets]; None for fewer than four sets, whose order says nothing."""
        count = distances.shape[1]
        if count < 4:
            return None
        table, medians = Agreement.medians_of(len(judges), distances)
        generator = np.random.default_rng(seed)
        choices = (generator.integers(0, count, count) for _ in range(resamples))
        drawn = np.stack([Agreement.medians_of(len(judges), distances[:, choice])[1] for choice in choices])
        intervals = np.nanquantile(drawn, (0.025, 0.975), axis=0).T
        return Agreement(judges, networks, count, table, medians, intervals)

    @staticmethod
    def medians_of(judge_count: int, distances: Array) -> tuple[Array, Array]:
        """The table and the medians."""
        every = correlations(distances)
        table = every[:, judge_count:]
        own = np.eye(len(every), dtype=bool)[:, judge_count:]
        medians = [np.median(row[~mask]) for row, mask in zip(table, own, strict=True)]
        among = table[judge_count:]
        pairs = among[np.triu_indices(len(among), 1)]
        return table, np.array([*medians, np.median(pairs)])
