// The system's libpng, seen from Swift.
#include <png.h>
