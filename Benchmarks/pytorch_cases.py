"""The benchmarks of eval-bench, done in PyTorch: the same names, the same work.

Run by compare_with_pytorch.py, one process a case:

    pytorch_cases.py CASE --data DIR [--threads N] [--repeat N] [--form stock|tuned|compiled|bfloat16]

prints one line of JSON: {"case", "seconds", "runs", "torch"}. Seconds are those of the fastest run, by the rule of
eval-bench: a warm-up, then at least --repeat runs, and on until half a second was measured.

Images are kept in memory as floats in [-1, 1]; in eval-bench they are bytes, and their conversion is part of the
time. Weights are fresh: accuracies mean nothing here and are not printed. The memory allocator is tuned from
outside, by environment variables, because it reads them when a process starts.
"""

import argparse
import gzip
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

LEAST_SECONDS = 0.5
EVALUATION_BATCH = 500
# The source's grid, in units of the pixel range [-1, 1].
EPSILONS = (0, 0.01, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1)
# ε 0.1 of pixels in [0, 1], here in [-1, 1], and the step that goes with it.
PGD_STEPS = 40
PGD_EPSILON = 0.2
PGD_STEP_SIZE = 2.5 * PGD_EPSILON / PGD_STEPS


@dataclass(frozen=True)
class Work:
    """What is timed, and what is done before to touch the memory."""

    warm_up: Callable[[], None]
    run: Callable[[], None]


@dataclass(frozen=True)
class Form:
    """How PyTorch is made to do the work. All but the first also flush denormals to zero."""

    channels_last: bool = False
    compiled: bool = False
    bfloat16: bool = False

    def network(self, module: nn.Module) -> nn.Module:
        if self.channels_last:
            module = module.to(memory_format=torch.channels_last)
        return torch.compile(module) if self.compiled else module

    def products(self) -> torch.autocast:
        """Within it, products and convolutions take factors of bfloat16 where that is asked for."""
        return torch.autocast("cpu", torch.bfloat16, enabled=self.bfloat16)


FORMS = {
    "stock": Form(),
    "tuned": Form(channels_last=True),
    "compiled": Form(channels_last=True, compiled=True),
    "bfloat16": Form(channels_last=True, bfloat16=True),
}


# --- data -----------------------------------------------------------------------------------------


