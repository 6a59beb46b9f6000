import Foundation
import Testing

/// Options that cannot be: exit code 64, and a first line that names the option and what was found.
@Suite struct UsageTests {
  struct Misuse: Sendable, CustomStringConvertible {
    let arguments: [String]
    let named: [String]

    init(_ arguments: String, naming named: String...) {
      self.arguments = arguments.split(separator: " ").map { $0 == "''" ? "" : String($0) }
      self.named = named
    }

    var description: String { arguments.joined(separator: " ") }
  }

  static let general = [
    Misuse("bogus", naming: "bogus"),
    Misuse("--bogus", naming: "--bogus"),
    Misuse("train bogus", naming: "bogus"),
    Misuse("dataset --bogus", naming: "--bogus"),
    Misuse("dataset --split bogus", naming: "--split", "bogus", "train", "test"),
    Misuse("dataset --dataset bogus", naming: "--dataset", "bogus", "fashion-mnist", "mnist", "kmnist"),
    Misuse("dataset --format bogus", naming: "--format", "bogus", "table", "json", "csv"),
    Misuse("doctor --bogus", naming: "--bogus"),
    Misuse("doctor --data data --format csv", naming: "--format", "csv", "table", "json"),
    Misuse("doctor --threads 0", naming: "--threads", "1 to 256", "found 0"),
  ]

