// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/latency/advice_text.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <QCoreApplication>
#include <QLocale>

#include "engine/scheduler/policy.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/theme/size_text.h"

namespace vitrine::ui {
namespace {

using engine::GainMetric;
using engine::SettingKey;

/// Every sentence of the advisor's rules and of anomalies.
// clang-format off
constexpr const char* kSentences[] = {
    QT_TRANSLATE_NOOP("AdviceText", "Each token takes %1 for reading the weights, whether one reply is computed or several; on average %2 were."),
    QT_TRANSLATE_NOOP("AdviceText", "Each token takes %1 for reading the weights, at %3 of what the memory can deliver, whether one reply is computed or several; on average %2 were."),
    QT_TRANSLATE_NOOP("AdviceText", "More replies at once cost little more. A smaller file type (Q4 instead of Q8) makes each faster."),
    QT_TRANSLATE_NOOP("AdviceText", "For %1 of the time steps were full with %2 tokens while prompts waited; %3 of such a step is not the prompts'."),
    QT_TRANSLATE_NOOP("AdviceText", "Let a step take %1 tokens."),
    QT_TRANSLATE_NOOP("AdviceText", "Steps were full of prompts for %1 of the time and others waited: %2 prompt tokens a second came in, and the machine computes %3."),
    QT_TRANSLATE_NOOP("AdviceText", "Send fewer or shorter prompts, share their beginnings, or use a smaller model."),
    QT_TRANSLATE_NOOP("AdviceText", "Up to %1 requests waited behind a prompt of %2 tokens, %3 of the time; half of all prompts have no more than %4."),
    QT_TRANSLATE_NOOP("AdviceText", "Admit short requests first."),
    QT_TRANSLATE_NOOP("AdviceText", "The model stood still for %1 of the time while there was work: %2 planning, %3 telling clients about tokens, %4 for nobody knows what."),
    QT_TRANSLATE_NOOP("AdviceText", "Make the client that receives the tokens faster, or let it take them elsewhere."),
    QT_TRANSLATE_NOOP("AdviceText", "Let fewer requests wait at once, or close other programs."),
    QT_TRANSLATE_NOOP("AdviceText", "Look for another program that takes the engine's processor."),
    QT_TRANSLATE_NOOP("AdviceText", "%1 threads compute on a machine with %2 cores, and %3 of the time is arithmetic that more threads would share."),
    QT_TRANSLATE_NOOP("AdviceText", "Compute with %1 threads."),
    QT_TRANSLATE_NOOP("AdviceText", "Requests waited for %1 of the time though there was room for them, because with one more the time between tokens would pass its target."),
    QT_TRANSLATE_NOOP("AdviceText", "Prompts advanced by %1 tokens a step, because the time between tokens is kept short; %2 of those steps was not theirs."),
    QT_TRANSLATE_NOOP("AdviceText", "Allow %1 between tokens."),
    QT_TRANSLATE_NOOP("AdviceText", "%1 of the prompts' tokens are the same as another prompt's but were computed again: these prompts differ at token %2 already, %3 against %4, and %5 tokens behind it are alike."),
    QT_TRANSLATE_NOOP("AdviceText", "Put what changes (a date, a name) behind what stays the same in the system prompt."),
    QT_TRANSLATE_NOOP("AdviceText", "Up to %1 requests waited though the KV pool had room for them: no more than %2 may run at once. That was so for %3 of the time."),
    QT_TRANSLATE_NOOP("AdviceText", "Let %1 requests run at once."),
    QT_TRANSLATE_NOOP("AdviceText", "Only %1 of %2 memory was left, and %3 steps took far longer than they should. At most %4 of the KV pool's %5 blocks were in use."),
    QT_TRANSLATE_NOOP("AdviceText", "Give the KV cache less memory: %1 blocks are enough for what was asked."),
    QT_TRANSLATE_NOOP("AdviceText", "Close other programs, or use a smaller model."),
    QT_TRANSLATE_NOOP("AdviceText", "The KV pool had no room for the next request for %1 of the time; %2 requests lost their blocks to others."),
    QT_TRANSLATE_NOOP("AdviceText", "Store keys and values as int8: twice as many tokens fit."),
    QT_TRANSLATE_NOOP("AdviceText", "Give the KV cache more memory: %1 blocks instead of %2."),
    QT_TRANSLATE_NOOP("AdviceText", "Replies stalled %1 times, for up to %2 instead of %3, while a prompt was read beside them."),
    QT_TRANSLATE_NOOP("AdviceText", "Keep the time between tokens at %1: prompts are then read in smaller pieces."),
    QT_TRANSLATE_NOOP("AdviceText", "%1 of the prompts' tokens had been computed before, but nothing was kept of them: the prefix cache is off."),
    QT_TRANSLATE_NOOP("AdviceText", "Turn the prefix cache on."),
    QT_TRANSLATE_NOOP("AdviceText", "%1 of the prompts' tokens had been computed before, but their blocks were evicted before they were wanted again; %2 blocks were evicted in all, and %3 of the tokens were found."),
    QT_TRANSLATE_NOOP("AdviceText", "Choosing tokens took %1 of the time, %2 for each."),
    QT_TRANSLATE_NOOP("AdviceText", "Fewer sampling steps make it cheaper: top-k before top-p, no alternatives that nobody looks at."),
    QT_TRANSLATE_NOOP("AdviceText", "From step %1 on the same work took %2 as long as before."),
    QT_TRANSLATE_NOOP("AdviceText", "Look at the machine's temperature and power settings, and at programs that began then."),
    QT_TRANSLATE_NOOP("AdviceText", "%1 blocks went to host memory and %2 came back, which took %3 of the time."),
    QT_TRANSLATE_NOOP("AdviceText", "%1 of the steps took far longer than others with the same work, which cost %2 of the time."),
    QT_TRANSLATE_NOOP("AdviceText", "Compute with %1 threads, one for each core, instead of %2."),
    QT_TRANSLATE_NOOP("AdviceText", "Leave a core to other programs: set the threads that compute to %1."),
    QT_TRANSLATE_NOOP("AdviceText", "Close other programs that compute, or leave them a core."),
    QT_TRANSLATE_NOOP("AdviceText", "Forward passes took up to %1 as long as usual for their work."),
    QT_TRANSLATE_NOOP("AdviceText", "Up to %1 passed between two steps in which nothing was computed. A step takes %2."),
    QT_TRANSLATE_NOOP("AdviceText", "Tokens came %1 slower than the same work usually gives them."),
    QT_TRANSLATE_NOOP("AdviceText", "The prefix cache found %1 of prompts, instead of %2."),
    QT_TRANSLATE_NOOP("AdviceText", "%1 requests waited at once, instead of %2."),
    QT_TRANSLATE_NOOP("AdviceText", "%1 requests lost their blocks within %2 steps, instead of %3."),
    QT_TRANSLATE_NOOP("AdviceText", "A process was replaced; all %1 computed again after %2. What failed: %3."),
    QT_TRANSLATE_NOOP("AdviceText", "The processes began anew; all %1 computed again after %2. What failed: %3."),
    QT_TRANSLATE_NOOP("AdviceText", "Processes failed too often: %1 of %2 go on, after %3. What failed: %4."),
    QT_TRANSLATE_NOOP("AdviceText", "What failed could not be replaced: %1."),
    QT_TRANSLATE_NOOP("AdviceText", "The number of processes went from %1 to %2, which took %3."),
};

/// In the order of DiagnosisKind.
constexpr const char* kTitles[] = {
    QT_TRANSLATE_NOOP("AdviceText", "KV pool too small"),
    QT_TRANSLATE_NOOP("AdviceText", "Swapping KV blocks back and forth"),
    QT_TRANSLATE_NOOP("AdviceText", "Too few requests run at once"),
    QT_TRANSLATE_NOOP("AdviceText", "Target between tokens too tight"),
    QT_TRANSLATE_NOOP("AdviceText", "Steps too small"),
    QT_TRANSLATE_NOOP("AdviceText", "Long prompts stall replies"),
    QT_TRANSLATE_NOOP("AdviceText", "Short prompts wait behind a long one"),
    QT_TRANSLATE_NOOP("AdviceText", "Prompts differ at their beginning"),
    QT_TRANSLATE_NOOP("AdviceText", "Cached prefixes are evicted too soon"),
    QT_TRANSLATE_NOOP("AdviceText", "Prefixes are not kept"),
    QT_TRANSLATE_NOOP("AdviceText", "The model waits for the host"),
    QT_TRANSLATE_NOOP("AdviceText", "Choosing tokens is slow"),
    QT_TRANSLATE_NOOP("AdviceText", "Steps take uneven times"),
    QT_TRANSLATE_NOOP("AdviceText", "The machine became slower"),
    QT_TRANSLATE_NOOP("AdviceText", "Cores are idle"),
    QT_TRANSLATE_NOOP("AdviceText", "Memory bandwidth is the limit"),
    QT_TRANSLATE_NOOP("AdviceText", "More is asked than can be computed"),
    QT_TRANSLATE_NOOP("AdviceText", "The machine is short of memory"),
};

/// In the order of GainMetric.
constexpr const char* kMetrics[] = {
    QT_TRANSLATE_NOOP("AdviceText", "first token, p95"),
    QT_TRANSLATE_NOOP("AdviceText", "between, p95"),
    QT_TRANSLATE_NOOP("AdviceText", "between, worst"),
    QT_TRANSLATE_NOOP("AdviceText", "whole reply, mean"),
    QT_TRANSLATE_NOOP("AdviceText", "tokens/s"),
    QT_TRANSLATE_NOOP("AdviceText", "preemptions"),
};

/// In the order of SettingKey.
constexpr const char* kSettings[] = {
    QT_TRANSLATE_NOOP("AdviceText", "KV blocks"),
    QT_TRANSLATE_NOOP("AdviceText", "KV format"),
    QT_TRANSLATE_NOOP("AdviceText", "Time between tokens"),
    QT_TRANSLATE_NOOP("AdviceText", "Tokens in a step"),
    QT_TRANSLATE_NOOP("AdviceText", "Requests that run at once"),
    QT_TRANSLATE_NOOP("AdviceText", "Waiting replies"),
    QT_TRANSLATE_NOOP("AdviceText", "Threads"),
    QT_TRANSLATE_NOOP("AdviceText", "Prefix cache"),
};

constexpr const char* kPlaces[] = {
    QT_TRANSLATE_NOOP("AdviceText", "Settings, Memory for chats"),
    QT_TRANSLATE_NOOP("AdviceText", "Settings, KV format; then load the model again"),
    QT_TRANSLATE_NOOP("AdviceText", "Settings, Time between tokens"),
    QT_TRANSLATE_NOOP("AdviceText", "Settings, Time between tokens: steps may take more with a longer target"),
    QT_TRANSLATE_NOOP("AdviceText", "vitrine replay --max-running tries it out; there is no setting for it here"),
    QT_TRANSLATE_NOOP("AdviceText", "Settings, Waiting replies"),
    QT_TRANSLATE_NOOP("AdviceText", "Settings, Threads"),
    QT_TRANSLATE_NOOP("AdviceText", "it is always on in this window"),
};
// clang-format on

QString text(const char* source)
{
    return QCoreApplication::translate("AdviceText", source);
}

template<std::size_t count, class Key>
QString entry(const char* const (&list)[count], Key key)
{
    const auto index = std::size_t(key);
    return index < count ? text(list[index]) : QString();
}

QString number(double value)
{
    const double size = std::abs(value);
    return QLocale().toString(value, 'f', value == std::floor(value) || size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

QString figureText(const engine::Figure& figure)
{
    switch (figure.unit) {
    case engine::FigureUnit::Text:
        return QString::fromStdString(figure.text);
    case engine::FigureUnit::Count:
        return number(figure.value);
    case engine::FigureUnit::Share:
        return text(QT_TRANSLATE_NOOP("AdviceText", "%1 %"))
            .arg(QLocale().toString(figure.value * 100, 'f', figure.value < 0.1 ? 1 : 0));
    case engine::FigureUnit::Nanoseconds:
        return durationText(figure.value);
    case engine::FigureUnit::Bytes:
        return sizeText(quint64(std::clamp(figure.value, 0.0, 1e18)));
    case engine::FigureUnit::Factor:
        return text(QT_TRANSLATE_NOOP("AdviceText", "%1 times")).arg(number(figure.value));
    }
    return {};
}

QString policyText(double value)
{
    switch (engine::PolicyKind(int(std::clamp(value, 0.0, 3.0)))) {
    case engine::PolicyKind::Fcfs:
        return text(QT_TRANSLATE_NOOP("AdviceText", "in order of arrival"));
    case engine::PolicyKind::Priority:
        return text(QT_TRANSLATE_NOOP("AdviceText", "by priority"));
    case engine::PolicyKind::Fair:
        return text(QT_TRANSLATE_NOOP("AdviceText", "fair to each chat"));
    case engine::PolicyKind::Shortest:
        return text(QT_TRANSLATE_NOOP("AdviceText", "short replies first"));
    }
    return {};
}

bool isDuration(GainMetric metric)
{
    return metric != GainMetric::TokensPerSecond && metric != GainMetric::Preemptions;
}

} // namespace

bool AdviceText::knows(const QString& sentence)
{
    return std::any_of(std::begin(kSentences), std::end(kSentences),
                       [&](const char* known) { return sentence == QLatin1String(known); });
}

/// Places are filled in one pass: what stands in one may look like another.
QString AdviceText::said(const engine::Sentence& sentence)
{
    const QString form = text(sentence.text.c_str());
    QString result;
    for (qsizetype i = 0; i < form.size(); ++i) {
        const int place = form[i] == QLatin1Char('%') && i + 1 < form.size() ? form[i + 1].digitValue() : -1;
        if (place < 1 || std::size_t(place) > sentence.figures.size()) {
            result += form[i];
            continue;
        }
        QString figure = figureText(sentence.figures[std::size_t(place) - 1]);
        if (sentence.figures[std::size_t(place) - 1].unit != engine::FigureUnit::Text)
            figure.replace(QLatin1Char(' '), QChar::Nbsp); // a number and its unit stay together
        result += figure;
        ++i;
    }
    return result;
}

QString AdviceText::title(engine::DiagnosisKind kind)
{
    return entry(kTitles, kind);
}

QString AdviceText::bottleneck(engine::Bottleneck bottleneck)
{
    switch (bottleneck) {
    case engine::Bottleneck::Compute:
        return text(QT_TRANSLATE_NOOP("AdviceText", "Compute"));
    case engine::Bottleneck::Bandwidth:
        return text(QT_TRANSLATE_NOOP("AdviceText", "Bandwidth"));
    case engine::Bottleneck::Capacity:
        return text(QT_TRANSLATE_NOOP("AdviceText", "Capacity"));
    case engine::Bottleneck::Scheduling:
        return text(QT_TRANSLATE_NOOP("AdviceText", "Scheduling"));
    case engine::Bottleneck::Host:
        return text(QT_TRANSLATE_NOOP("AdviceText", "Host"));
    }
    return {};
}

QString AdviceText::icon(engine::Bottleneck bottleneck)
{
    switch (bottleneck) {
    case engine::Bottleneck::Compute:
        return QStringLiteral("chip");
    case engine::Bottleneck::Bandwidth:
        return QStringLiteral("speed");
    case engine::Bottleneck::Capacity:
        return QStringLiteral("blocks");
    case engine::Bottleneck::Scheduling:
        return QStringLiteral("queue");
    case engine::Bottleneck::Host:
        return QStringLiteral("hour");
    }
    return {};
}

QString AdviceText::setting(SettingKey key)
{
    return entry(kSettings, key);
}

QString AdviceText::place(SettingKey key)
{
    return entry(kPlaces, key);
}

QString AdviceText::value(SettingKey key, double value)
{
    constexpr const char* kFormats[] = {"F32", "F16", "BF16", "int8", "FP8"}; // by KvFormat
    switch (key) {
    case SettingKey::ItlTarget:
        return value > 0 ? durationText(value * 1e9) : text(QT_TRANSLATE_NOOP("AdviceText", "no target"));
    case SettingKey::Policy:
        return policyText(value);
    case SettingKey::KvFormat:
        return QString::fromLatin1(kFormats[int(std::clamp(value, 0.0, 4.0))]);
    case SettingKey::PrefixCache:
        return value != 0 ? text(QT_TRANSLATE_NOOP("AdviceText", "on"))
                          : text(QT_TRANSLATE_NOOP("AdviceText", "off"));
    default:
        return number(value);
    }
}

QString AdviceText::metric(GainMetric metric)
{
    return entry(kMetrics, metric);
}

QString AdviceText::amount(GainMetric metric, double value)
{
    return isDuration(metric) ? durationText(value) : number(std::round(value * 10) / 10);
}

bool AdviceText::isBetterWhenLess(GainMetric metric)
{
    return metric != GainMetric::TokensPerSecond;
}

QString AdviceText::percentRange(double low, double high)
{
    const auto percent = [](double share) {
        const double rounded = std::round(std::clamp(share, -1e4, 1e4) * 100);
        const QString sign = rounded < 0   ? QString(QChar(0x2212))
                             : rounded > 0 ? QStringLiteral("+")
                                           : QString();
        return sign + QLocale().toString(std::abs(rounded), 'f', 0);
    };
    return text(QT_TRANSLATE_NOOP("AdviceText", "%1 to %2 %")).arg(percent(low), percent(high));
}

QString AdviceText::change(GainMetric metric, double before, double after)
{
    if (metric == GainMetric::Preemptions)
        return text(QT_TRANSLATE_NOOP("AdviceText", "%1 → %2"))
            .arg(number(std::round(before)), number(std::round(after)));
    if (!(before > 0) || !std::isfinite(after))
        return {};
    const double percent = std::round((after / before - 1) * 100);
    const QString sign = percent < 0 ? QString(QChar(0x2212)) : percent > 0 ? QStringLiteral("+") : QString();
    return text(QT_TRANSLATE_NOOP("AdviceText", "%1 %"))
        .arg(sign + QLocale().toString(std::abs(percent), 'f', 0));
}

} // namespace vitrine::ui
