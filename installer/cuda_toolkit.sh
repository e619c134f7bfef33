# SPDX-License-Identifier: GPL-3.0-or-later
# NVIDIA's compiler nvcc and cuBLAS out of PyPI wheels, for machines without the CUDA toolkit; only when --cuda asks for
# them. CMake looks for them in $build_dir/cuda, which holds what /usr/local/cuda would. No driver is part of it: that
# comes from the system, and only computing needs it.

cuda_toolkit_megabytes=525
cuda_toolkit_wheels=(
    nvidia-cuda-nvcc==13.0.88 56fe502eb77625a12f25172caa3cdddb4e4c8ba2c8c17dba44b164761b380f03
    nvidia-cuda-crt==13.0.88 2c8043c7c9e02492716426e9919fc78d2c5b3b2a7a768a88e952676b08aa55a4
    nvidia-nvvm==13.0.88 c5f41ffeb6466944a026dfa5317d7d85355c119bbec279205d22f1869d1054e0
    nvidia-cuda-runtime==13.0.96 7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548
    nvidia-cuda-cccl==13.0.85 e0da7ad981f3a8aff08241b5bfc1af868742a63e2762f53a5171c492ef242649
    nvidia-cublas==13.0.2.14 0cf238ffdbe46c00cb9aa98e7bca745c223a5ca5a53e686ac8b3e5a08fe80d6c)

# is_cuda_toolkit FOLDER: nvcc of CUDA 13 and cuBLAS are there.
is_cuda_toolkit() {
    [[ -x $1/bin/nvcc && -f $1/include/cublasLt.h ]] && "$1/bin/nvcc" --version 2>/dev/null | grep -q 'release 13\.'
}

# has_cuda_toolkit: in one of the places where CMake looks.
has_cuda_toolkit() {
    local place in_path
    in_path=$(command -v nvcc || true)
    for place in "$build_dir/cuda" "${CUDA_HOME:-/usr/local/cuda}" /usr/local/cuda ${in_path:+"${in_path%/bin/nvcc}"}; do
        is_cuda_toolkit "$place" && return
    done
    return 1
}

ensure_cuda_toolkit() {
    has_cuda_toolkit && return
    [[ $(uname -m) == x86_64 ]] ||
        fail "the CUDA compiler is fetched for x86_64 alone: install NVIDIA's CUDA toolkit 13 on this $(uname -m) machine and run again."
    need_space "$build_dir" 2200 "the CUDA compiler and cuBLAS"
    say "Fetching the CUDA compiler and cuBLAS, $cuda_toolkit_megabytes MB (0.9 GB are kept)"
    local work
    work=$(mktemp -d "$build_dir/.fetch-XXXXXX")
    # shellcheck disable=SC2064
    trap "rm -rf '$work'" EXIT
    fetch_cuda_toolkit "$work" "$work/cuda"
    link_cuda_libraries "$work/cuda"
    try_cuda_toolkit "$work" "$work/cuda"
    rm -rf "$build_dir/cuda"
    mv "$work/cuda" "$build_dir/cuda"
    rm -rf "$work"
    trap - EXIT
}

# fetch_cuda_toolkit WORK TARGET
fetch_cuda_toolkit() {
    local work=$1 target=$2 i wheel
    for ((i = 0; i < ${#cuda_toolkit_wheels[@]}; i += 2)); do
        wheel=$(fetch_wheel "$work" "${cuda_toolkit_wheels[i]}" "${cuda_toolkit_wheels[i + 1]}") ||
            fail "${cuda_toolkit_wheels[i]} could not be downloaded from PyPI, or has a wrong SHA-256 sum: check the network connection and run again, or run without --cuda to compute on the processor alone."
        unpack_wheel "$wheel" cu13 "$target" ||
            fail "${cuda_toolkit_wheels[i]} could not be unpacked into '$target': the disk may be full."
        rm "$wheel"
    done
}

# Wheels have no links: names without a version are for the linker, lib64 for nvcc.
link_cuda_libraries() {
    local library
    for library in "$1"/lib/*.so.*; do
        ln -s "$(basename "$library")" "${library%.so.*}.so"
    done
    ln -s lib "$1/lib64"
}

# try_cuda_toolkit WORK FOLDER: one kernel is compiled.
try_cuda_toolkit() {
    printf '__global__ void twice(float* x) { x[threadIdx.x] *= 2; }\n' >"$1/try.cu"
    "$2/bin/nvcc" -arch=sm_80 -c "$1/try.cu" -o "$1/try.o" >"$build_dir/cuda-try.log" 2>&1 ||
        fail "the CUDA compiler arrived and cannot compile a kernel on this system: the reason stands in $build_dir/cuda-try.log (CUDA 13.0 takes g++ up to version 15)."
    rm -f "$build_dir/cuda-try.log"
}
