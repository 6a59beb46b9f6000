/// How exactly the factors of products and convolutions are taken; sums are `Float`s in either.
public enum ProductPrecision: String, Codable, Sendable, CaseIterable {
  /// As they are: 24 significant bits.
  case float32
  /// Rounded to bfloat16 (`BFloat16`), 8 significant bits and the range of a `Float`, where that is
  /// fastest; see ``Convolution``.
  case bfloat16

  /// That of the tensors' products and convolutions, forward and backward, in this task.
  @TaskLocal public static var current = ProductPrecision.float32

  /// What `body` computes in this precision.
  public func callAsFunction<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try self(tiles: .current, body)
  }

  /// What `body` computes in this precision, convolutions in float32 with tiles of this size.
  package func callAsFunction<Result, Failure: Error>(
    tiles: WinogradConvolution.Tiles, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let result = Self.$current.withValue(self) {
      WinogradConvolution.Tiles.$current.withValue(tiles) { () -> Swift.Result<Result, Failure> in
        do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
      }
    }
    return try result.get()
  }
}
