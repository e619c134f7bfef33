// SPDX-License-Identifier: GPL-3.0-or-later
// A file or a long paste that goes with a message: its text is part of the prompt. Values; any thread.
#pragma once

#include <QList>
#include <QString>

namespace vitrine::ui {

struct Attachment
{
    QString name; ///< of the file, or what a paste is called
    QString text;
    qint64 bytes = 0; ///< of the file

    bool operator==(const Attachment&) const = default;
};

/// Empty for no attachments.
QString attachmentsToJson(const QList<Attachment>& attachments);
/// What is not of this form is left out.
QList<Attachment> attachmentsFromJson(const QString& json);

/// What was typed but not sent, with what was attached to it.
struct Draft
{
    QString text;
    QList<Attachment> attachments;

    bool isEmpty() const { return text.trimmed().isEmpty() && attachments.isEmpty(); }
    bool operator==(const Draft&) const = default;
};

/// The text itself where nothing is attached. More than kMostDraftedCharacters are not kept in files.
inline constexpr qsizetype kMostDraftedCharacters = 500'000;
QString draftToString(const Draft& draft);
Draft draftFromString(const QString& kept);

} // namespace vitrine::ui
