# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript tests/data/km/figures.R survival > tests/data/km/survival_R.txt
# Rscript tests/data/km/figures.R more > tests/data/km/more_R.txt
# R 4.2.2 with survival, cmprsk, pROC. Never run by the tests: they read what it wrote.
suppressMessages({library(survival); library(cmprsk); library(pROC)})
options(digits = 17)
p <- function(name, x) cat(sprintf("%s %.17g\n", name, x), sep = "")
ctl <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
files <- c("Checkmate017_1", "Checkmate017_2B", "KEYNOTE024_1A", "KEYNOTE024_2", "CA184043_2A")
control <- c("d1", "d1", "chemo", "chemo", "placebo")
wtest <- function(d, wfun) { # weighted scores of two arms, straight from the formula
  tt <- sort(unique(d$time[d$event==1])); S <- 1; u <- 0; v <- 0; W <- numeric(0); V <- numeric(0); U <- numeric(0)
  for (t in tt) { n <- sum(d$time>=t); n1 <- sum(d$time>=t & d$x==1); dd <- sum(d$time==t & d$event==1); d1 <- sum(d$time==t & d$event==1 & d$x==1)
    W <- c(W, wfun(S, n, t)); U <- c(U, d1 - dd*n1/n); V <- c(V, if (n>1) dd*(n-dd)/(n-1)*n1/n*(1-n1/n) else 0); S <- S*(n-dd)/n }
  list(W=W,U=U,V=V) }

