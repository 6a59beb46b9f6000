import ArgumentParser
import Experiments
import Files

/// Where a training keeps its files: a new folder, or one with a training to go on with.
struct RunFolderOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The folder of the run; runs/ and its name by default.", valueName: "dir"))
  var output: String?
  @Option(
    help: ArgumentHelp(
      "Go on with the training in this folder, by the figures it was started with.", valueName: "dir"))
  var resume: String?
  @Flag(help: "Replace a training that is in the output folder already.")
  var overwrite = false

  var isResumed: Bool { resume != nil }

  /// What is done with what the folder holds.
  var beginning: TrainingBeginning { isResumed ? .resuming : overwrite ? .overwriting : .new }

  func validate() throws {
    for (name, folder) in [("output", output), ("resume", resume)] where folder?.isEmpty == true {
      throw ValidationError("--\(name): expected a folder, found an empty name")
    }
    if resume != nil, overwrite {
      throw ValidationError("--resume: expected either --resume or --overwrite, found both")
    }
    if let resume, let output, output != resume {
      throw ValidationError("--resume: expected no other folder in --output, found \(output)")
    }
  }

  /// The seeds of the trainings below a folder to go on with that is no training's own.
  var resumedSeeds: [UInt64] { resume.map(SeedFolders.resumable) ?? [] }

  /// Takes the folder for this process.
  ///
  /// - Parameters:
  ///   - name: of the run, for the default.
  ///   - seed: of one of several trainings, which has a folder of its own below.
  ///   - isWritten: whether this process writes into it; of several that train together only one does.
  /// - Throws: ``FileError`` where another process has it, it holds a training that was not asked for, or
  ///   none to go on with.
  func open(name: String, seed: UInt64? = nil, isWritten: Bool = true) throws(FileError) -> RunFolder {
    let whole = resume ?? output ?? "runs/\(name)"
    let path = seed.map { SeedFolders.path(whole, seed: $0) } ?? whole
    let folder = RunFolder(path: path)
    if resume != nil, !folder.holdsState {
      throw .missing(path: folder.statePath, remedy: "start without --resume")
    }
    guard isWritten else { return folder }
    if resume == nil, !overwrite {
      if folder.holdsState {
        throw .unwritable(
          path: path, reason: "it holds a training already; --resume goes on with it, --overwrite starts anew"
        )
      }
      if let first = SeedFolders.resumable(in: path).first {
        throw .unwritable(
          path: path,
          reason:
            "it holds trainings of several seeds, such as \(SeedFolders.path(path, seed: first)); --resume "
            + "goes on with them")
      }
      if folder.holdsWeights {
        throw .unwritable(
          path: path, reason: "it holds the weights of a training already; --overwrite starts anew")
      }
    }
    try folder.take()
    return folder
  }
}
