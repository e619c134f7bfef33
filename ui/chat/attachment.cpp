// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/attachment.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace vitrine::ui {

QString attachmentsToJson(const QList<Attachment>& attachments)
{
    if (attachments.isEmpty())
        return {};
    QJsonArray array;
    for (const Attachment& each : attachments)
        array.append(QJsonObject{{"name", each.name}, {"text", each.text}, {"bytes", each.bytes}});
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
            attachments.append(
                {object["name"].toString(), object["text"].toString(), qint64(object["bytes"].toDouble())});
    }
    return attachments;
}

} // namespace vitrine::ui
