# SPDX-License-Identifier: GPL-3.0-or-later
# coley assay tmb and neoantigen on real files: published burdens, R's counts, and what is refused.
. tests/support/shell.sh
data=tests/data/assay

# differ CSV: samples of the published table whose burden is another one.
differ()
{
    awk -F'[,\t]' 'FNR == 1 { next }
        NR == FNR { own[$1] = $5; next }
        { d = own[$1] - $3; if (!($1 in own) || d > 1e-4 * ($3 + 1) || -d > 1e-4 * ($3 + 1)) print $1 }' "$1" $data/msk_mind_2020_published.tsv
}

burden() { "$coley" assay tmb $data/msk_mind_2020.maf.gz --panels <(cut -f1,2 $data/msk_mind_2020_published.tsv) --csv --definition "$1" >"$work/$1.csv"; }

published()
{
    burden nonsynonymous && differ "$work/nonsynonymous.csv" | sort >"$work/other" && [ "$(wc -l <"$work/nonsynonymous.csv")" -eq 248 ] &&
        [ "$(wc -l <"$work/other")" -eq 11 ]
}
ok "236 of 247 published burdens of lung tumours come out" published

explained()
{
    zcat $data/msk_mind_2020.maf.gz | awk -F'\t' '$6 == "Splice_Region" || $6 == "Translation_Start_Site" { print $11 }' | sort -u >"$work/why"
    diff "$work/other" "$work/why" && burden cbioportal && [ -z "$(differ "$work/cbioportal.csv")" ]
}
ok "the other 11 are those with a splice region or a lost start codon, and by that definition all 247 come out" explained

# as_R FILE DEFINITION WHAT OPTION...: counts are those of count.R for every sample of the file.
as_R()
{
    local file=$1 definition=$2 what=$3
    shift 3
    "$coley" assay tmb "$data/$file" --definition "$definition" "$@" --csv >"$work/own.csv" || return
    awk -F'[,\t]' -v file="$file" -v what="$what" 'FNR == 1 { next }
        NR == FNR { own[$1] = $3; next }
        $1 == file && $2 == what { n++; if (own[$3] != $4) { print $3, own[$3], $4; bad = 1 } }
        END { exit bad || !n }' "$work/own.csv" $data/expected.tsv
}
mafs()
{
    local file
    for file in msk_mind_2020.maf.gz tcga_laml.maf.gz callers/vep_isoforms.maf.gz; do
        as_R $file nonsynonymous nonsynonymous && as_R $file coding coding || return
    done
    as_R msk_mind_2020.maf.gz nonsynonymous depth100_af0.1 --min-depth 100 --min-fraction 0.1
}
ok "MAFs have the counts that R finds, sample by sample" mafs
callers()
{
    local file
    for file in merged muse mutect strelka varscan; do
        as_R callers/$file.vcf.gz all all && as_R callers/$file.vcf.gz all all_depth50 --min-depth 50 || return
    done
    as_R T001-COAD.grch37.vcf.gz all all
}
ok "VCFs of five callers and of a colon tumour have the counts that R finds" callers

other_forms()
{
    local form
    zcat $data/callers/varscan.vcf.gz >"$work/plain.vcf"
    "$coley" assay tmb - -d all -m 35 --min-depth 50 --csv <"$work/plain.vcf" >"$work/want.csv" && [ "$(wc -l <"$work/want.csv")" -eq 2 ] || return
    for form in "$work/plain.vcf" $data/callers/varscan.vcf.gz $data/callers/varscan.bcf; do
        "$coley" assay tmb "$form" -d all -m 35 --min-depth 50 --csv >"$work/got.csv" && diff "$work/want.csv" "$work/got.csv" || return
    done
    head -c 16000 $data/callers/varscan.bcf >"$work/cut.bcf" && exits 3 "$coley" assay tmb "$work/cut.bcf" -d all -m 35
}
ok "plain, packed, BCF and standard input give one answer, and a BCF that was cut is refused" other_forms

unannotated() { exits 0 "$coley" assay tmb $data/T001-COAD.grch37.vcf.gz -m 35 && says out "cannot tell: no effects of variants are in the file" && says out "left out   3317 of an effect that does not count"; }
ok "a file without effects is not called, and the reason is said" unannotated

