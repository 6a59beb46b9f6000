#!/usr/bin/env bash
# Exports notebooks of small runs that it makes itself, and has Jupyter's own libraries check them and those
# of notebooks-export: the form by nbformat, the code by running it with nbclient. The libraries go into a
# virtual environment under .build, once. What is checked is told in run_notebooks.py.
set -euo pipefail
cd "$(dirname "$0")/.."

command=$(realpath "${1:-.build/release/eval}")
environment=$PWD/.build/notebooks
python=$environment/bin/python
if [[ ! -e $environment/ready ]]; then
  rm -rf "$environment"
  python3 -m venv "$environment" || {
    echo "check-notebooks: no virtual environment could be made; on Debian: apt-get install python3-venv" >&2
    exit 1
  }
  "$python" -m pip install --quiet --disable-pip-version-check \
    'nbformat>=5.10,<6' 'nbclient>=0.10,<1' 'ipykernel>=6.29' 'numpy>=1.26' 'matplotlib>=3.8'
  touch "$environment/ready"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
eval_quietly() {
  "$command" "$@" >"$work/output" 2>"$work/errors" || {
    cat "$work/errors" >&2
    return 1
  }
}

runs=$work/runs
eval_quietly accuracy-vs-epsilon --limit 100 --epsilons 0,0.02,0.1 --output "$runs/attacked"
eval_quietly confusion-matrix --limit 500 --output "$runs/confusion"
eval_quietly robustness --classifier dense --limit 20 --slow-limit 5 --output "$runs/robustness"
eval_quietly train classifier dense --epochs 3 --limit 2000 --output "$runs/dense"
eval_quietly train generator conv-cgan --iterations 200 --batch 8 --limit 2000 --output "$runs/conv-cgan"
eval_quietly train generator small-dcgan --iterations 2 --batch 8 --limit 100 --output "$runs/too-short"
eval_quietly train colorizer --epochs 1 --batch 8 --limit 200 --output "$runs/colorizer"
eval_quietly colorize --colorizer "$runs/colorizer" --limit 50 --format json
cp "$work/output" "$runs/coloured.json"
eval_quietly dataset --format json
cp "$work/output" "$runs/dataset.json"
eval_quietly leaderboard docs/results/generators/scores --format json
cp "$work/output" "$runs/ranks.json"
eval_quietly reproduce --only E1 A4 --budget 0.2 --count 200 --runs "$work/states" --output "$runs/reproduced"
# Scoring takes minutes; this one was made before.
cp docs/results/generators/scores/wgan-gp-*.json "$runs/score.json"

story=$work/story.md
cat >"$story" <<'END'
# Attacks

What a little noise does.

<!-- run: attacked -->

## Who is taken for whom

<!-- run: confusion -->
END

notebooks=$work/notebooks
eval_quietly export-notebook "$runs"/{attacked,confusion} --story "$story" --output "$notebooks/story.ipynb"
eval_quietly export-notebook "$runs"/{dense,conv-cgan,too-short,colorizer} --output "$notebooks/trainings.ipynb"
eval_quietly export-notebook "$runs"/{robustness,score.json,coloured.json,dataset.json,ranks.json} docs/results/generators/scores \
  "$runs"/reproduced/reproduction/{E1,A4} \
  --output "$notebooks/results.ipynb"

shopt -s nullglob
"$python" scripts/run_notebooks.py "$notebooks"/*.ipynb notebooks-export/*.ipynb
