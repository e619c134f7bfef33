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

/// As the sidebar writes days, with the year where it is another.
QString ConversationSource::dayText(const QDate& date, const QDate& today)
{
    const QLocale locale;
    const qint64 days = date.daysTo(today);
    if (days <= 0)
        return tr("Today");
    if (days == 1)
        return tr("Yesterday");
    if (days <= 7)
        return locale.standaloneDayName(date.dayOfWeek());
    //: Day and month, as QLocale::toString() takes it
    const QString thisYear = tr("d MMM");
    //: Day, month and year, as QLocale::toString() takes it
    const QString anotherYear = tr("d MMM yyyy");
    return locale.toString(date, date.year() == today.year() ? thisYear : anotherYear);
}

QString ConversationSource::detailOf(const Conversation& conversation)
{
    const QLocale locale; // of the window's language
    const QString day = dayText(conversation.lastActivity().date(), QDate::currentDate());
    const std::size_t count = conversation.messageCount();
    //: A day and how much was said: "Yesterday, 18 messages"
    return count == 1 ? tr("%1, 1 message").arg(day)
                      : tr("%1, %2 messages").arg(day, locale.toString(qulonglong(count)));
}

} // namespace vitrine::ui
