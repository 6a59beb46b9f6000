import Datasets
import Pictures

extension LabeledImages {
  /// One image as a picture.
  package func bitmap(at index: Int) -> Bitmap {
    Bitmap(width: width, height: height, channels: channels, pixels: Array(image(at: index)))
  }
}
