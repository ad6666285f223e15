# SPDX-License-Identifier: GPL-3.0-or-later
# make_h5ad.py -- the first 1,000 cells of lung.csv.gz as AnnData files (anndata 0.8), matrix by row, by column and dense.
import anndata, numpy, pandas, scipy.sparse

d = pandas.read_csv("lung.csv.gz").head(1000)
obs = pandas.DataFrame({"phenotype": pandas.Categorical(d["Phenotype"]), "tissue_category": d["Tissue Category"].values,
                        "area_um2": d["Entire Cell Area (sq microns)"].values,
                        "cd8_positive": (d["Phenotype"] == "CD8+").values}, index=d["Cell ID"].astype(str).values)
var = pandas.DataFrame(index=["Nucleus_PDL1", "Membrane_PDL1"])
x = d[["Nucleus PDL1 (Opal 520) Mean", "Membrane PDL1 (Opal 520) Mean"]].to_numpy()
xy = d[["Cell X Position", "Cell Y Position"]].to_numpy()
for name, matrix in [("csr", scipy.sparse.csr_matrix(x)), ("csc", scipy.sparse.csc_matrix(x)), ("dense", x)]:
    a = anndata.AnnData(matrix, obs=obs.copy(), var=var.copy(), obsm={"spatial": xy}, dtype=numpy.float64)
    a.write_h5ad("lung_%s.h5ad" % name, compression="gzip")
