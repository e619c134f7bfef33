# SPDX-License-Identifier: GPL-3.0-or-later
# Header files out of a wheel on PyPI.

# fetch_wheel_headers WORK TARGET REQUIREMENT SHA256: what lies below the wheel's include/ goes to TARGET/include; a
# status that is not 0 when the wheel cannot be had or is another one. WORK is a folder for the download.
fetch_wheel_headers() {
    local work=$1 target=$2 requirement=$3 sum=$4 wheel
    python3 -m pip download --quiet --disable-pip-version-check --no-cache-dir --no-deps --only-binary=:all: --retries 2 \
        --platform manylinux1_x86_64 --platform manylinux2014_x86_64 --platform manylinux_2_27_x86_64 \
        --dest "$work" "$requirement" >&2 || return
    wheel=$(find "$work" -maxdepth 1 -name '*.whl')
    [[ $(sha256sum "$wheel" | cut -d' ' -f1) == "$sum" ]] || return
    python3 - "$wheel" "$target" <<'PY' || return
import pathlib, sys, zipfile

archive, target = zipfile.ZipFile(sys.argv[1]), pathlib.Path(sys.argv[2])
for name in archive.namelist():
    path = pathlib.PurePosixPath(name)
    if "include" in path.parts and not name.endswith("/") and ".." not in path.parts:
        place = target.joinpath(*path.parts[path.parts.index("include"):])
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(archive.read(name))
PY
    rm "$wheel"
}
