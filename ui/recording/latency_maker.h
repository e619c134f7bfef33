// SPDX-License-Identifier: GPL-3.0-or-later
// The picture of where requests' time went. In two parts: attributing (any thread, from a copy), and saying
// who is who (where the recording lives).
#pragma once

#include <span>
#include <vector>

#include "ui/recording/latency.h"
#include "ui/recording/request_names.h"

namespace vitrine::ui {

struct Attributed
{
    std::vector<engine::RequestLatency> requests;
    std::vector<engine::TokenGap> gaps;
};

/// The request that the query means, and from which step on it and those whose first token lies in the range
/// are to be seen whole: [first, last) of the recording, no more than `mostSteps`.
struct LatencyExtent
{
    engine::RequestId request;
    std::size_t first = 0, last = 0;
    std::size_t wanted = 0;            ///< steps, were there no bound
    qint64 sinceNs = -engine::kMostNs; ///< who arrived earlier is not seen whole
};
LatencyExtent extentOf(const engine::Session& session, const LatencyQuery& query, std::size_t mostSteps);

Attributed attribute(std::span<const engine::RecordedStep> steps, engine::RequestId request);
LatencyPicture latencyOf(const engine::Session& session, RequestNames& names, const LatencyQuery& query,
                         const LatencyExtent& extent, const Attributed& found);

} // namespace vitrine::ui
