import CCairo
import Files
import Pictures

/// A ``Drawing`` as pixels, painted by cairo.
///
/// Text is set in the system's "sans-serif", without hinting, so it looks the same at every scale. The same
/// drawing gives the same pixels on one machine; another machine may have another font.
public enum Raster {
  /// Paints a drawing on a white canvas.
  ///
  /// - Parameters:
  ///   - drawing: with sides of 1 to 16,384 pixels once it is scaled.
  ///   - scale: pixels in a point; 2 reads well on fine screens.
  ///   - path: the file that the picture is meant for; only named in an error.
  /// - Returns: an RGB bitmap of `width × scale` by `height × scale` pixels, rounded up.
  /// - Throws: `FileError/unwritable(path:reason:)` when the picture is too large or cairo refuses.
  public static func bitmap(
    of drawing: Drawing, scale: Double = 2, path: String = "picture"
  ) throws(FileError) -> Bitmap {
    let (exactWidth, exactHeight) = (
      (drawing.width * scale).rounded(.up), (drawing.height * scale).rounded(.up)
    )
    let allowed = 1.0...16384.0
    guard allowed.contains(exactWidth), allowed.contains(exactHeight) else {
      throw .unwritable(
        path: path, reason: "a picture of \(exactWidth) × \(exactHeight) pixels cannot be drawn")
    }
    let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(exactWidth), Int32(exactHeight))
    defer { cairo_surface_destroy(surface) }
    let context = cairo_create(surface)
    defer { cairo_destroy(context) }

    prepare(context, scale: scale)
    for element in drawing.elements { paint(element, on: context) }

    cairo_surface_flush(surface)
    guard cairo_status(context) == CAIRO_STATUS_SUCCESS, let data = cairo_image_surface_get_data(surface)
    else {
      let reason = String(cString: cairo_status_to_string(cairo_status(context)))
      throw .unwritable(path: path, reason: "cairo could not draw it: \(reason)")
    }
    let (width, height) = (Int(exactWidth), Int(exactHeight))
    let stride = Int(cairo_image_surface_get_stride(surface))
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * 3)
    for y in 0..<height {
      let row = UnsafeRawPointer(data + y * stride)
      for x in 0..<width {
        let pixel = row.load(fromByteOffset: 4 * x, as: UInt32.self)
        pixels.append(UInt8(truncatingIfNeeded: pixel >> 16))
        pixels.append(UInt8(truncatingIfNeeded: pixel >> 8))
        pixels.append(UInt8(truncatingIfNeeded: pixel))
      }
    }
    return Bitmap(width: width, height: height, channels: 3, pixels: pixels)
  }

  private static func prepare(_ context: OpaquePointer?, scale: Double) {
    cairo_scale(context, scale, scale)
    cairo_set_source_rgb(context, 1, 1, 1)
    cairo_paint(context)
    cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    let options = cairo_font_options_create()
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
  }

  private static func paint(_ element: Drawing.Element, on context: OpaquePointer?) {
    cairo_save(context)
    defer { cairo_restore(context) }
    switch element {
    case .shape(let shape, let fill, let stroke):
      trace(shape, on: context)
      if let fill {
        setSource(fill.color, opacity: fill.opacity, on: context)
        cairo_fill_preserve(context)
      }
      if let stroke {
        setSource(stroke.color, on: context)
        cairo_set_line_width(context, stroke.width)
        cairo_set_dash(context, stroke.dashes, Int32(stroke.dashes.count), 0)
        cairo_stroke_preserve(context)
      }
      cairo_new_path(context)
    case .text(let text):
      paint(text, on: context)
    case .bitmap(let bitmap, let rectangle):
      paint(bitmap, in: rectangle, on: context)
    case .clipped(let elements, let rectangle):
      trace(.rectangle(rectangle), on: context)
      cairo_clip(context)
      for element in elements { paint(element, on: context) }
    }
  }

  private static func trace(_ shape: Drawing.Shape, on context: OpaquePointer?) {
    cairo_new_path(context)
    switch shape {
    case .rectangle(let box, let radius) where radius > 0:
      let corner = min(radius, box.width / 2, box.height / 2)
      let quarter = Double.pi / 2
      cairo_arc(context, box.maxX - corner, box.y + corner, corner, -quarter, 0)
      cairo_arc(context, box.maxX - corner, box.maxY - corner, corner, 0, quarter)
      cairo_arc(context, box.x + corner, box.maxY - corner, corner, quarter, 2 * quarter)
      cairo_arc(context, box.x + corner, box.y + corner, corner, 2 * quarter, 3 * quarter)
      cairo_close_path(context)
    case .rectangle(let box, _):
      cairo_rectangle(context, box.x, box.y, box.width, box.height)
    case .circle(let center, let radius):
      cairo_arc(context, center.x, center.y, radius, 0, 2 * Double.pi)
      cairo_close_path(context)
    case .polyline(let points):
      for point in points { cairo_line_to(context, point.x, point.y) }
    case .polygon(let points):
      for point in points { cairo_line_to(context, point.x, point.y) }
      cairo_close_path(context)
    }
  }

  private static func paint(_ text: Drawing.Text, on context: OpaquePointer?) {
    let weight = text.weight == .bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL
    cairo_select_font_face(context, "sans-serif", CAIRO_FONT_SLANT_NORMAL, weight)
    cairo_set_font_size(context, text.size)
    setSource(text.color, on: context)
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, text.string, &extents)
    let shift =
      switch text.anchor {
      case .start: 0.0
      case .middle: -extents.x_advance / 2
      case .end: -extents.x_advance
      }
    cairo_translate(context, text.position.x, text.position.y)
    cairo_rotate(context, text.degrees * Double.pi / 180)
    cairo_move_to(context, shift, 0)
    cairo_show_text(context, text.string)
    cairo_new_path(context)
  }

  private static func paint(
    _ bitmap: Bitmap, in rectangle: Drawing.Rectangle, on context: OpaquePointer?
  ) {
    var pixels = (0..<bitmap.width * bitmap.height).map { index in
      bitmap[index % bitmap.width, index / bitmap.width].hex
    }
    pixels.withUnsafeMutableBytes { bytes in
      let surface = cairo_image_surface_create_for_data(
        bytes.bindMemory(to: UInt8.self).baseAddress, CAIRO_FORMAT_RGB24,
        Int32(bitmap.width), Int32(bitmap.height), Int32(4 * bitmap.width))
      cairo_save(context)
      trace(.rectangle(rectangle), on: context)
      cairo_clip(context)
      cairo_translate(context, rectangle.x, rectangle.y)
      cairo_scale(context, rectangle.width / Double(bitmap.width), rectangle.height / Double(bitmap.height))
      cairo_set_source_surface(context, surface, 0, 0)
      cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
      cairo_paint(context)
      // Lets go of the source before its memory goes.
      cairo_restore(context)
      cairo_surface_finish(surface)
      cairo_surface_destroy(surface)
    }
  }

  private static func setSource(_ color: Color, opacity: Double = 1, on context: OpaquePointer?) {
    cairo_set_source_rgba(
      context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255, opacity)
  }
}
