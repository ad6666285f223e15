/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_population_files.c -- what a population writes, and how an interrupted run goes on.
 *
 * Until the end everything is in FOLDER.unfinished. Rows are appended to files block by block; a checkpoint, which
 * takes its place whole, says how many patients and how many bytes of each file count, and holds the sketches of the
 * quantiles. To resume is to cut the files back to those lengths and go on. At the end the folder takes its name. */
#include "run/model_population_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sha256.h"
#include "io/emit.h"
#include "io/folder.h"
#include "io/hdf5_table.h"

#define MARK       "manifest.json"
#define CHECKPOINT "checkpoint"
#define MAGIC      "coley population 1\n"

static const char *const stream_names[POPULATION_N_STREAMS] = {"population.csv", "trajectories.csv", "failures.csv"};

/* --- rows ----------------------------------------------------------------------------------------------------------
 */

/* A field as RFC 4180 has it: in quotes when it must be. */
static void add_field(coley_text *out, const char *text)
{
    const int quoted = strpbrk(text, ",\"\r\n") != NULL;
    if (quoted) coley_text_add(out, "\"", 1);
    for (const char *p = text; *p; p++) coley_text_add(out, *p == '"' ? "\"\"" : p, *p == '"' ? 2 : 1);
    if (quoted) coley_text_add(out, "\"", 1);
}

static void add_number(coley_text *out, double value)
{
    coley_text_addf(out, ",%s", coley_digits_exact(value).text);
}

static void add_head(coley_text *out, const char *name, const char *suffix, const char *unit, const char *times)
{
    char text[400];
    if (unit && *unit)
        snprintf(text, sizeof text, "%.160s%s [%.160s%s%.40s]", name, suffix, unit, *times ? "*" : "", times);
    else
        snprintf(text, sizeof text, "%.160s%s", name, suffix);
    coley_text_add(out, ",", 1);
    add_field(out, text);
}

static const coley_symbol *watched(const population *p, size_t i)
{
    return &p->model->network->symbol[p->watch[i]];
}

void coley_population_add_course_head(const population *p, coley_text *out)
{
    const char *time_unit = coley_model_time_unit(p->model);
    coley_text_addf(out, *time_unit ? "time [%s]" : "time", time_unit);
    for (size_t i = 0; i < p->n_watch; i++) add_head(out, watched(p, i)->id, "", watched(p, i)->unit, "");
    coley_text_add(out, "\n", 1);
}

void coley_population_add_course(const population *p, coley_text *out, const char *before, const double *value)
{
    for (size_t t = 0; t < p->n_times; t++) {
        coley_text_addf(out, "%s%s", before, coley_digits_exact(p->time[t]).text);
        for (size_t i = 0; i < p->n_watch; i++) add_number(out, value[t * p->n_watch + i]);
        coley_text_add(out, "\n", 1);
    }
}

void coley_population_add_parameters(const population *p, size_t k, coley_text *out)
{
    const coley_vary *vary = p->options->vary;
    for (size_t i = 0; i < vary->n; i++) {
        const coley_vary_row *row = &vary->row[i];
        coley_text_addf(out, "%s = %s%s%s\n", row->name,
                        coley_digits_exact(p->block.inputs[k * p->n_inputs + (size_t)row->input]).text,
                        row->unit ? " " : "", row->unit ? row->unit : "");
    }
}

void coley_population_heads(const population *p, coley_text head[POPULATION_N_STREAMS])
{
    const coley_population_options *o = p->options;
    const char *time_unit = coley_model_time_unit(p->model);
    coley_text *out = &head[POPULATION_PATIENTS];
    const char *arm = o->n_arms ? "arm," : "";
    coley_text_addf(out, o->n_arms ? "id,arm" : "id");
    if (p->arm[0].doses) coley_text_addf(out, ",events_id");
    if (o->burn_in) add_head(out, "diagnosis_time", "", time_unit, "");
    for (size_t i = 0; i < o->vary->n; i++) add_head(out, o->vary->row[i].name, "", o->vary->row[i].unit, "");
    for (size_t i = 0; i < p->n_watch; i++) {
        const char *id = watched(p, i)->id, *unit = watched(p, i)->unit;
        add_head(out, id, "_final", unit, "");
        add_head(out, id, "_min", unit, "");
        add_head(out, id, "_min_time", time_unit, "");
        add_head(out, id, "_max", unit, "");
        add_head(out, id, "_max_time", time_unit, "");
        add_head(out, id, "_auc", unit, time_unit);
    }
    coley_text_addf(out, ",steps,failed\n");
    coley_text_addf(&head[POPULATION_COURSES], "id,%s", arm);
    coley_population_add_course_head(p, &head[POPULATION_COURSES]);
    coley_text_addf(&head[POPULATION_FAILURES], "id,%s", arm);
    coley_text_addf(&head[POPULATION_FAILURES], *time_unit ? "time [%s],variable,reason\n" : "time,variable,reason\n",
                    time_unit);
}

