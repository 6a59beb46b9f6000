// The system's zlib, seen from Swift.
#include <zlib.h>