own_effects()
{
    local name count
    for name in plus minus; do
        zcat $data/csq/$name.vcf.gz | grep -v '^##INFO=<ID=BCSQ' | sed 's/BCSQ=.*/./' >"$work/plain.vcf"
        "$coley" assay tmb "$work/plain.vcf" -m 35 --gff $data/csq/$name.gff3.gz --reference $data/csq/$name.fa --json >"$work/own.json" &&
            "$coley" assay tmb $data/csq/$name.vcf.gz -m 35 --json >"$work/theirs.json" || return
        count=$(jq -s '[.[].samples[0].counted] | (.[0] - .[1]) | if . < 0 then -. else . end' "$work/own.json" "$work/theirs.json")
        [ "$count" -le 10 ] && [ "$(jq .samples[0].counted "$work/own.json")" -gt 1500 ] || { echo "$name: $count"; return 1; }
    done
}
ok "a VCF without effects gets them from GFF3 and FASTA: the count is within 10 of that by bcftools csq's" own_effects

wrong_genome()
{
    printf '##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n1\t5440\t.\tN\tA\t.\tPASS\t.\n1\t5441\t.\tA\tC\t.\tPASS\t.\n1\t5442\t.\tA\tC\t.\tPASS\t.\n' >"$work/w.vcf"
    exits 3 "$coley" assay tmb "$work/w.vcf" -m 35 --gff $data/csq/plus.gff3.gz --reference $data/csq/plus.fa && says err "another genome" &&
        exits 5 "$coley" assay tmb "$work/w.vcf" -m 35 --gff $data/csq/plus.gff3.gz --reference $data/README.md && says err "samtools faidx" &&
        printf '7\t1\t9\n' >"$work/7.bed" && exits 3 "$coley" assay tmb "$work/w.vcf" -d all -t "$work/7.bed" && says err "names none of the contigs"
}
ok "variants, targets or a reference of another genome are refused" wrong_genome

cut_short()
{
    head -c 40000 $data/T001-COAD.grch37.vcf.gz >"$work/cut.vcf.gz" && exits 3 "$coley" assay tmb "$work/cut.vcf.gz" -m 35 && says err "cut short" &&
        : >"$work/empty.vcf" && exits 3 "$coley" assay tmb "$work/empty.vcf" -m 35 && says err "is empty" &&
        zcat $data/callers/varscan.vcf.gz | tac >"$work/odd.vcf" && exits 3 "$coley" assay tmb "$work/odd.vcf" -m 35
}
ok "a file that was cut, an empty one and a shuffled one are refused" cut_short

remote() { exits 3 "$coley" assay tmb https://example.org/a.vcf.gz -m 35 && says err "only files of this machine" && exits 3 "$coley" assay tmb s3://bucket/a.bcf -m 35; }
ok "an address is refused" remote

targets()
{
    printf 'chr1\t0\t20000000\nchr1\t10000000\t40000000\n' >"$work/t.bed"
    "$coley" assay tmb $data/callers/strelka.vcf.gz -d all --targets "$work/t.bed" --json >"$work/t.json" &&
        zcat $data/callers/strelka.vcf.gz | awk -F'\t' '$1 == "1" && $2 <= 40000000 { n++ } END { print n }' >"$work/n" &&
        [ "$(jq .samples[0].counted "$work/t.json")" -eq "$(cat "$work/n")" ] && [ "$(jq .samples[0].megabases "$work/t.json")" = 40 ]
}
ok "targets limit what counts and are the denominator, overlaps once" targets

neoantigens() { exits 0 "$coley" assay neoantigen $data/msk_mind_2020.maf.gz -S P-0009202-T01-IM5 -p IMPACT410 --purity 0.5 --hla-lost 1 && says out "no binding is predicted" && says out "clonal" && says out "83 % of class I alleles left"; }
ok "neoantigen load says what it is not" neoantigens

panel()
{
    exits 0 "$coley" assay panel --vcf $data/msk_mind_2020.maf.gz -S P-0009202-T01-IM5 -p IMPACT410 --pdl1-tps 60 --infiltration desert --out "$work/b.yaml" &&
        says out "moves       TMB 6.9 -> 11.74" && exits 5 "$coley" assay panel --msi high --out "$work/b.yaml" &&
        printf 'cancer: nsclc\nlesions: [{site: lung, diameter: 30 mm}]\n' >"$work/s.yaml" &&
        exits 0 "$coley" run "$work/s.yaml" --biomarkers "$work/b.yaml" --dry-run && says out "tmb: 11.74" && says out "pdl1_tps: 0.6" && says out "infiltration: desert" &&
        exits 0 "$coley" candidate "$work/s.yaml" --biomarkers "$work/b.yaml" --rules-only && ! grep -q "ask for PD-L1 tumour proportion" "$work/out"
}
ok "the panel's file goes into run and candidate" panel

finish
