import Experiments
import Files
import Reports

/// The pages of what is neither a score nor a generator: trainings under way, results of one kind each, and
/// documents.
extension Site {
  mutating func addUnfinished() {
    for training in folder.unfinished {
      let name = (training.path.isEmpty ? title : training.path).lastPathComponent
      add(
        SitePage(
          address("training", name), name, .trainings, note: "Has not ended.",
          scripts: live.isEmpty ? [] : [LiveSite.scriptName]
        ) { [folder] in TrainingPage(path: training.path, folder: folder).content })
    }
  }

  mutating func addResults() {
    for part in folder.parts where !Self.isShownElsewhere(part.kind) {
      let path = folder.name(part.path)
      do {
        if let kind = ResultPages.all.first(where: { part.kind == .result(schema: $0.schema) }) {
          add(try kind.init(part, folder))
        } else {
          let page = try SummaryPage(part, folder)
          add(
            SitePage(
              address("result", path.deletingPathExtension), page.title,
              part.kind.isTraining ? .classifiers : .others, note: path
            ) { page.content })
        }
      } catch {
        add(error, path)
      }
    }
  }

  /// Scores and generators have pages of their own, and the images of a matrix are on the matrix's.
  private static func isShownElsewhere(_ kind: StoredPart.Kind) -> Bool {
    let elsewhere: [StoredPart.Kind] = [
      .result(schema: ScoreFile.schema), .result(schema: ConfusionCells.schema), .training(.generator),
    ]
    return elsewhere.contains(kind)
  }

  private mutating func add<Page: ResultPage>(_ page: Page) {
    if let fault = page.fault { add(fault, folder.name(fault.path)) }
    add(
      SitePage(
        address(Page.address, page.path.deletingPathExtension), page.title, Page.group,
        note: "\(page.path): \(page.note)"
      ) { try page.content() })
  }

  mutating func addDocuments() {
    for path in folder.documents {
      documentAddresses[path] = address("document", path.deletingPathExtension)
    }
    let documents = documentAddresses
    for path in folder.documents {
      guard let address = documents[path] else { continue }
      do {
        let page = try DocumentPage(path, folder, documents)
        add(SitePage(address, page.title, .documents, note: path) { page.content })
      } catch {
        add(error, path)
      }
    }
  }
}

extension StoredPart {
  /// Of a result, its file.
  var resultPath: String? { if case .result = kind { path } else { nil } }
}

extension StoredPart.Kind {
  fileprivate var isTraining: Bool { if case .training = self { true } else { false } }
}
