/// What started a process as one of several, as the environment tells it.
///
/// | launcher | index | number |
/// |---|---|---|
/// | anybody | `ASSAY_SHARD`, such as `2/4` | |
/// | Open MPI | `OMPI_COMM_WORLD_RANK`, from 0 | `OMPI_COMM_WORLD_SIZE` |
/// | MPICH and others with PMI | `PMI_RANK`, from 0 | `PMI_SIZE` |
/// | tasks of Slurm | `SLURM_PROCID`, from 0 | `SLURM_STEP_NUM_TASKS`, else `SLURM_NTASKS` |
/// | arrays of Slurm | `SLURM_ARRAY_TASK_ID`, from `SLURM_ARRAY_TASK_MIN` in steps | `SLURM_ARRAY_TASK_COUNT` |
/// | indexed jobs of Kubernetes | `JOB_COMPLETION_INDEX`, from 0 | `ASSAY_SHARDS` |
///
/// Ranks within a job of an array, or of Kubernetes, are counted through: rank r of R in job j of J is part
/// j·R + r + 1 of J·R. Nothing is linked, and nothing is asked of the launcher itself.
public struct Launcher: Sendable, Equatable {
  /// What it is called, such as `Open MPI`.
  public let name: String
  /// The part of this process.
  public let shard: Shard

  /// An environment that does not tell which part of how many a process is.
  public struct Unclear: Error, Equatable, CustomStringConvertible {
    /// One sentence: the variables, what was expected of them, and what they are.
    public let description: String
  }

  /// The processes of one job alone, which can speak to each other; nil where the environment speaks of none.
  ///
  /// - Throws: ``Unclear`` for variables that are no part of anything.
  public static func ranks(in environment: [String: String]) throws(Unclear) -> Launcher? {
    // A script of Slurm has the variables of its job; its own process is no task of a step.
    let found = try Variables(environment).ranks()
    return found?.name == "Slurm" && environment["SLURM_STEP_NUM_TASKS"] == nil ? nil : found
  }

  /// The launcher that `environment` speaks of; nil where it speaks of none.
  ///
  /// - Throws: ``Unclear`` for variables that are no part of anything.
  public static func found(in environment: [String: String]) throws(Unclear) -> Launcher? {
    if let text = environment["ASSAY_SHARD"] {
      guard let shard = Shard(text) else {
        throw Unclear(description: "ASSAY_SHARD: expected a part such as 2/4, found \(text)")
      }
      return Launcher(name: "ASSAY_SHARD", shard: shard)
    }
    let variables = Variables(environment)
    let ranks = try variables.ranks()
    let jobs = try variables.jobs()
    switch (jobs, ranks) {
    case (nil, nil): return nil
    case (let jobs?, nil): return jobs
    case (nil, let ranks?): return ranks
    case (let jobs?, let ranks?):
      let (all, index) = (
        jobs.shard.count * ranks.shard.count, (jobs.shard.index - 1) * ranks.shard.count + ranks.shard.index
      )
      guard let shard = Shard(index, of: all) else {
        throw Unclear(description: "expected at most \(Shard.most) parts, found \(all)")
      }
      return Launcher(name: "\(jobs.name) and \(ranks.name)", shard: shard)
    }
  }
}

/// Reads the numbers of an environment.
private struct Variables {
  private let environment: [String: String]

  init(_ environment: [String: String]) { self.environment = environment }

  /// The processes of one job.
  func ranks() throws(Launcher.Unclear) -> Launcher? {
    let tasks = environment["SLURM_STEP_NUM_TASKS"] == nil ? "SLURM_NTASKS" : "SLURM_STEP_NUM_TASKS"
    for (name, rank, size) in [
      ("Open MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("PMI", "PMI_RANK", "PMI_SIZE"),
      ("Slurm", "SLURM_PROCID", tasks),
    ] where environment[rank] != nil && environment[size] != nil {
      return try launcher(name, index: rank, count: size)
    }
    return nil
  }

  /// The jobs of one array.
  func jobs() throws(Launcher.Unclear) -> Launcher? {
    if environment["SLURM_ARRAY_TASK_ID"] != nil, environment["SLURM_ARRAY_TASK_COUNT"] != nil {
      let (first, step) = (
        try number("SLURM_ARRAY_TASK_MIN", else: 0), try number("SLURM_ARRAY_TASK_STEP", else: 1)
      )
      return try launcher(
        "Slurm array", index: "SLURM_ARRAY_TASK_ID", count: "SLURM_ARRAY_TASK_COUNT", first: first,
        step: max(1, step))
    }
    guard environment["JOB_COMPLETION_INDEX"] != nil else { return nil }
    guard environment["ASSAY_SHARDS"] != nil else {
      throw Launcher.Unclear(
        description: "JOB_COMPLETION_INDEX: expected ASSAY_SHARDS beside it, the number of completions")
    }
    return try launcher("Kubernetes", index: "JOB_COMPLETION_INDEX", count: "ASSAY_SHARDS")
  }

  private func launcher(
    _ name: String, index: String, count: String, first: Int = 0, step: Int = 1
  ) throws(Launcher.Unclear) -> Launcher {
    let (place, all) = (try number(index) - first, try number(count))
    guard place % step == 0, let shard = Shard(place / step + 1, of: all) else {
      throw Launcher.Unclear(
        description: "\(index), \(count): expected a place among so many, found \(place + first) and \(all)")
    }
    return Launcher(name: name, shard: shard)
  }

  private func number(_ name: String, else fallback: Int? = nil) throws(Launcher.Unclear) -> Int {
    guard let text = environment[name] else {
      if let fallback { return fallback }
      throw Launcher.Unclear(description: "\(name): expected a number, found nothing")
    }
    // Longer ones are nobody's index, and could not be added to.
    guard text.count <= 9, let value = Int(text), value >= 0 else {
      throw Launcher.Unclear(description: "\(name): expected a number, found \(text.prefix(40))")
    }
    return value
  }
}
