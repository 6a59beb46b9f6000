import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// A temporary folder with a tiny data set, in which the built command is run; removed at the end.
final class Workbench {
  let folder: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("eval-\(UUID().uuidString)")
    folder = url.path
    try TinySet.write(to: path("data"))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  // MARK: - Running

  /// What a run printed, and how it ended.
  struct Outcome {
    /// The exit code; negative: the signal that ended it.
    let status: Int32
    let output: String
    let errors: String

    /// The lines of stderr without those of the progress.
    var messages: [String] {
      errors.split(separator: "\n").map(String.init).filter {
        !$0.contains(" %  ") && !$0.hasPrefix("epoch ")
      }
    }
  }

  /// Runs `eval` in the folder and waits for its end.
  func eval(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
    try start(arguments, environment: environment).wait()
  }

  /// The same with words that hold no spaces.
  func eval(_ arguments: String, environment: [String: String] = [:]) throws -> Outcome {
    try eval(arguments.split(separator: " ").map(String.init), environment: environment)
  }

  /// Starts `eval` in the folder.
  func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Run {
    try Run(try Self.command(), arguments, in: folder, environment: environment)
  }

  /// Starts a shell in the folder, for which `eval` is a function.
  func startShell(_ script: String) throws -> Run {
    let command = try Self.command().path
    return try Run(
      URL(fileURLWithPath: "/bin/bash"), ["-c", "eval() { \"$EVAL\" \"$@\"; }; \(script)"], in: folder,
      environment: ["EVAL": command])
  }

  /// The same, and waits for its end.
  func shell(_ script: String) throws -> Outcome { try startShell(script).wait() }

  private static func command() throws -> URL {
    // The command stands beside the resources of the tests, in the folder of the build.
    let command = Bundle.module.bundleURL.deletingLastPathComponent().appendingPathComponent("eval")
    try #require(FileManager.default.isExecutableFile(atPath: command.path), "eval is not built")
    return command
  }

  /// A run on its way.
  ///
  /// Not a `Foundation.Process`: that one passes the blocked signals of the tests' threads on, Ctrl-C among
  /// them.
  final class Run {
    private let process: pid_t
    private let files: [String]
    private var status: Int32?

    init(_ command: URL, _ arguments: [String], in folder: String, environment: [String: String]) throws {
      files = ["stdout", "stderr"].map { "\(folder)/.\($0)-\(UUID().uuidString)" }
      var variables = ProcessInfo.processInfo.environment
      for name in ["COLUMNS", "LINES", "NO_COLOR", "FASHION_MNIST_DIR", "MNIST_DIR"] { variables[name] = nil }
      variables["HOME"] = folder
      variables["XDG_CACHE_HOME"] = "\(folder)/cache"
      variables.merge(environment) { $1 }

      var attributes = posix_spawnattr_t()
      posix_spawnattr_init(&attributes)
      defer { posix_spawnattr_destroy(&attributes) }
      var signals = sigset_t()
      sigemptyset(&signals)
      posix_spawnattr_setsigmask(&attributes, &signals)
      for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ] { sigaddset(&signals, signal) }
      posix_spawnattr_setsigdefault(&attributes, &signals)
      posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

      var actions = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&actions)
      defer { posix_spawn_file_actions_destroy(&actions) }
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
      for (descriptor, file) in zip([STDOUT_FILENO, STDERR_FILENO], files) {
        posix_spawn_file_actions_addopen(&actions, descriptor, file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      }

      // env changes the folder and then becomes the command: it keeps the process.
      var words = (["env", "-C", folder, command.path] + arguments).map { strdup($0) } + [nil]
      var settings = variables.map { strdup("\($0)=\($1)") } + [nil]
      defer { for text in words + settings { free(text) } }
      var process = pid_t()
      let failure = posix_spawn(&process, "/usr/bin/env", &actions, &attributes, &words, &settings)
      self.process = process
      try #require(failure == 0, "\(String(cString: strerror(failure)))")
    }

    /// A test that failed half-way leaves no process behind.
    deinit {
      guard status == nil else { return }
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }

    private func text(_ index: Int) -> String {
      (try? String(contentsOfFile: files[index], encoding: .utf8)) ?? ""
    }

