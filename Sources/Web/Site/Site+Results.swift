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
        ) { [folder] in try TrainingPage(path: training.path, folder: folder).content })
    }
  }

  mutating func addResults() {
    for part in folder.parts {
      let path = folder.name(part.path)
      do {
        switch part.kind {
        case .result(schema: ScoreFile.schema), .result(schema: ConfusionCells.schema), .training(.generator):
          break
        case .result(schema: "assay/accuracy-vs-epsilon/1"):
          let page = try CurvePage(part, folder)
          add(
            SitePage(address("curve", path.named), page.title, .curves, note: "\(path): \(page.note)") {
              try page.content()
            })
        case .result(schema: "assay/confusion-matrix/1"):
          let page = try ConfusionPage(part, folder)
          if let fault = page.fault { add(fault, folder.name(fault.path)) }
          add(
            SitePage(address("confusion", path.named), page.title, .confusions, note: "\(path): \(page.note)")
            {
              page.content()
            })
        case .result(schema: "assay/robustness/1"):
          let page = try RobustnessPage(part, folder)
          add(
            SitePage(
              address("robustness", path.named), page.title, .robustness, note: "\(path): \(page.note)"
            ) {
              try page.content()
            })
        default:
          let page = try SummaryPage(part, folder)
          add(
            SitePage(
              address("result", path.named), page.title, part.kind.isTraining ? .classifiers : .others,
              note: path
            ) { page.content })
        }
      } catch {
        add(error, path)
      }
    }
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

extension String {
  /// What a result's page is called after: its folder and its name.
  fileprivate var named: String { deletingPathExtension }
}

extension StoredPart {
  /// Of a result, its file.
  var resultPath: String? { if case .result = kind { path } else { nil } }
}

extension StoredPart.Kind {
  fileprivate var isTraining: Bool { if case .training = self { true } else { false } }
}
