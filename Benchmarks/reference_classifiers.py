"""The classifiers of Assay in PyTorch, with the same weights, and the test images that they are attacked on.

Weights are Assay's safetensors: dense weights [in, out], convolution weights [KH, KW, Cin, Cout], features flattened
as [H, W, C]. Images are [N, 1, 28, 28] in [0, 1]; the map to [-1, 1] is part of the conv and resnet classifiers.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from pytorch_cases import ResidualNetwork, conv_network, dense_network, read_idx
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

RESOURCES = Path(__file__).resolve().parent.parent / "Sources" / "Classifier" / "Resources"
# Correct answers on the 10,000 test images: docs/results/classifiers.md.
DOCUMENTED = {"conv": 9143, "dense": 8939, "resnet": 9469}
BATCH = 500


class ReferenceClassifier(nn.Module):
    """Logits of images in [0, 1]; counts the images that went through it."""

    def __init__(self, network: nn.Module, scale: float, offset: float) -> None:
        super().__init__()
        self.network = network
        self.scale, self.offset = scale, offset
        self.images_seen = 0

    def forward(self, x: Tensor) -> Tensor:
        self.images_seen += len(x)
        return self.network(x * self.scale + self.offset)

    def features(self, x: Tensor) -> Tensor:
        """What the last layer sees, of conv the mean over the image: the features of Assay's judges."""
        found: list[Tensor] = []
        last = list(self.network.modules())[-1]
        hook = last.register_forward_pre_hook(lambda _, inputs: found.append(inputs[0]))
        self(x)
        hook.remove()
        return found[0].unflatten(1, (128, 49)).mean(2) if found[0].shape[1] == 6272 else found[0]


@dataclass(frozen=True)
class LoadedClassifier:
    name: str
    architecture: str
    sha256: str
    model: ReferenceClassifier


def load_classifier(name: str) -> LoadedClassifier:
    """The reference classifier of this name, or the one in the file of this path; in inference mode."""
    path = RESOURCES / f"{name}.safetensors" if name in DOCUMENTED else Path(name)
    try:
        with safe_open(path, framework="pt") as file:
            architecture = (file.metadata() or {}).get("architecture", "")
            weights = {key: file.get_tensor(key) for key in file.keys()}
    except SafetensorError as error:
        raise ValueError(f"expected a safetensors file: {error}") from error
    if architecture == "resnet":
        model = ReferenceClassifier(ResidualNetwork(), scale=2, offset=-1)
        state = residual_state(weights)
        return loaded(name, architecture, path, model, state)
    if architecture == "dense":
        model = ReferenceClassifier(dense_network(), scale=1, offset=0)
        parts = {"1": "hidden", "3": "logits"}
    elif architecture in ("conv", "conv-relu"):
        network = conv_network(slope=0.3 if architecture == "conv" else 0)
        model = ReferenceClassifier(network, scale=2, offset=-1)
        parts = {"1": "conv1", "5": "conv2", "9": "logits"}
        # Rows of [7, 7, 128] become rows of [128, 7, 7].
        rows = weights["logits.weight"].unflatten(0, (7, 7, 128))
        weights["logits.weight"] = rows.permute(2, 0, 1, 3).flatten(0, 2)
    else:
        raise ValueError(f"expected the architecture dense, conv, conv-relu or resnet, found “{architecture}”")
    state = {}
    for index, part in parts.items():
        weight = weights[f"{part}.weight"]
        state[f"{index}.weight"] = weight.permute(3, 2, 0, 1) if weight.ndim == 4 else weight.T
        state[f"{index}.bias"] = weights[f"{part}.bias"]
    return loaded(name, architecture, path, model, state)


def residual_state(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors of resnet as PyTorch calls them: a block is a convolution (0) and its normalization (1)."""
    parts = {
        "weight": "0.weight",
        "scale": "1.weight",
        "offset": "1.bias",
        "runningMean": "1.running_mean",
        "runningVariance": "1.running_var",
    }
    state = {}
    for key, weight in weights.items():
        block, part = key.rsplit(".", 1)
        if block in ("hidden", "logits"):
            state[key] = weight.T if weight.ndim == 2 else weight
        else:
            state[f"{block}.{parts[part]}"] = weight.permute(3, 2, 0, 1) if weight.ndim == 4 else weight
    return state


def loaded(
    name: str, architecture: str, path: Path, model: ReferenceClassifier, state: dict[str, Tensor]
) -> LoadedClassifier:
    # PyTorch also counts the batches that a normalization has seen, which nothing depends on.
    missing, unexpected = model.network.load_state_dict(state, strict=False)
    if unexpected or any(not key.endswith("num_batches_tracked") for key in missing):
        raise ValueError(f"expected the tensors of {architecture}, found others: {missing} {unexpected}")
    model = model.eval().requires_grad_(False).to(memory_format=torch.channels_last)
    return LoadedClassifier(name, architecture, hashlib.sha256(path.read_bytes()).hexdigest(), model)


def load_test_images(folder: Path) -> tuple[Tensor, Tensor]:
    """Pixels [10000, 1, 28, 28] in [0, 1] and labels [10000]."""

    def read(name: str) -> np.ndarray:
        compressed = folder / f"{name}.gz"
        return read_idx(compressed if compressed.exists() else folder / name)

    pixels, labels = read("t10k-images-idx3-ubyte"), read("t10k-labels-idx1-ubyte")
    if pixels.shape != (10_000, 28, 28) or labels.shape != (10_000,):
        raise ValueError(f"expected 10000 test images of 28×28, found {pixels.shape} and {labels.shape} labels")
    x = torch.from_numpy(pixels.astype(np.float32) / 255).unsqueeze(1)
    return x, torch.from_numpy(labels.astype(np.int64))


@torch.no_grad()
def predictions(model: nn.Module, x: Tensor) -> Tensor:
    return torch.cat([model(batch).argmax(1) for batch in x.split(BATCH)])
