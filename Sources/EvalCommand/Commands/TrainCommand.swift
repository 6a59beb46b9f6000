import ArgumentParser

/// `eval train`: everything that learns.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a network.",
    subcommands: [TrainClassifierCommand.self, TrainGeneratorCommand.self, TrainColorizerCommand.self])
}
