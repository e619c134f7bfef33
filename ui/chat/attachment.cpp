// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/attachment.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace vitrine::ui {

namespace {

constexpr QChar kWithAttachments(0x01); // before JSON; nobody types it

qsizetype charactersOf(const Draft& draft)
{
    qsizetype characters = draft.text.size();
    for (const Attachment& each : draft.attachments)
        characters += each.text.size();
    return characters;
}

} // namespace

QString attachmentsToJson(const QList<Attachment>& attachments)
{
    if (attachments.isEmpty())
        return {};
    QJsonArray array;
    for (const Attachment& each : attachments) {
        QJsonObject object{{"name", each.name}, {"text", each.text}, {"bytes", each.bytes}};
        if (!each.skipped.isEmpty())
            object.insert("skipped", each.skipped);
        array.append(object);
    }
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

QList<Attachment> attachmentsFromJson(const QString& json)
{
    QList<Attachment> attachments;
    if (json.isEmpty())
        return attachments;
    for (const QJsonValue& value : QJsonDocument::fromJson(json.toUtf8()).array()) {
        const QJsonObject object = value.toObject();
        if (!object.isEmpty())
            attachments.append({object["name"].toString(), object["text"].toString(),
                                qint64(object["bytes"].toDouble()), object["skipped"].toString()});
    }
    return attachments;
}

bool isKeptApart(const Draft& draft)
{
    return !draft.attachments.isEmpty() && charactersOf(draft) > kMostDraftedCharacters;
}

QString draftToString(const Draft& draft)
{
    if (draft.attachments.isEmpty() || isKeptApart(draft))
        return draft.text;
    const QJsonObject object{{"text", draft.text}, {"attachments", attachmentsToJson(draft.attachments)}};
    return kWithAttachments + QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

Draft draftFromString(const QString& kept)
{
    if (!kept.startsWith(kWithAttachments))
        return {kept, {}};
    const QJsonObject object = QJsonDocument::fromJson(kept.mid(1).toUtf8()).object();
    return {object["text"].toString(), attachmentsFromJson(object["attachments"].toString())};
}

} // namespace vitrine::ui
