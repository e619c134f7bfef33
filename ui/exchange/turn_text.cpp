// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/turn_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace vitrine::ui {
namespace {

struct TurnText
{
    Q_DECLARE_TR_FUNCTIONS(TurnText)
};

} // namespace

QString counted(qint64 number, const QString& one, const QString& many)
{
    return number == 1 ? one : many.arg(QLocale().toString(number));
}

QString chatTitle(const ConversationRecord& chat)
{
    const QString title = chat.title.simplified();
    return title.isEmpty() ? TurnText::tr("Chat without a title") : title;
}

QString whenText(qint64 time)
{
    return time <= 0 ? QString()
                     : QLocale().toString(QDateTime::fromMSecsSinceEpoch(time), QLocale::ShortFormat);
}

QString turnHeading(const MessageRecord& message)
{
    QString heading = message.role == Role::User ? TurnText::tr("User") : TurnText::tr("Assistant");
    if (message.role == Role::Assistant && !message.facts.model.isEmpty())
        heading += QStringLiteral(" (%1)").arg(message.facts.model.simplified());
    if (message.created > 0)
        heading += QString::fromUtf8(" · ") + whenText(message.created);
    return heading;
}

QString turnFigures(const MessageRecord& message)
{
    const ReplyFacts& facts = message.facts;
    QStringList figures;
    if (facts.replyTokens > 0)
        figures << counted(facts.replyTokens, TurnText::tr("1 token"), TurnText::tr("%1 tokens"));
    if (facts.tokensPerSecond > 0)
        figures << TurnText::tr("%1 tokens/s").arg(QLocale().toString(facts.tokensPerSecond, 'f', 1));
    if (facts.secondsToFirst > 0)
        figures
            << TurnText::tr("first token after %1 s").arg(QLocale().toString(facts.secondsToFirst, 'f', 2));
    return figures.join(QString::fromUtf8(" · "));
}

QString turnState(const MessageRecord& message)
{
    switch (message.state) {
    case MessageState::Complete:
        return {};
    case MessageState::Stopped:
        return TurnText::tr("Stopped");
    case MessageState::CutOff:
        return TurnText::tr("Cut off at the length limit");
    case MessageState::Failed:
        return TurnText::tr("Failed: %1").arg(message.error.simplified());
    case MessageState::Queued:
    case MessageState::Reading:
    case MessageState::Streaming:
    case MessageState::Interrupted:
        break;
    }
    return TurnText::tr("Not finished");
}

} // namespace vitrine::ui
