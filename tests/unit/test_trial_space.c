/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of a trial that are moved, by their path. */
#include "run/trial_space.h"
#include "run/trial_search.h"
#include "support/check.h"

static const char search_head[] = "trial: t.yaml\nutility: {orr: 1}\nparameters:\n";

/* A space of rows written as YAML, over a trial written as YAML. */
static coley_status make(coley_arena *arena, const char *trial, const char *rows, coley_space *space, coley_error *err)
{
    char text[4000];
    coley_search_design *design;
    *err = (coley_error){0};
    snprintf(text, sizeof text, "%s%s", search_head, rows);
    COLEY_TRY(coley_search_parse(arena, "s.yaml", text, strlen(text), &design, err));
    *space = (coley_space){
        .n = design->parameters.n, .row = design->parameters.item, .trial = "t.yaml", .arm = "0", .people = 30};
    for (size_t i = 0; i < space->n; i++) {
        coley_space_row *row = &space->row[i];
        row->axis = row->choices.n    ? (coley_axis){row->choices.n, 1}
                    : row->scale == 2 ? (coley_axis){(size_t)(row->high - row->low) + 1, 0}
                                      : (coley_axis){0, 0};
    }
    return coley_yaml_parse(arena, "t.yaml", trial, strlen(trial), &space->root, err);
}

static const char trial[] = "cancer: melanoma\n"
                            "eligibility: ['age >= 18', 'pdl1_tps >= 50']\n"
                            "control: b\n"
                            "arms:\n"
                            "  - {name: a, n: 9, regimen: [{drug: d, dose: 3 mg/kg, every: 21 day}]}\n"
                            "  - {name: b, n: 7, regimen: x-q3w, published: [{measure: hr_os}]}\n";

/* What stands at a path of the tree at a point, as text. */
static const char *text_at(const coley_yaml *node, const char *a, size_t i, const char *b, size_t k, const char *c)
{
    node = coley_yaml_find(node, a);
    if (node && i < node->n) node = node->item[i];
    if (b && node) node = coley_yaml_find(node, b);
    if (c && node && node->kind == COLEY_YAML_LIST) node = k < node->n ? node->item[k] : NULL;
    if (c && node) node = coley_yaml_find(node, c);
    return node && node->kind == COLEY_YAML_TEXT ? node->text : "(none)";
}

static void a_value_takes_the_place_of_the_number_and_leaves_the_words(void)
{
    coley_arena *arena = coley_arena_create();
    coley_space space;
    coley_error err;
    const coley_yaml *root;
    CHECK(make(arena, trial,
               "  - {name: dose, path: 'arms[0].regimen[0].dose', low: 1, high: 10, scale: log}\n"
               "  - {name: every, path: 'arms[a].regimen[0].every', as: '{} week', low: 1, high: 12, scale: whole}\n"
               "  - {name: cut, path: 'eligibility[1]', low: 0, high: 90}\n"
               "  - {name: start, path: 'arms[0].regimen[0].start', as: '{} day', low: 0, high: 40}\n",
               &space, &err) == COLEY_OK);
    const double u[4] = {0.5, 0.99, 0.5, 0.25};
    CHECK(coley_space_tree(arena, &space, u, &root, &err) == COLEY_OK);
    CHECK_TEXT(text_at(root, "arms", 0, "regimen", 0, "dose"), "3.162 mg/kg");
    CHECK_TEXT(text_at(root, "arms", 0, "regimen", 0, "every"), "12 week");
    CHECK_TEXT(text_at(root, "arms", 0, "regimen", 0, "start"), "10 day"); /* a key that was not there */
    CHECK_TEXT(text_at(root, "eligibility", 1, NULL, 0, NULL), "pdl1_tps >= 45");
    CHECK_TEXT(text_at(space.root, "arms", 0, "regimen", 0, "dose"), "3 mg/kg"); /* the file's own tree stays */
    CHECK_TEXT(text_at(root, "arms", 0, "n", 0, NULL), "30");
    CHECK(coley_yaml_find(root, "arms")->n == 1 && !coley_yaml_find(root, "control"));
    coley_arena_destroy(arena);
}

static void choices_are_texts_or_whole_pieces_of_a_file(void)
{
    coley_arena *arena = coley_arena_create();
    coley_space space;
    coley_error err;
    const coley_yaml *root;
    CHECK(make(arena, trial,
               "  - name: order\n    path: 'arms[0].regimen'\n    choices:\n      - x-q2w\n"
               "      - {name: both, value: [{drug: e, dose: 1 mg}, {drug: f, dose: 2 mg}]}\n",
               &space, &err) == COLEY_OK);
    const double first = 0.2, second = 0.8;
    CHECK(coley_space_tree(arena, &space, &first, &root, &err) == COLEY_OK);
    CHECK_TEXT(text_at(root, "arms", 0, "regimen", 0, NULL), "x-q2w");
    CHECK(coley_space_tree(arena, &space, &second, &root, &err) == COLEY_OK);
    CHECK_TEXT(text_at(root, "arms", 0, "regimen", 1, "drug"), "f");
    coley_arena_destroy(arena);
}

static void two_arms_are_given_the_same_people(void)
{
    coley_arena *arena = coley_arena_create();
    coley_space space;
    coley_error err;
    const coley_yaml *root;
    const double u = 0;
    CHECK(make(arena, trial, "  - {name: cut, path: 'eligibility[0]', low: 18, high: 40}\n", &space, &err) == COLEY_OK);
    space.against = "b";
    CHECK(coley_space_tree(arena, &space, &u, &root, &err) == COLEY_OK);
    CHECK(coley_yaml_find(root, "arms")->n == 2);
    CHECK_TEXT(coley_yaml_find(coley_yaml_find(root, "people"), "same_in_every_arm")->text, "yes");
    CHECK_TEXT(text_at(root, "arms", 1, "n", 0, NULL), "30");
    CHECK(!coley_yaml_find(coley_yaml_find(root, "arms")->item[1], "published"));
    coley_arena_destroy(arena);
}

