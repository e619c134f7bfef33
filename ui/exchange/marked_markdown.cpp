// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/marked_markdown.h"

#include <QDateTime>

#include "ui/chat/attachment.h"
#include "ui/exchange/markdown_marks.h"

namespace vitrine::ui {
namespace {

qint64 timeOf(const QString& text)
{
    const QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
    return time.isValid() ? std::max<qint64>(0, time.toMSecsSinceEpoch()) : 0;
}

/// Takes the first line off.
QStringView takeLine(QStringView& text)
{
    const qsizetype end = text.indexOf('\n');
    const QStringView line = end < 0 ? text : text.left(end);
    text = end < 0 ? QStringView() : text.mid(end + 1);
    return line;
}

class Reader
{
public:
    Reader(const QString& word, ImportLog& log) : m_word(word), m_log(log) {}

    void read(QStringView text)
    {
        while (!text.isEmpty()) {
            const QStringView before = text;
            ++m_line;
            const auto mark = readMark(takeLine(text), m_word);
            if (!mark)
                continue;
            endPart(before);
            m_mark = *mark;
            m_part = text;
            beginPart();
        }
        endPart({});
        endChat();
    }

private:
    void beginPart()
    {
        if (m_mark.kind != QLatin1String("chat"))
            return;
        endChat();
        m_log.beginChat(++m_number, m_line);
        m_inChat = true;
        m_chat.conversation.hue = quint32(m_log.result.contents.chats.size());
        m_chat.conversation.created = timeOf(m_mark.rest);
    }

    /// `rest` begins where the part ends.
    void endPart(QStringView rest)
    {
        QStringView part = rest.isNull() ? m_part : m_part.chopped(rest.size());
        const QString kind = std::exchange(m_mark.kind, {});
        if (!m_inChat || kind.isEmpty())
            return;
        if (kind == QLatin1String("chat"))
            m_chat.conversation.title = takeLine(part).mid(2).trimmed().toString();
        else if (kind == QLatin1String("user") || kind == QLatin1String("assistant"))
            readTurn(kind == QLatin1String("user") ? Role::User : Role::Assistant, part);
        else if (kind == QLatin1String("file"))
            readFile(part);
    }

    /// A heading and a blank line above the text, a blank line below.
    void readTurn(Role role, QStringView part)
    {
        endTurn();
        takeLine(part);
        takeLine(part);
        MessageRecord message;
        message.role = role;
        message.id = m_chat.messages.size() + 1;
        message.parent = message.id - 1;
        const qsizetype space = m_mark.rest.indexOf(' ');
        message.created = timeOf(m_mark.rest.left(space));
        if (space >= 0)
            message.facts.model = m_mark.rest.mid(space + 1);
        for (int ends = 0; ends < 2 && part.endsWith('\n'); ++ends)
            part.chop(1);
        message.text = part.toString();
        m_chat.messages.append(std::move(message));
    }

    /// A name and a blank line, a fence, the text, the fence, a blank line.
    void readFile(QStringView part)
    {
        takeLine(part);
        takeLine(part);
        const QStringView opening = takeLine(part);
        qsizetype length = 0;
        while (length < opening.size() && opening[length] == '`')
            ++length;
        const QString closing = '\n' + QString(length, '`');
        const qsizetype end = part.lastIndexOf(closing);
        if (length < 3 || end < 0 || m_chat.messages.isEmpty()) {
            m_log.leaveOutMessage(ImportLog::tr("an attached file without its end was left out."));
            return;
        }
        const qsizetype space = m_mark.rest.indexOf(' ');
        Attachment attachment;
        attachment.bytes = std::max<qint64>(0, m_mark.rest.left(space).toLongLong());
        attachment.name = space < 0 ? QString() : m_mark.rest.mid(space + 1);
        attachment.text = part.left(end).toString();
        m_attachments.append(std::move(attachment));
    }

    void endTurn()
    {
        if (!m_chat.messages.isEmpty() && !m_attachments.isEmpty())
            m_chat.messages.back().attachments = attachmentsToJson(m_attachments);
        m_attachments.clear();
    }

    void endChat()
    {
        endTurn();
        if (m_inChat)
            m_log.take(std::move(m_chat));
        m_chat = {};
        m_inChat = false;
    }

    const QString m_word;
    ImportLog& m_log;
    qint64 m_line = 0, m_number = 0;
    MarkdownMark m_mark;
    QStringView m_part;
    ExchangedChat m_chat;
    QList<Attachment> m_attachments;
    bool m_inChat = false;
};

} // namespace

bool readMarkedMarkdown(const QString& text, ImportLog& log)
{
    QStringView rest(text);
    const auto form = readMark(takeLine(rest), kMarkdownForm);
    if (!form || form->kind != QLatin1String("1") || form->rest.isEmpty())
        return false;
    Reader(form->rest, log).read(text);
    return true;
}

} // namespace vitrine::ui
