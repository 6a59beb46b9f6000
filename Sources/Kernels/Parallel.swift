import FoundationEssentials
import Glibc
import Synchronization

/// Runs the chunks of a kernel on all threads.
///
/// Work is cut into chunks whose number follows from the shapes alone, never from the number of threads, and
/// a chunk's result does not depend on who computes it: the same bytes come out for 1 thread or 2.
/// Chunks must not write to the same memory. A call from inside a chunk, or while another thread's call is
/// running, is carried out by the caller alone.
public enum Parallel {
  /// The number of threads, the caller's included. Set it before the first kernel runs; 1 or more.
  public static var threads: Int {
    get { team.threads.load(ordering: .relaxed) }
    set {
      precondition(newValue >= 1, "Parallel.threads: \(newValue) is not positive")
      team.resize(to: newValue)
    }
  }

  /// Calls `body` once for each chunk number in `0..<chunks`, in no particular order, and returns when all
  /// are done.
  @inline(never)
  public static func forEach(chunks: Int, _ body: (Int) -> Void) {
    if chunks <= 1 || !team.run(chunks, body) {
      for chunk in 0..<max(0, chunks) { body(chunk) }
    }
  }

  /// Calls `body` with consecutive ranges of at most `chunkSize` elements that together cover `0..<count`.
  public static func forEach(count: Int, chunkSize: Int, _ body: (Range<Int>) -> Void) {
    let chunks = (count + chunkSize - 1) / chunkSize
    forEach(chunks: chunks) { chunk in
      body(chunk * chunkSize..<min(count, (chunk + 1) * chunkSize))
    }
  }

  /// Elements a chunk of an elementwise kernel: 64 KiB of `Float`s, small enough for the second-level cache,
  /// large enough to hide the hand-over.
  public static let elementsPerChunk = 16384

  private static let team = Team()
}

/// The threads that wait for work, and the one piece of work at hand.
private final class Team: @unchecked Sendable {
  let threads: Atomic<Int>
  private let busy = Atomic<Bool>(false)
  /// Counts the jobs; a waiting thread watches it.
  private let job = Atomic<Int>(0)
  private let nextChunk = Atomic<Int>(0)
  private let helpersDone = Atomic<Int>(0)
  /// By address: a helper that still held the closure itself for a moment would let it escape.
  private var body: UnsafePointer<(Int) -> Void>?
  private var chunks = 0
  private var helpers = 0
  private let sleep = Condition()
  private let sleeping = Atomic<Int>(0)

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
        helpersDone.store(0, ordering: .relaxed)
        job.add(1, ordering: .sequentiallyConsistent)
        if sleeping.load(ordering: .sequentiallyConsistent) > 0 {
          sleep.lock()
          sleep.broadcast()
          sleep.unlock()
        }
        work(address)
        var turns = 0
        while helpersDone.load(ordering: .acquiring) < helpers {
          turns += 1
          if turns > 20_000 { sched_yield() }
        }
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
      waitForJob(after: seen)
      seen += 1
      if index < threads.load(ordering: .relaxed) - 1, let body { work(body) }
      helpersDone.add(1, ordering: .releasing)
    }
  }

  /// Watches for a short while (kernels follow each other within microseconds), then sleeps.
  private func waitForJob(after seen: Int) {
    for _ in 0..<400_000 where job.load(ordering: .acquiring) != seen { return }
    sleep.lock()
    sleeping.add(1, ordering: .sequentiallyConsistent)
    while job.load(ordering: .sequentiallyConsistent) == seen { sleep.wait() }
    sleeping.subtract(1, ordering: .sequentiallyConsistent)
    sleep.unlock()
  }
}

/// What a thread waits on until another has something for it (POSIX); made once, never freed.
private struct Condition: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  func lock() { pthread_mutex_lock(mutex) }
  func unlock() { pthread_mutex_unlock(mutex) }
  func wait() { pthread_cond_wait(condition, mutex) }
  func broadcast() { pthread_cond_broadcast(condition) }
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
