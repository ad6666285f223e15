/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msi.c -- which sites are unstable, their share, and the call.
 *
 * Paired: at each site the tumour's and the normal's lengths are held against each other, and those that differ at the
 * false discovery rate are unstable (Niu 2014, Bioinformatics 30:1015). Baseline: a site is unstable when the share of
 * deleted units is above mean + 3 standard deviations of normals (Jia 2020, Genomics Proteomics Bioinformatics 18:65).
 * The share of unstable sites is called where its interval lies on one side of what the cut-off leaves open. */
#include "assay/msi.h"

#include <math.h>
#include <string.h>

/* ---- sites ------------------------------------------------------------------------------------------------------- */

static coley_status test_sites(coley_arena *arena, const coley_msi_input *in, const coley_msi_options *o,
                               coley_msi_site *site, coley_msi_result *r, coley_error *err)
{
    double *p = COLEY_NEW(arena, double, in->n), *q = COLEY_NEW(arena, double, in->n);
    size_t *order = COLEY_NEW(arena, size_t, in->n), n = 0;
    if (!p || !q || !order) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < in->n; i++) {
        coley_msi_site *s = &site[i];
        s->judged = in->tumour[i].n_reads >= o->coverage && in->normal[i].n_reads >= o->coverage;
        if (!s->judged) continue;
        s->test = coley_lengths_test(&in->normal[i], &in->tumour[i]);
        p[n++] = s->p = o->test == COLEY_MSI_KS ? s->test.ks_p : s->test.chi2_p;
    }
    coley_benjamini_hochberg(n, p, q, order);
    for (size_t i = 0, k = 0; i < in->n; i++) {
        if (!site[i].judged) continue;
        site[i].q = q[k++];
        site[i].unstable = site[i].q <= o->fdr && site[i].test.distance >= o->distance;
        r->normal_reads += in->normal[i].n_reads;
    }
    return COLEY_OK;
}

static void hold_against_thresholds(const coley_msi_input *in, const coley_msi_options *o, coley_msi_site *site)
{
    for (size_t i = 0; i < in->n; i++) {
        const coley_site *s = &in->sites->site[i];
        site[i].judged = in->tumour[i].n_reads >= o->coverage && !isnan(s->threshold) && s->support >= o->least_normals;
        site[i].unstable = site[i].judged && site[i].deleted > (double)s->threshold;
    }
}

/* ---- the call ---------------------------------------------------------------------------------------------------- */

const char *coley_msi_call_name(coley_msi_call call)
{
    return call == COLEY_MSI_HIGH ? "MSI-H" : call == COLEY_MSI_MSS ? "MSS" : "cannot tell";
}

