/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tests of two samples of repeat lengths, against series summed in 60 digits, tables and naive twins. */
#include "assay/msi_test.h"
#include "base/rng.h"
#include "support/check.h"

/* Q_KS by mpmath with 60 digits: 2 sum (-1)^(j-1) exp(-2 j^2 x^2), 400 terms. */
static const struct {
    double x, q;
} kolmogorov[] = {
    {0.1, 1.0},
    {0.2, 0.99999999999949495927},
    {0.3, 0.99999069419866543338},
    {0.4, 0.99719232677729826459},
    {0.5, 0.96394524366487509439},
    {0.6, 0.86428277905060433421},
    {0.7, 0.71123519502968924868},
    {0.8, 0.54414241157419807674},
    {0.9, 0.39273070794065434327},
    {1.0, 0.2699996716773545212},
    {1.1, 0.17771819260640118377},
    {1.17, 0.12939004218561883011},
    {1.179999, 0.12345439172134202102},
    {1.18, 0.12345380942976571391},
    {1.19, 0.11774229287977167642},
    {1.25, 0.087866413941691064647},
    {1.36, 0.04948587675537788364},
    {1.5, 0.022217962616525128721},
    {1.63, 0.009846364888486531251},
    {1.8, 0.0030676213475797063445},
    {2.0, 0.00067092525577969534654},
    {2.5, 7.4533063441573416001e-6},
    {3.0, 3.0459959489425256872e-8},
    {4.0, 2.5328331098188351446e-14},
    {5.0, 3.857499695927835566e-22},
    {7.5, 2.77268658728234127e-49},
    {10.0, 2.7677930534734750613e-87},
};

static void kolmogorovs_distribution_is_exact_to_1e_12(void)
{
    for (size_t i = 0; i < sizeof kolmogorov / sizeof *kolmogorov; i++) {
        const double q = coley_ks_q(kolmogorov[i].x);
        CHECK(fabs(q - kolmogorov[i].q) <= 1e-14);
        if (kolmogorov[i].x >= 0.5) CHECK(fabs(q / kolmogorov[i].q - 1) <= 1e-12);
    }
    CHECK(coley_ks_q(0) == 1);
    CHECK(coley_ks_q(-1) == 1);
    CHECK(isnan(coley_ks_q(NAN)));
    CHECK(coley_ks_q(40) == 0);
}

static void both_series_meet_where_one_takes_over_from_the_other(void)
{
    CHECK_NEAR(coley_ks_q(nextafter(1.18, 0)), coley_ks_q(1.18), 1e-14);
}

/* Two samples by the words of the definition. */
static double naive_distance(const coley_lengths *a, const coley_lengths *b)
{
    double most = 0;
    for (uint32_t u = 0; u <= 200; u++) {
        double below_a = 0, below_b = 0;
        for (uint32_t i = 0; i < a->n_kinds; i++) below_a += a->kind[i].units <= u ? a->kind[i].reads : 0;
        for (uint32_t i = 0; i < b->n_kinds; i++) below_b += b->kind[i].units <= u ? b->kind[i].reads : 0;
        most = fmax(most, fabs(below_a / a->n_reads - below_b / b->n_reads));
    }
    return most;
}

static double naive_chi2(const coley_lengths *a, const coley_lengths *b)
{
    double sum = 0;
    for (uint32_t u = 0; u <= 200; u++) {
        double x[2] = {0, 0};
        const coley_lengths *l[2] = {a, b};
        for (int k = 0; k < 2; k++)
            for (uint32_t i = 0; i < l[k]->n_kinds; i++) x[k] += l[k]->kind[i].units == u ? l[k]->kind[i].reads : 0;
        for (int k = 0; k < 2; k++) {
            const double expected = (x[0] + x[1]) * l[k]->n_reads / ((double)a->n_reads + b->n_reads);
            if (expected > 0) sum += (x[k] - expected) * (x[k] - expected) / expected;
        }
    }
    return sum;
}

