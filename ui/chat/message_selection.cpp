// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/message_selection.h"

#include "ui/chat/markdown/block_text.h"
#include "ui/chat/markdown/message_document.h"

namespace vitrine::ui {

void MessageSelection::extend(const ViewPosition& position)
{
    if (m_anchor.entry < 0)
        m_anchor = position;
    m_cursor = position;
}

void MessageSelection::set(const ViewPosition& anchor, const ViewPosition& cursor)
{
    m_anchor = anchor;
    m_cursor = cursor;
}

void MessageSelection::truncate(int size)
{
    if (to().entry >= size)
        clear();
}

std::pair<ItemPosition, ItemPosition> MessageSelection::part(int entry) const
{
    if (isEmpty() || entry < from().entry || entry > to().entry)
        return {};
    return {entry == from().entry ? from().at : ItemPosition{}, entry == to().entry ? to().at : kItemEnd};
}

QString copiedMessages(const std::vector<CopiedMessage>& messages)
{
    QString text;
    for (const CopiedMessage& message : messages) {
        QString part = message.ready;
        if (part.isEmpty()) {
            MessageDocument document(message.role == Role::User ? MessageDocument::Format::Plain
                                                                : MessageDocument::Format::Markdown);
            document.append(message.source);
            document.finish();
            part = copiedText(document.blocks(), message.from, message.to, message.unfolded);
        }
        if (!text.isEmpty() && !part.isEmpty())
            text += QLatin1String("\n\n");
        text += part;
    }
    return text;
}

} // namespace vitrine::ui
