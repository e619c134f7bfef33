// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/nvtx_store.h"

#include <limits>

namespace vitrine::engine {

namespace {

constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();

} // namespace

std::size_t NvtxStore::ShapeHash::operator()(const Shape& shape) const
{
    constexpr std::uint64_t kPrime = 0x9E37'79B9'7F4A'7C15;
    std::uint64_t hash = static_cast<std::uint64_t>(shape.kind) << 16U |
                         static_cast<std::uint64_t>(shape.payloadKind) << 8U | (shape.wide ? 1U : 0U);
    for (const std::uint32_t part : {shape.thread, shape.domain, shape.category, shape.message})
        hash = (std::rotl(hash, 23) ^ part) * kPrime;
    return static_cast<std::size_t>(hash ^ hash >> 32U);
}

std::uint32_t NvtxStore::shapeOf(const Shape& shape)
{
    if (!m_events.empty() && m_shapes[m_events.back().shape] == shape) // often of one kind in a row
        return m_events.back().shape;
    const auto [at, isNew] = m_shapeNumbers.try_emplace(shape, static_cast<std::uint32_t>(m_shapes.size()));
    if (isNew)
        m_shapes.push_back(shape);
    return at->second;
}

void NvtxStore::push(const NvtxEvent& event)
{
    // A file may say that an end lies before the beginning, or so far away that the distance has no number.
    const auto length = static_cast<std::uint64_t>(event.endNs) - static_cast<std::uint64_t>(event.startNs);
    Shape shape{event.kind,   event.payloadKind, false,        event.thread,
                event.domain, event.category,    event.message};
    shape.wide = length > kMost || event.payload > kMost || event.detail != 0 || event.correlation != 0;
    Packed packed{std::bit_cast<std::array<std::uint32_t, 2>>(event.startNs),
                  static_cast<std::uint32_t>(length), shapeOf(shape),
                  static_cast<std::uint32_t>(event.payload)};
    if (shape.wide) {
        packed.payload = m_firstWide + static_cast<std::uint32_t>(m_wide.size());
        m_wide.push_back({event.endNs, event.payload, event.detail, event.correlation});
    }
    m_events.push_back(packed);
}

const NvtxStore::Wide& NvtxStore::wideOf(const Packed& packed) const
{
    return m_wide[packed.payload - m_firstWide]; // modulo 2³²; there are never so many at once
}

NvtxEvent NvtxStore::at(std::uint64_t number) const
{
    const Packed& packed = m_events[number - m_first];
    const Shape& shape = m_shapes[packed.shape];
    NvtxEvent event;
    event.kind = shape.kind;
    event.payloadKind = shape.payloadKind;
    event.thread = shape.thread;
    event.domain = shape.domain;
    event.category = shape.category;
    event.message = shape.message;
    event.startNs = std::bit_cast<std::int64_t>(packed.startNs);
    if (shape.wide) {
        const Wide& wide = wideOf(packed);
        event.endNs = wide.endNs;
        event.payload = wide.payload;
        event.detail = wide.detail;
        event.correlation = wide.correlation;
    } else {
        event.endNs = static_cast<std::int64_t>(static_cast<std::uint64_t>(event.startNs) + packed.lengthNs);
        event.payload = packed.payload;
    }
    return event;
}

void NvtxStore::dropFirst(std::size_t count)
{
    const auto end = m_events.begin() + static_cast<std::ptrdiff_t>(count);
    std::ptrdiff_t wide = 0;
    for (auto event = m_events.begin(); event != end; ++event)
        wide += m_shapes[event->shape].wide ? 1 : 0;
    m_events.erase(m_events.begin(), end);
    m_wide.erase(m_wide.begin(), m_wide.begin() + wide);
    m_first += count;
    m_firstWide += static_cast<std::uint32_t>(wide);
}

std::size_t NvtxStore::bytes() const
{
    constexpr std::size_t kNode = 3 * sizeof(void*);
    return m_events.size() * sizeof(Packed) + m_wide.size() * sizeof(Wide) +
           m_shapes.size() * (2 * sizeof(Shape) + kNode);
}

} // namespace vitrine::engine
