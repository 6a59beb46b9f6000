import Kernels

/// How exactly the factors of products and convolutions are taken.
public typealias ComputePrecision = ProductPrecision
