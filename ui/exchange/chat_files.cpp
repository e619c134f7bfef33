// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/chat_files.h"

#include <algorithm>

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QSaveFile>

#include "ui/exchange/chatgpt_reader.h"
#include "ui/exchange/chats_json_reader.h"
#include "ui/exchange/chats_json_writer.h"
#include "ui/exchange/chats_markdown_writer.h"
#include "ui/exchange/json_items.h"
#include "ui/exchange/markdown_reader.h"
#include "ui/theme/size_text.h"

namespace vitrine::ui {
namespace {

constexpr qint64 kLookAt = 4096;                   // bytes that tell the kind of a file
constexpr qint64 kMostMarkdown = qint64(64) << 20; // bytes: it is held whole

/// Why an item is not a JSON value, or empty; `value` is it otherwise.
QString parse(const JsonItem& item, QJsonValue& value)
{
    if (item.state == JsonItem::State::CutOff)
        return ImportLog::tr("the file ends in the middle of it. Get a whole copy of the file.");
    if (item.state == JsonItem::State::TooLarge)
        return ImportLog::tr("it is too large or nested too deeply.");
    const bool container = item.json.startsWith('{') || item.json.startsWith('[');
    QJsonParseError error;
    const QJsonDocument document =
        QJsonDocument::fromJson(container ? item.json : '[' + item.json + ']', &error);
    if (error.error == QJsonParseError::NoError) {
        value = !container           ? document.array().at(0)
                : document.isArray() ? QJsonValue(document.array())
                                     : QJsonValue(document.object());
        return {};
    }
    return ImportLog::tr("%1 at byte %2 of the file.")
        .arg(error.errorString(), QLocale().toString(item.offset + error.offset));
}

class JsonImport
{
public:
    JsonImport(JsonItems& items, ImportLog& log) : m_items(items), m_log(log), m_chats(log) {}

    void read()
    {
        JsonItem item;
        while (!m_log.isFull() && m_items.next(item))
            m_items.shape() == JsonItems::Shape::Array ? readConversation(item) : readMember(item);
        if (m_log.isFull())
            m_log.result.problems.append(
                ImportLog::tr("The file holds more than is read at once. Split it."));
        else if (m_items.isCutOff() && m_log.result.problems.isEmpty())
            m_log.result.problems.append(
                ImportLog::tr("The file ends early, in line %1.").arg(QLocale().toString(m_items.line())));
        if (m_items.shape() == JsonItems::Shape::Object && !m_single.isEmpty()) {
            m_log.beginChat(1, 1);
            readChatGptConversation(m_single, m_log);
        } else if (m_items.shape() == JsonItems::Shape::Object) {
            m_chats.finish();
        }
    }

private:
    void readConversation(const JsonItem& item)
    {
        m_log.beginChat(++m_number, item.line);
        QJsonValue value;
        if (const QString why = parse(item, value); !why.isEmpty())
            m_log.leaveOutChat(why);
        else
            readChatGptConversation(value.toObject(), m_log);
    }

    void readMember(const JsonItem& item)
    {
        const bool chat = item.element && item.key == "chats";
        if (chat)
            m_log.beginChat(++m_number, item.line);
        if (item.element && !chat && item.key != "folders")
            return; // of a list that a later version may have
        QJsonValue value;
        const QString why = parse(item, value);
        if (chat && !why.isEmpty())
            m_log.leaveOutChat(why);
        else if (!why.isEmpty())
            m_log.result.problems.append(
                ImportLog::tr("Line %1: %2").arg(QLocale().toString(item.line), why));
        else if (chat)
            m_chats.readChat(value.toObject());
        else if (item.element)
            m_chats.readFolder(value.toObject());
        else
            readOther(item.key, value);
    }

    /// One conversation of ChatGPT may be the whole file.
    void readOther(const QByteArray& key, const QJsonValue& value)
    {
        m_chats.readMember(key, value);
        for (const char* name : {"title", "create_time", "update_time", "current_node"}) {
            if (key == name)
                m_head.insert(QLatin1String(name), value);
        }
        if (key == "mapping" && value.isObject())
            m_single.insert(QLatin1String("mapping"), value);
        if (m_single.isEmpty())
            return;
        for (auto it = m_head.begin(); it != m_head.end(); ++it)
            m_single.insert(it.key(), it.value());
    }

