// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/attachment_limits.h"

#include <QLocale>

#include "ui/chat/attachment_strip.h"

namespace vitrine::ui {

QString reasonAgainstMore(const QList<Attachment>& there, qsizetype characters)
{
    if (there.size() >= kMostAttachments)
        return AttachmentStrip::tr("At most %1 attachments go with a message. Remove one first.")
            .arg(kMostAttachments);
    for (const Attachment& each : there)
        characters += each.text.size();
    if (characters > kMostAttachedCharacters)
        return AttachmentStrip::tr("The attachments have more than %1 characters together. Remove one first.")
            .arg(QLocale().toString(kMostAttachedCharacters));
    return {};
}

} // namespace vitrine::ui
