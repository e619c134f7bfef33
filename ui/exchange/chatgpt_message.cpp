// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/chatgpt_message.h"

#include <QJsonArray>
#include <QStringList>

namespace vitrine::ui {
namespace {

constexpr double kLatestTime = 7e9; // seconds: the year 2191

QString partText(const QJsonValue& part)
{
    if (part.isString())
        return part.toString();
    const QJsonObject object = part.toObject();
    const QString type = object["content_type"].toString();
    if (type.contains(QLatin1String("image")))
        return QStringLiteral("[image]");
    if (object["text"].isString())
        return object["text"].toString();
    if (type.contains(QLatin1String("audio")))
        return QStringLiteral("[audio]");
    if (type.contains(QLatin1String("video")))
        return QStringLiteral("[video]");
    return {};
}

QString codeText(const QJsonObject& content)
{
    const QString text = content["text"].toString();
    if (text.isEmpty())
        return {};
    QString language = content["language"].toString();
    if (language == QLatin1String("unknown") || language.contains('\n') || language.contains('`'))
        language.clear();
    QString fence = QStringLiteral("```");
    while (text.contains(fence))
        fence += '`';
    return fence + language + '\n' + text + '\n' + fence;
}

QString contentText(const QJsonObject& content)
{
    const QString type = content["content_type"].toString();
    if (type == QLatin1String("thoughts") || type == QLatin1String("reasoning_recap") ||
        type.endsWith(QLatin1String("_context")))
        return {};
    if (type == QLatin1String("code"))
        return codeText(content);
    QStringList parts;
    for (const QJsonValue& part : content["parts"].toArray()) {
        if (const QString text = partText(part); !text.isEmpty())
            parts.append(text);
    }
    if (parts.isEmpty() && content["text"].isString())
        return content["text"].toString();
    return parts.join(QLatin1String("\n\n"));
}

/// Their contents are not in the file.
QString attachmentNote(const QJsonObject& metadata)
{
    QString note;
    for (const QJsonValue& value : metadata["attachments"].toArray()) {
        const QJsonObject file = value.toObject();
        if (!file["mime_type"].toString().startsWith(QLatin1String("image/")) && file["name"].isString())
            note += QStringLiteral("\n\n[file: %1]").arg(file["name"].toString());
    }
    return note;
}

} // namespace

qint64 chatGptTime(const QJsonValue& seconds)
{
    const double value = seconds.toDouble();
    return value > 0 && value < kLatestTime ? qint64(value * 1000 + 0.5) : 0;
}

MessageRecord chatGptMessage(const QJsonObject& object)
{
    MessageRecord message;
    const QString role = object["author"].toObject()["role"].toString();
    const QJsonObject metadata = object["metadata"].toObject();
    const bool shown = role == QLatin1String("user") || role == QLatin1String("assistant");
    if (!shown || metadata["is_visually_hidden_from_conversation"].toBool())
        return message;
    message.role = role == QLatin1String("user") ? Role::User : Role::Assistant;
    message.created = chatGptTime(object["create_time"]);
    message.text = contentText(object["content"].toObject());
    message.text += attachmentNote(metadata);
    if (message.text.trimmed().isEmpty())
        message.text.clear();
    if (message.role == Role::Assistant) {
        message.facts.model = metadata["model_slug"].toString();
        if (object["status"].toString() == QLatin1String("in_progress"))
            message.state = MessageState::Interrupted;
    }
    return message;
}

} // namespace vitrine::ui
