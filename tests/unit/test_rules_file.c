/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_rules_file.c -- rows of the cell behaviour grammar become rules as PhysiCell makes them. */
#include "tissue/rules_file.h"

#include "support/check.h"
#include "support/little_settings.h"

static coley_error err;
static coley_tissue_model m;
static const coley_vocabulary *words;

static coley_status read_rules(coley_arena *arena, const char *text)
{
    coley_rule_set *set;
    CHECK(little_read(arena, NULL, NULL, (coley_physicell_options){0}, &m, &err) == COLEY_OK);
    words = coley_vocabulary_create(arena, &m);
    set = coley_rule_set_create(arena, &m, words);
    char *bytes = coley_arena_text(arena, text, strlen(text));
    COLEY_TRY(coley_rule_set_parse(set, "rules.csv", bytes, strlen(text), &err));
    return coley_rule_set_finish(set, &m, &err);
}

static void rows_of_one_behaviour_make_one_rule_with_the_widest_range(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(read_rules(arena, "// tumour cells\n\ntumour,oxygen,increases,cycle entry,0.003,21.5,4,0\r\n"
                            "CD8 T cell,drug,decreases,attack tumour,0.02,1,2,0\n"
                            "tumour,pressure,decreases,cycle entry,0.0002,1,3,0\n"
                            "tumour,drug,increases,cycle entry,0.002,5,1.5,1\n"
                            "tumour,dead,decreases,exit from cycle phase 0,0,0.5,8,1\n") == COLEY_OK);
    CHECK(m.n_rules == 2);
    const coley_rule *r = &m.rule[0];
    CHECK(r->type == 0 && r->behaviour == m.b.cycle_exit && r->n_terms == 4);
    CHECK(r->minimum == 0 && r->base == 0.001 && r->maximum == 0.003);
    CHECK(r->term[0].signal == m.s.substrate && r->term[0].increases && r->term[0].half == 21.5 &&
          r->term[0].hill == 4);
    CHECK(r->term[1].signal == m.s.pressure && !r->term[1].increases && !r->term[1].dead_too);
    CHECK(r->term[2].signal == m.s.substrate + 1 && r->term[2].dead_too);
    CHECK(r->term[3].signal == m.s.dead && r->term[3].dead_too);
    CHECK(m.rule[1].type == 1 && m.rule[1].minimum == 0.02 && m.rule[1].base == 0.1 && m.rule[1].maximum == 0.1);
    coley_arena_destroy(arena);
}

/* As PhysiCell: a rise that ends below the base value has its maximum there; with a fall beside it the maximum is at
 * least the base value. */
static void a_saturation_on_the_wrong_side_of_the_base_value_is_taken_as_it_is(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(read_rules(arena, "tumour,oxygen,increases,migration speed,0.5,10,2,0\n") == COLEY_OK);
    CHECK(m.rule[0].minimum == 2 && m.rule[0].base == 2 && m.rule[0].maximum == 0.5);
    CHECK(read_rules(arena, "tumour,oxygen,increases,migration speed,0.5,10,2,0\n"
                            "tumour,drug,decreases,migration speed,3,10,2,0\n") == COLEY_OK);
    CHECK(m.rule[0].minimum == 2 && m.rule[0].maximum == 2);
    coley_arena_destroy(arena);
}

static void the_older_forms_say_the_same_with_more_columns(void)
{
    coley_arena *arena = coley_arena_create();
    CHECK(read_rules(arena, "tumour,oxygen,increases,cycle entry,0.001,0.003,21.5,4,0\n"
                            "tumour,pressure,decreases,cycle entry,0.001,0,1,3,0\n") == COLEY_OK);
    CHECK(m.n_rules == 1 && m.rule[0].minimum == 0 && m.rule[0].maximum == 0.003 && m.rule[0].n_terms == 2);
    CHECK(read_rules(arena, "tumour,cycle entry,0,0.001,0.003,oxygen,increases,21.5,4,0\n"
                            "tumour\tcycle entry\t0\t0.001\t0.004\tpressure\tdecreases\t1\t3\t1\n") == COLEY_OK);
    CHECK(m.n_rules == 1 && m.rule[0].minimum == 0 && m.rule[0].maximum == 0.004 && m.rule[0].term[1].dead_too);
    CHECK(read_rules(arena, "tumour,oxygen,increases,cycle entry,0.002,0.003,21.5,4,0\n") == COLEY_ERR_INPUT);
    CHECK_HAS(err.text, "0.002 here, but 0.001 in the cell_definition");
    coley_arena_destroy(arena);
}

static void unknown_names_come_with_the_nearest_and_wrong_rows_with_their_line(void)
{
    static const struct {
        const char *row, *says;
    } cases[] = {
        {"tumor,oxygen,increases,cycle entry,0.003,21.5,4,0", "\"tumour\"?"},
        {"tumour,oxigen,increases,cycle entry,0.003,21.5,4,0", "\"oxygen\"?"},
        {"tumour,contact with CD8 T,increases,cycle entry,1,1,4,0", "\"contact with CD8 T cell\"?"},
        {"tumour,oxygen,increases,cycle enter,0.003,21.5,4,0", "\"cycle entry\"?"},
        {"tumour,oxygen,increases,attack tumour cell,1,21.5,4,0", "unknown behaviour"},
        {"tumour,oxygen,raises,cycle entry,0.003,21.5,4,0", "neither increases nor decreases"},
        {"tumour,oxygen,increases,cycle entry,much,21.5,4,0", "saturation value"},
        {"tumour,oxygen,increases,cycle entry,nan,21.5,4,0", "not a number"},
        {"tumour,oxygen,increases,cycle entry,0.003,0,4,0", "half-maximum"},
        {"tumour,oxygen,increases,cycle entry,0.003,-1,4,0", "outside"},
        {"tumour,oxygen,increases,cycle entry,0.003,21.5,0,0", "Hill power"},
        {"tumour,oxygen,increases,cycle entry,0.003,21.5,4,2", "dead cells"},
        {"tumour,oxygen,increases,cycle entry,0.003,21.5,4", "7 cells; a rule has 8"},
        {"tumour,oxygen,increases,cycle entry,0.003,21.5,4,", "is missing"},
        {"tumour,pressure,decreases,cycle entry,0.003,21.5,4,0", "in a line above already"},
    };
    coley_arena *arena = coley_arena_create();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text =
            coley_arena_printf(arena, "// head\ntumour,pressure,decreases,cycle entry,0,1,3,0\n%s\n", cases[i].row);
        char whole[1200];
        CHECK(read_rules(arena, text) == COLEY_ERR_INPUT);
        coley_error_format(&err, whole, sizeof whole);
        CHECK_HAS(whole, cases[i].says);
        CHECK_HAS(whole, "rules.csv:3");
    }
    CHECK(read_rules(arena, "") == COLEY_OK && m.n_rules == 0);
    CHECK(read_rules(arena, "// only this") == COLEY_OK && m.n_rules == 0);
    coley_arena_destroy(arena);
}

int main(void)
{
    RUN(rows_of_one_behaviour_make_one_rule_with_the_widest_range);
    RUN(a_saturation_on_the_wrong_side_of_the_base_value_is_taken_as_it_is);
    RUN(the_older_forms_say_the_same_with_more_columns);
    RUN(unknown_names_come_with_the_nearest_and_wrong_rows_with_their_line);
    return check_done();
}
