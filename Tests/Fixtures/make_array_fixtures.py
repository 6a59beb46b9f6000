"""Files written by NumPy and Pillow, for the Swift tests of those who read them.

Written with Python 3.11, numpy 2.4.6 and pillow 13.0.0.  The JSON files are
checked in and the tests read only those: Python is never needed to build, test
or run the project.  Run this script again only to add a case:

    python Tests/Fixtures/make_array_fixtures.py

It writes, next to the tests that read them,

    Tests/FilesTests/Fixtures/arrays.json          .npy files of every kind and
                                                   order, .npz archives
    Tests/DatasetsTests/Fixtures/pixels.json       resized and grey images
    Tests/DatasetsTests/Fixtures/labels.json       labels in every form
    Tests/EvalCommandTests/Fixtures/pictures.json  PNG pictures of every mode
    Tests/EvalCommandTests/Fixtures/samples.json   PNG pictures of every kind of
                                                   sample, and their bytes

Files and pixels are base64.  Nothing is drawn without the seed.
"""

import base64
import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

SEED = 20240607
TESTS = Path(__file__).resolve().parent.parent


def text(data):
    """Bytes, or an array of them, as base64."""
    return base64.b64encode(bytes(data)).decode()


def npy(array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    return text(file.getvalue())


def npz(save, *arrays, **named):
    file = io.BytesIO()
    save(file, *arrays, **named)
    return text(file.getvalue())


# Arrays

def values(kind):
    """Six numbers, with the extremes of the kind; 64 bits without a sign stop at those with one."""
    if np.dtype(kind).kind == "f":
        info = np.finfo(kind)
        return [info.min, -1.5, 0, float(info.smallest_subnormal), 2 / 3, info.max]
    info = np.iinfo(kind)
    return [info.min, 1, 2, 100, info.max // 3, min(info.max, 2**63 - 1)]


def array_case(name, array, version=None):
    flat = array.ravel(order="C").tolist()
    key = "reals" if array.dtype.kind == "f" else "integers"
    return {"name": name, "file": npy(array, version), "shape": list(array.shape),
            "element": array.dtype.str[1:], key: flat}


def arrays():
    cases = []
    for kind in ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]:
        for order in "<>" if kind[1] != "1" else "|":
            for layout in "CF" if kind in ["u1", "i2", "f8"] else "C":
                array = np.array(values(kind), dtype=order + kind).reshape(2, 3)
                cases.append(array_case(f"{order}{kind} {layout}", np.asarray(array, order=layout)))
    solid = np.arange(24, dtype="<i2").reshape(2, 3, 4)
    cases += [
        array_case("version 2.0", solid, (2, 0)),
        array_case("version 3.0", solid, (3, 0)),
        array_case("three dimensions, Fortran", np.asfortranarray(solid)),
        array_case("one dimension", np.arange(3, dtype="<f4")),
        array_case("a single number", np.array(2.5)),
        array_case("no numbers", np.zeros((3, 0), dtype="<f4")),
        array_case("no numbers, Fortran", np.zeros((2, 0, 5), dtype=">f8", order="F")),
    ]
    refused = {
        "Python objects": np.array([None, 1], dtype=object),
        "complex numbers": np.zeros(2, dtype="c8"),
        "text": np.array(["a", "bc"]),
        "truth values": np.array([True, False]),
        "a structured type": np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]),
        "dates": np.zeros(2, dtype="M8[s]"),
        "raw bytes": np.zeros(2, dtype="V3"),
        "f16": np.zeros(2, dtype="f16"),
    }
    named = {"images": np.arange(6, dtype="u1").reshape(1, 2, 3), "labels": np.array([7])}
    zeros = np.zeros((40, 28, 28), dtype="<f4")
    return {
        "arrays": cases,
        "refused": [{"words": name, "file": npy(array)} for name, array in refused.items()],
        "archives": {
            "stored": npz(np.savez, **named),
            "deflated": npz(np.savez_compressed, **named),
            "unnamed": npz(np.savez, named["images"]),
            "zeros": npz(np.savez_compressed, images=zeros),
        },
    }


# Pixels

def resized(image, size):
    return image.resize((size[1], size[0]), Image.BILINEAR)


