import Foundation

/// Where the process begins.
@main
enum Main {
  static func main() {
    Console.openStreams()
    Interruption.watch()
    do {
      var command = try EvalMain.parseAsRoot()
      try command.run()
    } catch {
      exit(ExitStatus.report(error))
    }
  }
}
