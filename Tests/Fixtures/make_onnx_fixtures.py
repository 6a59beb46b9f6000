"""ONNX networks for the Swift tests of those who read them, written by PyTorch's exporters and by hand.

Written with Python 3.11, torch 2.15.0, onnx 1.23.2, onnxscript 0.7.2, onnxruntime 1.32.0 and numpy 2.4.6.
The files are checked in and the tests read only those: Python is never needed to build, test or run the
project.  Run this script again only to add a case:

    python Tests/Fixtures/make_onnx_fixtures.py            # writes the files
    python Tests/Fixtures/make_onnx_fixtures.py --check    # verifies more of them, then writes
    python Tests/Fixtures/make_onnx_fixtures.py --only lenet,tf2onnx-13

It writes into Tests/ONNXTests/Fixtures

    good/NAME.onnx    networks that must be read: eleven small ones by both exporters of PyTorch, three in
                      the form of tf2onnx, three by hand; NAME.onnx.data beside them where the exporter keeps
                      weights there
    good/NAME.json    three images, and what the network makes of them
    bad/NAME          files that must be refused
    bad/bad.json      [{"file", "what", "words"}]: what is wrong, and what the refusal must contain; a word
                      with | in it is a choice

The seed is `SEED`.  Each case draws from a generator of its own, seeded with `SEED` plus the CRC-32 of its
name, so that adding or removing a case leaves the others as they are.

A good network's JSON holds

    exporter      "dynamo" and "torchscript" (both of PyTorch), "tf2onnx form", "by hand"
    inputShape    [H, W, C]; `layout` is that of the network's own input, "NCHW" or "NHWC"
    batch         as it is baked into the file, null where it is free
    inputs        3 images [H, W, C] in one flat list, as multiples of 1/255; most are those of 51/255, which
                  are short
    endsIn        "none", "softmax", "logSoftmax"
    logits        [3, labels] of ONNX Runtime in float32, before such an end
    features      [3, D] of ONNX Runtime: the input of the last dense layer; [] where the network has none
    cotangent     [3, labels]
    gradients     of Σ logits · cotangent by the pixels, in the order of `inputs`, by PyTorch in float64: by
                  the exported module, for the others by a twin that is written down here beside the graph
    tolerance     how far ONNX Runtime and PyTorch's float64 are apart, in units of the largest logit

Logits and features have 9 significant digits; gradients are rounded to a millionth of the power of ten below
the largest.  Before anything is written ONNX Runtime and PyTorch must agree to 1e-4, and no image may lie so
near to a kink of the network that a change by 1e-5 changes the gradient much: such images are drawn again.

What exporters tell of themselves is left out where it names files of the machine (`stack_trace`).
"""

import argparse
import copy
import io
import json
import logging
import struct
import tempfile
import warnings
import zipfile
import zlib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import onnxscript
import torch
import torch.nn.functional as F
from onnx import GraphProto, ModelProto, TensorProto, helper, numpy_helper
from torch import nn

SEED = 20261127
FOLDER = Path(__file__).resolve().parent.parent / "ONNXTests" / "Fixtures"
VERSIONS = {
    "torch": torch.__version__.split("+")[0],
    "onnx": onnx.__version__,
    "onnxscript": onnxscript.__version__,
    "onnxruntime": onnxruntime.__version__,
}
IMAGES = 3


# Drawing values


def numbers_of(name):
    """A generator for the case called `name`, independent of all others."""
    return np.random.default_rng(SEED + zlib.crc32(name.encode()))


def draw_images(rng, height, width, channels):
    """Images [3, H, W, C] in float32; one pixel in eight is any of the 256."""
    fifths = rng.integers(0, 6, (IMAGES, height, width, channels)) * 51
    others = rng.integers(0, 256, fifths.shape)
    levels = np.where(rng.random(fifths.shape) < 0.125, others, fifths)
    return (levels.astype(np.float32) / np.float32(255)).astype(np.float32)


def fill(module, rng):
    """Weights and statistics that make every layer matter: as if the module had been trained."""

    def normal(tensor, scale, mean=0.0):
        tensor.data = torch.from_numpy(rng.normal(mean, scale, tuple(tensor.shape)).astype(np.float32))

    def uniform(tensor, low, high):
        tensor.data = torch.from_numpy(rng.uniform(low, high, tuple(tensor.shape)).astype(np.float32))

    for part in module.modules():
        if isinstance(part, (nn.Conv2d, nn.Linear)):
            normal(part.weight, 1.4 / part.weight[0].numel() ** 0.5)
            if part.bias is not None:
                normal(part.bias, 0.2)
        elif isinstance(part, (nn.BatchNorm2d, nn.InstanceNorm2d, nn.LayerNorm)):
            uniform(part.weight, 0.5, 1.5)
            normal(part.bias, 0.4)
            if isinstance(part, nn.BatchNorm2d):
                normal(part.running_mean, 0.3)
                uniform(part.running_var, 0.4, 1.6)
        elif isinstance(part, nn.PReLU):
            uniform(part.weight, 0.05, 0.4)
    return module.eval()


# Networks for PyTorch's exporters: `logits` of images [N, C, H, W], and `end`, which comes behind them


class Net(nn.Module):
    end = "none"

    def forward(self, x):
        y = self.logits(x)
        if self.end == "softmax":
            return torch.softmax(y, dim=1)
        return F.log_softmax(y, dim=1) if self.end == "logSoftmax" else y


class Chain(Net):
    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def logits(self, x):
        return self.layers(x)


def mlp():
    return Chain(nn.Flatten(), nn.Linear(784, 8), nn.ReLU(), nn.Linear(8, 10))


def lenet():
    return Chain(
        nn.Conv2d(1, 4, 5, padding=2),
        nn.Tanh(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(150, 16),
        nn.Tanh(),
        nn.Linear(16, 10),
    )


def batch_norms():
    """Normalizations behind convolutions, which exporters fold, and before them, which they cannot."""
    return Chain(
        nn.Conv2d(1, 4, 3, stride=2, bias=False),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Dropout2d(0.1),
        nn.BatchNorm2d(4, eps=1e-3),
        nn.Conv2d(4, 6, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Dropout(0.4),
        nn.Flatten(),
        nn.Linear(216, 10),
    )


class Residual(Net):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, 4, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU()
        )
        self.same = self.block(4, 4, 1)
        self.smaller = self.block(4, 8, 2)
        self.shortcut = nn.Sequential(nn.Conv2d(4, 8, 1, stride=2, bias=False), nn.BatchNorm2d(8))
        self.norm = nn.BatchNorm2d(8)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dense = nn.Linear(8, 10)

    @staticmethod
    def block(inputs, outputs, stride):
        return nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
        )

    def logits(self, x):
        x = self.stem(x)
        x = torch.relu(x + self.same(x))
        x = self.shortcut(x) + self.smaller(x)
        return self.dense(torch.flatten(self.pool(torch.relu(self.norm(x))), 1))


