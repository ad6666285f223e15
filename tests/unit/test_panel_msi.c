/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Microsatellites in the panel, from SYNTHETIC reads over 200 kb of human chromosome 1. */
#include <unistd.h>

#include <htslib/faidx.h>

#include "run/panel.h"
#include "support/check.h"
#include "support/msi_reads.h"

#define SLICE COLEY_SOURCE_DIR "/tests/data/genome/chr1_slice.fa.gz"

static coley_status take(void *self, const coley_site_row *row, coley_error *err)
{
    (void)err;
    coley_site_row_add(self, row);
    return COLEY_OK;
}

static void reads_of_a_tumour_and_its_normal_become_a_word_for_candidacy(void)
{
    static char folder[] = "/tmp/coley-panel-XXXXXX";
    static msi_alleles truth[512];
    coley_arena *arena = coley_arena_create();
    const coley_site_scan_options usual = COLEY_SITE_SCAN_DEFAULT;
    coley_text table = {.arena = arena};
    coley_site_scan_totals totals;
    coley_lines *lines;
    coley_sites sites;
    coley_error err = {0};
    size_t n_bases = 0;
    char contig[64], table_path[300], path[2][300];
    CHECK(mkdtemp(folder) != NULL);
    char *bases = msi_reference(SLICE, contig, &n_bases);
    coley_text_addf(&table, "%s", coley_sites_heading);
    CHECK(bases && coley_sites_scan(arena, SLICE, &usual, take, &table, &totals, NULL) == COLEY_OK);
    CHECK(coley_lines_of_bytes(arena, "sites", table.data, table.length, &lines, NULL) == COLEY_OK);
    CHECK(coley_sites_parse(arena, lines, &sites, NULL) == COLEY_OK);
    snprintf(table_path, sizeof table_path, "%s/sites.tsv", folder);
    CHECK(coley_file_write(table_path, table.data, table.length, &err) == COLEY_OK);
    for (int tumour = 0; tumour < 2; tumour++) {
        const msi_reads made = {MSI_READS_DEFAULT,
                                .contig = contig,
                                .bases = bases,
                                .n_bases = n_bases,
                                .sites = &sites,
                                .person = 3,
                                .sample = 10 + (uint64_t)tumour,
                                .purity = tumour ? 0.7 : 0,
                                .unstable = 0.4};
        snprintf(path[tumour], sizeof path[tumour], "%s/%d.bam", folder, tumour);
        CHECK(msi_reads_write(&made, path[tumour], 1, truth) > 1000);
    }
    const coley_panel_reads reads = {.catalog = COLEY_SOURCE_DIR "/catalog",
                                     .sites = table_path,
                                     .bam = path[1],
                                     .normal = path[0],
                                     .purity = 0.7,
                                     .n_threads = 1};
    const coley_panel_request q = {.models = COLEY_SOURCE_DIR "/models/patient",
                                   .catalog = COLEY_SOURCE_DIR "/catalog",
                                   .cancer = "nsclc",
                                   .pdl1_tps = NAN,
                                   .msi = -1,
                                   .infiltration = -1,
                                   .reads = &reads};
    coley_panel panel;
    CHECK(coley_panel_run(arena, &q, &panel, &err) == COLEY_OK);
    if (err.text[0]) printf("# %s\n", err.text);
    CHECK(panel.n_items == 1 && panel.biomarkers.msi == COLEY_MSI_HIGH);
    CHECK_TEXT(panel.item[0].value, "high");
    CHECK(panel.item[0].n_moves == 0 && panel.item[0].denominator && panel.item[0].definition && panel.item[0].filters);

    /* The normal against itself is not unstable, and is not called high. */
    const coley_panel_reads same = {.catalog = reads.catalog,
                                    .sites = table_path,
                                    .bam = path[0],
                                    .normal = path[0],
                                    .purity = 0.7,
                                    .n_threads = 1};
    coley_panel_request stable = q;
    stable.reads = &same;
    CHECK(coley_panel_run(arena, &stable, &panel, &err) == COLEY_OK);
    CHECK(panel.biomarkers.msi != COLEY_MSI_HIGH);
    for (int i = 0; i < 2; i++) unlink(path[i]);
    unlink(table_path);
    rmdir(folder);
    free(bases);
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(reads_of_a_tumour_and_its_normal_become_a_word_for_candidacy);
    return check_done();
}