if ("survival" %in% commandArgs(TRUE)) {
  for (i in seq_along(files)) {
    d <- read.csv(paste0("tests/data/km/", files[i], ".csv"))
    d$x <- as.integer(d$arm != control[i])
    d$stratum <- (seq_len(nrow(d)) - 1) %% 3        # row number mod 3: a made-up stratum
    d$age <- 40 + ((seq_len(nrow(d)) - 1) * 7) %% 31 # a made-up covariate
    S <- Surv(d$time, d$event)
    n <- function(s) paste0(files[i], ".", s)
    for (ct in c("plain","log","log-log")) {
      f <- survfit(S ~ x, d, conf.type=ct)
      q <- quantile(f, c(.25,.5,.75))
      for (a in 0:1) for (k in 1:3) {
        p(n(sprintf("%s.arm%d.q%d", ct, a, k)), q$quantile[a+1,k])
        p(n(sprintf("%s.arm%d.q%d.low", ct, a, k)), q$lower[a+1,k]); p(n(sprintf("%s.arm%d.q%d.high", ct, a, k)), q$upper[a+1,k]) }
      s <- summary(f, times=c(3,6,12), extend=TRUE)
      for (j in seq_along(s$time)) { m <- n(sprintf("%s.%s.t%g", ct, sub("x=","arm",s$strata[j]), s$time[j]))
        p(paste0(m,".s"), s$surv[j]); p(paste0(m,".se"), s$std.err[j]); p(paste0(m,".low"), s$lower[j]); p(paste0(m,".high"), s$upper[j]); p(paste0(m,".risk"), s$n.risk[j]) }
      # the whole curve as sums
      for (a in 0:1) { g <- survfit(S[d$x==a] ~ 1, conf.type=ct)
        p(n(sprintf("%s.arm%d.sum.s", ct, a)), sum(g$surv)); p(n(sprintf("%s.arm%d.sum.low", ct, a)), sum(g$lower, na.rm=TRUE)); p(n(sprintf("%s.arm%d.sum.high", ct, a)), sum(g$upper, na.rm=TRUE)) }
    }
    for (rho in c(0,1)) { t <- survdiff(S ~ x, d, rho=rho); p(n(sprintf("survdiff.rho%g.chi2", rho)), t$chisq); p(n(sprintf("survdiff.rho%g.obs1", rho)), t$obs[2]); p(n(sprintf("survdiff.rho%g.exp1", rho)), t$exp[2]); p(n(sprintf("survdiff.rho%g.var", rho)), t$var[2,2])
      p(n(sprintf("survdiff.rho%g.p", rho)), pchisq(t$chisq, 1, lower.tail=FALSE))
      t <- survdiff(S ~ x + strata(stratum), d, rho=rho); p(n(sprintf("survdiff.strata.rho%g.chi2", rho)), t$chisq) }
    t <- survdiff(S ~ stratum, d); p(n("survdiff.three.chi2"), t$chisq)
    for (ties in c("efron","breslow")) {
      models <- list(arm=S ~ x, strata=S ~ x + strata(stratum), age=S ~ x + age + strata(stratum), three=S ~ x + age + I(x*age))
      for (m in names(models)) { f <- coxph(models[[m]], d, ties=ties, control=ctl); k <- length(coef(f)); sm <- summary(f)
        for (c in 1:k) { p(n(sprintf("cox.%s.%s.b%d", ties, m, c)), coef(f)[c]); p(n(sprintf("cox.%s.%s.se%d", ties, m, c)), sqrt(diag(f$var))[c]) }
        p(n(sprintf("cox.%s.%s.ll0", ties, m)), f$loglik[1]); p(n(sprintf("cox.%s.%s.ll1", ties, m)), f$loglik[2])
        p(n(sprintf("cox.%s.%s.score", ties, m)), f$score); p(n(sprintf("cox.%s.%s.wald", ties, m)), f$wald.test) 
        p(n(sprintf("cox.%s.%s.pwald", ties, m)), pchisq(f$wald.test, k, lower.tail=FALSE)) }
    }
    for (tau in c(6, 12)) for (a in 0:1) { g <- survfit(S[d$x==a] ~ 1); s <- summary(g, rmean=tau)$table
      p(n(sprintf("rmst%g.arm%d", tau, a)), s["rmean"]); p(n(sprintf("rmst%g.arm%d.se", tau, a)), s["se(rmean)"]) }
  }
} else {
  for (i in seq_along(files)) {
    d <- read.csv(paste0("tests/data/km/", files[i], ".csv")); d$x <- as.integer(d$arm != control[i])
    n <- function(s) paste0(files[i], ".", s)
    km <- summary(survfit(Surv(time,event) ~ 1, d), times=6)$surv
    ws <- list(fh00=function(S,n,t) 1, fh01=function(S,n,t) 1-S, fh10=function(S,n,t) S, fh11=function(S,n,t) S*(1-S), fh05=function(S,n,t) sqrt(1-S),
               gehan=function(S,n,t) n, tarone=function(S,n,t) sqrt(n), modest6=function(S,n,t) 1/max(S,km), modest2=function(S,n,t) min(2,1/S))
    r <- lapply(ws, function(w) wtest(d, w))
    for (w in names(ws)) p(n(paste0("weighted.", w)), sum(r[[w]]$W*r[[w]]$U)/sqrt(sum(r[[w]]$W^2*r[[w]]$V)))
    m <- c("fh00","fh01","fh10","fh11"); Z <- sapply(m, function(w) sum(r[[w]]$W*r[[w]]$U)/sqrt(sum(r[[w]]$W^2*r[[w]]$V)))
    C <- outer(m, m, Vectorize(function(a,b) sum(r[[a]]$W*r[[b]]$W*r[[a]]$V))); C <- C/sqrt(outer(diag(C),diag(C)))
    p(n("maxcombo.r12"), C[1,2])
    # competing risks: every third row's event is of cause 2
    d$cause <- ifelse(d$event==1, ifelse((seq_len(nrow(d))-1) %% 3 == 0, 2, 1), 0); d$stratum <- (seq_len(nrow(d)) - 1) %% 2
    cu <- cuminc(d$time, d$cause, d$x); tp <- timepoints(cu, c(3,6,12))
    for (a in 0:1) for (c in 1:2) { row <- paste(a, c); for (t in c("3","6","12")) { p(n(sprintf("cif.arm%d.cause%d.t%s", a, c, t)), tp$est[row,t]); p(n(sprintf("cif.arm%d.cause%d.t%s.se", a, c, t)), sqrt(tp$var[row,t])) } }
    for (c in 1:2) p(n(sprintf("gray.cause%d", c)), cu$Tests[c,1])
    cs <- cuminc(d$time, d$cause, d$x, strata=d$stratum); for (c in 1:2) p(n(sprintf("gray.strata.cause%d", c)), cs$Tests[c,1])
    d$third <- (seq_len(nrow(d)) - 1) %% 5 %% 3
    c3 <- cuminc(d$time, d$cause, d$third); for (c in 1:2) p(n(sprintf("gray.three.cause%d", c)), c3$Tests[c,1])
    # mixture cure, Weibull, maximum of the log likelihood by nlm
    for (a in 0:1) { e <- d[d$x==a,]
      ll <- function(th, ex=FALSE) { pi <- plogis(th[1]); k <- if (ex) 1 else exp(th[3]); b <- exp(th[2]); S <- exp(-(e$time/b)^k); f <- k/b*(e$time/b)^(k-1)*S
        -sum(ifelse(e$event==1, log((1-pi)*f), log(pi+(1-pi)*S))) }
      best <- NULL; for (s in c(-3,-1,0)) { o <- optim(c(s, log(mean(e$time)), 0), ll, method="BFGS", control=list(reltol=1e-15, maxit=1000)); o <- optim(o$par, ll, method="Nelder-Mead", control=list(reltol=1e-16, maxit=20000)); if (is.null(best) || o$value < best$value) best <- o }
      p(n(sprintf("cure.arm%d.ll", a)), -best$value); p(n(sprintf("cure.arm%d.logit", a)), best$par[1]); p(n(sprintf("cure.arm%d.logb", a)), best$par[2]); p(n(sprintf("cure.arm%d.logk", a)), best$par[3])
      w <- survreg(Surv(time,event) ~ 1, e, control=survreg.control(rel.tolerance=1e-14)); p(n(sprintf("weibull.arm%d.ll", a)), w$loglik[2]) }
  }
  l <- read.delim("tests/data/loris_cohort.tsv"); names(l) <- tolower(names(l))
  y <- l[[ncol(l)]]
  for (v in c("tmb","albumin","nlr","age")) if (!is.null(l[[v]])) { r <- roc(y, l[[v]], direction="<", quiet=TRUE); ci <- ci.auc(r, method="delong")
    p(paste0("roc.",v,".auc"), as.numeric(r$auc)); p(paste0("roc.",v,".low"), ci[1]); p(paste0("roc.",v,".high"), ci[3]); p(paste0("roc.",v,".var"), var(r, method="delong")) }
  t <- roc.test(roc(y,l$tmb,direction="<",quiet=TRUE), roc(y,l$albumin,direction="<",quiet=TRUE), method="delong", paired=TRUE); p("roc.tmb.albumin.z", t$statistic); p("roc.tmb.albumin.p", t$p.value)
  for (kn in list(c(0,10),c(1,1),c(3,17),c(58,134),c(10,10),c(451,964),c(999,100000))) { k<-kn[1]; m<-kn[2]; b <- binom.test(k,m,0.2); w <- suppressWarnings(prop.test(k,m,correct=FALSE)); nm <- sprintf("prop.%d.%d",k,m)
    p(paste0(nm,".low"), b$conf.int[1]); p(paste0(nm,".high"), b$conf.int[2]); p(paste0(nm,".p"), b$p.value); p(paste0(nm,".wlow"), w$conf.int[1]); p(paste0(nm,".whigh"), w$conf.int[2]) 
    q <- poisson.test(k, 12.5)$conf.int; p(paste0(nm,".rlow"), q[1]); p(paste0(nm,".rhigh"), q[2]) }
  for (df in c(1,2,7)) for (x in c(0.1,3.84,50)) p(sprintf("chi2.%g.%g", df, x), pchisq(x,df,lower.tail=FALSE))
  for (a in c(0.5,3,40)) for (b in c(0.7,25)) p(sprintf("beta.%g.%g", a, b), pbeta(0.3,a,b))
  # P(any of four weighted tests beyond), by nested adaptive integration over the three numbers that the four are made of.
  box <- function(L, lo, hi) { # L 4 x 3
    inner <- function(y1, y2) { l <- -Inf; h <- Inf; g <- L[,1]*y1 + L[,2]*y2
      for (k in 1:4) if (abs(L[k,3]) > 1e-9) { a <- (lo[k]-g[k])/L[k,3]; b <- (hi[k]-g[k])/L[k,3]; l <- max(l, min(a,b)); h <- min(h, max(a,b)) } 
      if (l >= h) 0 else if (l > 0) pnorm(-l)-pnorm(-h) else pnorm(h)-pnorm(l) }
    mid <- function(y1) { l <- -9; h <- 9; br <- c()
      for (k in 1:4) if (abs(L[k,3]) <= 1e-9 && abs(L[k,2]) > 1e-9) { a <- (lo[k]-L[k,1]*y1)/L[k,2]; b <- (hi[k]-L[k,1]*y1)/L[k,2]; l <- max(l, min(a,b)); h <- min(h, max(a,b)) }
      if (l >= h) return(0); s <- seq(l, h, length.out=9); sum(sapply(1:8, function(j) integrate(function(v) sapply(v, function(u) dnorm(u)*inner(y1,u)), s[j], s[j+1], rel.tol=1e-9, abs.tol=1e-14, subdivisions=400)$value)) }
    l <- max(-9, min(c(lo[1]/L[1,1], hi[1]/L[1,1]))); h <- min(9, max(c(lo[1]/L[1,1], hi[1]/L[1,1]))); s <- seq(l, h, length.out=5)
    sum(sapply(1:4, function(j) integrate(function(v) sapply(v, function(u) dnorm(u)*mid(u)), s[j], s[j+1], rel.tol=1e-9, abs.tol=1e-13, subdivisions=200)$value)) }
  for (i in seq_along(files)) { if (i == 3) next
    d <- read.csv(paste0("tests/data/km/", files[i], ".csv")); d$x <- as.integer(d$arm != control[i]); n <- function(s) paste0(files[i], ".", s)
    ws <- list(function(S,n,t) 1, function(S,n,t) 1-S, function(S,n,t) S, function(S,n,t) S*(1-S))
    r <- lapply(ws, function(w) wtest(d, w)); Z <- sapply(r, function(q) sum(q$W*q$U)/sqrt(sum(q$W^2*q$V)))
    C <- outer(1:4,1:4,Vectorize(function(a,b) sum(r[[a]]$W*r[[b]]$W*r[[a]]$V))); sd <- sqrt(diag(C)); C <- C/outer(sd,sd)
    # rows 1, 2, 4 carry the numbers; row 3 = (sd1 X1 - sd2 X2)/sd3
    R <- t(chol(C[c(1,2,4),c(1,2,4)])); L <- rbind(R[1,], R[2,], (sd[1]*R[1,]-sd[2]*R[2,])/sd[3], R[3,])
    q <- max(abs(Z)); p(n("combo.p"), 1-box(L, rep(-q,4), rep(q,4))); p(n("combo.p_lower"), 1-box(L, rep(min(Z),4), rep(Inf,4))) }
  for (i in seq_along(files)) { d <- read.csv(paste0("tests/data/km/", files[i], ".csv")); d$x <- as.integer(d$arm != control[i]); d$f <- factor((seq_len(nrow(d)) - 1) %% 3)
    for (l in 0:2) { f <- coxph(Surv(time,event) ~ x, d[d$f==l,], control=ctl); p(sprintf("%s.forest.b%d", files[i], l), coef(f)) }
    a <- coxph(Surv(time,event) ~ x + f, d, control=ctl); b <- coxph(Surv(time,event) ~ x * f, d, control=ctl); p(sprintf("%s.forest.lr", files[i]), 2*(b$loglik[2]-a$loglik[2])) }
}
