// SPDX-License-Identifier: GPL-3.0-or-later
// The row operations over a vector type S (simd_avx2.h, simd_avx512.h). Included by vector_avx*.cpp only;
// every name depends on S, so that no copy compiled for one machine serves another.
#pragma once

#include <cstdint>

#include "kernels/cpu/vector_operations.h"

namespace vitrine::kernels::cpu {

/// e^x to about 2 units in the last place; x is clamped to what float32 holds without denormals.
template<class S>
typename S::Vector exponential(typename S::Vector x)
{
    x = S::minimum(S::maximum(x, S::set(-87.3F)), S::set(88.3F));
    const auto n = S::round(S::multiply(x, S::set(1.44269504F)));
    auto r = S::multiplyAdd(n, S::set(-0.693359375F), x);
    r = S::multiplyAdd(n, S::set(2.12194440e-4F), r);
    auto p = S::set(1.9875691500e-4F);
    p = S::multiplyAdd(p, r, S::set(1.3981999507e-3F));
    p = S::multiplyAdd(p, r, S::set(8.3334519073e-3F));
    p = S::multiplyAdd(p, r, S::set(4.1665795894e-2F));
    p = S::multiplyAdd(p, r, S::set(1.6666665459e-1F));
    p = S::multiplyAdd(p, r, S::set(5.0000001201e-1F));
    p = S::multiplyAdd(p, S::multiply(r, r), S::add(r, S::set(1.0F)));
    return S::scaleByPower(p, n);
}

template<class S>
struct VectorKernels
{
    using Vector = typename S::Vector;
    static constexpr std::int64_t kWidth = S::kWidth;

    /// out[i] = f(a[i], b[i])
    template<class F>
    static void map(const float* a, const float* b, std::int64_t count, float* out, F f)
    {
        std::int64_t i = 0;
        for (; i + kWidth <= count; i += kWidth)
            S::store(out + i, f(S::load(a + i), S::load(b + i)));
        if (const std::int64_t rest = count - i; rest > 0)
            S::store(out + i, f(S::load(a + i, rest), S::load(b + i, rest)), rest);
    }

    static float meanSquare(const float* x, std::int64_t count)
    {
        Vector sums[4] = {S::set(0), S::set(0), S::set(0), S::set(0)};
        std::int64_t i = 0;
        for (; i + 4 * kWidth <= count; i += 4 * kWidth)
            for (int j = 0; j < 4; ++j) {
                const Vector v = S::load(x + i + j * kWidth);
                sums[j] = S::multiplyAdd(v, v, sums[j]);
            }
        for (; i < count; i += kWidth) {
            const std::int64_t rest = count - i;
            const Vector v = rest >= kWidth ? S::load(x + i) : S::load(x + i, rest);
            sums[0] = S::multiplyAdd(v, v, sums[0]);
        }
        return S::sum(S::add(S::add(sums[0], sums[1]), S::add(sums[2], sums[3]))) / static_cast<float>(count);
    }

    static void rmsNorm(const float* x, const float* weight, std::int64_t count, float epsilon, float* out)
    {
        const Vector factor = S::set(1.0F / __builtin_sqrtf(meanSquare(x, count) + epsilon));
        map(x, weight, count, out,
            [&](Vector v, Vector w) { return S::multiply(S::multiply(v, factor), w); });
    }

    static void add(float* x, const float* y, std::int64_t count)
    {
        map(x, y, count, x, [](Vector a, Vector b) { return S::add(a, b); });
    }

    static void scale(float* x, float factor, std::int64_t count)
    {
        const Vector f = S::set(factor);
        map(x, x, count, x, [&](Vector a, Vector) { return S::multiply(a, f); });
    }

    static Vector sigmoid(Vector x)
    {
        const Vector one = S::set(1.0F);
        return S::divide(one, S::add(one, exponential<S>(S::subtract(S::set(0.0F), x))));
    }

    static void siluGate(const float* gate, const float* up, std::int64_t count, float* out)
    {
        map(gate, up, count, out,
            [](Vector g, Vector u) { return S::multiply(S::multiply(g, sigmoid(g)), u); });
    }