  static let attacks = [
    Misuse("accuracy-vs-epsilon --bogus", naming: "--bogus"),
    Misuse("accuracy-vs-epsilon extra", naming: "extra"),
    Misuse("accuracy-vs-epsilon --epsilons -0.1", naming: "--epsilons", "0 to 1", "[0, 1]", "-0.1"),
    Misuse("accuracy-vs-epsilon --epsilons 0,0.1,nan", naming: "--epsilons", "0 to 1", "nan"),
    Misuse("accuracy-vs-epsilon --epsilons 2", naming: "--epsilons", "0 to 1", "found 2"),
    Misuse("accuracy-vs-epsilon --epsilons 0,1.0001", naming: "--epsilons", "0 to 1", "1.0001"),
    Misuse("accuracy-vs-epsilon --epsilons inf", naming: "--epsilons", "0 to 1", "inf"),
    Misuse("accuracy-vs-epsilon --epsilons 0.1,x", naming: "--epsilons", "0.1,x"),
    Misuse("accuracy-vs-epsilon --epsilons 0,,1", naming: "--epsilons", "0,,1"),
    Misuse("accuracy-vs-epsilon --epsilons ''", naming: "--epsilons", "''"),
    Misuse(
      "accuracy-vs-epsilon --pixel-range -1...1 --epsilons 2.5", naming: "--epsilons", "0 to 2", "[-1, 1]",
      "2.5"),
    Misuse("accuracy-vs-epsilon --pixel-range 1...0", naming: "--pixel-range", "1...0", "write it as 0...1"),
    Misuse("accuracy-vs-epsilon --pixel-range -1~1", naming: "--pixel-range", "write it as -1...1"),
    Misuse("score x.npy --pixel-range 0/255", naming: "--pixel-range", "write it as 0...255"),
    Misuse("confusion-matrix --pixel-range 1,1", naming: "--pixel-range", "found 1 and 1"),
    Misuse("confusion-matrix --pixel-range low...high", naming: "--pixel-range", "0...1 or -1...1"),
    Misuse("accuracy-vs-epsilon --epsilons 0,0.1;0.2", naming: "--epsilons", "write it as 0,0.1,0.2"),
    Misuse("accuracy-vs-epsilon --epsilons 0,8/0", naming: "--epsilons", "0,8/0", "4/255"),
    Misuse("accuracy-vs-epsilon --attack fgsm,pgd", naming: "--attack", "write --attack before each"),
    Misuse("confusion-matrix --epsilon 8/", naming: "--epsilon", "8/255"),
    Misuse("confusion-matrix --epsilon /255", naming: "--epsilon", "8/255"),
    Misuse("robustness --epsilon 8/0", naming: "--epsilon", "8/255"),
    Misuse("robustness --epsilon 1/nan", naming: "--epsilon", "8/255"),
    Misuse("train classifier dense --adversarial pgd --epsilon 8/0", naming: "--epsilon", "8/255"),
    Misuse(
      "train classifier dense --adversarial pgd --epsilon 300/255", naming: "--epsilon", "up to 1", "1.17"),
    Misuse("accuracy-vs-epsilon --pixel-range nan...1", naming: "--pixel-range", "nan...1"),
    Misuse("accuracy-vs-epsilon --limit 0", naming: "--limit", "1 or more", "found 0"),
    Misuse("accuracy-vs-epsilon --limit x", naming: "--limit", "'x'"),
    Misuse("accuracy-vs-epsilon --attack bogus", naming: "--attack", "fgsm", "noise", "bogus"),
    Misuse("accuracy-vs-epsilon --attack pgd --attack pgd-l2", naming: "--attack", "pgd and pgd-l2"),
    Misuse("accuracy-vs-epsilon --attack noise --target Bag", naming: "--target", "noise"),
    Misuse("accuracy-vs-epsilon --data data --target Hat", naming: "--target", "T-shirt/top", "Hat"),
    Misuse("accuracy-vs-epsilon --data data --attack pgd-l2 --epsilons 29", naming: "--epsilons", "28", "29"),
    Misuse("accuracy-vs-epsilon --data data --attack sigma-zero --epsilons 785", naming: "--epsilons", "784"),
    Misuse("accuracy-vs-epsilon --attack spatial --epsilons 1.5", naming: "--epsilons", "0 to 1", "1.5"),
    Misuse("robustness --epsilon 0", naming: "--epsilon", "above 0"),
    Misuse("robustness --epsilon 1e-50", naming: "--epsilon", "above 0", "1e-50"),
    Misuse("robustness --epsilon nan", naming: "--epsilon", "0 to 1", "nan"),
    Misuse("robustness --epsilon 1.5", naming: "--epsilon", "0 to 1", "1.5"),
    Misuse("robustness --slow-limit 0", naming: "--slow-limit", "1 or more", "0"),
    Misuse("robustness --bogus", naming: "--bogus"),
    Misuse("robustness --certify bogus", naming: "--certify", "bogus", "ibp", "smoothing"),
    Misuse("robustness --deviation 0.1", naming: "--deviation", "--certify smoothing"),
    Misuse("robustness --certify smoothing --deviation 0", naming: "--deviation", "above 0", "0"),
    Misuse("robustness --certify smoothing --deviation nan", naming: "--deviation", "above 0", "nan"),
    Misuse("robustness --certify smoothing --deviation 1e-50", naming: "--deviation", "above 0", "1e-50"),
    Misuse("robustness --classifier conv --classifier conv", naming: "--classifier", "conv twice"),
    Misuse(
      "accuracy-vs-epsilon --attack pgd-l2 --certify ibp", naming: "--certify", "ibp and pgd-l2", "the same"),
    Misuse("accuracy-vs-epsilon --attack pgd --certify ibp --target Bag", naming: "--certify", "--target"),
    Misuse("corrupt", naming: "--output"),
    Misuse("corrupt --output ''", naming: "--output", "empty"),
    Misuse("corrupt --output out --corruption bogus", naming: "--corruption", "shot-noise", "bogus"),
    Misuse("corrupt --output out --severity 6", naming: "--severity", "1 to 5", "6"),
    Misuse("corrupt --output out --severity -1", naming: "--severity", "1 to 5", "-1"),
    Misuse("corrupt --output out --limit 0", naming: "--limit", "1 or more", "0"),
    Misuse(
      "corrupt --data data --output out --corruption turn-left --severity 2", naming: "--severity",
      "turn-left", "2"),
    Misuse(
      "corrupt --data data --output out --corruption fog --corruption inverse --severity 3",
      naming: "--severity",
      "inverse", "3"),
    Misuse("accuracy-vs-epsilon --region bogus", naming: "--region", "bogus", "foreground", "everywhere"),
    Misuse(
      "accuracy-vs-epsilon --mask m.npy --region foreground", naming: "--mask", "no --region", "foreground"),
    Misuse(
      "confusion-matrix --mask m.npy --region everywhere", naming: "--mask", "no --region", "everywhere"),
    Misuse("robustness --mask m.npy --region foreground", naming: "--region"),
    Misuse(
      "robustness --mask m.npy --foreground-threshold 0.1", naming: "--foreground-threshold", "no --mask",
      "m.npy"),
    Misuse(
      "confusion-matrix --mask m.npy --foreground-threshold 0", naming: "--foreground-threshold", "no --mask"),
    Misuse(
      "accuracy-vs-epsilon --foreground-threshold nan", naming: "--foreground-threshold", "0 to 1", "nan"),
    Misuse(
      "accuracy-vs-epsilon --foreground-threshold -0.1", naming: "--foreground-threshold", "0 to 1", "-0.1"),
    Misuse("robustness --foreground-threshold 1.01", naming: "--foreground-threshold", "0 to 1", "1.01"),
    Misuse("confusion-matrix --foreground-threshold x", naming: "--foreground-threshold", "x"),
    Misuse(
      "accuracy-vs-epsilon --region everywhere --foreground-threshold 0.1", naming: "--foreground-threshold",
      "everywhere alone"),
    Misuse(
      "accuracy-vs-epsilon --data data --foreground-threshold 1", naming: "--foreground-threshold",
      "brightest pixel", "found 1"),
    Misuse("accuracy-vs-epsilon --threads 257", naming: "--threads", "1 to 256", "257"),
    Misuse("accuracy-vs-epsilon --seed=-1", naming: "--seed", "-1"),
    Misuse("confusion-matrix --epsilon -0.1", naming: "--epsilon", "0 to 1", "-0.1"),
    Misuse("confusion-matrix --epsilon nan", naming: "--epsilon", "nan"),
    Misuse("confusion-matrix --epsilon 2", naming: "--epsilon", "0 to 1", "found 2"),
    Misuse("confusion-matrix --limit 0", naming: "--limit", "1 or more", "found 0"),
    Misuse("confusion-matrix --attack bogus", naming: "--attack", "fgsm", "bogus"),
    Misuse("confusion-matrix --examples 101", naming: "--examples", "0 to 100", "101"),
    Misuse("confusion-matrix --examples 3", naming: "--examples", "--output"),
    Misuse("confusion-matrix --data data --merge Bogus+Shirt", naming: "--merge", "T-shirt/top", "Bogus"),
    Misuse("confusion-matrix --data data --merge Shirt", naming: "--merge", "two", "Shirt"),
    Misuse("confusion-matrix --data data --merge Shirt+shirt", naming: "--merge", "different", "twice"),
    Misuse(
      "confusion-matrix --data data --merge Shirt+Coat --merge Coat+Bag", naming: "--merge", "Coat+Bag",
      "again"),
  ]