    JsonItems& m_items;
    ImportLog& m_log;
    ChatsJsonReader m_chats;
    qint64 m_number = 0;
    QJsonObject m_head, m_single;
};

/// What the file certainly is not readable as; empty: it may be.
QString refusal(const QByteArray& head, qint64 size, const ExchangeLimits& limits)
{
    if (size > limits.fileBytes)
        return ImportLog::tr("It has %1; at most %2 are read. Split it.")
            .arg(sizeText(quint64(size)), sizeText(quint64(limits.fileBytes)));
    if (head.startsWith("PK\x03\x04"))
        return ImportLog::tr("This is a zip archive. Unpack it and choose the conversations.json in it.");
    if (head.startsWith("%PDF"))
        return ImportLog::tr("This is a PDF, which cannot be read back. Choose a .json or .md file.");
    if (head.trimmed().isEmpty())
        return ImportLog::tr("The file is empty.");
    if (head.contains('\0'))
        return ImportLog::tr("This is not text. Choose a .json or .md file in UTF-8.");
    return {};
}

void readText(QIODevice& device, const QString& name, qint64 time, ImportLog& log)
{
    // No more than there is: read() makes room for all it is asked for.
    const QByteArray bytes = device.read(std::min(device.bytesAvailable(), kMostMarkdown + 1));
    if (bytes.size() > kMostMarkdown) {
        log.result.error =
            ImportLog::tr("Text files are read up to %1. Split it.").arg(sizeText(quint64(kMostMarkdown)));
        return;
    }
    QStringView text;
    const QString decoded = QString::fromUtf8(bytes);
    text = decoded;
    if (text.startsWith(QChar(0xFEFF)))
        text = text.mid(1);
    readMarkdown(text.toString(), name, time, log);
}

bool looksLikeJson(const QByteArray& head)
{
    QByteArrayView text(head);
    if (text.startsWith("\xEF\xBB\xBF"))
        text = text.sliced(3);
    text = text.trimmed();
    if (text.startsWith('{'))
        return true;
    if (!text.startsWith('['))
        return false;
    text = text.sliced(1).trimmed();
    // "[link](…)" and "[ ] to do" begin texts.
    return text.isEmpty() || text == "]" || text.startsWith('{') || text.startsWith('"');
}

} // namespace

ImportResult readChats(QIODevice& device, const QString& name, qint64 time, ExchangeProgress& progress,
                       const ExchangeLimits& limits)
{
    ImportLog log(limits, time);
    const QByteArray head = device.peek(kLookAt);
    progress.total = device.size();
    log.result.error = refusal(head, device.size(), limits);
    if (!log.result.error.isEmpty())
        return std::move(log.result);
    if (looksLikeJson(head)) {
        JsonItems items(device, limits, progress);
        JsonImport(items, log).read();
    } else {
        readText(device, name, time, log);
    }
    ImportResult result = std::move(log.result);
    result.cancelled = progress.cancelled;
    if (result.contents.chats.isEmpty() && result.error.isEmpty())
        result.error =
            result.problems.isEmpty() ? ImportLog::tr("There are no chats in it.") : result.problems.front();
    if (!result.error.isEmpty())
        result.contents = {};
    return result;
}

ImportResult readChats(const QString& path, ExchangeProgress& progress, const ExchangeLimits& limits)
{
    const QFileInfo info(path);
    QFile file(path);
    ImportResult result;
    if (!info.isFile())
        result.error = ImportLog::tr("It is not there, or it is not a file.");
    else if (!file.open(QIODevice::ReadOnly))
        result.error = ImportLog::tr("It cannot be opened: %1.").arg(file.errorString());
    else
        result = readChats(file, info.completeBaseName(), info.lastModified().toMSecsSinceEpoch(), progress,
                           limits);
    return result;
}

QString writeChats(const ExchangedChats& chats, ChatFormat format, const QString& path,
                   ExchangeProgress& progress)
{
    progress.total = countTurns(chats);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return file.errorString();
    const bool written = format == ChatFormat::Markdown ? writeChatsMarkdown(chats.chats, file, progress)
                                                        : writeChatsJson(chats, file, progress);
    if (progress.cancelled)
        return {}; // nothing is left of it
    if (!written || !file.commit())
        return file.errorString();
    return {};
}

qint64 countTurns(const ExchangedChats& chats)
{
    qint64 turns = 0;
    for (const ExchangedChat& chat : chats.chats)
        turns += chat.messages.size();
    return turns;
}

} // namespace vitrine::ui
