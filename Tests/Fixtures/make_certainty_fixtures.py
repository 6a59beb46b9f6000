#!/usr/bin/env python3
"""Losses and activations where a classifier is certain, computed by mpmath with 80 digits.

Double precision is no reference there: at logits of ±50 it loses p - 1 just as single precision does at ±10. All inputs are
single-precision numbers, so that they are the same on both sides.

    python3 -m venv ~/assay-certainty && ~/assay-certainty/bin/pip install mpmath==1.3.0
    ~/assay-certainty/bin/python Tests/Fixtures/make_certainty_fixtures.py

Writes Tests/AutogradTests/Fixtures/certainty.json and Tests/AdversaryTests/Fixtures/attack_losses.json.
"""

import json
import random
import struct
from pathlib import Path

from mpmath import mp, mpf, diff, exp, expm1, log, log1p, tanh

mp.dps = 80
TESTS = Path(__file__).resolve().parent.parent
SCALES = (1, 20, 50, 100)
CLASSES = 5


def single(value):
    """The nearest single-precision number."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def numbers(values):
    """As JSON holds them; what is below the smallest double is 0 there."""
    return [float(v) for v in values]


def logits_at(scale, draw):
    """Rows with a certain label, with two that compete, and without order."""
    sure = [scale, -scale, -scale / 2, 0.3, 1 - scale]
    close = [scale, scale - 0.25, -scale, -0.7, scale / 3]
    loose = [draw.uniform(-scale, scale) for _ in range(CLASSES)]
    rows = []
    for row in (sure, close, loose):
        for turn in range(0, CLASSES, 2):
            rows.append([single(v) for v in row[turn:] + row[:turn]])
    return rows


def softmax(z):
    top = max(z)
    powers = [exp(mpf(v) - top) for v in z]
    total = sum(powers)
    return [v / total for v in powers]


def log_softmax(z):
    top = max(z)
    total = log(sum(exp(mpf(v) - top) for v in z))
    return [mpf(v) - top - total for v in z]


def minus_one_hot(p, label):
    return [v - (c == label) for c, v in enumerate(p)]


def softmax_gradient(p, dy):
    mean = sum(a * b for a, b in zip(p, dy))
    return [a * (b - mean) for a, b in zip(p, dy)]


def rows():
    for scale in SCALES:
        draw = random.Random(scale)
        for z in logits_at(scale, draw):
            p, lp = softmax(z), log_softmax(z)
            cotangent = [single(draw.gauss(0, 1)) for _ in z]
            near = [single(v + draw.gauss(0, 1e-3)) for v in z]
            far = z[2:] + z[:2]
            yield {
                "scale": scale,
                "logits": z,
                "cotangent": cotangent,
                "softmax": numbers(p),
                "softmaxGradient": numbers(softmax_gradient(p, cotangent)),
                "logSoftmax": numbers(lp),
                "logSoftmaxGradient": numbers(
                    [dy - q * sum(map(mpf, cotangent)) for dy, q in zip(cotangent, p)]),
                "labels": [label_case(z, p, lp, cotangent, label) for label in range(CLASSES)],
                "divergences": [divergence_case(z, p, lp, other) for other in (near, far)],
            }


def label_case(z, p, lp, direction, label):
    others = softmax([v for c, v in enumerate(z) if c != label])
    others.insert(label, mpf(0))
    return {
        "crossEntropy": float(-lp[label]),
        "crossEntropyGradient": numbers(minus_one_hot(p, label)),
        "crossEntropySecondGradient": numbers(softmax_gradient(p, direction)),
        "logOdds": float(log(sum(exp(mpf(v) - z[label]) for c, v in enumerate(z) if c != label))),
        "logOddsGradient": numbers(minus_one_hot(others, label)),
    }


def divergence_case(z, p, lp, other):
    q, lq = softmax(other), log_softmax(other)
    return {
        "other": other,
        "value": float(sum(a * (b - c) for a, b, c in zip(p, lp, lq))),
        "gradient": numbers(softmax_gradient(p, [b - c for b, c in zip(lp, lq)])),
        "otherGradient": numbers([b - a for a, b in zip(p, q)]),
    }


def sigmoid(x):
    return 1 / (1 + exp(-x))


UNARY = {
    "sigmoid": sigmoid,
    "tanh": tanh,
    "softplus": lambda x: log1p(exp(x)),
    "elu": lambda x: x if x > 0 else expm1(x),
    "expm1": expm1,
}


def unary_cases():
    points = [s * v for v in (1e-6, 1e-3, 0.3, 1, 5, 9, 20, 40, 50, 80, 100) for s in (1, -1)]
    for name, function in UNARY.items():
        xs = [single(x) for x in points if name != "expm1" or x < 60]
        yield {
            "name": name,
            "x": xs,
            "y": numbers(function(mpf(x)) for x in xs),
            "slope": numbers(diff(function, mpf(x)) for x in xs),
            "curvature": numbers(diff(function, mpf(x), 2) for x in xs),
        }


def binary_cases():
    for t in (0, 1, 0.25, 0.9990234375):
        xs = [single(s * x) for x in (0.5, 5, 20, 50, 80, 100) for s in (1, -1)]
        yield {
            "target": t,
            "x": xs,
            "loss": numbers(t * log1p(exp(-mpf(x))) + (1 - mpf(t)) * log1p(exp(mpf(x))) for x in xs),
            "slope": numbers((1 - mpf(t)) * sigmoid(mpf(x)) - t * sigmoid(-mpf(x)) for x in xs),
        }


def moment_cases():
    for mean in (0, 10, 1000, 30000):
        draw = random.Random(mean)
        x = [single(mean + draw.gauss(0, 0.25)) for _ in range(1000)]
        exact = [mpf(v) for v in x]
        m = sum(exact) / len(x)
        variance = sum((v - m) ** 2 for v in exact) / len(x)
        yield {
            "x": x,
            "mean": float(m),
            "variance": float(variance),
            "normalized": numbers((v - m) / (variance + mpf("1e-5")) ** mpf("0.5") for v in exact[:20]),
        }


def attack_losses():
    """Untargeted with each label as the true one, targeted with the next label as the target."""
    for scale in SCALES:
        for z in logits_at(scale, random.Random(scale)):
            for label in range(CLASSES):
                target = (label + 1) % CLASSES
                order = sorted(range(CLASSES), key=lambda c: (-z[c], c))
                rival = next(c for c in order if c != label)
                threat = next(c for c in order if c != target)
                yield {
                    "logits": z,
                    "label": label,
                    "target": target,
                    "margin": minus(pick(rival), pick(label), z),
                    "targetedMargin": minus(pick(target), pick(threat), z),
                    "logitRatio": ratio(pick(rival, label), pick(order[0], order[2]), z),
                    "targetedLogitRatio": ratio(
                        pick(target, label), spread(order), z),
                }


def pick(plus, minus_=None):
    return [(c == plus) - (minus_ is not None and c == minus_) for c in range(CLASSES)]


def spread(order):
    weights = [mpf(0)] * CLASSES
    weights[order[0]] += 1
    weights[order[2]] -= mpf("0.5")
    weights[order[3]] -= mpf("0.5")
    return weights


def dot(weights, z):
    return sum(mpf(w) * mpf(v) for w, v in zip(weights, z))


def minus(a, b, z):
    weights = [u - v for u, v in zip(a, b)]
    return {"value": float(dot(weights, z)), "gradient": numbers(weights)}


def ratio(above, below, z):
    """a/b with linear a and b: its gradient is a'/b - a·b'/b²."""
    a, b = dot(above, z), dot(below, z) + mpf("1e-12")
    return {
        "value": float(a / b),
        "gradient": numbers([u / b - a * v / (b * b) for u, v in zip(above, below)]),
    }


def write(path, value):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n")


write(TESTS / "AutogradTests/Fixtures/certainty.json", {
    "rows": list(rows()),
    "unary": list(unary_cases()),
    "binary": list(binary_cases()),
    "moments": list(moment_cases()),
})
write(TESTS / "AdversaryTests/Fixtures/attack_losses.json", list(attack_losses()))
