"""A network in ONNX's format as a module of PyTorch, so that attacks of other libraries can differentiate it.

Only the operators of small classifiers, in the form that opsets 13 and later give them: what `eval export-onnx`
writes, and a little more. Weights are in the file itself. Another operator is a ValueError with its name.
"""

from collections.abc import Callable
from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import Tensor, nn

Operator = Callable[..., Tensor]


def sides(x: Tensor, kernel: list[int], a: dict) -> list[int]:
    """The pads [left, right, top, bottom] of a convolution or pool, as PyTorch's `pad` takes them."""
    automatic = a.get("auto_pad", b"NOTSET").decode()
    if automatic in ("NOTSET", "VALID"):
        top, left, bottom, right = a.get("pads", [0, 0, 0, 0])
        return [left, right, top, bottom]
    found = []
    for size, length, step, gap in zip(
        x.shape[2:], kernel, a.get("strides", [1, 1]), a.get("dilations", [1, 1]), strict=True
    ):
        total = max(0, (-(-size // step) - 1) * step + (length - 1) * gap + 1 - size)
        small, large = total // 2, total - total // 2
        found = ([small, large] if automatic == "SAME_UPPER" else [large, small]) + found
    return found


def conv(a: dict, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    x = F.pad(x, sides(x, list(weight.shape[2:]), a))
    return F.conv2d(x, weight, bias, a.get("strides", 1), 0, a.get("dilations", 1), a.get("group", 1))


def max_pool(a: dict, x: Tensor) -> Tensor:
    if a.get("ceil_mode", 0):
        raise ValueError("MaxPool: expected ceil_mode 0, found 1")
    x = F.pad(x, sides(x, a["kernel_shape"], a), value=-torch.inf)
    return F.max_pool2d(x, a["kernel_shape"], a.get("strides", [1, 1]), 0, a.get("dilations", 1))


def average_pool(a: dict, x: Tensor) -> Tensor:
    pads = sides(x, a["kernel_shape"], a)
    if a.get("ceil_mode", 0) or (any(pads) and not a.get("count_include_pad", 0)):
        raise ValueError("AveragePool: expected ceil_mode 0 and padding that counts, found otherwise")
    return F.avg_pool2d(F.pad(x, pads), a["kernel_shape"], a.get("strides", [1, 1]))


def gemm(a: dict, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    x = x.T if a.get("transA", 0) else x
    y = a.get("alpha", 1.0) * (x @ (weight.T if a.get("transB", 0) else weight))
    return y if bias is None else y + a.get("beta", 1.0) * bias


def pad(a: dict, x: Tensor, pads: Tensor, value: Tensor | None = None, axes: Tensor | None = None) -> Tensor:
    if a.get("mode", b"constant") != b"constant":
        raise ValueError(f"Pad: expected the mode constant, found {a['mode'].decode()}")
    named = list(range(x.ndim)) if axes is None else axes.tolist()
    both = [(0, 0)] * x.ndim
    for number, axis in enumerate(named):
        both[axis] = (int(pads[number]), int(pads[number + len(named)]))
    return F.pad(
        x, [side for pair in reversed(both) for side in pair], value=0 if value is None else float(value)
    )


def reshape(a: dict, x: Tensor, shape: Tensor) -> Tensor:
    sizes = shape.tolist()
    if not a.get("allowzero", 0):
        sizes = [x.shape[axis] if size == 0 else size for axis, size in enumerate(sizes)]
    return x.reshape(sizes)


def batch_norm(a: dict, x: Tensor, scale: Tensor, offset: Tensor, mean: Tensor, variance: Tensor) -> Tensor:
    return F.batch_norm(x, mean, variance, scale, offset, eps=a.get("epsilon", 1e-5))


def flatten(a: dict, x: Tensor) -> Tensor:
    axis = a.get("axis", 1) % (x.ndim + 1)
    return x.reshape(x.shape[:axis].numel(), -1)


def reduced(reduce: Callable) -> Operator:
    def run(a: dict, x: Tensor, axes: Tensor | None = None) -> Tensor:
        over = a.get("axes") if axes is None else axes.tolist()
        return reduce(x, tuple(range(x.ndim)) if over is None else tuple(over), bool(a.get("keepdims", 1)))

    return run


OPERATORS: dict[str, Operator] = {
    "Add": lambda a, x, y: x + y,
    "AveragePool": average_pool,
    "BatchNormalization": batch_norm,
    "Clip": lambda a, x, low=None, high=None: (
        x.clamp(low, high) if low is not None or high is not None else x
    ),
    "Conv": conv,
    "Div": lambda a, x, y: x / y,
    "Flatten": flatten,
    "Gemm": gemm,
    "GlobalAveragePool": lambda a, x: x.mean((2, 3), keepdim=True),
    "GlobalMaxPool": lambda a, x: x.amax((2, 3), keepdim=True),
    "Identity": lambda a, x: x,
    "LeakyRelu": lambda a, x: F.leaky_relu(x, a.get("alpha", 0.01)),
    "MatMul": lambda a, x, y: x @ y,
    "MaxPool": max_pool,
    "Mul": lambda a, x, y: x * y,
    "Pad": pad,
    "ReduceMax": reduced(torch.amax),
    "ReduceMean": reduced(torch.mean),
    "Relu": lambda a, x: F.relu(x),
    "Reshape": reshape,
    "Sub": lambda a, x, y: x - y,
    "Transpose": lambda a, x: x.permute(a.get("perm", list(range(x.ndim))[::-1])),
}


class OnnxNetwork(nn.Module):
    """Logits [N, K] of images [N, 1, 28, 28] in [0, 1]; counts the images that went through it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        try:
            graph = onnx.load(path).graph
        except OSError:
            raise
        except Exception as error:  # protobuf's own kind, which has no name in public.
            raise ValueError(f"expected a network in ONNX's format: {error}") from error
        self.weights = {w.name: torch.from_numpy(numpy_helper.to_array(w).copy()) for w in graph.initializer}
        self.steps = []
        for node in graph.node:
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            if node.op_type == "Constant":
                self.weights[node.output[0]] = torch.from_numpy(
                    numpy_helper.to_array(attributes["value"]).copy()
                )
            elif node.domain or node.op_type not in OPERATORS:
                raise ValueError(f"expected the operators {', '.join(OPERATORS)}, found {node.op_type}")
            else:
                self.steps.append((node, attributes))
        self.input = next(value.name for value in graph.input if value.name not in self.weights)
        self.output = graph.output[0].name
        # What the last dense layer reads.
        dense = [node for node, _ in self.steps if node.op_type in ("Gemm", "MatMul")]
        self.features_name = dense[-1].input[0] if dense else None
        self.images_seen = 0

    def values(self, x: Tensor) -> dict[str, Tensor]:
        self.images_seen += len(x)
        found = {**self.weights, self.input: x}
        for node, attributes in self.steps:
            inputs = [found[name] if name else None for name in node.input]
            try:
                found[node.output[0]] = OPERATORS[node.op_type](attributes, *inputs)
            except (RuntimeError, TypeError) as error:
                raise ValueError(f"{node.op_type} {node.name}: {error}") from error
        return found

    def forward(self, x: Tensor) -> Tensor:
        return self.values(x)[self.output]

    def features(self, x: Tensor) -> Tensor:
        if self.features_name is None:
            raise ValueError("expected a dense layer, found none")
        return self.values(x)[self.features_name].flatten(1)
