/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tissue_run.c -- the loop over steps, saves and checkpoints of tissue_run.h. */
#include "run/tissue_run.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/whole_file.h"
#include "io/anndata.h"
#include "io/cells_csv.h"
#include "io/emit.h"
#include "io/fields.h"
#include "io/multicellds.h"
#include "io/tissue_counts.h"
#include "io/vtk.h"
#include "run/tissue_pictures.h"
#include "tissue/checkpoint.h"

typedef struct runner {
    coley_arena *arena, *frame_arena;
    const coley_tissue_run_options *o;
    coley_tissue_run_summary *summary;
    coley_tissue *tissue;
    coley_tissue_counts counts;
    int counts_open;
    coley_tissue_pictures pictures;
    double start_s, saved_s;
    uint64_t before; /* mechanics steps before the last one */
} runner;

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static const char *path_of(const runner *r, const char *name)
{
    return coley_arena_printf(r->frame_arena, "%s/%s", r->o->folder, name);
}

static coley_status fail_at(const char *path, coley_error *err, const char *what)
{
    return COLEY_FAIL_AT(err, COLEY_ERR_IO, ((coley_place){.file = path}), "%s: %s", what, strerror(errno));
}

static coley_status make_folder(const char *path, coley_error *err)
{
    if (!path) return COLEY_FAIL_MEMORY(err);
    if (mkdir(path, 0777) == 0 || errno == EEXIST) return COLEY_OK;
    return fail_at(path, err, "the folder cannot be made");
}

static int holds_files(const char *path)
{
    DIR *folder = opendir(path);
    int n = 0;
    for (const struct dirent *e; folder && (e = readdir(folder));) n += e->d_name[0] != '.';
    if (folder) closedir(folder);
    return n;
}

/* Take away what a killed run was writing: NAME.part-1234. */
static void sweep(const runner *r, const char *path)
{
    DIR *folder = path ? opendir(path) : NULL;
    for (const struct dirent *e; folder && (e = readdir(folder));) {
        const char *part = strstr(e->d_name, ".part-");
        if (!part || !part[6] || part[6 + strspn(part + 6, "0123456789")]) continue;
        const char *left = coley_arena_printf(r->frame_arena, "%s/%s", path, e->d_name);
        if (left) unlink(left);
    }
    if (folder) closedir(folder);
}

static coley_status prepare(runner *r, coley_error *err)
{
    const coley_tissue_run_options *o = r->o;
    static const struct {
        unsigned format;
        const char *name;
    } parts[] = {{COLEY_TISSUE_MULTICELLDS, "multicellds"},
                 {COLEY_TISSUE_ANNDATA, "anndata"},
                 {COLEY_TISSUE_VTK, "vtk"},
                 {COLEY_TISSUE_CELLS_CSV, "cells"},
                 {COLEY_TISSUE_PICTURES, "pictures"}};
    if (!o->force && !o->resume && holds_files(o->folder))
        return COLEY_FAIL_AT(
            err, COLEY_ERR_IO, ((coley_place){.file = o->folder}),
            "the folder holds files already: give --resume to go on from its checkpoint, --force to write over "
            "them, or another folder");
    COLEY_TRY(make_folder(o->folder, err));
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
        if (o->formats & parts[k].format) {
            COLEY_TRY(make_folder(path_of(r, parts[k].name), err));
            sweep(r, path_of(r, parts[k].name));
        }
    sweep(r, o->folder);
    return COLEY_OK;
}

static coley_status read_bytes(coley_arena *arena, const char *path, char **bytes, size_t *length, coley_error *err)
{
    FILE *file = fopen(path, "rb");
    if (!file) return fail_at(path, err, "the checkpoint cannot be read");
    struct stat what;
    const int known = fstat(fileno(file), &what) == 0;
    *length = known ? (size_t)what.st_size : 0;
    *bytes = COLEY_NEW(arena, char, *length);
    const int whole = *bytes && fread(*bytes, 1, *length, file) == *length;
    fclose(file);
    if (!*bytes) return COLEY_FAIL_MEMORY(err);
    return whole ? COLEY_OK : fail_at(path, err, "the checkpoint cannot be read");
}

static coley_status resume(runner *r, coley_error *err)
{
    const char *path = path_of(r, "checkpoint.bin");
    coley_arena *arena = coley_arena_create();
    if (!path || !arena) return COLEY_FAIL_MEMORY(err);
    if (access(path, F_OK) != 0 && errno == ENOENT) { /* killed before its first checkpoint: begin again */
        coley_arena_destroy(arena);
        return COLEY_OK;
    }
    char *bytes = NULL;
    size_t length = 0;
    coley_status status = read_bytes(arena, path, &bytes, &length, err);
    if (status == COLEY_OK) status = coley_tissue_restore(r->tissue, path, bytes, length, err);
    coley_arena_destroy(arena);
    r->summary->resumed_at_min = coley_tissue_time(r->tissue);
    return status;
}

