// SPDX-License-Identifier: GPL-3.0-or-later
// The colours of reports: those of the window, for the same things, on light and on dark paper.
#pragma once

#include <array>
#include <cstdint>

#include "engine/report/report_document.h"

namespace vitrine::engine {

struct ReportInk
{
    const char* name;          ///< of the style sheet's variable
    std::uint32_t light, dark; ///< 0xRRGGBB
};

inline constexpr std::array<ReportInk, kReportColours> kReportInks{{
    {"text", 0x162020, 0xe3eaea},
    {"secondary", 0x536263, 0x9cabad},
    {"grid", 0xdbe1e1, 0x293335},
    {"accent", 0x0f8b8d, 0x3fc1c3},
    {"muted", 0x7d8b90, 0x8b9a9f},
    {"prefill", 0xe69f00, 0xe69f00},
    {"decode", 0x0072b2, 0x56b4e9},
    {"cached", 0x009e73, 0x009e73},
    {"preempted", 0xd55e00, 0xd55e00},
    {"queued", 0xa7b3b5, 0x5c696c},
    {"good", 0x00704f, 0x4fcfa3},
    {"bad", 0xb3261e, 0xff8f86},
}};

inline const ReportInk& inkOf(ReportColour colour)
{
    return kReportInks[static_cast<std::size_t>(colour)];
}

} // namespace vitrine::engine
