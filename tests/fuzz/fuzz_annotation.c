/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a line of a VCF header that describes an annotation, then a value of it: read within its bounds. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "assay/effect.h"
#include "base/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_value(const char *header, const char *value, size_t length)
{
    static const char *const allele[] = {"CA", "C", "T", "CAG"};
    static const size_t lengths[] = {2, 1, 1, 3};
    coley_annotation annotation = {0};
    if (!coley_annotation_of_header(&annotation, header)) return;
    for (unsigned wanted = 0; wanted < 8; wanted++)
        for (size_t a = 0; a < 3; a++) {
            coley_annotation_view view;
            coley_annotation_read(&annotation, value, length, 2 + 2 * (wanted & 1), allele, lengths, wanted & 1 ? a : 0,
                                  wanted, &view);
            if (view.gene && (view.gene < value || view.gene + view.gene_length > value + length)) abort();
            if (view.protein && (view.protein < value || view.protein + view.protein_length > value + length)) abort();
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const own[] = {"##INFO=<ID=CSQ,Number=.,Type=String,Description=\"Format: "
                                      "Allele|Consequence|SYMBOL|HGVSp|PICK|CANONICAL|ALLELE_NUM|gnomAD_AF\">",
                                      "##INFO=<ID=ANN,Number=.,Type=String,Description=\"Functional annotations: "
                                      "'Allele | Annotation | Impact | Gene_Name | HGVS.p'\">",
                                      "##INFO=<ID=BCSQ,Number=.,Type=String,Description=\"Format: "
                                      "Consequence|gene|transcript|biotype|strand|aa|dna\">"};
    if (size > 20000) return 0;
    coley_arena *arena = coley_arena_create();
    char *text = coley_arena_text(arena, (const char *)data, size);
    for (size_t i = 0; i < 3; i++) read_value(own[i], (const char *)data, size);
    char *end = strchr(text, '\n'); /* the header's line of its own, then the value */
    if (end) {
        *end = '\0';
        read_value(text, end + 1, strlen(end + 1));
    }
    coley_arena_destroy(arena);
    return 0;
}
