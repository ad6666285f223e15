/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_assay.c -- biomarkers from files, beside other programs in one run. */
#include "bench.h"

#include "bench_assay_msi.h"

int main(int argc, char **argv)
{
    bench b = bench_begin("assay");
    bench_assay_msi(&b);
    return bench_end(&b, argc, argv);
}
