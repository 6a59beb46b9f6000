// The system's libzip, seen from Swift.
#include <zip.h>
