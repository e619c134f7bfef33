# SPDX-License-Identifier: GPL-3.0-or-later
# The headers of CUDA and cuBLAS out of NVIDIA's PyPI wheels, for machines without the CUDA toolkit: the tests of CUDA
# code are compiled with them. CMake looks for them in $build_dir/cuda_headers/include. Without them those tests are
# left out. cuBLAS has its headers and libraries in one wheel; only the headers are kept.

cuda_header_wheels=(
    nvidia-cuda-runtime==13.0.96 7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548
    nvidia-cuda-crt==13.0.88 2c8043c7c9e02492716426e9919fc78d2c5b3b2a7a768a88e952676b08aa55a4
    nvidia-cuda-cccl==13.0.85 e0da7ad981f3a8aff08241b5bfc1af868742a63e2762f53a5171c492ef242649
    nvidia-cublas==13.0.2.14 0cf238ffdbe46c00cb9aa98e7bca745c223a5ca5a53e686ac8b3e5a08fe80d6c)

ensure_cuda_headers() {
    local place=$build_dir/cuda_headers
    [[ -d $place || -f $build_dir/cuda/include/cublasLt.h || -f ${CUDA_HOME:-/usr/local/cuda}/include/cublasLt.h ]] && return 0
    need_space "$build_dir" 600 "fetching CUDA's headers"
    say "Fetching the headers of CUDA and cuBLAS, 427 MB (25 MB are kept)"
    local work
    work=$(mktemp -d "$build_dir/.fetch-XXXXXX")
    if fetch_cuda_headers "$work"; then
        mv "$work/cuda_headers" "$place"
    else
        mkdir "$place" # later starts lose no time
        say "CUDA's headers could not be fetched: the tests of CUDA code are left out (delete '$place' to try again)"
    fi
    rm -rf "$work"
}

# fetch_cuda_headers FOLDER: FOLDER/cuda_headers/include, or a status that is not 0.
fetch_cuda_headers() {
    local work=$1 i
    for ((i = 0; i < ${#cuda_header_wheels[@]}; i += 2)); do
        fetch_wheel_headers "$work" "$work/cuda_headers" "${cuda_header_wheels[i]}" "${cuda_header_wheels[i + 1]}" ||
            return
    done
}
