/* SPDX-License-Identifier: GPL-3.0-or-later */
// Written for Coley's tests, never compiled: one function does nothing, one does something.
#include "custom.h"

void set_functions( void )
{
    cell_defaults.functions.volume_update_function = standard_volume_update_function;
    cell_defaults.functions.custom_cell_rule = NULL;
    // cell_defaults.functions.update_phenotype = commented_out;
    /* pCD->functions.update_phenotype = commented_out_too; */
    if( cell_defaults.functions.contact_function == other )
    { return; }
    cell_defaults.functions.contact_function = do_nothing;
    cell_defaults.functions.update_phenotype = grow_faster;
    cell_defaults.functions.update_velocity = standard_update_cell_velocity;
}

void do_nothing( Cell* me, Phenotype& mine , Cell* other, Phenotype& theirs , double dt )
{ return; }

void grow_faster( Cell* cell, Phenotype& phenotype, double dt )
{
    phenotype.volume.fluid *= 1.1;
}
