import EvalCommand

/// Where the process begins.
@main
enum Main {
  static func main() { EvalMain.run() }
}
