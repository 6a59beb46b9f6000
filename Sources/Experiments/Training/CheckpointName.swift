/// The names of a generator's checkpoints: `step-200.safetensors`.
package enum CheckpointName {
  package static func name(step: Int) -> String { "step-\(step).safetensors" }

  /// The step in the name of a checkpoint; nil for other files.
  package static func step(of name: String) -> Int? {
    Int(name.dropFirst("step-".count).prefix { $0 != "." }).flatMap {
      name == self.name(step: $0) ? $0 : nil
    }
  }
}
