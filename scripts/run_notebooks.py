"""Checks notebooks as Jupyter does.

Each is valid for nbformat, is written as nbformat itself would write it, has less than 2 MB, and runs with nbclient: its
code prints what the notebook shows, and draws as many pictures. Usage: run_notebooks.py NOTEBOOK…
"""

import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

LARGEST = 2_000_000
LEFT_OUT = "The picture is left out for its size; run the cell to draw it.\n"


def printed(cell):
    text = "".join(o["text"] for o in cell.get("outputs", []) if o["output_type"] == "stream")
    return text.replace(LEFT_OUT, "")


def pictures(cell):
    shown = sum("image/png" in o.get("data", {}) for o in cell.get("outputs", []))
    left_out = sum(o.get("text") == LEFT_OUT for o in cell.get("outputs", []))
    return shown + left_out


def check(path):
    """Yields what is wrong with the notebook."""
    text = path.read_text(encoding="utf-8")
    size = len(text.encode())
    notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    if (notebook.nbformat, notebook.nbformat_minor) != (4, 5):
        yield f"nbformat {notebook.nbformat}.{notebook.nbformat_minor}, expected 4.5"
    if nbformat.writes(notebook) + "\n" != text:
        yield "Jupyter would write it otherwise"
    if size >= LARGEST:
        yield f"{size} bytes, expected fewer than {LARGEST}"

    start = time.monotonic()
    run = nbformat.reads(text, as_version=4)
    for cell in run.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    NotebookClient(
        run,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        # The kernel's own warnings say nothing of the notebook.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    ).execute()
    for number, (told, found) in enumerate(zip(notebook.cells, run.cells)):
        if printed(told) != printed(found):
            yield f"cell {number} prints\n{printed(found)}expected\n{printed(told)}"
        if pictures(told) != pictures(found):
            yield f"cell {number} draws {pictures(found)} pictures, expected {pictures(told)}"
    count = sum(cell.cell_type == "code" for cell in run.cells)
    print(f"{path.name}: {size} bytes, {count} cells of code in {time.monotonic() - start:.1f} s")


faults = [f"{path}: {fault}" for path in map(Path, sys.argv[1:]) for fault in check(path)]
if len(sys.argv) < 2:
    faults = ["no notebook given"]
print("\n".join(faults), file=sys.stderr, end="\n" if faults else "")
sys.exit(1 if faults else 0)
