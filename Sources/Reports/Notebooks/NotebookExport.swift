import Experiments
import Files
import FoundationEssentials
import Glibc

/// A notebook of runs with the files that its code reads, made in memory and then written.
///
/// The files lie in a folder beside the notebook that has its name. Looks at nothing but the runs: the same
/// runs, story and name give the same bytes.
public struct NotebookExport {
  /// The notebook's file.
  public let path: String
  /// Titles of pictures that were left out, for they would have made the notebook too large.
  public let leftOut: [String]
  let notebook: Notebook
  /// By their paths beside the notebook.
  let files: [String: Data]

  /// Bytes of a notebook at most: what is larger is slow to look at, and not shown by GitHub.
  package static let largestNotebook = 2_000_000

  /// What to do about a notebook that is not replaced.
  package static let replacingRemedy = NotebookSeal.remedy

  /// Reads the runs and makes the notebook and its files; nothing is written.
  ///
  /// - Parameters:
  ///   - runs: one at least.
  ///   - story: the path of a Markdown text that says where each run goes; without one they stand in their
  ///     order, below a title.
  ///   - title: in place of one that follows from the notebook's name.
  ///   - path: of the notebook, with the ending `.ipynb`.
  /// - Throws: `FileError` for a run or a story that is not what it should be, a run that the story does
  ///   not place, a placed one that is not given, and a notebook that would be too large.
  public init(_ runs: [StoredRun], story: String? = nil, title: String? = nil, to path: String) throws {
    precondition(!runs.isEmpty, "NotebookExport: no runs")
    self.path = path
    let data = FilePlace(path.deletingPathExtension)
    if let data, let run = runs.first(where: { FilePlace($0.path) == data }) {
      throw FileError.unwritable(
        path: path, reason: "its data would go into the folder of the run \(run.path)")
    }
    let name = path.lastPathComponent.deletingPathExtension
    let pieces: [NotebookLayout.Piece]
    if let story {
      pieces = try NotebookLayout.placed(runs, in: NotebookStory(contentsOf: story))
    } else {
      let heading = title ?? NotebookLayout.title(of: name)
      pieces = [.text("# \(Markdown.escaped(heading))")] + runs.map(NotebookLayout.Piece.run)
    }
    let layout = try NotebookLayout(pieces, name: name)
    files = Dictionary(uniqueKeysWithValues: layout.files.map { ("\(name)/\($0.key)", $0.value) })
    (notebook, leftOut) = try Self.fitted(
      Notebook(cells: layout.cells, files: Array(files.keys)), path: path)
  }

  /// Without as many of the heaviest pictures as it takes.
  package static func fitted(
    _ notebook: Notebook, path: String, limit: Int = largestNotebook
  ) throws(FileError) -> (Notebook, leftOut: [String]) {
    var (notebook, leftOut) = (notebook, [String]())
    while true {
      let size = notebook.text.utf8.count
      if size <= limit { return (notebook, leftOut) }
      guard let title = notebook.dropHeaviestPicture() else {
        throw .unwritable(path: path, reason: "it would have \(size) bytes, where \(limit) are the most")
      }
      leftOut.append(title)
    }
  }

  /// Writes the files and then the notebook, and removes what an earlier export of the same name made
  /// beside it and this one does not.
  ///
  /// - Parameter overwrites: whether a notebook there is replaced that was not exported, or was changed
  ///   since.
  /// - Throws: `FileError/unwritable(path:reason:)`; each file is whole, the old or the new one.
  public func write(overwrites: Bool = false) throws(FileError) {
    var former: [String] = []
    if FileManager.default.fileExists(atPath: path) {
      guard try !AtomicFile.isFolder(path) else {
        throw .unwritable(path: path, reason: "it is a folder")
      }
      do throws(FileError) {
        former = try NotebookSeal.filesOfExport(at: path)
      } catch {
        guard overwrites else { throw error }
      }
    }
    let folder = path.deletingLastPathComponent
    func place(_ name: String) -> String { folder.isEmpty ? name : "\(folder)/\(name)" }
    for (name, data) in files.sorted(by: { $0.key < $1.key }) { try AtomicFile.write(data, to: place(name)) }
    try AtomicFile.write(notebook.text, to: path)
    let own = path.lastPathComponent.deletingPathExtension
    for name in former where files[name] == nil && Self.isBeside(name, own) { unlink(place(name)) }
  }

  /// Whether a name that a file lists lies in the notebook's own folder, whatever it says.
  private static func isBeside(_ name: String, _ own: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0] == own && !parts.contains { $0.isEmpty || $0 == "." || $0 == ".." }
      && !name.contains("\0")
  }
}

extension Notebook {
  /// Puts a sentence in the place of the heaviest picture.
  ///
  /// - Returns: its title; nil where there is none left.
  fileprivate mutating func dropHeaviestPicture() -> String? {
    var heaviest: (cell: Int, output: Int, size: Int, title: String)?
    for (index, cell) in cells.enumerated() {
      guard case .code(_, let outputs) = cell else { continue }
      for (place, output) in outputs.enumerated() {
        guard case .picture(let picture) = output, picture.size > heaviest?.size ?? 0 else { continue }
        heaviest = (index, place, picture.size, picture.title)
      }
    }
    guard let heaviest, case .code(let source, var outputs) = cells[heaviest.cell] else { return nil }
    outputs[heaviest.output] = .printed("The picture is left out for its size; run the cell to draw it.\n")
    cells[heaviest.cell] = .code(source, outputs)
    return heaviest.title
  }
}

extension NotebookPicture {
  /// Bytes of it in the file, about.
  fileprivate var size: Int { png.count * 4 / 3 + (svg?.utf8.count ?? 0) }
}
