#!/usr/bin/env python3
"""The metrics of two sets of features by the formulas of the public Python packages, and what each takes.

Run by compare_feature_score.py, one process a measurement:

    reference_feature_score.py REAL.npy GENERATED.npy [--threads N]

prints one line of JSON: {"values": {…}, "seconds": {…}, "packages": {…}}; the values are named as in
`assay/feature-score/1`. Everything is in double precision on all threads of NumPy's OpenBLAS:

- frechet: as pytorch-fid 0.3 (`np.cov`, SciPy's `sqrtm` of the product of the covariances);
- kernel: the unbiased squared MMD with the kernel (x·y / d + 1)³ over all pairs, as scikit-learn's
  `polynomial_kernel` computes it;
- neighbors: precision, recall, density and coverage as prdc 0.2, with k = 5, and distances as scikit-learn's
  `euclidean_distances`;
- vendi: of the generated features, as vendi-score's `score_dual`.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The metrics of two sets of features in NumPy and SciPy.")
    parser.add_argument("real", type=Path)
    parser.add_argument("generated", type=Path)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    arguments = parser.parse_args()
    # OpenBLAS reads it while it is loaded.
    os.environ["OPENBLAS_NUM_THREADS"] = str(arguments.threads)

import numpy as np
import scipy
from scipy.linalg import sqrtm

NEIGHBORS = 5


def frechet(real, generated) -> dict[str, float]:
    means = [x.mean(axis=0) for x in (real, generated)]
    covariances = [np.cov(x, rowvar=False) for x in (real, generated)]
    root = sqrtm(covariances[0].dot(covariances[1]))
    shift = means[0] - means[1]
    traces = np.trace(covariances[0]) + np.trace(covariances[1]) - 2 * np.trace(root.real)
    return {"frechet_distance": float(shift.dot(shift) + traces)}


def kernel(real, generated) -> dict[str, float]:
    def polynomial(x, y):
        k = x @ y.T
        k /= x.shape[1]
        k += 1
        k **= 3
        return k

    def among(x) -> float:
        k = polynomial(x, x)
        return float((k.sum() - np.trace(k)) / (len(x) * (len(x) - 1)))

    across = float(polynomial(real, generated).mean())
    return {"kernel_distance": among(real) + among(generated) - 2 * across}


def distances(x, y):
    d = x @ y.T
    d *= -2
    d += (x * x).sum(axis=1)[:, None]
    d += (y * y).sum(axis=1)[None, :]
    np.maximum(d, 0, out=d)
    if x is y:
        np.fill_diagonal(d, 0)
    return np.sqrt(d, out=d)


def neighbors(real, generated) -> dict[str, float]:
    def radii(x):
        # The feature itself is the first of its neighbours.
        return np.partition(distances(x, x), NEIGHBORS, axis=-1)[:, NEIGHBORS]

    real_radii, generated_radii = radii(real), radii(generated)
    d = distances(real, generated)
    inside = d < real_radii[:, None]
    return {
        "precision": float(inside.any(axis=0).mean()),
        "recall": float((d < generated_radii[None, :]).any(axis=1).mean()),
        "density": float(inside.sum(axis=0).mean() / NEIGHBORS),
        "coverage": float((d.min(axis=1) < real_radii).mean()),
    }


def vendi(_, generated) -> dict[str, float]:
    unit = generated / np.linalg.norm(generated, axis=1, keepdims=True)
    values = np.linalg.eigvalsh(unit.T @ unit / len(unit))
    values = values[values > 0]
    return {"vendi": float(np.exp(-(values * np.log(values)).sum()))}


PARTS: dict[str, Callable] = {"frechet": frechet, "kernel": kernel, "neighbors": neighbors, "vendi": vendi}


def main() -> None:
    values, seconds = {}, {}
    start = time.perf_counter()
    real, generated = (np.load(path).astype(np.float64) for path in (arguments.real, arguments.generated))
    seconds["reading"] = time.perf_counter() - start
    for name, part in PARTS.items():
        start = time.perf_counter()
        values |= part(real, generated)
        seconds[name] = time.perf_counter() - start
    packages = {"numpy": np.__version__, "scipy": scipy.__version__}
    print(json.dumps({"values": values, "seconds": seconds, "packages": packages}))


if __name__ == "__main__":
    sys.exit(main())
