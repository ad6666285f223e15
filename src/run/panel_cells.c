/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel_cells.c -- one sample through the rules of PD-L1 and of the infiltrate. */
#include "run/panel_cells.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "assay/infiltrate.h"
#include "assay/pdl1.h"

static coley_status score_pdl1(coley_arena *arena, const coley_pdl1_request *q, const coley_cell_sample *sample,
                               coley_panel_cells *out, coley_error *err)
{
    coley_pdl1_rules rules;
    coley_pdl1_counts counts;
    coley_pdl1_result result[COLEY_PDL1_MAX_SCORES];
    const char *path = coley_arena_printf(arena, "%s/assays/pdl1.yaml", q->cells.catalog);
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_pdl1_rules_read(arena, path, &rules, err));
    size_t assay = 0;
    while (assay < rules.n_assays && strcasecmp(rules.assay[assay].name, q->assay)) assay++;
    if (assay == rules.n_assays)
        return COLEY_FAIL(err, COLEY_ERR_ARG, "there is no PD-L1 assay %.40s in catalog/assays/pdl1.yaml", q->assay);
    out->assay = rules.assay[assay].name;
    out->above = q->n_above ? q->above[0] : sample->table->pdl1_is_call ? 0.5 : NAN;
    const coley_cells *cells = &sample->cells;
    if (!isnan(out->above))
        COLEY_TRY(coley_pdl1_judge(arena, cells, out->above, &rules, assay, q->cells.seed, &counts, result, err));
    for (size_t s = 0; s < rules.n_scores; s++) {
        const char *name = rules.score[s].name;
        coley_panel_score *to = !strcmp(name, "TPS") ? &out->tps : !strcmp(name, "CPS") ? &out->cps : &out->ic;
        if (!(rules.assay[assay].scores >> s & 1)) continue;
        to->words = rules.score[s].words;
        if (isnan(out->above)) {
            to->reason = "PD-L1 is an intensity, and nobody said which is stained: give --above";
            continue;
        }
        to->reason = result[s].cannot_tell;
        to->value = to->reason ? NAN : result[s].value;
        to->low = fmin(result[s].low, result[s].tile_low); /* the wider of both, NaN aside */
        to->high = fmax(result[s].high, result[s].tile_high);
    }
    if (!isnan(out->above)) out->n_tumour = counts.n[COLEY_CELL_TUMOUR];
    return COLEY_OK;
}

static coley_status judge_infiltrate(coley_arena *arena, const coley_pdl1_request *q, const coley_cell_sample *sample,
                                     coley_panel_cells *out, coley_error *err)
{
    coley_infiltrate_rules rules;
    coley_infiltrate found;
    const char *path = coley_arena_printf(arena, "%s/assays/infiltrate.yaml", q->cells.catalog);
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_infiltrate_rules_read(arena, path, &rules, err));
    out->phenotype = -1;
    if (!sample->table->column[COLEY_COLUMN_X] || !sample->table->column[COLEY_COLUMN_Y]) {
        out->phenotype_reason = "the table has no positions of cells";
        return COLEY_OK;
    }
    int knows_cd8 = 0;
    for (size_t i = 0; i < sample->table->n && !knows_cd8; i++)
        knows_cd8 = sample->table->cells.type[i] == COLEY_CELL_CD8;
    COLEY_TRY(coley_infiltrate_judge(arena, &sample->cells, knows_cd8, &rules, &found, err));
    out->phenotype_reason = found.cannot_tell;
    out->phenotype_source = rules.phenotype_source;
    out->cd8_tumour_per_mm2 = coley_infiltrate_per_mm2(&found, COLEY_IN_TUMOUR, COLEY_CELL_CD8);
    out->cd8_stroma_per_mm2 = coley_infiltrate_per_mm2(&found, COLEY_IN_STROMA, COLEY_CELL_CD8);
    if (found.phenotype == COLEY_IMMUNE_UNKNOWN) return COLEY_OK;
    out->phenotype = (int)found.phenotype;
    out->phenotype_name = coley_immune_phenotype_name(found.phenotype);
    return COLEY_OK;
}

coley_status coley_panel_cells_read(coley_arena *arena, const coley_pdl1_request *q, coley_panel_cells *out,
                                    coley_error *err)
{
    static const coley_panel_score unknown = {NAN, NAN, NAN, NULL, NULL};
    coley_cell_sample *sample;
    size_t n;
    *out = (coley_panel_cells){.tps = unknown,
                               .cps = unknown,
                               .ic = unknown,
                               .phenotype = -1,
                               .above = NAN,
                               .cd8_tumour_per_mm2 = NAN,
                               .cd8_stroma_per_mm2 = NAN,
                               .n_tumour = NAN};
    COLEY_TRY(coley_cells_read(arena, &q->cells, 1u << COLEY_COLUMN_PHENOTYPE, &sample, &n, err));
    if (n != 1)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = q->cells.file[0]}),
                             "holds %zu samples, and a panel is of one tumour; name one with --pick", n);
    out->sample = sample->name;
    out->pdl1_column = sample->table->column[COLEY_COLUMN_PDL1];
    if (out->pdl1_column) COLEY_TRY(score_pdl1(arena, q, sample, out, err));
    return judge_infiltrate(arena, q, sample, out, err);
}
