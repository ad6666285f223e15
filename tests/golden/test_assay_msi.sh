# SPDX-License-Identifier: GPL-3.0-or-later
# coley assay sites and coley assay msi on the command line: tables, verdicts, refusals.
. tests/support/shell.sh

reference=tests/data/genome/chr1_slice.fa.gz

"$coley" assay sites $reference --quiet >"$work/sites.tsv"
first_sites()
{
    head -3 "$work/sites.tsv" | cut -f 1-7 >"$work/got"
    cat >"$work/want" <<'END'
chromosome	location	repeat_unit_length	repeat_times	repeat_unit_bases	left_flank_bases	right_flank_bases
chr1_640001_840000	913	1	14	T	TTTTC	GAGTC
chr1_640001_840000	1076	1	15	T	GCTAA	GTATT
END
    diff -u "$work/want" "$work/got"
}
ok "the first sites of the slice of chromosome 1 are the ones that MSIsensor-pro lists" first_sites
ok "there are 176 sites, as MSIsensor-pro finds" test "$(wc -l <"$work/sites.tsv")" -eq 177

# Five markers: two are unstable, so by the Bethesda panel MSI-H.
cat >"$work/five.tsv" <<'END'
site	sample	length	reads
BAT25	normal	25	80
BAT25	normal	24	9
BAT25	tumour	25	40
BAT25	tumour	19	45
BAT26	normal	26	85
BAT26	tumour	26	30
BAT26	tumour	15	60
D2S123	normal	14	50
D2S123	normal	17	48
D2S123	tumour	14	46
D2S123	tumour	17	51
D5S346	normal	12	90
D5S346	tumour	12	95
D17S250	normal	20	77
D17S250	tumour	20	80
END
five() { exits 0 "$coley" assay msi --lengths "$work/five.tsv" --cutoff markers && says out "MSI-H" && says out "40.00 % of 5 sites"; }
ok "two of five markers unstable is MSI-H by the Bethesda panel" five
one()
{
    grep -v BAT26 "$work/five.tsv" >"$work/four.tsv"
    exits 0 "$coley" assay msi --lengths "$work/four.tsv" --cutoff markers && says out "cannot tell"
}
ok "one of four markers is no call" one
folder()
{
    exits 0 "$coley" assay msi --lengths "$work/five.tsv" --cutoff markers -o "$work/five" &&
        [ "$(jq -r '.call, .sites_judged, .sites_unstable' "$work/five/msi.json" | tr '\n' ' ')" = "MSI-H 5 2 " ] &&
        awk -F '\t' '$1 == "BAT26" { print $8, $9; found = 1 } END { exit !found }' "$work/five/msi_sites.tsv" >"$work/ks"
}
ok "--out leaves the verdict and a row a site" folder
ks()
{
    # D of BAT26: 60 of 90 reads are shorter than any of the normal's: 2/3; n = 85 90/175; p by the series, in awk
    awk 'NR == 1 { n = 85 * 90 / 175; x = (sqrt(n) + 0.12 + 0.11 / sqrt(n)) * 2 / 3; p = 2 * exp(-2 * x * x)
        d = $1 - 2 / 3; r = $2 / p - 1; exit !(d * d < 1e-10 && r * r < 1e-10) }' "$work/ks"
}
ok "the Kolmogorov-Smirnov p-value of a marker is the classical one" ks

printf '##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n1\t5\t.\tA\tC\t.\tPASS\t.\n' >"$work/a.vcf"
fallback() { exits 0 "$coley" assay msi --vcf "$work/a.vcf" --sites "$work/sites.tsv" && says out "fallback" && says out "cannot tell"; }
ok "variants without megabases are a fallback without a call" fallback
mb() { exits 0 "$coley" assay msi --vcf "$work/a.vcf" --sites "$work/sites.tsv" --megabases 30 --json && says out '"call": "MSS"'; }
ok "variants over the megabases of an exome are called by the published density, as a fallback" mb

nothing() { exits 2 "$coley" assay msi && says err "--bam"; }
ok "without any input the command says what to give" nothing
both() { exits 2 "$coley" assay msi --vcf "$work/a.vcf" --lengths "$work/five.tsv" && says err "give one of"; }
ok "two inputs at once are refused" both
nosites() { exits 2 "$coley" assay msi --bam a.bam && says err "coley assay sites"; }
ok "reads without sites are refused" nosites
remote() { exits 3 "$coley" assay msi --bam https://example.org/t.bam --sites "$work/sites.tsv" && says err "only files of this machine"; }
ok "addresses are refused" remote
absent() { exits 5 "$coley" assay msi --bam "$work/none.bam" --sites "$work/sites.tsv" && says err "none.bam"; }
ok "a file that is not there is named" absent
env_remote() { exits 2 env REF_PATH=https://example.org/%s "$coley" assay msi --bam a.bam --sites "$work/sites.tsv" && says err REF_PATH; }
ok "an address in REF_PATH is refused, since HTSlib would fetch from it" env_remote

finish
