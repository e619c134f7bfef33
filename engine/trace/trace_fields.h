// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of what a recording holds, in the order of the file; `archive` is a TraceEncoder or a
// TraceDecoder. The order is the format: fields are appended, never moved. What is appended to a step stands
// at its end, where older readers pass over it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <variant>

#include "engine/nvtx_capture/nvtx_event.h"
#include "engine/telemetry/recorder.h"
#include "engine/trace/trace.h"
#include "engine/trace/trace_codec.h"

namespace vitrine::engine {

/// A value for an encoder, one to be filled for a decoder.
template<class Archive, class T>
using Field = std::conditional_t<std::is_same_v<Archive, TraceEncoder>, const T&, T&>;

template<class Archive>
void describe(Archive& archive, Field<Archive, TraceOrigin> origin)
{
    auto& pool = origin.pool;
    archive.field(pool.blocks);
    archive.field(pool.hostBlocks);
    archive.field(pool.blockSize);
    archive.field(pool.shape.fullPages);
    archive.field(pool.shape.windowPages);
    archive.field(pool.shape.window);
    archive.field(origin.unixNs);
    archive.field(origin.steadyNs);
    archive.field(origin.model);
    archive.field(origin.device);
    archive.field(origin.program);
}

template<class Archive>
void describe(Archive& archive, Field<Archive, TraceLabel> label)
{
    archive.field(label.conversation);
    archive.field(label.message);
    archive.field(label.title);
}

template<class Archive>
void describe(Archive& archive, Field<Archive, StepRow> row)
{
    archive.field(row.request);
    archive.field(row.prefillTokens);
    archive.field(row.decodeTokens);
    archive.field(row.contextLength);
    archive.field(row.blocks);
}

template<class Archive>
void describe(Archive& archive, Field<Archive, BlockEvent> event)
{
    archive.choice(event.kind, BlockEventKind::WindowDrop);
    archive.field(event.request);
    archive.field(event.block);
    archive.field(event.other);
    archive.field(event.index);
}

template<class Archive>
void describe(Archive& archive, Field<Archive, PhaseSpan> span, std::int64_t base)
{
    archive.choice(span.phase, StepPhase::Emit);
    archive.relative(span.startNs, base);
    archive.relative(span.endNs, span.startNs);
}

template<class Archive>
void describe(Archive& archive, Field<Archive, RankPart> part, std::int64_t base)
{
    archive.relative(part.startNs, base);
    archive.relative(part.endNs, part.startNs);
    archive.field(part.times.computeNs);
    archive.field(part.times.waitNs);
    archive.field(part.times.sumNs);
    archive.field(part.times.hiddenNs);
    archive.field(part.times.bytes);
}

template<class Archive>
void describe(Archive& archive, Field<Archive, RankEvent> event, std::int64_t base)
{
    archive.choice(event.kind, RankEventKind::Followed);
    archive.relative(event.startNs, base);
    archive.relative(event.endNs, event.startNs);
    archive.field(event.ranksBefore);
    archive.field(event.ranksNow);
    archive.list(event.processes, [](auto& a, auto& process) { a.field(process); });
    archive.field(event.reason);
}

template<class Archive>
void describeTimes(Archive& archive, Field<Archive, StepFigures> record)
{
    archive.relative(record.endNs, record.startNs);
    archive.field(record.scheduleNs);
    archive.field(record.forwardNs);
    archive.field(record.sampleNs);
    archive.field(record.emitNs);
    archive.field(record.transferNs);
    archive.field(record.hiddenNs);
    archive.field(record.predictedNs);
}

template<class Archive>
void describeCounts(Archive& archive, Field<Archive, StepFigures> record)
{
    archive.field(record.tokenBudget);
    archive.field(record.prefillTokens);
    archive.field(record.decodeTokens);
    archive.field(record.recomputedTokens);
    archive.field(record.lookedUpTokens);
    archive.field(record.cachedTokens);
    archive.field(record.preemptions);
    archive.field(record.preemptionsBySwap);
    archive.field(record.copiedBlocks);
    archive.field(record.swappedOut);
    archive.field(record.swappedIn);
    archive.field(record.running);
    archive.field(record.waiting);
    archive.field(record.blocksReferenced);
    archive.field(record.blocksCached);
    archive.field(record.blocksFree);
    archive.field(record.blocksReferencedPeak);
    archive.field(record.hostBlocksUsed);
}

template<class Archive>
void describe(Archive& archive, Field<Archive, RecordedArrival> arrival, std::int64_t base)
{
    archive.field(arrival.request);
    archive.relative(arrival.timeNs, base);
    archive.field(arrival.promptTokens);
    archive.field(arrival.maxTokens);
    archive.list(arrival.prompt, [](auto& a, auto& token) { a.field(token); });
}

template<class Archive>
void describe(Archive& archive, Field<Archive, AdmissionEvent> event, std::int64_t /*base*/)
{
    archive.field(event.request);
    archive.field(event.cachedTokens);
    archive.field(event.hostTokens);
    archive.field(event.sharedTokens);
    archive.field(event.swappedBlocks);
    archive.field(event.again);
}

template<class Archive>
void describe(Archive& archive, Field<Archive, PreemptionEvent> event, std::int64_t /*base*/)
{
    archive.field(event.victim);
    archive.field(event.beneficiary);
    archive.choice(event.reason, PreemptionReason::KvLost);
    archive.choice(event.action, PreemptionAction::Swap);
    archive.field(event.recomputeTokens);
    archive.field(event.blocks);
    archive.field(event.blocksFreed);
    archive.field(event.seconds);
    archive.field(event.price);
    archive.field(event.considered);
    archive.field(event.alternatives);
    if constexpr (std::is_same_v<Archive, TraceDecoder>)
        if (event.alternatives > PreemptionEvent::kMostAlternatives)
            archive.fail();
    for (std::size_t i = 0; i < std::min<std::size_t>(event.alternatives, event.others.size()); ++i) {
        archive.field(event.others[i].request);
        archive.field(event.others[i].price);
    }
}

template<class Archive>
void describe(Archive& archive, Field<Archive, RecordedToken> token, std::int64_t /*base*/)
{
    archive.field(token.request);
    archive.field(token.token);
}

template<class Archive>
void describe(Archive& archive, Field<Archive, RecordedEnd> end, std::int64_t base)
{
    archive.field(end.request);
    archive.choice(end.reason, FinishReason::Error);
    archive.relative(end.timeNs, base);
}

template<class Archive>
void describe(Archive& archive, Field<Archive, NvtxEvent> event, std::int64_t base)
{
    archive.choice(event.kind, NvtxKind::Counter);
    archive.choice(event.payloadKind, NvtxPayload::Real);
    archive.field(event.thread);
    archive.relative(event.startNs, base);
    archive.relative(event.endNs, event.startNs);
    archive.field(event.domain);
    archive.field(event.category);
    archive.field(event.message);
    archive.field(event.payload);
}

} // namespace vitrine::engine
