# SPDX-License-Identifier: GPL-3.0-or-later
# NVTX's headers out of NVIDIA's PyPI wheel (150 kB), for machines without the CUDA toolkit. CMake looks for them in
# $build_dir/nvtx/include. They are optional: without them Vitrine tells profilers nothing, and all else works.

nvtx_version=13.0.85
nvtx_sha256=4936d1d6780fbe68db454f5e72a42ff64d1fd6397df9f363ae786930fd5c1cd4

ensure_nvtx() {
    local place=$build_dir/nvtx
    [[ -d $place || -f ${CUDA_HOME:-/usr/local/cuda}/include/nvtx3/nvToolsExt.h ]] && return 0
    say "Fetching the NVTX headers, 0.15 MB"
    local work
    work=$(mktemp -d "$build_dir/.fetch-XXXXXX")
    if fetch_nvtx "$work"; then
        mv "$work/nvtx" "$place"
    else
        mkdir "$place" # later starts lose no time
        say "NVTX's headers could not be fetched: Vitrine is built without NVTX ranges (delete '$place' to try again)"
    fi
    rm -rf "$work"
}

# fetch_nvtx FOLDER: FOLDER/nvtx/include/nvtx3, or a status that is not 0.
fetch_nvtx() {
    local work=$1 wheel
    python3 -m pip download --quiet --disable-pip-version-check --no-cache-dir --no-deps --only-binary=:all: --retries 2 \
        --platform manylinux1_x86_64 --dest "$work" "nvidia-nvtx==$nvtx_version" >&2 || return
    wheel=$(find "$work" -name '*.whl')
    [[ $(sha256sum "$wheel" | cut -d' ' -f1) == "$nvtx_sha256" ]] || return
    python3 - "$wheel" "$work/nvtx" <<'PY'
import pathlib, sys, zipfile

archive, target = zipfile.ZipFile(sys.argv[1]), pathlib.Path(sys.argv[2])
for name in archive.namelist():
    path = pathlib.PurePosixPath(name)
    if "include" in path.parts and not name.endswith("/") and ".." not in path.parts:
        place = target.joinpath(*path.parts[path.parts.index("include"):])
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(archive.read(name))
PY
}
