/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msi_leap.c -- leaps over blocks of a BAM file. Formats: SAM/BAM specification, sections 4.1 (BGZF) and 4.2 (records).
 */
#include "assay/msi_leap.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <htslib/bgzf.h>

enum { MOST_BLOCKS = 64, HEADER = 18, FIXED = 36, LONGEST_READ = 1 << 20, LONGEST_TAGS = 1 << 16 };

coley_leap coley_leap_begin(const char *path, const samFile *in)
{
    const int is_bam = hts_get_format((samFile *)(uintptr_t)in)->format == bam;
    return (coley_leap){.descriptor = is_bam ? open(path, O_RDONLY | O_CLOEXEC) : -1, .block = -1};
}

void coley_leap_end(coley_leap *leap)
{
    if (leap->descriptor >= 0) close(leap->descriptor);
    leap->descriptor = -1;
}

void coley_leap_reset(coley_leap *leap)
{
    leap->block = -1;
    leap->bases = 0;
}

int coley_leap_at_block(coley_leap *leap, const samFile *in, int64_t position)
{
    const int64_t block = in->fp.bgzf->block_address;
    if (leap->descriptor < 0 || block == leap->block) return 0;
    if (leap->block >= 0 && leap->bases == 0)
        leap->bases = (double)(position - leap->position);
    else if (leap->block >= 0)
        leap->bases = 0.5 * (leap->bases + (double)(position - leap->position));
    leap->block = block;
    leap->position = position;
    return 1;
}

static uint32_t word(const uint8_t *b)
{
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* Length of the block that begins at `address`, by its header; 0 when it is not as BGZF says. */
static int64_t block_length(int descriptor, int64_t address)
{
    static const uint8_t magic[] = {0x1f, 0x8b, 8, 4}, extra[] = {6, 0, 'B', 'C', 2, 0};
    uint8_t h[HEADER];
    if (pread(descriptor, h, HEADER, address) != HEADER) return 0;
    if (memcmp(h, magic, 4) != 0 || memcmp(h + 10, extra, 6) != 0) return 0;
    return (int64_t)(h[16] | h[17] << 8) + 1;
}

/* Does the block that was just loaded begin with a record, and where does that lie? False: no. */
static int first_record(const BGZF *in, int *tid, int64_t *position)
{
    const uint8_t *b = in->uncompressed_block;
    if (in->block_length < FIXED) return 0;
    const uint32_t size = word(b), name = b[12], operations = b[16] | (uint32_t)b[17] << 8, bases = word(b + 20);
    *tid = (int)(int32_t)word(b + 4);
    *position = (int32_t)word(b + 8);
    if (!name || bases > LONGEST_READ || *tid < -1 || *position < -1) return 0;
    const uint32_t least = 32 + name + 4 * operations + (bases + 1) / 2 + bases;
    if (size < least || size > least + LONGEST_TAGS || FIXED + name > (uint32_t)in->block_length) return 0;
    for (uint32_t i = 0; i + 1 < name; i++)
        if (b[FIXED + i] < '!' || b[FIXED + i] > '~') return 0;
    return b[FIXED + name - 1] == 0;
}

void coley_leap_to(coley_leap *leap, samFile *in, hts_itr_t *query, int tid, int64_t position, int64_t target)
{
    BGZF *file = in->fp.bgzf;
    const int64_t back = bgzf_tell(file);
    int64_t address[MOST_BLOCKS], next = file->block_address + file->block_clength;
    int n = 0, there;
    if (leap->bases <= 0 || query->i < 0 || query->i >= query->n_off) return;
    double wanted = (double)(target - position) / leap->bases - 1;
    if (wanted > MOST_BLOCKS) wanted = MOST_BLOCKS;
    /* address[k]: the block k + 1 ahead */
    while (n < (int)wanted) {
        const int64_t length = block_length(leap->descriptor, next);
        if (!length || (uint64_t)next << 16 >= query->off[query->i].v) break;
        address[n++] = next;
        next += length;
    }
    for (; n >= 2; n /= 2) { /* the very next block needs no leap */
        const int64_t to = address[n - 1] << 16;
        int64_t found;
        if (bgzf_seek(file, to, SEEK_SET) != 0 || bgzf_peek(file) < 0) break;
        if (!first_record(file, &there, &found)) {
            coley_leap_end(leap); /* records run across blocks here: this file is read without leaps */
            break;
        }
        if (there != tid || found >= target || found < position) continue;
        query->curr_off = (uint64_t)to;
        leap->bases = (double)(found - position) / n;
        leap->block = file->block_address;
        leap->position = found;
        leap->n_skipped += (uint64_t)n - 1;
        return;
    }
    if (bgzf_tell(file) != back && bgzf_seek(file, back, SEEK_SET) == 0) query->curr_off = (uint64_t)back;
}
