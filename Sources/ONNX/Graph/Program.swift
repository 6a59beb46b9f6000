import Autograd
import Network

/// A graph as it runs: operations one after the other, each with a place for its result.
///
/// Place 0 holds the images `[N, H, W, C]`; operation i writes place i + 1.
struct Program {
  private(set) var steps: [(operation: Operation, inputs: [Int])] = []

  /// Appends an operation.
  ///
  /// - Returns: the place of its result.
  mutating func append(_ operation: Operation, _ inputs: [Int]) -> Int {
    precondition(inputs.allSatisfy { (0...steps.count).contains($0) }, "Program.append: inputs \(inputs)")
    steps.append((operation, inputs))
    return steps.count
  }

  /// The operation that writes the place; nil for the images.
  func operation(of slot: Int) -> Operation? { slot == 0 ? nil : steps[slot - 1].operation }

  mutating func replace(_ slot: Int, by operation: Operation) { steps[slot - 1].operation = operation }

  /// The program without what `results` do not need; their places in it, in order.
  func needed(for results: [Int]) -> (program: Program, results: [Int]) {
    let isNeeded = isNeeded(for: results)
    var (places, program) = ([0: 0], Program())
    for (index, step) in steps.enumerated() where isNeeded[index + 1] {
      places[index + 1] = program.append(step.operation, step.inputs.map { places[$0] ?? 0 })
    }
    return (program, results.map { places[$0] ?? 0 })
  }

  /// For each place, whether `results` are made of it.
  func isNeeded(for results: [Int]) -> [Bool] {
    var isNeeded = [Bool](repeating: false, count: steps.count + 1)
    for slot in results { isNeeded[slot] = true }
    for slot in stride(from: steps.count, to: 0, by: -1) where isNeeded[slot] {
      for input in steps[slot - 1].inputs { isNeeded[input] = true }
    }
    return isNeeded
  }

  /// The tensors at `results` for images `[N, H, W, C]`.
  func callAsFunction(_ images: Tensor, results: [Int]) -> [Tensor] {
    run(images, results) { $0($1) }
  }

  /// The boxes at `results` for all images in a box.
  ///
  /// - Precondition: every operation has bounds.
  func bounds(_ images: Interval, results: [Int]) -> [Interval] {
    run(images, results) { $0.bounds($1) }
  }

  /// Runs all steps; what no later one needs is let go at once.
  private func run<Element>(
    _ input: Element, _ results: [Int], _ apply: (Operation, [Element]) -> Element
  ) -> [Element] {
    var last = [Int](repeating: 0, count: steps.count + 1)
    for (index, step) in steps.enumerated() { for slot in step.inputs { last[slot] = index + 1 } }
    for slot in results { last[slot] = Int.max }
    var places: [Element?] = [input] + [Element?](repeating: nil, count: steps.count)
    for (index, step) in steps.enumerated() {
      places[index + 1] = apply(step.operation, step.inputs.compactMap { places[$0] })
      for slot in step.inputs where last[slot] == index + 1 { places[slot] = nil }
    }
    return results.compactMap { places[$0] }
  }
}
