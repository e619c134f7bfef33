// SPDX-License-Identifier: GPL-3.0-or-later
// Four-bit codes that point into a table of 16 uneven steps: IQ4_NL, IQ4_XS and MXFP4.
#include "kernels/cpu/codebook_steps.h"
#include "kernels/cpu/dequantize_blocks.h"
#include "kernels/half.h"

namespace vitrine::kernels::cpu {

namespace {

/// 32 values from 16 bytes: low nibbles, then high nibbles.
void lookUp(const std::uint8_t* nibbles, const std::int8_t* steps, float scale, float* target)
{
    for (std::size_t i = 0; i < 16; ++i) {
        target[i] = scale * static_cast<float>(steps[nibbles[i] & 15]);
        target[i + 16] = scale * static_cast<float>(steps[nibbles[i] >> 4]);
    }
}

} // namespace

// scale, 16 bytes of nibbles
void dequantizeIq4Nl(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= 32, source += 18, target += 32)
        lookUp(source + 2, kUnevenSteps, loadHalf(source), target);
}

// scale, 16 bits of upper scale bits, 4 bytes of lower scale nibbles, 128 bytes of nibbles
void dequantizeIq4Xs(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= 256, source += 136, target += 256) {
        const float scale = loadHalf(source);
        const auto high = loadAs<std::uint16_t>(source + 2);
        for (std::size_t group = 0; group < 8; ++group) {
            const int low = source[4 + group / 2] >> (group % 2 * 4) & 15;
            const int groupScale = (low | (high >> (2 * group) & 3) << 4) - 32;
            lookUp(source + 8 + group * 16, kUnevenSteps, scale * static_cast<float>(groupScale),
                   target + group * 32);
        }
    }
}

// power of two, 16 bytes of nibbles
void dequantizeMxfp4(const std::uint8_t* source, float* target, std::size_t count)
{
    for (; count > 0; count -= 32, source += 17, target += 32)
        lookUp(source + 1, kFloat4Steps, halfPowerOfTwo(source[0]), target);
}

} // namespace vitrine::kernels::cpu
