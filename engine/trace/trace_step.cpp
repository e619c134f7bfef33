// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/trace_step.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <variant>

#include "engine/trace/trace_fields.h"

namespace vitrine::engine {

namespace {

/// Which of the alternatives of RecordedEvent follows. Numbers of the format: appended, never moved.
enum class EventTag : std::uint8_t { Arrival, Admission, Preemption, Token, End };

template<std::size_t index = 0>
void decodeAlternative(TraceDecoder& in, RecordedEvent& event, std::size_t tag, std::int64_t base)
{
    if constexpr (index == std::variant_size_v<RecordedEvent>) {
        in.fail();
    } else if (tag == index) {
        std::variant_alternative_t<index, RecordedEvent> value;
        describe<TraceDecoder>(in, value, base);
        event = std::move(value);
    } else {
        decodeAlternative<index + 1>(in, event, tag, base);
    }
}

void describeEvent(TraceEncoder& out, const RecordedEvent& event, std::int64_t base)
{
    static_assert(
        std::is_same_v<std::variant_alternative_t<static_cast<std::size_t>(EventTag::End), RecordedEvent>,
                       RecordedEnd>);
    out.field(static_cast<EventTag>(event.index()));
    std::visit([&](const auto& value) { describe<TraceEncoder>(out, value, base); }, event);
}

void describeEvent(TraceDecoder& in, RecordedEvent& event, std::int64_t base)
{
    EventTag tag{};
    in.field(tag);
    decodeAlternative(in, event, static_cast<std::size_t>(tag), base);
}

/// Of a recording that was written before there were ranks the step ends here.
bool isOver(const TraceEncoder& /*out*/)
{
    return false;
}
bool isOver(const TraceDecoder& in)
{
    return in.ok() && in.remaining() == 0;
}

/// More processes than there can be, or stages that they cannot be shared out among, are no step.
void checkRanks(const TraceEncoder& /*out*/, const RankParts& /*ranks*/) {}
void checkRanks(TraceDecoder& in, const RankParts& ranks)
{
    const std::size_t processes = std::max<std::size_t>(ranks.processes.size(), 1);
    if (processes > kMostProcesses || ranks.stages == 0 || processes % ranks.stages != 0)
        in.fail();
}

template<class Archive>
void describeRanks(Archive& archive, Field<Archive, RecordedStep> step, std::int64_t base)
{
    archive.list(step.ranks.processes, [base](auto& a, auto& part) { describe<Archive>(a, part, base); });
    archive.field(step.ranks.stages);
    archive.list(step.rankEvents, [base](auto& a, auto& event) { describe<Archive>(a, event, base); });
    checkRanks(archive, step.ranks);
}

template<class Archive>
void describeStep(Archive& archive, Field<Archive, RecordedStep> step, std::int64_t base)
{
    archive.field(step.record.step);
    archive.relative(step.record.startNs, base);
    describeTimes<Archive>(archive, step.record);
    describeCounts<Archive>(archive, step.record);
    archive.list(step.rows, [](auto& a, auto& row) { describe<Archive>(a, row); });
    archive.list(step.events, [base](auto& a, auto& event) { describeEvent(a, event, base); });
    archive.list(step.blocks, [](auto& a, auto& block) { describe<Archive>(a, block); });
    archive.list(step.phases, [base](auto& a, auto& span) { describe<Archive>(a, span, base); });
    if (!isOver(archive))
        describeRanks<Archive>(archive, step, base);
}

} // namespace

void encodeStep(TraceBytes& out, const RecordedStep& step, std::int64_t base)
{
    TraceBytes bytes;
    TraceEncoder inner(bytes);
    describeStep(inner, step, base);
    TraceEncoder(out).field(bytes.size());
    out.insert(out.end(), bytes.begin(), bytes.end());
}

RecordedStep decodeStep(TraceDecoder& in, std::int64_t base)
{
    RecordedStep step;
    std::uint64_t size = 0;
    in.field(size);
    TraceDecoder inner(in.part(size), in.memoryLeft());
    inner.useMemory(sizeof step);
    describeStep(inner, step, base);
    in.follow(inner);
    return step;
}

std::int64_t baseAfter(const RecordedStep& step, std::int64_t base)
{
    return step.record.step == 0 ? base : step.record.endNs;
}

} // namespace vitrine::engine
