import Cluster
import Testing

/// Which part a process is, by what its launcher has put into the environment.
@Suite struct LauncherTests {
  @Test(arguments: [
    (["OMPI_COMM_WORLD_RANK": "2", "OMPI_COMM_WORLD_SIZE": "4"], "3/4", "Open MPI"),
    (["PMI_RANK": "0", "PMI_SIZE": "2"], "1/2", "PMI"),
    (["SLURM_PROCID": "1", "SLURM_NTASKS": "3"], "2/3", "Slurm"),
    // A step of fewer tasks than the job.
    (["SLURM_PROCID": "1", "SLURM_NTASKS": "8", "SLURM_STEP_NUM_TASKS": "2"], "2/2", "Slurm"),
    // Open MPI within Slurm, whose script runs as its task 0.
    (
      ["OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "2", "SLURM_PROCID": "0", "SLURM_NTASKS": "2"],
      "2/2", "Open MPI"
    ),
    (
      ["SLURM_ARRAY_TASK_ID": "0", "SLURM_ARRAY_TASK_COUNT": "5", "SLURM_ARRAY_TASK_MIN": "0"], "1/5",
      "Slurm array"
    ),
    (
      [
        "SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_MIN": "1",
        "SLURM_ARRAY_TASK_STEP": "2",
      ], "4/4", "Slurm array"
    ),
    // Two tasks in each job of an array of three.
    (
      [
        "SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "1",
        "SLURM_PROCID": "1", "SLURM_NTASKS": "2",
      ], "4/6", "Slurm array and Slurm"
    ),
    (["JOB_COMPLETION_INDEX": "3", "ASSAY_SHARDS": "4"], "4/4", "Kubernetes"),
    (["ASSAY_SHARD": "2/4", "OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "4"], "2/4", "ASSAY_SHARD"),
  ])
  func eachLauncherSaysWhichPart(_ environment: [String: String], part: String, name: String) throws {
    let launcher = try #require(try Launcher.found(in: environment))
    #expect(launcher.shard.description == part)
    #expect(launcher.name == name)
  }

  @Test func nobodySaysNothing() throws {
    #expect(try Launcher.found(in: ["HOME": "/root", "SLURM_NTASKS": "4"]) == nil)
  }

  @Test(arguments: [
    (["OMPI_COMM_WORLD_RANK": "4", "OMPI_COMM_WORLD_SIZE": "4"], "OMPI_COMM_WORLD_RANK"),
    (["PMI_RANK": "-1", "PMI_SIZE": "2"], "PMI_RANK"),
    (["PMI_RANK": "0", "PMI_SIZE": "0"], "PMI_SIZE"),
    (["PMI_RANK": "99999999999999999999", "PMI_SIZE": "2"], "PMI_RANK"),
    (["JOB_COMPLETION_INDEX": "3"], "ASSAY_SHARDS"),
    (["ASSAY_SHARD": "5/4"], "5/4"), (["ASSAY_SHARD": "0/4"], "0/4"), (["ASSAY_SHARD": "1/0"], "1/0"),
    (["ASSAY_SHARD": "1"], "ASSAY_SHARD"), (["ASSAY_SHARD": "1/2/3"], "1/2/3"),
    // An array with gaps has no places.
    (
      ["SLURM_ARRAY_TASK_ID": "9", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "1"],
      "SLURM_ARRAY_TASK_ID"
    ),
    (["SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "200000"], "200000"),
  ])
  func whatIsNoPartIsRefused(_ environment: [String: String], naming part: String) {
    let error = #expect(throws: Launcher.Unclear.self) { try Launcher.found(in: environment) }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: ["", "1", "0/1", "2/1", "1/100001", "-1/2", "1/-2", "a/b", "1/2/", " 1/2"])
  func textsThatAreNoParts(_ text: String) { #expect(Shard(text) == nil) }
}
