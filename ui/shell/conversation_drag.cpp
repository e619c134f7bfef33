// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/conversation_drag.h"

#include <QMimeData>

namespace vitrine::ui {
namespace {

const QString kConversations = QStringLiteral("application/x-vitrine-conversations");
const QString kFolder = QStringLiteral("application/x-vitrine-folder");

} // namespace

QMimeData* dragOf(const QList<ConversationId>& ids)
{
    QByteArrayList numbers;
    for (const ConversationId id : ids)
        numbers.append(QByteArray::number(id.value));
    auto* data = new QMimeData;
    data->setData(kConversations, numbers.join(' '));
    return data;
}

QMimeData* dragOf(FolderId id)
{
    auto* data = new QMimeData;
    data->setData(kFolder, QByteArray::number(id.value));
    return data;
}

QList<ConversationId> conversationsIn(const QMimeData* data)
{
    QList<ConversationId> ids;
    for (const QByteArray& number : data->data(kConversations).split(' ')) {
        if (const qint64 id = number.toLongLong(); id > 0)
            ids.append(ConversationId{id});
    }
    return ids;
}

FolderId folderIn(const QMimeData* data)
{
    return FolderId{data->data(kFolder).toLongLong()};
}

} // namespace vitrine::ui
