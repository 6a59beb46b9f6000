import Autograd
import Classifier
import Experiments
import Figures
import Files
import FoundationEssentials
import Network
import Pictures

/// What a classifier's first layer looks at: its weights as small pictures. A part of the cells of its
/// training.
struct FilterCells {
  /// The name of the file that the code reads.
  static let file = "first-layer.safetensors"

  private let entry: Safetensors.Entry
  /// Of a filter, `[rows, columns, channels, filters]`.
  private let shape: [Int]

  /// - Returns: nil for a network whose first layer has no weights that are pictures.
  init?(_ classifier: NeuralClassifier) {
    guard let (_, parameter) = classifier.network.namedParameters.first else { return nil }
    let (own, image) = (parameter.value.shape, classifier.imageShape)
    switch own.count {
    case 4: shape = own
    case 2 where own[0] == image.reduce(1, *): shape = image + [own[1]]
    default: return nil
    }
    guard shape[2] == 1 else { return nil }
    entry = Safetensors.Entry(shape: shape, values: parameter.value.elements)
  }

  /// The file.
  var data: Data { Safetensors(entries: ["filters": entry]).encoded() }

  func code(_ path: String) throws -> [NotebookCell] {
    [
      .code(load(path), [Printed.lines(["\(shape[3]) filters of \(shape[0])×\(shape[1])"])]),
      .code(draw, [.picture(try NotebookPicture(bitmap, title: "The first layer's weights"))]),
    ]
  }

  private static let columns = 16

  /// Black is the lowest weight of all, white the highest in size, grey none.
  private var bitmap: Bitmap {
    let (size, count) = (shape[0] * shape[1], shape[3])
    let largest = max(entry.values.map(\.magnitude).max() ?? 0, .leastNormalMagnitude)
    let filters = (0..<count).map { filter in
      Bitmap(
        width: shape[1], height: shape[0], channels: 1,
        values: (0..<size).map { 0.5 + 0.5 * entry.values[$0 * count + filter] / largest })
    }
    return ImageGrid(columns: Self.columns, scale: max(1, 28 / shape[1])).bitmap(of: filters)
  }

  // MARK: - Code

  private func load(_ path: String) -> String {
    #"""
    def read_safetensors(name):
        """The arrays of float32 in a file of weights, by their names."""
        data = (DATA / name).read_bytes()
        start = 8 + int.from_bytes(data[:8], "little")
        header = json.loads(data[8:start])
        header.pop("__metadata__", None)
        arrays = {}
        for key, entry in header.items():
            first, last = entry["data_offsets"]
            values = np.frombuffer(data[start + first : start + last], "<f4")
            arrays[key] = values.reshape(entry["shape"])
        return arrays


    filters = read_safetensors("\#(path)")["filters"]
    height, width, _, count = filters.shape
    print(f"{count} filters of {height}×{width}")
    """#
  }

  private var draw: String {
    #"""
    columns = \#(Self.columns)
    rows = -(-count // columns)
    grid = np.zeros((rows * (height + 1), columns * (width + 1)))
    for index in range(count):
        y, x = index // columns * (height + 1), index % columns * (width + 1)
        grid[y : y + height, x : x + width] = filters[:, :, 0, index]

    largest = np.abs(filters).max()
    figure, axes = plt.subplots(figsize=(9, 9 * grid.shape[0] / grid.shape[1]))
    axes.imshow(grid, cmap="gray", vmin=-largest, vmax=largest)
    axes.axis("off")
    plt.show()
    """#
  }
}
