// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/reply_breakdown.h"

#include <algorithm>
#include <array>

#include <QCoreApplication>
#include <QLocale>

namespace vitrine::ui {

namespace {

constexpr double kWorthSaying = 0.01; // of the time: what others added

QString translated(const char* text)
{
    return QCoreApplication::translate("ReplyBreakdown", text);
}

QString number(double seconds)
{
    return QLocale().toString(seconds, 'f', 2);
}

struct Largest
{
    double seconds;
    const char* text;
};

QString mostOfIt(const ReplyDetails& details)
{
    const std::array parts{
        Largest{details.queued, QT_TRANSLATE_NOOP("ReplyBreakdown", "%1 s, most of it waiting.")},
        Largest{details.preempted,
                QT_TRANSLATE_NOOP("ReplyBreakdown", "%1 s, most of it paused for other chats.")},
        Largest{details.prefill, QT_TRANSLATE_NOOP("ReplyBreakdown", "%1 s, most of it reading the prompt.")},
        Largest{details.interference,
                QT_TRANSLATE_NOOP("ReplyBreakdown", "%1 s, most of it because of other chats.")},
        Largest{details.decode, QT_TRANSLATE_NOOP("ReplyBreakdown", "%1 s, most of it decode.")},
        Largest{details.sampling, QT_TRANSLATE_NOOP("ReplyBreakdown", "%1 s, most of it choosing tokens.")},
        Largest{details.other, QT_TRANSLATE_NOOP("ReplyBreakdown", "%1 s, most of it between steps.")}};
    const auto largest = std::ranges::max_element(parts, {}, &Largest::seconds);
    return translated(largest->text).arg(number(details.total()));
}

} // namespace

std::optional<ReplyBreakdown> breakdownOf(const ReplyDetails& details)
{
    if (!details.hasTimes())
        return std::nullopt;
    ReplyBreakdown breakdown;
    breakdown.queued = details.queued;
    breakdown.preempted = details.preempted;
    breakdown.prefill = details.prefill;
    breakdown.interference = details.interference;
    breakdown.decode = details.decode;
    breakdown.sampling = details.sampling;
    breakdown.other = details.other;
    breakdown.saved = details.saved;
    breakdown.sentence = mostOfIt(details);
    if (!details.neighbours.isEmpty() && details.interference > kWorthSaying * details.total()) {
        const ReplyDetails::Neighbour& worst = details.neighbours.first();
        breakdown.slowedBy =
            translated(QT_TRANSLATE_NOOP("ReplyBreakdown", "“%1” shared %2 of %3 steps and added %4 s."))
                .arg(QStringLiteral("%1"), QLocale().toString(worst.sharedSteps),
                     QLocale().toString(details.steps), number(worst.seconds));
        breakdown.slowedByWhom = worst.title;
    }
    return breakdown;
}

std::optional<ReplyBreakdown> breakdownOf(const Message& message)
{
    return message.details.isEmpty() ? std::nullopt : breakdownOf(detailsFromJson(message.details));
}

} // namespace vitrine::ui
