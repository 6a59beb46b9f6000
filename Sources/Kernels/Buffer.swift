import Glibc
import Synchronization

/// A block of `Float`s in memory, 64-byte aligned, taken from a pool and given back to it.
///
/// Fresh memory costs a page fault a page at first touch (about 0.5 GB/s, against 60 GB/s once touched), and
/// a training step asks for the same sizes again and again; so memory is never returned to the system, only
/// to the pool. The content of a new buffer is undefined.
public final class Buffer {
  /// The first of `count` elements.
  public let pointer: UnsafeMutablePointer<Float>
  /// The number of elements asked for.
  public let count: Int
  private let sizeClass: Int
  private let derived = Mutex(Derived())

  /// A block of `count` elements with undefined content.
  ///
  /// - Precondition: `count` is not negative.
  public init(count: Int) {
    precondition(count >= 0, "Buffer: negative count \(count)")
    self.count = count
    sizeClass = BufferPool.sizeClass(of: count)
    pointer = BufferPool.take(sizeClass)
  }

  deinit { BufferPool.give(back: pointer, sizeClass) }

  private struct Derived: @unchecked Sendable { var byKey: [AnyHashable: Buffer] = [:] }

  /// What is computed from the content again and again, such as weights in another basis: computed at the
  /// first call, and kept until the content changes.
  ///
  /// - Parameters:
  ///   - key: of the computation, with all that it depends on beside the content.
  ///   - compute: is called without a lock.
  package func derived(_ key: some Hashable, _ compute: () -> Buffer) -> Buffer {
    if let known = derived.withLock({ $0 }).byKey[key] { return known }
    let new = compute()
    let entry = Derived(byKey: [key: new])
    derived.withLock { $0.byKey.merge(entry.byKey) { $1 } }
    return new
  }

  /// Ends what ``derived(_:_:)`` keeps. Whoever changes the content calls it.
  package func forgetDerived() { derived.withLock { $0.byKey = [:] } }
}

/// The free blocks, by size class. Four classes an octave: at most a quarter of a block is wasted.
enum BufferPool {
  private struct FreeBlocks: @unchecked Sendable {
    var byClass = [[UnsafeMutablePointer<Float>]](repeating: [], count: 4 * Int.bitWidth)
  }
  private static let free = Mutex(FreeBlocks())

  /// The smallest class whose blocks hold `count` elements. The smallest block is one cache line of 16.
  static func sizeClass(of count: Int) -> Int {
    let lines = max(1, (count + 15) / 16)
    guard lines > 4 else { return lines - 1 }
    let octave = Int.bitWidth - (lines - 1).leadingZeroBitCount - 3
    let step = (lines + (1 << octave) - 1) >> octave
    return 4 * octave + step - 1
  }

  /// The number of elements in a block of the class.
  static func capacity(of sizeClass: Int) -> Int {
    guard sizeClass >= 4 else { return 16 * (sizeClass + 1) }
    let octave = sizeClass / 4 - 1
    let step = sizeClass % 4 + 5
    return 16 * (step << octave)
  }

  static func take(_ sizeClass: Int) -> UnsafeMutablePointer<Float> {
    if let block = free.withLock({ $0.byClass[sizeClass].popLast() }) { return block }
    let bytes = capacity(of: sizeClass) * MemoryLayout<Float>.stride
    let hugePage = 2 << 20
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: bytes >= hugePage ? hugePage : 64)
    if bytes >= hugePage { madvise(raw, bytes, MADV_HUGEPAGE) }
    return raw.bindMemory(to: Float.self, capacity: capacity(of: sizeClass))
  }

  static func give(back block: UnsafeMutablePointer<Float>, _ sizeClass: Int) {
    free.withLock { $0.byClass[sizeClass].append(block) }
  }
}