    /// (1 + tanh z) / 2 is sigmoid(2 z).
    static void geluGate(const float* gate, const float* up, std::int64_t count, float* out)
    {
        map(gate, up, count, out, [](Vector g, Vector u) {
            const Vector cube = S::multiply(S::multiply(g, g), g);
            const Vector z = S::multiplyAdd(cube, S::set(0.044715F), g);
            return S::multiply(S::multiply(g, sigmoid(S::multiply(z, S::set(1.5957691216F)))), u);
        });
    }

    static void clampedSiluGate(const float* gate, const float* up, std::int64_t count, float* out)
    {
        map(gate, up, count, out, [](Vector g, Vector u) {
            g = S::minimum(S::set(kGateLimit), g);
            u = S::maximum(S::set(-kGateLimit), S::minimum(S::set(kGateLimit), u));
            const Vector gated = S::multiply(g, sigmoid(S::multiply(g, S::set(kGateSlope))));
            return S::multiply(S::add(u, S::set(1.0F)), gated);
        });
    }

    /// tanh z is 1 - 2 / (e^2z + 1).
    static void softCap(float* x, std::int64_t count, float cap)
    {
        const Vector twice = S::set(2.0F / cap), caps = S::set(cap), one = S::set(1.0F);
        map(x, x, count, x, [&](Vector v, Vector) {
            const Vector power = exponential<S>(S::multiply(v, twice));
            return S::multiply(caps, S::subtract(one, S::divide(S::set(2.0F), S::add(power, one))));
        });
    }

    static void ropeInterleaved(float* x, const float* cosines, const float* sines, std::int64_t headDim)
    {
        for (std::int64_t i = 0; i < headDim; i += kWidth) {
            const std::int64_t n = headDim - i < kWidth ? headDim - i : kWidth;
            const Vector v = S::load(x + i, n);
            const Vector turned = S::multiply(S::swapPairs(v), S::load(sines + i, n));
            S::store(x + i, S::multiplyAdd(v, S::load(cosines + i, n), turned), n);
        }
    }

    static void ropeHalves(float* x, const float* cosines, const float* sines, std::int64_t headDim)
    {
        const std::int64_t half = headDim / 2;
        for (std::int64_t i = 0; i < half; i += kWidth) {
            const std::int64_t n = half - i < kWidth ? half - i : kWidth;
            const Vector a = S::load(x + i, n);
            const Vector b = S::load(x + i + half, n);
            const Vector forA = S::multiply(b, S::load(sines + i, n));
            const Vector forB = S::multiply(a, S::load(sines + i + half, n));
            S::store(x + i, S::multiplyAdd(a, S::load(cosines + i, n), forA), n);
            S::store(x + i + half, S::multiplyAdd(b, S::load(cosines + i + half, n), forB), n);
        }
    }

    /// S::maximum gives its second operand where the first is NaN.
    static float largest(const float* x, std::int64_t count)
    {
        constexpr float kNone = -__builtin_inff();
        if (count < kWidth) {
            float best = kNone;
            for (std::int64_t i = 0; i < count; ++i)
                best = x[i] > best ? x[i] : best;
            return best;
        }
        Vector best[4] = {S::set(kNone), S::set(kNone), S::set(kNone), S::set(kNone)};
        std::int64_t i = 0;
        for (; i + 4 * kWidth <= count; i += 4 * kWidth)
            for (int j = 0; j < 4; ++j)
                best[j] = S::maximum(S::load(x + i + j * kWidth), best[j]);
        for (; i < count; i += kWidth) // the last vector once more counts what was counted
            best[0] = S::maximum(S::load(x + (i + kWidth <= count ? i : count - kWidth)), best[0]);
        return S::largest(S::maximum(S::maximum(best[0], best[1]), S::maximum(best[2], best[3])));
    }

