/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sha256.h -- the fingerprint of a file (FIPS 180-4): what the manifest says went in and came out. */
#ifndef COLEY_BASE_SHA256_H
#define COLEY_BASE_SHA256_H

#include <stddef.h>

/* 64 hexadecimal digits of the bytes' SHA-256. */
typedef struct coley_sha256 {
    char hex[65];
} coley_sha256;
coley_sha256 coley_sha256_of(const void *bytes, size_t length);

#endif
