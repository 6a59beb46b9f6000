import Experiments
import Foundation
import Testing

/// Names in the order of their numbers, as Foundation compares them.
@Suite struct NumberedNameTests {
  private static let names = [
    "2.png", "10.png", "1.png", "02.png", "a2b10", "a2b9", "a10b1", "a", "b", "",
    "img-12345678901234567890123.png",
    "img-9.png", "0.png", "00.png", "x/2.png", "image.png", "image1.png", "x-2.png", "x1.png", "x/10.png",
  ]

  @Test(arguments: names, names)
  func theOrderIsFoundations(_ a: String, _ b: String) {
    let isBefore = a.compare(b, options: .numeric) == .orderedAscending
    #expect((NumberedName(a) < NumberedName(b)) == isBefore)
  }
}
