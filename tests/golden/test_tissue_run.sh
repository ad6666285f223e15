# SPDX-License-Identifier: GPL-3.0-or-later
# coley tissue run: stopped and killed at any moment, it loses at most the frame that is being written, and --resume makes
# the files of a run that was never stopped.
. tests/support/shell.sh
settings=models/tissue/oncolytic_virus/settings.xml
model=("$coley" tissue run $settings --end 60 --save 6 --picture 12 --formats multicellds,h5ad,vtk,csv,png)
whole=$work/whole

reference() { exits 0 "${model[@]}" --threads 1 --out "$whole" && says out "Done at 60 min" && [ "$(wc -l <"$whole/counts.csv")" = 12 ]; }
ok "a run writes a row and a frame in every form every six minutes" reference

# Every file of a killed run is a whole one: that of the run that was never stopped.
every_file_is_whole()
{
    local file
    (cd "$1" && find . -type f ! -name "*.part-*" ! -name counts.csv ! -name run.json ! -name checkpoint.bin ! -name preview.png ! -name "*.pvd") |
        while read -r file; do
            cmp "$1/$file" "$whole/$file" || exit 1
        done
}

# Rows are whole but perhaps the last, and the frames of all rows are there in every form.
nothing_but_the_last_frame_is_lost()
{
    local rows frame
    [ -e "$1/counts.csv" ] || return 0
    rows=$(wc -l <"$1/counts.csv")
    head -n "$rows" "$1/counts.csv" | cmp - <(head -n "$rows" "$whole/counts.csv") || return
    for frame in $(seq 0 $((rows - 2))); do
        frame=$(printf %08d "$frame")
        [ -e "$1/multicellds/output$frame.xml" ] && [ -e "$1/anndata/cells$frame.h5ad" ] && [ -e "$1/vtk/cells$frame.vtu" ] &&
            [ -e "$1/cells/cells$frame.csv" ] || return
    done
}

# killed FOLDER SECONDS ARGUMENT...: kill -9 after so long.
killed()
{
    local folder=$1 after=$2 run
    shift 2
    "${model[@]}" --threads 2 --out "$folder" -q "$@" >/dev/null 2>&1 &
    run=$!
    sleep "$after"
    kill -KILL $run 2>/dev/null # it may be done already
    wait $run 2>/dev/null
    every_file_is_whole "$folder" && nothing_but_the_last_frame_is_lost "$folder"
}

moment() { printf 0.%03d $((RANDOM % 900 + 50)); }

at_any_moment()
{
    local k
    for k in 1 2 3 4 5 6; do
        rm -rf "$work/killed"
        mkdir -p "$work/killed"
        killed "$work/killed" "$(moment)" || return
    done
    killed "$work/killed" "$(moment)" --resume || return
    exits 0 "${model[@]}" --threads 1 --resume --out "$work/killed" && diff -r "$work/killed" "$whole"
}
ok "kill -9 at any moment leaves whole files, and the next run makes them all as if nothing had been" at_any_moment

# Ctrl-C: the checkpoint stands; then a kill, and on from that checkpoint.
interrupted()
{
    local run got=0 tries
    rm -rf "$work/stopped"
    mkdir -p "$work/stopped"
    "${model[@]}" --threads 2 --out "$work/stopped" >"$work/out" 2>"$work/err" &
    run=$!
    for tries in $(seq 200); do
        [ "$(wc -l 2>/dev/null <"$work/stopped/counts.csv" || echo 0)" -ge 5 ] && break
        sleep 0.02
    done
    kill -INT $run
    wait $run || got=$?
    says out "Go on with the same command and --resume" && [ -s "$work/stopped/checkpoint.bin" ] || return
    cp "$work/stopped/checkpoint.bin" "$work/first.bin"
    killed "$work/stopped" "$(moment)" --resume || return
    exits 0 "${model[@]}" --threads 3 --resume --out "$work/stopped" && diff -r "$work/stopped" "$whole" && ! cmp -s "$work/first.bin" "$work/stopped/checkpoint.bin"
}
ok "Ctrl-C writes a checkpoint, from which every output goes on bit for bit, also after a kill" interrupted

other()
{
    exits 3 "${model[@]}" --resume --seed 99 --out "$whole" && says err "made with another seed; give the same one"
}
ok "a checkpoint of another seed is refused" other

finish
