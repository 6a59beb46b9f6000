import ArgumentParser
import Datasets
import Dispatch
import Experiments
import Files
import Synchronization
import Web

/// `eval serve`: the same pages live, with pages that draw, attack and compare.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Show results in a browser, draw with generators, and attack images.",
    discussion: """
      The pages of eval report over a folder, always as its files stand; a running training is followed. Draw \
      shows what a generator makes of a label and a seed, with what the judges take it for; Attack disturbs a \
      test image or one of your own; Compare puts two generators side by side. An address says all that is \
      asked for: it can be sent, and gives the same bytes.

      Listens on this machine alone, unless --host says otherwise; answers only requests that name this host, \
      changes no file, and ends with Ctrl-C. There is no password: whoever reaches the port sees the results.
      """)

  @Option(help: ArgumentHelp("The folder of results and runs.", valueName: "dir"))
  var runs = "."
  @Option(parsing: .unconditional, help: "The port; 0 for any that is free.")
  var port: UInt16 = 8080
  @Option(
    help: ArgumentHelp(
      "The address to listen on, such as 0.0.0.0 for all of this machine's.", valueName: "address"))
  var host = "127.0.0.1"
  @OptionGroup var images: TestImageOptions
  @OptionGroup var compute: ComputeOptions

  func run() throws {
    try compute.prepare()
    let source = images.data.source
    let limit = images.limit
    let server: ResultServer
    do {
      server = try ResultServer(of: runs, host: host, port: port) {
        let all = try source.load(.test)
        return limit.map(all.prefix) ?? all
      }
    } catch let error as ServerError {
      throw ValidationError("--host, --port: \(error)")
    }
    try print("\(server.address): showing \(runs.visible()); end with Ctrl-C")
    try Interruption.awaited { try Self.run(server) }
  }

  /// Until a signal comes.
  private static func run(_ server: ResultServer) throws {
    let ended = DispatchSemaphore(value: 0)
    let failure = Mutex<(any Error)?>(nil)
    let task = Task.detached {
      do {
        try await server.run()
      } catch {
        failure.withLock { $0 = error }
      }
      ended.signal()
    }
    while ended.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
      if Interruption.isRequested { task.cancel() }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }
}
