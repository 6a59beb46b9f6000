// The system's libcrypto, seen from Swift.
#include <openssl/evp.h>
