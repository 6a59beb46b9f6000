import Foundation

/// A chromedriver with all that it starts, in a process group and a folder of their own.
///
/// A shell stands between: it waits for the end of a connection whose other end only this process holds,
/// kills the group and removes the folder. So nothing remains whether the test passes, fails, traps, or is
/// interrupted. It knows nothing of sessions and pages.
final class DriverProcess {
  /// Where the driver listens, on this machine.
  private(set) var port: UInt16 = 0
  /// Home, temporary files and profile of the browser.
  let folder: String
  private var guardian: pid_t = 0
  private var lifeline: Int32 = -1

  /// - Returns: the path of a program that the shell would find.
  static func program(_ name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  init() throws(BrowserError) {
    // Chromium puts a socket there, and sockets have short paths.
    var template = Array("\(FileManager.default.temporaryDirectory.path)/browser-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw .notStarted(reason: "no temporary folder: \(Self.failure)") }
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    do {
      try start()
      port = try waitForPort()
    } catch {
      stop()
      throw error
    }
  }

  deinit { stop() }

  /// Ends all processes and removes the folder; asked twice, it does nothing.
  func stop() {
    if lifeline >= 0 { close(lifeline) }
    lifeline = -1
    if guardian > 0 { while waitpid(guardian, nil, 0) < 0, errno == EINTR {} }
    guardian = 0
    // The shell removes it, unless there never was one.
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// The processes of the group are gone at once; the browser's crash handlers, outside of it, end with the
  /// browser, and may still be writing.
  private static let script = """
    setsid "$1" --port=0 </dev/null >"$2/driver.log" 2>&1 &
    read -r end
    kill -s KILL -- "-$!" "$!"
    for attempt in 1 2 3 4 5 6 7 8 9; do
      rm -rf "$2" && break
      sleep 0.1
    done
    """

  private func start() throws(BrowserError) {
    guard let driver = Self.program("chromedriver") else {
      throw .notStarted(reason: "there is no chromedriver")
    }
    var ends: [Int32] = [-1, -1]
    // Sockets, for a pipe could not be kept from the processes that other tests start meanwhile.
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw .notStarted(reason: "no sockets: \(Self.failure)")
    }
    lifeline = ends[1]
    defer { close(ends[0]) }

    // As in Workbench: the signals that the tests' threads block are no business of the browser.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    // A group of its own, so that Ctrl-C on the terminal reaches the tests alone.
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }

    var variables = ProcessInfo.processInfo.environment
    for name in ["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"] {
      variables[name] = nil
    }
    variables.merge(["HOME": folder, "TMPDIR": folder, "LANGUAGE": "en"]) { $1 }
    let arguments = ["sh", "-c", Self.script, "sh", driver, folder]
    var words = arguments.map { strdup($0) } + [nil]
    var settings = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + settings { free(text) } }
    var process = pid_t()
    let failure = posix_spawn(&process, "/bin/sh", &actions, &attributes, &words, &settings)
    guard failure == 0 else { throw .notStarted(reason: String(cString: strerror(failure))) }
    guardian = process
  }

  /// The driver chooses a free port and prints it.
  private func waitForPort() throws(BrowserError) -> UInt16 {
    let end = Date(timeIntervalSinceNow: 60)
    var log = ""
    while Date() < end {
      log = (try? String(contentsOfFile: "\(folder)/driver.log", encoding: .utf8)) ?? ""
      if let found = log.firstMatch(of: /started successfully on port (\d+)/), let port = UInt16(found.1) {
        return port
      }
      usleep(5000)
    }
    throw .notStarted(reason: "chromedriver named no port: \(log.suffix(1000))")
  }

  private static var failure: String { String(cString: strerror(errno)) }
}
