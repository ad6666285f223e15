/* SPDX-License-Identifier: GPL-3.0-or-later */
/* validate_msi.c -- calls of microsatellite instability against the truth of SYNTHETIC reads
 * (tests/support/msi_reads.h), by depth, purity and share of unstable sites. Run as `validate-msi FILE.json`. */
#include <math.h>
#include <unistd.h>

#include "bench.h"

#include "assay/msi.h"
#include "base/data.h"
#include "support/msi_reads.h"

enum { TUMOURS = 8, NORMALS = 30 };

typedef struct cell {
    double high, mss, open, score; /* of the tumours: calls, mean score [%] */
    double found,
        false_found; /* unstable sites that were found; stable ones that were called unstable; of those judged */
} cell;

static coley_arena *arena;
static coley_sites sites;
static coley_msi_facts facts;
static char folder[] = "/tmp/coley-msi-XXXXXX", contig[64], *bases;
static size_t n_bases;

static void stop(const coley_error *err, const char *what)
{
    char text[1300];
    coley_error_format(err, text, sizeof text);
    fprintf(stderr, "validate-msi: %s: %s\n", what, text);
    exit(1);
}

static coley_status take(void *self, const coley_site_row *row, coley_error *err)
{
    (void)err;
    coley_site_row_add(self, row);
    return COLEY_OK;
}

static void prepare(const char *fasta)
{
    const coley_site_scan_options usual = COLEY_SITE_SCAN_DEFAULT;
    const char *catalog;
    coley_error err = {0};
    coley_text text = {.arena = arena};
    coley_site_scan_totals totals;
    coley_lines *lines;
    coley_text_addf(&text, "%s", coley_sites_heading);
    if (coley_data_path(arena, "catalog", &catalog, &err) != COLEY_OK ||
        coley_msi_facts_read(arena, catalog, &facts, &err) != COLEY_OK ||
        coley_sites_scan(arena, fasta, &usual, take, &text, &totals, &err) != COLEY_OK ||
        coley_lines_of_bytes(arena, "sites", text.data, text.length, &lines, &err) != COLEY_OK ||
        coley_sites_parse(arena, lines, &sites, &err) != COLEY_OK || !(bases = msi_reference(fasta, contig, &n_bases)))
        stop(&err, fasta);
}

static coley_msi_counts counted(coley_arena *own, const msi_reads *m, msi_alleles *truth)
{
    const coley_msi_count_options o = {.n_threads = 1};
    coley_msi_counts c;
    coley_error err = {0};
    const char *file = coley_arena_printf(own, "%s/%llu.bam", folder, (unsigned long long)m->sample);
    const char *index = coley_arena_printf(own, "%s.bai", file);
    if (msi_reads_write(m, file, 1, truth) < 0 || coley_msi_count(own, file, &sites, &o, &c, &err) != COLEY_OK)
        stop(&err, file);
    unlink(file);
    unlink(index);
    return c;
}

/* One pair, judged; the totals of the cell grow. */
static void add_pair(uint64_t person, double depth, double purity, double unstable, double stutter, double distance,
                     cell *c, double site[4])
{
    coley_arena *own = coley_arena_create();
    msi_alleles *truth = COLEY_NEW(own, msi_alleles, sites.n);
    msi_reads normal = {MSI_READS_DEFAULT, .contig = contig, .bases = bases,       .n_bases = n_bases,  .sites = &sites,
                        .only_near = 1,    .person = person, .sample = 2 * person, .unstable = unstable};
    normal.depth = depth;
    msi_reads tumour = normal;
    tumour.purity = purity;
    tumour.sample++;
    tumour.stutter = stutter;
    const coley_msi_counts n = counted(own, &normal, truth), t = counted(own, &tumour, truth);
    coley_msi_options o = {
        .coverage = facts.coverage, .fdr = facts.fdr, .distance = distance, .purity = purity, .cutoff = facts.cutoff};
    coley_msi_site *s = COLEY_NEW(own, coley_msi_site, sites.n);
    const coley_msi_input in = {.n = sites.n, .tumour = t.site, .normal = n.site, .sites = &sites, .recognised = 1};
    coley_msi_result r;
    coley_error err = {0};
    if (coley_msi_judge(own, &in, &facts, &o, s, &r, &err) != COLEY_OK) stop(&err, "judge");
    c->high += r.call == COLEY_MSI_HIGH;
    c->mss += r.call == COLEY_MSI_MSS;
    c->open += r.call == COLEY_MSI_CANNOT_TELL;
    c->score += isnan(r.score_pct) ? 0 : r.score_pct;
    for (size_t i = 0; i < sites.n; i++) {
        const int unlike = truth[i].unstable && purity > 0;
        if (!s[i].judged) continue;
        site[unlike ? 0 : 2]++;
        site[unlike ? 1 : 3] += s[i].unstable;
    }
    coley_arena_destroy(own);
}

