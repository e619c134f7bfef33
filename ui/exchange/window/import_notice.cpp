// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/window/import_notice.h"

#include <QCoreApplication>

#include "ui/exchange/turn_text.h"
namespace vitrine::ui {
namespace {

constexpr qsizetype kMostReasons = 3; // more would push the chat off the page

struct ImportNotice
{
    Q_DECLARE_TR_FUNCTIONS(ImportNotice)
};

QString titleOf(const ImportSummary& summary)
{
    if (summary.imported > 0)
        return counted(summary.imported, ImportNotice::tr("1 chat imported"),
                       ImportNotice::tr("%1 chats imported"));
    if (summary.cancelled)
        return ImportNotice::tr("The import was cancelled");
    return summary.known > 0 && summary.reasons.isEmpty()
               ? ImportNotice::tr("All these chats are here already")
               : ImportNotice::tr("Nothing was imported");
}

QStringList countsOf(const ImportSummary& summary)
{
    QStringList counts;
    if (summary.known > 0 && (summary.imported > 0 || !summary.reasons.isEmpty()))
        counts << counted(summary.known, ImportNotice::tr("1 chat was here already."),
                          ImportNotice::tr("%1 chats were here already."));
    if (summary.chatsLeftOut > 0)
        counts << counted(summary.chatsLeftOut, ImportNotice::tr("1 chat was left out."),
                          ImportNotice::tr("%1 chats were left out."));
    if (summary.messagesLeftOut > 0)
        counts << counted(summary.messagesLeftOut, ImportNotice::tr("1 message was left out."),
                          ImportNotice::tr("%1 messages were left out."));
    if (summary.cancelled && summary.imported > 0)
        counts << ImportNotice::tr("The rest was cancelled.");
    return counts;
}

} // namespace

void ImportSummary::add(const QString& file, const ImportResult& result)
{
    chatsLeftOut += result.chatsLeftOut;
    messagesLeftOut += result.messagesLeftOut;
    const QStringList found = result.error.isEmpty() ? result.problems : QStringList{result.error};
    for (const QString& reason : found)
        reasons.append(QStringLiteral("%1: %2").arg(file, reason));
}

Notice noticeOf(const ImportSummary& summary)
{
    Notice notice;
    notice.title = titleOf(summary);
    QStringList lines;
    if (const QStringList counts = countsOf(summary); !counts.isEmpty())
        lines << counts.join(' ');
    lines += summary.reasons.first(std::min(summary.reasons.size(), kMostReasons));
    if (const qsizetype more = summary.reasons.size() - kMostReasons; more > 0)
        lines << ImportNotice::tr("and %1 more").arg(more);
    notice.detail = lines.join('\n');
    notice.tone = summary.reasons.isEmpty() ? Notice::Tone::Plain : Notice::Tone::Warning;
    return notice;
}

} // namespace vitrine::ui
