// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/chats_markdown_writer.h"

#include <algorithm>

#include <QDateTime>
#include <QFileInfo>

#include "ui/chat/attachment.h"
#include "ui/exchange/markdown_marks.h"
#include "ui/exchange/turn_text.h"

namespace vitrine::ui {
namespace {

QString timeMark(qint64 time)
{
    return time > 0 ? QDateTime::fromMSecsSinceEpoch(time, Qt::UTC).toString(Qt::ISODateWithMs) : QString();
}

/// Longer than any run of backticks in it.
QString fenceFor(const QString& text)
{
    qsizetype longest = 2, run = 0;
    for (const QChar c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return QString(longest + 1, '`');
}

QString oneLine(const QString& text)
{
    QString line = text.simplified();
    return line.replace(QLatin1String("--"), QLatin1String("- -")); // it would end the comment
}

class Writer
{
public:
    Writer(QIODevice& device, const QString& word) : m_device(device), m_word(word) {}

    void write(const ExchangedChat& chat, ExchangeProgress& progress)
    {
        mark(QStringLiteral("chat"), timeMark(chat.conversation.created));
        line(QStringLiteral("# ") + chatTitle(chat.conversation));
        line({});
        for (const MessageRecord* turn : shownTurns(chat)) {
            if (progress.cancelled)
                return;
            write(*turn);
        }
        progress.done += chat.messages.size();
    }

    void mark(const QString& kind, const QString& rest) { line(markLine(m_word, kind, rest)); }
    void line(const QString& text)
    {
        const QByteArray bytes = text.toUtf8() + '\n';
        m_failed = m_failed || m_device.write(bytes) != bytes.size();
    }
    bool hasFailed() const { return m_failed; }

private:
    /// Text, then one blank line: so much the reader takes off again.
    void write(const MessageRecord& turn)
    {
        mark(turn.role == Role::User ? QStringLiteral("user") : QStringLiteral("assistant"),
             QStringList{timeMark(turn.created), oneLine(turn.facts.model)}.join(' ').trimmed());
        line(QStringLiteral("## ") + turnHeading(turn));
        line({});
        line(turn.text);
        line({});
        for (const Attachment& attachment : attachmentsFromJson(turn.attachments))
            write(attachment);
        const QStringList notes{turnState(turn), turnFigures(turn)};
        for (const QString& note : notes) {
            if (note.isEmpty())
                continue;
            mark(QStringLiteral("note"), {});
            line('*' + note + '*');
            line({});
        }
    }

    void write(const Attachment& attachment)
    {
        const QString fence = fenceFor(attachment.text);
        const QString suffix = QFileInfo(attachment.name).suffix();
        const bool plain = std::ranges::all_of(suffix, [](QChar c) { return c.isLetterOrNumber(); });
        mark(QStringLiteral("file"), QString::number(attachment.bytes) + ' ' + oneLine(attachment.name));
        line(QStringLiteral("**%1**").arg(attachment.name.simplified()));
        line({});
        line(fence + (plain ? suffix : QString()));
        line(attachment.text);
        line(fence);
        line({});
    }

    QIODevice& m_device;
    const QString m_word;
    bool m_failed = false;
};

} // namespace

bool writeChatsMarkdown(const QList<ExchangedChat>& chats, QIODevice& device, ExchangeProgress& progress)
{
    const QString word = markWord(chats);
    Writer writer(device, word);
    writer.line(markLine(kMarkdownForm, QStringLiteral("1"), word));
    writer.line({});
    for (const ExchangedChat& chat : chats) {
        writer.write(chat, progress);
        if (progress.cancelled || writer.hasFailed())
            return false;
    }
    return true;
}

} // namespace vitrine::ui
