// SPDX-License-Identifier: GPL-3.0-or-later
// Which instruction sets this machine really runs. CPUID and XCR0 are asked once; VITRINE_ISA=NAME
// (scalar, avx2, avxvnni, avx512, avx512vnni, amx) lowers the answer, never raises it. Any thread.
#pragma once

#include <cstdint>

namespace vitrine::kernels::cpu {

/// Ordered: a machine that runs one runs all before it, except that AvxVnni is skipped on the way to
/// Avx512 (supports() tells).
enum class Isa : std::uint8_t { Scalar, Avx2, AvxVnni, Avx512, Avx512Vnni, Amx };

const char* isaName(Isa isa);                 ///< as VITRINE_ISA spells it
const char* isaTitle(Isa isa);                ///< as people write it: "AVX-512 VNNI"
bool isaFromName(const char* name, Isa* isa); ///< false and `isa` untouched when there is no such name
bool supports(Isa isa); ///< the machine runs it and the operating system saves its registers
Isa selectedIsa();      ///< the best supported one, or what VITRINE_ISA asks for if supported

} // namespace vitrine::kernels::cpu
