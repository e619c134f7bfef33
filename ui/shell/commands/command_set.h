// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of a window and the keys they have now. Keys that a person chose are kept in Preferences, and
// only those. Thread: UI.
//
// Invariants: no key belongs to two commands. A chosen key wins over another command's default, the command
// added first over a later one; whoever comes too late has no key until there is one free.
// Keys kept for commands that are not there (yet) are left alone.
#pragma once

#include <optional>
#include <vector>

#include <QHash>
#include <QObject>

#include "ui/shell/commands/command.h"

class QShortcut;
class QWidget;

namespace vitrine::ui {

class Preferences;

class CommandSet : public QObject
{
    Q_OBJECT

public:
    /// The keys work while `window` is the active one. Both outlive it.
    CommandSet(QWidget& window, Preferences& preferences, QObject* parent = nullptr);

    /// REQUIRES: the id is new.
    void add(Command command);
    const std::vector<Command>& all() const { return m_commands; }
    const Command* find(const QString& id) const;

    QList<QKeySequence> keysOf(const QString& id) const;
    /// The key to show; empty when there is none.
    QKeySequence keyOf(const QString& id) const;
    bool isEnabled(const QString& id) const;
    /// Does nothing where it is not enabled.
    void run(const QString& id);

    /// Keys of a command that has no action follow the setting that decides about them.
    void setListedKeys(const QString& id, const QList<QKeySequence>& keys);

    enum class Objection {
        None,
        Typing,  ///< a letter or a figure alone belongs to the text being typed
        Editing, ///< text fields use it, or a key that is only listed
        Taken,   ///< by another command, which would lose it
    };
    struct Verdict
    {
        Objection objection = Objection::None;
        QString owner; ///< id, with Taken and where Editing means a listed command
    };
    Verdict judge(const QString& id, const QKeySequence& keys) const;
    /// Gives the command these keys and no others, and takes them from whoever has them. Empty: no keys.
    /// REQUIRES: judge() says None or Taken.
    void rebind(const QString& id, const QKeySequence& keys);
    void restoreDefaults();
    bool hasChosenKeys() const;

signals:
    void keysChanged();
    /// Before the action, also when the palette runs it.
    void aboutToRun(const QString& id);

private:
    void resolve();
    const Command* owner(const QKeySequence& keys) const;
    void keepDifferences();

    QWidget& m_window;
    Preferences& m_preferences;
    std::vector<Command> m_commands;
    QHash<QString, QList<QKeySequence>> m_chosen; // of commands whose keys are not the default
    QHash<QString, QList<QKeySequence>> m_keys;   // in force
    QHash<QString, QShortcut*> m_shortcuts;
};

} // namespace vitrine::ui
