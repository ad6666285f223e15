/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gff.c -- rows in any order: transcripts are found by a table of hashes of their identities. */
#include "assay/gff.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 9, MAX_POSITION = 1 << 30, MAX_TRANSCRIPTS = 4000000, MAX_CODING = 1 << 22 };

/* What is known of an identity: a transcript that CDS rows name, or the gene behind a row. */
typedef struct gff_entry {
    const char *id;
    size_t transcript;         /* 1 and on; 0: none yet */
    const char *parent, *name; /* of its own row */
} gff_entry;

typedef struct gff_reader {
    coley_arena *arena;
    coley_lines *lines;
    coley_gff *gff;
    size_t n, cap;
    gff_entry **table;
    size_t contig; /* of the last row */
} gff_reader;

static uint64_t hash(const char *bytes, size_t n)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < n; i++) h = (h ^ (unsigned char)bytes[i]) * 1099511628211u;
    return h ^ h >> 29;
}

static gff_entry *entry_of(gff_reader *r, const char *id, size_t length)
{
    if (2 * (r->n + 1) > r->cap) {
        const size_t cap = r->cap ? 2 * r->cap : 4096;
        gff_entry **table = COLEY_NEW(r->arena, gff_entry *, cap);
        if (!table) return NULL;
        for (size_t i = 0; i < r->cap; i++) {
            if (!r->table[i]) continue;
            size_t k = hash(r->table[i]->id, strlen(r->table[i]->id)) & (cap - 1);
            while (table[k]) k = (k + 1) & (cap - 1);
            table[k] = r->table[i];
        }
        r->table = table;
        r->cap = cap;
    }
    size_t k = hash(id, length) & (r->cap - 1);
    for (; r->table[k]; k = (k + 1) & (r->cap - 1))
        if (!strncmp(r->table[k]->id, id, length) && !r->table[k]->id[length]) return r->table[k];
    gff_entry *made = COLEY_NEW(r->arena, gff_entry, 1);
    if (!made || !(made->id = coley_arena_text(r->arena, id, length))) return NULL;
    r->n++;
    return r->table[k] = made;
}

/* The value of KEY= among the attributes; its length, 0 when it is not there. */
static size_t attribute(const char *attributes, const char *key, const char **value)
{
    const size_t n = strlen(key);
    for (const char *p = attributes; (p = strstr(p, key)); p += n) {
        if (p != attributes && p[-1] != ';' && p[-1] != ' ') continue;
        *value = p + n;
        return strcspn(*value, ";");
    }
    return 0;
}

static int position(const char *text, int64_t *value)
{
    int64_t v = 0;
    if (!*text) return 0;
    for (; *text; text++) {
        if (*text < '0' || *text > '9') return 0;
        if ((v = 10 * v + *text - '0') > MAX_POSITION) return 0;
    }
    *value = v;
    return v > 0;
}

static coley_status find_contig(gff_reader *r, const char *name, size_t *contig, coley_error *err)
{
    size_t length = strlen(name);
    name = coley_contig_name(name, &length);
    if (r->contig < r->gff->n_contigs && !strcmp(r->gff->contig[r->contig].name, name)) {
        *contig = r->contig;
        return COLEY_OK;
    }
    for (size_t i = 0; i < r->gff->n_contigs; i++)
        if (!strcmp(r->gff->contig[i].name, name)) {
            *contig = r->contig = i;
            return COLEY_OK;
        }
    if (!COLEY_RESERVE(r->arena, r->gff->contig, r->gff->cap_contigs, r->gff->n_contigs + 1))
        return COLEY_FAIL_MEMORY(err);
    r->gff->contig[r->gff->n_contigs] = (coley_gff_contig){.name = coley_arena_text(r->arena, name, length)};
    if (!r->gff->contig[r->gff->n_contigs].name) return COLEY_FAIL_MEMORY(err);
    *contig = r->contig = r->gff->n_contigs++;
    return COLEY_OK;
}

