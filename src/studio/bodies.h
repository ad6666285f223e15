/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bodies.h -- patient models that a worker keeps: what a slider changes are numbers, seldom the model. */
#ifndef COLEY_STUDIO_BODIES_H
#define COLEY_STUDIO_BODIES_H

#include "run/session.h"

typedef struct coley_studio_bodies coley_studio_bodies;

/* None yet; NULL without memory. The last few that were asked for are kept. */
coley_studio_bodies *coley_studio_bodies_create(void);
void coley_studio_bodies_destroy(coley_studio_bodies *bodies);

coley_body_source coley_studio_bodies_source(coley_studio_bodies *bodies);
size_t coley_studio_bodies_made(const coley_studio_bodies *bodies); /* how many were assembled so far */

/* The choices of the control "regimen" as JSON, kept like the bodies: "" until they are set. */
const char *coley_studio_bodies_regimens(coley_studio_bodies *bodies, const char *set);

#endif
