"""Six networks that are not Assay's, trained in PyTorch, whose features judge sets of images.

| network       | kind                                          | learns       | features                   |
|---------------|-----------------------------------------------|--------------|----------------------------|
| vgg-1, -2     | pairs of 3×3 convolutions, batch norm, pooled | the labels   | dense layer over positions |
| mixer-1, -2   | patches; depthwise and pointwise, residual    | the labels   | mean over positions        |
| plain-1       | 5×5 convolutions without batch norm           | the labels   | dense layer over positions |
| autoencoder-1 | strided convolutions, and back                | the image    | the code between the two   |

So two see layout through a dense layer, one kind only as far as its convolutions reach, and one knows no
labels. The number after the kind is the seed. The epochs are fixed beforehand and nothing is chosen by test
images; no augmentation, which would teach indifference to what the sets differ in. Training is in bfloat16
where PyTorch offers it (autocast), features are in single precision.

A trained network is a file in the folder it was trained for. One of another recipe (`version`, epochs,
images) is trained anew.
"""

import hashlib
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

# Of the recipes below: a change of any makes the files of older ones worthless.
VERSION = 1
BATCH = 128
EVALUATION_BATCH = 500
# Mean and deviation of the training pixels in [0, 1].
MEAN, DEVIATION = 0.2860, 0.3530


class Outside(nn.Module):
    """Features of pixels [N, 1, 28, 28] in [0, 1], and an output made of them: logits, or an image's."""

    def __init__(self, features: nn.Module, output: nn.Module) -> None:
        super().__init__()
        self.features_of_normalized, self.output = features, output

    def features(self, x: Tensor) -> Tensor:
        return self.features_of_normalized((x - MEAN) / DEVIATION)

    def forward(self, x: Tensor) -> Tensor:
        return self.output(self.features(x))


def vgg() -> Outside:
    layers, before = [], 1
    for width in (16, 32, 64):
        for _ in range(2):
            layers += [nn.Conv2d(before, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
            before = width
        layers.append(nn.MaxPool2d(2))
    layers += [nn.Flatten(), nn.Linear(64 * 3 * 3, 128), nn.ReLU()]
    return Outside(nn.Sequential(*layers), nn.Linear(128, 10))


class Residual(nn.Module):
    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x)


def mixer(width: int = 64, depth: int = 4) -> Outside:
    """Trockman and Kolter 2022, with patches of 4×4 that overlap by half and kernels of 5×5."""
    layers = [nn.Conv2d(1, width, 4, stride=2, padding=1), nn.GELU(), nn.BatchNorm2d(width)]
    for _ in range(depth):
        spatial = nn.Conv2d(width, width, 5, padding=2, groups=width)
        layers += [
            Residual(spatial, nn.GELU(), nn.BatchNorm2d(width)),
            *(nn.Conv2d(width, width, 1), nn.GELU(), nn.BatchNorm2d(width)),
        ]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return Outside(nn.Sequential(*layers), nn.Linear(width, 10))


def plain() -> Outside:
    layers = [nn.Conv2d(1, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)]
    layers += [nn.Conv2d(16, 48, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)]
    layers += [nn.Flatten(), nn.Linear(48 * 7 * 7, 128), nn.ReLU()]
    return Outside(nn.Sequential(*layers), nn.Linear(128, 10))


def autoencoder(code: int = 64) -> Outside:
    encoder = [nn.Conv2d(1, 32, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(32, 64, 3, stride=2, padding=1)]
    encoder += [nn.ReLU(), nn.Flatten(), nn.Linear(64 * 7 * 7, code)]
    decoder = [nn.Linear(code, 64 * 7 * 7), nn.ReLU(), nn.Unflatten(1, (64, 7, 7))]
    decoder += [nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1), nn.ReLU()]
    decoder += [nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1)]
    return Outside(nn.Sequential(*encoder), nn.Sequential(*decoder))


@dataclass(frozen=True)
class Recipe:
    kind: str
    seed: int
    build: Callable[[], Outside]
    epochs: int
    # The highest of one cycle.
    rate: float
    knows_labels: bool = True

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.seed}"


