// SPDX-License-Identifier: GPL-3.0-or-later
// How the memory of a group of ranks is laid out: a header, a line of counters for each rank and each ordered
// pair, then two places of data for each of them. What other ranks write here is data, never trusted: sizes
// and places come from GroupShape alone, which is checked once and kept in memory of one's own.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "engine/base/result.h"
#include "engine/parallel/shared_futex.h"
#include "engine/parallel/work_progress.h"

namespace vitrine::engine {

inline constexpr std::uint32_t kMostRanks = 64;
inline constexpr std::uint32_t kMostPieces = 16; ///< of a PiecedSum

struct GroupShape
{
    std::uint32_t ranks = 1;
    /// Of one place; a multiple of 64. What is never written takes no memory.
    std::size_t collectiveBytes = std::size_t{1} << 24U;
    std::size_t messageBytes = std::size_t{1} << 18U; ///< likewise, of a pair

    std::size_t dataOffset() const;
    std::size_t pairDataOffset() const { return dataOffset() + ranks * 2 * collectiveBytes; }
    std::size_t totalBytes() const
    {
        return pairDataOffset() + ranks * std::size_t{ranks} * 2 * messageBytes;
    }
    /// InvalidArgument: no group has this shape.
    Result<void> validate() const;
};

/// What a rank says it does in a stage.
struct Announcement
{
    std::atomic<std::uint32_t> call{0};
    std::atomic<std::uint64_t> bytes{0};
};

/// Stage s uses announcement and place s % 2: nobody comes to stage s + 2 before all have left stage s.
struct alignas(64) RankLine
{
    SharedCounter arrived;               ///< stages
    std::atomic<std::uint32_t> beats{0}; ///< goes on while the rank's process does
    std::array<Announcement, 2> said;
    WorkLine work;
    alignas(64) SharedCounter pieces; ///< of all sums in pieces together, that it has told of
    std::array<std::array<std::atomic<std::int64_t>, kMostPieces>, 2> toldNs{}; ///< when, by place
};

/// Pieces of messages from one rank to another; piece p is in place p % 2.
struct alignas(64) PairLine
{
    SharedCounter written;
    alignas(64) SharedCounter read;
    std::array<std::atomic<std::uint64_t>, 2> messageBytes; ///< of the whole message
};

struct alignas(64) GroupHeader
{
    static constexpr std::uint64_t kMagic = 0x3150554F52475456; // "VTGROUP1"
    static constexpr std::size_t kReasonBytes = 240;
    static constexpr std::uint32_t kNobody = 0xFFFFFFFFU;
    enum Ending : std::uint32_t { Going, BeingEnded, Ended };

    std::uint64_t magic = kMagic;
    std::uint64_t ranks = 0;
    std::uint64_t collectiveBytes = 0, messageBytes = 0;
    std::atomic<std::uint32_t> ending{Going};
    std::atomic<std::uint32_t> culprit{kNobody};
    std::array<char, kReasonBytes> reason; ///< ends with a zero once Ended
};

inline std::size_t GroupShape::dataOffset() const
{
    return sizeof(GroupHeader) + ranks * sizeof(RankLine) + std::size_t{ranks} * ranks * sizeof(PairLine);
}

} // namespace vitrine::engine