/* Last value, lowest and highest with their first times, and the area by trapezes, over the rows. */
static void add_endpoints(const population *p, const double *value, coley_text *out)
{
    for (size_t i = 0; i < p->n_watch; i++) {
        const double *column = value + i;
        size_t low = 0, high = 0;
        double area = 0.0;
        for (size_t t = 1; t < p->n_times; t++) {
            const double here = column[t * p->n_watch], before = column[(t - 1) * p->n_watch];
            if (here < column[low * p->n_watch]) low = t;
            if (here > column[high * p->n_watch]) high = t;
            area += 0.5 * (here + before) * (p->time[t] - p->time[t - 1]);
        }
        add_number(out, column[(p->n_times - 1) * p->n_watch]);
        add_number(out, column[low * p->n_watch]);
        add_number(out, p->time[low]);
        add_number(out, column[high * p->n_watch]);
        add_number(out, p->time[high]);
        add_number(out, area);
    }
}

static int is_chosen(const coley_population_options *o, uint64_t number)
{
    for (size_t i = 0; i < o->n_chosen; i++)
        if (o->chosen[i] == number) return 1;
    return number <= o->n_courses;
}

static void add_patient(population *p, size_t k, coley_text out[POPULATION_N_STREAMS])
{
    const coley_population_options *o = p->options;
    const population_patient *patient = &p->block.patient[k];
    const size_t person = k / p->n_arms, a = k % p->n_arms;
    const uint64_t number = p->block.first + person + 1;
    const double *value = p->block.value + k * p->n_times * p->n_watch;
    const int failed = patient->fault || patient->result.status != COLEY_OK;
    coley_text *row = &out[POPULATION_PATIENTS];
    coley_text_addf(row, "%llu", (unsigned long long)number);
    if (o->n_arms) coley_text_addf(row, ",%s", p->arm[a].name);
    if (p->arm[a].doses) {
        coley_text_add(row, ",", 1);
        add_field(row, coley_model_doses_id(p->arm[a].doses, coley_population_person(p, a, p->block.first + person)));
    }
    if (o->burn_in && p->block.baselines.outcome[person] == COLEY_BURN_IN_REACHED)
        add_number(row, p->block.baselines.result[person].t_day);
    else if (o->burn_in)
        coley_text_add(row, ",", 1);
    for (size_t i = 0; i < o->vary->n; i++)
        add_number(row, p->block.inputs[k * p->n_inputs + (size_t)o->vary->row[i].input]);
    if (failed)
        for (size_t i = 0; i < 6 * p->n_watch; i++) coley_text_add(row, ",", 1);
    else
        add_endpoints(p, value, row);
    coley_text_addf(row, ",%zu,%d\n", patient->result.n_steps, failed);
    if (!failed && is_chosen(o, number)) {
        char before[300];
        snprintf(before, sizeof before, "%llu,%.250s%s", (unsigned long long)number, o->n_arms ? p->arm[a].name : "",
                 o->n_arms ? "," : "");
        coley_population_add_course(p, &out[POPULATION_COURSES], before, value);
    }
    if (!failed) return;
    char text[300];
    const char *state;
    double time;
    coley_population_reason(p, patient, text, sizeof text, &state, &time);
    coley_text *failure = &out[POPULATION_FAILURES];
    coley_text_addf(failure, "%llu", (unsigned long long)number);
    if (o->n_arms) coley_text_addf(failure, ",%s", p->arm[a].name);
    add_number(failure, time);
    coley_text_add(failure, ",", 1);
    add_field(failure, state);
    coley_text_add(failure, ",", 1);
    add_field(failure, text);
    coley_text_add(failure, "\n", 1);
    if (!p->n_failed++)
        snprintf(p->first_failure, sizeof p->first_failure, "patient %llu at time %g%s%s: %s",
                 (unsigned long long)number, time, *state ? ", " : "", state, text);
}

