// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/latency/advice_settings.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <QCoreApplication>

#include "ui/profiler/latency/advice_text.h"
#include "ui/shell/scheduling_values.h"
#include "ui/theme/size_text.h"

namespace vitrine::ui {
namespace {

using engine::SettingKey;

QString text(const char* source)
{
    return QCoreApplication::translate("AdviceSettings", source);
}

/// The smallest that is offered and not below; the largest one where all are.
template<class Value, std::size_t count>
Value offered(const Value (&values)[count], double wanted)
{
    Value best = 0;
    for (const Value value : values) {
        const bool enough = double(value) >= wanted;
        if (value == 0 || (double(best) >= wanted && (!enough || value > best)))
            continue; // 0: no target, or as much as is sensible
        if (enough || value > best)
            best = value;
    }
    return best;
}

QString memoryText(double mebibytes)
{
    return mebibytes > 0 ? sizeText(quint64(mebibytes) << 20U)
                         : text(QT_TRANSLATE_NOOP("AdviceSettings", "automatic"));
}

} // namespace

std::optional<SchedulingChoice> choiceOf(const engine::Suggestion& suggestion, const SchedulingChoice& now,
                                         quint64 blockBytes)
{
    SchedulingChoice choice = now;
    const double proposed = suggestion.proposed;
    if (!std::isfinite(proposed) || proposed < 0)
        return std::nullopt;
    switch (suggestion.key) {
    case SettingKey::ItlTarget:
        choice.itlTarget = offered(kTargetsMs, proposed * 1e3) * 1e-3;
        break;
    case SettingKey::Policy:
        if (proposed > double(engine::PolicyKind::Shortest))
            return std::nullopt;
        choice.policy = engine::PolicyKind(int(proposed));
        break;
    case SettingKey::Threads:
        choice.threads = quint32(std::clamp(proposed, 1.0, 1024.0));
        break;
    case SettingKey::KvBlocks:
        if (blockBytes == 0)
            return std::nullopt;
        choice.kvMebibytes = offered(kKvMebibytes, proposed * double(blockBytes) / double(1U << 20U));
        break;
    default:
        return std::nullopt;
    }
    return choice == now ? std::nullopt : std::optional(choice);
}

double valueOf(const SchedulingChoice& choice, SettingKey key)
{
    switch (key) {
    case SettingKey::ItlTarget:
        return choice.itlTarget;
    case SettingKey::Policy:
        return double(choice.policy);
    case SettingKey::Threads:
        return choice.threads;
    case SettingKey::KvBlocks:
        return choice.kvMebibytes;
    default:
        return 0;
    }
}

QString changeText(const SchedulingChoice& before, const SchedulingChoice& after, SettingKey key)
{
    const auto value = [key](const SchedulingChoice& choice) {
        const double said = valueOf(choice, key);
        if (key == SettingKey::KvBlocks)
            return memoryText(said);
        if (key == SettingKey::Threads && said == 0)
            return text(QT_TRANSLATE_NOOP("AdviceSettings", "one per core"));
        return AdviceText::value(key, said);
    };
    const QString name = key == SettingKey::KvBlocks
                             ? text(QT_TRANSLATE_NOOP("AdviceSettings", "Memory for chats"))
                             : AdviceText::setting(key);
    return text(QT_TRANSLATE_NOOP("AdviceSettings", "%1: %2 → %3")).arg(name, value(before), value(after));
}

} // namespace vitrine::ui
