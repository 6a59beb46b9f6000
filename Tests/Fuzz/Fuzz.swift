import Files
import Foundation

/// The reader under test, by the environment variable `FUZZ_READER`.
private let reader: FuzzReader = {
  let name = ProcessInfo.processInfo.environment["FUZZ_READER"] ?? ""
  guard let reader = FuzzReader.all.first(where: { $0.name == name }) else {
    let known = FuzzReader.all.map(\.name).joined(separator: ", ")
    Swift.print("FUZZ_READER: expected \(known), found \"\(name)\"")
    exit(64)
  }
  return reader
}()

/// libFuzzer calls this with the inputs that it thinks up (`make fuzz`).
///
/// Whatever the bytes are: they are read, or refused with a ``FileError``. A trap, another error, and more
/// memory than the limit that libFuzzer was given are findings.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let data = Data(UnsafeBufferPointer(start: bytes, count: count))
  do {
    try reader.read(data)
  } catch let error as FileError {
    // Sentences are short, and move no cursor.
    precondition(
      error.description.unicodeScalars.allSatisfy { $0.value >= 32 } && error.description.count < 4000)
  } catch {
    preconditionFailure("\(reader.name): an error that is none of files: \(error)")
  }
  return 0
}