/* --- files ---------------------------------------------------------------------------------------------------------
 */

static coley_status file_failed(const population *p, const char *name, coley_error *err)
{
    const int why = errno;
    char path[400];
    snprintf(path, sizeof path, "%.300s/%s", p->making, name);
    return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = path}), "cannot write: %s", strerror(why));
}

static coley_status append(population *p, int stream, const coley_text *text, coley_error *err)
{
    if (text->failed) return COLEY_FAIL_MEMORY(err);
    for (size_t done = 0; done < text->length;) {
        const ssize_t n = write(p->file[stream], text->data + done, text->length - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return file_failed(p, stream_names[stream], err);
        done += (size_t)n;
    }
    p->written[stream] += text->length;
    return COLEY_OK;
}

coley_status coley_population_write_block(population *p, coley_error *err)
{
    coley_text out[POPULATION_N_STREAMS];
    for (int i = 0; i < POPULATION_N_STREAMS; i++) out[i] = (coley_text){.arena = p->block.arena};
    for (size_t k = 0; k < p->block.n * p->n_arms; k++) {
        add_patient(p, k, out);
        if (p->block.patient[k].fault || p->block.patient[k].result.status != COLEY_OK) continue;
        const double *value = p->block.value + k * p->n_times * p->n_watch;
        coley_sketch *of_arm = p->sketch + k % p->n_arms * p->n_times * p->n_watch;
        for (size_t i = 0; i < p->n_times * p->n_watch; i++)
            if (isfinite(value[i]) && !coley_sketch_add(p->arena, &of_arm[i], value[i])) return COLEY_FAIL_MEMORY(err);
    }
    for (int i = 0; i < POPULATION_N_STREAMS; i++) COLEY_TRY(append(p, i, &out[i], err));
    return COLEY_OK;
}

static char *path_in(const population *p, const char *name)
{
    return coley_arena_printf(p->arena, "%s/%s", p->making, name);
}

/* --- checkpoints: numbers as this machine has them -----------------------------------------------------------------
 */

static void put(coley_text *out, const void *bytes, size_t n)
{
    coley_text_add(out, bytes, n);
}

static void put_side(coley_text *out, const coley_sketch_side *side)
{
    put(out, &side->first, sizeof side->first);
    put(out, &side->n, sizeof side->n);
    put(out, &side->joined, sizeof side->joined);
    if (side->n) put(out, side->count, (size_t)side->n * sizeof *side->count);
}

coley_status coley_population_checkpoint(population *p, coley_error *err)
{
    for (int i = 0; i < POPULATION_N_STREAMS; i++)
        if (fsync(p->file[i]) && errno != EINVAL && errno != EROFS) return file_failed(p, stream_names[i], err);
    coley_arena *arena = p->block.arena ? p->block.arena : p->arena;
    coley_text out = {.arena = arena};
    put(&out, MAGIC, sizeof MAGIC - 1);
    put(&out, p->fingerprint, 64);
    put(&out, &p->next, sizeof p->next);
    put(&out, &p->n_failed, sizeof p->n_failed);
    put(&out, p->written, sizeof p->written);
    put(&out, p->first_failure, sizeof p->first_failure);
    for (size_t i = 0; i < p->n_sketches; i++) {
        const coley_sketch *s = &p->sketch[i];
        put(&out, &s->n, sizeof s->n);
        put(&out, &s->n_zero, sizeof s->n_zero);
        put(&out, &s->low, sizeof s->low);
        put(&out, &s->high, sizeof s->high);
        put(&out, &s->sum, sizeof s->sum);
        put_side(&out, &s->positive);
        put_side(&out, &s->negative);
    }
    if (!out.failed) put(&out, coley_sha256_of(out.data, out.length).hex, 64);
    const char *path = path_in(p, CHECKPOINT);
    if (out.failed || !path) return COLEY_FAIL_MEMORY(err);
    return coley_file_write(path, out.data, out.length, err);
}

typedef struct taking {
    const char *at;
    size_t left;
    int short_of;
} taking;

static void take(taking *t, void *into, size_t n)
{
    if (n > t->left) {
        t->short_of = 1;
        memset(into, 0, n);
        return;
    }
    memcpy(into, t->at, n);
    t->at += n;
    t->left -= n;
}

static coley_status take_side(population *p, taking *t, coley_sketch_side *side, coley_error *err)
{
    take(t, &side->first, sizeof side->first);
    take(t, &side->n, sizeof side->n);
    take(t, &side->joined, sizeof side->joined);
    if (side->n < 0 || side->n > COLEY_SKETCH_BUCKETS || side->joined < 0 || side->joined > 18) t->short_of = 1;
    if (t->short_of) return COLEY_OK;
    side->cap = (uint32_t)side->n;
    if (!(side->count = COLEY_NEW(p->arena, uint32_t, side->cap))) return COLEY_FAIL_MEMORY(err);
    take(t, side->count, (size_t)side->n * sizeof *side->count);
    return COLEY_OK;
}

static coley_status read_checkpoint(population *p, coley_error *err)
{
    const char *path = path_in(p, CHECKPOINT);
    char *bytes, fingerprint[64], magic[sizeof MAGIC - 1];
    size_t length;
    if (!path) return COLEY_FAIL_MEMORY(err);
    const coley_place place = {.file = path};
    COLEY_TRY(coley_file_read(p->arena, path, (size_t)1 << 32, &bytes, &length, err));
    if (length < sizeof magic + 128 || memcmp(coley_sha256_of(bytes, length - 64).hex, bytes + length - 64, 64) != 0)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "is damaged; start again with --force");
    taking t = {.at = bytes, .left = length - 64};
    take(&t, magic, sizeof magic);
    take(&t, fingerprint, sizeof fingerprint);
    if (memcmp(magic, MAGIC, sizeof magic) != 0 || memcmp(fingerprint, p->fingerprint, 64) != 0)
        return COLEY_FAIL_AT(
            err, COLEY_ERR_INPUT, place,
            "the interrupted run had another model, tables or options; give those, or start again with "
            "--force");
    take(&t, &p->next, sizeof p->next);
    take(&t, &p->n_failed, sizeof p->n_failed);
    take(&t, p->written, sizeof p->written);
    take(&t, p->first_failure, sizeof p->first_failure);
    for (size_t i = 0; i < p->n_sketches && !t.short_of; i++) {
        coley_sketch *s = &p->sketch[i];
        take(&t, &s->n, sizeof s->n);
        take(&t, &s->n_zero, sizeof s->n_zero);
        take(&t, &s->low, sizeof s->low);
        take(&t, &s->high, sizeof s->high);
        take(&t, &s->sum, sizeof s->sum);
        COLEY_TRY(take_side(p, &t, &s->positive, err));
        COLEY_TRY(take_side(p, &t, &s->negative, err));
    }
    if (t.short_of || t.left || p->next > p->options->design.n)
        return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, place, "is damaged; start again with --force");
    return COLEY_OK;
}

