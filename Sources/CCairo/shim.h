// The system's cairo, seen from Swift.
#include <cairo.h>
