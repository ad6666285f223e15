# SPDX-License-Identifier: GPL-3.0-or-later
# count.R -- tumour mutational burden counted independently of Coley, in base R: writes expected.tsv. Run in this folder:
#     Rscript count.R
# R is not needed to run the tests.
nonsynonymous <- c("Missense_Mutation", "Nonsense_Mutation", "Nonstop_Mutation", "Splice_Site", "Translation_Start_Site",
                   "Frame_Shift_Ins", "Frame_Shift_Del", "In_Frame_Ins", "In_Frame_Del")
rows <- list()
add <- function(file, what, sample, n) rows[[length(rows) + 1]] <<- data.frame(file = file, what = what, sample = sample, n = n)

count_maf <- function(file) {
  m <- read.delim(gzfile(file), comment.char = "#", quote = "", colClasses = "character", check.names = FALSE)
  keep <- rep(TRUE, nrow(m))
  if ("FILTER" %in% names(m)) keep <- m$FILTER %in% c("PASS", ".", "")
  for (d in list(c("nonsynonymous", nonsynonymous), c("coding", nonsynonymous, "Silent"))) {
    hit <- keep & m$Variant_Classification %in% d[-1]
    for (s in sort(unique(m$Tumor_Sample_Barcode))) add(file, d[1], s, sum(hit & m$Tumor_Sample_Barcode == s))
  }
  if (all(c("t_ref_count", "t_alt_count") %in% names(m))) {
    depth <- as.numeric(m$t_ref_count) + as.numeric(m$t_alt_count)
    af <- as.numeric(m$t_alt_count) / depth
    hit <- keep & m$Variant_Classification %in% nonsynonymous & !is.na(depth) & depth >= 100 & !is.na(af) & af >= 0.1
    for (s in sort(unique(m$Tumor_Sample_Barcode))) add(file, "depth100_af0.1", s, sum(hit & m$Tumor_Sample_Barcode == s))
  }
}

# A caller's file: alleles that pass, that its own word SS does not call germline, and that the tumour's genotype has.
count_vcf <- function(file, sample) {
  lines <- readLines(gzfile(file))
  head <- strsplit(sub("^#", "", lines[grepl("^#CHROM", lines)]), "\t")[[1]]
  body <- do.call(rbind, strsplit(lines[!grepl("^#", lines)], "\t"))
  colnames(body) <- head
  n <- 0
  m <- 0
  for (i in seq_len(nrow(body))) {
    r <- body[i, ]
    if (!(r["FILTER"] %in% c("PASS", "."))) next
    info <- strsplit(r["INFO"], ";")[[1]]
    ss <- sub("^SS=", "", info[grepl("^SS=", info)])
    if (length(ss) && ss != "2") next
    keys <- strsplit(r["FORMAT"], ":")[[1]]
    value <- strsplit(r[sample], ":")[[1]][seq_along(keys)]
    names(value) <- keys
    if (!is.na(value["SS"]) && !(value["SS"] %in% c(".", "2"))) next
    alts <- strsplit(r["ALT"], ",")[[1]]
    for (a in seq_along(alts)) {
      if (alts[a] == ".") next
      if ("GT" %in% keys && !(as.character(a) %in% strsplit(value["GT"], "[/|]")[[1]])) next
      n <- n + 1
      if (!is.na(value["DP"]) && suppressWarnings(as.numeric(value["DP"])) %in% 50:1000000) m <- m + 1
    }
  }
  add(file, "all", sample, n)
  if (any(grepl("^##FORMAT=<ID=DP,", lines))) add(file, "all_depth50", sample, m)
}

for (f in c("msk_mind_2020.maf.gz", "tcga_laml.maf.gz", "callers/vep_isoforms.maf.gz")) count_maf(f)
for (f in c("merged", "muse", "mutect", "strelka", "varscan")) count_vcf(paste0("callers/", f, ".vcf.gz"), "TUMOR")
count_vcf("T001-COAD.grch37.vcf.gz", "TCGA-A6-2686-01A-01D-1408-10_TCGA-A6-2686-10A-01D-2188-10")
write.table(do.call(rbind, rows), "expected.tsv", sep = "\t", quote = FALSE, row.names = FALSE)
