/// What the weights of a generator are called that were kept while it was trained.
package enum CheckpointName {
  package static func name(step: Int) -> String { "step-\(step).safetensors" }

  /// The step in the name of a checkpoint; nil for other files.
  package static func step(of name: String) -> Int? {
    Int(name.dropFirst("step-".count).prefix { $0 != "." }).flatMap {
      name == Self.name(step: $0) ? $0 : nil
    }
  }
}
