import CProcessor
import FoundationEssentials
import Glibc
import Synchronization

/// The threads that help with a piece of work, the job, and wait for the next.
///
/// Helpers come in while a job is open, take chunks as long as there are any, and leave. Whoever gave the job
/// takes chunks too, closes it after the last and waits for those who are inside: not for a helper that has
/// not come yet, which may not run for milliseconds where other programs are at work on the cores. Waiting is
/// watching for a while and then sleeping: a core whose thread sleeps is given to the helper that is waited
/// for.
final class Team: @unchecked Sendable {
  let threads: Atomic<Int>
  private let busy = Atomic<Bool>(false)
  /// Counts the jobs; a helper without work watches it.
  private let job = Atomic<Int>(0)
  private let nextChunk = Atomic<Int>(0)
  /// The helpers that are inside of the job; ``closed`` more while none may come in.
  private let inside = Atomic<Int>(Team.closed)
  private static let closed = 1 << 32
  /// By address: a helper that still held the closure itself for a moment would let it escape.
  private var body: UnsafePointer<(Int) -> Void>?
  private var chunks = 0
  private var helpers = 0
  /// Of helpers without work, and of whoever waits for those inside.
  private let (newJob, allLeft) = (Signal(), Signal())

  init() {
    threads = Atomic(1)
    resize(to: max(1, ProcessInfo.processInfo.activeProcessorCount))
  }

  func resize(to count: Int) {
    while busy.exchange(true, ordering: .acquiring) { sched_yield() }
    // Threads are only ever added: a smaller team leaves some of them without a share.
    while helpers < count - 1 {
      let index = helpers
      let seen = job.load(ordering: .relaxed)
      guard startThread({ self.help(index: index, seen: seen) }) else { break }
      helpers += 1
    }
    threads.store(min(count, helpers + 1), ordering: .relaxed)
    busy.store(false, ordering: .releasing)
  }

  /// False where the team is at work already or is the caller alone; then nothing was done.
  func run(_ chunks: Int, _ body: (Int) -> Void) -> Bool {
    guard threads.load(ordering: .relaxed) > 1 else { return false }
    guard !busy.exchange(true, ordering: .acquiring) else { return false }
    withoutActuallyEscaping(body) { escapable in
      withUnsafePointer(to: escapable) { address in
        self.body = address
        self.chunks = chunks
        nextChunk.store(0, ordering: .relaxed)
        inside.store(0, ordering: .releasing)
        job.add(1, ordering: .sequentiallyConsistent)
        newJob.send()
        work(address)
        inside.add(Self.closed, ordering: .acquiringAndReleasing)
        allLeft.wait(turns: 15_000) { inside.load(ordering: .sequentiallyConsistent) == Self.closed }
        self.body = nil
      }
    }
    busy.store(false, ordering: .releasing)
    return true
  }

  /// Not inlined: whatever it holds of the closure is given back before its caller says that it is done.
  @inline(never)
  private func work(_ body: UnsafePointer<(Int) -> Void>) {
    while true {
      let chunk = nextChunk.add(1, ordering: .relaxed).oldValue
      guard chunk < chunks else { return }
      body.pointee(chunk)
    }
  }

  private func help(index: Int, seen: Int) {
    var seen = seen
    while true {
      // Kernels follow each other within microseconds.
      newJob.wait(turns: 25_000) { job.load(ordering: .sequentiallyConsistent) != seen }
      seen = job.load(ordering: .acquiring)
      guard index < threads.load(ordering: .relaxed) - 1, comeIn() else { continue }
      if let body { work(body) }
      leave()
    }
  }

  /// False where the job is closed.
  private func comeIn() -> Bool {
    var count = inside.load(ordering: .relaxed)
    while count < Self.closed {
      let attempt = inside.weakCompareExchange(expected: count, desired: count + 1, ordering: .acquiring)
      if attempt.exchanged { return true }
      count = attempt.original
    }
    return false
  }

  private func leave() {
    let left = inside.subtract(1, ordering: .sequentiallyConsistent).newValue
    if left == Self.closed { allLeft.send() }
  }
}

/// What threads wait for until another has made something true and says so (POSIX); made once, never freed.
private final class Signal: Sendable {
  private let sleeping = Atomic<Int>(0)
  private nonisolated(unsafe) let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private nonisolated(unsafe) let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  /// Watches for some turns, the later ones of fifty nanoseconds or so, then sleeps.
  ///
  /// - Parameter isTrue: reads what another thread writes before it calls ``send()``, both in sequential
  ///   consistency: else either could miss the other.
  func wait(turns: Int, until isTrue: () -> Bool) {
    for turn in 0..<turns {
      if isTrue() { return }
      if turn > Self.eager { assay_pause() }
    }
    pthread_mutex_lock(mutex)
    sleeping.add(1, ordering: .sequentiallyConsistent)
    while !isTrue() { pthread_cond_wait(condition, mutex) }
    sleeping.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }

  /// Turns without a pause: some microseconds, within which the next kernel mostly comes.
  private static let eager = 5_000

  /// Wakes those that sleep.
  func send() {
    guard sleeping.load(ordering: .sequentiallyConsistent) > 0 else { return }
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }
}

/// False where the system has no thread to give.
private func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
  final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  let box = Unmanaged.passRetained(Box(body))
  var thread = pthread_t()
  let isStarted =
    pthread_create(
      &thread, nil,
      { box in
        if let box { Unmanaged<Box>.fromOpaque(box).takeRetainedValue().body() }
        return nil
      }, box.toOpaque()) == 0
  if isStarted { pthread_detach(thread) } else { box.release() }
  return isStarted
}
