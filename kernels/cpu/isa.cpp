// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/isa.h"

#include <cstdlib>
#include <cstring>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

namespace vitrine::kernels::cpu {

namespace {

constexpr Isa kAll[] = {Isa::Scalar, Isa::Avx2, Isa::AvxVnni, Isa::Avx512, Isa::Avx512Vnni};

struct Machine
{
    bool avx2 = false;
    bool avxVnni = false;
    bool avx512 = false;
    bool avx512Vnni = false;
};

#if defined(__x86_64__) || defined(__i386__)

constexpr bool bit(unsigned value, int index)
{
    return (value >> index & 1U) != 0;
}

/// What the operating system saves at a context switch (XCR0). REQUIRES: OSXSAVE.
unsigned savedState()
{
    unsigned low = 0;
    unsigned high = 0;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

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
    machine.avx2 = ymm && fma && bit(b, 5);
    machine.avx512 =
        machine.avx2 && zmm && bit(b, 16) && bit(b, 17) && bit(b, 30) && bit(b, 31); // F DQ BW VL
    machine.avx512Vnni = machine.avx512 && bit(c, 11);
    if (a >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d))
        machine.avxVnni = machine.avx2 && bit(a, 4);
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
    }
    return false;
}

Isa selectedIsa()
{
    static const Isa selected = choose();
    return selected;
}

} // namespace vitrine::kernels::cpu
