// SPDX-License-Identifier: GPL-3.0-or-later
// The frame of a recording file (.vtrace). It begins with the 8 bytes "VTRACE", version, 0; chunks follow
// until its end. A chunk is its kind (4 bytes), the length of its payload (4), the XXH3 checksum of the
// payload (8), all little-endian, then the payload. A chunk of a kind that a reader does not know is passed
// over. Chunks mean something each by itself, so what a dead writer left is whole up to its last whole chunk.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "engine/trace/trace_codec.h"

namespace vitrine::engine {

inline constexpr std::uint8_t kTraceVersion = 1;
inline constexpr std::array<std::uint8_t, 8> kTraceMagic = {'V', 'T', 'R', 'A', 'C', 'E', kTraceVersion, 0};

enum class ChunkKind : std::uint32_t {
    Origin = 1,        ///< TraceOrigin
    Steps = 2,         ///< a time base (absolute), then steps to the end of the payload
    Labels = 3,        ///< request and TraceLabel, to the end of the payload
    Words = 4,         ///< token and its bytes, to the end of the payload
    End = 5,           ///< steps dropped while recording; the last chunk of a recording that was ended
    NvtxNames = 6,     ///< texts that follow those of earlier chunks of this kind, to the end of the payload
    NvtxEvents = 7,    ///< a time base (absolute), then events to the end of the payload
    NvtxThreads = 8,   ///< events dropped while recording, then threads and their names
    NvtxDetails = 9,   ///< of an event (its number among those of NvtxEvents so far) its detail; to the end
    NvtxCounters = 10, ///< a time base (absolute), then samples and their units to the end of the payload
    NvtxCorrelations = 11 ///< likewise numbers of events, and what they correlate by
};

struct Chunk
{
    std::uint32_t kind = 0; ///< a ChunkKind, or a later one
    std::span<const std::uint8_t> payload;
};

/// Most bytes of a payload: a longer one is a lie.
inline constexpr std::size_t kMostChunkBytes = std::size_t{1} << 28U;

void appendChunk(TraceBytes& out, ChunkKind kind, std::span<const std::uint8_t> payload);

/// The chunk at the beginning of `bytes`, which moves behind it. nullopt: it is cut short or its checksum is
/// another.
std::optional<Chunk> takeChunk(std::span<const std::uint8_t>& bytes);

} // namespace vitrine::engine