  static let trainings = [
    Misuse("train classifier", naming: "architecture"),
    Misuse("train classifier bogus", naming: "bogus", "dense", "conv"),
    Misuse("train classifier dense --bogus", naming: "--bogus"),
    Misuse("train classifier dense --epochs 0", naming: "--epochs", "1 or more", "found 0"),
    Misuse("train classifier dense --batch 0", naming: "--batch", "1 or more", "found 0"),
    Misuse("train classifier dense --limit 0", naming: "--limit", "1 or more", "found 0"),
    Misuse("train classifier dense --learning-rate 0", naming: "--learning-rate", "above 0", "found 0"),
    Misuse("train classifier dense --learning-rate nan", naming: "--learning-rate", "above 0", "nan"),
    Misuse("train classifier dense --weight-decay=-1", naming: "--weight-decay", "0 or more", "-1"),
    Misuse("train classifier dense --label-smoothing 1", naming: "--label-smoothing", "below 1", "found 1"),
    Misuse("train classifier dense --shift 15", naming: "--shift", "0 to 14", "15"),
    Misuse("train classifier dense --defence bogus", naming: "--defence", "bogus", "ibp"),
    Misuse(
      "train classifier dense --defence ibp --epsilon -0.1", naming: "--epsilon", "above 0, up to 1", "-0.1"),
    Misuse(
      "train classifier dense --defence ibp --epsilon nan", naming: "--epsilon", "above 0, up to 1", "nan"),
    Misuse(
      "train classifier dense --defence ibp --epsilon 1.01", naming: "--epsilon", "above 0, up to 1", "1.01"),
    Misuse("train classifier dense --defence ibp --region bogus", naming: "--region", "bogus", "foreground"),
    Misuse("train classifier dense --defence pgd --clean-share 2", naming: "--clean-share", "0 to 1", "2"),
    Misuse("train classifier dense --defence trades --clean-share 0", naming: "--clean-share", "trades"),
    Misuse("train classifier dense --defence pgd --attack-steps 0", naming: "--attack-steps", "1 to", "0"),
    Misuse("train classifier dense --defence fgsm --attack-steps 3", naming: "--attack-steps", "pgd", "fgsm"),
    Misuse("train classifier dense --clean-share 0", naming: "--clean-share", "--defence"),
    Misuse("train classifier dense --adversarial pgd --epsilon 0", naming: "--epsilon", "above 0"),
    Misuse("train classifier dense --epsilon 0.1", naming: "--epsilon", "--defence"),
    Misuse("train classifier dense --region everywhere", naming: "--region", "--defence"),
    Misuse("train classifier dense --schedule bogus", naming: "--schedule", "bogus", "cosine"),
    Misuse("train classifier dense --resume run --overwrite", naming: "--resume", "--overwrite"),
  ]

  @Test(arguments: general + attacks + trainings)
  func isRefused(_ misuse: Misuse) throws {
    let bench = try Workbench()
    let before = bench.files(below: ".")
    let outcome = try bench.eval(misuse.arguments)
    #expect(outcome.status == 64, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    let first = outcome.errors.split(separator: "\n").first.map(String.init) ?? ""
    // What is found while parsing comes with the usage; what is found while running stands alone.
    let isParsing = first.hasPrefix("Error: ")
    #expect(isParsing ? outcome.errors.contains("--help") : first.hasPrefix("eval: --"), "\(outcome.errors)")
    for name in misuse.named { #expect(first.contains(name), "no \"\(name)\" in: \(first)") }
    #expect(bench.files(below: ".") == before, "nothing was written")
  }
}
