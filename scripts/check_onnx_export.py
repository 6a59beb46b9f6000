"""Checks exported networks: python check_onnx_export.py FOLDER

Each NAME.onnx of the folder lies beside a NAME.npz with its inputs and what this package computes of them. The
file must pass the checker of the onnx package, its shapes must follow from those of its inputs, and ONNX Runtime
must compute the same, to 1e-5 of the largest number or of 1; for one image alone as well.
"""

import pathlib
import sys

import numpy
import onnx
import onnxruntime

TOLERANCE = 1e-5


def check(path: pathlib.Path) -> tuple[float, float]:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
    for output in inferred.graph.output:
        sizes = [d.dim_param or d.dim_value for d in output.type.tensor_type.shape.dim]
        assert sizes[0] == "N" and all(sizes), f"{path.name}: {output.name} has the shape {sizes}"
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    arrays = dict(numpy.load(path.with_suffix(".npz")))
    (output,) = session.get_outputs()
    expected = arrays.pop(output.name)
    assert {i.name for i in session.get_inputs()} == set(arrays), f"{path.name}: inputs {sorted(arrays)}"
    (found,) = session.run([output.name], arrays)
    assert found.shape == expected.shape and found.dtype == expected.dtype == numpy.float32
    (one,) = session.run([output.name], {name: array[:1] for name, array in arrays.items()})
    largest = max(1, abs(expected).max())
    difference = max(abs(found - expected).max(), abs(one - expected[:1]).max())
    assert difference <= TOLERANCE * largest, f"{path.name}: a difference of {difference}, numbers to {largest}"
    spread = expected.std()
    assert spread > 1e-3, f"{path.name}: numbers that say nothing, their deviation is {spread}"
    return difference / largest, spread


def main() -> None:
    paths = sorted(pathlib.Path(sys.argv[1]).glob("*.onnx"))
    assert len(paths) > 30, f"only {len(paths)} files"
    differences = {path.stem: check(path) for path in paths}
    for name, (difference, spread) in differences.items():
        print(f"{name:24} largest difference {difference:.1e}, deviation of the numbers {spread:.2g}")
    print(f"{len(paths)} files, onnx {onnx.__version__}, ONNX Runtime {onnxruntime.__version__}: the same results")


main()
