# Writes the data and the expected values that the tests read: Rscript expected.R
# The column call is the R call that gave the row, with d the design of the row's name.

suppressMessages(library(survey))
data(api)
options(survey.lonely.psu = "fail")

keep <- c("stype", "sch.wide", "awards", "api00", "enroll", "api.stu", "pw")
export <- function(data, ...) {
  name <- paste0(deparse(substitute(data)), ".csv")
  write.csv(data[c(keep, ...)], name, row.names = FALSE, quote = FALSE)
}
export(apisrs, "fpc")
export(apistrat, "fpc")
export(apiclus1, "dnum", "fpc")
export(apiclus2, "dnum", "fpc1")

types <- data.frame(stype = c("E", "M", "H"), Freq = c(4421, 1018, 755))
wide <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
raked <- function(d) {
  control <- list(maxit = 1000, epsilon = 1e-9)
  rake(d, list(~stype, ~sch.wide), list(types, wide), control = control)
}

designs <- list(
  srs = svydesign(id = ~1, weights = ~pw, fpc = ~fpc, data = apisrs),
  srs_infinite = svydesign(id = ~1, weights = ~pw, data = apisrs),
  stratified = svydesign(id = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat),
  stratified_infinite = svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat),
  clustered = svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1),
  clustered_infinite = svydesign(id = ~dnum, weights = ~pw, data = apiclus1)
)
for (name in names(designs)) {
  d <- designs[[name]]
  by_wide <- startsWith(name, "strat")
  designs[[paste0(name, "_post_stratified")]] <-
    if (by_wide) postStratify(d, ~sch.wide, wide) else postStratify(d, ~stype, types)
  designs[[paste0(name, "_raked")]] <- raked(d)
}

calls <- expression(
  svymean(~api00, d),
  svytotal(~enroll, d),
  svyratio(~api.stu, ~enroll, d),
  svyciprop(~I(awards == "Yes"), d),
  svymean(~api00, subset(d, enroll > 500)),
  svytotal(~enroll, subset(d, enroll > 500)),
  svyratio(~api.stu, ~enroll, subset(d, enroll > 500)),
  svyciprop(~I(awards == "Yes"), subset(d, enroll > 500)),
  svymean(~api00, subset(d, stype == "M")),
  svyciprop(~I(awards == "Yes"), subset(d, stype == "M"))
)
blank <- expression(
  svymean(~enroll, d, na.rm = TRUE),
  svytotal(~enroll, d, na.rm = TRUE),
  svyratio(~api.stu, ~enroll, d, na.rm = TRUE)
)

digits <- function(values) t(vapply(values, function(x) sprintf("%.12g", x), ""))
written <- function(call) paste(deparse(call, width.cutoff = 200), collapse = "")
inside <- function(d, call) {
  if ("na.rm" %in% names(call)) subset(d, !is.na(enroll)) else eval(call[[length(call)]])
}
save <- function(rows, file) write.csv(do.call(rbind, rows), file, row.names = FALSE, quote = 1:2)

estimate <- function(name, d, call) {
  x <- eval(call)
  df <- degf(inside(d, call))
  ends <- unname(if (inherits(x, "svyciprop")) attr(x, "ci") else confint(x, df = df))
  values <- c(estimate = as.vector(coef(x)), se = as.vector(SE(x)),
              low = ends[1], high = ends[2], df = df)
  data.frame(design = name, call = written(call), digits(values))
}
rows <- list()
for (name in names(designs)) for (call in calls) {
  rows <- c(rows, list(estimate(name, designs[[name]], call)))
}
blanks <- svydesign(id = ~dnum, weights = ~pw, fpc = ~fpc1, data = apiclus2)
for (call in blank) rows <- c(rows, list(estimate("blanks", blanks, call)))

data(fpc)
names(fpc) <- c("stratum", "cluster", "weight", "sampled", "fpc", "x")
write.csv(fpc, "fpc.csv", row.names = FALSE, quote = FALSE)
finite <- svydesign(id = ~cluster, strata = ~stratum, weights = ~weight, fpc = ~fpc,
                    data = fpc, nest = TRUE)
infinite <- svydesign(id = ~cluster, strata = ~stratum, weights = ~weight, data = fpc, nest = TRUE)
both <- list(both = finite, both_infinite = infinite)
for (name in names(both)) for (call in expression(svymean(~x, d), svytotal(~x, d))) {
  rows <- c(rows, list(estimate(name, both[[name]], call)))
}
save(rows, "estimates.csv")

rao_scott <- function(name, d, call) {
  x <- eval(call)
  values <- c(x$statistic, x$parameter, x$p.value)
  names(values) <- c("statistic", "dof", "dof_residual", "p_value")
  data.frame(design = name, call = written(call), digits(values))
}
tests <- expression(
  svychisq(~sch.wide + stype, d, statistic = "F"),
  svychisq(~sch.wide + awards, d, statistic = "F"),
  svychisq(~awards + stype, subset(d, enroll > 500), statistic = "F")
)
gradient <- function(name, d, call) {
  d <- update(d, rank = as.numeric(factor(stype, levels = c("E", "M", "H"))), yes = awards == "Yes")
  x <- eval(call)
  found <- summary(x)$coefficients["rank", ]
  df <- x$df.residual
  ends <- found[[1]] + c(-1, 1) * qt(0.975, df) * found[[2]]
  values <- c(slope = found[[1]], se = found[[2]], low = ends[1], high = ends[2],
              statistic = found[[3]], dof = df, p_value = found[[4]])
  data.frame(design = name, call = written(call), digits(values))
}
tight <- list(epsilon = 1e-14)
models <- expression(
  svyglm(yes ~ rank, d, family = quasibinomial(), control = tight),
  svyglm(yes ~ rank, subset(d, enroll > 500), family = quasibinomial(), control = tight)
)
rows <- slopes <- list()
for (name in names(designs)) {
  for (call in tests) rows <- c(rows, list(rao_scott(name, designs[[name]], call)))
  for (call in models) slopes <- c(slopes, list(gradient(name, designs[[name]], call)))
}
save(rows, "rao_scott.csv")
save(slopes, "gradients.csv")
