"""Reference values for the Swift tests, computed by PyTorch in float64.

Written with Python 3.11 and torch 2.13.0 (CPU), the cases of pooling by windows,
of groups and dilations and of the error function with 2.15.0; torch is the only
dependency.
The JSON files are checked in and the tests read only those: neither Python nor
torch is ever needed to build, test or run the project.  Run this script again
only to add a case:

    python Tests/Fixtures/make_fixtures.py            # writes the files
    python Tests/Fixtures/make_fixtures.py --check    # verifies, then writes

It writes, next to the tests that read them,

    Tests/AutogradTests/Fixtures/operations.json   every operation: value,
                                                   gradients, second gradients
    Tests/NetworkTests/Fixtures/optimizers.json    optimizer steps, clipping
    Tests/NetworkTests/Fixtures/training.json      ten steps of a small
                                                   classifier; the loss of a
                                                   WGAN-GP critic
    Tests/GeneratorsTests/Fixtures/penalties.json  the gradient penalty of a
                                                   convolutional critic

The seed is `SEED`.  Each case draws from a generator of its own, seeded with
`SEED` plus the CRC-32 of its name, so adding or removing a case leaves the
others as they are.  All drawn values (inputs, cotangents, directions, initial
parameters) are rounded to float32 first, so that a Float32 implementation
starts from exactly the same numbers; everything computed from them is float64.

Layouts are the project's own: images [N, H, W, C], convolution weights
[KH, KW, Cin, Cout], dense weights [in, out], paddings [top, bottom, left,
right].  They are permuted to torch's layouts inside each operation, so the
gradients come out in the project's layouts, too.

A tensor is {"shape": [...], "values": [...]}, row-major; a scalar has the
shape [] and one value.  Numbers are the shortest decimals which read back as
the same float64 (at most 17 significant digits).

For an operation y = f(x_0, x_1, ...) with a cotangent c and directions d_i:

    L   = sum(y * c)                 gradients[i]       = dL/dx_i
    S   = sum_i sum(dL/dx_i * d_i)   secondGradients[i] = dS/dx_i

where a derivative which vanishes identically is stored as zeros.
"""

import argparse
import json
import math
import zlib
from pathlib import Path

import torch
import torch.nn.functional as F

SEED = 20240607
TESTS = Path(__file__).resolve().parent.parent
DTYPE = torch.float64


# Drawing values

def generator(name):
    """A generator for the case called `name`, independent of all others."""
    return torch.Generator().manual_seed(SEED + zlib.crc32(name.encode()))


def rounded(tensor):
    """The nearest float32 values, as float64."""
    return tensor.to(torch.float32).to(DTYPE)


class Draw:
    """Draws float32-representable float64 tensors for one case."""

    def __init__(self, name):
        self.generator = generator(name)

    def normal(self, shape, scale=1.0):
        return rounded(scale * torch.randn(
            shape, generator=self.generator, dtype=DTYPE))

    def uniform(self, shape, low=0.0, high=1.0):
        return rounded(low + (high - low) * torch.rand(
            shape, generator=self.generator, dtype=DTYPE))

    def positive(self, shape):
        return self.uniform(shape, 0.25, 3.0)

    def nonzero(self, shape):
        """Values of both signs, at least 0.2 away from 0."""
        sign = self.uniform(shape, -1.0, 1.0) < 0
        size = self.uniform(shape, 0.2, 2.0)
        return torch.where(sign, -size, size)


def draw_apart(draw, *shapes, gap=0.02):
    """Two or more normal tensors (which broadcast) without near ties."""
    while True:
        tensors = [draw.normal(shape) for shape in shapes]
        differences = tensors[0] - tensors[1]
        if differences.abs().min() > gap:
            return tensors


def draw_distinct(draw, shape, axes, gap=0.02):
    """A tensor whose maximum along `axes` is clear of the runner-up."""
    while True:
        tensor = draw.normal(shape)
        kept = [axis for axis in range(len(shape)) if axis not in axes]
        rows = tensor.permute(*kept, *axes).flatten(len(kept))
        best = rows.topk(2, dim=-1).values
        if (best[..., 0] - best[..., 1]).min() > gap:
            return tensor


def draw_clear(draw, shape, scale, places, gap=0.02):
    """A normal tensor without values near `places`."""
    while True:
        tensor = draw.normal(shape, scale)
        if all((tensor - place).abs().min() > gap for place in places):
            return tensor


def draw_spread(draw, shape):
    """All values of each channel at least 0.02 apart, in random order."""
    n, h, w, c = shape
    columns = []
    for _ in range(c):
        order = torch.randperm(n * h * w, generator=draw.generator)
        columns.append(0.05 * (order.to(DTYPE) - n * h * w / 2))
    values = torch.stack(columns, -1).reshape(shape)
    return rounded(values + draw.uniform(shape, -0.01, 0.01))


# Writing values

def numbers(tensor):
    """All values in row-major order.

    The sum makes -0.0 a plain 0.0, and gives storage to the symbolic zeros
    which some of torch's derivatives are.
    """
    tensor = torch.zeros(tensor.shape, dtype=DTYPE) + tensor.detach()
    values = tensor.flatten().tolist()
    assert all(math.isfinite(value) for value in values)
    return values


def encoded(tensor):
    return {"shape": list(tensor.shape), "values": numbers(tensor)}


def encoded_all(tensors):
    """Encodes a list or a dictionary of tensors."""
    if isinstance(tensors, dict):
        return {name: encoded(tensor) for name, tensor in tensors.items()}
    return [encoded(tensor) for tensor in tensors]


def compact(value):
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def write(path, sections):
    """Writes one JSON object; of a list of cases, each takes one line."""
    sections = {"torch": torch.__version__, "seed": SEED, **sections}
    members = []
    for key, value in sections.items():
        if isinstance(value, list):
            text = "[\n" + ",\n".join(map(compact, value)) + "\n]"
        else:
            text = compact(value)
        members.append(f"{compact(key)}:{text}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{\n" + ",\n".join(members) + "\n}\n")
    print(f"{path.relative_to(TESTS.parent)}: {path.stat().st_size} bytes")


# Operations, in the project's layouts.  Each takes the input tensors in order,
# then `indices` if it has them, then its attributes by name.

def to_nchw(image):
    return image.permute(0, 3, 1, 2)


def to_nhwc(image):
    return image.permute(0, 2, 3, 1)


def conv2d(x, w, *, strides, padding, dilations=(1, 1), groups=1):
    top, bottom, left, right = padding
    padded = F.pad(to_nchw(x), (left, right, top, bottom))
    return to_nhwc(F.conv2d(
        padded, w.permute(3, 2, 0, 1), stride=strides,
        dilation=tuple(dilations), groups=groups))


