// The calls of libcurl that take a variable number of arguments, which Swift cannot make.
//
// libcurl is loaded while the program runs (Sources/Datasets/Curl.swift): the first argument is the address
// of its function. Its numbers are part of its binary interface, which has not changed since 2006.

#ifndef ASSAY_CURL_H
#define ASSAY_CURL_H

#include <stddef.h>

// curl_easy_setopt and curl_easy_getinfo.
typedef int (*assay_curl_call)(void *handle, int number, ...);
// Gets `size`·`count` bytes and the pointer that was given with it; returns how many bytes it has taken.
typedef size_t (*assay_curl_reader)(char *bytes, size_t size, size_t count, void *reader);

static inline int assay_curl_set_number(void *call, void *handle, int option, long value) {
  return ((assay_curl_call)call)(handle, option, value);
}

static inline int assay_curl_set_text(void *call, void *handle, int option, const char *value) {
  return ((assay_curl_call)call)(handle, option, value);
}

static inline int assay_curl_set_reader(
    void *call, void *handle, int function, assay_curl_reader value, int data, void *reader) {
  int failure = ((assay_curl_call)call)(handle, function, value);
  return failure ? failure : ((assay_curl_call)call)(handle, data, reader);
}

static inline int assay_curl_get_number(void *call, void *handle, int info, long *value) {
  return ((assay_curl_call)call)(handle, info, value);
}

#endif
