/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sha256.h -- the fingerprint of a file (FIPS 180-4): what the manifest says went in and came out. */
#ifndef COLEY_BASE_SHA256_H
#define COLEY_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

/* 64 hexadecimal digits of the bytes' SHA-256. */
typedef struct coley_sha256 {
    char hex[65];
} coley_sha256;
coley_sha256 coley_sha256_of(const void *bytes, size_t length);

/* The same piece by piece. */
typedef struct coley_sha256_sum {
    uint32_t H[8];
    uint64_t length;
    unsigned char waiting[64];
} coley_sha256_sum;
void coley_sha256_begin(coley_sha256_sum *sum);
void coley_sha256_add(coley_sha256_sum *sum, const void *bytes, size_t length);
coley_sha256 coley_sha256_end(coley_sha256_sum *sum);

#endif
