import Testing

/// The rule by which documents are held against outputs notices what it is for, and no more.
@Suite struct OutputShapeTests {
  private static let real = """
    assay-judges-3 on 20 test images of fashion-mnist. Lower is better.

    images of      count   Fréchet conv  precision
    ─────────────  ─────  ─────────────  ─────────
    (real images)     20        0.00265      1.000
    run                7  -2.38 ± 4e-05      0.000
    (noise)           20           3.71


    runs/a
      copies: 0 exact, 12 near
      repeats itself: 20 of 20 images
    """

  private func differences(_ shown: String) -> [String] {
    OutputShape(shown).differences(from: OutputShape(Self.real))
  }

  /// The output with another text in place of one.
  private func changed(_ old: String, _ new: String) -> [String] {
    differences(Self.real.replacing(old, with: new))
  }

  @Test func anOutputHasItsOwnShape() { #expect(differences(Self.real) == []) }

  @Test(arguments: [
    "assay-judges-3 on 10000 test images …", "runs/a\n  repeats itself: 516 of 10000 images",
    """
    images of        count  …  precision
    ───────────────  ─────     ─────────
    (real images)    10000         0.926
    run              10000         0.012
    (noise)          10000
    """,
    """
    images of      count  Fréchet conv  …
    ─────────────  ─────  ────────────
    (noise)        10000          66.5
    …
    runs/a
    """,
  ])
  func numbersAndWhatIsMarkedAsLeftOutAreFree(_ shown: String) { #expect(differences(shown) == []) }

  @Test(arguments: [
    // A column renamed, out of order, and left out without a word.
    ("Fréchet conv ", "Fréchet dense"), ("count   Fréchet conv", "Fréchet conv  count "),
    ("precision\n", "\n"),
    // A row renamed, out of order, and left out.
    ("(real images)", "(real pictures)"), ("(noise) ", "(real images)"),
    ("(noise)           20           3.71\n", ""),
    // A cell of another form, and one that is empty.
    ("-2.38 ± 4e-05", "-2.38 (4e-05)"), ("      0.000\n", "\n"),
    // Lines that are not printed, or in another order.
    ("Lower is better", "Higher is better"), ("12 near", "12 near, 3 far"),
    ("  repeats itself", "  copies: 1 exact, 2 near\n  repeats itself"),
  ])
  func whatIsOtherwiseIsNoticed(_ old: String, _ new: String) {
    #expect(Self.real.contains(old))
    #expect(!changed(old, new).isEmpty)
  }

  @Test func fieldsOfJSONAreFound() {
    #expect(OutputShape.keys(#"{"schema" : "a: b", "c": {"d":1}, …"#) == ["schema", "c", "d"])
  }
}
