#!/bin/sh
# Starts the build of Assay that suits this processor: x86-64-v4 has AVX-512, x86-64-v3 AVX2.
#
# The C library's loader knows what the processor has, and the operating system lets programs use.
# ASSAY_CODE=x86-64-v3 chooses a build by name; ASSAY_LOADER names another loader.

program=$(readlink -f "$0")
builds=$(dirname "$(dirname "$program")")/lib/assay
can=$("${ASSAY_LOADER:-/lib64/ld-linux-x86-64.so.2}" --help 2>/dev/null)

code=$ASSAY_CODE
if [ -z "$code" ]; then
  for code in x86-64-v4 x86-64-v3 none; do
    case $can in *"$code (supported"*) break ;; esac
  done
fi
if [ "$code" = none ]; then
  echo "assay: this build needs a processor with AVX2 (x86-64-v3) and glibc 2.36 or newer, which this system" \
    "does not have; build Assay here from its source instead" >&2
  exit 126
fi
exec "$builds/$code/assay" "$@"
