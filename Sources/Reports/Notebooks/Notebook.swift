import Files
import FoundationEssentials
import Glibc

/// A Jupyter notebook (nbformat 4.5) as a value: texts, and code with what it shows when it is run.
///
/// The same cells give the same bytes. Runs nothing: whoever makes a cell says what its code shows.
package struct Notebook: Sendable {
  package var cells: [NotebookCell]
  /// The files that its code reads, by their paths beside it.
  package var files: [String]

  package init(cells: [NotebookCell], files: [String] = []) { (self.cells, self.files) = (cells, files) }

  /// The file.
  package var text: String {
    let body = content(sha256: nil)
    return content(sha256: NotebookSeal.sha256(body)).description + "\n"
  }

  private func content(sha256: String?) -> NotebookJSON {
    var seal: [String: NotebookJSON] = ["files": .texts(files.sorted())]
    if let sha256 { seal[NotebookSeal.field] = .text(sha256) }
    return .object([
      "cells": .list(numberedCells),
      "metadata": .object([
        NotebookSeal.name: .object(seal),
        "kernelspec": .object([
          "display_name": .text("Python 3"), "language": .text("python"), "name": .text("python3"),
        ]),
        "language_info": .object([
          "file_extension": .text(".py"), "mimetype": .text("text/x-python"), "name": .text("python"),
        ]),
      ]),
      "nbformat": .integer(4), "nbformat_minor": .integer(5),
    ])
  }

  /// With an identifier each, that follows from what they say, and with a number each that is code.
  private var numberedCells: [NotebookJSON] {
    var seen: [String: Int] = [:]
    var executions = 0
    return cells.map { cell in
      let repeats = seen[cell.identity, default: 0]
      seen[cell.identity] = repeats + 1
      let identity = repeats == 0 ? cell.identity : "\(cell.identity)\n\(repeats)"
      if cell.isCode { executions += 1 }
      return cell.json(id: String(SHA256.hex(of: Data(identity.utf8)).prefix(12)), execution: executions)
    }
  }
}

/// One cell of a ``Notebook``.
package enum NotebookCell: Equatable, Sendable {
  case text(String)
  case code(String, [NotebookOutput])

  package var source: String {
    switch self {
    case .text(let source), .code(let source, _): source
    }
  }

  var isCode: Bool { if case .code = self { true } else { false } }

  fileprivate var identity: String { (isCode ? "code\n" : "text\n") + source }

  fileprivate func json(id: String, execution: Int) -> NotebookJSON {
    var fields: [String: NotebookJSON] = [
      "id": .text(id), "metadata": .object([:]), "source": .lines(source),
    ]
    switch self {
    case .text: fields["cell_type"] = .text("markdown")
    case .code(_, let outputs):
      fields["cell_type"] = .text("code")
      fields["execution_count"] = .integer(execution)
      fields["outputs"] = .list(outputs.map(\.json))
    }
    return .object(fields)
  }
}

/// What a cell shows when it is run.
package enum NotebookOutput: Equatable, Sendable {
  /// Printed, with the ends of its lines.
  case printed(String)
  case picture(NotebookPicture)

  fileprivate var json: NotebookJSON {
    switch self {
    case .printed(let text):
      return .object([
        "name": .text("stdout"), "output_type": .text("stream"), "text": .lines(text),
      ])
    case .picture(let picture):
      var data: [String: NotebookJSON] = [
        "image/png": .text(picture.png.base64EncodedString()), "text/plain": .lines(picture.title),
      ]
      if let svg = picture.svg { data["image/svg+xml"] = .lines(svg) }
      return .object([
        "data": .object(data), "metadata": .object([:]), "output_type": .text("display_data"),
      ])
    }
  }
}