    static float readThrough(const float* x, std::int64_t count)
    {
        constexpr std::int64_t kAhead = 12 * 1024 / sizeof(float);
        constexpr std::int64_t kLine = 64 / sizeof(float);
        constexpr int kChains = 128 / kWidth;
        Vector sums[kChains];
        for (Vector& sum : sums)
            sum = S::set(0);
        std::int64_t i = 0;
        for (; i + kChains * kWidth <= count; i += kChains * kWidth) {
            for (std::int64_t line = 0; line < kChains * kWidth; line += kLine)
                __builtin_prefetch(x + i + kAhead + line, 0, 2);
            for (int j = 0; j < kChains; ++j)
                sums[j] = S::add(sums[j], S::load(x + i + j * kWidth));
        }
        for (; i < count; i += kWidth)
            sums[0] = S::add(sums[0], S::load(x + i, count - i < kWidth ? count - i : kWidth));
        for (int j = 1; j < kChains; ++j)
            sums[0] = S::add(sums[0], sums[j]);
        return S::sum(sums[0]);
    }

    /// exp for x ≤ 0: 2^n times a polynomial of the rest, in the order of the scalar form, without fused
    /// operations. At -88 2^n is 0: so for everything below, and for NaN.
    static Vector expNegative(Vector x)
    {
        const Vector safe = S::maximum(x, S::set(-88.0F));
        const Vector magic = S::set(12582912.0F); // 1.5 * 2^23: adding it rounds to an integer
        const Vector n = S::subtract(S::add(S::multiply(safe, S::set(1.44269504F)), magic), magic);
        const Vector r = S::add(S::subtract(safe, S::multiply(n, S::set(0.693359375F))),
                                S::multiply(n, S::set(2.12194440e-4F)));
        Vector p = S::set(1.9875691500e-4F);
        constexpr float kRest[] = {1.3981999507e-3F, 8.3334519073e-3F, 4.1665795894e-2F, 1.6666665459e-1F,
                                   5.0000001201e-1F};
        for (const float c : kRest)
            p = S::add(S::multiply(p, r), S::set(c));
        p = S::add(S::add(S::multiply(S::multiply(p, r), r), r), S::set(1.0F));
        return S::multiply(p, S::powerOfTwo(n));
    }

    /// kSumLanes values.
    static void addWeights(const float* x, Vector top, Vector scale, float* out, Vector* sums)
    {
        for (std::int64_t j = 0; j < kSumLanes / kWidth; ++j) {
            const Vector w = expNegative(S::multiply(S::subtract(S::load(x + j * kWidth), top), scale));
            S::store(out + j * kWidth, w);
            sums[j] = S::add(sums[j], w);
        }
    }

    static float expWeights(const float* x, std::int64_t count, float top, float scale, float* out)
    {
        Vector sums[kSumLanes / kWidth];
        for (Vector& sum : sums)
            sum = S::set(0);
        const Vector tops = S::set(top), scales = S::set(scale);
        std::int64_t i = 0;
        for (; i + kSumLanes <= count; i += kSumLanes)
            addWeights(x + i, tops, scales, out + i, sums);
        if (i < count) {
            float last[kSumLanes], weights[kSumLanes];
            for (std::int64_t lane = 0; lane < kSumLanes; ++lane)
                last[lane] = i + lane < count ? x[i + lane] : -__builtin_inff();
            addWeights(last, tops, scales, weights, sums);
            for (std::int64_t lane = 0; i + lane < count; ++lane)
                out[i + lane] = weights[lane];
        }
        float lanes[kSumLanes], total = 0.0F;
        for (std::int64_t j = 0; j < kSumLanes / kWidth; ++j)
            S::store(lanes + j * kWidth, sums[j]);
        for (const float lane : lanes)
            total += lane;
        return total;
    }

    static constexpr VectorOperations table(Isa isa)
    {
        return {isa,     rmsNorm,         add,        scale,   siluGate,    geluGate,  clampedSiluGate,
                softCap, ropeInterleaved, ropeHalves, largest, readThrough, expWeights};
    }
};

} // namespace vitrine::kernels::cpu