def conv2d_transposed(x, w, *, strides, padding, outputSize,
                      dilations=(1, 1), groups=1):
    """The gradient of `conv2d` with respect to an input of `outputSize`.

    The full transposed convolution covers what the windows of `conv2d` cover
    of its padded input.  It is extended with zeros to the whole padded input
    (the last rows may be in no window), then the padding is cut off.
    """
    top, bottom, left, right = padding
    height, width = outputSize
    full = F.conv_transpose2d(
        to_nchw(x), w.permute(3, 2, 0, 1), stride=strides,
        dilation=tuple(dilations), groups=groups)
    rest_h = top + height + bottom - full.shape[2]
    rest_w = left + width + right - full.shape[3]
    assert 0 <= rest_h < strides[0] and 0 <= rest_w < strides[1]
    full = F.pad(full, (0, rest_w, 0, rest_h))
    return to_nhwc(full[:, :, top:top + height, left:left + width])


def upsample_nearest(x, *, factor):
    return to_nhwc(F.interpolate(
        to_nchw(x), scale_factor=factor, mode="nearest"))


def max_pool(x, *, factor):
    return to_nhwc(F.max_pool2d(to_nchw(x), factor))


def max_pool_windows(x, *, window, strides, padding, dilations, roundsUp):
    """Padding of -inf never wins, and torch takes unequal padding so."""
    top, bottom, left, right = padding
    if (top, left) == (bottom, right):
        image, padding = to_nchw(x), (top, left)
    else:
        assert not roundsUp
        image = F.pad(to_nchw(x), (left, right, top, bottom),
                      value=-math.inf)
        padding = 0
    return to_nhwc(F.max_pool2d(
        image, window, strides, padding, dilations, ceil_mode=roundsUp))


def average_pool(x, *, window, strides, padding, dilations, roundsUp,
                 countsPadding):
    """torch's own where it has it, else a convolution with ones."""
    top, bottom, left, right = padding
    if dilations == [1, 1] and (top, left) == (bottom, right):
        return to_nhwc(F.avg_pool2d(
            to_nchw(x), window, strides, (top, left), ceil_mode=roundsUp,
            count_include_pad=countsPadding))
    assert not roundsUp
    ones = torch.ones(x.shape[-1], 1, *window, dtype=x.dtype)

    def sums(image, value):
        padded = F.pad(image, (left, right, top, bottom), value=value)
        return F.conv2d(padded, ones, stride=strides, dilation=dilations,
                        groups=x.shape[-1])

    counts = sums(torch.ones_like(to_nchw(x)), float(countsPadding))
    return to_nhwc(sums(to_nchw(x), 0.0) / counts)


def batch_norm(x, gamma, beta, *, epsilon):
    axes = tuple(range(x.dim() - 1))
    mean = x.mean(axes)
    variance = ((x - mean) ** 2).mean(axes)
    return (x - mean) / torch.sqrt(variance + epsilon) * gamma + beta


def softplus(x):
    # The threshold turns off torch's switch to the identity above 20.
    return F.softplus(x, threshold=500)


def pad(x, *, before, after):
    amounts = []
    for low, high in reversed(list(zip(before, after))):
        amounts += [low, high]
    return F.pad(x, amounts)


def slice_(x, *, start, size):
    for axis, (first, count) in enumerate(zip(start, size)):
        x = x.narrow(axis, first, count)
    return x


def matmul(a, b, *, transposeA, transposeB):
    return (a.T if transposeA else a) @ (b.T if transposeB else b)


def scatter_add_rows(x, indices, *, rows):
    zeros = torch.zeros(rows, x.shape[1], dtype=x.dtype)
    return zeros.index_add(0, torch.tensor(indices), x)


def softmax_cross_entropy(logits, indices):
    rows = torch.arange(logits.shape[0])
    return -F.log_softmax(logits, dim=-1)[rows, torch.tensor(indices)]


OPERATIONS = {
    # unary
    "negate": lambda x: -x,
    "exp": torch.exp,
    "log": torch.log,
    "squareRoot": torch.sqrt,
    "square": torch.square,
    "reciprocal": torch.reciprocal,
    "absolute": torch.abs,
    "relu": torch.relu,
    "leakyRelu": lambda x, *, slope: F.leaky_relu(x, slope),
    "elu": lambda x, *, alpha: F.elu(x, alpha),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": softplus,
    "erf": torch.erf,
    "erfc": torch.erfc,
    "gelu": lambda x, *, approximated:
        F.gelu(x, approximate="tanh" if approximated else "none"),
    "power": lambda x, *, exponent: x ** exponent,
    "hardSigmoid": lambda x, *, alpha, beta: (alpha * x + beta).clamp(0, 1),
    "hardSwish": F.hardswish,
    "prelu": lambda x, slope: torch.where(x > 0, x, slope * x),
    # binary
    "add": torch.add,
    "subtract": torch.subtract,
    "multiply": torch.multiply,
    "divide": torch.divide,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
    # reductions
    "sum": lambda x, *, axes, keepDimensions:
        x.sum(axes, keepdim=keepDimensions),
    "mean": lambda x, *, axes, keepDimensions:
        x.mean(axes, keepdim=keepDimensions),
    "maximumAlong": lambda x, *, axes: x.amax(axes),
    "minimumAlong": lambda x, *, axes: x.amin(axes),
    "logSoftmax": lambda x: F.log_softmax(x, dim=-1),
    "softmax": lambda x: F.softmax(x, dim=-1),
    # shape
    "reshape": lambda x, *, shape: x.reshape(shape),
    "transpose": lambda x, *, permutation: x.permute(permutation),
    "broadcast": lambda x, *, shape: x.broadcast_to(shape),
    "pad": pad,
    "slice": slice_,
    "concatenate": lambda *xs, axis: torch.cat(xs, dim=axis),
    "gatherRows": lambda x, indices: x[torch.tensor(indices)],
    "scatterAddRows": scatter_add_rows,
    # layers
    "matmul": matmul,
    "dense": lambda x, w, b: x @ w + b,
    "conv2d": conv2d,
    "conv2dTransposed": conv2d_transposed,
    "upsampleNearest": upsample_nearest,
    "batchNorm": batch_norm,
    "maxPool": max_pool,
    "maxPoolWindows": max_pool_windows,
    "averagePool": average_pool,
    # losses
    "softmaxCrossEntropy": softmax_cross_entropy,
    "binaryCrossEntropyWithLogits": lambda logits, targets:
        (softplus(logits) - logits * targets).mean(),
    "meanSquaredError": lambda a, b: ((a - b) ** 2).mean(),
    "meanAbsoluteError": lambda a, b: (a - b).abs().mean(),
}


