/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_sha256.c -- the published examples, and every length around a block. */
#include "base/sha256.h"

#include "support/check.h"

static void published_examples_are_met(void)
{
    CHECK_TEXT(coley_sha256_of("", 0).hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK_TEXT(coley_sha256_of("abc", 3).hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const char *two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    CHECK_TEXT(coley_sha256_of(two, 56).hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    static char million[1000000];
    memset(million, 'a', sizeof million);
    CHECK_TEXT(coley_sha256_of(million, sizeof million).hex,
               "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void one_bit_changes_the_hash_at_every_length_around_a_block(void)
{
    unsigned char bytes[200] = {0};
    for (size_t n = 1; n <= sizeof bytes; n++) {
        const coley_sha256 before = coley_sha256_of(bytes, n), shorter = coley_sha256_of(bytes, n - 1);
        bytes[n - 1] ^= 1;
        CHECK(strcmp(coley_sha256_of(bytes, n).hex, before.hex) != 0);
        CHECK(strcmp(shorter.hex, before.hex) != 0);
        bytes[n - 1] ^= 1;
    }
}

int main(void)
{
    RUN(published_examples_are_met);
    RUN(one_bit_changes_the_hash_at_every_length_around_a_block);
    return check_done();
}
