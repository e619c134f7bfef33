// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/commands/command_set.h"

#include <algorithm>

#include <QSet>
#include <QShortcut>

#include "engine/base/check.h"
#include "ui/shell/commands/keycaps.h"
#include "ui/shell/preferences.h"

namespace vitrine::ui {
namespace {

/// Damaged settings give nothing that could be pressed.
QList<QKeySequence> fromPortable(const QStringList& texts)
{
    QList<QKeySequence> keys;
    for (const QString& text : texts) {
        const QKeySequence one = QKeySequence::fromString(text, QKeySequence::PortableText);
        if (!one.isEmpty() && one[0].key() != Qt::Key_unknown)
            keys << one;
    }
    return keys;
}

} // namespace

CommandSet::CommandSet(QWidget& window, Preferences& preferences, QObject* parent)
    : QObject(parent), m_window(window), m_preferences(preferences)
{
    const auto kept = preferences.shortcuts();
    for (auto it = kept.cbegin(); it != kept.cend(); ++it) {
        const QList<QKeySequence> keys = fromPortable(it.value());
        const bool none = it.value().join(QString()).isEmpty();
        if (none || !keys.isEmpty())
            m_chosen.insert(it.key(), keys);
    }
}

void CommandSet::add(Command command)
{
    VT_CHECK(!find(command.id));
    if (command.action) {
        auto* shortcut = new QShortcut(&m_window);
        shortcut->setAutoRepeat(command.repeats);
        connect(shortcut, &QShortcut::activated, this, [this, id = command.id] { run(id); });
        m_shortcuts.insert(command.id, shortcut);
    }
    m_commands.push_back(std::move(command));
    resolve();
}

const Command* CommandSet::find(const QString& id) const
{
    const auto found = std::ranges::find(m_commands, id, &Command::id);
    return found == m_commands.end() ? nullptr : &*found;
}

QList<QKeySequence> CommandSet::keysOf(const QString& id) const
{
    return m_keys.value(id);
}

QKeySequence CommandSet::keyOf(const QString& id) const
{
    return keysOf(id).value(0);
}

bool CommandSet::isEnabled(const QString& id) const
{
    const Command* command = find(id);
    return command && command->action && (!command->enabled || command->enabled());
}

void CommandSet::run(const QString& id)
{
    if (!isEnabled(id))
        return;
    const std::function<void()> action = find(id)->action; // it may add commands
    emit aboutToRun(id);
    action();
}

void CommandSet::setListedKeys(const QString& id, const QList<QKeySequence>& keys)
{
    const auto found = std::ranges::find(m_commands, id, &Command::id);
    VT_CHECK(found != m_commands.end() && !found->action);
    found->keys = keys;
    resolve();
}

const Command* CommandSet::owner(const QKeySequence& keys) const
{
    const auto found = std::ranges::find_if(
        m_commands, [&](const Command& command) { return m_keys.value(command.id).contains(keys); });
    return found == m_commands.end() ? nullptr : &*found;
}

CommandSet::Verdict CommandSet::judge(const QString& id, const QKeySequence& keys) const
{
    if (keys.isEmpty())
        return {};
    if (isTyping(keys))
        return {Objection::Typing, {}};
    if (isEditing(keys))
        return {Objection::Editing, {}};
    const Command* command = owner(keys);
    if (!command || command->id == id)
        return {};
    return {command->action ? Objection::Taken : Objection::Editing, command->id};
}

void CommandSet::rebind(const QString& id, const QKeySequence& keys)
{
    const Command* other = owner(keys);
    if (other && other->id != id) {
        QList<QKeySequence> left = keysOf(other->id);
        left.removeAll(keys);
        m_chosen.insert(other->id, left);
    }
    m_chosen.insert(id, keys.isEmpty() ? QList<QKeySequence>() : QList<QKeySequence>{keys});
    keepDifferences();
    resolve();
}

void CommandSet::restoreDefaults()
{
    for (const Command& command : m_commands)
        m_chosen.remove(command.id);
    keepDifferences();
    resolve();
}

bool CommandSet::hasChosenKeys() const
{
    return std::ranges::any_of(m_commands, [this](const Command& c) { return m_chosen.contains(c.id); });
}

void CommandSet::keepDifferences()
{
    for (const Command& command : m_commands)
        if (m_chosen.contains(command.id) && m_chosen.value(command.id) == command.keys)
            m_chosen.remove(command.id);
    QMap<QString, QStringList> kept;
    for (auto it = m_chosen.cbegin(); it != m_chosen.cend(); ++it) {
        QStringList texts;
        for (const QKeySequence& keys : it.value())
            texts << keys.toString(QKeySequence::PortableText);
        kept.insert(it.key(), texts);
    }
    m_preferences.setShortcuts(kept);
}

void CommandSet::resolve()
{
    QSet<QKeySequence> taken;
    QHash<QString, QList<QKeySequence>> keys;
    const auto give = [&](const Command& command, const QList<QKeySequence>& wanted) {
        for (const QKeySequence& one : wanted) {
            if (taken.contains(one))
                continue;
            taken.insert(one);
            keys[command.id] << one;
        }
    };
    for (const Command& command : m_commands) // what cannot be changed comes first
        if (!command.action)
            give(command, command.keys);
    for (const Command& command : m_commands)
        if (command.action && m_chosen.contains(command.id))
            give(command, m_chosen.value(command.id));
    for (const Command& command : m_commands)
        if (command.action && !m_chosen.contains(command.id))
            give(command, command.keys);
    if (keys == m_keys)
        return;
    m_keys = keys;
    for (auto it = m_shortcuts.cbegin(); it != m_shortcuts.cend(); ++it)
        it.value()->setKeys(m_keys.value(it.key()));
    emit keysChanged();
}

} // namespace vitrine::ui
