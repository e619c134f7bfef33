// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of a window and the keys they have now. Keys that a person chose are kept in Preferences, and
// only those. Thread: UI.
//
// Invariants: no key belongs to two commands in places that meet. A chosen key wins over another command's
// default, the command added first over a later one; whoever comes too late has no key until there is one
// free. Keys kept for commands that are not there (yet) are left alone.
#pragma once

#include <optional>
#include <vector>

#include <QHash>
#include <QObject>

#include "ui/keys/key_book.h"
#include "ui/shell/commands/command.h"

class QShortcut;
class QWidget;

namespace vitrine::ui {

class Preferences;

class CommandSet : public KeyBook
{
    Q_OBJECT

public:
    /// The keys work while `window` is the active one. Both outlive it.
    CommandSet(QWidget& window, Preferences& preferences, QObject* parent = nullptr);

    /// REQUIRES: the id is new.
    void add(Command command);
    const std::vector<Command>& all() const { return m_commands; }
    const Command* find(const QString& id) const;

    bool isEnabled(const QString& id) const;
    /// Does nothing where it is not enabled.
    void run(const QString& id);

    enum class Objection {
        None,
        Typing,  ///< belongs to the text being typed, or moves in what has the focus
        Editing, ///< text fields use it
        Taken,   ///< by another command, which would lose it
    };
    struct Verdict
    {
        Objection objection = Objection::None;
        QString owner; ///< id, with Taken
    };
    Verdict judge(const QString& id, const QKeySequence& keys) const;
    /// Gives the command these keys and no others, and takes them from whoever has them. Empty: no keys.
    /// REQUIRES: judge() says None or Taken.
    void rebind(const QString& id, const QKeySequence& keys);
    /// The same with several keys; the first is the one shown.
    void choose(const QString& id, const QList<QKeySequence>& keys);
    void restoreDefaults();
    bool hasChosenKeys() const;

signals:
    /// Before the action, also when the palette runs it.
    void aboutToRun(const QString& id);

private:
    void resolve();
    static Verdict verdictOf(const Command* owner);
    /// Whose keys these are where they would meet those of `command`, itself aside.
    const Command* otherOwner(const Command& command, const QKeySequence& keys) const;
    void keepDifferences();

    QWidget& m_window;
    Preferences& m_preferences;
    std::vector<Command> m_commands;
    QHash<QString, QList<QKeySequence>> m_chosen; // of commands whose keys are not the default
    QHash<QString, QShortcut*> m_shortcuts;
};

} // namespace vitrine::ui