def pixels():
    draw = np.random.default_rng(SEED)
    sizes = [((32, 32), (28, 28)), ((14, 14), (28, 28)), ((45, 50), (7, 9)), ((5, 7), (8, 3)),
             ((28, 20), (28, 28)), ((1, 1), (2, 3)), ((9, 1), (2, 1))]
    resizing = []
    for size, new in sizes:
        # Black and white half the time: the means of extremes are where rounding shows.
        image = draw.integers(0, 256, size, dtype=np.uint8)
        image = np.where(draw.random(size) < 0.5, image // 128 * 255, image).astype(np.uint8)
        resizing.append({"size": size, "newSize": new, "pixels": text(image),
                         "resized": text(np.asarray(resized(Image.fromarray(image), new)))})
    color = draw.integers(0, 256, (8, 16, 3), dtype=np.uint8)
    color[0, :4] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]
    grey = np.asarray(Image.fromarray(color).convert("L"))
    return {"resizing": resizing, "color": text(color), "grey": text(grey)}


# Pictures

def picture(image, grey):
    file = io.BytesIO()
    image.save(file, "PNG")
    return {"mode": image.mode, "file": text(file.getvalue()), "size": [image.height, image.width],
            "pixels": text(np.asarray(grey)), "resized": text(np.asarray(resized(grey, (5, 5))))}


def pictures():
    draw = np.random.default_rng(SEED)
    color = Image.fromarray(draw.integers(0, 256, (6, 8, 3), dtype=np.uint8))
    grey = color.convert("L")
    opaque = color.copy()
    opaque.putalpha(255)
    palette = color.quantize(16)
    bits = grey.point(lambda value: 255 * (value > 127), mode="1")
    # 16 bits whose upper eight are those of the grey picture.
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    return [picture(color, grey), picture(grey, grey), picture(opaque, grey),
            picture(palette, palette.convert("RGB").convert("L")), picture(bits, bits.convert("L")),
            picture(deep, grey)]


# Samples: what each pixel of a PNG is, by Pillow, whatever the file says of how it is to be shown

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def raw_png(samples, depth, color_type, interlaced=False):
    """A PNG of samples [H, W, C], for what Pillow does not write: few bits, 16-bit colour, interlaced rows."""
    def rows(part):
        for row in part:
            bits = "".join(format(int(value), f"0{depth}b") for value in row.ravel())
            bits += "0" * (-len(bits) % 8)
            yield b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7] if interlaced else [samples]
    content = b"".join(row for part in passes if part.size for row in rows(part))
    header = struct.pack(">IIBBBBB", samples.shape[1], samples.shape[0], depth, color_type, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(content))
            + chunk(b"IEND", b""))


