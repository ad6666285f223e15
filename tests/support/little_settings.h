/* SPDX-License-Identifier: GPL-3.0-or-later */
/* little_settings.h -- a small PhysiCell settings file as text, and the same with a part of it changed. */
#ifndef COLEY_TESTS_LITTLE_SETTINGS_H
#define COLEY_TESTS_LITTLE_SETTINGS_H

#include <stdlib.h>
#include <string.h>

#include "tissue/physicell_xml.h"

/* Line 1 is <PhysiCell_settings>; two substrates, two cell types. */
static const char little_settings[] =
    "<PhysiCell_settings>\n"                                                                              /* 1 */
    "<domain><x_min>-100</x_min><x_max>100</x_max><y_min>-50</y_min><y_max>50</y_max>\n"                  /* 2 */
    "<z_min>-10</z_min><z_max>10</z_max><dx>20</dx><dy>20</dy><dz>20</dz><use_2D>true</use_2D></domain>\n" /* 3 */
    "<overall><max_time>60</max_time></overall>\n"                                                        /* 4 */
    "<options/>\n"                                                                                        /* 5 */
    "<microenvironment_setup>\n"                                                                          /* 6 */
    "<variable name=\"oxygen\" units=\"mmHg\"><physical_parameter_set>\n"                                 /* 7 */
    "<diffusion_coefficient>1000</diffusion_coefficient><decay_rate>0.1</decay_rate>\n"                   /* 8 */
    "</physical_parameter_set><initial_condition>38</initial_condition>\n"                                /* 9 */
    "<Dirichlet_boundary_condition enabled=\"true\">38</Dirichlet_boundary_condition></variable>\n"       /* 10 */
    "<variable name=\"drug\" units=\"nM\"><physical_parameter_set>\n"                                     /* 11 */
    "<diffusion_coefficient>300</diffusion_coefficient><decay_rate>0</decay_rate>\n"                      /* 12 */
    "</physical_parameter_set></variable>\n"                                                              /* 13 */
    "</microenvironment_setup>\n"                                                                         /* 14 */
    "<cell_definitions>\n"                                                                                /* 15 */
    "<cell_definition name=\"tumour\" ID=\"0\"><phenotype>\n"                                             /* 16 */
    "<cycle code=\"5\"><phase_transition_rates><rate start_index=\"0\" end_index=\"0\">0.001</rate>\n"    /* 17 */
    "</phase_transition_rates></cycle>\n"                                                                 /* 18 */
    "<motility><speed>2</speed></motility>\n"                                                             /* 19 */
    "</phenotype><custom_data><PD_L1>0.5</PD_L1></custom_data></cell_definition>\n"                       /* 20 */
    "<cell_definition name=\"CD8 T cell\" ID=\"1\"><phenotype>\n"                                         /* 21 */
    "<cell_interactions><attack_rates><attack_rate name=\"tumour\">0.1</attack_rate></attack_rates>\n"    /* 22 */
    "<attack_damage_rate>1</attack_damage_rate></cell_interactions>\n"                                    /* 23 */
    "</phenotype><custom_data><PD_1>0.9</PD_1></custom_data></cell_definition>\n"                         /* 24 */
    "</cell_definitions>\n"                                                                               /* 25 */
    "<user_parameters/>\n"                                                                                /* 26 */
    "</PhysiCell_settings>\n";

/* Read it with the first `part` in place of which stands `by`. */
static inline coley_status little_read(coley_arena *arena, const char *part, const char *by,
                                       coley_physicell_options options, coley_tissue_model *model, coley_error *err)
{
    const char *at = part ? strstr(little_settings, part) : NULL;
    if (part && !at) abort(); /* the test is wrong */
    const int before = at ? (int)(at - little_settings) : (int)strlen(little_settings);
    const char *text = coley_arena_printf(arena, "%.*s%s%s", before, little_settings, at ? by : "",
                                          at ? at + strlen(part) : "");
    *err = (coley_error){0};
    return text ? coley_physicell_parse(arena, "little.xml", text, strlen(text), options, model, err)
                : COLEY_ERR_MEMORY;
}

#endif
