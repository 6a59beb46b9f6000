import FlyingSocks
import Glibc
import Synchronization

/// The connections of a server: how many there are, what each is at, and until when it may be.
///
/// The socket of one that is overdue is shut down, which wakes what waits for it. One look at all of them at
/// intervals takes the place of a timer for each request: a timer that is called off stays in memory until
/// its time, and there could be a hundred thousand. It reads and writes nothing.
final class HTTPConnections: Sendable {
  /// What a connection is at.
  enum Activity {
    /// It waits for a request.
    case idle
    /// It reads a request.
    case reading
    /// The handler is at work, which has no limit of time.
    case handling
    /// It writes an answer.
    case writing
    /// It has written its last answer, and waits for the client to end the connection too.
    case leaving
  }

  private struct Entry {
    let task: Task<Void, Never>
    var activity = Activity.idle
    var since = ContinuousClock.now
    var deadline = ContinuousClock.now
    var isOverdue = false
  }

  private struct Table {
    var entries: [Int32: Entry] = [:]
    var isStopping = false
  }

  private let limits: HTTPLimits
  private let table = Mutex(Table())

  init(limits: HTTPLimits) { self.limits = limits }

  // MARK: - For the server

  /// Whether another connection may come. As long as there is no room, each connection ends with its next
  /// answer, so that those who wait get their turn.
  var hasRoom: Bool { table.withLock { !$0.isStopping && $0.entries.count < limits.connections } }

  /// Takes a socket, which is closed when `serve` is done with it.
  func add(_ socket: AsyncSocket, serve: @escaping @Sendable () async -> Void) {
    let file = socket.socket.file.rawValue
    table.withLock { table in
      let task = Task(executorPreference: SerialQueue.sockets) {
        await serve()
        // In this order: as soon as it is closed, the number may be that of a new connection.
        self.table.withLock { _ = $0.entries.removeValue(forKey: file) }
        try? socket.close()
      }
      table.entries[file] = Entry(task: task, deadline: .now + limits.idleTime)
    }
  }

  /// Cuts off who is overdue, until the task is cancelled.
  func watch() async {
    let shortest = min(limits.headTime, limits.bodyTime, limits.idleTime, limits.answerTime)
    let interval = max(.milliseconds(10), min(.milliseconds(500), shortest / 4))
    while !Task.isCancelled {
      let now = ContinuousClock.now
      end { $0.activity != .handling && $0.deadline <= now }
      await SerialQueue.sleep(for: interval)
    }
  }

  /// Makes room where there is none: ends connections that have done nothing for a while but wait for their
  /// client.
  func makeRoom() {
    let now = ContinuousClock.now
    end { entry in
      switch entry.activity {
      case .idle: entry.since <= now - .seconds(1)
      case .leaving: entry.since <= now - .milliseconds(100)
      case .reading, .handling, .writing: false
      }
    }
  }

  /// Lets nobody in from now on; each connection ends with its next answer.
  func close() { table.withLock { $0.isStopping = true } }

  /// Ends what is idle, gives the others ``HTTPLimits/stopTime``, and then ends them too; handlers are
  /// cancelled, and not waited for.
  func stop() async {
    close()
    let deadline = ContinuousClock.now + limits.stopTime
    end { $0.activity == .idle }
    while ContinuousClock.now < deadline, table.withLock({ !$0.entries.isEmpty }) {
      await SerialQueue.sleep(for: .milliseconds(10))
    }
    table.withLock { table in
      for (file, entry) in table.entries {
        shutdown(file, Int32(SHUT_RDWR))
        entry.task.cancel()
      }
    }
  }

  private func end(where isOver: (Entry) -> Bool) {
    table.withLock { table in
      for (file, entry) in table.entries where !entry.isOverdue && isOver(entry) {
        table.entries[file]?.isOverdue = true
        Self.end(file, entry.activity)
      }
    }
  }

  private static func end(_ file: Int32, _ activity: Activity) {
    guard activity == .writing || activity == .leaving else {
      // What waits for bytes finds their end, and may still say why.
      shutdown(file, Int32(SHUT_RD))
      return
    }
    // A reset, so that the system keeps nothing for a client that neither takes the answer nor goes.
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(file, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    shutdown(file, Int32(SHUT_RDWR))
  }

  // MARK: - For a connection

  /// Tells what the connection of a socket is at from now on, and for how long at most.
  func note(_ activity: Activity, of socket: AsyncSocket, within time: Duration = .zero) {
    let file = socket.socket.file.rawValue
    table.withLock { table in
      let now = ContinuousClock.now
      table.entries[file]?.activity = activity
      table.entries[file]?.since = now
      table.entries[file]?.deadline = now + time
      table.entries[file]?.isOverdue = false
      if table.isStopping, activity == .idle { Self.end(file, activity) }
    }
  }

  /// Whether the end of what was read is one that was made here.
  func isOverdue(_ socket: AsyncSocket) -> Bool {
    table.withLock { $0.entries[socket.socket.file.rawValue]?.isOverdue ?? false }
  }
}
