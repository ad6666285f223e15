/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scenario.c -- the table of all scenario keys, what a row cannot say about them, and the loader. */
#include "run/scenario.h"

#include "base/units.h"
#include "clinic/policy.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const sex_names[] = {"female", "male", NULL};
static const char *const msi_names[] = {"stable", "low", "high", NULL};
static const char *const no_yes[] = {"no", "yes", NULL};
static const char *const stages[] = {"0", "I", "II", "IIA", "IIB", "IIC", "III", "IIIA", "IIIB", "IIIC", "IV", NULL};
static const char *const settings[] = {"superficial", "resected", "locally-advanced", "metastatic", NULL};
static const char *const risks[] = {"favourable", "intermediate", "poor", "high", NULL};
static const char *const histologies[] = {"squamous",   "non-squamous",    "clear-cell", "large-B-cell",
                                          "follicular", "B-lymphoblastic", "other",      NULL};
static const char *const drivers[] = {"none", "EGFR", "ALK", "ROS1", "BRAF", "KRAS", "other", NULL};
static const char *const her2s[] = {"negative", "low", "positive", NULL};
static const char *const rass[] = {"wild-type", "mutant", NULL};
static const char *const antigens[] = {"negative", "positive", NULL};
static const char *const assays[] = {"22C3", "28-8", "SP142", "SP263", "73-10", NULL};
static const char *const autoimmunes[] = {"none", "mild", "moderate", "severe", "neurologic", NULL};
static const char *const transplants[] = {"none", "organ", "stem-cell", NULL};
static const char *const infections[] = {"none", "controlled", "active", NULL};
static const char *const brains[] = {"none", "treated", "asymptomatic", "symptomatic", NULL};
static const char *const livers[] = {"normal", "mild", "moderate", "severe", NULL};
static const char *const infiltration_names[] = {"inflamed", "excluded", "desert", NULL};

enum { ALL_LESIONS = (1 << COLEY_SCENARIO_MAX_LESIONS) - 1 };

/* ---- keys that a row cannot describe ----------------------------------------------------------------------------- */

