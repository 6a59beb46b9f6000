"""One image after every corruption and severity, by scikit-image, SciPy and OpenCV.

Written with Python 3.11, numpy 2.4.6, scipy 1.17.1, scikit-image 0.26.0 and
opencv-python-headless 5.0.0. The JSON file is checked in and the tests read
only that. Run again only to add a case:

    python Tests/Fixtures/make_corruption_fixtures.py

The definitions are those of MNIST-C (Mu and Gilmer 2019), but for what the
Swift files name as different. Random numbers are Philox's, as in
Sources/Kernels/Key.swift, so both sides draw the same ones: key 2019.
"""

import json
from base64 import b64encode
from pathlib import Path

import cv2
import numpy as np
from scipy.stats import poisson
from skimage.color import hsv2rgb, rgb2gray
from skimage.feature import canny
from skimage.filters import gaussian
from skimage.transform import AffineTransform, warp

OUTPUT = Path(__file__).resolve().parent.parent / "CorruptionsTests/Fixtures/corruptions.json"
SEED = 2019
MASK = 0xFFFFFFFF


def philox(counter, stream, key):
    c = [counter & MASK, counter >> 32, stream & MASK, stream >> 32]
    low, high = key
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [b >> 32 ^ c[1] ^ low, b & MASK, a >> 32 ^ c[3] ^ high, a & MASK]
        low, high = low + 0x9E3779B9 & MASK, high + 0xBB67AE85 & MASK
    return c


