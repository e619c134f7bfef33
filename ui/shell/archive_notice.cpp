// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/archive_notice.h"

#include <QCoreApplication>
#include <QDir>
#include <QLocale>

namespace vitrine::ui {

namespace {

QString translated(const char* text)
{
    return QCoreApplication::translate("ArchiveNotice", text);
}

} // namespace

Notice noticeOf(const ArchiveNotice& notice)
{
    const QString file = QDir::toNativeSeparators(notice.file);
    switch (notice.kind) {
    case ArchiveNotice::Kind::None:
        return {};
    case ArchiveNotice::Kind::Recovered:
        return {Notice::Tone::Warning,
                translated(QT_TRANSLATE_NOOP("ArchiveNotice", "The file of your chats was damaged")),
                translated(QT_TRANSLATE_NOOP("ArchiveNotice",
                                             "%1 chats with %2 messages were recovered. The damaged file was "
                                             "kept as %3."))
                    .arg(QLocale().toString(notice.conversations), QLocale().toString(notice.messages), file),
                {}};
    case ArchiveNotice::Kind::TooNew:
        return {Notice::Tone::Warning,
                translated(QT_TRANSLATE_NOOP("ArchiveNotice", "Chats are not kept this time")),
                translated(QT_TRANSLATE_NOOP("ArchiveNotice", "%1 was written by a later version of Vitrine "
                                                              "and is left as it is. Use that version."))
                    .arg(file),
                {}};
    case ArchiveNotice::Kind::InUse:
        return {Notice::Tone::Warning,
                translated(QT_TRANSLATE_NOOP("ArchiveNotice", "Chats of this window are not kept")),
                translated(QT_TRANSLATE_NOOP("ArchiveNotice",
                                             "Another window of Vitrine has your chats open. Close one of "
                                             "the two, then start again.")),
                {}};
    case ArchiveNotice::Kind::Unavailable:
        break;
    }
    return {Notice::Tone::Warning,
            translated(QT_TRANSLATE_NOOP("ArchiveNotice", "Chats are not kept this time")),
            translated(QT_TRANSLATE_NOOP("ArchiveNotice", "%1 cannot be used: %2 Make room or give access, "
                                                          "then start again."))
                .arg(file, notice.reason),
            {}};
}

Notice saveFailedNotice(const QString& reason)
{
    return {
        Notice::Tone::Warning,
        translated(QT_TRANSLATE_NOOP("ArchiveNotice", "Your chats cannot be saved at the moment")),
        translated(QT_TRANSLATE_NOOP("ArchiveNotice", "They are kept in memory and saved as soon as it is "
                                                      "possible: %1"))
            .arg(reason),
        {}};
}

Notice readFailedNotice(const QString& reason)
{
    return {Notice::Tone::Warning,
            translated(QT_TRANSLATE_NOOP("ArchiveNotice", "The messages of a chat cannot be read")),
            translated(QT_TRANSLATE_NOOP("ArchiveNotice", "Go to another chat and back to try again: %1"))
                .arg(reason),
            {}};
}

} // namespace vitrine::ui