class Case:
    """One operation with its inputs, its cotangent and its directions."""

    def __init__(self, name, op, inputs, draw, indices=None, **attributes):
        self.name = name
        self.op = op
        self.inputs = inputs
        self.indices = indices
        self.attributes = attributes
        with torch.no_grad():
            shape = self.function(*inputs).shape
        self.cotangent = draw.normal(shape)
        self.directions = [draw.normal(x.shape) for x in inputs]

    def function(self, *inputs):
        if self.indices is not None:
            inputs = (*inputs, self.indices)
        return OPERATIONS[self.op](*inputs, **self.attributes)

    def derivatives(self, inputs):
        """Output, gradients, S and second gradients at `inputs`."""
        leaves = [x.detach().clone().requires_grad_() for x in inputs]
        output = self.function(*leaves)
        loss = (output * self.cotangent).sum()
        first = torch.autograd.grad(loss, leaves, create_graph=True)
        total = sum((g * d).sum() for g, d in zip(first, self.directions))
        if total.requires_grad:
            second = torch.autograd.grad(
                total, leaves, allow_unused=True, materialize_grads=True)
        else:
            second = [torch.zeros_like(x) for x in leaves]
        return output, first, total, second

    def json(self):
        output, first, _, second = self.derivatives(self.inputs)
        result = {
            "name": self.name,
            "op": self.op,
            "attributes": self.attributes,
            "inputs": encoded_all(self.inputs),
        }
        if self.indices is not None:
            result["indices"] = self.indices
        result.update({
            "cotangent": encoded(self.cotangent),
            "directions": encoded_all(self.directions),
            "output": encoded(output),
            "gradients": encoded_all(first),
            "secondGradients": encoded_all(second),
        })
        return result


def unary_cases():
    def case(op, kind, shape=(3, 4), **attributes):
        draw = Draw(op)
        return Case(op, op, [getattr(draw, kind)(shape)], draw, **attributes)

    yield case("negate", "normal")
    yield case("exp", "normal")
    yield case("log", "positive")
    yield case("squareRoot", "positive")
    yield case("square", "normal")
    yield case("reciprocal", "nonzero")
    yield case("absolute", "nonzero")
    yield case("relu", "nonzero", (2, 3, 4))
    yield case("leakyRelu", "nonzero", (2, 3, 4), slope=0.2)
    yield case("elu", "nonzero", (2, 3, 4), alpha=1.0)
    yield case("tanh", "normal")
    yield case("sigmoid", "normal")
    yield case("softplus", "normal")

    # Where a careless formula overflows or loses all digits.
    large = torch.tensor([-30, -15, -5, -1, 1, 5, 15, 30], dtype=DTYPE)
    for op in ("sigmoid", "tanh", "softplus"):
        draw = Draw(f"{op} large")
        yield Case(f"{op} large", op, [large], draw)
    draw = Draw("softplus beyond exp")
    extreme = torch.tensor([-100, -60, 60, 100], dtype=DTYPE)
    yield Case("softplus beyond exp", "softplus", [extreme], draw)


    for shape in ((3, 4), (2, 3, 4)):
        for op in ("erf", "erfc"):
            name = f"{op} {list(shape)}"
            draw = Draw(name)
            yield Case(name, op, [draw.normal(shape)], draw)
    wide = torch.tensor(
        [-12, -6, -3, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 3, 6, 12], dtype=DTYPE)
    for op in ("erf", "erfc"):
        name = f"{op} wide"
        yield Case(name, op, [wide], Draw(name))
    for approximated in (False, True):
        name = "gelu" + (" approximated" if approximated else "")
        draw = Draw(name)
        yield Case(name, "gelu", [draw.normal((2, 3, 4))], draw,
                   approximated=approximated)
        yield Case(f"{name} wide", "gelu", [wide], Draw(f"{name} wide"),
                   approximated=approximated)
        # Beside larger values the digits of these would not count.
        name = f"{name} far below 0"
        low = torch.tensor([-3.5, -4, -5], dtype=DTYPE)
        yield Case(name, "gelu", [low], Draw(name),
                   approximated=approximated)
    for exponent, kind in ((0, "normal"), (1, "normal"), (2, "normal"),
                           (3, "nonzero"), (-1, "nonzero"), (-2, "nonzero"),
                           (0.5, "positive"), (2.5, "positive"),
                           (-1.5, "positive")):
        name = f"power {exponent:g}"
        draw = Draw(name)
        yield Case(name, "power", [getattr(draw, kind)((3, 4))], draw,
                   exponent=exponent)
    for alpha, beta in ((0.2, 0.5), (1 / 6, 0.5), (0.5, 0.25)):
        name = f"hardSigmoid {alpha:.3g} {beta:g}"
        draw = Draw(name)
        x = draw_clear(draw, (3, 8), 4.0, [-beta / alpha, (1 - beta) / alpha])
        yield Case(name, "hardSigmoid", [x], draw, alpha=alpha, beta=beta)
    draw = Draw("hardSwish")
    x = draw_clear(draw, (3, 8), 4.0, [-3, 3])
    yield Case("hardSwish", "hardSwish", [x], draw)
    for left, right in (((2, 3, 4), ()), ((2, 3, 4), (4,)),
                        ((2, 3, 3, 2), (3, 1, 2)), ((2, 3), (2, 3))):
        name = f"prelu {list(left)} {list(right)}"
        draw = Draw(name)
        yield Case(name, "prelu", [draw.nonzero(left), draw.normal(right)],
                   draw)


def binary_cases():
    pairs = [
        ((2, 3), (2, 3)),
        ((3, 1), (1, 4)),
        ((2, 3, 4), (4,)),
        ((), (2, 3)),
        ((2, 1, 3), (4, 1)),
        ((2, 2, 2, 3), (2, 1, 1, 3)),
    ]
    operations = ("add", "subtract", "multiply", "divide", "maximum",
                  "minimum")
    for op in operations:
        for left, right in pairs:
            name = f"{op} {list(left)} {list(right)}"
            draw = Draw(name)
            if op == "divide":
                inputs = [draw.normal(left), draw.nonzero(right)]
            elif op in ("maximum", "minimum"):
                inputs = draw_apart(draw, left, right)
            else:
                inputs = [draw.normal(left), draw.normal(right)]
            yield Case(name, op, inputs, draw)


def reduction_cases():
    for op in ("sum", "mean"):
        for shape, axes in (
            ((3, 4), [0]),
            ((3, 4), [1]),
            ((2, 3, 4), [0, 2]),
            ((2, 3, 4), [1]),
            ((2, 3, 4), [0, 1, 2]),
            ((2, 3, 3, 2), [1, 2]),
            ((2, 3, 3, 2), [0, 1, 2]),
        ):
            for keep in (False, True):
                name = f"{op} {list(shape)} along {axes}"
                name += ", kept" if keep else ""
                draw = Draw(name)
                yield Case(name, op, [draw.normal(shape)], draw,
                           axes=axes, keepDimensions=keep)

    for shape in ((2, 4, 4, 3), (3, 2, 5, 2)):
        name = f"maximumAlong {list(shape)}"
        draw = Draw(name)
        axes = [1, 2]
        yield Case(name, "maximumAlong", [draw_distinct(draw, shape, axes)],
                   draw, axes=axes)
    for shape in ((2, 4, 4, 3), (3, 2, 5, 2)):
        name = f"minimumAlong {list(shape)}"
        draw = Draw(name)
        axes = [1, 2]
        yield Case(name, "minimumAlong", [-draw_distinct(draw, shape, axes)],
                   draw, axes=axes)

    for op in ("logSoftmax", "softmax"):
        for shape, scale in (((4, 5), 1.0), ((2, 3, 4), 1.0), ((3, 6), 10.0)):
            name = f"{op} {list(shape)}, scale {scale:g}"
            draw = Draw(name)
            yield Case(name, op, [draw.normal(shape, scale)], draw)


