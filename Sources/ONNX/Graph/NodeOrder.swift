import Files

/// The nodes of a graph that an output needs, each behind those that it needs.
struct NodeOrder {
  /// In an order in which they can be computed.
  let nodes: [NodeProto]
  /// How often each name is read.
  private(set) var uses: [String: Int] = [:]

  /// - Parameters:
  ///   - outputs: names that must be made.
  ///   - given: names that are there before any node: inputs and weights.
  /// - Throws: `FileError` for a cycle, a name that nothing makes, and one that two nodes make.
  init(_ nodes: [NodeProto], outputs: [String], given: Set<String>, path: String) throws(FileError) {
    var maker: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for name in node.output where !name.isEmpty {
        guard maker.updateValue(index, forKey: name) == nil, !given.contains(name) else {
          throw .malformed(path: path, expected: "names that are made once", found: "two that make \(name)")
        }
      }
    }
    enum State { case entered, done }
    var state: [Int: State] = [:]
    var order: [Int] = []
    // Depth first, without recursion: a graph may be as deep as it has nodes.
    for output in outputs where !given.contains(output) {
      guard let first = maker[output] else { throw Self.missing(output, reader: "the output", path: path) }
      guard state[first] == nil else { continue }
      state[first] = .entered
      var stack: [(node: Int, next: Int)] = [(first, 0)]
      while let (index, next) = stack.last {
        let node = nodes[index]
        guard next < node.input.count else {
          state[index] = .done
          order.append(index)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let name = node.input[next]
        guard !name.isEmpty, !given.contains(name) else { continue }
        guard let other = maker[name] else {
          throw Self.missing(name, reader: node.title, path: path)
        }
        switch state[other] {
        case .done: continue
        case .entered:
          throw .malformed(
            path: path, expected: "a graph without a cycle", found: "one through \(node.title)")
        case nil:
          state[other] = .entered
          stack.append((other, 0))
        }
      }
    }
    self.nodes = order.map { nodes[$0] }
    for node in self.nodes { for name in node.input { uses[name, default: 0] += 1 } }
    for name in outputs { uses[name, default: 0] += 1 }
  }

  private static func missing(_ name: String, reader: String, path: String) -> FileError {
    .malformed(
      path: path, expected: "an initializer or a node that makes \(name) for \(reader)", found: "none")
  }
}

extension NodeProto {
  /// What errors call it: the operator, and the node's name or that of its result.
  var title: String {
    let own = name.isEmpty ? output.first ?? "" : name
    return "\(opType) \"\(own)\""
  }
}
