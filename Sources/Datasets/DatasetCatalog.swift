/// The data sets that are known by name. A new one is one more entry of ``all``.
///
/// Any other set of the same form is
/// ``Dataset/init(name:labelNames:firstLabel:isTransposed:digests:home:debianPackage:)``.
public enum DatasetCatalog {
  /// Fashion-MNIST, MNIST and Kuzushiji-MNIST; the parts of EMNIST are in ``emnist``.
  public static let all = [fashionMNIST, mnist, kmnist]

  /// The set called `name`, or nil.
  public static func named(_ name: String) -> Dataset? {
    (all + emnist).first { $0.name == name }
  }

  /// The set whose name people write in this or another way, such as `FashionMNIST`; or nil.
  static func known(_ name: String) -> Dataset? {
    (all + emnist).first { DatasetFileName.key($0.name) == DatasetFileName.key(name) }
  }

  /// Fashion-MNIST (Xiao, Rasul, Vollgraf 2017, MIT licence): 60,000 and 10,000 grey images of clothes, 28 x
  /// 28, <https://github.com/zalandoresearch/fashion-mnist>.
  ///
  /// The digests are of the uncompressed content, and were taken from the Debian package
  /// `dataset-fashion-mnist` 0.0~git20200523.55506a9-1. Debian's `.gz` files differ from the publisher's in
  /// the gzip header only (no name, another time): with the publisher's header put back, each has the MD5
  /// that the publisher's README states. So the same digests hold for both.
  public static let fashionMNIST = Dataset(
    name: "fashion-mnist",
    labelNames: [
      "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
      "Ankle boot",
    ],
    digests: [
      .trainImages: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
      .trainLabels: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
      .testImages: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
      .testLabels: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ],
    home: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    debianPackage: "dataset-fashion-mnist")

  /// MNIST (LeCun, Cortes, Burges): handwritten digits. Read from a folder; its digests are not recorded
  /// here.
  public static let mnist = Dataset(name: "mnist", labelNames: (0..<10).map(String.init))

  /// Kuzushiji-MNIST (Clanuwat and others 2018): ten cursive hiragana, by their romanised reading. Read from
  /// a folder; its digests are not recorded here.
  public static let kmnist = Dataset(
    name: "kmnist", labelNames: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"])

  /// The parts of EMNIST (Cohen and others 2017): how many labels they have. Read from a folder, where they
  /// lie on their side; what the numbers mean is in the `mapping.txt` beside them.
  public static let emnist: [Dataset] = [
    ("balanced", 0..<47), ("byclass", 0..<62), ("bymerge", 0..<47), ("digits", 0..<10), ("letters", 1..<27),
    ("mnist", 0..<10),
  ].map { part, labels in
    Dataset(name: "emnist-\(part)", labelNames: labels.map(String.init), firstLabel: labels.lowerBound)
  }
}