def read_idx(path: Path) -> np.ndarray:
    """The bytes of an IDX file, plain or gzipped, in the shape that its header declares."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    # Two zero bytes, the type (8: unsigned bytes), the number of dimensions; then each dimension, big-endian.
    if content[:3] != b"\x00\x00\x08":
        raise ValueError(f"{path}: expected an IDX file of bytes, found a header of {content[:4].hex()}")
    rank = content[3]
    shape = tuple(int(size) for size in np.frombuffer(content, ">u4", count=rank, offset=4))
    values = np.frombuffer(content, np.uint8, offset=4 + 4 * rank)
    if values.size != np.prod(shape):
        raise ValueError(f"{path}: expected {shape} bytes, found {values.size}")
    return values.reshape(shape)


@dataclass(frozen=True)
class Images:
    """The images of a data set as tensors: pixels [N, 1, 28, 28] in [-1, 1], labels [N]."""

    folder: Path
    channels_last: bool

    @cached_property
    def train(self) -> tuple[Tensor, Tensor]:
        return self._split("train", 60_000)

    @cached_property
    def test(self) -> tuple[Tensor, Tensor]:
        return self._split("t10k", 10_000)

    def _split(self, prefix: str, count: int) -> tuple[Tensor, Tensor]:
        pixels = read_idx(self._path(f"{prefix}-images-idx3-ubyte"))
        labels = read_idx(self._path(f"{prefix}-labels-idx1-ubyte"))
        if pixels.shape != (count, 28, 28) or labels.shape != (count,):
            raise ValueError(
                f"{self.folder}: expected {count} images of 28×28, found {pixels.shape} and {labels.shape} labels"
            )
        x = torch.from_numpy(pixels.astype(np.float32) / 127.5 - 1).unsqueeze(1)
        if self.channels_last:
            x = x.contiguous(memory_format=torch.channels_last)
        return x, torch.from_numpy(labels.astype(np.int64))

    def _path(self, name: str) -> Path:
        compressed = self.folder / f"{name}.gz"
        return compressed if compressed.exists() else self.folder / name


# --- networks -------------------------------------------------------------------------------------


def dense_network() -> nn.Sequential:
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


def halving(inputs: int, outputs: int) -> list[nn.Module]:
    # "same" for 5×5 with stride 2 on an even size: one row before, two behind.
    return [nn.ZeroPad2d((1, 2, 1, 2)), nn.Conv2d(inputs, outputs, 5, 2)]


def conv_network(slope: float = 0.3) -> nn.Sequential:
    def block(inputs: int, outputs: int) -> list[nn.Module]:
        return [*halving(inputs, outputs), nn.LeakyReLU(slope), nn.Dropout(0.3)]

    return nn.Sequential(*block(1, 64), *block(64, 128), nn.Flatten(), nn.Linear(7 * 7 * 128, 10))


class ResidualNetwork(nn.Module):
    """The network of Sources/Classifier/ResidualNetwork.swift: convolutions with batch normalization."""

    def __init__(self) -> None:
        super().__init__()

        def block(inputs: int, outputs: int, kernel: int = 3) -> nn.Sequential:
            return nn.Sequential(
                nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
            )

        self.stem, self.widen1, self.widen2 = block(1, 32), block(32, 64), block(64, 128)
        self.residual1 = nn.ModuleDict({"first": block(64, 64), "second": block(64, 64)})
        self.residual2 = nn.ModuleDict({"first": block(128, 128), "second": block(128, 128)})
        self.squeeze = block(128, 32, kernel=1)
        self.hidden, self.logits = nn.Linear(7 * 7 * 32, 128), nn.Linear(128, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(self.widen1(self.stem(x)), 2)
        x = x + self.residual1["second"](self.residual1["first"](x))
        x = F.max_pool2d(self.widen2(x), 2)
        x = x + self.residual2["second"](self.residual2["first"](x))
        # Features are flattened as [H, W, C].
        x = self.squeeze(x).permute(0, 2, 3, 1).flatten(1)
        return self.logits(self.hidden(x).relu())


# --- cases ----------------------------------------------------------------------------------------


def training_epoch(
    network: nn.Module, images: Images, form: Form, *, batch_size: int, learning_rate: float, count: int = 60_000
) -> Work:
    """Shuffling, batch assembly, forward, backward, Adam; the last, incomplete batch is left out."""
    x, y = (part[:count] for part in images.train)
    network = form.network(network).train()
    optimizer = torch.optim.Adam(network.parameters(), learning_rate)

    def train(batches: int) -> None:
        order = torch.randperm(len(x))
        for start in range(0, batches * batch_size, batch_size):
            batch = order[start : start + batch_size]
            optimizer.zero_grad()
            with form.products():
                logits = network(x[batch])
            F.cross_entropy(logits.float(), y[batch]).backward()
            optimizer.step()

    return Work(warm_up=lambda: train(20), run=lambda: train(len(x) // batch_size))


def epsilon_sweep(network: nn.Module, images: Images, form: Form) -> Work:
    """Foreground FGSM: one gradient an image, then the predictions at every ε.

    At ε = 0 they come from the gradient's own forward pass, as in eval-bench.
    """
    x_all, y_all = images.test
    network = form.network(network).eval().requires_grad_(False)

    def sweep(count: int) -> None:
        correct = [0] * len(EPSILONS)
        for start in range(0, count, EVALUATION_BATCH):
            x, y = x_all[start : start + EVALUATION_BATCH], y_all[start : start + EVALUATION_BATCH]
            source = x.detach().requires_grad_()
            clean = network(source)
            (gradient,) = torch.autograd.grad(F.cross_entropy(clean, y, reduction="sum"), source)
            direction = gradient.sign() * (x > -1)
            with torch.no_grad():
                for index, epsilon in enumerate(EPSILONS):
                    logits = clean if epsilon == 0 else network((x + epsilon * direction).clamp(-1, 1))
                    correct[index] += int((logits.argmax(1) == y).sum())

    return Work(warm_up=lambda: sweep(2 * EVALUATION_BATCH), run=lambda: sweep(len(x_all)))


def projected_gradient_descent(network: nn.Module, images: Images, form: Form) -> Work:
    """PGD from a random start, without an early stop; of all iterates, an image's own with the highest loss is kept.

    The loss of an iterate comes from the forward pass that its gradient needs; only the last has one of its own.
    """
    x_all, y_all = images.test
    network = form.network(network).eval().requires_grad_(False)

    def attack(count: int, steps: int) -> None:
        for start in range(0, count, EVALUATION_BATCH):
            x, y = x_all[start : start + EVALUATION_BATCH], y_all[start : start + EVALUATION_BATCH]
            lower, upper = (x - PGD_EPSILON).clamp_(min=-1), (x + PGD_EPSILON).clamp_(max=1)
            iterate = torch.empty_like(x).uniform_(-PGD_EPSILON, PGD_EPSILON).add_(x).clamp_(-1, 1)
            best, highest = x, torch.full((len(x),), -torch.inf)
            for step in range(steps + 1):
                iterate.requires_grad_(step < steps)
                losses = F.cross_entropy(network(iterate), y, reduction="none")
                with torch.no_grad():
                    best = torch.where((losses > highest)[:, None, None, None], iterate, best)
                    highest = torch.maximum(highest, losses)
                if step < steps:
                    (gradient,) = torch.autograd.grad(losses.sum(), iterate)
                    moved = iterate.detach().add(gradient.sign_(), alpha=PGD_STEP_SIZE)
                    iterate = torch.minimum(torch.maximum(moved, lower), upper)

    return Work(warm_up=lambda: attack(EVALUATION_BATCH, 2), run=lambda: attack(len(x_all), PGD_STEPS))


def inference(network: nn.Module, images: Images, form: Form) -> Work:
    """The predicted labels of the training images."""
    x, _ = images.train
    network = form.network(network).eval()

    @torch.no_grad()
    def predict(count: int) -> None:
        with form.products():
            for start in range(0, count, EVALUATION_BATCH):
                network(x[start : start + EVALUATION_BATCH]).argmax(1)

    return Work(warm_up=lambda: predict(4 * EVALUATION_BATCH), run=lambda: predict(len(x)))


# --- generators -----------------------------------------------------------------------------------


def infogan_generator() -> nn.Module:
    return nn.Sequential(
        *(nn.Linear(62, 1024), nn.BatchNorm1d(1024), nn.ReLU()),
        *(nn.Linear(1024, 6272), nn.BatchNorm1d(6272), nn.ReLU(), nn.Unflatten(1, (128, 7, 7))),
        *(nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.BatchNorm2d(64), nn.ReLU()),
        *(nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh()),
    )


def infogan_discriminator() -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(1, 64, 4, 2, 1), nn.LeakyReLU(0.2)),
        *(nn.Conv2d(64, 128, 4, 2, 1), nn.BatchNorm2d(128), nn.LeakyReLU(0.2), nn.Flatten()),
        *(nn.Linear(6272, 1024), nn.BatchNorm1d(1024), nn.LeakyReLU(0.2)),
        nn.Linear(1024, 1),
    )


def dcgan_generator() -> nn.Module:
    return nn.Sequential(
        *(nn.Linear(100, 12544, bias=False), nn.BatchNorm1d(12544), nn.LeakyReLU(0.3)),
        nn.Unflatten(1, (256, 7, 7)),
        *(nn.ConvTranspose2d(256, 128, 5, 1, 2, bias=False), nn.BatchNorm2d(128), nn.LeakyReLU(0.3)),
        *(nn.ConvTranspose2d(128, 64, 5, 2, 2, 1, bias=False), nn.BatchNorm2d(64), nn.LeakyReLU(0.3)),
        *(nn.ConvTranspose2d(64, 1, 5, 2, 2, 1, bias=False), nn.Tanh()),
    )


def dcgan_discriminator() -> nn.Module:
    layers = list(conv_network())[:-1]
    return nn.Sequential(*layers, nn.Linear(7 * 7 * 128, 1))


class LabelScaled(nn.Module):
    """A network whose input is multiplied with a vector learnt for the label."""

    def __init__(self, size: int, network: nn.Module) -> None:
        super().__init__()
        self.embedding = nn.Embedding(10, size)
        self.network = network

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        return self.network(x.flatten(1) * self.embedding(labels))


def x_generator() -> nn.Module:
    def hidden(inputs: int, outputs: int) -> list[nn.Module]:
        return [nn.Linear(inputs, outputs), nn.LeakyReLU(0.2), nn.BatchNorm1d(outputs, momentum=0.2)]

    layers = [*hidden(100, 256), *hidden(256, 512), *hidden(512, 1024), nn.Linear(1024, 784), nn.Tanh()]
    return LabelScaled(100, nn.Sequential(*layers, nn.Unflatten(1, (1, 28, 28))))


def x_discriminator() -> nn.Module:
    def hidden(inputs: int, outputs: int) -> list[nn.Module]:
        return [nn.Linear(inputs, outputs), nn.LeakyReLU(0.2)]

    layers = [*hidden(784, 512), *hidden(512, 256), *hidden(256, 128), nn.Dropout(0.5), nn.Linear(128, 1)]
    return LabelScaled(784, nn.Sequential(*layers))


class FlowerNetwork(nn.Sequential):
    """Dense layers for RGB images of 28×28, LeakyReLU and then batch normalization between."""

    def __init__(self, sizes: list[int], *ends: nn.Module) -> None:
        layers: list[nn.Module] = []
        for inputs, outputs in zip(sizes[:-2], sizes[1:-1]):
            layers += [nn.Linear(inputs, outputs), nn.LeakyReLU(0.2), nn.BatchNorm1d(outputs, momentum=0.2)]
        super().__init__(*layers, nn.Linear(*sizes[-2:]), *ends)


class NoisyFlowerDiscriminator(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.network = FlowerNetwork([2352, 1024, 512, 256, 1])

    def forward(self, x: Tensor) -> Tensor:
        return self.network((x + 0.1 * torch.randn_like(x)).flatten(1))


class LabelPlaneGenerator(nn.Module):
    """The convolutional conditional generator of 32×32 images, the label one-hot beside the noise."""

    def __init__(self) -> None:
        super().__init__()
        self.network = nn.Sequential(
            *(nn.Linear(110, 4096), nn.BatchNorm1d(4096), nn.ReLU(), nn.Unflatten(1, (256, 4, 4))),
            *(nn.ConvTranspose2d(256, 128, 4, 2, 1), nn.BatchNorm2d(128), nn.ReLU()),
            *(nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.BatchNorm2d(64), nn.ReLU()),
            *(nn.ConvTranspose2d(64, 3, 4, 2, 1), nn.Tanh()),
        )

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        return self.network(torch.cat([z, F.one_hot(labels, 10).float()], 1))


class LabelPlaneDiscriminator(nn.Module):
    """Its discriminator: the label as planes beside the image."""

    def __init__(self) -> None:
        super().__init__()
        self.network = nn.Sequential(
            *(nn.Conv2d(13, 64, 4, 2, 1), nn.LeakyReLU(0.2)),
            *(nn.Conv2d(64, 128, 4, 2, 1), nn.BatchNorm2d(128), nn.LeakyReLU(0.2)),
            *(nn.Conv2d(128, 256, 4, 2, 1), nn.BatchNorm2d(256), nn.LeakyReLU(0.2)),
            *(nn.Flatten(), nn.Linear(4096, 1)),
        )

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        planes = F.one_hot(labels, 10).float()[:, :, None, None].expand(-1, -1, *x.shape[2:])
        return self.network(torch.cat([x, planes], 1))


class Colorizer(nn.Module):
    """From a grey image to a coloured one: down, up, across, and by way of the whole."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Sequential(*halving(1, 64), nn.LeakyReLU(0.2))
        self.second = nn.Sequential(*halving(64, 128), nn.BatchNorm2d(128), nn.LeakyReLU(0.2))
        self.whole = nn.Sequential(nn.Flatten(), nn.Linear(6272, 256), nn.LeakyReLU(0.2), nn.Linear(256, 128))
        self.lower = nn.Sequential(
            *(nn.Conv2d(128, 128, 3, padding=1), nn.BatchNorm2d(128), nn.ReLU()),
            *(nn.ConvTranspose2d(128, 64, 5, 2, 2, 1), nn.BatchNorm2d(64), nn.ReLU()),
        )
        self.upper = nn.Sequential(nn.ConvTranspose2d(128, 32, 5, 2, 2, 1), nn.BatchNorm2d(32), nn.ReLU())
        self.last = nn.Sequential(nn.Conv2d(33, 3, 1), nn.Tanh())

    def forward(self, grey: Tensor) -> Tensor:
        x = self.first(grey)
        places = self.second(x)
        y = self.lower(places + self.whole(places)[:, :, None, None])
        return self.last(torch.cat([self.upper(torch.cat([y, x], 1)), grey], 1))