def shape_cases():
    def case(name, op, shapes, **attributes):
        draw = Draw(name)
        inputs = [draw.normal(shape) for shape in shapes]
        return Case(name, op, inputs, draw, **attributes)

    yield case("reshape to 2", "reshape", [(2, 3, 4)], shape=[6, 4])
    yield case("reshape flatten", "reshape", [(2, 2, 3, 2)], shape=[2, 12])
    yield case("reshape to scalar", "reshape", [(1, 1)], shape=[])
    yield case("transpose 2", "transpose", [(3, 4)], permutation=[1, 0])
    yield case("transpose 3", "transpose", [(2, 3, 4)], permutation=[1, 2, 0])
    yield case("transpose NHWC to NCHW", "transpose", [(2, 3, 4, 2)],
               permutation=[0, 3, 1, 2])
    yield case("broadcast row", "broadcast", [(4,)], shape=[3, 4])
    yield case("broadcast column", "broadcast", [(3, 1)], shape=[3, 4])
    yield case("broadcast scalar", "broadcast", [()], shape=[2, 3])
    yield case("broadcast inner", "broadcast", [(2, 1, 3)],
               shape=[4, 2, 3, 3])
    yield case("pad 2", "pad", [(2, 3)], before=[1, 0], after=[0, 2])
    yield case("pad image", "pad", [(2, 3, 3, 2)],
               before=[0, 1, 2, 0], after=[0, 2, 1, 0])
    yield case("slice 2", "slice", [(4, 5)], start=[1, 2], size=[2, 3])
    yield case("slice image", "slice", [(2, 4, 5, 2)],
               start=[0, 1, 0, 1], size=[2, 2, 4, 1])
    yield case("concatenate axis 0", "concatenate", [(2, 3), (1, 3)], axis=0)
    yield case("concatenate axis 1", "concatenate",
               [(2, 3), (2, 1), (2, 2)], axis=1)
    yield case("concatenate channels", "concatenate",
               [(2, 2, 2, 3), (2, 2, 2, 1)], axis=3)
    yield case("gatherRows", "gatherRows", [(5, 3)],
               indices=[4, 0, 2, 4, 4, 1])
    yield case("gatherRows one column", "gatherRows", [(3, 1)],
               indices=[2, 2])
    yield case("scatterAddRows", "scatterAddRows", [(6, 3)],
               indices=[4, 0, 2, 4, 4, 1], rows=5)
    yield case("scatterAddRows, rows without entries", "scatterAddRows",
               [(2, 2)], indices=[3, 3], rows=6)


def layer_cases():
    def case(name, op, shapes, **attributes):
        draw = Draw(name)
        inputs = [draw.normal(shape) for shape in shapes]
        return Case(name, op, inputs, draw, **attributes)

    m, k, n = 3, 5, 4
    for first in (False, True):
        for second in (False, True):
            name = "matmul " + "NT"[first] + "NT"[second]
            yield case(name, "matmul",
                       [(k, m) if first else (m, k),
                        (n, k) if second else (k, n)],
                       transposeA=first, transposeB=second)
    yield case("dense", "dense", [(4, 6), (6, 3), (3,)])
    yield case("dense to one", "dense", [(3, 5), (5, 1), (1,)])

    # (name, x, w, strides, padding)
    for name, x, w, strides, padding in (
        ("5x5 s2 same, even", (2, 8, 8, 2), (5, 5, 2, 3), [2, 2],
         [1, 2, 1, 2]),
        ("5x5 s2 same, odd", (2, 7, 7, 2), (5, 5, 2, 3), [2, 2],
         [2, 2, 2, 2]),
        ("5x5 s2 same, 14x14", (2, 14, 14, 3), (5, 5, 3, 4), [2, 2],
         [1, 2, 1, 2]),
        ("5x5 s1 same", (2, 6, 6, 2), (5, 5, 2, 2), [1, 1], [2, 2, 2, 2]),
        ("3x3 s1 same", (2, 5, 6, 3), (3, 3, 3, 2), [1, 1], [1, 1, 1, 1]),
        ("3x3 s1 same, 14x14", (2, 14, 14, 2), (3, 3, 2, 3), [1, 1],
         [1, 1, 1, 1]),
        ("3x3 s1 valid", (3, 5, 4, 1), (3, 3, 1, 2), [1, 1], [0, 0, 0, 0]),
        ("3x3 s2 uneven, odd", (2, 7, 7, 2), (3, 3, 2, 3), [2, 2],
         [0, 1, 0, 1]),
        ("3x3 s2 uneven, even", (2, 8, 8, 2), (3, 3, 2, 3), [2, 2],
         [0, 1, 0, 1]),
        ("4x4 s2", (2, 8, 8, 2), (4, 4, 2, 3), [2, 2], [1, 1, 1, 1]),
        ("1x1", (2, 4, 5, 4), (1, 1, 4, 3), [1, 1], [0, 0, 0, 0]),
        ("1x1 s2", (2, 5, 4, 3), (1, 1, 3, 2), [2, 2], [0, 0, 0, 0]),
        ("7x7 s1 same", (2, 7, 6, 2), (7, 7, 2, 2), [1, 1], [3, 3, 3, 3]),
        ("3x2 s1,2", (2, 5, 6, 2), (3, 2, 2, 3), [1, 2], [1, 1, 0, 1]),
    ):
        yield case(f"conv2d {name}", "conv2d", [x, w],
                   strides=strides, padding=padding)

    # (name, x, w, strides, padding, output size)
    for name, x, w, strides, padding, size in (
        ("4x4 s2, 7x7 to 14x14", (2, 7, 7, 3), (4, 4, 2, 3), [2, 2],
         [1, 1, 1, 1], [14, 14]),
        ("5x5 s2, 7x7 to 14x14", (2, 7, 7, 3), (5, 5, 2, 3), [2, 2],
         [1, 2, 1, 2], [14, 14]),
        ("5x5 s1", (2, 5, 6, 2), (5, 5, 3, 2), [1, 1], [2, 2, 2, 2],
         [5, 6]),
        ("3x3 s2, odd", (2, 4, 4, 3), (3, 3, 2, 3), [2, 2], [1, 1, 1, 1],
         [7, 7]),
        ("3x3 s2, even, a row to spare", (2, 4, 4, 3), (3, 3, 2, 3), [2, 2],
         [1, 1, 1, 1], [8, 8]),
        ("3x3 s2, uneven", (2, 4, 4, 2), (3, 3, 1, 2), [2, 2], [0, 1, 0, 1],
         [8, 8]),
        ("3x2 s1,2", (2, 5, 3, 3), (3, 2, 2, 3), [1, 2], [1, 1, 0, 1],
         [5, 6]),
    ):
        yield case(f"conv2dTransposed {name}", "conv2dTransposed", [x, w],
                   strides=strides, padding=padding, outputSize=size)

    yield case("upsampleNearest", "upsampleNearest", [(2, 3, 4, 2)], factor=2)
    for size, factor in (((2, 4, 6, 3), 2), ((1, 7, 5, 2), 3), ((2, 3, 3, 1), 1)):
        yield case(f"maxPool {list(size)} by {factor}", "maxPool", [size], factor=factor)
    yield from grouped_cases(case)
    yield from pooling_cases()
    for shape in ((5, 3), (3, 4, 4, 2)):
        name = f"batchNorm {list(shape)}"
        draw = Draw(name)
        channels = shape[-1:]
        inputs = [
            rounded(draw.normal(shape, 1.5) + draw.normal(channels)),
            draw.uniform(channels, 0.5, 1.5),
            draw.normal(channels),
        ]
        yield Case(name, "batchNorm", inputs, draw, epsilon=1e-5)


