// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palette/conversation_source.h"

#include <QLocale>

namespace vitrine::ui {
namespace {

constexpr qsizetype kMostAnswers = 200;

} // namespace

ConversationSource::ConversationSource(ConversationStore& store, Open open, QObject* parent)
    : PaletteSource(parent), m_store(store), m_open(std::move(open))
{}

void ConversationSource::ask(const QString& query)
{
    QList<PaletteEntry> entries;
    for (const Conversation* conversation : m_store.byRecency()) {
        if (conversation->isEmpty())
            continue;
        PaletteEntry entry{conversation->displayTitle()};
        if (!rate(entry, query))
            continue;
        entry.detail = detailOf(*conversation);
        entry.hue = conversation->number();
        entry.open = [this, id = conversation->id()](OpenWhere where) { m_open(id, where); };
        entries << entry;
        if (entries.size() >= kMostAnswers)
            break;
    }
    emit answered(query, entries);
}

QString ConversationSource::detailOf(const Conversation& conversation)
{
    const QDateTime when = conversation.lastActivity();
    const qint64 days = when.date().daysTo(QDate::currentDate());
    const QLocale locale;
    const QString day = days <= 0   ? tr("Today")
                        : days == 1 ? tr("Yesterday")
                                    : locale.toString(when.date(), QLocale::ShortFormat);
    const std::size_t count = conversation.messageCount();
    //: A day and how much was said: "Yesterday, 18 messages"
    return count == 1 ? tr("%1, 1 message").arg(day)
                      : tr("%1, %2 messages").arg(day, locale.toString(qulonglong(count)));
}

} // namespace vitrine::ui