static coley_status write_bytes(const char *path, const char *bytes, size_t length, coley_error *err)
{
    coley_whole_file file;
    COLEY_TRY(coley_whole_file_open(&file, path, err));
    coley_whole_file_put(&file, bytes, length);
    return coley_whole_file_keep(&file, err);
}

static coley_status save_checkpoint(runner *r, coley_error *err)
{
    const char *path = path_of(r, "checkpoint.bin");
    coley_arena *arena = coley_arena_create();
    if (!path || !arena) return COLEY_FAIL_MEMORY(err);
    char *bytes;
    size_t length;
    coley_status status = coley_tissue_save(r->tissue, arena, &bytes, &length, err);
    if (status == COLEY_OK) status = write_bytes(path, bytes, length, err);
    coley_arena_destroy(arena);
    r->saved_s = now_s();
    return status;
}

/* Is a save of every `every` minutes due now? Where steps are taken at once its moment may lie within the last one. */
static int due(const runner *r, double every)
{
    const double step = r->o->model->mechanics_min;
    const uint64_t steps = every > 0 ? (uint64_t)fmax(llround(every / step), 1) : 0;
    const uint64_t now = coley_tissue_steps(r->tissue);
    return steps && (now % steps == 0 || now / steps > r->before / steps);
}

static size_t number_of(const runner *r, double every)
{
    return (size_t)llround(coley_tissue_time(r->tissue) / every);
}

static coley_status write_frame(runner *r, coley_error *err)
{
    const coley_tissue_run_options *o = r->o;
    const size_t number = number_of(r, o->save_min);
    /* No time of the clock: the same run gives the same files. */
    const coley_tissue_frame *frame = coley_tissue_frame_make(r->frame_arena, r->tissue, number, o->program, 0);
    if (!frame) return COLEY_FAIL_MEMORY(err);
    if (o->formats & COLEY_TISSUE_MULTICELLDS) {
        const coley_tissue_frame *full = coley_tissue_frame_full(r->frame_arena, r->tissue, frame);
        if (!full) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(coley_multicellds_write(r->frame_arena, full, path_of(r, "multicellds"), NULL, err));
    }
    if (o->formats & COLEY_TISSUE_CELLS_CSV)
        COLEY_TRY(coley_cells_csv_write(r->frame_arena, frame, path_of(r, "cells"), err));
    if (o->formats & COLEY_TISSUE_VTK) COLEY_TRY(coley_vtk_write(r->frame_arena, frame, path_of(r, "vtk"), err));
    if (o->formats & COLEY_TISSUE_ANNDATA) {
        const char *path = coley_arena_printf(r->frame_arena, "%s/anndata/cells%08zu.h5ad", o->folder, number);
        if (!path) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(coley_anndata_write(r->frame_arena, frame, path, err));
    }
    if (!r->counts_open) {
        const char *path = coley_arena_printf(r->arena, "%s/counts.csv", o->folder);
        if (!path) return COLEY_FAIL_MEMORY(err);
        COLEY_TRY(
            coley_tissue_counts_open(r->arena, frame, path, o->resume ? frame->time_min : -INFINITY, &r->counts, err));
        r->counts_open = 1;
    }
    COLEY_TRY(coley_tissue_counts_add(&r->counts, frame, err));
    r->summary->n_frames++;
    return COLEY_OK;
}

static coley_status write_pictures(runner *r, coley_error *err)
{
    const coley_tissue_run_options *o = r->o;
    const coley_tissue_frame *frame =
        coley_tissue_frame_make(r->frame_arena, r->tissue, number_of(r, o->picture_min), o->program, 0);
    return frame ? coley_tissue_pictures_add(r->frame_arena, &r->pictures, frame, err) : COLEY_FAIL_MEMORY(err);
}

static coley_status save(runner *r, coley_error *err)
{
    if ((r->o->formats & COLEY_TISSUE_PICTURES) && due(r, r->o->picture_min)) COLEY_TRY(write_pictures(r, err));
    if (due(r, r->o->save_min)) COLEY_TRY(write_frame(r, err));
    coley_arena_reset(r->frame_arena);
    return COLEY_OK;
}

