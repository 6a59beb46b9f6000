// The system's TurboJPEG, seen from Swift.
#include <turbojpeg.h>