/* The transcript of one parent, made when it is new. */
static coley_status transcript_of(gff_reader *r, gff_entry *parent, char *const *column, coley_transcript **found,
                                  coley_error *err)
{
    coley_gff *gff = r->gff;
    size_t contig = 0;
    COLEY_TRY(find_contig(r, column[0], &contig, err));
    if (!parent->transcript) {
        if (gff->n >= MAX_TRANSCRIPTS || !COLEY_RESERVE(r->arena, gff->transcript, gff->cap, gff->n + 1))
            return COLEY_FAIL_MEMORY(err);
        gff->transcript[gff->n] = (coley_transcript){
            .id = parent->id, .contig = (uint32_t)contig, .minus = *column[6] == '-', .begin = INT64_MAX};
        parent->transcript = ++gff->n;
    }
    *found = &gff->transcript[parent->transcript - 1];
    if ((*found)->contig != contig || (*found)->minus != (*column[6] == '-'))
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines),
                             "transcript %.80s lies on two contigs or strands", parent->id);
    return COLEY_OK;
}

static coley_status add_part(gff_reader *r, char *const *column, coley_stretch part, int is_cds, coley_error *err)
{
    const char *value = "";
    size_t length = attribute(column[8], "Parent=", &value);
    if (!length)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines),
                             "an exon or CDS without a Parent; a GFF3 file is wanted, not GTF");
    while (length) { /* several parents are parted by commas */
        const size_t n = strcspn(value, ",;");
        const size_t own = n < length ? n : length;
        gff_entry *parent = entry_of(r, value, own);
        coley_transcript *t = NULL;
        if (!parent) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(transcript_of(r, parent, column, &t, err));
        if (is_cds) {
            const uint8_t phase = *column[7] >= '0' && *column[7] <= '2' ? (uint8_t)(*column[7] - '0') : 0;
            if (!t->n_cds || part.begin < t->cds[0].begin) t->first_phase = phase;
            if (!t->n_cds || part.begin > t->cds[t->n_cds - 1].begin) t->last_phase = phase;
        }
        coley_stretch **list = is_cds ? &t->cds : &t->exon;
        size_t *count = is_cds ? &t->n_cds : &t->n_exons, *cap = is_cds ? &t->cap_cds : &t->cap_exons;
        if (!COLEY_RESERVE(r->arena, *list, *cap, *count + 1)) return COLEY_FAIL_MEMORY(err);
        size_t at = (*count)++; /* kept sorted: rows mostly rise or fall */
        for (; at > 0 && (*list)[at - 1].begin > part.begin; at--) (*list)[at] = (*list)[at - 1];
        (*list)[at] = part;
        value += own + (own < length);
        length -= own + (own < length);
    }
    return COLEY_OK;
}

static coley_status add_name(gff_reader *r, const char *attributes, coley_error *err)
{
    const char *id = "", *parent = "", *name = "";
    const size_t n_id = attribute(attributes, "ID=", &id);
    if (!n_id) return COLEY_OK;
    gff_entry *entry = entry_of(r, id, n_id);
    if (!entry) return COLEY_FAIL_MEMORY(err);
    const size_t n_parent = attribute(attributes, "Parent=", &parent);
    size_t n_name = attribute(attributes, "Name=", &name);
    if (!n_name) n_name = attribute(attributes, "gene_name=", &name);
    if (n_parent && !(entry->parent = coley_arena_text(r->arena, parent, n_parent))) return COLEY_FAIL_MEMORY(err);
    if (n_name && !(entry->name = coley_arena_text(r->arena, name, n_name))) return COLEY_FAIL_MEMORY(err);
    return COLEY_OK;
}

static coley_status read_row(gff_reader *r, char *line, coley_error *err)
{
    char *column[COLUMNS];
    coley_stretch part;
    for (int c = 0; c < COLUMNS; c++) {
        column[c] = line;
        line += strcspn(line, "\t");
        if (!*line && c < COLUMNS - 1)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines),
                                 "has %d columns; a row of a GFF3 file has 9, parted by tabs", c + 1);
        if (*line) *line++ = '\0';
    }
    const int is_cds = !strcmp(column[2], "CDS"), is_exon = !strcmp(column[2], "exon");
    if (!is_cds && !is_exon) return add_name(r, column[8], err);
    if (!position(column[3], &part.begin) || !position(column[4], &part.end) || part.end < part.begin)
        return COLEY_FAIL_AT(
            err, COLEY_ERR_INPUT, coley_lines_place(r->lines),
            "start and end are '%.20s' and '%.20s'; positions from 1 are wanted, the end not before the start",
            column[3], column[4]);
    if (*column[6] != '+' && *column[6] != '-')
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, coley_lines_place(r->lines), "a strand that is neither + nor -");
    part.begin--;
    return add_part(r, column, part, is_cds, err);
}

