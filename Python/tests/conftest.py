"""A command that does as it is told, the real one where there is one, and a watch on what is left behind."""

from __future__ import annotations

import gzip
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay import CommandNotFound, _command
from assay._arrays import Array

SCRIPT = """#!{python}
import json, os, shutil, signal, sys, time

folder = {folder!r}
told = json.load(open(folder + "/told.json"))
values = [argument.split("=", 1)[-1] for argument in sys.argv[1:]]
for value in values:
    if os.path.isfile(value):
        shutil.copy(value, folder + "/seen/" + os.path.basename(value))

def end(*_):
    open(folder + "/interrupted", "w").close()
    sys.stderr.write("eval: interrupted; nothing was written\\n")
    os._exit(130)

signal.signal(signal.SIGINT, signal.SIG_IGN if told["is_stubborn"] else end)
variables = {{name: value for name, value in os.environ.items() if "MNIST" in name}}
heard = {{"arguments": sys.argv[1:], "folder": os.getcwd(), "variables": variables, "process": os.getpid()}}
heard["stdin"] = None if told["waits"] else sys.stdin.read()
part = folder + "/" + str(os.getpid())
json.dump(heard, open(part, "w"))
os.rename(part, folder + "/heard.json")
sys.stdout.write(told["stdout"])
sys.stdout.flush()
for line in told["stderr"]:
    print(line.replace("FOLDER", os.path.dirname(values[-1])), file=sys.stderr, flush=True)
while told["waits"]:
    time.sleep(0.05)
if told["signal"]:
    os.kill(os.getpid(), told["signal"])
sys.exit(told["code"])
"""


class Fake:
    """A command that notes how it is called, and then does as it was told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "seen").mkdir(parents=True)
        self.path = folder / "eval"
        self.path.write_text(SCRIPT.format(python=sys.executable, folder=str(folder)), encoding="utf-8")
        self.path.chmod(0o755)
        self.tell()

    def tell(
        self,
        stdout: str = '{"schema": "fake"}',
        stderr: tuple[str, ...] = (),
        code: int = 0,
        signal: int = 0,
        waits: bool = False,
        is_stubborn: bool = False,
    ) -> None:
        told = {k: v for k, v in locals().items() if k != "self"}
        (self.folder / "told.json").write_text(json.dumps(told))

    @property
    def has_started(self) -> bool:
        return (self.folder / "heard.json").exists()

    @property
    def was_interrupted(self) -> bool:
        return (self.folder / "interrupted").exists()

    @property
    def heard(self) -> dict[str, Any]:
        """arguments, folder, variables, process, stdin"""
        heard: dict[str, Any] = json.loads((self.folder / "heard.json").read_text())
        return heard

    @property
    def arguments(self) -> list[str]:
        found: list[str] = self.heard["arguments"]
        return found

    def option(self, name: str) -> list[str]:
        """The values of an option; an empty one for its name alone."""
        own = [a for a in self.arguments if a.split("=", 1)[0] == f"--{name}"]
        return [a.partition("=")[2] for a in own]

    @property
    def sources(self) -> list[str]:
        return self.arguments[self.arguments.index("--") + 1 :]

    def seen(self, name: str) -> Any:
        """An array, or an archive of arrays, that the command was given."""
        return np.load(self.folder / "seen" / name)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of temporary files, in which nothing may be left."""
    folder = tmp_path / "temp räum"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    command = Fake(tmp_path / "a command, ünusual")
    monkeypatch.setenv("ASSAY_COMMAND", str(command.path))
    return command


@pytest.fixture
def real() -> str:
    """The path of the real command."""
    try:
        return _command.find()
    except CommandNotFound as error:
        pytest.skip(str(error))


def _read_idx(path: Path) -> Array:
    content = gzip.decompress(path.read_bytes())
    shape = np.frombuffer(content, ">u4", content[3], 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * content[3]).reshape(shape)


@pytest.fixture(scope="session")
def fashion() -> dict[str, Array]:
    """Fashion-MNIST: x_train, y_train, x_test and y_test."""
    folder = Path(os.environ.get("FASHION_MNIST_DIR") or "/usr/share/datasets/fashion-mnist")
    names = {"x": "images-idx3-ubyte.gz", "y": "labels-idx1-ubyte.gz"}
    splits = {"train": "train", "test": "t10k"}
    try:
        return {
            f"{kind}_{split}": _read_idx(folder / f"{prefix}-{name}")
            for kind, name in names.items()
            for split, prefix in splits.items()
        }
    except FileNotFoundError as error:
        pytest.skip(f"no Fashion-MNIST: {error}")
