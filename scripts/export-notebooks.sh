#!/bin/sh
# Exports the notebooks of notebooks-export from their stories. The results and runs that they tell of have to
# be there: notebooks-export/README.md says how each was made. Usage: scripts/export-notebooks.sh [EVAL]
set -eu
cd "$(dirname "$0")/.."
eval_command=${1:-.build/release/eval}
scores=docs/results/generators/scores

# gather FOLDER GENERATOR…: the committed scores of some generators, as a leaderboard of their own.
gather() {
  folder=$1
  shift
  rm -rf "$folder"
  mkdir -p "$folder"
  for name in "$@"; do cp "$scores/$name"-????????????.json "$folder"; done
}

# export NAME RUN…
export_notebook() {
  name=$1
  shift
  "$eval_command" export-notebook "$@" --story "notebooks-export/stories/$name.md" \
    --output "notebooks-export/$name.ipynb"
}

gather results/ten-gans gan cgan infogan ebgan acgan lsgan wgan began wgan-gp dragan
gather results/wasserstein gan wgan wgan-gp dragan conv-cgan conv-wgan conv-wgan-gp
gather results/pairs cgan cgan-x cgan-y

export_notebook 01-classifiers results/conv results/dense results/resnet
export_notebook 02-accuracy-vs-epsilon results/demo
export_notebook 03-ten-gans results/ten-gans
export_notebook 04-wgan-family results/wasserstein
export_notebook 05-cost-and-quality results/pairs
export_notebook 06-flowers runs/food
export_notebook 07-small-dcgan-collapse "$scores"/small-dcgan-????????????.json
export_notebook 08-colour runs/colorizer runs/clipart-gan
export_notebook 09-the-judge docs/results/generators/scores
export_notebook 10-robustness results/robustness