def grouped_cases(case):
    # (name, x, w, strides, padding, dilations, groups)
    for name, x, w, strides, padding, dilations, groups in (
        ("3x3 s1 depthwise", (2, 5, 6, 3), (3, 3, 1, 3), [1, 1],
         [1, 1, 1, 1], [1, 1], 3),
        ("3x3 s2 depthwise", (2, 7, 6, 4), (3, 3, 1, 4), [2, 2],
         [1, 1, 1, 1], [1, 1], 4),
        ("3x3 s1 depthwise, two each", (2, 5, 4, 3), (3, 3, 1, 6), [1, 1],
         [1, 1, 1, 1], [1, 1], 3),
        ("3x3 s2 depthwise, two each", (2, 6, 7, 2), (3, 3, 1, 4), [2, 2],
         [0, 1, 0, 1], [1, 1], 2),
        ("3x3 s1 depthwise, sixteen", (2, 4, 5, 16), (3, 3, 1, 16), [1, 1],
         [1, 1, 1, 1], [1, 1], 16),
        ("5x3 s2,1 depthwise, uneven", (2, 7, 5, 3), (5, 3, 1, 3), [2, 1],
         [2, 1, 0, 2], [1, 1], 3),
        ("3x3 d2 depthwise", (2, 7, 6, 3), (3, 3, 1, 3), [1, 1],
         [2, 2, 2, 2], [2, 2], 3),
        ("3x3 s2 d2 depthwise, two each", (2, 8, 7, 2), (3, 3, 1, 4), [2, 2],
         [2, 1, 1, 2], [2, 2], 2),
        ("3x3 two groups", (2, 5, 4, 6), (3, 3, 3, 4), [1, 1], [1, 1, 1, 1],
         [1, 1], 2),
        ("3x3 s2 two groups, uneven", (2, 6, 5, 4), (3, 3, 2, 6), [2, 2],
         [0, 1, 0, 1], [1, 1], 2),
        ("1x1 three groups", (2, 3, 4, 6), (1, 1, 2, 3), [1, 1],
         [0, 0, 0, 0], [1, 1], 3),
        ("3x3 d2 two groups", (2, 6, 5, 4), (3, 3, 2, 4), [1, 1],
         [2, 2, 2, 2], [2, 2], 2),
        ("3x3 d2", (2, 7, 6, 2), (3, 3, 2, 3), [1, 1], [2, 2, 2, 2], [2, 2],
         1),
        ("3x3 s2 d2, uneven", (2, 8, 7, 2), (3, 3, 2, 3), [2, 2],
         [1, 2, 0, 1], [2, 2], 1),
        ("2x3 d3,2", (1, 6, 7, 2), (2, 3, 2, 2), [1, 1], [0, 1, 2, 0],
         [3, 2], 1),
        ("3x2 s1,2 d1,3, beyond the edge", (1, 4, 3, 2), (3, 2, 2, 2),
         [1, 2], [1, 1, 2, 3], [1, 3], 1),
    ):
        yield case(f"conv2d {name}", "conv2d", [x, w], strides=strides,
                   padding=padding, dilations=dilations, groups=groups)

    # (name, x, w, strides, padding, dilations, groups, output size)
    for name, x, w, strides, padding, dilations, groups, size in (
        ("3x3 s2 depthwise", (2, 3, 4, 3), (3, 3, 1, 3), [2, 2],
         [1, 1, 1, 1], [1, 1], 3, [6, 7]),
        ("3x3 s2 two groups", (2, 3, 3, 6), (3, 3, 2, 6), [2, 2],
         [1, 1, 1, 1], [1, 1], 2, [6, 5]),
        ("3x3 d2", (2, 4, 3, 3), (3, 3, 2, 3), [1, 1], [1, 1, 1, 1], [2, 2],
         1, [6, 5]),
    ):
        yield case(f"conv2dTransposed {name}", "conv2dTransposed", [x, w],
                   strides=strides, padding=padding, dilations=dilations,
                   groups=groups, outputSize=size)


def pooling_cases():
    # (name, x, window, strides, padding, dilations, rounds up)
    geometries = (
        ("3x3 s2", (2, 7, 8, 3), [3, 3], [2, 2], [1, 1, 1, 1], [1, 1], False),
        ("3x3 s1", (2, 5, 4, 2), [3, 3], [1, 1], [1, 1, 1, 1], [1, 1], False),
        ("2x3 s1,2 uneven", (2, 5, 6, 2), [2, 3], [1, 2], [1, 0, 0, 2],
         [1, 1], False),
        ("3x3 d2", (2, 7, 6, 2), [3, 3], [1, 1], [1, 1, 1, 1], [2, 2], False),
        ("2x2 s2 d1,3", (1, 5, 8, 3), [2, 2], [2, 2], [0, 0, 1, 1], [1, 3],
         False),
        ("3x3 s2 up", (2, 6, 8, 2), [3, 3], [2, 2], [0, 0, 0, 0], [1, 1],
         True),
        ("3x3 s2 up, padded", (2, 7, 6, 2), [3, 3], [2, 2], [1, 1, 1, 1],
         [1, 1], True),
        ("2x2 s3 up, nothing to start in", (1, 5, 6, 2), [2, 2], [3, 3],
         [1, 1, 1, 1], [1, 1], True),
        ("2x2 s3, gaps", (1, 8, 7, 2), [2, 2], [3, 3], [0, 0, 0, 0], [1, 1],
         False),
    )
    for name, x, window, strides, padding, dilations, up in geometries:
        geometry = {
            "window": window, "strides": strides, "padding": padding,
            "dilations": dilations, "roundsUp": up,
        }
        case = f"maxPool {name}"
        draw = Draw(case)
        yield Case(case, "maxPoolWindows", [draw_spread(draw, x)], draw,
                   **geometry)
        for counts in (False, True):
            case = f"averagePool {name}" + (", padding" if counts else "")
            draw = Draw(case)
            yield Case(case, "averagePool", [draw.normal(x)], draw,
                       **geometry, countsPadding=counts)


