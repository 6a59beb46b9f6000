#!/bin/sh
# What the loader says on a processor without AVX2, for test-dist.sh.
echo "  x86-64-v4"
echo "  x86-64-v3"
echo "  x86-64-v2 (supported, searched)"
