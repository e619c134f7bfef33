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
    if fetch_wheel_headers "$work" "$work/nvtx" "nvidia-nvtx==$nvtx_version" "$nvtx_sha256"; then
        mv "$work/nvtx" "$place"
    else
        mkdir "$place" # later starts lose no time
        say "NVTX's headers could not be fetched: Vitrine is built without NVTX ranges (delete '$place' to try again)"
    fi
    rm -rf "$work"
}
