// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/transcript.h"

#include <array>

#include <QStringList>

namespace vitrine::ui {
namespace {

constexpr qsizetype kLongestSpeakerLine = 200; // before the text that follows it on the line

struct Name
{
    const char* text;
    Role role;
};

constexpr std::array kNames{
    Name{"user", Role::User},
    Name{"you said", Role::User},
    Name{"you", Role::User},
    Name{"human", Role::User},
    Name{"me", Role::User},
    Name{"prompt", Role::User},
    Name{"用户", Role::User},
    Name{"你说", Role::User},
    Name{"你", Role::User},
    Name{"我", Role::User},
    Name{"assistant", Role::Assistant},
    Name{"chatgpt said", Role::Assistant},
    Name{"chatgpt", Role::Assistant},
    Name{"ai", Role::Assistant},
    Name{"bot", Role::Assistant},
    Name{"model", Role::Assistant},
    Name{"response", Role::Assistant},
    Name{"claude", Role::Assistant},
    Name{"gemini", Role::Assistant},
    Name{"gpt-4", Role::Assistant},
    Name{"助手", Role::Assistant},
    Name{"助理", Role::Assistant},
    Name{"模型", Role::Assistant},
    Name{"回答", Role::Assistant},
};

/// Takes the name of a side off the beginning.
std::optional<Role> takeName(QStringView& text)
{
    for (const Name& name : kNames) {
        const QString word = QString::fromUtf8(name.text);
        if (!text.startsWith(word, Qt::CaseInsensitive))
            continue;
        const QStringView rest = text.mid(word.size());
        if (!rest.isEmpty() && rest[0].isLetterOrNumber())
            continue;
        text = rest.trimmed();
        return name.role;
    }
    return std::nullopt;
}

bool isColon(QChar c)
{
    return c == ':' || c == QChar(0xFF1A);
}

/// "## User", "### Assistant (model) · time", "## **User:**"
std::optional<SpeakerLine> headingSpeaker(QStringView line)
{
    while (line.startsWith('#'))
        line = line.mid(1);
    line = line.trimmed();
    while (line.startsWith('*') || line.startsWith('_'))
        line = line.mid(1);
    const auto role = takeName(line);
    const bool ends = line.isEmpty() || isColon(line[0]) || QStringLiteral("*_([-|,·–—").contains(line[0]);
    return role && ends ? std::optional(SpeakerLine{*role, {}}) : std::nullopt;
}

/// "**User:** text", "**User**: text", "__You:__" and, alone on the line, "**User**"
std::optional<SpeakerLine> boldSpeaker(QStringView line)
{
    const QStringView mark = line.left(2);
    line = line.mid(2);
    const auto role = takeName(line);
    bool colon = false, closed = false;
    while (role && !line.isEmpty()) {
        if (!closed && line.startsWith(mark)) {
            closed = true;
            line = line.mid(2).trimmed();
        } else if (!colon && isColon(line[0])) {
            colon = true;
            line = line.mid(1).trimmed();
        } else {
            break;
        }
    }
    if (!role || !closed || (!colon && !line.isEmpty()))
        return std::nullopt;
    return SpeakerLine{*role, line.toString()};
}

class Transcript
{
public:
    void read(QStringView text)
    {
        while (!text.isNull()) {
            const qsizetype end = text.indexOf('\n');
            QStringView line = end < 0 ? text : text.left(end);
            text = end < 0 ? QStringView() : text.mid(end + 1);
            if (line.endsWith('\r'))
                line.chop(1);
            readLine(line);
        }
        endTurn();
    }

    QString title;
    QList<MessageRecord> messages;

private:
    void readLine(QStringView line)
    {
        const bool fenced = !m_fence.isEmpty();
        followFence(line);
        const auto speaker = fenced ? std::nullopt : speakerLine(line);
        if (speaker) {
            endTurn();
            m_role = speaker->role;
            m_begun = true;
            if (!speaker->text.isEmpty())
                m_lines.append(speaker->text);
        } else if (!fenced && !m_begun && title.isEmpty() && m_lines.isEmpty() &&
                   line.startsWith(QLatin1String("# "))) {
            title = line.mid(2).trimmed().toString();
        } else if (!line.trimmed().isEmpty() || !m_lines.isEmpty()) {
            m_lines.append(line.toString());
        }
    }

    void followFence(QStringView line)
    {
        line = line.trimmed();
        if (!m_fence.isEmpty()) {
            if (line.startsWith(m_fence) && line.count(m_fence[0]) == line.size())
                m_fence.clear();
            return;
        }
        for (const QChar mark : {QChar('`'), QChar('~')}) {
            qsizetype length = 0;
            while (length < line.size() && line[length] == mark)
                ++length;
            if (length >= 3 && !line.mid(length).contains(mark))
                m_fence = QString(length, mark);
        }
    }

    /// What stands above the first speaker belongs to the person.
    void endTurn()
    {
        while (!m_lines.isEmpty() && m_lines.back().trimmed().isEmpty())
            m_lines.removeLast();
        while (!m_lines.isEmpty() && isRule(m_lines.back()))
            m_lines.removeLast(); // between two turns
        QString text = m_lines.join('\n').trimmed();
        m_lines.clear();
        if (text.isEmpty())
            return;
        if (!messages.isEmpty() && messages.back().role == m_role) {
            messages.back().text += QLatin1String("\n\n") + text;
            return;
        }
        MessageRecord message;
        message.id = messages.size() + 1;
        message.parent = message.id - 1;
        message.role = m_role;
        message.text = std::move(text);
        messages.append(std::move(message));
    }

    static bool isRule(const QString& line)
    {
        const QString mark = line.trimmed();
        return mark.isEmpty() || mark == QLatin1String("---") || mark == QLatin1String("***");
    }

    QStringList m_lines;
    QString m_fence; // what closes the code that we are in
    Role m_role = Role::User;
    bool m_begun = false;
};

} // namespace

std::optional<SpeakerLine> speakerLine(QStringView line)
{
    line = line.trimmed();
    if (line.startsWith('#'))
        return line.size() > kLongestSpeakerLine ? std::nullopt : headingSpeaker(line);
    if (line.startsWith(QLatin1String("**")) || line.startsWith(QLatin1String("__")))
        return boldSpeaker(line);
    return std::nullopt;
}

void readTranscript(const QString& text, const QString& name, qint64 time, ImportLog& log)
{
    Transcript transcript;
    transcript.read(text);
    ExchangedChat chat;
    chat.conversation.title = transcript.title.isEmpty() ? name : transcript.title;
    chat.conversation.created = time;
    chat.messages = std::move(transcript.messages);
    for (MessageRecord& message : chat.messages)
        message.created = time;
    log.beginChat(1, 1);
    log.take(std::move(chat));
}

} // namespace vitrine::ui
