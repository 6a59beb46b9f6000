import CCurl
import Files
import FoundationEssentials
import Glibc

/// The system's libcurl, for one request of HTTP after another.
///
/// Loaded at first use: a data set is downloaded once, on machines that do not have it, and nobody else
/// should need libcurl and the thirty libraries behind it. Does not resume, retry or keep connections.
struct Curl: Sendable {
  struct Failure: Error {
    let reason: String
  }

  /// What a server answered, after redirections.
  struct Answer {
    var status = 0
    /// By names in lower case.
    var headers: [String: String] = [:]
    var body = Data()
  }

  static let loaded: Result<Curl, Failure> = load()

  private typealias Init = @convention(c) () -> UnsafeMutableRawPointer?
  private typealias Perform = @convention(c) (UnsafeMutableRawPointer?) -> Int32
  private typealias Cleanup = @convention(c) (UnsafeMutableRawPointer?) -> Void
  private typealias Explain = @convention(c) (Int32) -> UnsafePointer<CChar>?
  private typealias Prepare = @convention(c) (Int) -> Int32

  private let start: Init
  private let perform: Perform
  private let end: Cleanup
  private let explain: Explain
  private nonisolated(unsafe) let set: UnsafeMutableRawPointer
  private nonisolated(unsafe) let get: UnsafeMutableRawPointer

  /// The answer to GET for the bytes of `range`.
  ///
  /// - Parameter timeout: how many seconds the server may be silent.
  func get(_ address: String, range: Range<Int>, timeout: Double) throws(Failure) -> Answer {
    guard let handle = start() else { throw Failure(reason: "libcurl could not be started") }
    defer { end(handle) }
    let reader = Reader()
    let pointer = Unmanaged.passUnretained(reader).toOpaque()
    let seconds = Int(max(1, min(timeout.isNaN ? 1 : timeout, 86_400)).rounded(.up))
    let settings: [Int32] = [
      assay_curl_set_text(set, handle, Option.address, address),
      assay_curl_set_text(set, handle, Option.range, "\(range.lowerBound)-\(range.upperBound - 1)"),
      assay_curl_set_text(set, handle, Option.userAgent, "assay"),
      assay_curl_set_number(set, handle, Option.protocols, Option.httpAndHTTPS),
      assay_curl_set_number(set, handle, Option.protocolsOfRedirections, Option.httpAndHTTPS),
      assay_curl_set_number(set, handle, Option.followsRedirections, 1),
      assay_curl_set_number(set, handle, Option.mostRedirections, 10),
      assay_curl_set_number(set, handle, Option.usesNoSignals, 1),
      assay_curl_set_number(set, handle, Option.secondsToConnect, seconds),
      assay_curl_set_number(set, handle, Option.leastBytesASecond, 1),
      assay_curl_set_number(set, handle, Option.secondsBelowThat, seconds),
      assay_curl_set_reader(
        set, handle, Option.takesHeader,
        { bytes, _, count, reader in
          Reader.at(reader)?.take(header: UnsafeRawBufferPointer(start: bytes, count: count))
          return count
        }, Option.readerOfHeaders, pointer),
      assay_curl_set_reader(
        set, handle, Option.takesBody,
        { bytes, _, count, reader in
          Reader.at(reader)?.take(body: UnsafeRawBufferPointer(start: bytes, count: count)) ?? 0
        }, Option.readerOfBody, pointer),
    ]
    let code = settings.first { $0 != 0 } ?? withExtendedLifetime(reader) { perform(handle) }
    guard code == 0 else {
      throw Failure(reason: explain(code).map { String(cString: $0) } ?? "libcurl's error \(code)")
    }
    var status = 0
    _ = assay_curl_get_number(get, handle, Option.status, &status)
    reader.answer.status = status
    return reader.answer
  }

  /// Where the library puts what arrives.
  private final class Reader {
    var answer = Answer()

    static func at(_ pointer: UnsafeMutableRawPointer?) -> Reader? {
      pointer.map { Unmanaged<Reader>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Returns how much was taken: nothing beyond the largest file, which ends the transfer.
    func take(body: UnsafeRawBufferPointer) -> Int {
      guard answer.body.count + body.count <= IDX.largestFile else { return 0 }
      answer.body.append(contentsOf: body)
      return body.count
    }

    /// A line of the headers. Each answer begins with one of its own, so those of redirections go.
    func take(header: UnsafeRawBufferPointer) {
      let line = String(decoding: header, as: UTF8.self)
      if line.hasPrefix("HTTP/") { answer = Answer() }
      guard let colon = line.firstIndex(of: ":") else { return }
      answer.headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...]).trimmed()
    }
  }

  /// CURLOPT_… and CURLINFO_… of curl.h.
  private enum Option {
    static let readerOfBody: Int32 = 10001
    static let address: Int32 = 10002
    static let range: Int32 = 10007
    static let userAgent: Int32 = 10018
    static let readerOfHeaders: Int32 = 10029
    static let takesBody: Int32 = 20011
    static let takesHeader: Int32 = 20079
    static let leastBytesASecond: Int32 = 19
    static let secondsBelowThat: Int32 = 20
    static let followsRedirections: Int32 = 52
    static let mostRedirections: Int32 = 68
    static let secondsToConnect: Int32 = 78
    static let usesNoSignals: Int32 = 99
    static let protocols: Int32 = 181
    static let protocolsOfRedirections: Int32 = 182
    static let httpAndHTTPS = 3
    static let status: Int32 = 0x20_0002
  }

  private static func load() -> Result<Curl, Failure> {
    let names = ["libcurl.so.4", "libcurl-gnutls.so.4"]
    guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW) }).first else {
      let reason = dlerror().map { String(cString: $0) } ?? "it is missing"
      return .failure(Failure(reason: "libcurl cannot be loaded (\(reason)); apt-get install libcurl4"))
    }
    let functions = [
      "curl_easy_init", "curl_easy_perform", "curl_easy_cleanup", "curl_easy_strerror", "curl_global_init",
      "curl_easy_setopt", "curl_easy_getinfo",
    ].compactMap { (name: String) in dlsym(library, name) }
    let everything = 3
    guard functions.count == 7, unsafeBitCast(functions[4], to: Prepare.self)(everything) == 0 else {
      return .failure(Failure(reason: "libcurl could not be started"))
    }
    return .success(
      Curl(
        start: unsafeBitCast(functions[0], to: Init.self),
        perform: unsafeBitCast(functions[1], to: Perform.self),
        end: unsafeBitCast(functions[2], to: Cleanup.self),
        explain: unsafeBitCast(functions[3], to: Explain.self), set: functions[5], get: functions[6]))
  }
}