def sample_case(name, file, deep=None, gamma=None):
    """The bytes of a file as Pillow reads them; `deep` are its samples where Pillow keeps sixteen bits."""
    image = Image.open(io.BytesIO(file))
    image.load()
    if deep is not None:
        plain, transparent = (deep >> 8).astype(np.uint8), False
    elif "transparency" in image.info or image.mode in ("RGBA", "LA", "PA"):
        grey = file[25] in (0, 4)
        whole = np.asarray(image.convert("RGBA")).astype(int)
        color, alpha = whole[..., :3], whole[..., 3:]
        # Over black.
        plain = ((color * alpha + 127) // 255).astype(np.uint8)
        plain, transparent = plain[..., 0] if grey else plain, bool((alpha < 255).any())
    else:
        plain = np.asarray(image.convert("L" if image.mode in ("L", "1") else "RGB"))
        transparent = False
    return {"name": name, "file": text(file), "size": [image.height, image.width], "transparent": transparent,
            "channels": 1 if plain.ndim == 2 else plain.shape[2], "pixels": text(plain), "gamma": gamma}


def samples():
    draw = np.random.default_rng(SEED)

    def saved(image, *chunks, **options):
        info, file = PngInfo(), io.BytesIO()
        for kind, content in chunks:
            info.add(kind, content)
        image.save(file, "PNG", pnginfo=info, **options)
        return file.getvalue()

    color = Image.fromarray(draw.integers(0, 256, (6, 8, 3), dtype=np.uint8))
    grey = color.convert("L")
    alpha = Image.fromarray(draw.integers(0, 256, (6, 8), dtype=np.uint8))
    sheer, sheer_grey = color.copy(), Image.merge("LA", (grey, alpha))
    sheer.putalpha(alpha)
    palette = color.quantize(16)
    white = struct.pack(">HHH", 255, 255, 255)
    cases = [
        sample_case("grey", saved(grey)), sample_case("RGB", saved(color)),
        sample_case("RGBA", saved(sheer)), sample_case("grey and alpha", saved(sheer_grey)),
        sample_case("RGBA, background white", saved(sheer, (b"bKGD", white))),
        sample_case("grey, one transparent", saved(grey, transparency=grey.getpixel((2, 3)))),
        sample_case("grey, none transparent", saved(Image.new("L", (3, 2), 7), transparency=8)),
        sample_case("RGB, one transparent", saved(color, transparency=color.getpixel((2, 3)))),
        sample_case("palette", saved(palette)),
        sample_case("palette, one transparent", saved(palette, transparency=3)),
        sample_case("palette, degrees", saved(palette, transparency=bytes(range(0, 256, 16)))),
    ]
    for bits in (1, 2, 4):
        cases.append(sample_case(f"palette of {bits} bits", saved(color.quantize(2**bits), bits=bits)))
        values = draw.integers(0, 2**bits, (5, 7, 1))
        cases.append(sample_case(f"grey of {bits} bits", raw_png(values, bits, 0)))
        cases.append(sample_case(f"grey of {bits} bits, interlaced", raw_png(values, bits, 0, True)))
    for gamma in (100000, 55556, 45455, 220000):
        stated = None if gamma == 45455 else gamma / 100000
        chunk = (b"gAMA", struct.pack(">I", gamma))
        cases.append(sample_case(f"gamma {gamma}", saved(grey, chunk), gamma=stated))
        cases.append(sample_case(f"gamma {gamma}, colour", saved(color, chunk), gamma=stated))
    chunks = ((b"gAMA", struct.pack(">I", 100000)), (b"sRGB", b"\0"))
    cases.append(sample_case("sRGB before gamma", saved(grey, *chunks)))
    chromaticities = struct.pack(">8I", 31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)
    cases.append(sample_case("chromaticities", saved(color, (b"cHRM", chromaticities))))
    sizes = [(1, 1), (5, 3), (13, 11)]
    for height, width in sizes:
        for channels, kind in ((1, 0), (3, 2), (2, 4), (4, 6)):
            values = draw.integers(0, 256, (height, width, channels))
            cases.append(sample_case(f"interlaced {height}×{width}, {channels}", raw_png(values, 8, kind, True)))
    deep = draw.integers(0, 1 << 16, (4, 5), dtype=np.uint16)
    cases.append(sample_case("grey of 16 bits", raw_png(deep[..., None], 16, 0), deep=deep))
    cases.append(sample_case("grey of 16 bits, upper eight only", raw_png(deep[..., None] >> 8 << 8, 16, 0), deep=deep))
    for channels, kind in ((3, 2), (4, 6), (2, 4)):
        values = draw.integers(0, 1 << 16, (4, 5, channels), dtype=np.uint16)
        cases.append(sample_case(f"16 bits, {channels} channels", raw_png(values, 16, kind)))
    return cases
# Labels

def labels():
    """The same labels in every form, and some that are none, with what is found there."""
    names = np.array(["Hat", "T-shirt/top", "Größe"])
    numbers = np.array([1, 0, 2, 1])
    eye = np.eye(3)[numbers]
    two = eye.copy()
    two[2, 0] = 1
    read = {
        "integers": numbers, "a column": numbers[:, None], "bytes": numbers.astype("u1"),
        "text": names[numbers], "text, big-endian": names[numbers].astype(">U12"),
        "text, a column": names[numbers][:, None], "text, Fortran": np.asfortranarray(names[numbers][:, None]),
        "bytes of text": np.char.encode(names[numbers], "utf-8"), "numbers as text": numbers.astype(str),
        "text in small letters": np.char.lower(names[numbers]),
        "one-hot": eye, "one-hot float32": eye.astype("f4"), "one-hot integers": eye.astype(int),
        "one-hot truth values": eye.astype(bool), "one-hot, Fortran": np.asfortranarray(eye),
    }
    refused = {
        '"Cap" at position 2': np.array(["Hat", "Hat", "Cap", "Hut"]),
        "2 ones in row 2": two, "0 ones in row 0": eye * [[0], [1], [1], [1]],
        "the value 0.5 in row 0": eye / 2, "3 at position 1": np.array([0, 3, 4, 0]),
        "[4, 2]": eye[:, :2], "float64": numbers.astype(float), "Python objects": names[numbers].astype(object),
    }
    return {"names": names.tolist(), "labels": numbers.tolist(),
            "truths": npy(numbers == 1),
            "read": [{"name": name, "file": npy(array)} for name, array in read.items()],
            "refused": [{"name": name, "file": npy(array)} for name, array in refused.items()]}


def write(name, content):
    path = TESTS / name
    path.parent.mkdir(exist_ok=True)
    # A case a line.
    path.write_text(json.dumps(content, separators=(",", ":")).replace("},{", "},\n{") + "\n")
    print(f"{name}: {path.stat().st_size} bytes")


write("FilesTests/Fixtures/arrays.json", arrays())
write("DatasetsTests/Fixtures/pixels.json", pixels())
write("DatasetsTests/Fixtures/labels.json", labels())
write("EvalCommandTests/Fixtures/pictures.json", pictures())
write("EvalCommandTests/Fixtures/samples.json", samples())
