import ArgumentParser

/// The seeds of several trainings: `1,2,3`.
struct SeedList {
  let values: [UInt64]

  static func parse(_ text: String) throws -> SeedList {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { UInt64($0) }
    let values = parts.compactMap { $0 }
    guard values.count == parts.count, values.count >= 2, Set(values).count == values.count else {
      throw ValidationError("expected two different seeds or more with commas between them, such as 1,2,3")
    }
    return SeedList(values: values)
  }
}