/* --- start and end -------------------------------------------------------------------------------------------------
 */

static coley_status hash_file(const char *path, coley_sha256 *digest, uint64_t *size, coley_error *err)
{
    char buffer[1 << 16];
    coley_sha256_sum sum;
    coley_sha256_begin(&sum);
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = -1;
    *size = 0;
    while (file >= 0 && (n = read(file, buffer, sizeof buffer)) > 0) {
        coley_sha256_add(&sum, buffer, (size_t)n);
        *size += (uint64_t)n;
    }
    const int why = errno;
    if (file >= 0) close(file);
    if (n < 0) return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = path}), "cannot read: %s", strerror(why));
    *digest = coley_sha256_end(&sum);
    return COLEY_OK;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

/* What the run follows from: version, inputs, what was asked for. */
static coley_status add_origin(const population *p, coley_emit *emit, coley_error *err)
{
    const coley_population_options *o = p->options;
    coley_emit_text(emit, "program", "coley");
    coley_emit_text(emit, "version", COLEY_VERSION);
    coley_emit_text(emit, "command", "population");
    coley_emit_map(emit, "settings");
    for (size_t i = 0; i < o->n_settings; i++) coley_emit_text(emit, o->setting[i].key, o->setting[i].value);
    coley_emit_end(emit);
    coley_emit_list(emit, "inputs");
    for (size_t i = 0; i < o->n_files; i++) {
        coley_sha256 digest;
        uint64_t size;
        COLEY_TRY(hash_file(o->file[i].path, &digest, &size, err));
        coley_emit_map(emit, NULL);
        coley_emit_text(emit, "role", o->file[i].role);
        coley_emit_text(emit, "name", base_name(o->file[i].path));
        coley_emit_integer(emit, "bytes", (int64_t)size);
        coley_emit_text(emit, "sha256", digest.hex);
        coley_emit_end(emit);
    }
    coley_emit_end(emit);
    return COLEY_OK;
}