class Key:
    def __init__(self, seed):
        self.key = seed & MASK, seed >> 32

    def derived(self, index):
        block = philox(index, 1, self.key)
        return Key(block[1] << 32 | block[0])

    def word(self, index):
        block = philox(index, 2, self.key)
        return block[1] << 32 | block[0]

    def bits(self, count):
        """The 32-bit words of `forEachRun`: of eight blocks first the words 0 and 1, then 2 and 3."""
        blocks = np.array([philox(i, 0, self.key) for i in range(count // 4)], np.uint64)
        return blocks.reshape(-1, 8, 2, 2).transpose(0, 2, 1, 3).reshape(-1)

    def uniform(self, index):
        return (self.word(index) >> 11) / 2**53

    def integer(self, index, low, high):
        return low + (self.word(index) * (high - low) >> 64)

    def heads(self, index):
        return self.word(index) & 1 == 0

    def sign(self, index):
        return -1 if self.heads(index) else 1

    def normal(self, shape):
        words = np.array([self.uniform(i) for i in range(int(np.prod(shape)))]).reshape(-1, 2)
        radius, angle = np.sqrt(-2 * np.log(1 - words[:, 0])), 2 * np.pi * words[:, 1]
        return np.stack([radius * np.cos(angle), radius * np.sin(angle)], -1).reshape(shape)


def picture():
    """A shirt: black ground, a body with folds, two sleeves, some grain."""
    y, x = np.mgrid[:28, :28]
    body = (abs(x - 13.5) < 6.5 + y / 14) & (y > 2) & (y < 26)
    sleeves = (abs(y - 8 - abs(x - 13.5) / 3) < 3.5) & (abs(x - 13.5) < 13)
    neck = (x - 13.5) ** 2 + (y - 2) ** 2 < 9
    folds = 150 + 60 * np.sin(x / 2.3 + y / 7) + 40 * np.cos(y / 3.1)
    grain = (x * 7919 + y * 104729) % 23
    return np.where((body | sleeves) & ~neck, np.clip(folds + grain, 1, 255), 0).astype(np.uint8)


def affine(x, matrix):
    """As scikit-image before 0.20 built it: the matrix takes output to input, the middle stays."""
    middle = 13.5 * (np.ones(2) - np.array(matrix).sum(1))
    full = np.eye(3)
    full[:2, :2], full[:2, 2] = matrix, middle
    return warp(x, inverse_map=AffineTransform(full))


def gaussian_noise(x, c, key):
    return x + c * key.normal(x.shape)


def shot_noise(x, c, key):
    u = np.array([key.uniform(i) for i in range(x.size)]).reshape(x.shape)
    return np.where(x > 0, poisson.ppf(u, np.where(x > 0, x * c, 1)), 0) / c


def impulse_noise(x, c, key):
    hit = np.array([key.uniform(2 * i) < c for i in range(x.size)]).reshape(x.shape)
    pepper = np.array([key.heads(2 * i + 1) for i in range(x.size)]).reshape(x.shape)
    return np.where(hit, np.where(pepper, 0, 1), x)


def speckle_noise(x, c, key):
    return x + x * c * key.normal(x.shape)


def gaussian_blur(x, c, key):
    return gaussian(x, sigma=c)


def defocus_blur(x, c, key):
    radius, softness = c
    reach, window = (8, (3, 3)) if radius <= 8 else (radius, (5, 5))
    i, j = np.mgrid[-reach:reach + 1, -reach:reach + 1]
    disk = (i**2 + j**2 <= radius**2).astype(np.float64)
    return cv2.filter2D(x, -1, cv2.GaussianBlur(disk / disk.sum(), ksize=window, sigmaX=softness))


def motion_blur(x, c, key):
    """ImageMagick's MotionBlurImage (MagickCore/effect.c) as one two-dimensional kernel."""
    radius, sigma = c
    angle = np.deg2rad(key.uniform(0) * 90 - 45)
    i = np.arange(2 * radius + 1)
    kernel = np.zeros((4 * radius + 1, 4 * radius + 1))
    rows, columns = (np.ceil(i * f(angle) - 0.5).astype(int) + 2 * radius for f in (np.sin, np.cos))
    np.add.at(kernel, (rows, columns), np.exp(-i**2 / (2 * sigma**2)))
    return cv2.filter2D(x, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)


def glass_blur(x, c, key):
    sigma, reach, rounds = c
    x = gaussian(x, sigma=sigma)
    draw = 0
    for _ in range(rounds):
        for h in range(28 - reach, reach, -1):
            for w in range(28 - reach, reach, -1):
                if key.heads(draw):
                    dx, dy = key.integer(draw + 1, -reach, reach), key.integer(draw + 2, -reach, reach)
                    x[h, w], x[h + dy, w + dx] = x[h + dy, w + dx], x[h, w]
                draw += 3
    return gaussian(x, sigma=sigma)


def shear(x, c, key):
    c = c * key.sign(0)
    return affine(x, [[1, -np.sin(c)], [0, np.cos(c)]])


def scale(x, c, key):
    return affine(x, [[1 / c, 0], [0, 1 / c]])


def rotate(x, c, key):
    c = c * key.sign(0)
    return affine(x, [[np.cos(c), -np.sin(c)], [np.sin(c), np.cos(c)]])


def translate(x, c, key):
    return warp(x, inverse_map=AffineTransform(translation=[c * key.sign(0), c * key.sign(1)]))


def brightness(x, c, key):
    # The colour space is left as it is: of grey pixels, value is the pixel.
    return np.clip(x + c, 0, 1)


def contrast(x, c, key):
    return (x - x.mean()) * c + x.mean()


def saturate(x, c, key):
    gain, offset = c
    hsv = np.stack([np.zeros_like(x), np.zeros_like(x), x], -1)
    return rgb2gray(hsv2rgb(np.clip(hsv * gain + offset, 0, 1)))


def inverse(x, c, key):
    return 1 - x


def stripe(x, c, key):
    x[:, :7] = 1 - x[:, :7]
    x[:, 21:] = 1 - x[:, 21:]
    return x


def clouds(decay, key, size=256):
    """Diamond and square by whole arrays; np.roll continues over the edges."""
    noise = 2 * (key.bits(size * size) >> np.uint64(8)).astype(np.float64).reshape(size, size) / 2**24 - 1
    heights, wibble, step = np.zeros((size, size)), 100.0, size
    while step >= 2:
        half, share = step // 2, wibble * wibble

        def fill(rows, columns, four):
            heights[rows::step, columns::step] = sum(four) / 4 + share * noise[rows::step, columns::step]

        corners = heights[::step, ::step].copy()
        fill(half, half, [np.roll(corners, (-i, -j), (0, 1)) for i in (0, 1) for j in (0, 1)])
        middles = heights[half::step, half::step].copy()
        fill(0, half, [corners, np.roll(corners, -1, 1), middles, np.roll(middles, 1, 0)])
        fill(half, 0, [corners, np.roll(corners, -1, 0), middles, np.roll(middles, 1, 1)])
        step, wibble = half, wibble / decay
    return (heights - heights.min()) / np.ptp(heights)


def fog(x, c, key):
    amount, decay = c
    return (x + amount * clouds(decay, key)[:28, :28]) * x.max() / (x.max() + amount)


def spatter(x, c, key):
    mean, deviation, smoothness, threshold, softness = c
    layer = gaussian(mean + deviation * key.normal(x.shape), sigma=smoothness)
    mud = gaussian((layer > threshold).astype(np.float64), sigma=softness)
    mud[mud < 0.8] = 0
    return x * (1 - mud) + 63 / 255 * mud


def line(c0, r0, c1, r1):
    columns, rows = np.meshgrid(np.arange(28.0), np.arange(28.0))
    distance = np.minimum(abs(rows - (r1 - r0) / (c1 - c0) * (columns - c0) - r0), 2.3 - 1e-10)
    light = np.clip(np.log(1 - distance / 2.3) + 1, 0, 1)
    light[:, :int(np.floor(c0))] = 0
    light[:, int(np.ceil(c1)):] = 0
    return light


def dotted_line(x, c, key):
    for i in range(c):
        k = key.derived(i)
        light = line(0, k.integer(0, 0, 27), 27, k.integer(1, 0, 27))
        for start in range(0, 28, 4):
            light[:, start:start + 2] = 0
        x = np.clip(x + light, 0, 1)
    return x


def zigzag(x, c, key):
    a = b = 2.0
    for i in range(c):
        k = key.derived(i)
        r0 = k.integer(0, 0, 27)
        theta = np.arctan(k.integer(1, -5, 5) / 23)
        d = 23 / np.cos(theta)
        points = [(0, 0)] + [((2 * j + 1) * a, (-1) ** j * b) for j in range(int((d - a) // (2 * a)) + 1)]
        points.append((d, points[-1][1] / (2 * (d - 2 * a * (d // (2 * a))))))
        turn = np.array([[np.cos(theta), -np.sin(theta)], [np.sin(theta), np.cos(theta)]])
        cs, rs = turn @ np.array(points).T + np.array([[2], [r0]])
        for j in range(1, len(cs)):
            x = np.clip(x + line(cs[j - 1], rs[j - 1], cs[j], rs[j]), 0, 1)
    return x


def canny_edges(x, c, key):
    return canny(x)


CORRUPTIONS = {
    gaussian_noise: [0.08, 0.12, 0.18, 0.26, 0.38],
    shot_noise: [60, 25, 12, 5, 3],
    impulse_noise: [0.03, 0.06, 0.09, 0.17, 0.27],
    speckle_noise: [0.15, 0.2, 0.35, 0.45, 0.6],
    gaussian_blur: [1, 2, 3, 4, 6],
    defocus_blur: [(3, 0.1), (4, 0.5), (6, 0.5), (8, 0.5), (10, 0.5)],
    glass_blur: [(0.7, 1, 2), (0.9, 2, 1), (1, 2, 3), (1.1, 3, 2), (1.5, 4, 2)],
    motion_blur: [(10, 3), (15, 5), (15, 8), (15, 12), (20, 15)],
    shear: [0.2, 0.4, 0.6, 0.8, 1.0],
    scale: [0.9, 0.8, 0.7, 0.6, 0.5],
    rotate: [0.2, 0.4, 0.6, 0.8, 1.0],
    translate: [1, 2, 3, 4, 5],
    brightness: [0.1, 0.2, 0.3, 0.4, 0.5],
    contrast: [0.4, 0.3, 0.2, 0.1, 0.05],
    saturate: [(0.3, 0), (0.1, 0), (2, 0), (5, 0.1), (20, 0.2)],
    inverse: [None],
    stripe: [None],
    fog: [(1.5, 2), (2, 2), (2.5, 1.7), (2.5, 1.5), (3, 1.4)],
    spatter: [(0.65, 0.3, 4, 0.69, 0.6), (0.65, 0.3, 3, 0.68, 0.6), (0.65, 0.3, 2, 0.68, 0.5),
              (0.65, 0.3, 1, 0.65, 1.5), (0.67, 0.4, 1, 0.65, 1.5)],
    dotted_line: [1, 2, 3, 4, 5],
    zigzag: [1, 2, 3, 4, 5],
    canny_edges: [None],
}
TURNS = {"flip-left-right": np.fliplr, "flip-up-down": np.flipud, "turn-left": np.rot90,
         "turn-right": lambda x: np.rot90(x, 3)}


def encoded(x):
    return b64encode(np.ascontiguousarray(x, np.uint8).tobytes()).decode()


def main():
    clean = picture()
    cases = []
    for function, settings in CORRUPTIONS.items():
        for index, setting in enumerate(settings):
            corrupt = np.clip(function(clean / 255, setting, Key(SEED)), 0, 1) * 255
            cases.append(dict(corruption=function.__name__.replace("_", "-"), severity=index + 1,
                              pixels=encoded(np.rint(corrupt))))
    cases += [dict(corruption=name, severity=1, pixels=encoded(turn(clean))) for name, turn in TURNS.items()]
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(dict(seed=SEED, size=28, clean=encoded(clean), cases=cases), indent=1) + "\n")


if __name__ == "__main__":
    main()
