import Datasets
import Files
import FoundationEssentials

/// Answers the requests of `eval serve`: the pages of a folder's site, its files, and the pages that draw,
/// attack and compare.
///
/// Reads and computes; no request changes a file.
package struct LiveSite: Sendable {
  private let keeper: SiteKeeper
  private let studio: Studio

  static let scriptName = "live.js"
  private static let links = [
    WebPage.Link(DrawPage.title, DrawPage.address), WebPage.Link(AttackPage.title, AttackPage.address),
    WebPage.Link(ComparePage.title, ComparePage.address),
  ]

  /// - Parameters:
  ///   - folder: of results and runs.
  ///   - images: reads the images that attacks begin with, when they are first asked for.
  /// - Throws: `FileError` for a folder that is missing or cannot be listed.
  package init(_ folder: String, images: @escaping @Sendable () throws -> LabeledImages) throws(FileError) {
    keeper = try SiteKeeper(folder, links: Self.links)
    studio = Studio(images: images)
  }

  /// The answer to one request.
  package func respond(_ request: HTTPRequest) async -> HTTPResponse {
    do {
      return try await answer(request)
    } catch let refusal as LiveRefusal {
      return .text(refusal.status, refusal.description)
    } catch {
      return .text(500, (error as? FileError)?.description ?? "\(error)".visible(limit: 400))
    }
  }

  private func answer(_ request: HTTPRequest) async throws -> HTTPResponse {
    let address = request.path.isEmpty ? Site.first : request.path.joined(separator: "/")
    let query = LiveQuery(request.query.fields)
    // Relative links of a page would lead below it.
    guard !request.endsInSlash || request.path.isEmpty else { return missing(address) }
    if request.method == .post {
      guard address == AttackPage.uploadAddress else {
        return .text(405, "only pages that say so take a POST")
      }
      return try await upload(request)
    }
    switch address {
    case DrawPage.address:
      return try await page(await studio.draw(query, try await keeper.offer()), at: address)
    case AttackPage.address:
      return try await page(await studio.attack(query, try await keeper.offer()), at: address)
    case ComparePage.address:
      return try await page(await studio.compare(query, try await keeper.offer()), at: address)
    case "draw.png", "draw.npy":
      let kind = String(address.suffix(3))
      let data = try await studio.file(kind, query, try await keeper.offer())
      return HTTPResponse(
        200, contentType: ContentType.of(address), body: data,
        headers: ["Content-Disposition": "attachment; filename=\"\(address)\""])
    default:
      if let asset = WebAssets.all.first(where: { $0.name == address }) {
        return HTTPResponse(200, contentType: ContentType.of(address), body: asset.data)
      }
      if request.path.first == "files" {
        let name = request.path.dropFirst().joined(separator: "/")
        guard let file = try await keeper.file(Address.file(name)) else { return missing(address) }
        return HTTPResponse(200, contentType: ContentType.of(file.name), body: file.data)
      }
      guard let document = try await keeper.document(address) else { return missing(address) }
      return HTTPResponse(200, contentType: ContentType.html, body: Data(document.utf8))
    }
  }

  private func page(_ made: (page: WebPage, status: Int), at address: String) async throws -> HTTPResponse {
    let document = try await keeper.document(made.page, at: address)
    return HTTPResponse(made.status, contentType: ContentType.html, body: Data(document.utf8))
  }

  private func upload(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard
      let picture = Multipart.file(
        "picture", in: request.body, contentType: request.headers["content-type"] ?? "")
    else { return .text(400, "expected a form with a picture, found another body") }
    return .redirect(to: try await studio.upload(picture))
  }

  private func missing(_ address: String) -> HTTPResponse {
    .text(404, "\(address.visible(limit: 200)): not found")
  }
}

/// What files are, by the endings of their names.
enum ContentType {
  static let html = "text/html; charset=utf-8"

  static func of(_ name: String) -> String {
    switch name.pathExtension.lowercased() {
    case "html": html
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "png": "image/png"
    case "gif": "image/gif"
    case "jpg", "jpeg": "image/jpeg"
    case "svg": "image/svg+xml"
    case "json": "application/json"
    case "csv": "text/csv; charset=utf-8"
    default: "application/octet-stream"
    }
  }
}
