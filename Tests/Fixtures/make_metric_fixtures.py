"""Reference values for the tests of Eval's metrics, by public packages in float64.

Written with Python 3.11, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1,
scikit-image 0.26.0, prdc 0.2 and vendi-score 0.0.3. The JSON file is checked
in and the tests read only that. Run again only to add a case:

    python Tests/Fixtures/make_metric_fixtures.py

The inputs are not in the file: both sides compute them from integers with the
function `number` below, whose results are exact in float64.
"""

import json
from pathlib import Path

import numpy as np
from prdc import compute_prdc
from scipy.linalg import sqrtm
from scipy.stats import mannwhitneyu, norm
from skimage.metrics import structural_similarity
from sklearn.metrics.pairwise import polynomial_kernel
from vendi_score import vendi

OUTPUT = Path(__file__).resolve().parent.parent / "EvalTests/Fixtures/metrics.json"
MASK = 0xFFFFFFFF


def number(row, column, seed):
    h = (row * 73856093 ^ column * 19349663 ^ seed * 83492791) & MASK
    h = h * 2654435761 + 12345 & MASK
    h ^= h >> 15
    h = h * 2246822519 & MASK
    h ^= h >> 13
    return h / 2**32


def features(count, dimension, seed, shift=0.0, rank=None):
    """Like activations: many zeros, columns of unequal size; of a lower rank where asked for."""
    x = np.array([[max(0.0, number(i, j, seed) + shift - 0.25) * (1 + j % 5) for j in range(rank or dimension)]
                  for i in range(count)])
    if rank is None:
        return x
    mix = np.array([[number(i, j, seed + 1000) for j in range(dimension)] for i in range(rank)])
    return x @ mix


def frechet(a, b):
    n, m = len(a), len(b)
    a0, b0 = a - a.mean(0), b - b.mean(0)
    # The singular values of the samples themselves: no covariance, no square root of a matrix.
    overlap = np.linalg.norm(a0 @ b0.T / np.sqrt((n - 1) * (m - 1)), "nuc")
    value = ((a.mean(0) - b.mean(0)) ** 2).sum() + (a0**2).sum() / (n - 1) + (b0**2).sum() / (m - 1) - 2 * overlap
    return float(value)


def kernel(a, b):
    n, m = len(a), len(b)
    aa, bb, ab = (polynomial_kernel(x, y, degree=3, gamma=None, coef0=1) for x, y in ((a, a), (b, b), (a, b)))
    return float((aa.sum() - np.trace(aa)) / (n * (n - 1)) + (bb.sum() - np.trace(bb)) / (m * (m - 1)) - 2 * ab.mean())


cases = []
for name, n, m, d, shift, rank in [
    ("few numbers", 60, 75, 6, 0.1, None),
    ("more features than one block", 1100, 1300, 9, 0.02, None),
    ("fewer features than numbers", 25, 30, 40, 0.1, None),
    ("depending numbers", 200, 150, 24, 0.1, 7),
]:
    a, b = features(n, d, 1, rank=rank), features(m, d, 2, shift, rank=rank)
    distance = frechet(a, b)
    if rank is None and n > d:
        root = sqrtm(np.cov(a.T) @ np.cov(b.T)).real
        check = ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(np.cov(a.T) + np.cov(b.T) - 2 * root)
        assert abs(check - distance) < 1e-9 * abs(distance), (check, distance)
    unit = b / np.linalg.norm(b, axis=1, keepdims=True)
    cases.append(dict(
        name=name, real=n, generated=m, dimension=d, shift=shift, rank=rank, frechet=distance, kernel=kernel(a, b),
        **{k: float(v) for k, v in compute_prdc(a, b, nearest_k=5).items()},
        vendi=float(vendi.score_dual(unit))))

logits = np.array([[8 * number(i, j, 3) for j in range(10)] for i in range(50)])
p = np.exp(logits - logits.max(1, keepdims=True))
p /= p.sum(1, keepdims=True)
q = p.mean(0)
histogram = np.bincount(logits.argmax(1), minlength=10)
share = histogram[histogram > 0] / 50
distribution = dict(
    count=50, inceptionScore=float(np.exp((p * np.log(p / q)).sum(1).mean())), meanConfidence=float(p.max(1).mean()),
    entropy=float(-(share * np.log(share)).sum() / np.log(10)), histogram=histogram.tolist())

images = [np.array([[int(255 * number(r, c, s)) if c < 20 else 0 for c in range(28)] for r in range(28)], np.uint8)
          for s in (4, 5)]
images.append((images[0] // 2 + images[1] // 2).astype(np.uint8))
similarity = [float(structural_similarity(
    images[0], x, data_range=255, gaussian_weights=True, sigma=1.5, win_size=11, use_sample_covariance=False))
    for x in images]
# scikit-image averages over all pixels but a border of half a window, that is, over the windows within the
# image.

ranks = []
for n, m, top in [(30, 45, 1000), (25, 20, 12)]:
    x = [int(number(i, 0, 6) * top) for i in range(n)]
    y = [int(number(i, 0, 7) * top * 0.9) for i in range(m)]
    test = mannwhitneyu(x, y, alternative="less", use_continuity=False, method="asymptotic")
    ranks.append(dict(count=n, against=m, top=top, z=float(norm.ppf(test.pvalue))))

OUTPUT.write_text(json.dumps(
    dict(features=cases, distribution=distribution, similarity=similarity, ranks=ranks), indent=1) + "\n")
