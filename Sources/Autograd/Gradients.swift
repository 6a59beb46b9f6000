/// The gradients of a scalar with respect to tracked tensors, by reverse-mode differentiation.
///
/// Only the part of the tape that lies between `sources` and `result` is walked, without recursion. A source
/// that `result` does not depend on has a zero gradient.
///
/// - Parameters:
///   - result: a tensor of one element.
///   - sources: tracked tensors: leaves made by ``Tensor/tracked()``, or values on the way.
///   - createGraph: whether the gradients shall be tracked themselves, for a second differentiation.
/// - Returns: one tensor a source, of its shape.
public func gradients(of result: Tensor, wrt sources: [Tensor], createGraph: Bool = false) -> [Tensor] {
  precondition(result.count == 1, "gradients(of:wrt:): the shape \(result.shape) is not of one element")
  let targets = sources.map { source in
    guard let node = source.node else { preconditionFailure("gradients(of:wrt:): a source is not tracked") }
    return ObjectIdentifier(node)
  }
  var found: [ObjectIdentifier: Tensor] = [:]
  if let root = result.node {
    let path = nodes(from: root, to: Set(targets))
    var gradient = [ObjectIdentifier(root): Tensor(repeating: 1, shape: result.shape)]
    for node in path {
      let name = ObjectIdentifier(node)
      guard let dy = gradient.removeValue(forKey: name) else { continue }
      if targets.contains(name) { found[name] = dy }
      guard let pullback = node.pullback, !node.inputs.isEmpty else { continue }
      let isNeeded = node.inputs.map { $0.node.map { path.contains($0) } ?? false }
      guard isNeeded.contains(true) else { continue }
      let output = node.output.map {
        Tensor(shape: $0.shape, buffer: $0.buffer, node: createGraph ? node : nil)
      }
      let inputs = createGraph ? node.inputs : node.inputs.map(\.detached)
      let flows = pullback(Cotangent(dy: dy, inputs: inputs, output: output, isNeeded: isNeeded))
      for (input, flow) in zip(node.inputs, flows) {
        guard let flow, let target = input.node, path.contains(target) else { continue }
        precondition(
          flow.shape == input.shape,
          "gradients(of:wrt:): a pullback made \(flow.shape) for an operand of shape \(input.shape)")
        let targetName = ObjectIdentifier(target)
        var sum = gradient.removeValue(forKey: targetName)
        if createGraph { sum = sum.map { $0 + flow } } else { sum?.add(flow) }
        gradient[targetName] = sum ?? flow
      }
    }
  }
  return zip(sources, targets).map { source, target in found[target] ?? .zeros(source.shape) }
}

/// The gradient with respect to one tensor; see ``gradients(of:wrt:createGraph:)``.
public func gradient(of result: Tensor, wrt source: Tensor, createGraph: Bool = false) -> Tensor {
  gradients(of: result, wrt: [source], createGraph: createGraph)[0]
}

/// The nodes between `root` and the targets, results before their operands.
private struct Path: Sequence {
  private let ordered: [Node]
  private let members: Set<ObjectIdentifier>

  init(_ ordered: [Node]) {
    self.ordered = ordered
    members = Set(ordered.map { ObjectIdentifier($0) })
  }

  func contains(_ node: Node) -> Bool { members.contains(ObjectIdentifier(node)) }
  func makeIterator() -> IndexingIterator<[Node]> { ordered.makeIterator() }
}

private func nodes(from root: Node, to targets: Set<ObjectIdentifier>) -> Path {
  var seen: Set<ObjectIdentifier> = [ObjectIdentifier(root)]
  var reachable = [root]
  var next = 0
  while next < reachable.count {
    for input in reachable[next].inputs {
      if let node = input.node, seen.insert(ObjectIdentifier(node)).inserted { reachable.append(node) }
    }
    next += 1
  }
  reachable.sort { $0.number < $1.number }
  var onPath: Set<ObjectIdentifier> = []
  let members = reachable.filter { node in
    let name = ObjectIdentifier(node)
    let leads =
      targets.contains(name)
      || node.inputs.contains { $0.node.map { onPath.contains(ObjectIdentifier($0)) } ?? false }
    if leads { onPath.insert(name) }
    return leads
  }
  return Path(members.reversed())
}
