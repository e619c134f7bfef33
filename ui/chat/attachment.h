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
    qint64 bytes = 0;     ///< of the file
    QString skipped = {}; ///< what of it is not in the text, in a few words; empty: nothing

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

/// More than these are kept apart from the text: the file writes them when they change, not with each word.
inline constexpr qsizetype kMostDraftedCharacters = 500'000;
bool isKeptApart(const Draft& draft);
/// The text itself where nothing is attached, or what is attached is kept apart.
QString draftToString(const Draft& draft);
Draft draftFromString(const QString& kept);

} // namespace vitrine::ui
