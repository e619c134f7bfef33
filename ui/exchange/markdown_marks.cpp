// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/markdown_marks.h"

#include "ui/chat/attachment.h"

namespace vitrine::ui {
namespace {

constexpr QLatin1String kOpen("<!-- ");
constexpr QLatin1String kClose(" -->");

bool occurs(const QString& word, const QList<ExchangedChat>& chats)
{
    const QString begin = kOpen + word + ' ';
    for (const ExchangedChat& chat : chats) {
        for (const MessageRecord& message : chat.messages) {
            // In their JSON, texts of attachments have these characters as they are.
            if (message.text.contains(begin) || message.error.contains(begin) ||
                message.attachments.contains(begin))
                return true;
        }
    }
    return false;
}

} // namespace

QString markLine(const QString& word, const QString& kind, const QString& rest)
{
    return kOpen + word + ' ' + kind + (rest.isEmpty() ? QString() : ' ' + rest) + kClose;
}

std::optional<MarkdownMark> readMark(QStringView line, const QString& word)
{
    if (line.endsWith('\r'))
        line.chop(1);
    if (word.isEmpty() || !line.startsWith(kOpen) || !line.endsWith(kClose))
        return std::nullopt;
    const QStringView inside = line.mid(kOpen.size()).chopped(kClose.size());
    if (!inside.startsWith(word) || inside.size() <= word.size() || inside[word.size()] != ' ')
        return std::nullopt;
    const QStringView words = inside.mid(word.size() + 1);
    const qsizetype space = words.indexOf(' ');
    if (space < 0)
        return MarkdownMark{words.toString(), {}};
    return MarkdownMark{words.left(space).toString(), words.mid(space + 1).toString()};
}

QString markWord(const QList<ExchangedChat>& chats)
{
    const QString plain = QStringLiteral("turn");
    QString word = plain;
    for (int number = 2; occurs(word, chats); ++number)
        word = plain + QString::number(number);
    return word;
}

} // namespace vitrine::ui
