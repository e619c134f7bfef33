// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/commands/command_set.h"

#include <algorithm>

#include <QShortcut>
#include <QWidget>

#include "engine/base/check.h"
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
    : KeyBook(parent), m_window(window), m_preferences(preferences)
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

const Command* CommandSet::otherOwner(const Command& command, const QKeySequence& keys) const
{
    const auto found = std::ranges::find_if(m_commands, [&](const Command& other) {
        return other.id != command.id && meet(other.place, command.place) && keysOf(other.id).contains(keys);
    });
    return found == m_commands.end() ? nullptr : &*found;
}

CommandSet::Verdict CommandSet::judge(const QString& id, const QKeySequence& keys) const
{
    const Command* command = find(id);
    VT_CHECK(command);
    if (keys.isEmpty() || command->keys.contains(keys)) // what it comes with always suits it
        return verdictOf(keys.isEmpty() ? nullptr : otherOwner(*command, keys));
    if (!suits(command->place, keys))
        return {Objection::Typing, {}};
    if (isEditing(keys))
        return {Objection::Editing, {}};
    return verdictOf(otherOwner(*command, keys));
}

CommandSet::Verdict CommandSet::verdictOf(const Command* owner)
{
    return owner ? Verdict{Objection::Taken, owner->id} : Verdict{};
}

void CommandSet::rebind(const QString& id, const QKeySequence& keys)
{
    choose(id, keys.isEmpty() ? QList<QKeySequence>() : QList<QKeySequence>{keys});
}

void CommandSet::choose(const QString& id, const QList<QKeySequence>& keys)
{
    const Command* command = find(id);
    VT_CHECK(command);
    for (const Command& other : m_commands) {
        if (other.id == id || !meet(other.place, command->place))
            continue;
        QList<QKeySequence> left = m_chosen.value(other.id, keysOf(other.id));
        if (left.removeIf([&keys](const QKeySequence& one) { return keys.contains(one); }) > 0)
            m_chosen.insert(other.id, left);
    }
    m_chosen.insert(id, keys);
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
    QHash<QString, QList<QKeySequence>> keys;
    std::vector<std::pair<KeyPlace, QKeySequence>> taken;
    const auto isFree = [&taken](KeyPlace place, const QKeySequence& one) {
        return std::ranges::none_of(
            taken, [&](const auto& each) { return each.second == one && meet(each.first, place); });
    };
    const auto give = [&](const Command& command, const QList<QKeySequence>& wanted) {
        for (const QKeySequence& one : wanted) {
            if (!isFree(command.place, one))
                continue;
            taken.emplace_back(command.place, one);
            keys[command.id] << one;
        }
    };
    for (const Command& command : m_commands)
        if (m_chosen.contains(command.id))
            give(command, m_chosen.value(command.id));
    for (const Command& command : m_commands)
        if (!m_chosen.contains(command.id))
            give(command, command.keys);
    if (!setKeys(keys))
        return;
    for (auto it = m_shortcuts.cbegin(); it != m_shortcuts.cend(); ++it)
        it.value()->setKeys(keysOf(it.key()));
    emit keysChanged();
}

} // namespace vitrine::ui