def loss_cases():
    for name, shape, scale, labels in (
        ("softmaxCrossEntropy", (5, 4), 1.0, [0, 3, 2, 2, 1]),
        ("softmaxCrossEntropy confident", (4, 3), 12.0, [1, 0, 2, 0]),
    ):
        draw = Draw(name)
        yield Case(name, "softmaxCrossEntropy", [draw.normal(shape, scale)],
                   draw, indices=labels)

    op = "binaryCrossEntropyWithLogits"
    draw = Draw(op)
    yield Case(op, op, [draw.normal((4, 3)), draw.uniform((4, 3))], draw)
    name = f"{op} large"
    draw = Draw(name)
    logits = torch.tensor([[-30], [30], [-30], [30], [0.5]], dtype=DTYPE)
    targets = torch.tensor([[0], [1], [1], [0], [1]], dtype=DTYPE)
    yield Case(name, op, [logits, targets], draw)

    for op in ("meanSquaredError", "meanAbsoluteError"):
        for shape in ((4, 3), (2, 3, 3, 2)):
            name = f"{op} {list(shape)}"
            draw = Draw(name)
            yield Case(name, op, draw_apart(draw, shape, shape), draw)


def operation_cases():
    cases = [
        *unary_cases(), *binary_cases(), *reduction_cases(), *shape_cases(),
        *layer_cases(), *loss_cases(),
    ]
    assert len({case.name for case in cases}) == len(cases)
    assert {case.op for case in cases} == set(OPERATIONS)
    return cases


# Optimizers

OPTIMIZER_STEPS = 6


def optimizer_case(name, optimizer, hyper):
    """Six steps of a torch optimizer on five numbers, with given gradients.

    `hyper` is spelled as the project spells it, and says everything the
    optimizer depends on.
    """
    learning_rate = hyper["learningRate"]
    decay = hyper["weightDecay"]
    draw = Draw(name)
    parameter = draw.normal((5,)).requires_grad_()
    if optimizer == "SGD":
        stepper = torch.optim.SGD(
            [parameter], lr=learning_rate, momentum=hyper["momentum"],
            nesterov=hyper["nesterov"], weight_decay=decay)
    elif optimizer == "RMSprop":
        stepper = torch.optim.RMSprop(
            [parameter], lr=learning_rate, alpha=hyper["alpha"],
            eps=hyper["epsilon"], weight_decay=decay)
    else:
        kind = {"Adam": torch.optim.Adam, "AdamW": torch.optim.AdamW}
        stepper = kind[optimizer](
            [parameter], lr=learning_rate,
            betas=(hyper["beta1"], hyper["beta2"]), eps=hyper["epsilon"],
            weight_decay=decay)

    initial = numbers(parameter)
    gradients, parameters = [], []
    for _ in range(OPTIMIZER_STEPS):
        parameter.grad = draw.normal((5,))
        stepper.step()
        gradients.append(numbers(parameter.grad))
        parameters.append(numbers(parameter))
    return {
        "name": name, "optimizer": optimizer, "hyper": hyper,
        "initial": initial, "gradients": gradients, "parameters": parameters,
    }


def optimizer_cases():
    def sgd(name, momentum=0.0, nesterov=False, decay=0.0):
        return optimizer_case(name, "SGD", {
            "learningRate": 0.1, "momentum": momentum, "nesterov": nesterov,
            "weightDecay": decay})

    def adam(name, optimizer="Adam", rate=1e-3, beta1=0.9, epsilon=1e-8,
             decay=0.0):
        return optimizer_case(name, optimizer, {
            "learningRate": rate, "beta1": beta1, "beta2": 0.999,
            "epsilon": epsilon, "weightDecay": decay})

    return [
        sgd("SGD"),
        sgd("SGD momentum", momentum=0.9),
        sgd("SGD Nesterov", momentum=0.9, nesterov=True),
        sgd("SGD weight decay", decay=0.01),
        sgd("SGD momentum, weight decay", momentum=0.9, decay=0.01),
        adam("Adam"),
        adam("Adam beta1 0.5", rate=2e-4, beta1=0.5),
        adam("Adam epsilon 1e-7", epsilon=1e-7),
        adam("Adam rate 0.1", rate=0.1),
        adam("AdamW", optimizer="AdamW", rate=0.01, decay=0.01),
        optimizer_case("RMSprop", "RMSprop", {
            "learningRate": 0.01, "alpha": 0.99, "epsilon": 1e-8,
            "weightDecay": 0.0}),
    ]


def clipping_cases():
    """torch's clip_grad_norm_: scales by min(1, maximum / (norm + 1e-6))."""
    cases = []
    for name, maximum in (("clipped", 1.0), ("clipped a little", 3.5),
                          ("left alone", 100.0)):
        draw = Draw(f"clipping {name}")
        gradients = [draw.normal(shape) for shape in ((2, 3), (4,), ())]
        parameters = [torch.zeros_like(g).requires_grad_() for g in gradients]
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = gradient.clone()
        norm = torch.nn.utils.clip_grad_norm_(parameters, maximum)
        cases.append({
            "name": name, "maximumNorm": maximum,
            "gradients": encoded_all(gradients), "norm": norm.item(),
            "clipped": encoded_all([p.grad for p in parameters]),
        })
    return cases


# Training

CLASSIFIER = {
    "slope": 0.3,
    "normEpsilon": 1e-3,
    "normMomentum": 0.9,
    "strides": [2, 2],
    "padding": [1, 2, 1, 2],
    # The gradient of conv2.bias is zero but for rounding, since the batch
    # normalization takes the mean away.  With a tiny epsilon, Adam would turn
    # a Float32's rounding errors into steps, which show in the running mean.
    "optimizer": {"name": "Adam", "learningRate": 0.01, "beta1": 0.9,
                  "beta2": 0.999, "epsilon": 1e-3},
}
CLASSIFIER_STEPS = 10


def classifier_start():
    """Initial parameters, images and labels of the small classifier."""
    draw = Draw("classifier")

    def weight(*shape):
        fan_in, fan_out = math.prod(shape[:-1]), shape[-1]
        if len(shape) == 4:
            fan_out *= shape[0] * shape[1]
        limit = math.sqrt(6 / (fan_in + fan_out))
        return draw.uniform(shape, -limit, limit)

    parameters = {
        "conv1.weight": weight(5, 5, 1, 4),
        "conv1.bias": draw.normal((4,), 0.1),
        "conv2.weight": weight(5, 5, 4, 6),
        "conv2.bias": draw.normal((6,), 0.1),
        "norm.scale": draw.uniform((6,), 0.8, 1.2),
        "norm.offset": draw.normal((6,), 0.1),
        "dense.weight": weight(24, 3),
        "dense.bias": draw.normal((3,), 0.1),
    }
    images = draw.uniform((8, 8, 8, 1))
    labels = [0, 1, 2, 0, 1, 2, 2, 1]
    return parameters, images, labels


