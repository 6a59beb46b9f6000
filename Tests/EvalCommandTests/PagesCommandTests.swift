import Files
import Foundation
import Glibc
import Testing

/// `eval report` and `eval serve` as commands: what they print, how they end.
@Suite struct PagesCommandTests {
  @Test func aSiteOfWhatCommandsWrote() throws {
    let bench = try Workbench()
    for arguments in [
      "confusion-matrix --classifier dense --data data --output runs/c",
      "accuracy-vs-epsilon --classifier dense --epsilons 0,0.1 --data data --output runs/a",
    ] {
      #expect(try bench.eval(arguments).status == 0)
    }
    try Data("{".utf8).write(to: URL(fileURLWithPath: bench.path("runs/broken.json")))
    let outcome = try bench.eval("report runs --output site")
    #expect(outcome.status == 0 && outcome.output.hasPrefix("site/index.html: 3 pages, "))
    #expect(outcome.messages.count == 1 && outcome.errors.contains("runs/broken.json: expected JSON"))
    let page = try String(
      contentsOfFile: bench.path("site/confusion-c-confusion-matrix.html"), encoding: .utf8)
    #expect(page.contains("eval confusion-matrix --classifier dense") && page.contains("id=\"cell-"))
  }

  @Test func whatCannotBeASiteIsRefused() throws {
    let bench = try Workbench()
    #expect(try bench.eval("report nothere").status == 66)
    #expect(try bench.eval(["report", "data", "--output", ""]).status == 64)
    #expect(try bench.eval("report data --output data").status == 73)
    #expect(try bench.eval("serve --runs nothere").status == 66)
    #expect(try bench.eval("serve --port 65536").status == 64)
    #expect(try bench.eval("serve --port -1").status == 64)
    #expect(try bench.eval("serve --host nobody.example").status == 64)
  }

  @Test(arguments: [SIGINT, SIGTERM]) func aServerAnswersAndEndsWithASignal(signal: Int32) throws {
    let bench = try Workbench()
    let run = try bench.startShell(
      """
      # With job control, so that the server does not inherit that SIGINT is ignored.
      set -m
      "$EVAL" serve --runs data --port 0 > address & server=$!
      until grep -q Ctrl-C address; do sleep 0.1; done
      port=$(sed -E 's|.*:([0-9]+)/.*|\\1|' address)
      exec 3<>/dev/tcp/127.0.0.1/$port
      printf 'GET / HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3
      head -1 <&3
      # A second one at the same port.
      eval serve --runs data --port $port; echo "second: $?"
      kill -\(signal) -- -$server; wait $server; echo "first: $?"
      """)
    let outcome = run.wait()
    #expect(outcome.output.contains("HTTP/1.1 200"))
    #expect(outcome.output.contains("second: 64") && outcome.errors.contains("address already in use"))
    #expect(outcome.output.contains("first: 0"))
  }
}
