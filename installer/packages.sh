# SPDX-License-Identifier: GPL-3.0-or-later
# The Debian packages that Vitrine is built, run and tested with (README.md says why each), and how to get them.

build_packages=(g++ cmake ninja-build pkg-config ca-certificates python3 python3-pip
    qt6-base-dev qt6-base-dev-tools libqt6sql6-sqlite qt6-svg-dev qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools linguist-qt6 qt6-translations-l10n
    libgl1-mesa-dev libqcustomplot-dev libpoppler-qt6-dev libpango1.0-dev nlohmann-json3-dev libxxhash-dev libsqlite3-dev fonts-inter fonts-dejavu-core fonts-noto-cjk)
test_packages=(python3-protobuf poppler-utils libboost-context-dev lld libopenmpi-dev openmpi-bin iproute2)
fuzz_packages=(clang libclang-rt-14-dev)

missing_packages() {
    local package
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || printf '%s\n' "$package"
    done
}

# as_root COMMAND...: directly as root, else through sudo.
as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo "$@"
    fi
}

# ensure_packages PACKAGES...: installs what is missing; touches neither network nor apt when nothing is.
ensure_packages() {
    [[ $install_packages == yes ]] || return 0
    { command -v dpkg-query && command -v apt-get; } >/dev/null ||
        fail "this system has no apt: install the counterparts of these packages and run again with --no-packages: $*."
    local missing
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    ((EUID == 0)) || command -v sudo >/dev/null ||
        fail "packages are missing and there is no sudo: run this once as root: apt-get install ${missing[*]}."
    say "Installing ${#missing[@]} packages: ${missing[*]}"
    need_space / 2500 "installing packages"
    as_root apt-get update >&2 ||
        fail "apt could not read the package lists: check the network connection and run again."
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >&2 ||
        fail "apt could not install the packages; its message stands above (a missing network is the usual cause)."
}
