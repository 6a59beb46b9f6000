#!/usr/bin/env python3
"""What PyTorch makes of classifiers whose weights follow from a formula, for the tests of those who read its
state_dicts. Needs torch (2.15) and numpy. Writes Tests/ClassifierTests/Fixtures/states.json.

Element i of the tensor with number t (by the order of the names) is
((7919·i + 104729·t) mod 2003) / 2003 - 1/2, times 2 / √fan-in for weights; running variances are 1 plus it.
"""
import json
import pathlib

import numpy as np
import torch
from torch import nn

FOLDER = pathlib.Path(__file__).parent.parent / "ClassifierTests" / "Fixtures"


def formula(number, shape):
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    return ((7919 * i + 104729 * number) % 2003) / 2003 - 0.5


class Dense(nn.Module):
    def __init__(self, height, width, channels, labels):
        super().__init__()
        self.hidden = nn.Linear(height * width * channels, 128)
        self.logits = nn.Linear(128, labels)

    def forward(self, x):
        return self.logits(self.hidden(x.flatten(1)).relu())


class Conv(nn.Module):
    def __init__(self, height, width, channels, labels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 64, 5, stride=2)
        self.conv2 = nn.Conv2d(64, 128, 5, stride=2)
        last = [((size + 1) // 2 + 1) // 2 for size in (height, width)]
        self.logits = nn.Linear(last[0] * last[1] * 128, labels)

    def forward(self, x):
        x = 2 * x - 1
        for conv in (self.conv1, self.conv2):
            pads = []
            for size in reversed(x.shape[2:]):
                total = max(0, (-(-size // 2) - 1) * 2 + 5 - size)
                pads += [total // 2, total - total // 2]
            x = nn.functional.leaky_relu(conv(nn.functional.pad(x, pads)), 0.3)
        return self.logits(x.flatten(1))


def block(inputs, outputs, kernel=3):
    conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs), nn.ReLU())


class Pair(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first, self.second = block(channels, channels), block(channels, channels)

    def forward(self, x):
        return x + self.second(self.first(x))


class ResNet(nn.Module):
    def __init__(self, height, width, channels, labels):
        super().__init__()
        self.stem, self.widen1, self.residual1 = block(channels, 32), block(32, 64), Pair(64)
        self.widen2, self.residual2, self.squeeze = block(64, 128), Pair(128), block(128, 32, 1)
        self.hidden = nn.Linear(height // 4 * (width // 4) * 32, 128)
        self.logits = nn.Linear(128, labels)

    def forward(self, x):
        pool = nn.MaxPool2d(2)
        x = self.residual1(pool(self.widen1(self.stem(2 * x - 1))))
        x = self.squeeze(self.residual2(pool(self.widen2(x))))
        return self.logits(self.hidden(x.flatten(1)).relu())


def fixture(name, module, height, width, channels, labels):
    model = module(height, width, channels, labels).double().eval()
    state = {key: value for key, value in model.state_dict().items() if value.is_floating_point()}
    for number, key in enumerate(sorted(state)):
        shape = tuple(state[key].shape)
        values = formula(number, shape)
        if key.endswith("running_var"):
            values = 1 + values
        elif len(shape) > 1:
            values = values * 2 / np.sqrt(np.prod(shape[1:]))
        state[key].copy_(torch.from_numpy(values.astype(np.float32).astype(np.float64)).reshape(shape))
    pixels = formula(99, (2, height, width, channels)) + 0.5
    images = torch.from_numpy(pixels.reshape(2, height, width, channels)).permute(0, 3, 1, 2)
    with torch.no_grad():
        logits = model(images)
    return {
        "architecture": name,
        "imageShape": [height, width, channels],
        "shapes": {key: list(value.shape) for key, value in state.items()},
        "logits": [[float(f"{value:.9g}") for value in row] for row in logits.tolist()],
    }


def main():
    cases = [
        fixture("dense", Dense, 5, 4, 3, 3),
        fixture("conv", Conv, 9, 10, 3, 4),
        fixture("resnet", ResNet, 12, 8, 3, 5),
    ]
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "states.json").write_text(json.dumps({"torch": torch.__version__, "cases": cases}, indent=1) + "\n")


if __name__ == "__main__":
    main()
