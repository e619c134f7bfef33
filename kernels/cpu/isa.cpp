// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/isa.h"

#include <cstdlib>
#include <cstring>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif
#if defined(__linux__) && defined(__x86_64__)
#include <csetjmp>
#include <csignal>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace vitrine::kernels::cpu {

namespace amx {
bool tilesMultiply(); // isa_trial_amx.cpp
}

namespace {

constexpr Isa kAll[] = {Isa::Scalar, Isa::Avx2, Isa::AvxVnni, Isa::Avx512, Isa::Avx512Vnni, Isa::Amx};

struct Machine
{
    bool avx2 = false;
    bool avxVnni = false;
    bool avx512 = false;
    bool avx512Vnni = false;
    bool amx = false;
};

#if defined(__x86_64__) || defined(__i386__)

constexpr bool bit(unsigned value, int index)
{
    return (value >> index & 1U) != 0;
}

constexpr unsigned kTileState = 0x60000; // XTILECFG and XTILEDATA in XCR0

/// What the operating system saves at a context switch (XCR0). REQUIRES: OSXSAVE.
unsigned savedState()
{
    unsigned low = 0;
    unsigned high = 0;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

#if defined(__linux__) && defined(__x86_64__)

/// Linux gives a process room for the tile registers when it asks for it, and its threads with it.
bool mayUseTiles()
{
    constexpr long kAskForState = 0x1023; // ARCH_REQ_XCOMP_PERM
    constexpr long kTileData = 18;
    return syscall(SYS_arch_prctl, kAskForState, kTileData) == 0;
}

sigjmp_buf tileTrial;

/// What CPUID and the system promise, tried: some virtual machines and emulators promise it and fault.
bool tilesWork()
{
    struct sigaction guard = {};
    struct sigaction former = {};
    guard.sa_handler = [](int) { siglongjmp(tileTrial, 1); };
    if (sigaction(SIGILL, &guard, &former) != 0)
        return false;
    const bool works = sigsetjmp(tileTrial, 1) == 0 && amx::tilesMultiply();
    sigaction(SIGILL, &former, nullptr);
    return works;
}

#else

bool mayUseTiles()
{
    return false;
}
bool tilesWork()
{
    return false;
}

#endif

Machine detect()
{
    unsigned a = 0, b = 0, c = 0, d = 0;
    Machine machine;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !bit(c, 27))
        return machine;
    const bool fma = bit(c, 12) && bit(c, 28) && bit(c, 29); // FMA, AVX, F16C
    const unsigned saved = savedState();
    const bool ymm = (saved & 0x6U) == 0x6U;
    const bool zmm = (saved & 0xe6U) == 0xe6U;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d))
        return machine;
    const bool tiles = bit(d, 22) && bit(d, 24) && (saved & kTileState) == kTileState; // AMX-BF16, AMX-TILE
    machine.avx2 = ymm && fma && bit(b, 5);
    machine.avx512 =
        machine.avx2 && zmm && bit(b, 16) && bit(b, 17) && bit(b, 30) && bit(b, 31); // F DQ BW VL
    machine.avx512Vnni = machine.avx512 && bit(c, 11);
    if (a >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d)) {
        machine.avxVnni = machine.avx2 && bit(a, 4);
        const bool bfloat16 = bit(a, 5);
        machine.amx = machine.avx512Vnni && bfloat16 && tiles && mayUseTiles() && tilesWork();
    }
    return machine;
}

#else

Machine detect()
{
    return {};
}

#endif

const Machine& machine()
{
    static const Machine found = detect();
    return found;
}

Isa choose()
{
    Isa best = Isa::Scalar;
    for (const Isa isa : kAll)
        if (supports(isa))
            best = isa;
    Isa wanted = best;
    const char* name = std::getenv("VITRINE_ISA");
    if (name && isaFromName(name, &wanted) && supports(wanted))
        return wanted;
    return best;
}

} // namespace

const char* isaName(Isa isa)
{
    switch (isa) {
    case Isa::Scalar:
        return "scalar";
    case Isa::Avx2:
        return "avx2";
    case Isa::AvxVnni:
        return "avxvnni";
    case Isa::Avx512:
        return "avx512";
    case Isa::Avx512Vnni:
        return "avx512vnni";
    case Isa::Amx:
        return "amx";
    }
    return "unknown";
}

const char* isaTitle(Isa isa)
{
    switch (isa) {
    case Isa::Scalar:
        return "scalar";
    case Isa::Avx2:
        return "AVX2";
    case Isa::AvxVnni:
        return "AVX-VNNI";
    case Isa::Avx512:
        return "AVX-512";
    case Isa::Avx512Vnni:
        return "AVX-512 VNNI";
    case Isa::Amx:
        return "AMX";
    }
    return "unknown";
}

bool isaFromName(const char* name, Isa* isa)
{
    for (const Isa candidate : kAll) {
        if (std::strcmp(name, isaName(candidate)) == 0) {
            *isa = candidate;
            return true;
        }
    }
    return false;
}

bool supports(Isa isa)
{
    switch (isa) {
    case Isa::Scalar:
        return true;
    case Isa::Avx2:
        return machine().avx2;
    case Isa::AvxVnni:
        return machine().avxVnni;
    case Isa::Avx512:
        return machine().avx512;
    case Isa::Avx512Vnni:
        return machine().avx512Vnni;
    case Isa::Amx:
        return machine().amx;
    }
    return false;
}

Isa selectedIsa()
{
    static const Isa selected = choose();
    return selected;
}

} // namespace vitrine::kernels::cpu
