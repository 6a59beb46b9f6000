"""Reference values for the tests of bounds and certificates, by PyTorch and SciPy in float64.

Written with Python 3.11, torch 2.13.0 (CPU) and scipy 1.17.1. The JSON files
are checked in and the tests read only those. Run again only to add a case:

    python Tests/Fixtures/make_certificate_fixtures.py

It writes, next to the tests that read them,

    Tests/NetworkTests/Fixtures/bounds.json           interval bounds of a small
                                                      classifier, its worst
                                                      margins, the loss on them
                                                      and its gradients
    Tests/KernelsTests/Fixtures/distributions.json    beta and normal
                                                      distributions, intervals
                                                      of Clopper and Pearson

The bounds are computed by the ends: where a weight is positive the upper end
of its input goes into the upper end of the output, where it is negative the
lower one. The product has centers and radii instead.
"""

import torch
import torch.nn.functional as F
from scipy import stats

from make_fixtures import DTYPE, TESTS, Draw, conv2d, encoded, encoded_all, write

SLOPE = 0.3
PADDING = [1, 2, 1, 2]
LABELS = [0, 2, 1, 2, 0]
EPSILON = 0.1


def start():
    """Weights and images: a third of the pixels is black, some are at 1."""
    draw = Draw("bounds")
    parameters = {
        "conv1.weight": draw.normal([5, 5, 1, 4], 0.2),
        "conv1.bias": draw.normal([4], 0.1),
        "conv2.weight": draw.normal([5, 5, 4, 6], 0.1),
        "conv2.bias": draw.normal([6], 0.1),
        "logits.weight": draw.normal([24, 3], 0.2),
        "logits.bias": draw.normal([3], 0.1),
    }
    images = (draw.uniform([5, 8, 8, 1], -0.5, 1.15)).clamp(0, 1)
    return parameters, images


def affine(function, weight, bias, lower, upper):
    above, below = weight.clamp(min=0), weight.clamp(max=0)
    return (function(lower, above) + function(upper, below) + bias,
            function(upper, above) + function(lower, below) + bias)


def convolved(x, w):
    return conv2d(x, w, strides=[2, 2], padding=PADDING)


def hidden_bounds(p, lower, upper):
    """The box of the features before the last layer."""
    lower, upper = 2 * lower - 1, 2 * upper - 1
    for name in ("conv1", "conv2"):
        ends = affine(convolved, p[f"{name}.weight"], p[f"{name}.bias"], lower, upper)
        lower, upper = (F.leaky_relu(end, SLOPE) for end in ends)
    return lower.flatten(1), upper.flatten(1)


def margins(p, lower, upper):
    """Lower bounds of the differences, one pair of labels after the other."""
    weight, bias = p["logits.weight"], p["logits.bias"]
    rows = []
    for i, label in enumerate(LABELS):
        row = []
        for other in range(3):
            w = weight[:, label] - weight[:, other]
            row.append(torch.where(w > 0, w * lower[i], w * upper[i]).sum()
                       + bias[label] - bias[other])
        rows.append(torch.stack(row))
    return torch.stack(rows)


def bounds_case(region):
    parameters, images = start()
    mask = (images > 0).to(DTYPE) if region == "foreground" else 1
    lower = (images - EPSILON * mask).clamp(0, 1)
    upper = (images + EPSILON * mask).clamp(0, 1)
    leaves = {name: value.clone().requires_grad_() for name, value in parameters.items()}
    hidden = hidden_bounds(leaves, lower, upper)
    ends = affine(torch.matmul, leaves["logits.weight"], leaves["logits.bias"], *hidden)
    worst = margins(leaves, *hidden)
    loss = F.cross_entropy(-worst, torch.tensor(LABELS))
    gradients = torch.autograd.grad(loss, list(leaves.values()))
    return {
        "region": region, "epsilon": EPSILON, "slope": SLOPE, "padding": PADDING, "labels": LABELS,
        "parameters": encoded_all(parameters), "images": encoded(images),
        "lowerLogits": encoded(ends[0]), "upperLogits": encoded(ends[1]), "margins": encoded(worst),
        "loss": loss.item(), "gradients": encoded_all(dict(zip(leaves, gradients))),
    }


def proportion_case(successes, trials, confidence):
    interval = lambda side: stats.binomtest(successes, trials, alternative=side).proportion_ci(confidence, "exact")
    return {"successes": successes, "trials": trials, "confidence": confidence,
            "lower": float(interval("greater").low), "upper": float(interval("less").high)}


def main():
    torch.set_num_threads(1)
    write(TESTS / "NetworkTests/Fixtures/bounds.json",
          {"cases": [bounds_case(region) for region in ("everywhere", "foreground")]})

    beta = [{"a": a, "b": b, "x": x, "cumulative": float(stats.beta.cdf(x, a, b))}
            for a, b in [(1, 1), (0.5, 0.5), (2, 5), (5, 2), (100, 1), (1, 100), (900, 101), (99000, 1001)]
            for x in (1e-6, 0.01, 0.3, 0.5, 0.7, 0.9, 0.99, 0.9999)]
    normal = [{"probability": p, "quantile": float(stats.norm.ppf(p))}
              for p in (1e-300, 1e-9, 0.001, 0.3, 0.5, 0.6, 0.975, 0.99931, 0.999999)]
    proportions = [proportion_case(*case) for case in [
        (0, 1, 0.95), (1, 1, 0.999), (5, 10, 0.95), (100, 100, 0.999), (99, 100, 0.999), (700, 1000, 0.999),
        (1000, 1000, 0.999), (0, 1000, 0.999), (9990, 10000, 0.999), (10000, 10000, 0.999), (1, 10000, 0.99),
        (99000, 100000, 0.999)]]
    write(TESTS / "KernelsTests/Fixtures/distributions.json",
          {"beta": beta, "normal": normal, "proportions": proportions})


if __name__ == "__main__":
    main()
