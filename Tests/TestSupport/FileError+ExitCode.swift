import Files

extension FileError {
  /// What the command ends with: by it, tests tell the kinds of errors apart.
  package var exitCode: Int32 {
    switch self {
    case .missing, .unreadable: 66
    case .malformed: 65
    case .unwritable: 73
    }
  }
}
