import Autograd

/// The best of several runs of another attack with different random numbers, for each image.
///
/// For random noise: one draw says little, the worst of many says whether an image withstands noise (Carlini
/// et al. 2019, §4.6).
public struct Repeated: Attack {
  private let attack: any Attack
  private let times: Int

  /// The attack, to be run `times` times at each ε.
  ///
  /// - Precondition: `times` is 1 or more.
  public init(_ attack: any Attack, times: Int) {
    precondition(times >= 1, "Repeated: \(times) times")
    self.attack = attack
    self.times = times
  }

  /// The name of the attack and the number of runs, such as `noise ×20`.
  public var name: String { "\(attack.name) ×\(times)" }
  /// That of the attack.
  public var norm: Norm? { attack.norm }
  /// That of the attack.
  public var role: AttackRole { attack.role }
  /// Whether the attack can aim at a label.
  public var isTargetable: Bool { attack.isTargetable }
  /// Those of the attack, and the number of runs.
  public var settings: String { "\(attack.settings), the worst of \(times)" }
  /// That of the attack.
  public var caveat: String { attack.caveat }
  /// As many as the attack needs.
  public var leastLabels: Int { attack.leastLabels }
  /// As many images as the attack takes.
  public var batchSize: Int { attack.batchSize }

  /// At each ε run after run: an image keeps the first version that fools, else the clean one, or that of the
  /// largest margin where the task does not stop at success.
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
