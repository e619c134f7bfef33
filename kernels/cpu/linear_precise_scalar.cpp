// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/linear_variants.h"

namespace vitrine::kernels::cpu::scalar {

void preciseRow(const float* w, std::int64_t columns, const float* x, std::int64_t count, float* y,
                std::int64_t stride, bool accumulate)
{
    for (std::int64_t m = 0; m < count; ++m) {
        double sum = 0.0;
        for (std::int64_t k = 0; k < columns; ++k)
            sum += static_cast<double>(w[k]) * static_cast<double>(x[m * columns + k]);
        const auto value = static_cast<float>(sum);
        y[m * stride] = accumulate ? y[m * stride] + value : value;
    }
}

} // namespace vitrine::kernels::cpu::scalar
