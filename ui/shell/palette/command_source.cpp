// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palette/command_source.h"

#include "ui/shell/commands/command_set.h"

namespace vitrine::ui {

CommandSource::CommandSource(CommandSet& commands, QObject* parent)
    : PaletteSource(parent), m_commands(commands)
{}

void CommandSource::ask(const QString& query)
{
    QList<PaletteEntry> entries;
    for (const Command& command : m_commands.all()) {
        if (!command.inPalette || !m_commands.isEnabled(command.id))
            continue;
        PaletteEntry entry{commandTitle(command), commandGroupTitle(command.group), command.icon};
        entry.keys = m_commands.keyOf(command.id);
        entry.open = [this, id = command.id](OpenWhere) { m_commands.run(id); };
        if (rate(entry, query, QString::fromUtf8(command.title)))
            entries << entry;
    }
    emit answered(query, entries);
}

} // namespace vitrine::ui
