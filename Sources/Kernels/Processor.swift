import CProcessor
import FoundationEssentials

/// The processor as the operating system describes it.
public struct Processor: Sendable {
  /// The name of the model as `/proc/cpuinfo` has it; `unknown` where there is none.
  public let model: String
  /// Logical processors that are active, as Foundation counts them.
  public let cores: Int
  /// The instruction sets that matter to numerical code, such as `avx2` and `avx512f`.
  public let features: [String]

  /// The processors that this program was compiled for, of which the one at hand has to be.
  public enum Code: String, Sendable {
    /// AVX-512 with products of bfloat16 numbers.
    case bfloat16 = "AVX-512 with bfloat16"
    /// AVX-512.
    case avx512 = "AVX-512"
    /// AVX2, or another that multiplies and adds in one instruction.
    case avx2 = "AVX2"
    /// Any; products are left to OpenBLAS.
    case any = "any processor"

    /// What this program was compiled for.
    public static var compiled: Code {
      if multipliesBFloat16 { return .bfloat16 }
      if hasWideRegisters { return .avx512 }
      return multipliesAndAdds ? .avx2 : .any
    }

    @inline(__always)
    static var multipliesAndAdds: Bool { assay_has_multiply_add() == 1 }
    @inline(__always)
    static var hasWideRegisters: Bool { assay_has_wide_registers() == 1 }
    @inline(__always)
    static var foreseesPages: Bool { assay_foresees_pages() == 1 }
    @inline(__always)
    static var multipliesBFloat16: Bool { assay_has_bfloat16() == 1 }
  }

  /// True with the five parts of AVX-512 that the AVX-512 kernels of OpenBLAS use.
  public var hasAVX512: Bool {
    ["avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"].allSatisfy(features.contains)
  }

  /// Read once from `/proc/cpuinfo`; where that is missing, the model is unknown and no feature is listed.
  public static let current: Processor = {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    func field(_ name: String) -> String? {
      text.split(separator: "\n").first { $0.hasPrefix(name) }?
        .split(separator: ":", maxSplits: 1).last.map { String($0.drop { $0 == " " }) }
    }
    let flags = (field("flags") ?? "").split(separator: " ").map(String.init)
    return Processor(
      model: field("model name") ?? "unknown",
      cores: ProcessInfo.processInfo.activeProcessorCount,
      features: flags.filter { $0.hasPrefix("avx") || $0.hasPrefix("sse4") || $0 == "fma" }.sorted())
  }()
}
