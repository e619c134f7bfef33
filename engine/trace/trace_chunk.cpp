// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/trace_chunk.h"

#include <xxhash.h>

#include "engine/base/check.h"
#include "engine/formats/byte_reader.h"

namespace vitrine::engine {

namespace {

template<class T>
void append(TraceBytes& out, T value)
{
    for (std::size_t i = 0; i < sizeof value; ++i)
        out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

} // namespace

void appendChunk(TraceBytes& out, ChunkKind kind, std::span<const std::uint8_t> payload)
{
    VT_CHECK(payload.size() <= kMostChunkBytes);
    append(out, static_cast<std::uint32_t>(kind));
    append(out, static_cast<std::uint32_t>(payload.size()));
    append(out, std::uint64_t{XXH3_64bits(payload.data(), payload.size())});
    out.insert(out.end(), payload.begin(), payload.end());
}

std::optional<Chunk> takeChunk(std::span<const std::uint8_t>& bytes)
{
    ByteReader reader(bytes);
    Chunk chunk;
    std::uint32_t size = 0;
    std::uint64_t sum = 0;
    if (!reader.read(chunk.kind) || !reader.read(size) || !reader.read(sum) || size > kMostChunkBytes ||
        size > reader.remaining())
        return std::nullopt;
    chunk.payload = bytes.subspan(static_cast<std::size_t>(reader.position()), size);
    if (XXH3_64bits(chunk.payload.data(), size) != sum)
        return std::nullopt;
    bytes = bytes.subspan(static_cast<std::size_t>(reader.position()) + size);
    return chunk;
}

} // namespace vitrine::engine
