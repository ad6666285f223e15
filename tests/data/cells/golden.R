# SPDX-License-Identifier: GPL-3.0-or-later
# golden.R -- PD-L1 scores, densities and neighbours of the tables in this folder, computed without Coley: base R, every
# pair of points, and spatstat for G and K. Rscript golden.R > golden.tsv
suppressMessages(library(spatstat.explore))
out <- function(what, x) cat(what, sprintf("%.12g", x), sep = "\t", fill = 1000)
cross_dist2 <- function(ax, ay, bx, by) outer(ax, bx, "-")^2 + outer(ay, by, "-")^2
nearest <- function(ax, ay, bx, by) # squared distance to, and place of, the nearest b
    do.call(rbind, lapply(split(seq_along(ax), (seq_along(ax) - 1) %/% 500), function(i) {
        d <- cross_dist2(ax[i], ay[i], bx, by)
        cbind(apply(d, 1, min), apply(d, 1, which.min))
    }))

pdl1 <- function(name, type, value, area, above) {
    tumour <- type == "tumour"
    cps <- type %in% c("tumour", "cd8", "cd4", "treg", "t", "b", "nk", "macrophage", "immune")
    ic <- cps & !tumour
    for (a in above) {
        out(paste(name, "tps", a), 100 * sum(tumour & value > a) / sum(tumour))
        out(paste(name, "cps", a), min(100, 100 * sum(cps & value > a) / sum(tumour)))
        out(paste(name, "ic", a), 100 * sum(area[ic & value > a]) / sum(area))
    }
    # The bootstrap of the first threshold, over cells.
    set.seed(1)
    kind <- ifelse(tumour & value > above[1], 1, ifelse(tumour, 2, ifelse(cps & value > above[1], 3, 4)))
    n <- rmultinom(20000, length(kind), tabulate(kind, 4))
    out(paste(name, "tps low"), quantile(100 * n[1, ] / (n[1, ] + n[2, ]), 0.025))
    out(paste(name, "tps high"), quantile(100 * n[1, ] / (n[1, ] + n[2, ]), 0.975))
    out(paste(name, "cps low"), quantile(100 * pmin(1, (n[1, ] + n[3, ]) / (n[1, ] + n[2, ])), 0.025))
    out(paste(name, "cps high"), quantile(100 * pmin(1, (n[1, ] + n[3, ]) / (n[1, ] + n[2, ])), 0.975))
}

infiltrate <- function(name, x, y, type, region, margin = 100, pixel = 5, reach = 30) {
    if (is.null(region)) {
        share <- unlist(lapply(split(seq_along(x), (seq_along(x) - 1) %/% 500), function(i) {
            near <- cross_dist2(x[i], y[i], x, y) <= 50^2
            (near %*% (type == "tumour")) / rowSums(near)
        }))
        region <- ifelse(share >= 0.5, "tumour", "stroma")
    }
    zone <- ifelse(region == "tumour", "core", "far")
    for (r in c("tumour", "stroma")) {
        a <- region == r; b <- region != r
        if (!any(a) || !any(b)) next
        near <- nearest(x[a], y[a], x[b], y[b])[, 1] <= margin^2
        zone[a][near] <- paste(r, "margin")
    }
    nx <- ceiling(diff(range(x)) / pixel); ny <- ceiling(diff(range(y)) / pixel)
    px <- diff(range(x)) / nx; py <- diff(range(y)) / ny
    grid <- expand.grid(x = min(x) + (seq_len(nx) - 0.5) * px, y = min(y) + (seq_len(ny) - 0.5) * py)
    d <- nearest(grid$x, grid$y, x, y)
    mm2 <- tapply(rep(px * py * 1e-6, sum(d[, 1] <= reach^2)), factor(zone[d[d[, 1] <= reach^2, 2]],
        c("core", "tumour margin", "stroma margin", "far")), sum)
    mm2[is.na(mm2)] <- 0
    places <- list(tumour = c("core", "tumour margin"), margin = c("tumour margin", "stroma margin"),
        stroma = c("stroma margin", "far"))
    for (p in names(places)) {
        area <- sum(mm2[places[[p]]])
        out(paste(name, p, "mm2"), area)
        for (t in c("cd8", "cd4", "treg", "macrophage", "b"))
            out(paste(name, p, t), sum(type == t & zone %in% places[[p]]) / area)
    }
    window <- owin(range(x), range(y))
    points <- suppressWarnings(ppp(x, y, window, marks = factor(type)))
    radii <- c(0, 10, 20, 30, 50, 100)
    for (pair in list(c("cd8", "tumour"), c("tumour", "cd8"), c("cd8", "macrophage"))) {
        from <- type == pair[1]; to <- type == pair[2]
        if (sum(from) < 20 || sum(to) < 20) next
        d <- sqrt(nearest(x[from], y[from], x[to], y[to])[, 1])
        edge <- pmin(x - min(x), max(x) - x, y - min(y), max(y) - y)[from]
        what <- paste(name, pair[1], pair[2])
        out(paste(what, "mean"), mean(d))
        out(paste(what, "median"), median(d))
        k <- Kcross(points, pair[1], pair[2], r = seq(0, 100.25, 0.25), correction = "translate")
        for (r in radii[-1]) {
            out(paste(what, "g", r), sum(edge >= r & d <= r) / sum(edge >= r))
            # a little more than r: the lung's cells lie on a lattice of 0.5 um, so that distances of just r are frequent
            out(paste(what, "k", r + 0.25), k$trans[k$r == r + 0.25])
        }
    }
}

d <- read.csv("lung.csv.gz", check.names = FALSE)
type <- unname(c("CK+" = "tumour", "CD8+" = "cd8", "FoxP3+" = "treg", "CD68+" = "macrophage", other = "other")[d$Phenotype])
pdl1("lung", type, d[["Membrane PDL1 (Opal 520) Mean"]], d[["Entire Cell Area (sq microns)"]], c(1, 2, 5))
infiltrate("lung", d[[2]], d[[3]], type, unname(c(Tumor = "tumour", Stroma = "stroma")[d[["Tissue Category"]]]))

d <- read.csv("prostate.csv.gz", check.names = FALSE)
type <- ifelse(d[["CD3..CD8."]] == 1, "cd8", ifelse(d[["CD3..FOXP3."]] == 1, "treg",
    ifelse(d$Classifier.Label == "Tumor", "tumour", "stromal")))
pdl1("prostate", type, d[["PDL1..Opal.540..Positive"]], d[["Cell.Area..m.."]], 0.5)
infiltrate("prostate", (d$XMin + d$XMax) / 4, (d$YMin + d$YMax) / 4, type,
    unname(c(Tumor = "tumour", Stroma = "stroma")[d$Classifier.Label]))

d <- read.csv("tnbc.csv.gz")
words <- c(Tumor = "tumour", CD8T = "cd8", CD4T = "cd4", CD3T = "t", Treg = "treg", B = "b", Macrophage = "macrophage")
for (person in unique(d$Person)) {
    one <- d[d$Person == person, ]
    type <- unname(words[one$Phenotype])
    type[is.na(type)] <- "other"
    infiltrate(paste0("tnbc-", person), one$cellx * 0.390625, one$celly * 0.390625, type, NULL)
}
