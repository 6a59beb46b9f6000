"""JPEGs and pictures written and read by Pillow, for the Swift tests of those who read them.

Written with Python 3.11, numpy 2.4.6 and pillow 12.3.0 (13 resizes some tall
pictures' columns before their rows, and rounds otherwise).  The JSON files are
checked in and the tests read only those: Python is never needed to build, test
or run the project.  Run this script again only to add a case:

    python Tests/Fixtures/make_picture_fixtures.py

It writes, next to the tests that read them,

    Tests/PicturesTests/Fixtures/jpegs.json     JPEGs of every kind, and their
                                                pixels as Pillow shows them
    Tests/DatasetsTests/Fixtures/fittings.json  pictures cropped or padded and
                                                resized, in grey and in RGB

Files and pixels are base64.  Nothing is drawn without the seed.
"""

import base64
import io
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

SEED = 20261126
TESTS = Path(__file__).resolve().parent.parent


def text(data):
    """Bytes, or an array of them, as base64."""
    return base64.b64encode(bytes(data)).decode()


def drawn(rng, height, width, channels):
    """A smooth picture with an edge in it: what JPEG is for, and what it is not."""
    y, x = np.mgrid[0:height, 0:width]
    waves = [np.sin(x * rng.uniform(0.1, 0.6) + y * rng.uniform(0.1, 0.6)) for _ in range(channels)]
    pixels = np.stack(waves, axis=-1) * 100 + 120
    pixels[height // 3:, : width // 2] += 30
    return np.clip(pixels.round(), 0, 255).astype(np.uint8).squeeze()


# JPEG

def jpeg(image, orientation=None, **options):
    file = io.BytesIO()
    if orientation is not None:
        exif = Image.Exif()
        exif[0x0112] = orientation
        options["exif"] = exif
    image.save(file, "JPEG", **{"quality": 80, **options})
    return file.getvalue()


def jpeg_case(name, data, colour=True):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if image.mode == "CMYK":
        ink = 255 - np.asarray(image).astype(int)
        pixels = ((ink[..., :3] * ink[..., 3:] + 127) // 255).astype(np.uint8)
    else:
        pixels = np.asarray(image)
    return {"name": name, "file": text(data), "size": [image.height, image.width],
            "channels": 3 if colour else 1, "pixels": text(pixels.tobytes())}


def jpegs():
    rng = np.random.default_rng(SEED)
    grey = Image.fromarray(drawn(rng, 21, 30, 1))
    colour = Image.fromarray(drawn(rng, 21, 30, 3))
    inks = Image.fromarray(drawn(rng, 17, 19, 4), "CMYK")
    cases = [jpeg_case("grey", jpeg(grey), colour=False),
             jpeg_case("grey, one pixel", jpeg(grey.crop((0, 0, 1, 1))), colour=False)]
    for name, options in [("4:4:4", {"subsampling": 0}), ("4:2:2", {"subsampling": 1}),
                          ("4:2:0", {"subsampling": 2}), ("progressive", {"progressive": True}),
                          ("optimized", {"optimize": True}), ("RGB", {"keep_rgb": True}),
                          ("restart markers", {"restart_marker_rows": 1}),
                          ("comment", {"comment": b"what a person wrote"})]:
        cases.append(jpeg_case(name, jpeg(colour, **options)))
    cases.append(jpeg_case("one pixel", jpeg(colour.crop((0, 0, 1, 1)))))
    cases.append(jpeg_case("CMYK", jpeg(inks)))
    cases.append(jpeg_case("progressive CMYK", jpeg(inks, progressive=True)))
    cases += [jpeg_case(f"orientation {number}", jpeg(colour, number)) for number in range(1, 9)]
    cases.append(jpeg_case("orientation 0", jpeg(colour, 0)))
    cases.append(jpeg_case("bytes behind the end", jpeg(colour) + b"more"))
    return cases


# Fitting

def fitted(image, size, fit, background):
    if fit == "crop":
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        square = image.crop((left, top, left + side, top + side))
        return square.resize((size, size), Image.Resampling.BILINEAR)
    longer = max(image.size)
    width, height = (max(1, (side * size * 2 + longer) // (longer * 2)) for side in image.size)
    page = Image.new(image.mode, (size, size), background)
    page.paste(image.resize((width, height), Image.Resampling.BILINEAR),
               ((size - width) // 2, (size - height) // 2))
    return page


def fittings():
    rng = np.random.default_rng(SEED + 1)
    cases = []
    for height, width in [(40, 31), (31, 40), (28, 28), (5, 90), (90, 5), (3, 2), (1, 1), (50, 37)]:
        for channels in (1, 3):
            image = Image.fromarray(drawn(rng, height, width, channels).reshape((height, width, 3)[:channels + 1]
                                    if channels == 3 else (height, width)))
            for mode, fit, size in [("RGB", "crop", 28), ("RGB", "pad", 12), ("L", "crop", 12), ("L", "pad", 28)]:
                colour = (255, 204, 0)
                background = colour if mode == "RGB" else Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0))
                cases.append({
                    "size": [height, width], "channels": channels, "pixels": text(image.tobytes()),
                    "grey": mode == "L", "fit": fit, "side": size,
                    "fitted": text(fitted(image.convert(mode), size, fit, background).tobytes())})
    return cases


def main():
    for folder, name, cases in [("PicturesTests", "jpegs", jpegs()), ("DatasetsTests", "fittings", fittings())]:
        path = TESTS / folder / "Fixtures" / f"{name}.json"
        path.write_text(json.dumps(cases, indent=1) + "\n")
        print(f"{path.relative_to(TESTS.parent)}: {len(cases)} cases")


if __name__ == "__main__":
    main()
