// The system's giflib, seen from Swift.
#include <gif_lib.h>