class Mobile(Net):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, 4, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(4), nn.Hardswish()
        )
        self.expand = nn.Sequential(nn.Conv2d(4, 12, 1, bias=False), nn.BatchNorm2d(12), nn.ReLU6())
        self.depth = nn.Sequential(
            nn.Conv2d(12, 12, 5, padding=2, groups=12, bias=False), nn.BatchNorm2d(12), nn.Hardswish()
        )
        self.squeeze = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(12, 3, 1), nn.ReLU(), nn.Conv2d(3, 12, 1), nn.Hardsigmoid()
        )
        self.project = nn.Sequential(nn.Conv2d(12, 4, 1, bias=False), nn.BatchNorm2d(4))
        self.last = nn.Sequential(
            nn.Conv2d(4, 8, 3, stride=2, groups=4), nn.ReLU6(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
        )
        self.head = nn.Sequential(nn.Linear(8, 12), nn.Hardswish(), nn.Dropout(0.2), nn.Linear(12, 7))

    def logits(self, x):
        x = 3.0 * self.stem(x)
        y = self.depth(self.expand(x))
        return self.head(self.last(x + self.project(y * self.squeeze(y))).clamp(-1.0, 2.5))


class Dense(Net):
    """Concatenations, and overlapping means with and without the padding in their counts."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3, padding=1)
        self.first = self.layer(4)
        self.second = self.layer(7)
        self.with_padding = nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=True)
        self.third = self.layer(10)
        self.without_padding = nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False)
        self.norm = nn.BatchNorm2d(13)
        self.dense = nn.Linear(13 * 5 * 6, 5)

    @staticmethod
    def layer(channels):
        return nn.Sequential(
            nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, 3, 3, padding=1, bias=False)
        )

    def logits(self, x):
        x = self.stem(x)
        x = torch.cat([x, self.first(x)], dim=1)
        x = self.with_padding(torch.cat([x, self.second(x)], dim=1))
        x = self.without_padding(torch.cat([x, self.third(x)], dim=1))
        return self.dense(torch.flatten(torch.relu(self.norm(x)), 1))


def activations():
    return Chain(
        nn.ZeroPad2d((1, 2, 0, 3)),
        nn.Conv2d(1, 4, 3, dilation=2),
        nn.LeakyReLU(0.2),
        nn.Conv2d(4, 8, (3, 2), stride=(2, 1), padding=(1, 0), groups=2),
        nn.ELU(0.7),
        nn.Conv2d(8, 8, 3, dilation=(1, 3), padding=(0, 3), groups=4),
        nn.PReLU(8),
        nn.AvgPool2d((2, 3)),
        nn.Conv2d(8, 4, 1),
        nn.PReLU(),
        nn.Flatten(),
        nn.Linear(4 * 5 * 8, 4),
    )


class ConvNeXt(Net):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 6, 4, stride=4)
        self.depth = nn.Conv2d(6, 6, 7, padding=3, groups=6)
        self.norm = nn.LayerNorm(6, eps=1e-6)
        self.wide = nn.Linear(6, 12)
        self.narrow = nn.Linear(12, 6)
        self.scale = nn.Parameter(torch.linspace(0.5, 1.5, 6))
        self.last = nn.LayerNorm(6)
        self.dense = nn.Linear(6, 10)

    def logits(self, x):
        x = self.stem(x)
        y = self.norm(self.depth(x).permute(0, 2, 3, 1))
        y = self.scale * self.narrow(F.gelu(self.wide(y)))
        x = x + y.permute(0, 3, 1, 2)
        return self.dense(self.last(x.mean((-2, -1))))


def instance_norms():
    return Chain(
        nn.Conv2d(1, 5, 5, stride=2),
        nn.InstanceNorm2d(5, affine=True),
        nn.GELU(),
        nn.Conv2d(5, 6, 3, stride=2),
        nn.InstanceNorm2d(6, affine=True, eps=1e-3),
        nn.GELU(approximate="tanh"),
        nn.Flatten(),
        nn.Linear(6 * 4 * 6, 6),
    )


class Normalized(Net):
    """Pixels are normalized inside, and the batch is baked in where features are flattened."""

    end = "logSoftmax"

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.2860]).view(1, 1, 1, 1))
        self.register_buffer("std", torch.tensor([0.3530]).view(1, 1, 1, 1))
        self.conv1 = nn.Conv2d(1, 4, 3)
        self.pool1 = nn.MaxPool2d(3, stride=2, padding=1)
        self.conv2 = nn.Conv2d(4, 6, 3, padding=1)
        self.pool2 = nn.MaxPool2d(2, ceil_mode=True)
        self.pool3 = nn.AvgPool2d(3, stride=2, ceil_mode=True)
        self.dense = nn.Linear(6 * 3 * 3, 10)

    def logits(self, x):
        x = (x - self.mean) / self.std
        x = self.pool2(torch.relu(self.conv2(self.pool1(torch.relu(self.conv1(x))))))
        return self.dense(self.pool3(x).view(x.shape[0], -1))


class Colour(Net):
    end = "softmax"

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1))
        self.register_buffer("std", torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1))
        self.conv1 = nn.Conv2d(3, 6, 3, stride=2, padding=1)
        self.conv2 = nn.Conv2d(6, 8, 3, stride=2)
        self.gate = nn.Conv2d(6, 8, 3, stride=2)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dense = nn.Linear(8, 10)

    def logits(self, x):
        x = F.softplus(self.conv1((x - self.mean) / self.std))
        x = self.pool(self.conv2(x) * torch.sigmoid(self.gate(x)))
        return 4 * self.dense(x.flatten(1))


# name: the network, [H, W, C], and for both exporters the opset and the batch that is baked in
EXPORTED = {
    "mlp": (mlp, (28, 28, 1), ("dynamo", 20, 2), ("torchscript", 9, None)),
    "lenet": (lenet, (28, 28, 1), ("dynamo", 18, None), ("torchscript", 11, 2)),
    "batch-norms": (batch_norms, (28, 28, 1), ("dynamo", 23, 2), ("torchscript", 17, None)),
    "residual": (Residual, (28, 28, 1), ("dynamo", 18, 2), ("torchscript", 20, None)),
    "mobile": (Mobile, (28, 28, 1), ("dynamo", 20, None), ("torchscript", 13, 2)),
    "dense-blocks": (Dense, (20, 24, 1), ("dynamo", 20, 2), ("torchscript", 11, 2)),
    "activations": (activations, (24, 28, 1), ("dynamo", 18, 1), ("torchscript", 17, None)),
    "convnext": (ConvNeXt, (28, 28, 1), ("dynamo", 20, 2), ("torchscript", 13, 2)),
    "instance-norms": (instance_norms, (24, 32, 1), ("dynamo", 18, None), ("torchscript", 20, 2)),
    "normalized": (Normalized, (28, 28, 1), ("dynamo", 23, 2), ("torchscript", 18, None)),
    "colour": (Colour, (32, 32, 3), ("dynamo", 20, None), ("torchscript", 13, 2)),
}


def export(name, net, shape, exporter, opset, batch, folder):
    """Writes folder/name.onnx, and returns the model without its external data."""
    height, width, channels = shape
    example = torch.zeros(batch or 2, channels, height, width)
    path = folder / f"{name}.onnx"
    options = {"opset_version": opset, "input_names": ["images"], "output_names": ["scores"]}
    if exporter == "dynamo":
        if batch is None:
            options["dynamic_shapes"] = ({0: torch.export.Dim("batch")},)
        torch.onnx.export(net, (example,), path, dynamo=True, verbose=False, **options)
    else:
        if batch is None:
            options["dynamic_axes"] = {"images": {0: "batch"}, "scores": {0: "batch"}}
        if name.startswith("batch-norms"):
            # Else the exporter folds them into the convolutions.
            options |= {"training": torch.onnx.TrainingMode.PRESERVE, "do_constant_folding": False}
        torch.onnx.export(net, (example,), path, dynamo=False, **options)
    model = onnx.load(path, load_external_data=False)
    for node in model.graph.node:
        node.doc_string = ""
        # One file keeps the rest of what the exporter tells of itself, so that readers meet it.
        kept = [
            entry
            for entry in node.metadata_props
            if name.startswith("mlp") and "stack_trace" not in entry.key
        ]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
    if not name.startswith("mlp"):
        for value in [
            *model.graph.value_info,
            *model.graph.input,
            *model.graph.output,
            *model.graph.initializer,
        ]:
            del value.metadata_props[:]
        del model.graph.metadata_props[:]
        del model.metadata_props[:]
    path.write_bytes(model.SerializeToString())
    return model


# Graphs by hand


class Graph:
    """Nodes and weights in the order in which they are asked for; weights are drawn."""

    def __init__(self, name, opset, shape, labels, layout="NCHW", inputs="images", batch="N", ir=8):
        self.name, self.opset, self.ir = name, opset, ir
        self.rng = numbers_of(name)
        height, width, channels = shape
        dims = [batch, height, width, channels] if layout == "NHWC" else [batch, channels, height, width]
        self.input = helper.make_tensor_value_info(inputs, TensorProto.FLOAT, dims)
        self.labels, self.batch = labels, batch
        self.nodes, self.weights, self.tensors = [], [], {}

    def draw(self, name, *dims, scale=None, low=None, high=None, keep=True):
        """A weight in float32, which is also in `tensors` in float64."""
        if low is not None:
            values = self.rng.uniform(low, high, dims)
        else:
            fan = np.prod(dims[1:]) if len(dims) == 4 else dims[0] if len(dims) == 2 else 1
            values = self.rng.normal(0, 1.4 / fan**0.5 if scale is None else scale, dims)
        values = values.astype(np.float32)
        self.tensors[name] = torch.from_numpy(values.astype(np.float64))
        return self.constant(name, values) if keep else values

    def constant(self, name, values, dtype=None):
        self.weights.append(numpy_helper.from_array(np.asarray(values, dtype), name))
        return name

    def node(self, kind, *inputs, output=None, name=None, **attributes):
        """Adds a node, and returns the name of its output."""
        number = sum(node.op_type == kind for node in self.nodes)
        output = output or f"{kind.lower()}_{number}"
        self.nodes.append(
            helper.make_node(kind, list(inputs), [output], name=name or f"{kind}_{number}", **attributes)
        )
        return output

    def norm(self, prefix, channels):
        return (
            self.draw(f"{prefix}.scale", channels, low=0.5, high=1.5),
            self.draw(f"{prefix}.offset", channels, scale=0.4),
            self.draw(f"{prefix}.mean", channels, scale=0.3),
            self.draw(f"{prefix}.variance", channels, low=0.4, high=1.6),
        )

    def model(self, output):
        logits = helper.make_tensor_value_info(output, TensorProto.FLOAT, [self.batch, self.labels])
        inputs = [self.input]
        if self.ir < 4:
            # Up to then each weight was an input, too, which a caller might replace.
            inputs += [helper.make_tensor_value_info(w.name, w.data_type, list(w.dims)) for w in self.weights]
        graph = helper.make_graph(self.nodes, self.name, inputs, [logits], self.weights)
        return helper.make_model(
            graph,
            ir_version=self.ir,
            producer_name="make_onnx_fixtures.py",
            opset_imports=[helper.make_opsetid("", self.opset)],
        )


def normalize(x, t, prefix, eps):
    stretch = t[f"{prefix}.scale"] / torch.sqrt(t[f"{prefix}.variance"] + eps)
    return (x - t[f"{prefix}.mean"].view(-1, 1, 1)) * stretch.view(-1, 1, 1) + t[f"{prefix}.offset"].view(
        -1, 1, 1
    )


def same(size, kernel, stride, upper=True):
    """The padding [before, after] of TensorFlow's SAME."""
    total = max(0, (-(-size // stride) - 1) * stride + kernel - size)
    small = total // 2
    return [small, total - small] if upper else [total - small, small]


def same_padded(x, kernel, stride, upper=True, value=0.0):
    (top, bottom), (left, right) = (same(size, kernel, stride, upper) for size in x.shape[2:])
    return F.pad(x, (left, right, top, bottom), value=value)


def tf2onnx_13(name):
    """Keras: convolution of stride 2 with SAME, where the padding is uneven; two dense layers; softmax."""
    g = Graph(name, 13, (28, 28, 1), 10, "NHWC", "conv2d_input", "unk__22", ir=7)
    prefix = "StatefulPartitionedCall/sequential/"
    x = g.node("Transpose", "conv2d_input", perm=[0, 3, 1, 2], name=f"{prefix}conv2d/BiasAdd__6")
    x = g.node(
        "Conv",
        x,
        g.draw("conv.w", 6, 1, 4, 4),
        g.draw("conv.b", 6, scale=0.2),
        auto_pad="SAME_UPPER",
        strides=[2, 2],
        kernel_shape=[4, 4],
        group=1,
        dilations=[1, 1],
        name=f"{prefix}conv2d/BiasAdd",
    )
    x = g.node("Relu", x, name=f"{prefix}conv2d/Relu")
    x = g.node(
        "MaxPool",
        x,
        auto_pad="VALID",
        kernel_shape=[2, 2],
        strides=[2, 2],
        name=f"{prefix}max_pooling2d/MaxPool",
    )
    x = g.node("Transpose", x, perm=[0, 2, 3, 1], name=f"{prefix}max_pooling2d/MaxPool__20")
    x = g.node(
        "Reshape", x, g.constant("const_fold_opt__24", [-1, 294], np.int64), name=f"{prefix}flatten/Reshape"
    )
    x = g.node("MatMul", x, g.draw("dense.w", 294, 12), name=f"{prefix}dense/MatMul")
    x = g.node("Add", x, g.draw("dense.b", 12, scale=0.2), name=f"{prefix}dense/BiasAdd")
    x = g.node("Relu", x, name=f"{prefix}dense/Relu")
    x = g.node("MatMul", x, g.draw("dense_1.w", 12, 10), name=f"{prefix}dense_1/MatMul")
    x = g.node("Add", x, g.draw("dense_1.b", 10, scale=0.2), name=f"{prefix}dense_1/BiasAdd")
    x = g.node("Softmax", x, output="dense_1", axis=-1, name=f"{prefix}dense_1/Softmax")

    def twin(x):
        t = g.tensors
        x = F.max_pool2d(F.relu(F.conv2d(same_padded(x, 4, 2), t["conv.w"], t["conv.b"], stride=2)), 2)
        x = F.relu(x.permute(0, 2, 3, 1).flatten(1) @ t["dense.w"] + t["dense.b"])
        return x @ t["dense_1.w"] + t["dense_1.b"]

    return g.model(x), twin


def tf2onnx_15(name):
    """One channel needs no Transpose: tf2onnx writes a Reshape. Normalizations, overlapping pools."""
    g = Graph(name, 15, (28, 28, 1), 10, "NHWC", "input_1", "unk__40", ir=8)
    x = g.node(
        "Reshape",
        "input_1",
        g.constant("new_shape__38", [-1, 1, 28, 28], np.int64),
        name="model/conv2d/Conv2D__5",
    )
    x = g.node(
        "Conv",
        x,
        g.draw("conv.w", 6, 1, 3, 3),
        pads=[1, 1, 1, 1],
        strides=[1, 1],
        kernel_shape=[3, 3],
        group=1,
        dilations=[1, 1],
        name="model/conv2d/Conv2D",
    )
    x = g.node(
        "BatchNormalization",
        x,
        *g.norm("norm", 6),
        epsilon=1e-3,
        momentum=0.99,
        name="model/batch_normalization/FusedBatchNormV3",
    )
    x = g.node("Relu", x)
    x = g.node("MaxPool", x, auto_pad="SAME_UPPER", kernel_shape=[3, 3], strides=[2, 2])
    x = g.node(
        "Conv",
        x,
        g.draw("conv_1.w", 8, 6, 3, 3),
        g.draw("conv_1.b", 8, scale=0.2),
        auto_pad="VALID",
        strides=[1, 1],
        kernel_shape=[3, 3],
        group=1,
        dilations=[1, 1],
    )
    x = g.node("LeakyRelu", x, alpha=0.3)
    x = g.node("GlobalAveragePool", x)
    x = g.node("Squeeze", x, g.constant("axes__1", [2, 3], np.int64))
    x = g.node("MatMul", x, g.draw("dense.w", 8, 10, scale=2))
    x = g.node("Add", x, g.draw("dense.b", 10, scale=0.2))
    x = g.node("Identity", x, output="Identity:0")

    def twin(x):
        t = g.tensors
        x = F.relu(normalize(F.conv2d(x, t["conv.w"], padding=1), t, "norm", 1e-3))
        x = F.max_pool2d(same_padded(x, 3, 2, value=-np.inf), 3, stride=2)
        x = F.leaky_relu(F.conv2d(x, t["conv_1.w"], t["conv_1.b"]), 0.3)
        return x.mean((2, 3)) @ t["dense.w"] + t["dense.b"]

    return g.model(x), twin


def tf2onnx_18(name):
    """Colour, depthwise SAME, ReLU6, a Reshape by the shape of the batch in 32-bit integers, softmax."""
    g = Graph(name, 18, (16, 16, 3), 5, "NHWC", "input_1", "unk__61", ir=8)
    x = g.node("Transpose", "input_1", perm=[0, 3, 1, 2])
    x = g.node(
        "Conv",
        x,
        g.draw("conv.w", 6, 3, 3, 3),
        g.draw("conv.b", 6, scale=0.2),
        auto_pad="SAME_UPPER",
        strides=[1, 1],
        kernel_shape=[3, 3],
        group=1,
        dilations=[1, 1],
    )
    x = g.node("BatchNormalization", x, *g.norm("norm", 6), epsilon=1e-3)
    x = g.node("Clip", x, g.constant("zero", np.float32(0)), g.constant("six", np.float32(2)))
    x = g.node(
        "Conv",
        x,
        g.draw("depth.w", 6, 1, 3, 3),
        auto_pad="SAME_UPPER",
        strides=[2, 2],
        kernel_shape=[3, 3],
        group=6,
        dilations=[1, 1],
    )
    x = g.node("Add", x, g.draw("depth.b", 1, 6, 1, 1, scale=0.3))
    x = g.node("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2], pads=[0, 0, 0, 0])
    x = g.node("Transpose", x, perm=[0, 2, 3, 1])
    shape = g.node("Cast", g.node("Shape", "input_1"), to=TensorProto.INT32)
    first = g.node(
        "Slice",
        shape,
        g.constant("starts", [0], np.int64),
        g.constant("ends", [1], np.int64),
        g.constant("axes", [0], np.int64),
    )
    first = g.node("Squeeze", first, "axes")
    first = g.node("Unsqueeze", first, "axes")
    target = g.node("Concat", first, g.constant("rest", [96], np.int32), axis=0)
    x = g.node("Reshape", x, g.node("Cast", target, to=TensorProto.INT64))
    x = g.node("MatMul", x, g.draw("dense.w", 96, 8))
    x = g.node("Relu", g.node("Add", x, g.draw("dense.b", 8, scale=0.2)))
    x = g.node("MatMul", x, g.draw("dense_1.w", 8, 5))
    x = g.node("Add", x, g.draw("dense_1.b", 5, scale=0.2))
    x = g.node("Softmax", x, output="probabilities")

    def twin(x):
        t = g.tensors
        x = F.conv2d(same_padded(x, 3, 1), t["conv.w"], t["conv.b"])
        x = normalize(x, t, "norm", 1e-3).clamp(0, 2)
        x = F.conv2d(same_padded(x, 3, 2), t["depth.w"], stride=2, groups=6) + t["depth.b"]
        x = F.max_pool2d(x, 2).permute(0, 2, 3, 1).flatten(1)
        return F.relu(x @ t["dense.w"] + t["dense.b"]) @ t["dense_1.w"] + t["dense_1.b"]

    return g.model(x), twin


def opset_7(name):
    """IR 3: weights are inputs, too; what later became inputs are attributes; Softmax flattens."""
    g = Graph(name, 7, (14, 16, 1), 6, batch=2, ir=3)
    x = g.node("Pad", "images", mode="constant", pads=[0, 0, 1, 0, 0, 0, 2, 1], value=0.25)
    x = g.node("Conv", x, g.draw("conv.w", 4, 1, 3, 3), g.draw("conv.b", 4, scale=0.2), kernel_shape=[3, 3])
    x = g.node("BatchNormalization", x, *g.norm("norm", 4), epsilon=1e-4, momentum=0.9, spatial=1)
    x = g.node("Clip", x, min=-0.5, max=1.5)
    x = g.node("Dropout", x, ratio=0.5)
    x = g.node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 0, 0])
    x = g.node("Conv", x, g.draw("conv_1.w", 6, 4, 3, 3))
    x = g.node("ReduceMean", x, axes=[3], keepdims=0)
    x = g.node("Unsqueeze", x, axes=[1, 4])
    x = g.node("Squeeze", x, axes=[1])
    x = g.node("Reshape", x, g.constant("shape", [2, -1], np.int64))
    x = g.node("Gemm", x, g.draw("dense.w", 30, 6), g.draw("dense.b", 6, scale=0.2), alpha=0.5, beta=2.0)
    x = g.node("Softmax", x)

    def twin(x):
        t = g.tensors
        x = F.conv2d(F.pad(x, (0, 1, 1, 2), value=0.25), t["conv.w"], t["conv.b"])
        x = normalize(x, t, "norm", 1e-4).clamp(-0.5, 1.5)
        x = F.max_pool2d(F.pad(x, (1, 0, 1, 0), value=-np.inf), 3, stride=2)
        x = F.conv2d(x, t["conv_1.w"]).mean(3).flatten(1)
        return 0.5 * (x @ t["dense.w"]) + 2 * t["dense.b"]

    return g.model(x), twin


def opset_9(name):
    """Weights in Constant nodes and in float_data; SAME_LOWER; branches; Gemm with a transposed input."""
    g = Graph(name, 9, (17, 15, 1), 10, ir=4)

    def weight(tensor, *dims, **options):
        values = g.draw(tensor, *dims, keep=False, **options)
        typed = helper.make_tensor(tensor, TensorProto.FLOAT, dims, values.flatten().tolist())
        g.nodes.append(helper.make_node("Constant", [], [tensor], value=typed))
        return tensor

    def integers(tensor, values):
        g.weights.append(helper.make_tensor(tensor, TensorProto.INT64, [len(values)], values))
        return tensor

    x = g.node(
        "Conv",
        "images",
        weight("conv.w", 4, 1, 4, 3),
        weight("conv.b", 4, scale=0.2),
        auto_pad="SAME_LOWER",
        kernel_shape=[4, 3],
        strides=[2, 2],
    )
    x = g.node("Elu", x, alpha=1.3)
    most = g.node("GlobalMaxPool", x)
    mean = g.node(
        "AveragePool", x, kernel_shape=[3, 3], strides=[3, 3], pads=[1, 0, 0, 1], count_include_pad=1
    )
    mean = g.node("Flatten", mean, axis=1)
    wide = g.node("ReduceMax", x, axes=[2, 3], keepdims=1)
    wide = g.node("Sub", wide, g.node("Softplus", most))
    both = g.node("Concat", g.node("Flatten", wide), mean, axis=1)
    both = g.node("Reshape", both, integers("keep", [0, -1]))
    x = g.node(
        "Gemm",
        both,
        weight("dense.w", 10, 40, scale=0.3),
        weight("dense.b", 1, 10, scale=0.2),
        transB=1,
    )
    x = g.node("LogSoftmax", x, axis=1)

    def twin(x):
        t = g.tensors
        (top, bottom), (left, right) = same(17, 4, 2, upper=False), same(15, 3, 2, upper=False)
        x = F.elu(F.conv2d(F.pad(x, (left, right, top, bottom)), t["conv.w"], t["conv.b"], stride=2), 1.3)
        most = x.amax((2, 3))
        mean = F.avg_pool2d(F.pad(x, (0, 1, 1, 0)), 3).flatten(1)
        both = torch.cat([most - F.softplus(most), mean], 1)
        return both @ t["dense.w"].T + t["dense.b"]

    return g.model(x), twin


def opset_19(name):
    """No dense layer: a 1×1 convolution and a mean. Axes as inputs; Pad with axes; Clip with one bound."""
    g = Graph(name, 19, (12, 12, 1), 4, ir=9)
    x = g.node("Sub", "images", g.constant("half", np.float32(0.5)))
    x = g.node("Mul", g.constant("twice", np.array([[[[2]]]], np.float32)), x)
    x = g.node(
        "Pad",
        x,
        g.constant("pads", [1, 2, 0, 1], np.int64),
        g.constant("black", np.float32(-1)),
        g.constant("sides", [2, 3], np.int64),
    )
    x = g.node("Conv", x, g.draw("conv.w", 4, 1, 3, 3), g.draw("conv.b", 4, scale=0.2))
    x = g.node("Clip", x, "", g.constant("most", np.float32(1)))
    x = g.node("Dropout", x, g.constant("ratio", np.float32(0.3)), g.constant("training", np.bool_(False)))
    squares = g.node(
        "ReduceMean",
        g.node("Pow", x, g.constant("two", np.float32(2))),
        g.constant("over", [-1, -2], np.int64),
    )
    length = g.node("Sqrt", g.node("Add", squares, g.constant("small", np.float32(1e-3))))
    x = g.node("Div", x, length)
    x = g.node("PRelu", x, g.draw("slope", 4, 1, 1, low=0.05, high=0.4))
    x = g.node("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2], dilations=[2, 2])
    x = g.node("HardSigmoid", x, alpha=0.25, beta=0.4)
    x = g.node("Conv", x, g.draw("head.w", 4, 4, 1, 1, scale=2), g.draw("head.b", 4, scale=0.2))
    x = g.node("ReduceMean", x, "sides", keepdims=0, output="logits")

    def twin(x):
        t = g.tensors
        x = F.conv2d(F.pad(2 * (x - 0.5), (2, 1, 1, 0), value=-1), t["conv.w"], t["conv.b"]).clamp(max=1)
        x = x / torch.sqrt((x**2).mean((2, 3), keepdim=True) + float(np.float32(1e-3)))
        x = torch.where(x > 0, x, x * t["slope"])
        x = (0.25 * F.max_pool2d(x, 2, stride=2, dilation=2) + 0.4).clamp(0, 1)
        return F.conv2d(x, t["head.w"], t["head.b"]).mean((2, 3))

    return g.model(x), twin


BY_HAND = {
    "tf2onnx-13": (tf2onnx_13, (28, 28, 1), "NHWC", None),
    "tf2onnx-15": (tf2onnx_15, (28, 28, 1), "NHWC", None),
    "tf2onnx-18": (tf2onnx_18, (16, 16, 3), "NHWC", None),
    "by-hand-7": (opset_7, (14, 16, 1), "NCHW", 2),
    "by-hand-9": (opset_9, (17, 15, 1), "NCHW", None),
    "by-hand-19": (opset_19, (12, 12, 1), "NCHW", None),
}


# What ONNX Runtime and PyTorch make of the images


def probes(model):
    """The names of the logits, of the features (or None), and how the network ends."""
    maker = {output: node for node in model.graph.node for output in node.output}
    logits, end = model.graph.output[0].name, "none"
    last = maker[logits]
    if last.op_type in ("Softmax", "LogSoftmax"):
        logits, end = last.input[0], {"Softmax": "softmax", "LogSoftmax": "logSoftmax"}[last.op_type]
    node = maker.get(logits)
    # Back to the last dense layer through what only adds or scales.
    while node is not None and node.op_type in ("Add", "Identity", "Mul"):
        node = next(
            (maker[name] for name in node.input if name in maker and maker[name].op_type != "Constant"), None
        )
    if node is None or node.op_type not in ("Gemm", "MatMul"):
        return logits, None, end
    return logits, node.input[0], end


def run(path, model, images, layout, batch):
    """Logits [3, labels], features [3, D] or [], and the end, by ONNX Runtime."""
    logits, features, end = probes(model)
    changed = copy.deepcopy(model)
    del changed.graph.output[:]
    for name in [logits] + ([features] if features else []):
        changed.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    probe = path.with_name(f"probe-{path.name}")
    probe.write_bytes(changed.SerializeToString())
    try:
        session = onnxruntime.InferenceSession(probe, options, providers=["CPUExecutionProvider"])
        x = images if layout == "NHWC" else images.transpose(0, 3, 1, 2)
        step = batch or IMAGES
        parts = []
        for first in range(0, IMAGES, step):
            rows = np.arange(first, first + step).clip(max=IMAGES - 1)
            name = session.get_inputs()[0].name
            found = session.run(None, {name: np.ascontiguousarray(x[rows])})
            parts.append([values[: IMAGES - first] for values in found])
    finally:
        probe.unlink()
    found = [np.concatenate(values).reshape(IMAGES, -1) for values in zip(*parts, strict=True)]
    return found[0], found[1] if features else np.zeros((0, 0)), end


def exact(twin, images, cotangent):
    """Logits [3, labels], and the gradient [3, H, W, C] by the pixels, in float64."""
    x = torch.from_numpy(images.astype(np.float64)).requires_grad_()
    # A clone of this format has the strides of NCHW, also where one channel would allow others.
    logits = twin(x.permute(0, 3, 1, 2).clone(memory_format=torch.contiguous_format))
    (logits * torch.from_numpy(cotangent)).sum().backward()
    return logits.detach().numpy(), x.grad.numpy()


def distance(a, b):
    return float(np.abs(a - b).max() / np.abs(b).max())


def digits(values, count=9):
    return [float(f"{value:.{count}g}") for value in np.asarray(values, np.float64).flatten()]


def rows(values):
    return [digits(row) for row in values]


def rounded(gradient):
    """To a millionth of the power of ten below the largest."""
    places = 6 - int(np.floor(np.log10(np.abs(gradient).max())))
    return [0 if value == 0 else float(f"{value:.{places}f}") for value in gradient.flatten()]


def describe(name, path, model, twin, shape, layout, exporter, batch, check):
    rng = numbers_of(f"{name} images")
    for _ in range(20):
        images = draw_images(rng, *shape)
        logits, features, end = run(path, model, images, layout, batch)
        cotangent = rng.normal(size=logits.shape).round(3)
        expected, gradient = exact(twin, images, cotangent)
        near = [exact(twin, images + rng.uniform(-1e-5, 1e-5, images.shape), cotangent)[1] for _ in range(4)]
        # A curved network changes a little; behind a kink whole weights come and go.
        if max(distance(other, gradient) for other in near) < 1e-3:
            break
    else:
        raise AssertionError(f"{name}: no images away from kinks")
    tolerance = distance(logits, expected)
    assert tolerance < 1e-4, f"{name}: ONNX Runtime and PyTorch differ by {tolerance}"
    if check:
        check_gradient(name, twin, images, cotangent, gradient, rng)
    opset = next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
    return {
        "name": name,
        "exporter": exporter,
        "opset": opset,
        "versions": VERSIONS,
        "inputShape": list(shape),
        "layout": layout,
        "batch": batch,
        "labels": logits.shape[1],
        "endsIn": end,
        "tolerance": float(f"{tolerance:.1e}"),
        "logits": rows(logits),
        "features": rows(features),
        "cotangent": cotangent.tolist(),
        "inputs": [float(str(value)) for value in images.flatten()],
        "gradients": rounded(gradient),
    }


def check_gradient(name, twin, images, cotangent, gradient, rng):
    """Along drawn directions, against central differences in float64."""
    for _ in range(3):
        direction = rng.normal(size=images.shape)
        step = 1e-7
        ends = [
            exact(twin, images.astype(np.float64) + sign * step * direction, cotangent)[0] for sign in (1, -1)
        ]
        slope = ((ends[0] - ends[1]) * cotangent).sum() / (2 * step)
        found = (gradient * direction).sum()
        scale = np.sqrt((gradient**2).sum())
        assert abs(slope - found) < 1e-4 * scale, (name, slope, found)


def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def good(folder, only, check):
    def keep(name, model, twin, *facts):
        path = folder / f"{name}.onnx"
        onnx.checker.check_model(path, full_check=True)
        write_json(folder / f"{name}.json", describe(name, path, model, twin, *facts, check))
        kinds = sorted({node.op_type for node in model.graph.node})
        version = ", ".join(str(entry.version) for entry in model.opset_import if entry.domain == "")
        print(
            f"{name}: opset {version}, IR {model.ir_version}, {path.stat().st_size} bytes: {' '.join(kinds)}",
            flush=True,
        )

    for case, (make, shape, *exports) in EXPORTED.items():
        net = None
        for exporter, opset, batch in exports:
            name = f"{case}-{exporter}"
            if only and not {case, name} & only:
                continue
            net = net or fill(make(), numbers_of(case))
            model = export(name, net, shape, exporter, opset, batch, folder)
            keep(name, model, copy.deepcopy(net).double().logits, shape, "NCHW", exporter, batch)
    for name, (make, shape, layout, batch) in BY_HAND.items():
        if only and name not in only:
            continue
        model, twin = make(name)
        (folder / f"{name}.onnx").write_bytes(model.SerializeToString())
        keep(name, model, twin, shape, layout, "tf2onnx form" if layout == "NHWC" else "by hand", batch)


# Files that must be refused


def base(name="base"):
    """A good network of images [N, 1, 6, 6], which each of the bad ones spoils in its own way."""
    g = Graph(name, 17, (6, 6, 1), 3)
    x = g.node(
        "Conv",
        "images",
        g.draw("conv.weight", 2, 1, 3, 3),
        g.draw("conv.bias", 2),
        output="convolved",
        name="conv1",
    )
    x = g.node("Relu", x, output="hidden", name="relu1")
    x = g.node("Reshape", x, g.constant("shape", [-1, 32], np.int64), output="flat", name="reshape1")
    g.node("Gemm", x, g.draw("dense.weight", 32, 3), g.draw("dense.bias", 3), output="logits", name="gemm1")
    return g.model("logits")


def node_of(model, name):
    return next(node for node in model.graph.node if node.name == name)


def weight_of(model, name):
    return next(weight for weight in model.graph.initializer if weight.name == name)


def replace_weight(model, name, values):
    weight_of(model, name).CopyFrom(numpy_helper.from_array(values, name))


def zeros(*dims):
    return np.zeros(dims, np.float32)


def attribute(node, **values):
    """Sets attributes, in the place of those of the same name."""
    for key, value in values.items():
        kept = [a for a in node.attribute if a.name != key]
        del node.attribute[:]
        node.attribute.extend([*kept, helper.make_attribute(key, value)])


def insert(model, after, *nodes):
    """Puts nodes behind the node called `after`; the first reads its output, its reader reads the last."""
    index = next(i for i, node in enumerate(model.graph.node) if node.name == after)
    old = model.graph.node[index].output[0]
    for node in model.graph.node:
        for place, name in enumerate(node.input):
            if name == old:
                node.input[place] = nodes[-1].output[0]
    for number, node in enumerate(nodes):
        model.graph.node.insert(index + 1 + number, node)


def step(kind, *inputs, output="stepped", name=None, **attributes):
    return helper.make_node(kind, list(inputs), [output], name=name or f"{kind.lower()}1", **attributes)


def external(model, location, **entries):
    """The dense weights, 384 bytes, in a file beside the network."""
    weight = weight_of(model, "dense.weight")
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    for key, value in {"location": location, **entries}.items():
        if value is not None:
            entry = weight.external_data.add()
            entry.key, entry.value = key, str(value)


BAD = {}


def bad(file, what, *words):
    """Registers a case; the function takes a good model and spoils it, or returns another model or bytes."""

    def register(function):
        assert file not in BAD, file
        BAD[file] = (what, words, function)
        return function

    return register


# Bytes

bad("empty.onnx", "a file of no bytes")(lambda m: b"")
bad("truncated.onnx", "ends within the graph")(lambda m: m.SerializeToString()[:-40])
bad("half.onnx", "its second half is missing")(lambda m: m.SerializeToString()[: m.ByteSize() // 2])
bad("length.onnx", "a field that claims 2 GiB")(
    lambda m: m.SerializeToString()[:-60] + b"\x3a\xff\xff\xff\xff\x07"
)
bad("varint.onnx", "a number of more than ten bytes")(lambda m: b"\x08" + b"\xff" * 12 + b"\x01")
bad("text.onnx", "a text")(lambda m: b"This is not a network.\n")
bad("no-graph.onnx", "a model without a graph", "graph")(
    lambda m: ModelProto(ir_version=8, opset_import=[helper.make_opsetid("", 17)]).SerializeToString()
)


@bad("picture.onnx", "a PNG")
def picture(_):
    def chunk(kind, content):
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


def zipped(entries):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return file.getvalue()


HDF5 = b"\x89HDF\r\n\x1a\n" + bytes([0, 0, 0, 0, 0, 8, 8, 0, 4, 0, 16, 0]) + bytes(76)
bad("weights.pt", "PyTorch's weights: a zip with data.pkl", "PyTorch|ONNX")(
    lambda m: zipped(
        {"weights/data.pkl": b"\x80\x02}q\x00.", "weights/byteorder": "little", "weights/version": "3\n"}
    )
)
bad("weights.h5", "the head of an HDF5 file", "HDF5|Keras|ONNX")(lambda m: HDF5)
bad("network.keras", "a zip as Keras 3 writes it", "Keras|ONNX")(
    lambda m: zipped(
        {"metadata.json": '{"keras_version":"3.11.0"}', "config.json": "{}", "model.weights.h5": HDF5}
    )
)
bad("weights.safetensors", "a safetensors file", "safetensors|ONNX")(
    lambda m: (
        struct.pack("<Q", 60) + b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'.ljust(60) + bytes(4)
    )
)


# The graph


@bad("cycle.onnx", "two nodes that feed each other", "cycle|order|before")
def cycle(m):
    insert(m, "conv1", step("Add", "convolved", "hidden", output="sum"))
    node_of(m, "add1").input[0] = "convolved"
    node_of(m, "relu1").input[0] = "sum"


@bad("cycle-of-one.onnx", "a node that reads its own output", "cycle|order|before")
def cycle_of_one(m):
    node_of(m, "relu1").input[0] = "hidden"


@bad("missing-initializer.onnx", "a weight that nothing holds", "initializer|nothing|missing", "lost.weight")
def missing_initializer(m):
    node_of(m, "conv1").input[1] = "lost.weight"


@bad("missing-output.onnx", "an output that no node makes", "scores")
def missing_output(m):
    m.graph.output[0].name = "scores"


@bad("duplicate-output.onnx", "two nodes that make the same tensor", "hidden")
def duplicate_output(m):
    m.graph.node.insert(2, step("Sigmoid", "convolved", output="hidden"))


@bad("output-named-as-input.onnx", "a node whose output is called as the network's input is", "images")
def output_named_as_input(m):
    node_of(m, "relu1").output[0] = "images"
    node_of(m, "reshape1").input[0] = "images"


@bad("output-named-as-weight.onnx", "a node whose output is called as a weight is", "dense.bias")
def output_named_as_weight(m):
    m.graph.node.insert(2, step("Sigmoid", "convolved", output="dense.bias"))


@bad("input-named-twice.onnx", "the same input twice", "images")
def input_named_twice(m):
    m.graph.input.append(copy.deepcopy(m.graph.input[0]))


@bad("initializer-named-twice.onnx", "two weights of one name", "conv.weight")
def initializer_named_twice(m):
    m.graph.initializer.append(copy.deepcopy(weight_of(m, "conv.weight")))


@bad("two-inputs.onnx", "a second input of a fine shape", "input", "mask")
def two_inputs(m):
    m.graph.input.append(helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["N", 1, 6, 6]))
    m.graph.node.insert(0, helper.make_node("Mul", ["images", "mask"], ["masked"], name="mul1"))
    node_of(m, "conv1").input[0] = "masked"


@bad("two-outputs.onnx", "a second output of a fine shape", "output", "auxiliary")
def two_outputs(m):
    m.graph.node.append(step("Sigmoid", "logits", output="auxiliary"))
    m.graph.output.append(helper.make_tensor_value_info("auxiliary", TensorProto.FLOAT, ["N", 3]))


@bad("no-inputs.onnx", "no input at all", "input")
def no_inputs(m):
    del m.graph.input[:]


@bad("no-outputs.onnx", "no output at all", "output")
def no_outputs(m):
    del m.graph.output[:]


@bad("empty-graph.onnx", "a graph of no nodes, inputs and outputs")
def empty_graph(m):
    m.graph.CopyFrom(GraphProto(name="empty"))


@bad("input-as-output.onnx", "a graph of no nodes: the output is the input")
def input_as_output(m):
    del m.graph.node[:]
    m.graph.output[0].CopyFrom(m.graph.input[0])


@bad("sparse-initializer.onnx", "a weight of which only what is not 0 is stored", "sparse")
def sparse_initializer(m):
    m.graph.initializer.remove(weight_of(m, "dense.bias"))
    values = numpy_helper.from_array(np.ones(1, np.float32), "dense.bias")
    m.graph.sparse_initializer.append(
        helper.make_sparse_tensor(values, numpy_helper.from_array(np.array([1])), [3])
    )


@bad("local-function.onnx", "an operator that the file defines itself", "Twice")
def local_function(m):
    m.opset_import.append(helper.make_opsetid("local", 1))
    body = helper.make_node("Add", ["x", "x"], ["y"])
    m.functions.append(
        helper.make_function("local", "Twice", ["x"], ["y"], [body], [helper.make_opsetid("", 17)])
    )
    insert(m, "relu1", step("Twice", "hidden", domain="local"))


@bad("if.onnx", "a branch", "If")
def branch(m):
    def body(name, kind):
        out = helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
        return helper.make_graph([helper.make_node(kind, ["hidden"], [name])], name, [], [out])

    m.graph.initializer.append(numpy_helper.from_array(np.bool_(True), "condition"))
    insert(
        m,
        "relu1",
        step("If", "condition", then_branch=body("then", "Relu"), else_branch=body("else", "Sigmoid")),
    )


@bad("loop.onnx", "a loop", "Loop")
def loop(m):
    def info(name, kind, dims):
        return helper.make_tensor_value_info(name, kind, dims)

    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["still"]), helper.make_node("Relu", ["before"], ["behind"])],
        "body",
        [
            info("turn", TensorProto.INT64, []),
            info("go", TensorProto.BOOL, []),
            info("before", TensorProto.FLOAT, None),
        ],
        [info("still", TensorProto.BOOL, []), info("behind", TensorProto.FLOAT, None)],
    )
    m.graph.initializer.append(numpy_helper.from_array(np.int64(3), "turns"))
    insert(m, "relu1", step("Loop", "turns", "", "hidden", body=body))


@bad("custom-domain.onnx", "an operator of another domain", "com.example", "Swizzle")
def custom_domain(m):
    m.opset_import.append(helper.make_opsetid("com.example", 1))
    insert(m, "relu1", step("Swizzle", "hidden", domain="com.example"))


@bad(
    "known-name-of-custom-domain.onnx",
    "another domain's operator that is called as a known one is",
    "com.example",
    "Relu",
)
def known_name_of_custom_domain(m):
    m.opset_import.append(helper.make_opsetid("com.example", 1))
    node_of(m, "relu1").domain = "com.example"


@bad("unknown-operator.onnx", "an operator that does not exist", "Frobnicate")
def unknown_operator(m):
    insert(m, "relu1", step("Frobnicate", "hidden"))


@bad("opset-6.onnx", "an opset that is too old", "opset", "6")
def opset_6(m):
    m.opset_import[0].version = 6


@bad("opset-99.onnx", "an opset that does not exist", "opset", "99")
def opset_99(m):
    m.opset_import[0].version = 99


@bad("opset-missing.onnx", "no opset", "opset")
def opset_missing(m):
    del m.opset_import[:]


# Shapes


@bad("conv-channels.onnx", "convolution weights for another number of channels", "conv1|conv.weight")
def conv_channels(m):
    replace_weight(m, "conv.weight", zeros(2, 3, 3, 3))


@bad("conv-group.onnx", "groups that do not divide the channels", "conv1")
def conv_group(m):
    attribute(node_of(m, "conv1"), group=2)


@bad("conv-kernel-shape.onnx", "another kernel than that of the weights", "conv1")
def conv_kernel_shape(m):
    attribute(node_of(m, "conv1"), kernel_shape=[5, 5])


@bad("conv-too-large.onnx", "a kernel larger than the image", "conv1")
def conv_too_large(m):
    replace_weight(m, "conv.weight", zeros(2, 1, 9, 9))


@bad("conv-bias.onnx", "a bias for another number of channels", "conv1|conv.bias")
def conv_bias(m):
    replace_weight(m, "conv.bias", zeros(5))


@bad("conv-strides-zero.onnx", "a stride of 0", "conv1", "strides|stride")
def conv_strides_zero(m):
    attribute(node_of(m, "conv1"), strides=[0, 1])


@bad("conv-strides-three.onnx", "three strides", "conv1", "strides|stride")
def conv_strides_three(m):
    attribute(node_of(m, "conv1"), strides=[1, 1, 1])


@bad("conv-pads-negative.onnx", "pads below 0", "conv1", "pads|pad")
def conv_pads_negative(m):
    attribute(node_of(m, "conv1"), pads=[-1, -1, -1, -1])


@bad("conv-pads-huge.onnx", "pads of 2⁴⁰", "conv1|size|elements|large")
def conv_pads_huge(m):
    attribute(node_of(m, "conv1"), pads=[2**40, 2**40, 2**40, 2**40])


@bad("conv-attribute-type.onnx", "strides that are broken numbers", "strides")
def conv_attribute_type(m):
    attribute(node_of(m, "conv1"), strides=[1.5, 1.5])


@bad("conv-auto-pad.onnx", "a kind of padding that does not exist", "SAME_SOMEHOW")
def conv_auto_pad(m):
    attribute(node_of(m, "conv1"), auto_pad="SAME_SOMEHOW")


@bad("gemm-mismatch.onnx", "dense weights for another number of features", "gemm1|dense.weight")
def gemm_mismatch(m):
    replace_weight(m, "dense.weight", zeros(30, 3))


@bad("gemm-bias.onnx", "a bias for another number of labels", "gemm1|dense.bias")
def gemm_bias(m):
    replace_weight(m, "dense.bias", zeros(4))


@bad("norm-channels.onnx", "statistics for another number of channels", "norm1")
def norm_channels(m):
    for name in "abcd":
        m.graph.initializer.append(numpy_helper.from_array(np.ones(5, np.float32), name))
    insert(m, "relu1", step("BatchNormalization", "hidden", *"abcd", name="norm1"))


@bad("norm-training.onnx", "a batch normalization that trains", "norm1", "training_mode|training")
def norm_training(m):
    for name in "abcd":
        m.graph.initializer.append(numpy_helper.from_array(np.ones(2, np.float32), name))
    insert(
        m,
        "relu1",
        helper.make_node(
            "BatchNormalization",
            ["hidden", *"abcd"],
            ["stepped", "mean", "variance"],
            name="norm1",
            training_mode=1,
        ),
    )


@bad("dropout-training.onnx", "a dropout that trains", "dropout1", "training_mode|training")
def dropout_training(m):
    m.graph.initializer.append(numpy_helper.from_array(np.float32(0.5), "ratio"))
    m.graph.initializer.append(numpy_helper.from_array(np.bool_(True), "training"))
    insert(m, "relu1", step("Dropout", "hidden", "ratio", "training"))


@bad("pool-indices.onnx", "a pool whose indices are used", "pool1")
def pool_indices(m):
    insert(
        m,
        "relu1",
        helper.make_node("MaxPool", ["hidden"], ["pooled", "indices"], name="pool1", kernel_shape=[1, 1]),
        step("Cast", "indices", to=TensorProto.FLOAT),
    )


@bad("pad-reflect.onnx", "padding by reflection", "reflect")
def pad_reflect(m):
    m.graph.initializer.append(numpy_helper.from_array(np.array([0, 0, 1, 1, 0, 0, 1, 1]), "pads"))
    m.graph.node.insert(
        0, helper.make_node("Pad", ["images", "pads"], ["padded"], name="pad1", mode="reflect")
    )
    node_of(m, "conv1").input[0] = "padded"
    replace_weight(m, "shape", np.array([-1, 72]))
    replace_weight(m, "dense.weight", zeros(72, 3))


@bad("transpose-twice.onnx", "a permutation that names an axis twice", "transpose1", "perm|permutation|axes")
def transpose_twice(m):
    insert(m, "relu1", step("Transpose", "hidden", perm=[0, 1, 1, 3]))


@bad("concat-axis.onnx", "an axis that is not there", "concat1", "axis")
def concat_axis(m):
    insert(m, "relu1", step("Concat", "hidden", "hidden", axis=4))


@bad("add-shapes.onnx", "shapes that do not broadcast", "add1")
def add_shapes(m):
    m.graph.initializer.append(numpy_helper.from_array(zeros(3, 1, 1), "three"))
    insert(m, "relu1", step("Add", "hidden", "three"))


def reshape_case(file, what, target, **attributes):
    @bad(f"reshape-{file}.onnx", what, "reshape1")
    def change(m):
        replace_weight(m, "shape", np.array(target, np.int64))
        attribute(node_of(m, "reshape1"), **attributes)


reshape_case("count", "a shape that cannot hold the features", [-1, 31])
reshape_case("two-free", "two free dimensions", [-1, -1])
reshape_case("negative", "a dimension of -2", [-2, 32])
reshape_case("zero-beyond", "a 0 that stands for a dimension that is not there", [-1, 32, 1, 1, 0])
reshape_case("zero", "a dimension of 0 that means 0", [0, 32], allowzero=1)
reshape_case("huge", "dimensions whose product overflows", [2**62, 8, 2**62])


@bad("logits-one.onnx", "a single logit", "1")
def logits_one(m):
    replace_weight(m, "dense.weight", zeros(32, 1))
    replace_weight(m, "dense.bias", zeros(1))
    m.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 1


@bad("logits-rank-4.onnx", "logits [N, 2, 4, 4]", "hidden")
def logits_rank_4(m):
    del m.graph.node[2:]
    m.graph.output[0].CopyFrom(helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["N", 2, 4, 4]))


@bad("logits-over-batch.onnx", "an output [3], the mean over the batch", "mean")
def logits_over_batch(m):
    m.graph.node.append(step("ReduceMean", "logits", output="mean", axes=[0], keepdims=0))
    m.graph.output[0].CopyFrom(helper.make_tensor_value_info("mean", TensorProto.FLOAT, [3]))


def input_case(file, what, dims, *words, kind=TensorProto.FLOAT):
    @bad(f"input-{file}.onnx", what, *words)
    def change(m):
        m.graph.input[0].CopyFrom(helper.make_tensor_value_info("images", kind, dims))


input_case("dynamic-size", "a height and a width that are free", ["N", 1, "height", "width"], "height|images")
input_case("no-shape", "an input without a shape", None, "images")
input_case("rank-3", "an input of rank 3", ["N", 6, 6], "images")
input_case("negative", "a height below 0", ["N", 1, -6, 6], "-6|images")
input_case("zero", "a height of 0", ["N", 1, 0, 6], "0|images")
input_case("2-to-40", "a height of 2⁴⁰", ["N", 1, 2**40, 6], "1099511627776|images")
input_case("overflow", "a size whose product overflows", ["N", 1, 2**62, 2**62], "images")
input_case("channels", "five channels", ["N", 5, 6, 6], "5")
input_case("double", "pixels in double precision", ["N", 1, 6, 6], "double|float64", kind=TensorProto.DOUBLE)
input_case("bytes", "pixels that are bytes", ["N", 1, 6, 6], "uint8", kind=TensorProto.UINT8)


# Weights


@bad("raw-data-short.onnx", "fewer bytes than the shape wants", "conv.weight")
def raw_data_short(m):
    weight = weight_of(m, "conv.weight")
    weight.raw_data = weight.raw_data[:-4]


@bad("raw-data-long.onnx", "more bytes than the shape wants", "conv.weight")
def raw_data_long(m):
    weight_of(m, "conv.weight").raw_data += bytes(4)


@bad("float-data-short.onnx", "fewer numbers than the shape wants", "conv.weight")
def float_data_short(m):
    weight = weight_of(m, "conv.weight")
    weight.ClearField("raw_data")
    weight.float_data.extend([0.5] * 17)


@bad("data-missing.onnx", "a weight without any data", "conv.weight")
def data_missing(m):
    weight_of(m, "conv.weight").ClearField("raw_data")


def dims_case(file, what, dims):
    @bad(f"weight-{file}.onnx", what, "conv.weight")
    def change(m):
        weight_of(m, "conv.weight").dims[:] = dims


dims_case("negative", "dimensions of which two are below 0", [-2, -1, 3, 3])
dims_case("2-to-40", "a dimension of 2⁴⁰", [2**40, 1, 3, 3])
dims_case("overflow", "dimensions whose product overflows to 0", [2**32, 2**32, 3, 3])
dims_case("overflow-to-fit", "dimensions whose product overflows to 18", [2**62 + 2, 1, 3, 3])


def type_case(file, what, kind, word):
    @bad(f"weight-{file}.onnx", what, word)
    def change(m):
        values = numpy_helper.to_array(weight_of(m, "conv.weight"))
        weight_of(m, "conv.weight").CopyFrom(
            helper.make_tensor("conv.weight", kind, values.shape, values.flatten())
        )


type_case("double", "a weight in double precision", TensorProto.DOUBLE, "double|float64")
type_case("int64", "a weight of integers", TensorProto.INT64, "int64")


@bad("weight-type-99.onnx", "a type that does not exist", "conv.weight", "99")
def weight_type_99(m):
    weight_of(m, "conv.weight").data_type = 99


@bad("weight-string.onnx", "a weight of texts", "string")
def weight_string(m):
    weight_of(m, "conv.bias").CopyFrom(
        helper.make_tensor("conv.bias", TensorProto.STRING, [2], [b"one", b"two"])
    )


@bad("constant-string.onnx", "a constant of texts", "string|value_string|Constant")
def constant_string(m):
    m.graph.initializer.remove(weight_of(m, "conv.bias"))
    texts = helper.make_tensor("texts", TensorProto.STRING, [2], [b"one", b"two"])
    m.graph.node.insert(0, helper.make_node("Constant", [], ["conv.bias"], name="constant1", value=texts))


def cast_case(file, kind):
    @bad(f"{file}-cast.onnx", f"weights in {file} that a Cast makes float32", file)
    def change(m):
        weight = weight_of(m, "conv.weight")
        values = numpy_helper.to_array(weight)
        weight.CopyFrom(helper.make_tensor("conv.weight", kind, values.shape, values.flatten()))
        m.graph.node.insert(
            0, helper.make_node("Cast", ["conv.weight"], ["cast"], name="cast1", to=TensorProto.FLOAT)
        )
        node_of(m, "conv1").input[1] = "cast"


cast_case("float16", TensorProto.FLOAT16)
cast_case("bfloat16", TensorProto.BFLOAT16)


@bad("float16-graph.onnx", "a network in float16 from its input to its output", "float16")
def float16_graph(m):
    for weight in m.graph.initializer:
        if weight.data_type == TensorProto.FLOAT:
            replace_weight(m, weight.name, numpy_helper.to_array(weight).astype(np.float16))
    for value in (m.graph.input[0], m.graph.output[0]):
        value.type.tensor_type.elem_type = TensorProto.FLOAT16


@bad("int8.onnx", "activations and weights in int8", "int8|QuantizeLinear|DequantizeLinear")
def int8(m):
    weight = np.round(numpy_helper.to_array(weight_of(m, "conv.weight")) * 50).astype(np.int8)
    replace_weight(m, "conv.weight", weight)
    m.graph.initializer.append(numpy_helper.from_array(np.float32(0.02), "scale"))
    m.graph.initializer.append(numpy_helper.from_array(np.int8(0), "zero"))
    m.graph.node.insert(
        0, helper.make_node("QuantizeLinear", ["images", "scale", "zero"], ["q"], name="quantize1")
    )
    m.graph.node.insert(
        1, helper.make_node("DequantizeLinear", ["q", "scale", "zero"], ["d"], name="dequantize1")
    )
    m.graph.node.insert(
        2, helper.make_node("DequantizeLinear", ["conv.weight", "scale", "zero"], ["w"], name="dequantize2")
    )
    node_of(m, "conv1").input[:2] = ["d", "w"]


# Weights in other files


def external_case(file, what, location, word, **entries):
    @bad(f"external-{file}.onnx", what, word)
    def change(m):
        external(m, location, **entries)


external_case("parent", "weights in the folder above", "../outside.data", "../outside.data")
external_case(
    "parent-hidden", "weights in the folder above, on a detour", "inside/../../outside.data", "outside.data"
)
external_case("absolute", "weights in a file of the system", "/etc/passwd", "/etc/passwd")
external_case(
    "symlink",
    "weights behind link.data, which the test makes a link to a file outside",
    "link.data",
    "link.data",
)
external_case("missing", "weights in a file that is not there", "nowhere.data", "nowhere.data")
external_case("folder", "weights in a folder", ".", "dense.weight|external-folder")
external_case("nameless", "weights in a file without a name", "", "dense.weight")
external_case("no-location", "weights in no file", None, "dense.weight|location", offset=0)
external_case("short", "weights in a file that is too short", "short.data", "short.data")
external_case("offset-negative", "weights from before the file", "384.data", "offset|384.data", offset=-4)
external_case(
    "offset-past", "weights from behind the end of the file", "384.data", "offset|384.data", offset=4096
)
external_case(
    "offset-some", "weights from within the file to behind its end", "384.data", "384.data", offset=128
)
external_case("offset-text", "an offset that is no number", "384.data", "offset", offset="0x10")
external_case(
    "offset-overflow",
    "an offset that overflows with the length",
    "384.data",
    "offset|384.data",
    offset=2**63 - 1,
    length=2**63 - 1,
)
external_case("offset-large", "an offset that no 64 bits hold", "384.data", "offset", offset=2**70)
external_case("length-negative", "a length below 0", "384.data", "length|384.data", offset=0, length=-384)
external_case(
    "length-other",
    "a length that does not fit the shape",
    "384.data",
    "length|dense.weight",
    offset=0,
    length=380,
)
external_case(
    "length-long",
    "a length beyond the end of the file",
    "384.data",
    "length|384.data",
    offset=0,
    length=2**40,
)
BESIDE = {"short.data": bytes(100), "384.data": bytes(384)}


def write_bad(folder, check):
    listed = []
    for file, (what, words, function) in BAD.items():
        model = base()
        result = function(model)
        content = result if isinstance(result, bytes) else model.SerializeToString()
        (folder / file).write_bytes(content)
        listed.append({"file": file, "what": what, "words": list(words)})
        if check:
            print(f"{file}: ONNX Runtime {'refuses' if refused(folder / file) else 'reads'} it")
    for file, content in BESIDE.items():
        (folder / file).write_bytes(content)
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in listed)
    (folder / "bad.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"bad: {len(listed)} files")


def refused(path):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        session.run(None, {session.get_inputs()[0].name: zeros(2, 1, 6, 6)})
    except Exception:  # ONNX Runtime has a dozen kinds.
        return True
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--check",
        action="store_true",
        help="also take finite differences, and show what ONNX Runtime refuses",
    )
    parser.add_argument(
        "--only", default="", metavar="A,B,…", help="only these good networks, and no bad ones"
    )
    arguments = parser.parse_args()
    only = set(filter(None, arguments.only.split(",")))
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)
    torch.manual_seed(SEED)

    for name in ("good", "bad"):
        (FOLDER / name).mkdir(parents=True, exist_ok=True)
        if not only:
            # What an earlier version of this script wrote.
            for path in (FOLDER / name).iterdir():
                path.unlink()
    good(FOLDER / "good", only, arguments.check)
    if not only:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "base.onnx"
            path.write_bytes(base().SerializeToString())
            assert not refused(path)
        write_bad(FOLDER / "bad", arguments.check)


if __name__ == "__main__":
    main()
