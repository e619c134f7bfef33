// SPDX-License-Identifier: GPL-3.0-or-later
// The presets a person keeps, in one JSON file that is written whole or not at all. A damaged file is set
// aside and told of, one that a later version wrote is left as it is. Thread: UI; the file is small (at most
// kMostBytes are read).
#pragma once

#include <optional>

#include <QObject>

#include "ui/chat/sampling_preset.h"

namespace vitrine::ui {

class PresetStore : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 kMostBytes = 1 << 20;
    static constexpr qsizetype kMostPresets = 200;
    static constexpr qsizetype kLongestName = 60;

    using QObject::QObject;

    /// Without it nothing is kept. Returns what a person should know, empty: all is well.
    QString open(const QString& path);

    const QList<Preset>& own() const { return m_own; }
    const Preset* find(const QString& name) const; ///< upper and lower case are the same

    // Each returns why not, empty when it was done.
    /// Replaces one of the same name.
    QString save(const Preset& preset);
    QString rename(const QString& from, const QString& to);
    QString remove(const QString& name);
    QString exportTo(const QString& path) const;
    /// Adds what the file holds; names that are taken get a number. `added`: how many.
    QString importFrom(const QString& path, int& added);

signals:
    void changed();

private:
    QString write();
    QString reasonAgainst(const QString& name) const;
    QString freeName(const QString& wanted) const;

    QString m_path; // empty: kept in memory only
    QList<Preset> m_own;
};

} // namespace vitrine::ui
