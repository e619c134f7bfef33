// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/lab/lab_texts.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QLocale>
#include <QThread>

#include "ui/profiler/analysis/chart_texts.h"
#include "ui/profiler/latency/advice_text.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/shell/scheduling_values.h"

namespace vitrine::ui {
namespace {

using engine::LoadFigure;

QString text(const char* source)
{
    return QCoreApplication::translate("LabTexts", source);
}

struct Told
{
    const char* name;
    const char* explanation;
};

/// In the order of LabSetting.
constexpr Told kSettings[] = {
    {QT_TRANSLATE_NOOP("LabTexts", "Time between tokens"),
     QT_TRANSLATE_NOOP("LabTexts", "What the time between two tokens of a reply is kept to. Prompts are read "
                                   "in pieces small enough for it.")},
    {QT_TRANSLATE_NOOP("LabTexts", "KV memory"),
     QT_TRANSLATE_NOOP("LabTexts", "As a part of what the KV cache has now. Less memory waits until no reply "
                                   "is being written, and may push out what is cached of chats.")},
    {QT_TRANSLATE_NOOP("LabTexts", "Requests at once"),
     QT_TRANSLATE_NOOP("LabTexts", "How many requests run at once at most; others wait.")},
    {QT_TRANSLATE_NOOP("LabTexts", "Tokens in a step"),
     QT_TRANSLATE_NOOP("LabTexts", "How many tokens, of prompts and replies, a step computes at most.")},
    {QT_TRANSLATE_NOOP("LabTexts", "Who comes first"),
     QT_TRANSLATE_NOOP("LabTexts", "The order in which requests that wait are admitted.")},
    {QT_TRANSLATE_NOOP("LabTexts", "Preemption"),
     QT_TRANSLATE_NOOP("LabTexts", "What becomes of the KV of a request that has to make room.")},
    {QT_TRANSLATE_NOOP("LabTexts", "Steps"),
     QT_TRANSLATE_NOOP("LabTexts", "Whether prompts and replies are computed in the same steps.")},
    {QT_TRANSLATE_NOOP("LabTexts", "Threads"), QT_TRANSLATE_NOOP("LabTexts", "Threads that compute.")},
    {QT_TRANSLATE_NOOP("LabTexts", "Arithmetic"),
     QT_TRANSLATE_NOOP("LabTexts",
                       "One numeric path whatever runs beside a request, or the fastest. Changing "
                       "it forgets what is cached of chats.")},
};
static_assert(std::size(kSettings) == kLabSettings);

/// In the order of LoadFigure.
constexpr Told kFigures[] = {
    {QT_TRANSLATE_NOOP("LabTexts", "Tokens/s"),
     QT_TRANSLATE_NOOP("LabTexts", "Reply tokens a second, from the first arrival to the last end.")},
    {QT_TRANSLATE_NOOP("LabTexts", "First token, p50"),
     QT_TRANSLATE_NOOP("LabTexts", "From a request's arrival to its first token: half of them waited less.")},
    {QT_TRANSLATE_NOOP("LabTexts", "First token, p99"),
     QT_TRANSLATE_NOOP("LabTexts", "From a request's arrival to its first token: 1 of 100 waited longer.")},
    {QT_TRANSLATE_NOOP("LabTexts", "Between, p50"),
     QT_TRANSLATE_NOOP("LabTexts", "From one token of a reply to the next: half of them came sooner.")},
    {QT_TRANSLATE_NOOP("LabTexts", "Between, p99"),
     QT_TRANSLATE_NOOP("LabTexts", "From one token of a reply to the next: 1 of 100 took longer.")},
    {QT_TRANSLATE_NOOP("LabTexts", "Queue"),
     QT_TRANSLATE_NOOP("LabTexts", "From a request's arrival until it was admitted, on average.")},
    {QT_TRANSLATE_NOOP("LabTexts", "Prefix hits"),
     QT_TRANSLATE_NOOP("LabTexts", "The part of the prompts' tokens that was found in the KV cache.")},
    {QT_TRANSLATE_NOOP("LabTexts", "Preempted"),
     QT_TRANSLATE_NOOP("LabTexts", "How often a request of the load had to give its blocks to others.")},
    {QT_TRANSLATE_NOOP("LabTexts", "Peak blocks"),
     QT_TRANSLATE_NOOP("LabTexts", "The part of the pool's blocks that was in use at once.")},
};
static_assert(std::size(kFigures) == engine::kLoadFigures);

struct KindText
{
    const char* kind;
    Told told;
};

constexpr KindText kKinds[] = {
    {"chat",
     {QT_TRANSLATE_NOOP("LabTexts", "Chats"), QT_TRANSLATE_NOOP("LabTexts", "Short questions, one after the "
                                                                            "other, as people ask them.")}},
    {"nano",
     {QT_TRANSLATE_NOOP("LabTexts", "Many at once"),
      QT_TRANSLATE_NOOP("LabTexts",
                        "Prompts and replies of all lengths, all at the same moment: how much the "
                        "machine can do.")}},
    {"burst",
     {QT_TRANSLATE_NOOP("LabTexts", "Bursts"),
      QT_TRANSLATE_NOOP("LabTexts", "Eight requests at one moment, then quiet.")}},
    {"long-prompts",
     {QT_TRANSLATE_NOOP("LabTexts", "Long prompts"),
      QT_TRANSLATE_NOOP("LabTexts", "Documents with short answers.")}},
    {"branches",
     {QT_TRANSLATE_NOOP("LabTexts", "Shared beginnings"),
      QT_TRANSLATE_NOOP("LabTexts", "Four requests each begin with the same long text.")}},
    {"mixed",
     {QT_TRANSLATE_NOOP("LabTexts", "Mixed"),
      QT_TRANSLATE_NOOP("LabTexts", "Chats, long prompts and bursts among each other.")}},
};

const Told* toldOf(const engine::WorkloadKind& kind)
{
    for (const KindText& each : kKinds)
        if (qstrcmp(each.kind, kind.name) == 0)
            return &each.told;
    return nullptr;
}

QString shareText(double share)
{
    struct Share
    {
        double share;
        const char* name;
    };
    constexpr Share kShares[] = {{2, QT_TRANSLATE_NOOP("LabTexts", "twice")},
                                 {0.5, QT_TRANSLATE_NOOP("LabTexts", "a half")},
                                 {0.25, QT_TRANSLATE_NOOP("LabTexts", "a quarter")},
                                 {0.125, QT_TRANSLATE_NOOP("LabTexts", "an eighth")}};
    for (const Share& each : kShares)
        if (each.share == share)
            return text(each.name);
    return percentText(share);
}

QString choiceText(double value, std::initializer_list<const char*> names)
{
    const auto at = std::size_t(std::clamp(value, 0.0, double(names.size() - 1)));
    return text(names.begin()[at]);
}

/// Where a whole row has to fit into a column.
QString briefly(LabSetting setting, double value)
{
    const QString said = LabTexts::value(setting, value);
    switch (setting) {
    case LabSetting::ItlTarget:
        return value > 0 ? text(QT_TRANSLATE_NOOP("LabTexts", "target %1")).arg(said) : said;
    case LabSetting::MaxRunning:
        return text(QT_TRANSLATE_NOOP("LabTexts", "%1 at once")).arg(said);
    case LabSetting::TokenBudget:
        return text(QT_TRANSLATE_NOOP("LabTexts", "%1 tokens a step")).arg(said);
    case LabSetting::Policy:
        return said;
    default:
        return text(QT_TRANSLATE_NOOP("LabTexts", "%1: %2")).arg(LabTexts::setting(setting), said);
    }
}

} // namespace

QString LabTexts::setting(LabSetting setting)
{
    return text(kSettings[std::size_t(setting)].name);
}

QString LabTexts::explanation(LabSetting setting)
{
    return text(kSettings[std::size_t(setting)].explanation);
}

QString LabTexts::value(LabSetting setting, double value)
{
    switch (setting) {
    case LabSetting::ItlTarget:
        return AdviceText::value(engine::SettingKey::ItlTarget, value);
    case LabSetting::KvShare:
        return shareText(value);
    case LabSetting::Policy:
        return AdviceText::value(engine::SettingKey::Policy, value);
    case LabSetting::Preemption:
        return choiceText(value, {QT_TRANSLATE_NOOP("LabTexts", "the cheaper"),
                                  QT_TRANSLATE_NOOP("LabTexts", "recompute"),
                                  QT_TRANSLATE_NOOP("LabTexts", "swap")});
    case LabSetting::Batches:
        return choiceText(
            value, {QT_TRANSLATE_NOOP("LabTexts", "mixed"), QT_TRANSLATE_NOOP("LabTexts", "prompts first")});
    case LabSetting::Deterministic:
        return choiceText(value, {QT_TRANSLATE_NOOP("LabTexts", "fastest"),
                                  QT_TRANSLATE_NOOP("LabTexts", "always the same")});
    case LabSetting::Threads:
        return value > 0 ? countText(quint64(value)) : text(QT_TRANSLATE_NOOP("LabTexts", "one per core"));
    default:
        return countText(quint64(std::max(value, 0.0)));
    }
}

QList<double> LabTexts::values(LabSetting setting)
{
    switch (setting) {
    case LabSetting::ItlTarget: {
        QList<double> targets;
        for (const int ms : kTargetsMs)
            targets << ms * 1e-3;
        return targets;
    }
    case LabSetting::KvShare:
        return {2, 0.5, 0.25, 0.125};
    case LabSetting::MaxRunning:
        return {1, 2, 4, 8, 16, 32, 64, 128, 256};
    case LabSetting::TokenBudget:
        return {32, 64, 128, 256, 512, 1024, 2048};
    case LabSetting::Policy:
        return {0, 1, 2, 3};
    case LabSetting::Preemption:
        return {0, 1, 2};
    case LabSetting::Threads: {
        QList<double> threads{0};
        for (int i = 1; i <= QThread::idealThreadCount(); ++i)
            threads << i;
        return threads;
    }
    default:
        return {0, 1};
    }
}

QString LabTexts::row(const LabSettings& settings)
{
    if (settings.empty())
        return text(QT_TRANSLATE_NOOP("LabTexts", "As set now"));
    QStringList said;
    for (const auto& [key, set] : settings)
        said << briefly(key, set);
    return said.join(text(QT_TRANSLATE_NOOP("LabTexts", ", ")));
}

QString LabTexts::kind(const engine::WorkloadKind& kind)
{
    const Told* told = toldOf(kind);
    return told != nullptr ? text(told->name) : QString::fromLatin1(kind.name);
}

QString LabTexts::explanation(const engine::WorkloadKind& kind)
{
    const Told* told = toldOf(kind);
    return told != nullptr ? text(told->explanation) : QString();
}

QString LabTexts::length(engine::WorkloadLength length)
{
    switch (length) {
    case engine::WorkloadLength::OfReply:
        return text(QT_TRANSLATE_NOOP("LabTexts", "Tokens of a reply"));
    case engine::WorkloadLength::OfPrompt:
        return text(QT_TRANSLATE_NOOP("LabTexts", "Tokens of a prompt"));
    case engine::WorkloadLength::OfBoth:
        return text(QT_TRANSLATE_NOOP("LabTexts", "Tokens of prompt and reply"));
    case engine::WorkloadLength::OfBeginning:
        break;
    }
    return text(QT_TRANSLATE_NOOP("LabTexts", "Tokens of a beginning"));
}

QString LabTexts::load(const LabLoad& load)
{
    const quint64 requests = load.items ? load.items->size() : 0;
    const QString when = load.seconds > 0
                             ? text(QT_TRANSLATE_NOOP("LabTexts", "within %1")).arg(secondsText(load.seconds))
                             : text(QT_TRANSLATE_NOOP("LabTexts", "all at once"));
    const QString replies = countText(load.replyTokens);
    if (load.promptTokens == 0)
        return text(QT_TRANSLATE_NOOP("LabTexts", "Requests: %1, %2; %3 tokens of replies."))
            .arg(countText(requests), when, replies);
    return text(QT_TRANSLATE_NOOP("LabTexts", "Requests: %1, %2; %3 tokens of prompts, %4 of replies."))
        .arg(countText(requests), when, countText(load.promptTokens), replies);
}

QStringList LabTexts::missing(const LabLoad& load)
{
    QStringList said;
    const auto say = [&said](quint64 count, const char* sentence) {
        if (count > 0)
            said << text(sentence).arg(countText(count));
    };
    say(load.left.withoutArrival,
        QT_TRANSLATE_NOOP("LabTexts", "Left out, because they arrived before the recording: %1."));
    say(load.left.withoutPrompt,
        QT_TRANSLATE_NOOP("LabTexts", "Left out, because their prompts are not in the recording: %1."));
    say(load.left.withoutReply,
        QT_TRANSLATE_NOOP("LabTexts", "Left out, because they ended before their first token: %1."));
    say(load.left.unfinished,
        QT_TRANSLATE_NOOP("LabTexts", "Cut, because their replies went on after the recording: %1."));
    return said;
}

QString LabTexts::figure(LoadFigure figure)
{
    return text(kFigures[std::size_t(figure)].name);
}

QString LabTexts::figureExplanation(LoadFigure figure)
{
    return text(kFigures[std::size_t(figure)].explanation);
}

QString LabTexts::amount(LoadFigure figure, double value)
{
    switch (figure) {
    case LoadFigure::TokensPerSecond:
        return QLocale().toString(value, 'f', value < 99.95 ? 1 : 0);
    case LoadFigure::Preemptions:
        return QLocale().toString(value, 'f', value == std::floor(value) ? 0 : 1);
    case LoadFigure::PrefixHits:
    case LoadFigure::PeakBlocks:
        return percentText(value);
    default:
        return secondsText(value);
    }
}

QString LabTexts::change(const engine::LoadCell& cell)
{
    if (cell.difference == engine::Difference::WithinNoise && cell.least == cell.most && !cell.change)
        return {}; // 0 against 0
    if (cell.difference == engine::Difference::WithinNoise)
        return text(QT_TRANSLATE_NOOP("LabTexts", "in the noise"));
    if (cell.difference == engine::Difference::None || !cell.change)
        return {};
    const double percent = std::round(*cell.change * 100);
    if (percent == 0)
        return text(QT_TRANSLATE_NOOP("LabTexts", "±0 %"));
    const QString sign = percent > 0 ? QStringLiteral("+") : QStringLiteral("\u2212");
    return text(QT_TRANSLATE_NOOP("LabTexts", "%1%2 %"))
        .arg(sign, QLocale().toString(std::min(std::abs(percent), 1e6), 'f', 0));
}

QString LabTexts::told(LoadFigure key, const engine::LoadCell& cell)
{
    if (cell.runs == 0)
        return text(QT_TRANSLATE_NOOP("LabTexts", "%1: not measured")).arg(figure(key));
    QStringList said{
        text(QT_TRANSLATE_NOOP("LabTexts", "%1: %2")).arg(figure(key), amount(key, cell.median))};
    if (cell.runs > 1)
        said << text(QT_TRANSLATE_NOOP("LabTexts", "median of %1 runs, %2 to %3"))
                    .arg(countText(cell.runs), amount(key, cell.least), amount(key, cell.most));
    if (cell.best)
        said << text(QT_TRANSLATE_NOOP("LabTexts", "the best"));
    switch (cell.difference) {
    case engine::Difference::None:
        break;
    case engine::Difference::Unsure:
        said << text(QT_TRANSLATE_NOOP("LabTexts", "%1 against the first row; 3 repeats tell whether that is "
                                                   "more than noise"))
                    .arg(change(cell));
        break;
    case engine::Difference::WithinNoise:
        said << text(QT_TRANSLATE_NOOP("LabTexts",
                                       "no more different from the first row than its repeats are "
                                       "from each other"));
        break;
    case engine::Difference::Better:
        said << text(QT_TRANSLATE_NOOP("LabTexts", "%1 against the first row: better")).arg(change(cell));
        break;
    case engine::Difference::Worse:
        said << text(QT_TRANSLATE_NOOP("LabTexts", "%1 against the first row: worse")).arg(change(cell));
        break;
    }
    return said.join(text(QT_TRANSLATE_NOOP("LabTexts", ", ")));
}

std::vector<engine::LoadRow> comparedRows(const std::vector<LabRunner::Row>& rows)
{
    std::vector<std::vector<engine::LoadFigures>> measured(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (const LabEnd& run : rows[i].runs)
            measured[i].push_back(run.figures);
    return engine::compareSettings(measured);
}

} // namespace vitrine::ui
