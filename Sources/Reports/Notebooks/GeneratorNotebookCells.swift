import Experiments
import Files
import Generators
import Pictures

/// A generator's training: its losses, the first grid that it drew, and images that it draws now.
enum GeneratorNotebookCells: NotebookCells {
  static let kinds: [StoredPart.Kind] = [.training(.generator)]

  /// Of the images that are drawn for the notebook.
  private static let seed: UInt64 = 1

  static func section(of part: StoredPart, data: String) throws -> NotebookSection {
    let generator = try Generator(contentsOf: "\(part.folder)/generator.safetensors")
    // What it draws at the end follows below.
    let losses = try LossCells(
      part, of: generator.recipe.name, grids: Array(part.grids.prefix(1)), data: data)
    let drawn = GeneratorGrids(
      generator.recipe, labelCount: generator.labelNames.count, seed: seed
    ).images(of: generator.network)
    let asked = generator.labelNames.isEmpty ? "" : ", a column a label"
    var section = NotebookSection(
      title: "Training of \(generator.recipe.name)",
      finding:
        "\(generator.recipe.name): \(Markdown.escaped(generator.recipe.summary)) "
        + "(\(Markdown.escaped(generator.recipe.citation))). "
        + losses.finding,
      table: losses.markdown, code: try losses.code(), files: losses.files)
    section.files["images.npz"] = try NPZ.data(["images": NPY.data(bytes(drawn), shape: drawn.shape)])
    section.code += [
      .code(load("\(data)/images.npz"), [Printed.lines([printed(drawn)])]),
      .code(
        draw(columns: drawn.columns),
        [.picture(try NotebookPicture(drawn.bitmap, title: "Images of \(generator.recipe.name)\(asked)"))]),
    ]
    return section
  }

  /// As a picture holds them.
  private static func bytes(_ drawn: DrawnImages) -> [UInt8] {
    Bitmap(
      width: drawn.shape[2], height: drawn.shape[0] * drawn.shape[1], channels: drawn.shape[3],
      values: drawn.pixels
    ).pixels
  }

  // MARK: - Code

  private static func load(_ path: String) -> String {
    #"""
    images = np.load(DATA / "\#(path)")["images"]
    count, height, width, channels = images.shape
    print(f"{count} images of {height}×{width}, {channels} channel(s), mean {images.mean():.1f} of 255")
    """#
  }

  private static func printed(_ drawn: DrawnImages) -> String {
    let bytes = bytes(drawn)
    let mean = Double(bytes.reduce(0) { $0 + Int($1) }) / Double(bytes.count)
    let shape = drawn.shape
    return
      "\(shape[0]) images of \(shape[1])×\(shape[2]), \(shape[3]) channel(s), "
      + "mean \(Printed.fixed(mean, 1)) of 255"
  }

  private static func draw(columns: Int) -> String {
    #"""
    columns = \#(columns)
    rows = count // columns
    grid = images[: rows * columns].reshape(rows, columns, height, width, channels)
    grid = grid.swapaxes(1, 2).reshape(rows * height, columns * width, channels)

    figure, axes = plt.subplots(figsize=(6, 6))
    axes.imshow(grid.squeeze(), cmap="gray", vmin=0, vmax=255)
    axes.axis("off")
    plt.show()
    """#
  }
}
