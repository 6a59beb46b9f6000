import CCrypto
import FoundationEssentials

/// SHA-256 (FIPS 180-4), by the system's OpenSSL.
///
/// Used to name weights and data sets, not for anything secret.
public enum SHA256 {
  /// The digest of `data` as 64 lowercase hexadecimal digits.
  public static func hex(of data: Data) -> String {
    let running = Running()
    running.add(data)
    return running.hex()
  }

  /// The digest of bytes that come piece by piece.
  package final class Running {
    private let context = EVP_MD_CTX_new()

    package init() {
      precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "SHA-256 cannot begin")
    }

    deinit { EVP_MD_CTX_free(context) }

    package func add(_ data: Data) {
      let done = data.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
      precondition(done == 1, "SHA-256 failed on \(data.count) bytes")
    }

    /// Of all bytes so far; more may be added afterwards.
    package func hex() -> String {
      var digest = [UInt8](repeating: 0, count: 32)
      let copy = EVP_MD_CTX_new()
      defer { EVP_MD_CTX_free(copy) }
      let done = EVP_MD_CTX_copy_ex(copy, context) == 1 && EVP_DigestFinal_ex(copy, &digest, nil) == 1
      precondition(done, "SHA-256 failed at its end")
      return digest.map { Text.formatted("%02x", $0) }.joined()
    }
  }
}