    private var isRunning: Bool {
      var found: Int32 = 0
      if status == nil, waitpid(process, &found, WNOHANG) == process { status = found }
      return status == nil
    }

    /// Waits until stderr holds `text`; fails where the run ends before, or after two minutes.
    func waitForErrors(containing text: String) throws {
      let end = Date(timeIntervalSinceNow: 120)
      while !self.text(1).contains(text) {
        try #require(isRunning && Date() < end, "no \"\(text)\" in: \(self.text(1))")
        usleep(5000)
      }
    }

    func send(_ signal: Int32) { kill(process, signal) }

    func wait() -> Outcome {
      var found = status ?? 0
      if status == nil { while waitpid(process, &found, 0) < 0, errno == EINTR {} }
      status = found
      defer { for file in files { unlink(file) } }
      // The low seven bits are the signal that ended the process; above them stands the exit code.
      let signal = found & 0x7F
      return Outcome(status: signal == 0 ? found >> 8 & 0xFF : -signal, output: text(0), errors: text(1))
    }
  }

  // MARK: - Classifiers

  /// Trains a dense classifier for one epoch, once for all tests; the path of its copy in this folder.
  func dense() throws -> String {
    let path = path("dense.safetensors")
    try AtomicFile.write(try Self.weights.get(), to: path)
    return path
  }

  private static let weights = Result {
    let bench = try Workbench()
    let outcome = try bench.eval("train classifier dense --data data --epochs 1 --batch 8 --output run")
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try AtomicFile.read(bench.path("run/classifier.safetensors"))
  }

  // MARK: - Looking at the folder

  /// All files below `name`, sorted.
  func files(below name: String) -> [String] {
    let found = FileManager.default.enumerator(atPath: path(name))?.compactMap { $0 as? String } ?? []
    return found.filter { file in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path("\(name)/\(file)"), isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  /// Whether a file of a run tells how long it took; all others of equal runs are equal bytes.
  static func isTimed(_ file: String) -> Bool {
    file.hasSuffix("manifest.json") || file.hasSuffix("training-seconds.txt")
  }

  /// What a write that did not end would leave behind.
  var partialFiles: [String] { files(below: ".").filter { $0.hasSuffix(".tmp") || $0.hasSuffix(".part") } }
}

/// 40 training and 20 test images of 28×28 with the labels 0, 1, …, 9, 0, …
enum TinySet {
  static func write(to folder: String) throws {
    for file in DatasetFile.allCases {
      try AtomicFile.write(Data(content(of: file)), to: "\(folder)/\(file.rawValue)")
    }
  }

  static func count(_ file: DatasetFile) -> Int {
    file == .trainImages || file == .trainLabels ? 40 : 20
  }

  static func content(of file: DatasetFile) -> [UInt8] {
    let count = count(file)
    guard file.kind == .images else { return idx([count], (0..<count).map { UInt8($0 % 10) }) }
    // The label's tenth of the rows is bright, on a background of noise and a black border.
    return idx(
      [count, 28, 28],
      (0..<count).flatMap { image in
        (0..<28).flatMap { y in
          (0..<28).map { x -> UInt8 in
            if y < 4 || y >= 24 || x < 4 || x >= 24 { return 0 }
            let noise = UInt8((image * 31 + y * 17 + x * 29 + count) * 2_654_435_761 >> 7 & 63)
            return (y - 4) / 2 == image % 10 ? 255 - noise : noise
          }
        }
      })
  }
}

/// One failure: its exit code, nothing on stdout, one line on stderr with all of `parts`, nothing
/// half-written.
func expectFailure(
  _ bench: Workbench, _ outcome: Workbench.Outcome, status: Int32, naming parts: [String],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
  #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
  #expect(outcome.messages.count == 1, "\(outcome.errors)", sourceLocation: sourceLocation)
  let message = outcome.messages.first ?? ""
  #expect(message.hasPrefix("eval: "), "\(message)", sourceLocation: sourceLocation)
  for part in parts {
    #expect(message.contains(part), "no \"\(part)\" in: \(message)", sourceLocation: sourceLocation)
  }
  #expect(bench.partialFiles.isEmpty, sourceLocation: sourceLocation)
}