static coley_status write_summary(runner *r, coley_error *err)
{
    const coley_tissue_run_summary *s = r->summary;
    const coley_tissue_tally *t = &s->tally;
    coley_text text = {.arena = r->frame_arena};
    coley_emit emit = {.out = &text, .style = COLEY_EMIT_JSON};
    coley_emit_map(&emit, NULL);
    coley_emit_text(&emit, "program", r->o->program);
    coley_emit_text(&emit, "model", r->o->model->path);
    coley_emit_integer(&emit, "seed", (int64_t)r->o->engine.seed);
    coley_emit_text(&emit, "scheme", r->o->engine.scheme == COLEY_FIELD_SPLIT ? "split" : "delta");
    coley_emit_number(&emit, "time_min", s->time_min);
    coley_emit_integer(&emit, "cells", (int64_t)s->n_cells);
    coley_emit_integer(&emit, "births", (int64_t)t->births);
    coley_emit_integer(&emit, "deaths", (int64_t)t->deaths);
    coley_emit_integer(&emit, "attacks", (int64_t)t->attacks);
    coley_emit_integer(&emit, "eaten", (int64_t)t->eaten);
    coley_emit_integer(&emit, "fused", (int64_t)t->fused);
    coley_emit_integer(&emit, "transformed", (int64_t)t->transformed);
    coley_emit_integer(&emit, "left_the_domain", (int64_t)t->left);
    coley_emit_integer(&emit, "recruited", (int64_t)t->recruited);
    coley_emit_end(&emit);
    if (text.failed) return COLEY_FAIL_MEMORY(err);
    return write_bytes(path_of(r, "run.json"), text.data, text.length, err);
}

static coley_status loop(runner *r, coley_error *err)
{
    const coley_tissue_run_options *o = r->o;
    const uint64_t last = (uint64_t)llround(o->end_min / o->model->mechanics_min),
                   first = coley_tissue_steps(r->tissue);
    r->before = first;
    coley_progress_begin(o->progress, "minutes of tissue", last > first ? last - first : 1);
    COLEY_TRY(save(r, err));
    while (coley_tissue_steps(r->tissue) < last) {
        r->before = coley_tissue_steps(r->tissue);
        COLEY_TRY(coley_tissue_step(r->tissue, err));
        const uint64_t taken = coley_tissue_steps(r->tissue) - r->before;
        r->summary->cell_steps += (double)coley_tissue_cells(r->tissue)->n;
        coley_progress_add(o->progress, taken);
        COLEY_TRY(save(r, err));
        r->summary->stopped = o->stopped && o->stopped();
        if (r->summary->stopped) break;
        if (o->checkpoint_s > 0 && now_s() - r->saved_s > o->checkpoint_s) COLEY_TRY(save_checkpoint(r, err));
    }
    coley_progress_end(o->progress);
    return save_checkpoint(r, err);
}

static coley_status run(runner *r, coley_error *err)
{
    const coley_tissue_run_options *o = r->o;
    COLEY_TRY(prepare(r, err));
    COLEY_TRY(coley_tissue_create(o->model, o->engine, &r->tissue, err));
    if (o->resume) COLEY_TRY(resume(r, err));
    COLEY_TRY(loop(r, err));
    coley_tissue_run_summary *s = r->summary;
    const coley_cell_columns *c = coley_tissue_cells(r->tissue);
    for (size_t i = 0; i < c->n; i++) s->n_cells += !(c->mark[i] & COLEY_MARK_GONE);
    s->time_min = coley_tissue_time(r->tissue);
    s->wall_s = now_s() - r->start_s;
    s->tally = coley_tissue_tallied(r->tissue);
    return write_summary(r, err);
}

/* What the model says of itself, else the name of its file, or of its folder if all settings have that name; never that
 * of the results: the same run gives the same pictures. */
static const char *title_of(coley_arena *arena, const coley_tissue_model *model)
{
    static const char *const plain[] = {"PhysiCell_settings", "settings", "config", "."};
    if (model->source || !model->path) return model->source;
    size_t end = strlen(model->path);
    for (int part = 0; part < 3 && end; part++) {
        size_t from = end;
        while (from && model->path[from - 1] != '/') from--;
        size_t length = end - from;
        for (size_t i = 0; part == 0 && i < end - from; i++)
            if (model->path[from + i] == '.') length = i;
        size_t k = 0;
        while (k < 4 && (strlen(plain[k]) != length || strncmp(plain[k], model->path + from, length))) k++;
        if (k == 4 && length) return coley_arena_text(arena, model->path + from, length);
        end = from ? from - 1 : 0;
    }
    return NULL;
}

coley_status coley_tissue_run(coley_arena *arena, const coley_tissue_run_options *options,
                              coley_tissue_run_summary *summary, coley_error *err)
{
    *summary = (coley_tissue_run_summary){0};
    runner r = {.arena = arena, .frame_arena = coley_arena_create(), .o = options, .summary = summary};
    r.start_s = r.saved_s = now_s();
    r.pictures = (coley_tissue_pictures){.arena = arena,
                                         .folder = options->folder,
                                         .title = title_of(arena, options->model),
                                         .field = options->field,
                                         .dark = options->dark};
    if (!r.frame_arena) return COLEY_FAIL_MEMORY(err);
    const coley_status status = run(&r, err);
    if (r.counts_open) coley_tissue_counts_close(&r.counts);
    coley_tissue_destroy(r.tissue);
    coley_arena_destroy(r.frame_arena);
    return status;
}
