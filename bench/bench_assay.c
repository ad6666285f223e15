/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_assay.c -- biomarkers out of files, beside the programs that others use for it. Each assay is one part. */
#include "bench.h"

#include "bench_assay_cells.h"
#include "bench_assay_msi.h"
#include "bench_assay_tmb.h"

int main(int argc, char **argv)
{
    bench b = bench_begin("assay");
    bench_assay_tmb(&b);
    bench_assay_msi(&b);
    bench_assay_cells(&b);
    return bench_end(&b, argc, argv);
}
