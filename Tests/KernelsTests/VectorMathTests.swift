import Foundation
import Kernels
import Testing

/// Against the C library in double precision.
@Suite struct VectorMathTests {
  static let points = stride(from: -90.0, through: 90.0, by: 0.0137).map(Float.init)

  @Test func exponential() {
    for x in Self.points where x > -87.3 && x < 88.7 {
      expectUlps(VectorMath.exp(x), Foundation.exp(Double(x)), 3)
    }
    #expect(VectorMath.exp(-200) == 0)
    #expect(VectorMath.exp(200) == .infinity)
    #expect(VectorMath.exp(-.infinity) == 0)
    #expect(VectorMath.exp(0) == 1)
    #expect(VectorMath.exp(.nan).isNaN)
  }

  @Test func logarithm() {
    for exponent in -37...37 {
      for mantissa in stride(from: 1.0, to: 10, by: 0.173) {
        let x = Float(mantissa * pow(10, Double(exponent)))
        expectUlps(VectorMath.log(x), Foundation.log(Double(x)), 3)
      }
    }
    #expect(VectorMath.log(1) == 0)
    #expect(VectorMath.log(0) == -.infinity)
    #expect(VectorMath.log(.infinity) == .infinity)
    #expect(VectorMath.log(-1).isNaN)
    #expect(VectorMath.log(.nan).isNaN)
  }

  @Test func hyperbolicTangentAndSigmoid() {
    for x in Self.points {
      expectUlps(VectorMath.tanh(x), Foundation.tanh(Double(x)), 4)
      if x > -80 { expectUlps(VectorMath.sigmoid(x), 1 / (1 + Foundation.exp(-Double(x))), 5) }
    }
    #expect(VectorMath.tanh(.nan).isNaN)
  }

  @Test func softplus() {
    for x in Self.points where x > -80 {
      expectUlps(VectorMath.softplus(x), log1p(Foundation.exp(Double(x))), 6)
    }
    #expect(VectorMath.softplus(.nan).isNaN)
  }

  @Test func errorFunction() {
    for x in stride(from: -9.0, through: 9.0, by: 0.000_731).map(Float.init) {
      expectUlps(VectorMath.erf(x), Foundation.erf(Double(x)), 2)
      expectUlps(VectorMath.erfc(x), Foundation.erfc(Double(x)), 8)
      expectUlps(VectorMath.bell(x), Foundation.exp(-Double(x) * Double(x)), 4)
    }
    for exponent in -37...0 {
      let x = Float(0.731 * pow(10, Double(exponent)))
      expectUlps(VectorMath.erf(x), Foundation.erf(Double(x)), 2)
      expectUlps(VectorMath.erf(-x), -Foundation.erf(Double(x)), 2)
    }
    #expect(VectorMath.erf(0) == 0 && VectorMath.erfc(0) == 1 && VectorMath.bell(0) == 1)
    #expect(VectorMath.erf(.infinity) == 1 && VectorMath.erf(-.infinity) == -1)
    #expect(VectorMath.erfc(.infinity) == 0 && VectorMath.erfc(-.infinity) == 2)
    #expect(VectorMath.bell(.infinity) == 0 && VectorMath.bell(-100) == 0)
    #expect(VectorMath.erf(.nan).isNaN && VectorMath.erfc(.nan).isNaN && VectorMath.bell(.nan).isNaN)
  }

  func expectUlps(_ actual: Float, _ expected: Double, _ limit: Double, at: SourceLocation = #_sourceLocation)
  {
    let ulp = Double(Float(expected).ulp)
    #expect(
      (Double(actual) - expected).magnitude <= limit * ulp, "\(actual) for \(expected)", sourceLocation: at)
  }
}