static cell measured(int n, double depth, double purity, double unstable, double stutter, double distance)
{
    cell c = {0};
    double site[4] = {0};
    static uint64_t person = 1000;
    for (int i = 0; i < n; i++) add_pair(person++, depth, purity, unstable, stutter, distance, &c, site);
    c.high /= n;
    c.mss /= n;
    c.open /= n;
    c.score /= n;
    c.found = site[1] / site[0];
    c.false_found = site[3] / site[2];
    return c;
}

static void row(coley_table *table, coley_text *json, const char *what, double depth, double purity, double unstable,
                int n, cell c)
{
    coley_table_add(table, "%s", what);
    coley_table_add(table, "%.0f", depth);
    coley_table_add(table, "%.0f", 100 * purity);
    coley_table_add(table, "%.0f", 100 * unstable);
    coley_table_add(table, "%d", n);
    coley_table_add(table, "%.0f", 100 * c.high);
    coley_table_add(table, "%.0f", 100 * c.open);
    coley_table_add(table, "%.0f", 100 * c.mss);
    coley_table_add(table, "%.1f", c.score);
    if (isnan(c.found))
        coley_table_add(table, "-");
    else
        coley_table_add(table, "%.0f", 100 * c.found);
    coley_table_add(table, "%.2f", 100 * c.false_found);
    coley_text_addf(json,
                    "%s{\"what\":\"%s\",\"depth\":%g,\"purity\":%g,\"unstable\":%g,\"tumours\":%d,\"msi_h\":%.4g,",
                    json->length > 1 ? "," : "", what, depth, purity, unstable, n, c.high);
    coley_text_addf(json,
                    "\"cannot_tell\":%.4g,\"mss\":%.4g,\"score_pct\":%.4g,\"sites_found\":%.4g,\"sites_false\":%.4g}",
                    c.open, c.mss, c.score, isnan(c.found) ? 0 : c.found, c.false_found);
}

int main(int argc, char **argv)
{
    static const char *const heading[] = {"what",         "depth",         "purity %",      "unstable %",
                                          "tumours",      "MSI-H %",       "cannot tell %", "MSS %",
                                          "mean score %", "sites found %", "sites false %"};
    static const double depths[] = {30, 60, 120}, purities[] = {0.05, 0.1, 0.2, 0.4, 0.8}, shares[] = {0.15, 0.3, 0.5};
    coley_text text, json;
    coley_error err = {0};
    arena = coley_arena_create();
    text = json = (coley_text){.arena = arena};
    if (!mkdtemp(folder)) return 1;
    prepare(COLEY_SOURCE_DIR "/tests/data/genome/chr1_slice.fa.gz");
    coley_table table = coley_table_begin(arena, heading, 11);
    coley_text_addf(&json, "[");
    for (size_t d = 0; d < 3; d++)
        row(&table, &json, "no instability", depths[d], 0.6, 0, NORMALS, measured(NORMALS, depths[d], 0.6, 0, 1, 0));
    row(&table, &json, "stutters twice as much", 400, 0.6, 0, TUMOURS, measured(TUMOURS, 400, 0.6, 0, 2, 0));
    row(&table, &json, "the same, --min-distance 0.2", 400, 0.6, 0, TUMOURS, measured(TUMOURS, 400, 0.6, 0, 2, 0.2));
    for (size_t d = 0; d < 3; d++)
        for (size_t p = 0; p < 5; p++)
            for (size_t u = 0; u < 3; u++)
                row(&table, &json, "unstable", depths[d], purities[p], shares[u], TUMOURS,
                    measured(TUMOURS, depths[d], purities[p], shares[u], 1, 0));
    rmdir(folder);
    coley_text_addf(&json, "]\n");
    printf("SYNTHETIC reads over %zu sites of 200 kb of chromosome 1, tumour and normal\n\n", sites.n);
    coley_table_draw(&table, &text);
    if (text.failed || json.failed) return 1;
    fputs(text.data, stdout);
    if (argc > 1 && coley_file_write(argv[1], json.data, json.length, &err) != COLEY_OK) stop(&err, argv[1]);
    coley_arena_destroy(arena);
    free(bases);
    return 0;
}
