# SPDX-License-Identifier: GPL-3.0-or-later
# What installer/run and installer/test share: flags, packages, models, build. Sourced by bash, never run.
# Every step is skipped when its result is already there, so that a second start needs no network and no time.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=installer/packages.sh
. "$root/installer/packages.sh"
# shellcheck source=installer/models.sh
. "$root/installer/models.sh"
# shellcheck source=installer/wheels.sh
. "$root/installer/wheels.sh"
# shellcheck source=installer/cuda_headers.sh
. "$root/installer/cuda_headers.sh"
# shellcheck source=installer/cuda_toolkit.sh
. "$root/installer/cuda_toolkit.sh"
# shellcheck source=installer/nvtx.sh
. "$root/installer/nvtx.sh"

install_packages=yes
with_cuda=no
build_dir=$root/build
jobs=$(nproc)
rest=()

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
fail() {
    printf '\n%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# parse_flags USAGE_FUNCTION ARGUMENTS... sets the variables above; what follows "--" lands in `rest`.
parse_flags() {
    local usage=$1
    shift
    while (($#)); do
        case $1 in
            --build-dir | --jobs | -j)
                (($# >= 2)) || fail "flag '$1' wants a value: see $0 --help."
                set_flag "$1" "$2"
                shift
                ;;
            --build-dir=* | --jobs=*) set_flag "${1%%=*}" "${1#*=}" ;;
            --no-packages) install_packages=no ;;
            --cuda) with_cuda=yes ;;
            --help | -h)
                "$usage"
                exit 0
                ;;
            --)
                shift
                rest=("$@")
                break
                ;;
            *) extra_flag "$1" || fail "unknown flag '$1': see $0 --help." ;;
        esac
        shift
    done
    mkdir -p "$build_dir" 2>/dev/null || fail "cannot create the build folder '$build_dir': choose another one with --build-dir."
    build_dir=$(cd "$build_dir" && pwd)
}

set_flag() {
    case $1 in
        --build-dir) build_dir=$2 ;;
        *)
            [[ $2 =~ ^[1-9][0-9]{0,3}$ ]] || fail "--jobs wants a number of at least 1, not '$2'."
            jobs=$2
            ;;
    esac
}

# A script may define its own flags by redefining this.
extra_flag() { return 1; }

# need_space FOLDER MEBIBYTES WHAT
need_space() {
    local free
    free=$(df -Pm "$1" | awk 'NR == 2 {print $4}')
    ((free >= $2)) || fail "disk full: $3 needs $2 MiB in '$1' and $free MiB are free; make room there and run again."
}

# misses_cuda PRESET: --cuda was given, and the build folder was configured before there was a compiler.
misses_cuda() {
    [[ $with_cuda == yes ]] && grep -qs '^VITRINE_NVCC:FILEPATH=.*-NOTFOUND$' "$build_dir/$1/CMakeCache.txt"
}

# configure PRESET [CMAKE_FLAGS...]: only when the build folder has no configuration yet.
configure() {
    local preset=$1
    shift
    [[ -f $build_dir/$preset/build.ninja ]] && ! misses_cuda "$preset" && return
    need_space "$build_dir" 3000 "the $preset build"
    say "Configuring the $preset build"
    (cd "$root" && cmake --preset "$preset" -B "$build_dir/$preset" "$@") >"$build_dir/$preset-configure.log" 2>&1 ||
        fail "CMake could not configure the $preset build; the reason stands at the end of $build_dir/$preset-configure.log (missing packages are installed when --no-packages is left out)."
}

# compile PRESET [TARGETS...]
compile() {
    local preset=$1
    shift
    local targets=()
    (($#)) && targets=(--target "$@")
    say "Building $preset"
    cmake --build "$build_dir/$preset" -j "$jobs" "${targets[@]}" >&2 ||
        fail "the $preset build failed; the compiler's message stands above, and deleting '$build_dir/$preset' starts afresh."
}