static void an_arm_whose_drugs_others_get_later_stays(void)
{
    coley_arena *arena = coley_arena_create();
    coley_space space;
    coley_error err;
    const coley_yaml *root;
    const double u = 0;
    const char later[] =
        "cancer: melanoma\narms:\n  - {name: c}\n  - {name: b, after_progression: [{arm: c, share: 1}]}\n"
        "  - {name: d, x: 3 mg}\n";
    CHECK(make(arena, later, "  - {name: x, path: 'arms[d].x', low: 1, high: 2}\n", &space, &err) == COLEY_OK);
    space.arm = "b";
    CHECK(coley_space_tree(arena, &space, &u, &root, &err) == COLEY_OK);
    CHECK(coley_yaml_find(root, "arms")->n == 3);
    CHECK_TEXT(text_at(root, "arms", 0, "name", 0, NULL), "b");
    CHECK_TEXT(text_at(root, "arms", 1, "n", 0, NULL), "30");
    coley_arena_destroy(arena);
}

static void a_value_and_its_coordinate_find_each_other(void)
{
    coley_arena *arena = coley_arena_create();
    coley_space space;
    coley_error err;
    CHECK(
        make(
            arena, trial,
            "  - {name: a, path: 'x', low: 0.3, high: 10, scale: log}\n  - {name: b, path: 'x', low: 2, high: 9, "
            "scale: whole}\n  - {name: c, path: 'x', low: -1, high: 1}\n  - {name: d, path: 'x', choices: [p, q, r]}\n",
            &space, &err) == COLEY_OK);
    FOR_ALL(200, seed)
    {
        const double u = ((double)seed - 0.5) / 200;
        for (size_t i = 0; i < 4; i++) {
            double back;
            const double value = coley_space_value(&space.row[i], u);
            CHECK(coley_space_coordinate(&space.row[i], value, &back));
            CHECK_NEAR(coley_space_value(&space.row[i], back), value, 1e-9);
        }
    }
    double u;
    CHECK(!coley_space_coordinate(&space.row[0], 11, &u));
    CHECK(!coley_space_coordinate(&space.row[1], 2.5, &u));
    coley_arena_destroy(arena);
}

static void the_trial_as_written_is_a_point_when_its_values_are_in_range(void)
{
    coley_arena *arena = coley_arena_create();
    coley_space space;
    coley_error err;
    double u[2];
    CHECK(make(arena, trial,
               "  - {name: dose, path: 'arms[0].regimen[0].dose', low: 1, high: 9, scale: log}\n"
               "  - {name: every, path: 'arms[0].regimen[0].every', as: '{} week', low: 1, high: 12, scale: whole}\n",
               &space, &err) == COLEY_OK);
    CHECK(coley_space_written(&space, u));
    CHECK_NEAR(u[0], 0.5, 1e-12);
    CHECK_NEAR(coley_space_value(&space.row[1], u[1]), 3, 1e-12); /* 21 day are 3 weeks */
    space.row[0].low = 4;
    CHECK(!coley_space_written(&space, u));
    coley_arena_destroy(arena);
}

static void refuses(const char *rows, const char *words)
{
    coley_arena *arena = coley_arena_create();
    coley_space space;
    coley_error err;
    const coley_yaml *root;
    const double u[2] = {0.5, 0.5};
    coley_status status = make(arena, trial, rows, &space, &err);
    if (status == COLEY_OK) status = coley_space_tree(arena, &space, u, &root, &err);
    CHECK(status == COLEY_ERR_INPUT);
    CHECK(err.line > 0 && !strcmp(err.file, "s.yaml"));
    CHECK_HAS(err.text, words);
    coley_arena_destroy(arena);
}

static void paths_that_lead_nowhere_are_named(void)
{
    refuses("  - {name: a, path: 'arms[5].n', low: 1, high: 2}\n", "no entry [5]");
    refuses("  - {name: a, path: 'arms[c].n', low: 1, high: 2}\n", "no entry [c]");
    refuses("  - {name: a, path: 'arms[0].regimen[0].dose.unit', low: 1, high: 2}\n", "no keys stand above 'unit'");
    refuses("  - {name: a, path: 'arms[0', low: 1, high: 2}\n", "is no path");
    refuses("  - {name: a, path: 'arms[1].regimen', low: 1, high: 2}\n", "not exactly one number");
    refuses("  - {name: a, path: 'arms[0].regimen[0].start', low: 1, high: 2}\n", "say what to write");
    refuses("  - {name: a, path: 'arms[0].x.y', low: 1, high: 2}\n", "nothing at");
    refuses("  - {name: a, path: 'x', choices: [one]}\n", "2 to 24");
}

int main(void)
{
    RUN(a_value_takes_the_place_of_the_number_and_leaves_the_words);
    RUN(choices_are_texts_or_whole_pieces_of_a_file);
    RUN(two_arms_are_given_the_same_people);
    RUN(an_arm_whose_drugs_others_get_later_stays);
    RUN(a_value_and_its_coordinate_find_each_other);
    RUN(the_trial_as_written_is_a_point_when_its_values_are_in_range);
    RUN(paths_that_lead_nowhere_are_named);
    return check_done();
}
