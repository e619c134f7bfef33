// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/model_verdict.h"

#include <algorithm>

#include "engine/telemetry/machine.h"
#include "ui/theme/tokens.h"

namespace vitrine::ui {
namespace {

constexpr quint64 kMargin = quint64(512) << 20U;
constexpr quint32 kUsualContext = 16384;
constexpr quint32 kLeastOfMost = 32768; // chats share the pool: a short context serves several
constexpr quint32 kMostContext = 1U << 20U;

bool fits(const engine::MemoryPlan& plan, engine::KvFormat format, quint32 tokens, const MemoryRoom& room)
{
    return !room.known() || plan.total(format, tokens) <= room.usable();
}

} // namespace

MemoryRoom MemoryRoom::now()
{
    return of(engine::machineMemory().availableBytes);
}

MemoryRoom MemoryRoom::of(quint64 freeBytes)
{
    return {freeBytes, std::min(kMargin, freeBytes / 10)};
}

quint32 mostContext(const engine::MemoryPlan& plan)
{
    return std::clamp(plan.contextLength, kLeastOfMost, kMostContext);
}

quint32 usualContext(const engine::MemoryPlan& plan)
{
    return std::min(kUsualContext, mostContext(plan));
}

LoadOptions resolved(const ModelChoice& choice, const engine::MemoryPlan& plan)
{
    LoadOptions options = choice.load;
    if (options.contextTokens == 0)
        options.contextTokens = usualContext(plan);
    options.contextTokens = std::min(options.contextTokens, mostContext(plan));
    return options;
}

Verdict verdictOf(const ModelEntry& entry, const LoadOptions& options, const MemoryRoom& room)
{
    if (!entry.readable)
        return Verdict::Unreadable;
    if (!entry.plan)
        return Verdict::NotSupported;
    if (fits(*entry.plan, options.kvFormat, options.contextTokens, room))
        return Verdict::Fits;
    return fits(*entry.plan, engine::KvFormat::Int8, options.contextTokens, room) ? Verdict::FitsInInt8
                                                                                  : Verdict::DoesNotFit;
}

QString VerdictText::word(Verdict verdict)
{
    switch (verdict) {
    case Verdict::InUse:
        return tr("In use");
    case Verdict::Loading:
        return tr("Loading");
    case Verdict::Asleep:
        return tr("Asleep");
    case Verdict::Fits:
        return tr("Fits");
    case Verdict::FitsInInt8:
        return tr("Fits with int8 KV");
    case Verdict::DoesNotFit:
        return tr("Does not fit");
    case Verdict::NotSupported:
        return tr("Not supported");
    case Verdict::Unreadable:
        return tr("Unreadable");
    }
    return {};
}

QColor VerdictText::colour(Verdict verdict, const Tokens& tokens)
{
    switch (verdict) {
    case Verdict::InUse:
    case Verdict::Loading:
    case Verdict::Asleep:
        return tokens.accentText;
    case Verdict::Fits:
        return tokens.ok;
    case Verdict::FitsInInt8:
        return tokens.warning;
    case Verdict::DoesNotFit:
    case Verdict::NotSupported:
    case Verdict::Unreadable:
        break;
    }
    return tokens.danger;
}

} // namespace vitrine::ui
