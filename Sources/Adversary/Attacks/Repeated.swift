import Autograd

/// The best of several runs of another attack with different random numbers, for each image.
///
/// For random noise: one draw says little, the worst of many says whether an image withstands noise (Carlini
/// et al. 2019, §4.6).
public struct Repeated: Attack {
  private let attack: any Attack
  private let times: Int

  public init(_ attack: any Attack, times: Int) {
    precondition(times >= 1, "Repeated: \(times) times")
    self.attack = attack
    self.times = times
  }

  public var name: String { "\(attack.name) ×\(times)" }
  public var norm: Norm? { attack.norm }
  public var role: AttackRole { attack.role }
  public var isTargetable: Bool { attack.isTargetable }
  public var settings: String { "\(attack.settings), the worst of \(times)" }
  public var caveat: String { attack.caveat }
  public var leastLabels: Int { attack.leastLabels }
  public var batchSize: Int { attack.batchSize }

  public func perturbation(_ task: AttackTask) -> Perturbation {
    .images { epsilon in
      Standing.attacked(task) { standing in
        for run in 0..<times where !standing.isEmpty {
          standing.offer(attack.images(standing.task.rekeyed(run), within: epsilon))
        }
      }
    }
  }
}