def classifier_logits(parameters, images, running=None):
    """The logits, and the batch mean and variance of the normalization.

    With `running`, a (mean, variance), the normalization uses that instead of
    the statistics of the batch: inference.
    """
    options = CLASSIFIER
    geometry = {name: options[name] for name in ("strides", "padding")}
    x = conv2d(images, parameters["conv1.weight"], **geometry)
    x = F.leaky_relu(x + parameters["conv1.bias"], options["slope"])
    x = conv2d(x, parameters["conv2.weight"], **geometry)
    x = x + parameters["conv2.bias"]
    if running is None:
        mean = x.mean((0, 1, 2))
        variance = ((x - mean) ** 2).mean((0, 1, 2))
    else:
        mean, variance = running
    x = (x - mean) / torch.sqrt(variance + options["normEpsilon"])
    x = x * parameters["norm.scale"] + parameters["norm.offset"]
    x = F.leaky_relu(x, options["slope"])
    x = x.reshape(x.shape[0], -1)
    logits = x @ parameters["dense.weight"] + parameters["dense.bias"]
    return logits, mean.detach(), variance.detach()


def train_classifier(dtype=DTYPE):
    """Ten steps of Adam on one batch, with Keras's running statistics."""
    start, images, labels = classifier_start()
    start = {name: value.to(dtype) for name, value in start.items()}
    images = images.to(dtype)
    parameters = {
        name: value.clone().requires_grad_() for name, value in start.items()}
    options = CLASSIFIER["optimizer"]
    optimizer = torch.optim.Adam(
        parameters.values(), lr=options["learningRate"],
        betas=(options["beta1"], options["beta2"]), eps=options["epsilon"])
    momentum = CLASSIFIER["normMomentum"]
    running_mean = torch.zeros(6, dtype=dtype)
    running_variance = torch.ones(6, dtype=dtype)

    losses, first_gradients = [], None
    for _ in range(CLASSIFIER_STEPS):
        logits, mean, variance = classifier_logits(parameters, images)
        loss = softmax_cross_entropy(logits, labels).mean()
        optimizer.zero_grad()
        loss.backward()
        if first_gradients is None:
            first_gradients = {
                name: value.grad.clone()
                for name, value in parameters.items()}
        optimizer.step()
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_variance = (
            momentum * running_variance + (1 - momentum) * variance)
        losses.append(loss.item())

    with torch.no_grad():
        logits, _, _ = classifier_logits(
            parameters, images, (running_mean, running_variance))
    return {
        **CLASSIFIER,
        "parameters": start,
        "images": images,
        "labels": labels,
        "losses": losses,
        "firstGradients": first_gradients,
        "finalParameters": parameters,
        "runningMean": running_mean,
        "runningVariance": running_variance,
        "inferenceLogits": logits,
    }


def encoded_members(record):
    """Encodes the tensors, and dictionaries of tensors, in a record."""
    result = {}
    for key, value in record.items():
        if isinstance(value, torch.Tensor):
            value = encoded(value)
        elif isinstance(value, dict) and all(
                isinstance(item, torch.Tensor) for item in value.values()):
            value = encoded_all(value)
        result[key] = value
    return result


ACTIVATIONS = {
    "elu": lambda x: F.elu(x, 1.0),
    "leakyRelu": lambda x: F.leaky_relu(x, 0.2),
}
PENALTY_WEIGHT = 10.0


def critic_terms(activation, parameters, real, fake, alphas):
    """All terms of the critic's loss in a WGAN with a gradient penalty.

    loss = mean f(fake) - mean f(real) + penalty
    penalty = 10 mean((|df/dx| - 1)^2) at x = real + alpha (fake - real)
    """
    def critic(x):
        hidden = x @ parameters["dense1.weight"] + parameters["dense1.bias"]
        hidden = ACTIVATIONS[activation](hidden)
        return hidden @ parameters["dense2.weight"] + parameters["dense2.bias"]

    between = (real + alphas * (fake - real)).detach().requires_grad_()
    slopes, = torch.autograd.grad(
        critic(between).sum(), between, create_graph=True)
    norms = slopes.square().sum(1).sqrt()
    penalty = PENALTY_WEIGHT * (norms - 1).square().mean()
    wasserstein = critic(fake).mean() - critic(real).mean()
    return between, slopes, norms, penalty, wasserstein


def critic_start(activation):
    """Parameters and batches such that no two gradient norms are alike.

    They are alike where the same hidden units are positive, and then a mix-up
    of samples, or of their alphas, would go unnoticed.
    """
    draw = Draw(f"wganGP {activation}")
    while True:
        parameters = {
            "dense1.weight": draw.normal((6, 5), 0.5),
            "dense1.bias": draw.normal((5,), 0.3),
            "dense2.weight": draw.normal((5, 1), 0.7),
            "dense2.bias": draw.normal((1,), 0.3),
        }
        real = draw.normal((4, 6))
        fake = draw.normal((4, 6), 1.5)
        alphas = draw.uniform((4, 1))
        _, _, norms, _, _ = critic_terms(
            activation, parameters, real, fake, alphas)
        if norms.sort().values.diff().min() > 0.05:
            return parameters, real, fake, alphas


def critic_case(activation):
    start, real, fake, alphas = critic_start(activation)
    parameters = {
        name: value.clone().requires_grad_() for name, value in start.items()}
    between, slopes, norms, penalty, wasserstein = critic_terms(
        activation, parameters, real, fake, alphas)
    loss = wasserstein + penalty

    def gradients(value):
        found = torch.autograd.grad(
            value, list(parameters.values()), retain_graph=True,
            allow_unused=True, materialize_grads=True)
        return dict(zip(parameters, found))

    return {
        "name": activation,
        "activation": activation,
        "attributes": {"elu": {"alpha": 1.0}, "leakyRelu": {"slope": 0.2}}[
            activation],
        "penaltyWeight": PENALTY_WEIGHT,
        "parameters": start,
        "real": real,
        "fake": fake,
        "alphas": alphas,
        "interpolated": between,
        "inputGradients": slopes,
        "gradientNorms": norms,
        "penalty": penalty.item(),
        "wasserstein": wasserstein.item(),
        "loss": loss.item(),
        "penaltyGradients": gradients(penalty),
        "gradients": gradients(loss),
    }


def convolutional_critic(parameters, x, activation, normalized):
    """Convolution 3x3 stride 2, activation, dense: [N, 6, 6, 2] to [N]."""
    y = conv2d(x, parameters["conv.weight"], strides=[2, 2],
               padding=[1, 1, 1, 1]) + parameters["conv.bias"]
    if normalized:
        y = batch_norm(y, parameters["norm.scale"], parameters["norm.offset"],
                       epsilon=1e-5)
    y = ACTIVATIONS[activation](y)
    y = y.reshape(len(x), -1) @ parameters["score.weight"]
    return (y + parameters["score.bias"])[:, 0]