static coley_status make_fingerprint(population *p, coley_error *err)
{
    coley_text text = {.arena = p->arena};
    coley_emit emit = {.out = &text, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    COLEY_TRY(add_origin(p, &emit, err));
    coley_emit_end(&emit);
    if (text.failed) return COLEY_FAIL_MEMORY(err);
    memcpy(p->fingerprint, coley_sha256_of(text.data, text.length).hex, sizeof p->fingerprint);
    return COLEY_OK;
}

static coley_status open_files(population *p, int resumed, coley_error *err)
{
    for (int i = 0; i < POPULATION_N_STREAMS; i++) {
        const char *path = path_in(p, stream_names[i]);
        if (!path) return COLEY_FAIL_MEMORY(err);
        p->file[i] = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (resumed ? 0 : O_TRUNC), 0666);
        if (p->file[i] < 0) return file_failed(p, stream_names[i], err);
        struct stat what;
        if (!resumed) continue;
        if (fstat(p->file[i], &what)) return file_failed(p, stream_names[i], err);
        if ((uint64_t)what.st_size < p->written[i])
            return COLEY_FAIL_AT(err, COLEY_ERR_INPUT, ((coley_place){.file = path}),
                                 "is shorter than the checkpoint says; start again with --force");
        if (ftruncate(p->file[i], (off_t)p->written[i]) || lseek(p->file[i], 0, SEEK_END) < 0)
            return file_failed(p, stream_names[i], err);
    }
    return COLEY_OK;
}

coley_status coley_population_open(population *p, coley_error *err)
{
    const coley_population_options *o = p->options;
    size_t length = strlen(o->folder);
    while (length > 1 && o->folder[length - 1] == '/') length--;
    COLEY_TRY(coley_folder_check(o->folder, MARK, o->force, err));
    COLEY_TRY(make_fingerprint(p, err));
    if (!(p->making = coley_arena_printf(p->arena, "%.*s.unfinished", (int)length, o->folder)))
        return COLEY_FAIL_MEMORY(err);
    const int there = coley_folder_is_ours(p->making, CHECKPOINT);
    const char *checkpoint = path_in(p, CHECKPOINT);
    struct stat what;
    if (!checkpoint) return COLEY_FAIL_MEMORY(err);
    /* An empty checkpoint is that of a run that was interrupted before it had anything. */
    if (there && o->resume && stat(checkpoint, &what) == 0 && what.st_size) {
        COLEY_TRY(read_checkpoint(p, err));
        return open_files(p, 1, err);
    }
    if (there && !o->force && !o->resume)
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = p->making}),
                             "an interrupted run is there: --resume goes on with it, --force starts again");
    coley_folder_remove(p->making, CHECKPOINT);
    if (mkdir(p->making, 0777))
        return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = p->making}), "cannot create the folder: %s",
                             strerror(errno));
    COLEY_TRY(coley_file_write(checkpoint, "", 0, err));
    COLEY_TRY(open_files(p, 0, err));
    coley_text head[POPULATION_N_STREAMS];
    for (int i = 0; i < POPULATION_N_STREAMS; i++) head[i] = (coley_text){.arena = p->arena};
    coley_population_heads(p, head);
    for (int i = 0; i < POPULATION_N_STREAMS; i++) COLEY_TRY(append(p, i, &head[i], err));
    return coley_population_checkpoint(p, err);
}

void coley_population_close(population *p)
{
    for (int i = 0; i < POPULATION_N_STREAMS; i++)
        if (p->file[i] >= 0) close(p->file[i]);
}

