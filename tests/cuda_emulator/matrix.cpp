// SPDX-License-Identifier: GPL-3.0-or-later
// Fragments of all lanes are laid out as matrices, multiplied, and given back.
#include "cuda_emulator/matrix.h"

#include "cuda_emulator/collective.h"
#include "cuda_emulator/qualifiers.h"

namespace vitrine::cuda_emulator {

namespace {

constexpr unsigned kAllLanes = 0xFFFFFFFFU;
constexpr int kRows = 16;
constexpr int kColumns = 8;

template<typename Accumulator>
struct ProductPayload
{
    Accumulator* d;
    const unsigned* a;
    const unsigned* b;
};

template<typename Element>
struct ElementKind;

template<>
struct ElementKind<__half>
{
    static constexpr int kDepth = 16;
    static float value(__half x) { return __half2float(x); }
};

template<>
struct ElementKind<__nv_bfloat16>
{
    static constexpr int kDepth = 16;
    static float value(__nv_bfloat16 x) { return __bfloat162float(x); }
};

template<>
struct ElementKind<signed char>
{
    static constexpr int kDepth = 32;
    static int value(signed char x) { return x; }
};

// Element `index` of a register.
template<typename Element>
auto elementOf(unsigned word, int index)
{
    Element element;
    std::memcpy(static_cast<void*>(&element),
                reinterpret_cast<const char*>(&word) + index * int(sizeof(Element)), sizeof(Element));
    return ElementKind<Element>::value(element);
}

// Elements a register holds, and how they lie: registers 1 and 3 of A are 8 rows down, 2 and 3 half the depth
// on.
template<typename Element, typename Accumulator>
void combineProduct(const WarpPayloads& payloads)
{
    using Payload = ProductPayload<Accumulator>;
    using Wide = std::conditional_t<std::is_integral_v<Accumulator>, std::int64_t, double>;
    constexpr int kDepth = ElementKind<Element>::kDepth;
    constexpr int kPacked = 4 / int(sizeof(Element));
    Wide a[kRows][kDepth];
    Wide b[kDepth][kColumns];
    for (int lane = 0; lane < 32; ++lane) {
        const auto& mine = payloads.of<Payload>(unsigned(lane));
        const int group = lane / 4;
        const int part = lane % 4 * kPacked;
        for (int i = 0; i < 4 * kPacked; ++i) {
            const int word = i / kPacked;
            a[group + word % 2 * 8][part + i % kPacked + word / 2 * (kDepth / 2)] =
                elementOf<Element>(mine.a[word], i % kPacked);
        }
        for (int i = 0; i < 2 * kPacked; ++i) {
            const int word = i / kPacked;
            b[part + i % kPacked + word * (kDepth / 2)][group] =
                elementOf<Element>(mine.b[word], i % kPacked);
        }
    }
    for (int lane = 0; lane < 32; ++lane) {
        for (int i = 0; i < 4; ++i) {
            const int row = lane / 4 + i / 2 * 8;
            const int column = lane % 4 * 2 + i % 2;
            Accumulator& d = payloads.of<Payload>(unsigned(lane)).d[i];
            Wide sum = d;
            for (int k = 0; k < kDepth; ++k)
                sum += a[row][k] * b[k][column];
            d = Accumulator(sum);
        }
    }
}

template<typename Element, typename Accumulator>
void multiply(Accumulator (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2])
{
    ProductPayload<Accumulator> payload{d, a, b};
    meetWarp(kAllLanes, &combineProduct<Element, Accumulator>, &payload);
}

struct LoadPayload
{
    unsigned* to;
    int count;
    const std::uint16_t* row;
    bool transposed;
};

void combineLoad(const WarpPayloads& payloads)
{
    for (unsigned lane = 0; lane < 32; ++lane) {
        const auto& mine = payloads.of<LoadPayload>(lane);
        const auto row = [&](int matrix, unsigned index) {
            return payloads.of<LoadPayload>(unsigned(matrix) * 8 + index).row;
        };
        for (int matrix = 0; matrix < mine.count; ++matrix) {
            const unsigned part = lane % 4 * 2;
            const unsigned group = lane / 4;
            const std::uint32_t low = mine.transposed ? row(matrix, part)[group] : row(matrix, group)[part];
            const std::uint32_t high =
                mine.transposed ? row(matrix, part + 1)[group] : row(matrix, group)[part + 1];
            mine.to[matrix] = low | high << 16;
        }
    }
}

} // namespace

void multiplyBf16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2])
{
    multiply<__nv_bfloat16>(d, a, b);
}

void multiplyHalf(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2])
{
    multiply<__half>(d, a, b);
}

void multiplyInt8(int (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2])
{
    multiply<signed char>(d, a, b);
}

void loadMatrices(unsigned* to, int count, const void* row, bool transposed)
{
    if (currentLane() < unsigned(count) * 8 && reinterpret_cast<std::uintptr_t>(row) % 16 != 0)
        stopKernel("a row of ldmatrix is not aligned to 16 bytes");
    LoadPayload payload{to, count, static_cast<const std::uint16_t*>(row), transposed};
    meetWarp(kAllLanes, &combineLoad, &payload);
}

} // namespace vitrine::cuda_emulator
