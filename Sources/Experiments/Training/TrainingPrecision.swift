import Kernels

/// How exactly a training step takes the factors of its products.
public typealias TrainingPrecision = ProductPrecision
