/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cvodes.h -- the same cohorts by CVODES (SUNDIALS; Hindmarsh et al. 2005, ACM TOMS 31:363): BDF and Newton with
 * the exact Jacobian, as a dense matrix or as a sparse one for KLU (Davis 2010, ACM TOMS 37:36), one patient at a time.
 * Another method by other hands, to compare with; not always built. */
#ifndef COLEY_SOLVE_CVODES_H
#define COLEY_SOLVE_CVODES_H

#include "solve/integrator.h"

/* Whether this build has CVODES. */
int coley_cvodes_is_built(void);

/* As coley_integrate_in, with the right-hand side, Jacobian, doses and samples of the same system;
 * COLEY_ERR_UNSUPPORTED without CVODES. Restarted wherever a dose, the end of an infusion, an input or an event changes
 * something. Events are found by CVODES' own search for roots and happen in the order of the model; one with a delay is
 * COLEY_ERR_UNSUPPORTED. Of the options, rtol, atol, h_max_day and max_steps count. */
COLEY_MUST_CHECK coley_status coley_integrate_cvodes(coley_arena *arena, const coley_system *system,
                                                     const coley_cohort *cohort,
                                                     const coley_integrator_options *options, coley_error *err);

/* The same with KLU: the entries of the Jacobian that are there and no others. COLEY_ERR_UNSUPPORTED without it. */
int coley_cvodes_has_klu(void);
COLEY_MUST_CHECK coley_status coley_integrate_cvodes_klu(coley_arena *arena, const coley_system *system,
                                                         const coley_cohort *cohort,
                                                         const coley_integrator_options *options, coley_error *err);

#endif
