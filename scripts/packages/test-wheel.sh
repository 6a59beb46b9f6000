#!/usr/bin/env bash
# Tries the wheel as its users would: in a clean virtual environment, where the module's own tests run against
# the command that it holds, and in a bare Debian 12 without Swift or any of the libraries (as root).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

wheel=$(ls .build/packages/assay-"$(scripts/packages/version.sh)"-*.whl)
data=${FASHION_MNIST_DIR:-/usr/share/datasets/fashion-mnist}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

size=$(stat --format=%s "$wheel")
((size <= 40000000)) || { echo "$wheel: $size bytes, more than 40 MB" >&2; exit 1; }

cat > "$work/use.py" <<'END'
import gzip, os, struct
import numpy
import assay

def array(name):
    content = gzip.open(os.path.join(os.environ["FASHION_MNIST_DIR"], name)).read()
    shape = struct.unpack_from(f">{content[3]}I", content, 4)
    return numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * content[3]).reshape(shape)

images, labels = array("t10k-images-idx3-ubyte.gz"), array("t10k-labels-idx1-ubyte.gz")
curve = assay.accuracy_vs_epsilon("conv", images[:500], labels[:500], epsilon=[0, 0.05])
clean, attacked = (point["accuracy"] for point in curve["curves"][0]["points"])
matrix = assay.confusion_matrix("conv", images[:500], labels[:500])
# Few training images, so that all is known of them within seconds.
numpy.savez("small.npz", x_train=images[500:1000], y_train=labels[500:1000], x_test=images[:500], y_test=labels[:500])
report = assay.score({"real": images[:500]}, labels=labels[:500], judges=["dense"], data="small.npz", cache="cache")
distance = report["results"][0]["judges"]["dense"]["frechet_distance"]["value"]
print(f"clean {clean}, attacked {attacked}, Fréchet distance {distance:.3g}")
assert attacked < clean and clean > 0.85, (clean, attacked)
assert sum(map(sum, matrix["matrix"])) == 500
try:
    assay.score(images[0, 0])
except ValueError as error:
    print("refused:", error)
else:
    raise SystemExit("an array of a wrong shape was not refused")
END

echo "== A clean virtual environment"
python3 -m venv "$work/environment"
"$work/environment/bin/pip" install --quiet "$wheel" pytest
# Not the module of the checkout, but the installed one.
env -u ASSAY_COMMAND FASHION_MNIST_DIR="$data" PYTHONDONTWRITEBYTECODE=1 "$work/environment/bin/python" \
  -m pytest -q -c /dev/null -p no:cacheprovider Python/tests
"$work/environment/bin/assay" doctor --data "$data" | grep "compiled for"

echo "== A bare Debian 12"
scripts/packages/in-bare-debian.sh "$wheel" "$work/use.py" "$data" -- '
  python3 -m venv "an environment"
  "an environment"/bin/pip install --quiet ./*.whl
  export FASHION_MNIST_DIR=$PWD/data
  "an environment"/bin/python use.py
  "an environment"/bin/assay doctor'
echo "== $wheel: $size bytes; all passed"
