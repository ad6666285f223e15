/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rng.h -- random numbers without state: a pure function of (seed, stream, id, tick).
 *
 * Philox4x32-10 (Salmon 2011, SC'11, "Parallel random numbers: as easy as 1, 2, 3"): key = seed and stream,
 * counter = id and tick. The same decision of the same patient gets the same number on any thread. */
#ifndef COLEY_BASE_RNG_H
#define COLEY_BASE_RNG_H

#include <stdint.h>

/* One row a purpose. Append only: a stream's place in this list is part of every result. */
#define COLEY_STREAM_LIST(X)                                                                                           \
    X(TEST, "tests of the generator itself")                                                                           \
    X(PARAMETER, "a virtual patient's parameters")                                                                     \
    X(SCAN, "reader noise of one measurement")                                                                         \
    X(FORECAST, "draws of the forecast's posterior")                                                                   \
    X(EXTINCTION, "birth and death of a clone's last cells")                                                           \
    X(EVENT, "order of a model's events of one priority")                                                              \
    X(DESIGN, "points of a population's design")                                                                       \
    X(CARE, "how long a person waits before telling the clinic")                                                       \
    X(TRIAL, "covariates, allocation, follow-up and death of people in a trial")                                       \
    X(POWER, "accrual, allocation and times in the simulated trials of a design")                                      \
    X(BOOTSTRAP, "cells and tiles of tissue drawn again")                                                              \
    X(TISSUE_SPREAD, "what cells of a tissue start with")                                                              \
    X(TISSUE_MOVE, "turns of a cell")                                                                                  \
    X(TISSUE_PHENOTYPE, "cycle, death and transformation of a cell")                                                   \
    X(TISSUE_DIVIDE, "where daughters come to lie")                                                                    \
    X(TISSUE_CONTACT, "attack, phagocytosis and fusion of two cells")                                                  \
    X(TISSUE_SPRING, "springs between two cells")                                                                      \
    X(TISSUE_START, "where cells of a tissue stand at the start")                                                      \
    X(LATER, "what people in a trial get after progression")                                                           \
    X(HARM, "which of a drug's events a person gets, and when")                                                        \
    X(SEARCH, "points that a search tries")                                                                            \
    X(REPLICATE, "weights of people and rows drawn again, for the error of a figure")                                  \
    X(TISSUE_VESSEL, "cells that come in from vessels")

typedef enum coley_stream {
#define COLEY_STREAM_ENUM(name, doc) COLEY_STREAM_##name,
    COLEY_STREAM_LIST(COLEY_STREAM_ENUM)
#undef COLEY_STREAM_ENUM
        COLEY_STREAM_COUNT
} coley_stream;

/* 128 random bits. */
void coley_rng_bits(uint64_t seed, coley_stream stream, uint64_t id, uint64_t tick, uint32_t bits[4]);

/* Uniform in the open interval (0, 1), 52 bits. */
double coley_rng_uniform(uint64_t seed, coley_stream stream, uint64_t id, uint64_t tick);

/* Standard normal (Box and Muller 1958). */
double coley_rng_normal(uint64_t seed, coley_stream stream, uint64_t id, uint64_t tick);

#endif
