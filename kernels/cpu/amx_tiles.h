// SPDX-License-Identifier: GPL-3.0-or-later
// AMX's eight tile registers of 16 rows of 64 bytes (Intel, "Intel 64 and IA-32 Architectures Software
// Developer's Manual", volume 1, chapter 18). Own assembly instead of the compiler's intrinsics: those of
// GCC 12 tell the optimiser nothing of the memory they read, so that what was stored for a tile could be
// stored too late. Included by *_amx.cpp only. A thread configures its tiles before it uses them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::kernels::cpu::amx {

inline constexpr std::int64_t kTileRows = 16;
inline constexpr std::size_t kTileRowBytes = 64;
inline constexpr std::size_t kTileBytes = 1024;

/// All tiles of this thread with all rows, for as long as the object lives. Released tiles cost nothing at a
/// context switch.
class Tiles
{
public:
    Tiles()
    {
        struct alignas(64) Configuration
        {
            std::uint8_t palette = 1;
            std::uint8_t startRow = 0;
            std::uint8_t reserved[14] = {};
            std::uint16_t rowBytes[16] = {};
            std::uint8_t rows[16] = {};
        } configuration;
        static_assert(sizeof configuration == 64);
        for (int tile = 0; tile < 8; ++tile) {
            configuration.rowBytes[tile] = kTileRowBytes;
            configuration.rows[tile] = kTileRows;
        }
        __asm__ volatile("ldtilecfg %0" : : "m"(configuration));
    }
    ~Tiles() { __asm__ volatile("tilerelease"); }
    Tiles(const Tiles&) = delete;
    Tiles& operator=(const Tiles&) = delete;
};

template<int kTile>
[[gnu::always_inline]] inline void zeroTile()
{
    __asm__ volatile("tilezero %%tmm%c0" : : "n"(kTile));
}

/// Rows lie `stride` bytes apart.
template<int kTile>
[[gnu::always_inline]] inline void loadTile(const void* from, std::size_t stride = kTileRowBytes)
{
    __asm__ volatile("tileloadd (%0,%1,1), %%tmm%c2" : : "r"(from), "r"(stride), "n"(kTile) : "memory");
}

/// As loadTile for data that is read once: it need not push other data out of the first-level cache.
template<int kTile>
[[gnu::always_inline]] inline void streamTile(const void* from, std::size_t stride = kTileRowBytes)
{
    __asm__ volatile("tileloaddt1 (%0,%1,1), %%tmm%c2" : : "r"(from), "r"(stride), "n"(kTile) : "memory");
}

template<int kTile>
[[gnu::always_inline]] inline void storeTile(void* to, std::size_t stride = kTileRowBytes)
{
    __asm__ volatile("tilestored %%tmm%c2, (%0,%1,1)" : : "r"(to), "r"(stride), "n"(kTile) : "memory");
}

/// sums[m][n] += sum over k < 32 of a[m][k] * b[k / 2][n][k % 2], bfloat16 with float32 sums.
template<int kSums, int kA, int kB>
[[gnu::always_inline]] inline void addProducts()
{
    __asm__ volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" : : "n"(kSums), "n"(kA), "n"(kB));
}

} // namespace vitrine::kernels::cpu::amx
