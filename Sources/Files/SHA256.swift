import CCrypto
import Foundation

/// SHA-256 (FIPS 180-4), by the system's OpenSSL.
///
/// Used to name weights and data sets, not for anything secret.
public enum SHA256 {
  /// The digest of `data` as 64 lowercase hexadecimal digits.
  public static func hex(of data: Data) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    let done = data.withUnsafeBytes { bytes in
      EVP_Digest(bytes.baseAddress, bytes.count, &digest, nil, EVP_sha256(), nil)
    }
    precondition(done == 1, "SHA-256 failed on \(data.count) bytes")
    return digest.map { String(format: "%02x", $0) }.joined()
  }
}
