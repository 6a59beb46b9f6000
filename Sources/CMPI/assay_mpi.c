// What Assay asks of MPI, as plain functions: the types behind mpi.h differ from one MPI to the next, so this is
// compiled with the one that is used (`make mpi`) and loaded at run time (Sources/Cluster/MPILibrary.swift).
//
// An error of MPI ends all processes of the job, as MPI does by itself; nothing is returned then.
#include <mpi.h>
#include <stdint.h>

// Starts MPI. Returns 0 where it does so.
int assay_mpi_start(int32_t *rank, int32_t *size) {
  int provided = 0;
  if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS) return 1;
  int r = 0, n = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &r);
  MPI_Comm_size(MPI_COMM_WORLD, &n);
  *rank = r;
  *size = n;
  return 0;
}

// Puts the `count` bytes of every process behind each other into `all`, in the order of the ranks.
int assay_mpi_gather(const void *own, void *all, int32_t count) {
  return MPI_Allgather(own, count, MPI_BYTE, all, count, MPI_BYTE, MPI_COMM_WORLD) == MPI_SUCCESS ? 0 : 1;
}

// Ends MPI: all processes together, or, with a code, at once for all of them.
void assay_mpi_end(int32_t code) {
  if (code != 0) MPI_Abort(MPI_COMM_WORLD, code);
  MPI_Finalize();
}
