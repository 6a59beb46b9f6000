"""What the documents show of Python runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay._arrays import Array

ROOT = Path(__file__).parents[2]
SHOWN = [
    (document, block)
    for document in ("README.md", "Python/README.md")
    for block in re.findall(r"^```python\n(.*?)^```", (ROOT / document).read_text("utf-8"), re.M | re.S)
]


def test_there_are_some() -> None:
    assert {document for document, _ in SHOWN} == {"README.md", "Python/README.md"}


@pytest.mark.parametrize(("document", "block"), SHOWN, ids=[name for name, _ in SHOWN])
def test_each_runs(
    document: str,
    block: str,
    real: str,
    fashion: dict[str, Array],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    images, labels = fashion["x_test"][:200], fashion["y_test"][:200]
    np.save("samples.npy", images)
    np.save("labels.npy", labels)
    draw = np.random.default_rng(1)
    names: dict[str, Any] = {"images": images, "labels": labels}
    names |= {"real": draw.normal(size=(300, 16)), "generated": draw.normal(size=(300, 16))}
    exec(compile(block, document, "exec"), names)
