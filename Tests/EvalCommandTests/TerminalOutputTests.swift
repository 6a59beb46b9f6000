import Figures
import Foundation
import Testing

/// Results on a terminal: no wider than it, and without escape codes where it knows none.
@Suite(.serialized) struct TerminalOutputTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
    _ = try bench.dense()
  }

  /// What a run writes on a terminal of so many columns.
  private func terminal(_ arguments: String, columns: UInt16, _ environment: [String: String] = [:]) throws
    -> String
  {
    var (master, slave): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    try #require(openpty(&master, &slave, nil, nil, &size) == 0)
    defer { close(master) }
    var variables = ProcessInfo.processInfo.environment
    for name in ["COLUMNS", "NO_COLOR"] { variables[name] = nil }
    variables.merge(["TERM": "xterm", "HOME": bench.folder, "XDG_CACHE_HOME": bench.path("cache")]) { $1 }
    variables.merge(environment) { $1 }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addclose(&actions, master)
    posix_spawn_file_actions_adddup2(&actions, slave, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, slave, STDERR_FILENO)
    let command = Bundle.module.bundleURL.deletingLastPathComponent().appendingPathComponent("eval").path
    let words = ["env", "-C", bench.folder, command] + arguments.split(separator: " ").map(String.init)
    var pointers = words.map { strdup($0) } + [nil]
    var settings = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in pointers + settings { free(text) } }
    var process = pid_t()
    let failure = posix_spawn(&process, "/usr/bin/env", &actions, nil, &pointers, &settings)
    close(slave)
    try #require(failure == 0)
    var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 4096))
    while true {
      // Fails once the other end is closed.
      let count = read(master, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
    }
    var status: Int32 = 0
    waitpid(process, &status, 0)
    #expect(status == 0, "\(String(decoding: bytes, as: UTF8.self))")
    return String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
  }

  /// The lines as they stand, without colours and without progress that was rewritten.
  private func lines(_ text: String) -> [String] {
    text.replacingOccurrences(of: "\u{1B}\\[[0-9;]*[mK]", with: "", options: .regularExpression)
      .split(separator: "\n").map { String($0.split(separator: "\r").last ?? "") }
  }

  static let commands = [
    "accuracy-vs-epsilon --classifier dense.safetensors --data data --epsilons 0,0.1 --attack noise --attack fgsm",
    "confusion-matrix --classifier dense.safetensors --data data", "dataset --data data",
    "doctor --data data",
    "train generator --list",
  ]

  @Test(arguments: commands, [24, 40, 60]) func linesAreNoWiderThanTheTerminal(
    command: String, columns: UInt16
  ) throws {
    let text = try terminal(command, columns: columns)
    let wide = lines(text).filter { TerminalText.width(of: $0) > columns }
    #expect(wide.isEmpty, "\(wide)")
    #expect(!text.isEmpty)
  }

  @Test func aWideTerminalGetsTheTable() throws {
    let text = try terminal(Self.commands[1], columns: 250)
    #expect(try text.contains(bench.eval(Self.commands[1]).output.split(separator: "\n")[1]))
  }

  @Test func theVariableGoesBeforeTheTerminal() throws {
    let told = try terminal(Self.commands[1], columns: 200, ["COLUMNS": "40"])
    #expect(lines(told).allSatisfy { TerminalText.width(of: $0) <= 40 })
    // Not of what goes into a file.
    let filed = try bench.eval(Self.commands[1])
    #expect(try bench.eval(Self.commands[1], environment: ["COLUMNS": "40"]).output == filed.output)
  }

  @Test func coloursAreForThoseWhoKnowThem() throws {
    let command = Self.commands[0]
    #expect(try terminal(command, columns: 80).contains("\u{1B}[3"))
    #expect(try !terminal(command, columns: 80, ["TERM": "dumb"]).contains("\u{1B}"))
    #expect(try !terminal(command, columns: 80, ["NO_COLOR": "1"]).contains("\u{1B}["))
  }
}