static coley_lengths drawn(uint64_t seed, uint64_t which, coley_length_count kind[12])
{
    coley_lengths l = {.kind = kind};
    for (uint32_t u = 5; u < 17; u++) {
        const double x = coley_rng_uniform(seed, COLEY_STREAM_TEST, which, u);
        if (x < 0.4) continue;
        kind[l.n_kinds++] = (coley_length_count){.units = u, .reads = 1 + (uint32_t)(60 * x * x)};
        l.n_reads += kind[l.n_kinds - 1].reads;
    }
    if (!l.n_kinds) kind[l.n_kinds++] = (coley_length_count){.units = 9, .reads = l.n_reads = 7};
    return l;
}

static void distances_of_lengths_are_those_of_a_naive_twin(void)
{
    FOR_ALL(300, seed)
    {
        coley_length_count x[12], y[12];
        const coley_lengths a = drawn(seed, 1, x), b = drawn(seed, 2, y);
        const coley_length_test t = coley_lengths_test(&a, &b), back = coley_lengths_test(&b, &a);
        CHECK_NEAR(t.ks_d, naive_distance(&a, &b), 1e-12);
        CHECK_NEAR(t.chi2, naive_chi2(&a, &b), 1e-11);
        CHECK_NEAR(t.chi2, back.chi2, 1e-12);
        CHECK_NEAR(t.ks_d, back.ks_d, 1e-12);
        CHECK(t.ks_d <= t.distance + 1e-12 && t.distance <= 1);
    }
}

static void the_p_value_is_the_classical_one(void)
{
    /* n1 = 40, n2 = 60: n = 24, root 4.898979; D = 0.3: x = (4.898979 + 0.12 + 0.022454) 0.3 = 1.5124300 */
    const double x = (sqrt(24) + 0.12 + 0.11 / sqrt(24)) * 0.3;
    CHECK_NEAR(coley_ks_p(0.3, 40, 60), coley_ks_q(x), 1e-15);
    CHECK_NEAR(coley_ks_p(0.3, 40, 60), 0.020614870879778980604, 1e-12);
    CHECK(coley_ks_p(0, 40, 60) == 1);
}

/* Upper tails by mpmath's gammainc with 50 digits. */
static const struct {
    int k;
    double x, q;
} chi2[] = {
    {1, 0.5, 0.47950012218695346232},
    {1, 3.84, 0.050043521248705103189},
    {1, 12.5, 0.00040695201744495893956},
    {1, 60.0, 9.4857375710738483885e-15},
    {2, 0.5, 0.77880078307140486825},
    {2, 3.84, 0.14660696213035014757},
    {2, 12.5, 0.0019304541362277092422},
    {2, 60.0, 9.3576229688401746049e-14},
    {3, 0.5, 0.91889141165467585936},
    {3, 3.84, 0.27926761711861018107},
    {3, 12.5, 0.0058526625933267332405},
    {3, 60.0, 5.878230727906912341e-13},
    {4, 0.5, 0.97350097883925608531},
    {4, 3.84, 0.42809232942062242049},
    {4, 12.5, 0.013995792487650892006},
    {4, 60.0, 2.9008631203404541275e-12},
    {5, 0.5, 0.99212329323262959221},
    {5, 3.84, 0.5726744598320886699},
    {5, 12.5, 0.028543123326167459495},
    {5, 60.0, 1.2154569777183038948e-11},
    {8, 0.5, 0.99986663034948593762},
    {8, 3.84, 0.87126289168242706418},
    {8, 12.5, 0.13025035472792635093},
    {8, 60.0, 4.6610320007792909707e-10},
    {13, 0.5, 0.99999994745069124641},
    {13, 3.84, 0.99277727855804320627},
    {13, 12.5, 0.48713067725166732871},
    {13, 60.0, 5.2534798527057157379e-8},
    {30, 0.5, 1.0},
    {30, 3.84, 0.99999999773936455342},
    {30, 12.5, 0.99794136962179423225},
    {30, 60.0, 0.00092068239614866626325},
    {99, 0.5, 1.0},
    {99, 3.84, 1.0},
    {99, 12.5, 1.0},
    {99, 60.0, 0.99931999704984857623},
};

