// SPDX-License-Identifier: GPL-3.0-or-later
// The keys that the window's commands have now, for whatever names or handles some of them. Thread: UI.
#pragma once

#include <QHash>
#include <QList>
#include <QObject>

#include "ui/keys/key_names.h"

namespace vitrine::ui {

class KeyBook : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    QList<QKeySequence> keysOf(const QString& id) const { return m_keys.value(id); }
    /// The key to show; empty when there is none.
    QKeySequence keyOf(const QString& id) const { return m_keys.value(id).value(0); }
    /// "Ctrl+O"; empty when there is none.
    QString nameOf(const QString& id) const { return keyText(keyOf(id)); }

signals:
    void keysChanged();

protected:
    /// Returns whether they are others now; then it is for the caller to say so.
    bool setKeys(const QHash<QString, QList<QKeySequence>>& keys)
    {
        if (keys == m_keys)
            return false;
        m_keys = keys;
        return true;
    }

private:
    QHash<QString, QList<QKeySequence>> m_keys;
};

} // namespace vitrine::ui
