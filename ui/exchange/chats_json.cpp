// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/chats_json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace vitrine::ui {

QString extractJson(const QJsonValue& value)
{
    if (value.isObject())
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
    if (value.isArray())
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    return value.toString();
}

QJsonValue embedJson(const QString& json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json.toUtf8());
    QJsonValue value;
    if (document.isObject())
        value = document.object();
    else if (document.isArray())
        value = document.array();
    return !value.isNull() && extractJson(value) == json ? value : QJsonValue(json);
}

} // namespace vitrine::ui
