// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/vector_operations.h"

namespace vitrine::kernels::cpu {

const VectorOperations& vectorOperations(Isa isa)
{
    if (isa >= Isa::Avx512)
        return kVectorAvx512;
    return isa >= Isa::Avx2 ? kVectorAvx2 : kVectorScalar;
}

} // namespace vitrine::kernels::cpu