/* "200 mg", "3 mg/kg", or the name of a label regimen. */
static coley_status read_dose(coley_arena *arena, const coley_yaml *node, void *value, coley_error *err)
{
    coley_scenario_dose *dose = value;
    const char *text;
    COLEY_TRY(coley_yaml_text(node, &text, err));
    if ((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z')) {
        if (!strcmp(text, "NaN") || !strcmp(text, "nan") || !strcmp(text, "inf"))
            return coley_yaml_fail(node, err, "%s is no dose; write '200 mg', '3 mg/kg' or a regimen of the catalog",
                                   text);
        dose->label = text;
        return COLEY_OK;
    }
    coley_error why = {0};
    const coley_status status = coley_dose_parse(arena, text, &dose->amount, &dose->unit, &dose->basis, &why);
    if (status == COLEY_ERR_MEMORY) return COLEY_FAIL_MEMORY(err);
    if (status != COLEY_OK) return coley_yaml_fail(node, err, "%s", why.text);
    if (!(dose->amount >= 0 && dose->amount <= 1e15))
        return coley_yaml_fail(node, err, "%s is outside 0 to 1e15 %s", text, dose->unit);
    return COLEY_OK;
}

static void write_dose(coley_emit *emit, const char *key, const void *value)
{
    const coley_scenario_dose *dose = value;
    char text[128];
    if (!dose->unit) { /* a label that was not looked up */
        coley_emit_text(emit, key, dose->label);
        return;
    }
    snprintf(text, sizeof text, "%s %s%s", coley_digits_exact(dose->amount).text, dose->unit,
             coley_dose_basis_text(dose->basis));
    coley_emit_text(emit, key, text);
}

/* `default`, one name, or a list of names. */
static coley_status read_mechanisms(coley_arena *arena, const coley_yaml *node, void *value, coley_error *err)
{
    coley_scenario_names *names = value;
    if (node->kind == COLEY_YAML_TEXT && !strcmp(node->text, "default")) return COLEY_OK;
    const int single = node->kind == COLEY_YAML_TEXT;
    if (!single) COLEY_TRY(coley_yaml_expect(node, COLEY_YAML_LIST, err));
    names->n = single ? 1 : node->n;
    if (names->n > 64) return coley_yaml_fail(node, err, "%zu mechanisms; at most 64", names->n);
    if (!(names->name = COLEY_NEW(arena, const char *, names->n))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < names->n; i++) {
        const coley_yaml *entry = single ? node : node->item[i];
        COLEY_TRY(coley_yaml_text(entry, &names->name[i], err));
        /* These become file names. */
        if (!*names->name[i] ||
            strspn(names->name[i], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") !=
                strlen(names->name[i]))
            return coley_yaml_fail(entry, err, "%s is no mechanism; a name has letters, digits, '_' and '-' only",
                                   coley_quote_make(names->name[i]).text);
        for (size_t k = 0; k < i; k++)
            if (!strcmp(names->name[k], names->name[i]))
                return coley_yaml_fail(entry, err, "the mechanism '%s' is listed twice", names->name[i]);
    }
    return COLEY_OK;
}

static void write_mechanisms(coley_emit *emit, const char *key, const void *value)
{
    const coley_scenario_names *names = value;
    if (!names->n) {
        coley_emit_text(emit, key, "default");
        return;
    }
    coley_emit_list(emit, key);
    for (size_t i = 0; i < names->n; i++) coley_emit_text(emit, NULL, names->name[i]);
    coley_emit_end(emit);
}

static void write_also(coley_emit *emit, const char *key, const void *value)
{
    if (((const coley_scenario_names *)value)->n) write_mechanisms(emit, key, value);
}

/* `all`, one number, or a list of numbers. */
static coley_status read_lesions(coley_arena *arena, const coley_yaml *node, void *value, coley_error *err)
{
    (void)arena;
    unsigned *lesions = value;
    const int single = node->kind == COLEY_YAML_TEXT;
    if (single && !strcmp(node->text, "all")) {
        *lesions = ALL_LESIONS;
        return COLEY_OK;
    }
    if (!single) COLEY_TRY(coley_yaml_expect(node, COLEY_YAML_LIST, err));
    for (size_t i = 0; i < (single ? 1 : node->n); i++) {
        int64_t number;
        COLEY_TRY(coley_yaml_integer(single ? node : node->item[i], 1, COLEY_SCENARIO_MAX_LESIONS, &number, err));
        *lesions |= 1u << (number - 1);
    }
    return COLEY_OK;
}

static void write_lesions(coley_emit *emit, const char *key, const void *value)
{
    const unsigned lesions = *(const unsigned *)value;
    if (!lesions) return;
    if (lesions == ALL_LESIONS) {
        coley_emit_text(emit, key, "all");
        return;
    }
    coley_emit_list(emit, key);
    for (int i = 0; i < COLEY_SCENARIO_MAX_LESIONS; i++)
        if (lesions >> i & 1) coley_emit_integer(emit, NULL, i + 1);
    coley_emit_end(emit);
}

static coley_status read_parameters(coley_arena *arena, const coley_yaml *node, void *value, coley_error *err)
{
    coley_scenario_parameters *parameters = value;
    COLEY_TRY(coley_yaml_expect(node, COLEY_YAML_MAP, err));
    parameters->n = node->n;
    if (!(parameters->row = COLEY_NEW(arena, coley_scenario_parameter, node->n))) return COLEY_FAIL_MEMORY(err);
    for (size_t i = 0; i < node->n; i++) {
        coley_scenario_parameter *row = &parameters->row[i];
        const char *text;
        coley_error why = {0};
        coley_unit parsed;
        *row = (coley_scenario_parameter){
            .symbol = node->key[i], .file = node->item[i]->file, .line = node->item[i]->line};
        COLEY_TRY(coley_yaml_text(node->item[i], &text, err));
        if (strlen(text) > 120)
            return coley_yaml_fail(node->item[i], err, "%s is too long for a value with its unit",
                                   coley_quote_make(text).text);
        if (coley_quantity_split(text, &row->value, &row->unit, &why) != COLEY_OK ||
            (*row->unit && coley_unit_parse(row->unit, &parsed, &why) != COLEY_OK))
            return coley_yaml_fail(node->item[i], err, "%s", why.text);
    }
    return COLEY_OK;
}

static void write_parameters(coley_emit *emit, const char *key, const void *value)
{
    const coley_scenario_parameters *parameters = value;
    coley_emit_map(emit, key);
    for (size_t i = 0; i < parameters->n; i++) {
        const coley_scenario_parameter *row = &parameters->row[i];
        char text[160];
        snprintf(text, sizeof text, "%s%s%s", coley_digits_exact(row->value).text, *row->unit ? " " : "", row->unit);
        coley_emit_text(emit, row->symbol, text);
    }
    coley_emit_end(emit);
}

const char *const coley_prior_names[COLEY_PRIOR_COUNT + 1] = {
    "chemotherapy", "platinum", "checkpoint", "chemoradiation", "targeted",     "osimertinib", "rituximab",
    "CAR-T",        "BCG",      "irinotecan", "surgery",        "radiotherapy", NULL};

static coley_status read_prior(coley_arena *arena, const coley_yaml *node, void *value, coley_error *err)
{
    coley_scenario_prior *prior = value;
    int which;
    (void)arena;
    prior->given = 1;
    const int single = node->kind == COLEY_YAML_TEXT;
    if (single && !strcmp(node->text, "none")) return COLEY_OK;
    if (!single) COLEY_TRY(coley_yaml_expect(node, COLEY_YAML_LIST, err));
    for (size_t i = 0; i < (single ? 1 : node->n); i++) {
        COLEY_TRY(coley_yaml_choice(single ? node : node->item[i], coley_prior_names, COLEY_PRIOR_COUNT, &which, err));
        prior->had[which] = 1;
    }
    return COLEY_OK;
}

static void write_prior(coley_emit *emit, const char *key, const void *value)
{
    const coley_scenario_prior *prior = value;
    int n = 0;
    for (size_t i = 0; i < COLEY_PRIOR_COUNT; i++) n += prior->had[i];
    if (!prior->given) return;
    if (!n) {
        coley_emit_text(emit, key, "none");
        return;
    }
    coley_emit_list(emit, key);
    for (size_t i = 0; i < COLEY_PRIOR_COUNT; i++)
        if (prior->had[i]) coley_emit_text(emit, NULL, coley_prior_names[i]);
    coley_emit_end(emit);
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

/* key, type, unit, lowest, highest, default, member, meaning, and what else the type needs */
#define ROW(name_, kind_, unit_, low_, high_, preset_, member_, doc_, ...)                                             \
    {                                                                                                                  \
        .name = name_, .kind = COLEY_FIELD_##kind_, .unit = unit_, .low = low_, .high = high_, .preset = preset_,      \
        .offset = offsetof(STRUCT, member_), .doc = doc_, __VA_ARGS__                                                  \
    }

#define STRUCT coley_scenario_patient
static const coley_field patient_fields[] = {
    ROW("id", TEXT, NULL, 0, 0, "patient", id, "Who it is, as the files should say it. Use a code, not a name."),
    ROW("weight", QUANTITY, "kg", 10, 400, "75 kg", weight_kg, "Body weight: scales doses per kg."),
    ROW("height", QUANTITY, "cm", 40, 250, "170 cm", height_cm,
        "Height: with the weight it gives the body surface, which scales doses per m2."),
    ROW("age", QUANTITY, "year", 0, 120, "", age_year, "Age."),
    ROW("sex", CHOICE, NULL, 0, 0, "", sex, "Sex, where a drug's clearance depends on it.", .choices = sex_names),
    ROW("pdl1_tps", QUANTITY, "dimensionless", 0, 1, "", pdl1_tps,
        "PD-L1 tumour proportion score: the share of tumour cells that stain, as `0.6` or `60 %`. Not given: the "
        "cancer's own spread."),
    ROW("tmb", QUANTITY, "1/Mb", 0, 2000, "", tmb_per_Mb,
        "Tumour mutational burden. Not given: the cancer's own spread."),
    ROW("msi", CHOICE, NULL, 0, 0, "", msi, "Microsatellite instability.", .choices = msi_names),
    ROW("albumin", QUANTITY, "g/L", 5, 70, "", albumin_g_per_L, "Albumin in serum."),
    ROW("ldh", QUANTITY, "ULN", 0.1, 100, "", ldh_uln, "Lactate dehydrogenase, in upper limits of normal."),
    ROW("ecog", NUMBER, NULL, 0, 4, "", ecog, "ECOG performance status: 0 fully active, 4 bed-bound."),
    ROW("person", INTEGER, NULL, 0, 1000000000, "0", person,
        "Which virtual person it is in all that is not given here: 0 is typical in everything, another number draws "
        "one "
        "person of the population."),
    {0},
};
#undef STRUCT

#define STRUCT coley_scenario_history
const coley_field coley_history_fields[] = {
    ROW("stage", CHOICE, NULL, 0, 0, "", stage, "Stage of the cancer.", .choices = stages),
    ROW("setting", CHOICE, NULL, 0, 0, "", setting,
        "How far it is: superficial (bladder), resected, locally advanced, or metastatic (also unresectable).",
        .choices = settings),
    ROW("line", NUMBER, NULL, 0, 20, "", line, "Earlier lines of systemic therapy for advanced disease; 0: untreated."),
    ROW("prior", CUSTOM, "`none`, or a list", 0, 0, "", prior,
        "Earlier treatments: chemotherapy, platinum, checkpoint, chemoradiation, targeted, osimertinib, rituximab, "
        "CAR-T, "
        "BCG, irinotecan, surgery, radiotherapy.",
        .read = read_prior, .write = write_prior),
    ROW("histology", CHOICE, NULL, 0, 0, "", histology, "Histological type, where rules ask for it.",
        .choices = histologies),
    ROW("risk", CHOICE, NULL, 0, 0, "", risk,
        "Risk group of the cancer (IMDC for kidney cancer; high for early bladder cancer).", .choices = risks),
    ROW("driver", CHOICE, NULL, 0, 0, "", driver, "Driver mutation.", .choices = drivers),
    ROW("her2", CHOICE, NULL, 0, 0, "", her2, "HER2: positive is 3+ or amplified.", .choices = her2s),
    ROW("ras", CHOICE, NULL, 0, 0, "", ras, "KRAS and NRAS.", .choices = rass),
    ROW("cd19", CHOICE, NULL, 0, 0, "", cd19, "CD19 on the tumour cells.", .choices = antigens),
    ROW("cd20", CHOICE, NULL, 0, 0, "", cd20, "CD20 on the tumour cells.", .choices = antigens),
    ROW("bcma", CHOICE, NULL, 0, 0, "", bcma, "BCMA on the tumour cells.", .choices = antigens),
    ROW("pdl1_assay", CHOICE, NULL, 0, 0, "", pdl1_assay, "Antibody clone behind pdl1_tps, pdl1_cps or pdl1_ic.",
        .choices = assays),
    ROW("pdl1_cps", NUMBER, NULL, 0, 100, "", pdl1_cps, "PD-L1 combined positive score."),
    ROW("pdl1_ic", NUMBER, NULL, 0, 100, "", pdl1_ic, "Tumour area with PD-L1 positive immune cells [%]."),
    ROW("injectable", CHOICE, NULL, 0, 0, "", injectable, "Tumours that can be injected.", .choices = no_yes),
    ROW("symptomatic", CHOICE, NULL, 0, 0, "", symptomatic, "Symptoms of the cancer.", .choices = no_yes),
    ROW("cisplatin_eligible", CHOICE, NULL, 0, 0, "", cisplatin_eligible, "Fit for cisplatin.", .choices = no_yes),
    ROW("castration_resistant", CHOICE, NULL, 0, 0, "", castration_resistant,
        "Prostate cancer that grows at castrate testosterone.", .choices = no_yes),
    ROW("autoimmune", CHOICE, NULL, 0, 0, "", autoimmune,
        "Autoimmune disease by severity; neurologic: of nerves or muscle, whatever its severity.",
        .choices = autoimmunes),
    ROW("transplant", CHOICE, NULL, 0, 0, "", transplant, "Transplant: a solid organ, or stem cells of another person.",
        .choices = transplants),
    ROW("prednisone", NUMBER, NULL, 0, 1000, "", prednisone_mg_day, "Prednisone or equivalent [mg/day]."),
    ROW("infection", CHOICE, NULL, 0, 0, "", infection, "Infection that needs treatment.", .choices = infections),
    ROW("viral", CHOICE, NULL, 0, 0, "", viral, "Hepatitis B or C, or HIV.", .choices = infections),
    ROW("pregnancy", CHOICE, NULL, 0, 0, "", pregnancy, "Pregnant.", .choices = no_yes),
    ROW("brain", CHOICE, NULL, 0, 0, "", brain, "Brain metastases.", .choices = brains),
    ROW("leptomeningeal", CHOICE, NULL, 0, 0, "", leptomeningeal, "Leptomeningeal disease.", .choices = no_yes),
    ROW("lung_disease", CHOICE, NULL, 0, 0, "", lung_disease, "Interstitial lung disease, or pneumonitis before.",
        .choices = no_yes),
    ROW("antibiotics", CHOICE, NULL, 0, 0, "", antibiotics, "Antibiotics within 30 days.", .choices = no_yes),
    ROW("liver", CHOICE, NULL, 0, 0, "", liver, "Impairment of the liver.", .choices = livers),
    ROW("egfr", NUMBER, NULL, 0, 250, "", egfr_mL_min, "Kidney: estimated glomerular filtration rate [mL/min]."),
    ROW("lvef", NUMBER, NULL, 0, 100, "", lvef, "Heart: left ventricular ejection fraction [%]."),
    ROW("nlr", NUMBER, NULL, 0, 200, "", nlr, "Ratio of neutrophils to lymphocytes in blood."),
    ROW("dnlr", NUMBER, NULL, 0, 200, "", dnlr, "Derived ratio: neutrophils / (leukocytes - neutrophils)."),
    ROW("metastatic_sites", NUMBER, NULL, 0, 50, "", metastatic_sites, "Organs with metastases."),
    {0},
};
#undef STRUCT

#define STRUCT coley_scenario_lesion
static const coley_field lesion_fields[] = {
    ROW("site", TEXT, NULL, 0, 0, NULL, site, "Where it is: lung, liver, lymph node, ..."),
    ROW("diameter", QUANTITY, "mm", 1, 300, NULL, diameter_mm,
        "Longest diameter at the first dose; for a lymph node the short axis."),
    ROW("infiltration", CHOICE, NULL, 0, 0, "inflamed", infiltration,
        "Where the T cells stand: among the tumour cells, at the edge, or nowhere.", .choices = infiltration_names),
    ROW("nodal", FLAG, NULL, 0, 0, "off", nodal, "A lymph node: other size rules."),
    {0},
};
#undef STRUCT

#define STRUCT coley_scenario_drug
static const coley_field drug_fields[] = {
    ROW("drug", TEXT, NULL, 0, 0, "", drug,
        "A drug of the catalog. May be left out when `dose` names a label regimen."),
    ROW("dose", CUSTOM, "amount, amount per kg or m2, or a label regimen", 0, 0, NULL, dose,
        "How much: `200 mg`, `3 mg/kg`, `75 mg/m2`, or a regimen of the catalog such as `pembrolizumab-200-q3w`.",
        .read = read_dose, .write = write_dose),
    ROW("every", QUANTITY, "day", 0.01, 3650, "", every_day,
        "Time from dose to dose. Must be given unless there is one cycle or a label says it."),
    ROW("start", QUANTITY, "day", 0, 36500, "0 day", start_day, "First dose."),
    ROW("cycles", INTEGER, NULL, 1, 10000, "", cycles, "Most doses given."),
    ROW("until", QUANTITY, "day", 0, 36500, "", until_day, "No dose from this day on."),
    ROW("infusion", QUANTITY, "day", 0, 365, "", infusion_day,
        "How long one dose runs in; not given: the label's, or 30 min."),
    ROW("lesions", CUSTOM, "`all`, a number, or a list of numbers", 0, 0, "", lesions,
        "Into which lesions, counted from 1: for what is injected into tumours or shone on them. Each gets the dose.",
        .read = read_lesions, .write = write_lesions),
    ROW("leukapheresis", QUANTITY, "day", 0, 36500, "", leukapheresis_day,
        "Day on which the person's cells are taken, for a product that is made of them: it is infused `vein_to_vein` "
        "later, and to the catalog's share of people not at all. Not given: infused on `start`, always."),
    ROW("vein_to_vein", QUANTITY, "day", 0.5, 365, "", vein_to_vein_day,
        "From leukapheresis to infusion; not given: the product's own."),
    ROW("before_infusion", QUANTITY, "day", 0, 365, "", before_infusion_day,
        "First dose that long before the infusion of the product whose cells are taken, in place of `start`."),
    {0},
};
#undef STRUCT

#define STRUCT coley_scenario_model
static const coley_field model_fields[] = {
    ROW("mechanisms", CUSTOM, "`default`, or a list of names", 0, 0, "default", mechanisms,
        "Model files beside the body itself.", .read = read_mechanisms, .write = write_mechanisms),
    ROW("also", CUSTOM, "a list of names", 0, 0, "", also,
        "Model files beside those, such as `toxicity`; a drug loads its own.", .read = read_mechanisms,
        .write = write_also),
    ROW("parameters", CUSTOM, "symbol: value with unit", 0, 0, "", parameters,
        "Model parameters to set by hand, as in `k_growth: 0.01 1/day`.", .read = read_parameters,
        .write = write_parameters),
    {0},
};
#undef STRUCT

#define STRUCT coley_scenario_scans
static const coley_field scan_fields[] = {
    ROW("every", QUANTITY, "day", 1, 3650, "42 day", every_day, "Time from scan to scan."),
    ROW("first", QUANTITY, "day", 0.5, 36500, "", first_day, "First scan after the baseline; not given: one interval."),
    ROW("noise", FLAG, NULL, 0, 0, "on", noise, "Readers' error in each diameter."),
    {0},
};
#undef STRUCT

#define STRUCT coley_scenario_forecast
static const coley_field forecast_fields[] = {
    ROW("lesions", TEXT, NULL, 0, 0, "", lesions,
        "CSV file of measured lesions, beside the scenario. Not given: no forecast."),
    ROW("patient", TEXT, NULL, 0, 0, "", patient, "Whose rows of that file."),
    ROW("using_first", INTEGER, NULL, 1, 1000, "2", using_first,
        "Scans that the forecast may see, the baseline included; the rest is held out and shown hollow."),
    {0},
};
#undef STRUCT

const char *const coley_rechallenge_antigens[] = {"same", "lost", NULL};

#define STRUCT coley_scenario_rechallenge
static const coley_field rechallenge_fields[] = {
    ROW("day", QUANTITY, "day", 1, 36500, NULL, day, "When, as `540 day`; before the end of the run."),
    ROW("cells", NUMBER, NULL, 1e3, 1e9, "1e6", cells, "How many tumour cells, as `1e6`."),
    ROW("lesion", INTEGER, NULL, 1, COLEY_SCENARIO_MAX_LESIONS, "1", lesion, "Into which lesion, counted from 1."),
    ROW("antigen", CHOICE, NULL, 0, 0, "same", antigen,
        "`same`: cells that T cells can see, as before. `lost`: cells that show T cells nothing.",
        .choices = coley_rechallenge_antigens),
    {0},
};
#undef STRUCT

#define STRUCT coley_scenario_run
static const coley_field run_fields[] = {
    ROW("duration", QUANTITY, "day", 1, 36500, "365 day", duration_day, "How long to run from the first dose."),
    ROW("output_every", QUANTITY, "day", 0.001, 3650, "1 day", output_every_day, "Time between written rows."),
    ROW("rtol", NUMBER, NULL, 1e-12, 1e-2, "1e-5", rtol, "Relative error that the solver may make in one step."),
    ROW("seed", INTEGER, NULL, 0, 9007199254740992.0, "1", seed,
        "Start of all random numbers: the same seed is the same run."),
    ROW("population", INTEGER, NULL, 0, 100000, "256", population,
        "Virtual people behind the shaded bands; 0 draws none."),
    {0},
};
#undef STRUCT

#define STRUCT coley_scenario
const coley_field coley_scenario_fields[] = {
    ROW("title", TEXT, NULL, 0, 0, "Untitled", title, "One line for the head of the report."),
    ROW("patient", SECTION, NULL, 0, 0, "", patient, "The person.", .fields = patient_fields,
        .size = sizeof(coley_scenario_patient)),
    ROW("history", SECTION, NULL, 0, 0, "", history,
        "What `coley candidate` asks beside the patient. `coley run` reads and keeps it, and does not use it.",
        .fields = coley_history_fields, .size = sizeof(coley_scenario_history)),
    ROW("cancer", TEXT, NULL, 0, 0, NULL, cancer, "A cancer of the catalog, such as `nsclc`."),
    ROW("lesions", LIST, NULL, 0, COLEY_SCENARIO_MAX_LESIONS, "", lesions,
        "The tumours, largest first as a habit. Needed, except for a forecast: there they come from the scans.",
        .fields = lesion_fields, .size = sizeof(coley_scenario_lesion)),
    ROW("regimen", LIST, NULL, 0, 32, "", regimen,
        "The drugs. A plain name stands for a label regimen: `regimen: pembrolizumab-200-q3w`. Not given: no "
        "treatment.",
        .fields = drug_fields, .size = sizeof(coley_scenario_drug), .shorthand = "dose"),
    ROW("events", TEXT, NULL, 0, 0, "", events,
        "CSV file of doses beside the scenario, as NONMEM has them: ID, TIME, AMT, RATE, II, ADDL, SS, EVID, CMT."),
    ROW("policy", TEXT, NULL, 0, 0, "", policy,
        "How the clinic manages side effects: `standard` or another of catalog/guidelines/care, a file of one's own, "
        "or "
        "`none`. Loads the model of side effects. Not given: none, every dose is given."),
    ROW("rechallenge", LIST, NULL, 0, COLEY_SCENARIO_MAX_RECHALLENGES, "", rechallenge,
        "Tumour cells put back after a cure: does the body remember? One, or a list in the order of their days.",
        .fields = rechallenge_fields, .size = sizeof(coley_scenario_rechallenge)),
    ROW("model", SECTION, NULL, 0, 0, "", model, "What biology is loaded.", .fields = model_fields,
        .size = sizeof(coley_scenario_model)),
    ROW("scans", SECTION, NULL, 0, 0, "", scans, "When the patient is scanned.", .fields = scan_fields,
        .size = sizeof(coley_scenario_scans)),
    ROW("forecast", SECTION, NULL, 0, 0, "", forecast, "Condition the run on real scans and look ahead.",
        .fields = forecast_fields, .size = sizeof(coley_scenario_forecast)),
    ROW("run", SECTION, NULL, 0, 0, "", run, "How to compute.", .fields = run_fields,
        .size = sizeof(coley_scenario_run)),
    {0},
};
#undef STRUCT

/* ---- checks across keys ------------------------------------------------------------------------------------------ */

static const coley_yaml *entry_of(const coley_yaml *list, size_t i)
{
    return list && list->kind == COLEY_YAML_LIST ? list->item[i] : list;
}

static coley_status check_drug(const coley_scenario_drug *drug, const coley_yaml *at, coley_error *err)
{
    const coley_yaml *until = coley_yaml_find(at, "until");
    if (!drug->drug && !drug->dose.label)
        return coley_yaml_fail(at, err,
                               "the key 'drug' is missing here; only a dose that names a label regimen stands alone");
    if (isnan(drug->every_day) && drug->cycles != 1 && !drug->dose.label)
        return coley_yaml_fail(at, err, "the key 'every' is missing here; without it write 'cycles: 1'");
    if (drug->until_day <= drug->start_day)
        return coley_yaml_fail(until ? until : at, err, "ends on day %g, not after it starts on day %g",
                               drug->until_day, drug->start_day);
    if (drug->infusion_day > drug->every_day)
        return coley_yaml_fail(at, err, "an infusion of %g day is longer than the %g day between doses",
                               drug->infusion_day, drug->every_day);
    if (drug->start_day > 0 && (!isnan(drug->leukapheresis_day) || !isnan(drug->before_infusion_day)))
        return coley_yaml_fail(coley_yaml_find(at, "start"), err, "'%s' says when this starts; take 'start' away",
                               isnan(drug->leukapheresis_day) ? "before_infusion" : "leukapheresis");
    if (!isnan(drug->leukapheresis_day) && !isnan(drug->before_infusion_day))
        return coley_yaml_fail(coley_yaml_find(at, "before_infusion"), err,
                               "is for what is given ahead of the product; take it away from the product's own row");
    if (!isnan(drug->vein_to_vein_day) && isnan(drug->leukapheresis_day))
        return coley_yaml_fail(coley_yaml_find(at, "vein_to_vein"), err,
                               "counts from the day on which the cells are taken; write 'leukapheresis: 0 day' too");
    return COLEY_OK;
}

static coley_status check_rechallenges(const coley_scenario *scenario, const coley_yaml *list, coley_error *err)
{
    for (size_t i = 0; i < scenario->rechallenge.n; i++) {
        const coley_scenario_rechallenge *r = COLEY_SCENARIO_RECHALLENGE(scenario, i);
        const coley_yaml *at = entry_of(list, i), *day = coley_yaml_find(at, "day");
        const coley_yaml *lesion = coley_yaml_find(at, "lesion");
        if (scenario->forecast.lesions)
            return coley_yaml_fail(list, err, "a forecast is of scans alone; take 'rechallenge' or 'forecast' away");
        if (r->lesion > (int64_t)scenario->lesions.n)
            return coley_yaml_fail(lesion ? lesion : at, err,
                                   "names a lesion that is not there (%d); the scenario has %zu", (int)r->lesion,
                                   scenario->lesions.n);
        if (!(r->day < scenario->run.duration_day))
            return coley_yaml_fail(day, err,
                                   "is day %g, and the run ends on day %g; put it earlier, or raise run.duration",
                                   r->day, scenario->run.duration_day);
        if (i && !(r->day > r[-1].day))
            return coley_yaml_fail(day, err, "is day %g, not after the one before it on day %g", r->day, r[-1].day);
    }
    return COLEY_OK;
}

static coley_status check_whole(const coley_scenario *scenario, const coley_yaml *root, coley_error *err)
{
    const coley_yaml *regimen = coley_yaml_find(root, "regimen"), *run = coley_yaml_find(root, "run");
    for (size_t i = 0; i < scenario->regimen.n; i++) {
        const unsigned lesions = COLEY_SCENARIO_DRUG(scenario, i)->lesions;
        COLEY_TRY(check_drug(COLEY_SCENARIO_DRUG(scenario, i), entry_of(regimen, i), err));
        if (lesions != ALL_LESIONS && lesions >> scenario->lesions.n)
            return coley_yaml_fail(coley_yaml_find(entry_of(regimen, i), "lesions"), err,
                                   "names a lesion that is not there; the scenario has %zu", scenario->lesions.n);
    }
    COLEY_TRY(check_rechallenges(scenario, coley_yaml_find(root, "rechallenge"), err));
    if (scenario->run.output_every_day > scenario->run.duration_day)
        return coley_yaml_fail(run, err, "output_every (%g day) is longer than duration (%g day)",
                               scenario->run.output_every_day, scenario->run.duration_day);
    if (scenario->run.duration_day / scenario->run.output_every_day > 1e6)
        return coley_yaml_fail(run, err, "duration / output_every asks for more than a million rows");
    const coley_yaml *lesions = coley_yaml_find(root, "lesions");
    if (!scenario->lesions.n && !scenario->forecast.lesions)
        return lesions
                   ? coley_yaml_fail(lesions, err, "is empty; a scenario without a forecast has from 1 to %d lesions",
                                     COLEY_SCENARIO_MAX_LESIONS)
                   : coley_yaml_fail(root, err,
                                     "the key 'lesions' is missing here: the tumours, largest first as a habit");
    if (scenario->forecast.patient && !scenario->forecast.lesions)
        return coley_yaml_fail(coley_yaml_find(root, "forecast"), err, "the key 'lesions' is missing here");
    return COLEY_OK;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static coley_status parse(coley_arena *arena, const char *name, const char *bytes, size_t length,
                          coley_scenario **scenario, const coley_yaml **root, coley_error *err)
{
    coley_scenario *made = COLEY_NEW(arena, coley_scenario, 1);
    if (!made || !(made->path = coley_arena_text(arena, name, strlen(name)))) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(coley_yaml_parse(arena, name, bytes, length, root, err));
    COLEY_TRY(coley_fields_read(arena, coley_scenario_fields, *root, made, err));
    COLEY_TRY(check_whole(made, *root, err));
    *scenario = made;
    return COLEY_OK;
}

coley_status coley_scenario_parse(coley_arena *arena, const char *name, const char *bytes, size_t length,
                                  coley_scenario **scenario, coley_error *err)
{
    const coley_yaml *root;
    return parse(arena, name, bytes, length, scenario, &root, err);
}

coley_status coley_scenario_load_person(coley_arena *arena, const char *path, coley_scenario **scenario,
                                        coley_error *err)
{
    char *bytes;
    size_t length;
    const coley_yaml *root;
    coley_scenario *made = COLEY_NEW(arena, coley_scenario, 1);
    if (!made) return COLEY_FAIL_MEMORY(err);
    made->path = path;
    COLEY_TRY(coley_file_read(arena, path, COLEY_YAML_MAX_BYTES, &bytes, &length, err));
    COLEY_TRY(coley_yaml_parse(arena, path, bytes, length, &root, err));
    COLEY_TRY(coley_fields_read(arena, coley_scenario_fields, root, made, err));
    *scenario = made;
    return COLEY_OK;
}

/* Put the place of `at` to an error that came from the catalog, which cannot know who asked. */
static coley_status blame(coley_status status, const coley_yaml *at, coley_error *err)
{
    if (status == COLEY_ERR_INPUT && err && !*err->file) {
        const coley_error why = *err;
        return coley_yaml_fail(at, err, "%s", why.text);
    }
    return status;
}

/* What the scenario leaves open, its label regimen says. */
static coley_status resolve_drug(coley_arena *arena, const char *catalog, coley_scenario_drug *drug,
                                 const coley_yaml *at, coley_error *err)
{
    if (drug->dose.label) {
        coley_catalog_label label;
        COLEY_TRY(blame(coley_catalog_label_read(arena, catalog, drug->dose.label, &label, err), at, err));
        if (drug->drug && strcmp(drug->drug, label.drug))
            return coley_yaml_fail(at, err, "the regimen '%s' is of %s, not of %s", label.name, label.drug, drug->drug);
        drug->drug = label.drug;
        drug->dose = (coley_scenario_dose){
            .amount = label.dose, .unit = label.dose_unit, .basis = label.basis, .label = label.name};
        if (isnan(drug->every_day)) drug->every_day = label.every_day;
        if (isnan(drug->infusion_day)) drug->infusion_day = label.infusion_day;
        /* An end of the scenario's own takes the place of the label's. */
        if (!drug->cycles && isnan(drug->until_day)) {
            drug->cycles = label.cycles;
            if (!isnan(label.until_day)) drug->until_day = drug->start_day + label.until_day;
        }
    } else {
        coley_catalog_drug *entry;
        COLEY_TRY(blame(coley_catalog_drug_read(arena, catalog, drug->drug, &entry, err), at, err));
        drug->drug = entry->name;
    }
    if (isnan(drug->infusion_day)) drug->infusion_day = 30.0 / 1440.0;
    return COLEY_OK;
}

/* When a product of the person's own cells is there: the scenario says, or the catalog (`car_wait` of the drug). */
static coley_status resolve_manufacture(coley_arena *arena, const char *catalog, coley_scenario_drug *drug,
                                        const coley_yaml *at, coley_error *err)
{
    coley_catalog_drug *entry;
    COLEY_TRY(blame(coley_catalog_drug_read(arena, catalog, drug->drug, &entry, err), at, err));
    const coley_catalog_value *wait = coley_catalog_find(entry->value, entry->n_values, "car_wait");
    if (!wait)
        return coley_yaml_fail(coley_yaml_find(at, "leukapheresis"), err,
                               "%s is not made to order of the person's cells (its file in the catalog has no "
                               "'car_wait'); write 'start' instead",
                               drug->drug);
    if (isnan(drug->vein_to_vein_day))
        COLEY_TRY(coley_unit_convert(wait->value, wait->unit, "day", &drug->vein_to_vein_day, err));
    drug->shift_day = drug->leukapheresis_day + drug->vein_to_vein_day;
    return COLEY_OK;
}

/* The product's infusion, and what counts back from it. An `until` of the scenario's own stays where it is. */
static coley_status resolve_infusion(coley_arena *arena, const char *catalog, coley_scenario *made,
                                     const coley_yaml *regimen, coley_error *err)
{
    coley_scenario_drug *row = made->regimen.item, *product = NULL;
    for (size_t i = 0; i < made->regimen.n; i++) {
        const coley_yaml *at = entry_of(regimen, i);
        if (isnan(row[i].leukapheresis_day)) continue;
        if (product)
            return coley_yaml_fail(coley_yaml_find(at, "leukapheresis"), err,
                                   "is said twice; a scenario follows one product from leukapheresis to infusion");
        product = &row[i];
        COLEY_TRY(resolve_manufacture(arena, catalog, product, at, err));
    }
    for (size_t i = 0; i < made->regimen.n; i++) {
        const coley_yaml *at = entry_of(regimen, i), *until = coley_yaml_find(at, "until");
        const coley_yaml *before = coley_yaml_find(at, "before_infusion");
        if (!isnan(row[i].before_infusion_day)) {
            if (!product)
                return coley_yaml_fail(before, err,
                                       "there is no infusion to count back from; give the product's row "
                                       "'leukapheresis: 0 day'");
            row[i].shift_day = product->shift_day - row[i].before_infusion_day;
            if (row[i].shift_day < 0)
                return coley_yaml_fail(before, err,
                                       "%g day before the infusion on day %g is before day 0; allowed 0 to %g",
                                       row[i].before_infusion_day, product->shift_day, product->shift_day);
        }
        if (!until) row[i].until_day += row[i].shift_day;
        if (row[i].until_day <= row[i].shift_day)
            return coley_yaml_fail(until ? until : at, err, "ends on day %g, not after it starts on day %g",
                                   row[i].until_day, row[i].shift_day);
    }
    return COLEY_OK;
}

coley_status coley_scenario_treat(coley_arena *arena, const coley_scenario *scenario, const char *catalog,
                                  const char *regimens, coley_scenario **treated, coley_error *err)
{
    const coley_yaml at = {.kind = COLEY_YAML_TEXT, .text = regimens, .file = scenario->path};
    coley_scenario *made = COLEY_NEW(arena, coley_scenario, 1);
    size_t n = 1;
    for (const char *p = regimens; (p = strstr(p, " + ")); p += 3) n++;
    coley_scenario_drug *drug = COLEY_NEW(arena, coley_scenario_drug, n);
    if (!made || !drug) return COLEY_FAIL_MEMORY(err);
    *made = *scenario;
    made->events = made->events_path = NULL;
    made->event_table = (coley_event_table){0};
    made->regimen = (coley_field_list){.n = n, .item = drug};
    for (size_t i = 0; i < n; i++) {
        const char *end = strstr(regimens, " + ");
        const size_t length = end ? (size_t)(end - regimens) : strlen(regimens), name = strcspn(regimens, "@ ");
        drug[i] = (coley_scenario_drug){.every_day = NAN,
                                        .until_day = NAN,
                                        .infusion_day = NAN,
                                        .leukapheresis_day = NAN,
                                        .vein_to_vein_day = NAN,
                                        .before_infusion_day = NAN};
        if (!(drug[i].dose.label = coley_arena_text(arena, regimens, name < length ? name : length)))
            return COLEY_FAIL_MEMORY(err);
        if (name < length) {
            const char *day = coley_arena_text(arena, regimens + name + 1, length - name - 1);
            if (!day) return COLEY_FAIL_MEMORY(err);
            if (!coley_text_number(day, &drug[i].start_day) || !(drug[i].start_day >= 0 && drug[i].start_day <= 36500))
                return coley_yaml_fail(&at, err, "%s is no day to start on; write REGIMEN@DAY", day);
        }
        COLEY_TRY(resolve_drug(arena, catalog, &drug[i], &at, err));
        regimens = end ? end + 3 : regimens;
    }
    *treated = made;
    return COLEY_OK;
}

/* A path of the scenario counts from the scenario's folder. */
static const char *beside(coley_arena *arena, const char *scenario_path, const char *path)
{
    const char *slash = strrchr(scenario_path, '/');
    if (*path == '/' || !slash) return path;
    return coley_arena_printf(arena, "%.*s/%s", (int)(slash - scenario_path), scenario_path, path);
}

static coley_status resolve(coley_arena *arena, const char *catalog, coley_scenario *made, const coley_yaml *root,
                            coley_error *err)
{
    coley_catalog_cancer *cancer;
    COLEY_TRY(blame(coley_catalog_cancer_read(arena, catalog, made->cancer, &cancer, err),
                    coley_yaml_find(root, "cancer"), err));
    made->cancer = cancer->name;
    const coley_yaml *regimen = coley_yaml_find(root, "regimen");
    for (size_t i = 0; i < made->regimen.n; i++)
        COLEY_TRY(
            resolve_drug(arena, catalog, &((coley_scenario_drug *)made->regimen.item)[i], entry_of(regimen, i), err));
    return resolve_infusion(arena, catalog, made, regimen, err);
}

/* A policy's file counts from the scenario's folder, too. */
static coley_status place_policy(coley_arena *arena, coley_scenario *made, const coley_yaml *root, coley_error *err)
{
    if (!made->policy || !strcmp(made->policy, "none")) return COLEY_OK;
    if (made->forecast.lesions)
        return coley_yaml_fail(coley_yaml_find(root, "policy"), err,
                               "a forecast is of scans alone; take 'policy' or 'forecast' away");
    made->policy_path = coley_policy_is_path(made->policy) ? beside(arena, made->path, made->policy) : made->policy;
    return made->policy_path ? COLEY_OK : COLEY_FAIL_MEMORY(err);
}

coley_status coley_scenario_of_node(coley_arena *arena, const coley_yaml *node, const char *catalog,
                                    coley_scenario **scenario, coley_error *err)
{
    coley_scenario *made = COLEY_NEW(arena, coley_scenario, 1);
    if (!made) return COLEY_FAIL_MEMORY(err);
    made->path = node->file;
    COLEY_TRY(coley_fields_read(arena, coley_scenario_fields, node, made, err));
    COLEY_TRY(check_whole(made, node, err));
    COLEY_TRY(place_policy(arena, made, node, err));
    if (made->events || made->forecast.lesions || (made->policy && coley_policy_is_path(made->policy)))
        return coley_yaml_fail(node, err, "names another file; a scenario inside a file holds all of itself");
    COLEY_TRY(resolve(arena, catalog, made, node, err));
    *scenario = made;
    return COLEY_OK;
}

coley_status coley_scenario_load(coley_arena *arena, const char *path, const char *catalog, coley_scenario **scenario,
                                 coley_error *err)
{
    char *bytes;
    size_t length;
    const coley_yaml *root;
    COLEY_TRY(coley_file_read(arena, path, COLEY_YAML_MAX_BYTES, &bytes, &length, err));
    COLEY_TRY(parse(arena, path, bytes, length, scenario, &root, err));
    coley_scenario *made = *scenario;

    COLEY_TRY(resolve(arena, catalog, made, root, err));
    COLEY_TRY(place_policy(arena, made, root, err));
    if (made->forecast.lesions && !(made->forecast_lesions_path = beside(arena, path, made->forecast.lesions)))
        return COLEY_FAIL_MEMORY(err);
    if (made->events) {
        if (!(made->events_path = beside(arena, path, made->events))) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(coley_event_table_load(arena, COLEY_EVENTS_OF_PATIENT, made->events_path, &made->event_table, err));
    }
    return COLEY_OK;
}

/* ---- telling ------------------------------------------------------------------------------------------------------
 */

coley_status coley_scenario_facts(coley_arena *arena, const coley_scenario *scenario,
                                  const char *fact[COLEY_SCENARIO_MAX_FACTS + 1], coley_error *err)
{
    static const char *const msi[] = {"stable", "somewhat unstable", "highly unstable"};
    const coley_scenario_patient *p = &scenario->patient;
    size_t n = 0;
    memset(fact, 0, (COLEY_SCENARIO_MAX_FACTS + 1) * sizeof *fact);
    if (!isnan(p->age_year)) fact[n++] = coley_arena_printf(arena, "%.0f years", p->age_year);
    if (p->sex >= 0) fact[n++] = sex_names[p->sex];
    fact[n++] = coley_arena_printf(arena, "%g kg", p->weight_kg);
    if (!isnan(p->pdl1_tps)) fact[n++] = coley_arena_printf(arena, "PD-L1 on %g %% of tumour cells", 100 * p->pdl1_tps);
    if (!isnan(p->tmb_per_Mb)) fact[n++] = coley_arena_printf(arena, "%g mutations per megabase", p->tmb_per_Mb);
    if (p->msi >= 0) fact[n++] = coley_arena_printf(arena, "microsatellites %s", msi[p->msi]);
    if (!isnan(p->albumin_g_per_L)) fact[n++] = coley_arena_printf(arena, "albumin %g g/L", p->albumin_g_per_L);
    if (!isnan(p->ldh_uln)) fact[n++] = coley_arena_printf(arena, "LDH %g times the upper limit", p->ldh_uln);
    if (!isnan(p->ecog)) fact[n++] = coley_arena_printf(arena, "ECOG %g", p->ecog);
    for (size_t i = 0; i < n; i++)
        if (!fact[i]) return COLEY_FAIL_MEMORY(err);
    return COLEY_OK;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static const char *portable_path(const char *path)
{
    return path && *path == '/' ? strrchr(path, '/') + 1 : path;
}

coley_scenario coley_scenario_portable(const coley_scenario *scenario)
{
    coley_scenario copy = *scenario;
    copy.events = portable_path(copy.events);
    copy.policy = portable_path(copy.policy);
    copy.forecast.lesions = portable_path(copy.forecast.lesions);
    return copy;
}

void coley_scenario_write(const coley_scenario *scenario, coley_emit_style style, coley_text *out)
{
    coley_emit emit = {.out = out, .style = style};
    coley_emit_map(&emit, NULL);
    coley_fields_write(coley_scenario_fields, scenario, &emit);
    coley_emit_end(&emit);
}

void coley_scenario_document(coley_text *out)
{
    coley_fields_document(coley_scenario_fields, "", out);
}