static coley_status say(coley_msi_result *r, coley_msi_call call, const char *reason, coley_error *err)
{
    r->call = call;
    r->reason = reason;
    return reason ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

static coley_status call_share(coley_arena *arena, const coley_msi_facts *facts, const coley_msi_options *o,
                               coley_msi_result *r, coley_error *err)
{
    const coley_msi_cutoff *c = r->cutoff;
    const char *share = coley_arena_printf(arena, "%.2f %% of %zu sites are unstable (95 %% interval %.2f to %.2f %%)",
                                           r->score_pct, r->n_judged, r->low95_pct, r->high95_pct);
    if (!share) return COLEY_FAIL_MEMORY(err);
    if ((int64_t)r->n_judged < c->least_sites)
        return say(r, COLEY_MSI_CANNOT_TELL,
                   coley_arena_printf(arena, "%s; a call needs %lld sites", share, (long long)c->least_sites), err);
    if (r->score_pct >= c->high_pct && (r->low95_pct >= c->low_pct || !c->by_interval))
        return say(r, COLEY_MSI_HIGH, coley_arena_printf(arena, "%s; MSI-H from %g %%", share, c->high_pct), err);
    if (r->score_pct >= c->low_pct && r->score_pct < c->high_pct)
        return say(
            r, COLEY_MSI_CANNOT_TELL,
            coley_arena_printf(arena, "%s; between %g and %g %% is indeterminate", share, c->low_pct, c->high_pct),
            err);
    if (r->score_pct >= c->high_pct)
        return say(r, COLEY_MSI_CANNOT_TELL,
                   coley_arena_printf(arena, "%s; too few sites: the interval reaches below %g %%, where MSS begins",
                                      share, c->low_pct),
                   err);
    if (r->high95_pct >= c->high_pct && c->by_interval)
        return say(r, COLEY_MSI_CANNOT_TELL,
                   coley_arena_printf(arena, "%s; too few sites: the interval reaches %g %%, where MSI-H begins", share,
                                      c->high_pct),
                   err);
    const double least = facts->tumour_reads / r->tumour_reads; /* purity from which stable sites prove something */
    if (least > 1)
        return say(r, COLEY_MSI_CANNOT_TELL,
                   coley_arena_printf(arena, "%s, but with %.0f reads a site stable ones prove nothing (from %g)",
                                      share, r->tumour_reads, facts->tumour_reads),
                   err);
    if (o->purity < least)
        return say(r, COLEY_MSI_CANNOT_TELL,
                   coley_arena_printf(arena,
                                      "%s, but with %g %% of tumour cells and %.0f reads a site stable ones prove "
                                      "nothing (from %.0f %%)",
                                      share, 100 * o->purity, r->tumour_reads, 100 * least),
                   err);
    return say(r, COLEY_MSI_MSS, coley_arena_printf(arena, "%s; MSS below %g %%", share, c->low_pct), err);
}

static coley_status call(coley_arena *arena, const coley_msi_input *in, const coley_msi_facts *facts,
                         const coley_msi_options *o, coley_msi_result *r, coley_error *err)
{
    if (r->mode == COLEY_MSI_ALONE)
        return say(r, COLEY_MSI_CANNOT_TELL,
                   "a tumour alone: lengths differ between people, so they must be held against a normal (--normal) or "
                   "thresholds from normals (--panel)",
                   err);
    if (in->recognised < facts->recognised)
        return say(
            r, COLEY_MSI_CANNOT_TELL,
            coley_arena_printf(arena,
                               "the flanks of sites stand in only %.1f %% of the reads that lie over them (at least "
                               "%g %% on the right reference): the sites are of another reference",
                               100 * in->recognised, 100 * facts->recognised),
            err);
    if (!r->n_judged)
        return say(r, COLEY_MSI_CANNOT_TELL,
                   coley_arena_printf(arena, "none of %zu sites has %g reads in %s%s", r->n_sites, o->coverage,
                                      r->mode == COLEY_MSI_PAIRED ? "both samples" : "the tumour",
                                      r->mode == COLEY_MSI_BASELINE ? " and a threshold from enough normals" : ""),
                   err);
    return call_share(arena, facts, o, r, err);
}

static coley_status words(coley_arena *arena, const coley_msi_input *in, const coley_msi_facts *facts,
                          const coley_msi_options *o, coley_msi_result *r, coley_error *err)
{
    const char *test = o->test == COLEY_MSI_KS ? "Kolmogorov-Smirnov" : "chi-squared";
    r->definition =
        r->mode == COLEY_MSI_PAIRED
            ? coley_arena_printf(arena,
                                 "share of sites whose lengths differ from the normal's (%s test, false discovery "
                                 "rate %g%s)",
                                 test, o->fdr, o->distance > 0 ? ", least distance set" : "")
        : r->mode == COLEY_MSI_BASELINE
            ? coley_arena_printf(arena,
                                 "share of sites with more deleted units than mean + 3 standard deviations of "
                                 "normals (at least %lld of them)",
                                 (long long)o->least_normals)
            : "none";
    r->denominator =
        coley_arena_printf(arena, "%zu of %zu sites, those with at least %g reads that show the whole repeat%s",
                           r->n_judged, r->n_sites, o->coverage, r->mode == COLEY_MSI_PAIRED ? " in both samples" : "");
    r->filters = in->filters;
    r->would_change = "other sites, depth, purity, and a tumour and a normal that were amplified differently; loss of "
                      "heterozygosity changes lengths too";
    if (r->call == COLEY_MSI_HIGH && r->distance < facts->distance)
        r->caution =
            coley_arena_printf(arena,
                               "unstable sites differ by %.1f %% of reads on average: so do a tumour of low purity and "
                               "libraries that stutter differently; --min-distance asks for more",
                               100 * r->distance);
    else if (in->marked > 0.01)
        r->caution =
            coley_arena_printf(arena,
                               "%.1f %% of the reads are marked as duplicates, secondary, supplementary or failed "
                               "and were counted as MSIsensor-pro does; --reads spanning leaves them out",
                               100 * in->marked);
    else if (isnan(o->purity) && r->call == COLEY_MSI_MSS)
        r->caution = coley_arena_printf(
            arena, "MSS only if the sample has %.0f %% of tumour cells or more: purity was not given",
            100 * facts->tumour_reads / r->tumour_reads);
    return r->definition && r->denominator ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

coley_status coley_msi_judge(coley_arena *arena, const coley_msi_input *in, const coley_msi_facts *facts,
                             const coley_msi_options *o, coley_msi_site *site, coley_msi_result *r, coley_error *err)
{
    const int has_thresholds = in->sites && in->sites->n_thresholds;
    *r = (coley_msi_result){.n_sites = in->n,
                            .n_missing_sites = in->n_missing_sites,
                            .recognised = in->recognised,
                            .cutoff = o->cutoff,
                            .score_pct = NAN,
                            .low95_pct = NAN,
                            .high95_pct = NAN,
                            .mode = in->normal       ? COLEY_MSI_PAIRED
                                    : has_thresholds ? COLEY_MSI_BASELINE
                                                     : COLEY_MSI_ALONE};
    for (size_t i = 0; i < in->n; i++)
        site[i] = (coley_msi_site){.p = NAN,
                                   .q = NAN,
                                   .deleted = in->sites && in->tumour[i].n_reads
                                                  ? coley_lengths_deleted(&in->tumour[i], in->sites->site[i].units)
                                                  : NAN};
    if (r->mode == COLEY_MSI_PAIRED) COLEY_TRY(test_sites(arena, in, o, site, r, err));
    if (r->mode == COLEY_MSI_BASELINE) hold_against_thresholds(in, o, site);
    for (size_t i = 0; i < in->n; i++) {
        if (!site[i].judged) continue;
        r->n_judged++;
        r->n_unstable += (size_t)site[i].unstable;
        r->tumour_reads += in->tumour[i].n_reads;
        if (site[i].unstable) r->distance += site[i].test.distance;
    }
    r->distance = r->n_unstable && r->mode == COLEY_MSI_PAIRED ? r->distance / (double)r->n_unstable : NAN;
    if (r->n_judged) {
        r->score_pct = 100 * (double)r->n_unstable / (double)r->n_judged;
        coley_wilson_95((double)r->n_unstable, (double)r->n_judged, &r->low95_pct, &r->high95_pct);
        r->low95_pct *= 100;
        r->high95_pct *= 100;
        r->tumour_reads /= (double)r->n_judged;
        r->normal_reads /= (double)r->n_judged;
    }
    COLEY_TRY(call(arena, in, facts, o, r, err));
    return words(arena, in, facts, o, r, err);
}

/* ---- thresholds from normals ------------------------------------------------------------------------------------- */

coley_status coley_msi_baseline_begin(coley_arena *arena, size_t n_sites, coley_msi_baseline *b, coley_error *err)
{
    *b = (coley_msi_baseline){.n_sites = n_sites,
                              .sum = COLEY_NEW(arena, double, n_sites),
                              .sum_of_squares = COLEY_NEW(arena, double, n_sites),
                              .support = COLEY_NEW(arena, int32_t, n_sites)};
    return b->sum && b->sum_of_squares && b->support ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

void coley_msi_baseline_add(coley_msi_baseline *b, const coley_sites *sites, const coley_lengths *normal,
                            double coverage)
{
    b->n_normals++;
    for (size_t i = 0; i < b->n_sites; i++) {
        if (!normal[i].n_reads || normal[i].n_reads < coverage) continue;
        const double deleted = coley_lengths_deleted(&normal[i], sites->site[i].units);
        b->sum[i] += deleted;
        b->sum_of_squares[i] += deleted * deleted;
        b->support[i]++;
    }
}

double coley_msi_baseline_threshold(const coley_msi_baseline *b, size_t i)
{
    const double n = b->support[i], mean = b->sum[i] / n;
    if (!(n > 0)) return NAN;
    const double spread = n > 1 ? fmax(0, (b->sum_of_squares[i] - n * mean * mean) / (n - 1)) : 0;
    return mean + 3 * sqrt(spread);
}
