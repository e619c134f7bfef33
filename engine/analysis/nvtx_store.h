// SPDX-License-Identifier: GPL-3.0-or-later
// Events of NVTX, held in little memory: what they have in common (who said what, where) is kept once and
// called by a number, times and payloads in as few bytes as most of them need, and the rest beside it. An
// event has a number, counted from the first that ever was. One owner, any thread.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "engine/nvtx_capture/nvtx_event.h"

namespace vitrine::engine {

class NvtxStore
{
public:
    void push(const NvtxEvent& event);
    /// The oldest ones go. REQUIRES: count <= size().
    void dropFirst(std::size_t count);

    std::size_t size() const { return m_events.size(); }
    std::uint64_t first() const { return m_first; } ///< number of the oldest one that is here
    bool contains(std::uint64_t number) const { return number >= m_first && number - m_first < size(); }
    NvtxEvent at(std::uint64_t number) const; ///< REQUIRES: contains(number)
    std::size_t bytes() const;                ///< about

private:
    /// What many events are alike in. One with `wide` has more than finds room in Packed.
    struct Shape
    {
        NvtxKind kind = NvtxKind::Mark;
        NvtxPayload payloadKind = NvtxPayload::None;
        bool wide = false;
        std::uint32_t thread = 0, domain = 0, category = 0, message = 0;
        bool operator==(const Shape&) const = default;
    };
    struct ShapeHash
    {
        std::size_t operator()(const Shape& shape) const;
    };
    /// Of 4-byte alignment, so that it has no gaps.
    struct Packed
    {
        std::array<std::uint32_t, 2> startNs{};
        std::uint32_t lengthNs = 0;
        std::uint32_t shape = 0;
        std::uint32_t payload = 0; ///< wide: the number of its Wide, its low bits
    };
    struct Wide
    {
        std::int64_t endNs = 0;
        std::uint64_t payload = 0;
        std::uint32_t detail = 0, correlation = 0;
    };
    static_assert(sizeof(Packed) == 20);

    std::uint32_t shapeOf(const Shape& shape);
    const Wide& wideOf(const Packed& packed) const;

    std::deque<Packed> m_events;
    std::deque<Wide> m_wide;
    std::uint64_t m_first = 0;
    std::uint32_t m_firstWide = 0;
    std::vector<Shape> m_shapes; // as many as there are different ones; numbers stay
    std::unordered_map<Shape, std::uint32_t, ShapeHash> m_shapeNumbers;
};

} // namespace vitrine::engine
