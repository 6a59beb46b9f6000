// The system's libpng, seen from Swift, and the reading of a picture's samples as they are stored.
#include <png.h>
#include <setjmp.h>
#include <string.h>

// What libpng said, and where the bytes are taken from.
struct assay_png_reading {
  const unsigned char *bytes;
  size_t left;
  int has_warned;
  char message[200];
};

static inline void assay_png_note(struct assay_png_reading *reading, png_const_charp text) {
  strncpy(reading->message, text, sizeof reading->message - 1);
  reading->message[sizeof reading->message - 1] = 0;
}

static inline void assay_png_error(png_structp png, png_const_charp text) {
  assay_png_note((struct assay_png_reading *)png_get_error_ptr(png), text);
  longjmp(png_jmpbuf(png), 1);
}

static inline void assay_png_warning(png_structp png, png_const_charp text) {
  struct assay_png_reading *reading = (struct assay_png_reading *)png_get_error_ptr(png);
  assay_png_note(reading, text);
  reading->has_warned = 1;
}

static inline void assay_png_take(png_structp png, png_bytep target, size_t count) {
  struct assay_png_reading *reading = (struct assay_png_reading *)png_get_io_ptr(png);
  if (count > reading->left) png_error(png, "it ends early");
  memcpy(target, reading->bytes, count);
  reading->bytes += count;
  reading->left -= count;
}

// Reads the samples of one PNG as bytes: fewer bits are widened, of sixteen the upper eight are kept,
// palettes become colours and their transparency an alpha channel. Nothing else is changed: no gamma, no
// profile, no background.
//
// `pixels` has room for `height` rows of `row_size` bytes, which must be what the picture has. Returns 1 for
// a picture that was whole, else 0 with the reason in `reading->message`.
static inline int assay_png_read(
  struct assay_png_reading *reading, unsigned char *pixels, size_t height, size_t row_size) {
  png_structp png =
    png_create_read_struct(PNG_LIBPNG_VER_STRING, reading, assay_png_error, assay_png_warning);
  png_infop volatile info = png ? png_create_info_struct(png) : NULL;
  if (!png || !info) {
    assay_png_note(reading, "no memory");
    if (png) png_destroy_read_struct(&png, NULL, NULL);
    return 0;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_infop made = info;
    png_destroy_read_struct(&png, &made, NULL);
    return 0;
  }
  png_set_read_fn(png, reading, assay_png_take);
  // What says how a picture is shown, or by whom it was made, is not looked at.
  static const png_byte passed_over[] =
    "bKGD\0cHRM\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0tEXt\0tIME\0zTXt\0eXIf";
  png_set_keep_unknown_chunks(
    png, PNG_HANDLE_CHUNK_NEVER, passed_over, (int)(sizeof passed_over / 5));
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
  png_read_info(png, info);
  png_set_strip_16(png);
  png_set_expand(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  if (png_get_rowbytes(png, info) != row_size || png_get_image_height(png, info) != height)
    png_error(png, "rows of another size than its header says");
  // Warnings so far are about side information. One from here on, such as more rows than the header says,
  // means that the pixels are not what they should be.
  reading->has_warned = 0;
  for (int pass = 0; pass < passes; pass++)
    for (size_t row = 0; row < height; row++) png_read_row(png, pixels + row * row_size, NULL);
  png_read_end(png, NULL);
  png_infop made = info;
  png_destroy_read_struct(&png, &made, NULL);
  return !reading->has_warned;
}
