// SPDX-License-Identifier: GPL-3.0-or-later
// What the window remembers about models: which were used last, where to look for more, and what a person
// chose for each, by the file's contents, so that it survives moving the file. Thread: UI.
#pragma once

#include <optional>

#include <QStringList>

#include "ui/bridge/snapshots.h"
#include "ui/chat/sampling_preset.h"

namespace vitrine::ui {

class Preferences;

struct ModelChoice
{
    LoadOptions load;
    std::optional<SamplingPreset> preset; ///< of new chats; none: the usual one
    bool keepLoaded = false;              ///< also when nobody uses it

    bool operator==(const ModelChoice&) const = default;
};

class ModelRecords
{
public:
    /// The settings outlive it.
    explicit ModelRecords(Preferences& preferences) : m_preferences(preferences) {}

    ModelChoice choiceOf(const QString& identity) const;
    void setChoice(const QString& identity, const ModelChoice& choice);
    /// Of the file that was used or chosen for under this path; empty: unknown.
    QString identityOf(const QString& path) const;
    void setIdentity(const QString& path, const QString& identity);

    QStringList recent() const; ///< paths, newest first
    void addRecent(const QString& path);
    void removeRecent(const QString& path);

    QStringList folders() const; ///< that a person added
    void addFolder(const QString& path);

private:
    Preferences& m_preferences;
};

} // namespace vitrine::ui
