// SPDX-License-Identifier: GPL-3.0-or-later
// What is kept of a reply beside its text: where its time went, who slowed it, its tokens. Values; any
// thread.
#pragma once

#include <QList>
#include <QString>

#include "ui/bridge/snapshots.h"

namespace vitrine::ui {

struct ReplyDetails
{
    /// Another chat that was computed in the same steps.
    struct Neighbour
    {
        QString title;
        quint32 sharedSteps = 0;
        double seconds = 0; ///< that it added

        bool operator==(const Neighbour&) const = default;
    };

    // Seconds; the first seven add up to the time from the question to the last token.
    double queued = 0, preempted = 0, prefill = 0, interference = 0, decode = 0, sampling = 0, other = 0;
    double saved = 0; ///< that the cached part of the prompt did not take
    quint32 steps = 0, sharedSteps = 0;
    QList<Neighbour> neighbours; ///< who added most, first
    bool contextFull = false;    ///< it ended because the context took no more
    quint32 leftOut = 0;         ///< turns at the beginning that it did not read
    double thoughtSeconds = 0;   ///< that its first section of thinking took; 0: not known
    quint32 thoughtTokens = 0;
    QList<qint32> tokens; ///< its own; to go on exactly

    double total() const { return queued + preempted + prefill + interference + decode + sampling + other; }
    bool hasTimes() const { return total() > 0; }
    bool hasThought() const { return thoughtSeconds > 0 || thoughtTokens > 0; }
    /// The part that was written after it was continued.
    void add(const ReplyDetails& later);

    bool operator==(const ReplyDetails&) const = default;
};

/// Without the neighbours: the bridge knows replies, not chats.
ReplyDetails detailsOf(const ReplyEnd& end);

QString detailsToJson(const ReplyDetails& details);
/// What is missing or not understood keeps its default.
ReplyDetails detailsFromJson(const QString& json);

} // namespace vitrine::ui