static void chi_squared_has_its_tail_for_odd_and_even_degrees(void)
{
    for (size_t i = 0; i < sizeof chi2 / sizeof *chi2; i++)
        CHECK(fabs(coley_chi2_q(chi2[i].x, chi2[i].k) / chi2[i].q - 1) < 1e-12);
    CHECK(coley_chi2_q(0, 3) == 1);
    CHECK(coley_chi2_q(5, 0) == 1);
}

static void the_same_lengths_are_no_difference(void)
{
    const coley_length_count kind[] = {{9, 3}, {10, 40}, {11, 2}}, one[] = {{10, 30}};
    const coley_lengths a = {kind, 3, 45}, b = {one, 1, 30};
    const coley_length_test t = coley_lengths_test(&a, &a), u = coley_lengths_test(&b, &b);
    CHECK(t.distance == 0 && t.chi2 == 0 && t.chi2_p == 1 && t.ks_d == 0 && t.ks_p == 1);
    CHECK(u.degrees == 0 && u.chi2_p == 1 && u.ks_p == 1);
}

static void lengths_with_nothing_in_common_are_as_far_as_can_be(void)
{
    const coley_length_count x[] = {{10, 50}}, y[] = {{7, 30}, {8, 20}};
    const coley_lengths a = {x, 1, 50}, b = {y, 2, 50};
    const coley_length_test t = coley_lengths_test(&a, &b);
    CHECK_NEAR(t.distance, 1, 1e-15);
    CHECK_NEAR(t.ks_d, 1, 1e-15);
    CHECK_NEAR(t.chi2, 100, 1e-12); /* n, for two samples without a common length */
    CHECK(t.chi2_p < 1e-20 && t.ks_p < 1e-20);
}

static void deleted_units_are_counted_as_msisensor_pro_does(void)
{
    /* 10 units in the reference; 5 reads of 10, 3 of 8, 2 of 11: there 50 + 24 + 20, missing 6, too many 2 */
    const coley_length_count kind[] = {{8, 3}, {10, 5}, {11, 2}};
    const coley_lengths l = {kind, 3, 10};
    CHECK_NEAR(coley_lengths_deleted(&l, 10), 6.0 / 102, 1e-15);
}

static void the_false_discovery_rate_is_benjamini_and_hochbergs(void)
{
    /* the fifteen p-values of their paper: four are significant at 0.05 */
    const double p[] = {0.0459, 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298,
                        0.0344, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0};
    double q[15];
    size_t order[15], found = 0;
    coley_benjamini_hochberg(15, p, q, order);
    for (int i = 0; i < 15; i++) {
        found += q[i] <= 0.05;
        double naive = 1; /* the least p(k) n/k over k at and behind i's rank */
        for (int k = 0; k < 15; k++) {
            int rank = 0;
            if (p[k] < p[i]) continue;
            for (int j = 0; j < 15; j++) rank += p[j] <= p[k];
            naive = fmin(naive, p[k] * 15 / rank);
        }
        CHECK_NEAR(q[i], naive, 1e-15);
    }
    CHECK(found == 4);
}

int main(void)
{
    RUN(kolmogorovs_distribution_is_exact_to_1e_12);
    RUN(both_series_meet_where_one_takes_over_from_the_other);
    RUN(distances_of_lengths_are_those_of_a_naive_twin);
    RUN(the_p_value_is_the_classical_one);
    RUN(chi_squared_has_its_tail_for_odd_and_even_degrees);
    RUN(the_same_lengths_are_no_difference);
    RUN(lengths_with_nothing_in_common_are_as_far_as_can_be);
    RUN(deleted_units_are_counted_as_msisensor_pro_does);
    RUN(the_false_discovery_rate_is_benjamini_and_hochbergs);
    return check_done();
}