NETWORK_CATALOG = (
    Recipe("vgg", 1, vgg, epochs=6, rate=4e-3),
    Recipe("vgg", 2, vgg, epochs=6, rate=4e-3),
    Recipe("mixer", 1, mixer, epochs=6, rate=6e-3),
    Recipe("mixer", 2, mixer, epochs=6, rate=6e-3),
    Recipe("plain", 1, plain, epochs=6, rate=2e-3),
    Recipe("autoencoder", 1, autoencoder, epochs=6, rate=3e-3, knows_labels=False),
)


@dataclass(frozen=True)
class LabeledImages:
    """Bytes [N, 28, 28] and labels [N]."""

    images: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class TrainedNetwork:
    recipe: Recipe
    module: Outside
    # Of the file.
    sha256: str
    # Test accuracy; of an autoencoder the share of the test pixels' variance that it explains.
    quality: float
    seconds: float

    @torch.no_grad()
    def features(self, images: np.ndarray) -> np.ndarray:
        """[N, d] of bytes [N, 28, 28]."""
        return torch.cat([self.module.features(x) for x in pixels(images).split(EVALUATION_BATCH)]).numpy()


def pixels(images: np.ndarray) -> Tensor:
    """[N, 1, 28, 28] in [0, 1]."""
    return torch.from_numpy(images).unsqueeze(1).float() / 255


def trained(
    recipe: Recipe, train: LabeledImages, test: LabeledImages, folder: Path, epochs: int | None
) -> TrainedNetwork:
    """From its file in the folder if it is there, else trained and written."""
    path = folder / f"{recipe.name}.pt"
    epochs = epochs or recipe.epochs
    digest = hashlib.sha256(train.images.tobytes() + train.labels.tobytes()).hexdigest()
    wanted = {"version": VERSION, "name": recipe.name, "epochs": epochs, "training_images": digest}
    stored = torch.load(path, weights_only=True) if path.exists() else {}
    if stored.get("recipe") != wanted:
        start = time.perf_counter()
        module = train_network(recipe, train, epochs)
        seconds = time.perf_counter() - start
        quality = test_quality(module, test, knows_labels=recipe.knows_labels)
        stored = {"recipe": wanted, "weights": module.state_dict(), "quality": quality, "seconds": seconds}
        folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        torch.save(stored, temporary)
        temporary.replace(path)
    module = recipe.build()
    module.load_state_dict(stored["weights"])
    module = module.eval().requires_grad_(False).to(memory_format=torch.channels_last)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return TrainedNetwork(recipe, module, digest, stored["quality"], stored["seconds"])


def train_network(recipe: Recipe, train: LabeledImages, epochs: int) -> Outside:
    """AdamW in one cycle; cross-entropy with the labels, or of each pixel with itself."""
    torch.manual_seed(recipe.seed)
    module = recipe.build().to(memory_format=torch.channels_last).train()
    images, labels = torch.from_numpy(train.images).unsqueeze(1), torch.from_numpy(train.labels.astype(np.int64))
    steps = len(images) // BATCH
    optimizer = torch.optim.AdamW(module.parameters(), lr=recipe.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.rate, total_steps=epochs * steps)
    for epoch in range(epochs):
        start, total = time.perf_counter(), 0.0
        for batch in torch.randperm(len(images))[: steps * BATCH].split(BATCH):
            x = (images[batch].float() / 255).contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", torch.bfloat16):
                output = module(x)
            if recipe.knows_labels:
                loss = F.cross_entropy(output.float(), labels[batch])
            else:
                loss = F.binary_cross_entropy_with_logits(output.float(), x)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        print(
            f"{recipe.name}: epoch {epoch + 1} of {epochs}, loss {total / steps:.4f}, "
            f"{time.perf_counter() - start:.0f} s",
            file=sys.stderr,
            flush=True,
        )
    return module.eval()


@torch.no_grad()
def test_quality(module: Outside, test: LabeledImages, *, knows_labels: bool) -> float:
    x = pixels(test.images)
    output = torch.cat([module(batch) for batch in x.split(EVALUATION_BATCH)])
    if knows_labels:
        return float((output.argmax(1).numpy() == test.labels).mean())
    return 1 - float(((output.sigmoid() - x) ** 2).mean() / ((x - x.mean(0)) ** 2).mean())