/* ---- order --------------------------------------------------------------------------------------------------------
 */

static int by_place(const void *a, const void *b)
{
    const coley_transcript *x = a, *y = b;
    if (x->contig != y->contig) return x->contig < y->contig ? -1 : 1;
    if (x->begin != y->begin) return x->begin < y->begin ? -1 : 1;
    return strcmp(x->id, y->id);
}

static const char *gene_of(gff_reader *r, const char *id)
{
    const gff_entry *own = entry_of(r, id, strlen(id));
    const gff_entry *gene = own && own->parent ? entry_of(r, own->parent, strcspn(own->parent, ",")) : NULL;
    if (gene && gene->name) return gene->name;
    return gene ? gene->id : own && own->name ? own->name : NULL;
}

/* Only what codes stays; CDS rows stand for exons where there are none. */
static coley_status finish(gff_reader *r, coley_error *err)
{
    coley_gff *gff = r->gff;
    size_t n = 0;
    for (size_t i = 0; i < gff->n; i++) {
        coley_transcript t = gff->transcript[i];
        if (!t.n_cds) continue;
        if (!t.n_exons) {
            t.exon = t.cds;
            t.n_exons = t.n_cds;
        }
        t.begin = t.exon[0].begin < t.cds[0].begin ? t.exon[0].begin : t.cds[0].begin;
        for (size_t k = 0; k < t.n_exons; k++)
            if (t.exon[k].end > t.end) t.end = t.exon[k].end;
        int64_t coding = 0;
        for (size_t k = 0; k < t.n_cds; k++) {
            coding += t.cds[k].end - t.cds[k].begin;
            if (t.cds[k].end > t.end) t.end = t.cds[k].end;
            if (k && t.cds[k].begin < t.cds[k - 1].end)
                return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = gff->file}),
                                     "CDS rows of %.80s overlap", t.id);
        }
        if (coding > MAX_CODING)
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = gff->file}),
                                 "%.80s codes for more than %d bases; no transcript does", t.id, MAX_CODING);
        t.gene = gene_of(r, t.id);
        gff->transcript[n++] = t;
    }
    gff->n = n;
    if (!n)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = gff->file}),
                             "holds no coding transcript (no CDS rows); is it a GFF3 file of genes?");
    qsort(gff->transcript, n, sizeof *gff->transcript, by_place);
    for (size_t i = 0; i < n; i++) {
        coley_gff_contig *contig = &gff->contig[gff->transcript[i].contig];
        if (!contig->n++) contig->first = i;
    }
    for (size_t c = 0; c < gff->n_contigs; c++) {
        coley_gff_contig *contig = &gff->contig[c];
        int64_t reach = 0;
        if (!(contig->reach = COLEY_NEW(r->arena, int64_t, contig->n))) return COLEY_FAIL_MEMORY(err);
        for (size_t i = 0; i < contig->n; i++) {
            const int64_t end = gff->transcript[contig->first + i].end;
            contig->reach[i] = reach = end > reach ? end : reach;
        }
    }
    return COLEY_OK;
}

coley_status coley_gff_parse(coley_arena *arena, coley_lines *lines, coley_gff *gff, coley_error *err)
{
    gff_reader r = {.arena = arena, .lines = lines, .gff = gff};
    char *line;
    size_t length;
    *gff = (coley_gff){.file = coley_lines_place(lines).file};
    for (;;) {
        COLEY_TRY(coley_lines_next(lines, &line, &length, err));
        if (!line || !strncmp(line, "##FASTA", 7)) break;
        if (*line && *line != '#') COLEY_TRY(read_row(&r, line, err));
    }
    return finish(&r, err);
}

const coley_gff_contig *coley_gff_find(const coley_gff *gff, const char *name, size_t length)
{
    name = coley_contig_name(name, &length);
    for (size_t i = 0; i < gff->n_contigs; i++)
        if (!strncmp(gff->contig[i].name, name, length) && !gff->contig[i].name[length]) return &gff->contig[i];
    return NULL;
}
