// SPDX-License-Identifier: GPL-3.0-or-later
// What was told to NVTX in this process, by the engine and by anybody else: values of a recording. Texts are
// numbers of a list that belongs to the events (NvtxEvents::names). Any thread.
#pragma once

#include <bit>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace vitrine::engine {

enum class NvtxKind : std::uint8_t {
    Range,  ///< of one thread: those of a thread and domain nest
    Span,   ///< from anywhere to anywhere; spans overlap as they like
    Mark,   ///< a moment
    Counter ///< a moment's value, which is the payload; the message is what is counted
};
enum class NvtxPayload : std::uint8_t { None, Unsigned, Signed, Real };

struct NvtxEvent
{
    NvtxKind kind = NvtxKind::Mark;
    NvtxPayload payloadKind = NvtxPayload::None;
    std::uint32_t thread = 0;            ///< the system's number; of a span: where it began
    std::int64_t startNs = 0, endNs = 0; ///< nowNs(); the same for a mark
    std::uint32_t domain = 0;            ///< a name; 0: the default domain
    std::uint32_t category = 0;          ///< a name; 0: none
    std::uint32_t message = 0;           ///< a name; 0: none
    std::uint64_t payload = 0;           ///< bits
    std::uint32_t detail = 0; ///< a name: a payload of several values as text; of a counter its unit; 0: none
    std::uint32_t correlation = 0; ///< of what a GPU did and of the call that asked for it the same; 0: none

    double real() const { return std::bit_cast<double>(payload); } ///< with NvtxPayload::Real
    bool operator==(const NvtxEvent&) const = default;
};

/// Those of one recording.
struct NvtxEvents
{
    std::vector<std::string> names{""}; ///< UTF-8, mostly; [0] is empty
    std::vector<NvtxEvent> events;      ///< of one thread in the order of their ends, of several in any
    std::map<std::uint32_t, std::string> threads; ///< those that have names
    std::uint64_t dropped = 0;

    /// Empty for a number that is none.
    const std::string& name(std::uint32_t number) const { return names[number < names.size() ? number : 0]; }
};

} // namespace vitrine::engine