static void add_quantiles(const population *p, coley_text *out)
{
    static const double share[] = {0.05, 0.25, 0.5, 0.75, 0.95};
    const char *time_unit = coley_model_time_unit(p->model);
    if (p->options->n_arms) coley_text_addf(out, "arm,");
    coley_text_addf(out, *time_unit ? "time [%s]" : "time", time_unit);
    coley_text_addf(out, ",quantity,unit,n,mean,min,p5,p25,p50,p75,p95,max\n");
    for (size_t row = 0; row < p->n_arms * p->n_watch; row++)
        for (size_t t = 0; t < p->n_times; t++) {
            const size_t a = row / p->n_watch, i = row % p->n_watch;
            const coley_sketch *s = &p->sketch[(a * p->n_times + t) * p->n_watch + i];
            if (p->options->n_arms) coley_text_addf(out, "%s,", p->arm[a].name);
            coley_text_addf(out, "%s,", coley_digits_exact(p->time[t]).text);
            add_field(out, watched(p, i)->id);
            coley_text_add(out, ",", 1);
            add_field(out, watched(p, i)->unit ? watched(p, i)->unit : "");
            coley_text_addf(out, ",%llu", (unsigned long long)s->n);
            add_number(out, s->n ? s->sum / (double)s->n : NAN);
            add_number(out, s->n ? s->low : NAN);
            for (size_t k = 0; k < sizeof share / sizeof *share; k++)
                add_number(out, coley_sketch_quantile(s, share[k]));
            add_number(out, s->n ? s->high : NAN);
            coley_text_add(out, "\n", 1);
        }
}

static coley_status add_output(const population *p, const char *name, coley_emit *emit, coley_error *err)
{
    const char *path = path_in(p, name);
    coley_sha256 digest;
    uint64_t size;
    if (!path) return COLEY_FAIL_MEMORY(err);
    COLEY_TRY(hash_file(path, &digest, &size, err));
    coley_emit_map(emit, NULL);
    coley_emit_text(emit, "name", name);
    coley_emit_integer(emit, "bytes", (int64_t)size);
    coley_emit_text(emit, "sha256", digest.hex);
    coley_emit_end(emit);
    return COLEY_OK;
}

static coley_status write_text(const population *p, const char *name, const coley_text *text, coley_error *err)
{
    const char *path = path_in(p, name);
    if (!path || text->failed) return COLEY_FAIL_MEMORY(err);
    return coley_file_write(path, text->data, text->length, err);
}

coley_status coley_population_finish(population *p, coley_error *err)
{
    const coley_population_options *o = p->options;
    coley_arena *scratch = p->block.arena;
    coley_text quantiles = {.arena = scratch}, manifest = {.arena = scratch};
    const char *table = stream_names[POPULATION_PATIENTS];
    if (o->hdf5) {
        const char *from = path_in(p, table), *to = path_in(p, "population.h5");
        if (!from || !to) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(coley_hdf5_table_of_csv(scratch, from, to, o->design.n * p->n_arms, err));
        table = "population.h5";
    }
    add_quantiles(p, &quantiles);
    COLEY_TRY(write_text(p, "quantiles.csv", &quantiles, err));
    double error = 0.0;
    for (size_t i = 0; i < p->n_sketches; i++) error = fmax(error, coley_sketch_error(&p->sketch[i]));

    coley_emit emit = {.out = &manifest, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    COLEY_TRY(add_origin(p, &emit, err));
    coley_emit_integer(&emit, "patients", (int64_t)o->design.n);
    coley_emit_integer(&emit, "failed", (int64_t)p->n_failed);
    coley_emit_number(&emit, "quantile_error", error);
    coley_emit_list(&emit, "outputs");
    COLEY_TRY(add_output(p, table, &emit, err));
    COLEY_TRY(add_output(p, "quantiles.csv", &emit, err));
    COLEY_TRY(add_output(p, stream_names[POPULATION_COURSES], &emit, err));
    COLEY_TRY(add_output(p, stream_names[POPULATION_FAILURES], &emit, err));
    coley_emit_end(&emit);
    coley_emit_end(&emit);
    COLEY_TRY(write_text(p, MARK, &manifest, err));

    /* What only served the making goes last, so that an interrupt before has something to go on with. */
    COLEY_TRY(coley_folder_take(p->making, o->folder, MARK, o->force, err));
    p->making = coley_arena_text(p->arena, o->folder, strlen(o->folder));
    const char *checkpoint = p->making ? path_in(p, CHECKPOINT) : NULL;
    const char *csv = p->making ? path_in(p, stream_names[POPULATION_PATIENTS]) : NULL;
    if (!checkpoint || !csv) return COLEY_FAIL_MEMORY(err);
    unlink(checkpoint);
    if (o->hdf5) unlink(csv);
    return COLEY_OK;
}
