import Autograd
import Network

import struct Kernels.Key

/// A discriminator that sees its label as further planes beside the image, the label's own filled with 1
/// (Mirza and Osindero 2014, in its convolutional form).
///
/// Constant planes need no convolution of each image: a label's plane adds the same map to all of them, so
/// one map a label is convolved and looked up. The same function, and the same weights, at a tenth of the
/// first layer's work.
final class LabelPlaneDiscriminator: DiscriminatorNetwork {
  private let stem: Convolution
  private let labelStem: Convolution
  private let trunk: Sequential
  /// `[labels, size, size, labels]`: image y has ones in channel y.
  private let planes: Tensor

  /// - Parameters:
  ///   - stem: the first convolution's weights for the image, before the activation.
  ///   - labelStem: its weights for the labels' planes, of the same geometry.
  ///   - trunk: from the first activation to `[N, 1]`.
  init(stem: Convolution, labelStem: Convolution, trunk: Sequential, labels: Int, size: Int) {
    self.stem = stem
    self.labelStem = labelStem
    self.trunk = trunk
    planes = Tensor.oneHot(Array(0..<labels), classes: labels).reshaped([labels, 1, 1, labels])
      .broadcast(to: [labels, size, size, labels])
  }

  var namedParameters: [(name: String, parameter: Parameter)] {
    stem.namedParameters.map { ("conv1.\($0.name)", $0.parameter) }
      + labelStem.namedParameters.map { ("labels1.\($0.name)", $0.parameter) } + trunk.namedParameters
  }

  func callAsFunction(_ images: Tensor, _ labels: [Int]?, _ pass: Pass) -> Judgement {
    guard let labels else { preconditionFailure("LabelPlaneDiscriminator: images without labels") }
    let maps = labelStem(planes, pass)
    let x = stem(images, pass)
    let perLabel = maps.reshaped([maps.shape[0], maps.count / maps.shape[0]])
    let y = trunk(x + perLabel.gatherRows(labels).reshaped(x.shape), pass)
    return Judgement(score: y.reshaped([images.shape[0]]))
  }
}
