/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sha256.c -- SHA-256 as FIPS 180-4 (2015) writes it: sections 4.1.2 (functions), 5.1.1 (padding), 6.2 (the hash). */
#include "base/sha256.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* 4.2.2: first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

static void absorb(uint32_t H[8], const unsigned char block[64])
{
    uint32_t W[64], v[8];
    for (int t = 0; t < 16; t++)
        W[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 | (uint32_t)block[4 * t + 2] << 8 |
               block[4 * t + 3];
    for (int t = 16; t < 64; t++) {
        const uint32_t s0 = rotate(W[t - 15], 7) ^ rotate(W[t - 15], 18) ^ W[t - 15] >> 3;
        const uint32_t s1 = rotate(W[t - 2], 17) ^ rotate(W[t - 2], 19) ^ W[t - 2] >> 10;
        W[t] = s1 + W[t - 7] + s0 + W[t - 16];
    }
    memcpy(v, H, sizeof v);
    for (int t = 0; t < 64; t++) {
        const uint32_t S1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
        const uint32_t S0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
        const uint32_t choose = (v[4] & v[5]) ^ (~v[4] & v[6]);
        const uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        const uint32_t T1 = v[7] + S1 + choose + K[t] + W[t], T2 = S0 + majority;
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += T1;
        v[0] = T1 + T2;
    }
    for (int i = 0; i < 8; i++) H[i] += v[i];
}

void coley_sha256_begin(coley_sha256_sum *sum)
{
    /* 5.3.3 */
    *sum = (coley_sha256_sum){{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab,
                               0x5be0cd19},
                              0,
                              {0}};
}

void coley_sha256_add(coley_sha256_sum *sum, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    size_t waiting = sum->length % 64, left = length;
    sum->length += length;
    for (; waiting && left; left--) {
        sum->waiting[waiting++] = *at++;
        if (waiting < 64) continue;
        absorb(sum->H, sum->waiting);
        waiting = 0;
    }
    for (; left >= 64; left -= 64, at += 64) absorb(sum->H, at);
    if (left) memcpy(sum->waiting, at, left);
}

coley_sha256 coley_sha256_end(coley_sha256_sum *sum)
{
    const size_t left = sum->length % 64;
    unsigned char tail[128] = {0};
    memcpy(tail, sum->waiting, left);
    tail[left] = 0x80;
    const size_t tail_length = left < 56 ? 64 : 128;
    const uint64_t bits = sum->length * 8;
    for (int i = 0; i < 8; i++) tail[tail_length - 1 - i] = (unsigned char)(bits >> (8 * i));
    absorb(sum->H, tail);
    if (tail_length == 128) absorb(sum->H, tail + 64);

    coley_sha256 digest;
    for (int i = 0; i < 8; i++) snprintf(digest.hex + 8 * i, 9, "%08x", sum->H[i]);
    return digest;
}

coley_sha256 coley_sha256_of(const void *bytes, size_t length)
{
    coley_sha256_sum sum;
    coley_sha256_begin(&sum);
    coley_sha256_add(&sum, bytes, length);
    return coley_sha256_end(&sum);
}
