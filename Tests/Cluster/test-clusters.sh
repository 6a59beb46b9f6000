#!/bin/bash
# Runs the scripts of docs/guide/clusters.md as they stand there, on few images, and holds what they write
# against what one process writes.
#
#   Tests/Cluster/test-clusters.sh [EVAL]
#
# mpirun is used where it is; Slurm and Kubernetes are played by their variables. Works in a temporary folder,
# on Fashion-MNIST; a minute or two.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
EVAL=$(realpath "${1:-.build/release/eval}")
GUIDE=$(realpath docs/guide/clusters.md)
WORK=$(mktemp -d)
HOSTS=(assay-$$-1 assay-$$-2)
cleanup() {
  rm -rf "$WORK"
  for host in "${HOSTS[@]}"; do ip netns del "$host" 2>/dev/null || true; done
}
trap cleanup EXIT
mkdir "$WORK/bin"
ln -s "$EVAL" "$WORK/bin/assay"
export PATH=$WORK/bin:$PATH IMAGES=24 SLOW=2 EPOCHS=2
# As root, and with more processes than processors.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
# Containers often forbid to read another process's memory.
export OMPI_MCA_btl_vader_single_copy_mechanism=none
cd "$WORK"

# script WORD: the block of the guide that has the word in it.
script() {
  awk -v word="$1" '
    /^```(bash|yaml)$/ { inside = 1; text = ""; next }
    /^```$/ { if (inside && index(text, word)) printf "%s", text; inside = 0; next }
    inside { text = text $0 "\n" }' "$GUIDE"
}
# same FOLDER FOLDER: the same files with the same bytes, but for parts and what tells the time.
same() {
  diff -r -x manifest.json -x training-seconds.txt -x '*.assay' "$1" "$2" || { echo "FAILED  $1 and $2 differ" >&2; exit 1; }
  echo "the same bytes: $1, $2"
}
quietly() { "$@" >out 2>err || { cat out err >&2; echo "FAILED  $*" >&2; exit 1; }; }

# Slurm: an array of four jobs, then the one that depends on them.
script 'array=1-4' >array.sh
for id in 3 1 4 2; do
  SLURM_ARRAY_TASK_ID=$id SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1 quietly bash array.sh
done
script 'dependency=' >merge.sh
quietly bash merge.sh
quietly assay robustness --classifier conv --limit $IMAGES --slow-limit $SLOW --output one/robustness
same one/robustness results/robustness

# Kubernetes: the command of the pods, by their index.
command=$(script 'kind: Job' | sed -n 's/.*command: \["sh", "-c", "\(.*\)"\].*/\1/p')
for index in 0 1 2 3; do ASSAY_SHARDS=4 JOB_COMPLETION_INDEX=$index quietly sh -c "$command"; done
quietly assay merge results/fog
quietly assay corrupt --corruption fog --output one/fog
same one/fog results/fog

# Any number of parts, with any number of threads.
quietly assay accuracy-vs-epsilon --classifier conv --attack pgd --limit $IMAGES --output one/pgd
for count in 1 2 3 7; do
  for ((part = 1; part <= count; part++)); do
    quietly assay accuracy-vs-epsilon --classifier conv --attack pgd --limit $IMAGES --output "parts-$count" \
      --shard "$part/$count" --threads $((1 + part % 2))
  done
  quietly assay merge "parts-$count" --threads $((1 + count % 2))
  same one/pgd "parts-$count"
done

command -v mpirun >/dev/null || { echo "skipped: mpirun is not there"; exit 0; }
script 'attack pgd' >mpirun.sh
quietly bash mpirun.sh
same one/pgd results/pgd

[[ -e $(dirname "$EVAL")/libassay-mpi.so ]] || { echo "skipped: make mpi was not run"; exit 0; }
script 'train classifier' >train.sh
quietly bash train.sh
quietly assay train classifier conv --epochs $EPOCHS --limit $IMAGES --lanes 8 --output one/conv
same one/conv runs/conv-4

# Two hosts with an address each: network namespaces with a cable between them, where that is allowed.
lay_cable() {
  ip netns add "${HOSTS[0]}" && ip netns add "${HOSTS[1]}" &&
    ip link add cable netns "${HOSTS[0]}" type veth peer name cable netns "${HOSTS[1]}" || return 1
  local i
  for i in 0 1; do
    ip -n "${HOSTS[i]}" addr add "10.77.0.$((i + 1))/24" dev cable && ip -n "${HOSTS[i]}" link set lo up &&
      ip -n "${HOSTS[i]}" link set cable up || return 1
  done
}
lay_cable 2>/dev/null || { echo "skipped: no network namespaces here"; exit 0; }
# agent ADDRESS WORD…: what ssh would do.
cat >agent.sh <<END
#!/bin/bash
host=${HOSTS[1]}
[[ \$1 == 10.77.0.1 ]] && host=${HOSTS[0]}
shift
exec ip netns exec "\$host" sh -c "\$*"
END
chmod +x agent.sh
# They have one name, by which Open MPI would take them for one host, and shared memory for the way.
export OMPI_MCA_btl=tcp,self
quietly ip netns exec "${HOSTS[0]}" mpirun --mca plm_rsh_agent "$WORK/agent.sh" --host 10.77.0.1:2,10.77.0.2:2 \
  -n 4 assay train classifier conv --epochs $EPOCHS --limit $IMAGES --threads 1 --output runs/conv-hosts
same one/conv runs/conv-hosts
quietly ip netns exec "${HOSTS[0]}" mpirun --mca plm_rsh_agent "$WORK/agent.sh" --host 10.77.0.1,10.77.0.2 \
  -n 2 assay accuracy-vs-epsilon --classifier conv --attack pgd --limit $IMAGES --shard auto --threads 1 \
  --output results/hosts
quietly assay merge results/hosts
same one/pgd results/hosts
