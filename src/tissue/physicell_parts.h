/* SPDX-License-Identifier: GPL-3.0-or-later */
/* physicell_parts.h -- inside the reader of PhysiCell's files: what its parts share. */
#ifndef COLEY_TISSUE_PHYSICELL_PARTS_H
#define COLEY_TISSUE_PHYSICELL_PARTS_H

#include "base/xml.h"
#include "tissue/cells_file.h"
#include "tissue/physicell_xml.h"
#include "tissue/vocabulary.h"

/* Above this a rate, a length or an amount is absurd; "at once" is written as 9e9 or 9e99 in rates. */
#define PHYSICELL_LARGEST 1e100

typedef struct physicell_reader {
    coley_arena *arena;
    const char *path;
    coley_physicell_options options;
    coley_tissue_model *model;
    coley_substrate *substrate; /* model->substrate, while it may still change */
    coley_cell_type *type;      /* likewise */
    coley_custom *custom;
    const coley_vocabulary *words; /* once types and substrates are known */
    const coley_xml *root;
    coley_error *err;
} physicell_reader;

/* --- physicell_read.c: words and numbers of elements ------------------------------------------------------------ */

coley_place coley_settings_place(const physicell_reader *r, const coley_xml *node);
#define PHYSICELL_FAIL(r, node, ...)                                                                                   \
    COLEY_FAIL_AT((r)->err, COLEY_ERR_INPUT, coley_settings_place((r), (node)), __VA_ARGS__)

/* What changes the result and is not supported: an error, or a note when the user wants to go on. */
coley_status coley_settings_refuse(physicell_reader *r, coley_place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void coley_settings_note(physicell_reader *r, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The element's number, from low to high; a NULL element leaves it as it is. */
coley_status coley_settings_number(physicell_reader *r, const coley_xml *node, double low, double high, double *value);
/* The same of a child. */
coley_status coley_settings_child_number(physicell_reader *r, const coley_xml *parent, const char *name, double low,
                                         double high, double *value);
/* A child that must be there. */
coley_status coley_settings_need(physicell_reader *r, const coley_xml *parent, const char *name, coley_xml **child);
coley_status coley_settings_flag(physicell_reader *r, const coley_xml *node, bool *value);
coley_status coley_settings_child_flag(physicell_reader *r, const coley_xml *parent, const char *name, bool *value);
/* An attribute that says yes or no; missing: `otherwise`. */
coley_status coley_settings_flag_attribute(physicell_reader *r, const coley_xml *node, const char *name, bool otherwise,
                                           bool *value);
coley_status coley_settings_integer_attribute(physicell_reader *r, const coley_xml *node, const char *name, int low,
                                              int high, int *value);
bool coley_settings_flag_text(const char *text, bool *value);
/* Place of a name in the lists, or -1. */
int coley_settings_substrate(const physicell_reader *r, const char *name);
int coley_settings_type(const physicell_reader *r, const char *name);
/* "folder/filename" of an element that has both or the latter, where it is; an error that lists where it was looked
 * for. */
coley_status coley_settings_file(physicell_reader *r, coley_xml *node, const char **path);

/* --- the other parts -------------------------------------------------------------------------------------------- */

/* physicell_field.c: microenvironment_setup; its files come when the domain is known. */
coley_status coley_settings_read_substrates(physicell_reader *r);
coley_status coley_settings_read_start_values(physicell_reader *r);
/* physicell_type.c: cell_definitions. */
coley_status coley_settings_read_types(physicell_reader *r);
/* physicell_vessels.c: vessels, and what comes in from them. */
coley_status coley_settings_read_recruitment(physicell_reader *r, const coley_xml *node,
                                             coley_recruitment *recruitment);
coley_status coley_settings_read_vessels(physicell_reader *r);
/* physicell_start.c: user_parameters and the cells that they place at random; cells from a file;
 * initial_parameter_distributions. */
coley_status coley_settings_read_parameters(physicell_reader *r, coley_place_list *list);
coley_status coley_settings_read_cells(physicell_reader *r, coley_place_list *list);
coley_status coley_settings_read_spreads(physicell_reader *r, coley_place_list *list);
/* physicell_code.c: refuse functions of the project's own C++ code. */
coley_status coley_settings_check_code(physicell_reader *r);

#endif
