import Kernels
import Testing

@Suite struct BufferTests {
  @Test func whatIsDerivedIsComputedOnceUntilTheContentChanges() {
    let buffer = Buffer(count: 4)
    var computed = 0
    func sum(_ key: String) -> Buffer {
      buffer.derived(key) {
        computed += 1
        return Buffer(count: 1)
      }
    }
    let first = sum("a")
    #expect(sum("a") === first && computed == 1)
    #expect(sum("b") !== first && computed == 2)
    buffer.forgetDerived()
    #expect(sum("a") !== first && computed == 3)
  }
}
