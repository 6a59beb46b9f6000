/// How much of memory, places and time clients may take. The defaults are for a person's browser on the same
/// machine.
package struct HTTPLimits: Sendable {
  /// Bytes of a request line with its end; beyond, 414.
  package var requestLineBytes = 8 << 10
  /// Bytes of all header fields with their ends; beyond, 431.
  package var headerBytes = 16 << 10
  /// Header fields; beyond, 431.
  package var headerCount = 100
  /// Bytes of a body; beyond, 413 before any of it is read.
  package var bodyBytes = 4 << 20

  /// From the first byte of a request to the end of its head; then 408.
  package var headTime: Duration = .seconds(10)
  /// From the end of the head to the end of the body; then 408.
  package var bodyTime: Duration = .seconds(60)
  /// For how long a connection may stay without a request; then it is closed without a word.
  package var idleTime: Duration = .seconds(15)
  /// For how long a client may take for a piece of ``answerPiece`` bytes of an answer; then the connection is
  /// reset. A client that reads steadily gets an answer of any size, and each answer takes a bounded time.
  package var answerTime: Duration = .seconds(30)
  /// Bytes of an answer that ``answerTime`` is for.
  package var answerPiece = 256 << 10
  /// For how long requests may go on when the server is to stop.
  package var stopTime: Duration = .seconds(2)

  /// Connections at once. Further ones wait in the system's queue: a browser waits, whereas a page would lack
  /// the pictures that were answered with 503. ``HTTPConnections`` says how they get their turn.
  package var connections = 256
  /// Requests on one connection, after which it is closed.
  package var requestsPerConnection = 1000

  package init() {}
}
