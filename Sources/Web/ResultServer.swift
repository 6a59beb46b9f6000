import Datasets
import Files

/// The pages of a folder of results or runs in a browser, always as its files stand, with pages that draw,
/// attack and compare.
///
///     let server = try ResultServer(of: "runs") { try DataSource().load(.test) }
///     print(server.address)
///     try await server.run()
///
/// Changes no file. Answers only requests that name its own host, so that no other site can look through a
/// visitor's browser; asks for no password.
public struct ResultServer: Sendable {
  private let site: LiveSite
  private let server: HTTPServer

  /// Listens from now on; ``run()`` answers.
  ///
  /// - Parameters:
  ///   - folder: of results and runs.
  ///   - host: the address to listen on; this machine alone unless it says otherwise.
  ///   - port: 0 for any that is free.
  ///   - images: reads the images that attacks begin with, when they are first asked for.
  /// - Throws: `FileError` for a folder that is missing or cannot be listed; a `ServerError` where the
  ///   address is none, or taken.
  public init(
    of folder: String, host: String = "127.0.0.1", port: UInt16 = 8080,
    images: @escaping @Sendable () throws -> LabeledImages
  ) throws {
    site = try LiveSite(folder, images: images)
    server = try HTTPServer(host: host, port: port)
  }

  /// What a browser opens.
  public var address: String { server.address }

  /// Answers requests until the task is cancelled; those that have begun are ended.
  ///
  /// - Throws: where the socket fails.
  public func run() async throws { try await server.run { await site.respond($0) } }
}