def penalty_case(activation, normalized):
    """10 mean((|df/dx| - 1)^2) at given points, and its weight gradients."""
    name = activation + (" normalized" if normalized else "")
    draw = Draw(f"penalty {name}")
    parameters = {
        "conv.weight": draw.normal((3, 3, 2, 4), 0.4),
        "conv.bias": draw.normal((4,), 0.3),
        "score.weight": draw.normal((36, 1), 0.3),
        "score.bias": draw.normal((1,), 0.3),
    }
    if normalized:
        parameters["norm.scale"] = draw.uniform((4,), 0.5, 1.5)
        parameters["norm.offset"] = draw.normal((4,), 0.3)
    points = draw.normal((5, 6, 6, 2))
    for value in parameters.values():
        value.requires_grad_()
    x = points.clone().requires_grad_()
    score = convolutional_critic(parameters, x, activation, normalized)
    slopes, = torch.autograd.grad(score.sum(), x, create_graph=True)
    norms = slopes.flatten(1).norm(dim=1)
    penalty = PENALTY_WEIGHT * (norms - 1).square().mean()
    found = torch.autograd.grad(
        penalty, list(parameters.values()), allow_unused=True,
        materialize_grads=True)
    return {
        "name": name,
        "activation": activation,
        "isNormalized": normalized,
        "parameters": {k: v.detach() for k, v in parameters.items()},
        "points": points,
        "penalty": penalty.item(),
        "gradients": dict(zip(parameters, found)),
    }


# Checks

def close(a, b, tolerance=1e-12):
    return torch.allclose(a, b, rtol=tolerance, atol=tolerance)


def check_operations(cases):
    """Gradients against finite differences, and a few second opinions."""
    for case in cases:
        leaves = [x.clone().requires_grad_() for x in case.inputs]
        assert torch.autograd.gradcheck(
            case.function, leaves, fast_mode=True), case.name
        assert torch.autograd.gradgradcheck(
            case.function, leaves, fast_mode=True), case.name

        # The stored gradients and second gradients themselves.
        draw = Draw(f"check {case.name}")
        ways = [draw.normal(x.shape) for x in case.inputs]
        step = 1e-5
        ends = [
            case.derivatives([x + sign * step * way
                              for x, way in zip(case.inputs, ways)])
            for sign in (1, -1)]
        _, first, _, second = case.derivatives(case.inputs)
        values = [(end[0] * case.cotangent).sum() for end in ends]
        for (up, down), slopes in ((values, first),
                                   ([end[2] for end in ends], second)):
            estimate = (up - down) / (2 * step)
            exact = sum((s * way).sum() for s, way in zip(slopes, ways))
            scale = 1 + max(abs(up.item()), abs(exact.item()))
            assert abs(estimate - exact) < 1e-6 * scale, case.name
    for case in cases:
        if case.op == "conv2d":
            check_convolution(case)
        elif case.op == "conv2dTransposed":
            check_transposed(case)
    check_losses(cases)
    print(f"checked {len(cases)} operations")


def check_convolution(case):
    """A convolution written out in the project's layouts."""
    x, w = case.inputs
    top, bottom, left, right = case.attributes["padding"]
    stride_h, stride_w = case.attributes["strides"]
    step_h, step_w = case.attributes.get("dilations", [1, 1])
    groups = case.attributes.get("groups", 1)
    reach_h, reach_w = (w.shape[0] - 1) * step_h + 1, (w.shape[1] - 1) * step_w + 1
    x = F.pad(x, (0, 0, left, right, top, bottom))
    expected = torch.zeros_like(case.cotangent)
    for i in range(expected.shape[1]):
        for j in range(expected.shape[2]):
            window = x[:, i * stride_h:i * stride_h + reach_h:step_h,
                       j * stride_w:j * stride_w + reach_w:step_w, :]
            expected[:, i, j, :] = torch.cat([
                torch.einsum("nhwc,hwcd->nd", inputs, weights)
                for inputs, weights in zip(window.chunk(groups, -1),
                                           w.chunk(groups, -1))], -1)
    assert close(case.function(*case.inputs), expected), case.name


def check_transposed(case):
    """A transposed convolution as the gradient of the convolution."""
    x, w = case.inputs
    attributes = dict(case.attributes)
    height, width = attributes.pop("outputSize")
    channels = w.shape[2] * attributes.get("groups", 1)
    image = torch.zeros(x.shape[0], height, width, channels, dtype=DTYPE,
                        requires_grad=True)
    output = conv2d(image, w, **attributes)
    assert output.shape == x.shape, case.name
    expected, = torch.autograd.grad(output, image, x)
    assert close(case.function(x, w), expected), case.name


def check_losses(cases):
    """The losses and the batch normalization against torch's own."""
    for case in cases:
        output = case.function(*case.inputs)
        if case.op == "softmaxCrossEntropy":
            expected = F.cross_entropy(
                case.inputs[0], torch.tensor(case.indices), reduction="none")
        elif case.op == "binaryCrossEntropyWithLogits":
            expected = F.binary_cross_entropy_with_logits(*case.inputs)
        elif case.op == "meanSquaredError":
            expected = F.mse_loss(*case.inputs)
        elif case.op == "meanAbsoluteError":
            expected = F.l1_loss(*case.inputs)
        elif case.op == "batchNorm":
            x, gamma, beta = case.inputs
            expected = F.batch_norm(
                x.movedim(-1, 1), None, None, gamma, beta, training=True,
                eps=case.attributes["epsilon"]).movedim(1, -1)
        else:
            continue
        assert close(output, expected), case.name


def check_critics():
    """The gradients of the critic's loss against finite differences."""
    for activation in ACTIVATIONS:
        start, *rest = critic_start(activation)

        def loss(*values):
            parameters = dict(zip(start, values))
            *_, penalty, wasserstein = critic_terms(
                activation, parameters, *rest)
            return penalty + wasserstein

        leaves = [value.clone().requires_grad_() for value in start.values()]
        assert torch.autograd.gradcheck(loss, leaves), activation
    print(f"checked {len(ACTIVATIONS)} critics")


def check_training():
    """How far the same training in float32 strays: a floor for tolerances."""
    exact, single = train_classifier(), train_classifier(torch.float32)
    assert exact["losses"][-1] < exact["losses"][0]
    pairs = {"losses": (torch.tensor(exact["losses"], dtype=DTYPE),
                        torch.tensor(single["losses"], dtype=DTYPE))}
    for key in ("runningMean", "runningVariance", "inferenceLogits"):
        pairs[key] = (exact[key], single[key])
    for name, value in exact["finalParameters"].items():
        pairs[f"final {name}"] = (value, single["finalParameters"][name])
    for name, (a, b) in pairs.items():
        print(f"training in float32, {name}: off by at most "
              f"{(a - b.to(DTYPE)).abs().max().item():.1e}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--check", action="store_true",
        help="verify the cases by finite differences and by other formulas")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(SEED)

    cases = operation_cases()
    if arguments.check:
        check_operations(cases)
        check_critics()
        check_training()

    write(TESTS / "AutogradTests/Fixtures/operations.json",
          {"cases": [case.json() for case in cases]})
    write(TESTS / "NetworkTests/Fixtures/optimizers.json",
          {"cases": optimizer_cases(), "clipping": clipping_cases()})
    write(TESTS / "NetworkTests/Fixtures/training.json", {
        "classifier": encoded_members(train_classifier()),
        "wganGP": [encoded_members(critic_case(activation))
                   for activation in ACTIVATIONS],
    })
    write(TESTS / "GeneratorsTests/Fixtures/penalties.json", {
        "cases": [encoded_members(penalty_case(activation, normalized))
                  for activation in ACTIVATIONS
                  for normalized in (False, True)],
    })


if __name__ == "__main__":
    main()