def colorizer_discriminator() -> nn.Module:
    return nn.Sequential(
        *(*halving(4, 64), nn.LeakyReLU(0.2)),
        *(*halving(64, 128), nn.BatchNorm2d(128), nn.LeakyReLU(0.2)),
        *(nn.Flatten(), nn.Linear(6272, 256), nn.LeakyReLU(0.2), nn.Linear(256, 1)),
    )


@dataclass(frozen=True)
class Pair:
    """A generator and its discriminator, and how they are trained."""

    generator: Callable[[], nn.Module]
    discriminator: Callable[[], nn.Module]
    noise: int
    batch_size: int
    learning_rate: float = 2e-4
    betas: tuple[float, float] = (0.5, 0.999)
    penalty: bool = False
    labels: bool = False
    channels: int = 1
    # Rows and columns, with black around.
    size: int = 28
    # Whether the discriminator sees real and drawn images in one batch.
    mixed: bool = False


def generator_step(pair: Pair, images: Images, form: Form) -> Work:
    """One update of the discriminator, with G(z) as a constant, and one of the generator."""
    x_all, y_all = images.train
    generator = form.network(pair.generator())
    # What is compiled has no second derivative.
    discriminator = (replace(form, compiled=False) if pair.penalty else form).network(pair.discriminator())
    optimizers = [
        torch.optim.Adam(network.parameters(), pair.learning_rate, pair.betas) for network in (discriminator, generator)
    ]
    size = pair.batch_size
    ones, zeros = torch.ones(size, 1), torch.zeros(size, 1)
    loss_of = F.binary_cross_entropy_with_logits

    def draw() -> tuple[Tensor, list[Tensor]]:
        labels = [torch.randint(0, 10, (size,))] if pair.labels else []
        return generator(torch.randn(size, pair.noise), *labels).float(), labels

    def critic(x: Tensor, *labels: Tensor) -> Tensor:
        return discriminator(x, *labels).float()

    def penalty(real: Tensor, fake: Tensor) -> Tensor:
        share = torch.rand(size, 1, 1, 1)
        between = (share * real + (1 - share) * fake).requires_grad_()
        (slopes,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
        return 10 * ((slopes.flatten(1).norm(2, 1) - 1) ** 2).mean()

    def step() -> None:
        batch = torch.randint(0, len(x_all), (size,))
        real, real_labels = x_all[batch], [y_all[batch]] if pair.labels else []
        if pair.channels == 3:
            real = coloured(real, y_all[batch])
        if pair.size > 28:
            real = F.pad(real, [(pair.size - 28) // 2] * 4, value=-1)
        optimizers[0].zero_grad()
        with form.products():
            with torch.no_grad():
                fake, labels = draw()
            if pair.penalty:
                loss = critic(fake).mean() - critic(real).mean() + penalty(real, fake)
            elif pair.mixed:
                score = critic(torch.cat([real, fake]))
                loss = loss_of(score[:size], ones) + loss_of(score[size:], zeros)
            else:
                loss = loss_of(critic(real, *real_labels), ones) + loss_of(critic(fake, *labels), zeros)
        loss.backward()
        optimizers[0].step()
        optimizers[1].zero_grad()
        with form.products():
            fake, labels = draw()
            # What learns from mixed batches judges in one, too.
            score = critic(torch.cat([real, fake]))[size:] if pair.mixed else critic(fake, *labels)
        (-score.mean() if pair.penalty else loss_of(score, ones)).backward()
        optimizers[1].step()

    def warm_up() -> None:
        for _ in range(3):
            step()

    return Work(warm_up=warm_up, run=step)


# A colour for each label, as the bytes of red, green and blue.
PALETTE = (0xFFD700, 0x1F4FBF, 0x2E8B57, 0xE00000, 0x8A2BE2, 0xFF69B4, 0x00CED1, 0xFFFFFF, 0x9ACD32, 0x8B4513)
TONES = torch.tensor([[(color >> shift & 255) / 255 for shift in (16, 8, 0)] for color in PALETTE])


def coloured(grey: Tensor, labels: Tensor) -> Tensor:
    """Each pixel's grey times the label's colour, all in [-1, 1]."""
    return (grey + 1) * TONES[labels][:, :, None, None] - 1


def colorizer_step(images: Images, form: Form) -> Work:
    """One update of the discriminator and one of the generator, batch 64; the images are coloured once."""
    size = 64
    x_all, y_all = images.train
    generator, discriminator = form.network(Colorizer()), form.network(colorizer_discriminator())
    optimizers = [torch.optim.Adam(network.parameters(), 1e-4) for network in (discriminator, generator)]
    ones, zeros = torch.ones(size, 1), torch.zeros(size, 1)
    loss_of = F.binary_cross_entropy_with_logits

    def step() -> None:
        batch = torch.randint(0, len(x_all), (size,))
        grey = x_all[batch]
        real = coloured(grey, y_all[batch])
        optimizers[0].zero_grad()
        with form.products():
            fake = generator(grey).float()
            of_real = discriminator(torch.cat([grey, real], 1)).float()
            of_fake = discriminator(torch.cat([grey, fake.detach()], 1)).float()
        (loss_of(of_real, ones) + loss_of(of_fake, zeros)).backward()
        optimizers[0].step()
        optimizers[1].zero_grad()
        with form.products():
            of_fake = discriminator(torch.cat([grey, fake], 1)).float()
        loss_of(of_fake, ones).backward()
        optimizers[1].step()

    def warm_up() -> None:
        for _ in range(3):
            step()

    return Work(warm_up=warm_up, run=step)


PAIRS = {
    "gan_step_bs64": Pair(infogan_generator, infogan_discriminator, 62, 64),
    "wgangp_step_bs64": Pair(
        infogan_generator, infogan_discriminator, 62, 64, learning_rate=1e-4, betas=(0.5, 0.9), penalty=True
    ),
    "dcgan_step_bs256": Pair(
        dcgan_generator, dcgan_discriminator, 100, 256, learning_rate=1e-4, betas=(0.9, 0.999)
    ),
    "cgan_x_step_bs32": Pair(x_generator, x_discriminator, 100, 32, labels=True),
    "flower_gan_step_bs16": Pair(
        lambda: FlowerNetwork([100, 256, 512, 1024, 2352], nn.Tanh(), nn.Unflatten(1, (3, 28, 28))),
        *(NoisyFlowerDiscriminator, 100, 16),
        channels=3,
        mixed=True,
    ),
    "colour_cgan_step_bs256": Pair(
        *(LabelPlaneGenerator, LabelPlaneDiscriminator, 100, 256), labels=True, channels=3, size=32
    ),
}

STEPS = {"colorizer_step_bs64": colorizer_step}


@dataclass(frozen=True)
class Case:
    network: Callable[[], nn.Module]
    work: Callable[[nn.Module, Images, Form], Work]


def epoch(
    batch_size: int, learning_rate: float, count: int = 60_000
) -> Callable[[nn.Module, Images, Form], Work]:
    return lambda network, images, form: training_epoch(
        network, images, form, batch_size=batch_size, learning_rate=learning_rate, count=count
    )


def frechet_distance() -> Work:
    """pytorch-fid's calculation, from features of the kind that eval-bench makes."""
    from scipy.linalg import sqrtm

    random = np.random.default_rng(1)

    def features() -> np.ndarray:
        return np.maximum(0, random.integers(0, 65536, (2, 10_000, 1024)).sum(0) - 60000) / 65536

    a, b = features(), features()

    def run() -> None:
        cov_a, cov_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
        shift = a.mean(axis=0) - b.mean(axis=0)
        root = sqrtm(cov_a @ cov_b)
        float(shift @ shift + np.trace(cov_a) + np.trace(cov_b) - 2 * np.trace(root.real))

    return Work(lambda: None, run)


def autoattack(images: Images) -> Work:
    """torchattacks' parts of AutoAttack, on the images that the reference classifier has right."""
    from reference_attacks import Budget, find_attack
    from reference_classifiers import load_classifier

    model = load_classifier("conv").model
    x, y = ((images.test[0][:200] + 1) / 2, images.test[1][:200])
    attack = find_attack("autoattack@torchattacks", "linf")
    prepared = attack.prepare(model, Budget("linf", 0.1, attack.steps, seed=0))

    def run() -> None:
        right = model(x).argmax(1) == y
        model(prepared(x[right], y[right])).argmax(1)

    return Work(lambda: model(x), run)


def score(images: Images) -> Work:
    """Every figure of 10,000 images by three judges: their features by PyTorch, the metrics by the public packages."""
    import reference_feature_score
    from reference_classifiers import load_classifier

    models = [load_classifier(name).model for name in ("resnet", "conv", "dense")]
    held_out, sample = ((images.test[0] + 1) / 2, (images.train[0][:10_000] + 1) / 2)

    @torch.no_grad()
    def features(model: nn.Module, x: Tensor) -> np.ndarray:
        return torch.cat([model.features(part) for part in x.split(EVALUATION_BATCH)]).double().numpy()

    # What is known of the real images is known.
    real = [features(model, held_out) for model in models]
    training = images.train[0].flatten(1)

    def run() -> None:
        for model, known in zip(models, real, strict=True):
            found = features(model, sample)
            for part in reference_feature_score.PARTS.values():
                part(known, found)
        # Memorization: the nearest training image of each.
        pixels = sample.flatten(1) * 2 - 1
        squares = (training**2).sum(1)
        for part in pixels.split(EVALUATION_BATCH):
            (squares - 2 * part @ training.T).min(1)

    return Work(lambda: None, run)


METRICS: dict[str, Callable[[Images], Work]] = {
    "fid_10k_1024": lambda _: frechet_distance(),
    "autoattack_conv_200": autoattack,
    "score_10k": score,
}

CASES = {
    "dense_epoch_bs256": Case(dense_network, epoch(256, 1e-3)),
    "dense_epoch_bs32": Case(dense_network, epoch(32, 1e-3)),
    "conv_epoch_bs256": Case(conv_network, epoch(256, 1e-4)),
    "resnet_6k_bs256": Case(ResidualNetwork, epoch(256, 1e-3, count=6_000)),
    "conv_fgsm_sweep17_10k": Case(conv_network, epsilon_sweep),
    "dense_fgsm_sweep17_10k": Case(dense_network, epsilon_sweep),
    "conv_pgd40_10k": Case(conv_network, projected_gradient_descent),
    "conv_infer_60k": Case(conv_network, inference),
}


# --- measuring ------------------------------------------------------------------------------------


def fastest_run(work: Work, least_runs: int) -> tuple[float, int]:
    """Seconds of the fastest run, and the number of runs."""
    work.warm_up()
    times: list[float] = []
    while len(times) < least_runs or sum(times) < LEAST_SECONDS:
        start = time.perf_counter()
        work.run()
        times.append(time.perf_counter() - start)
    return min(times), len(times)


def main() -> int:
    parser = argparse.ArgumentParser(description="Time one benchmark case in PyTorch on the CPU.")
    parser.add_argument("case", choices=[*CASES, *PAIRS, *STEPS, *METRICS])
    parser.add_argument("--data", type=Path, required=True, help="the folder with the four IDX files")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--repeat", type=int, default=1, help="the least number of timed runs")
    parser.add_argument("--form", choices=FORMS, default="stock", help="how PyTorch is made to do it")
    arguments = parser.parse_args()

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    form = FORMS[arguments.form]
    if arguments.form != "stock":
        torch.set_flush_denormal(True)
    try:
        if arguments.case in METRICS:
            work = METRICS[arguments.case](Images(arguments.data, False))
        elif arguments.case in STEPS:
            work = STEPS[arguments.case](Images(arguments.data, False), form)
        elif arguments.case in PAIRS:
            work = generator_step(PAIRS[arguments.case], Images(arguments.data, False), form)
        else:
            case = CASES[arguments.case]
            work = case.work(case.network(), Images(arguments.data, form.channels_last), form)
    except (OSError, ValueError) as error:
        print(f"pytorch_cases.py: {error}", file=sys.stderr)
        return 65 if isinstance(error, ValueError) else 66
    seconds, runs = fastest_run(work, arguments.repeat)
    print(json.dumps({"case": arguments.case, "seconds": seconds, "runs": runs, "torch": torch.__version__}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
