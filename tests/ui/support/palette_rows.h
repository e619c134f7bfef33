// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in a palette, for tests of it.
#pragma once

#include "ui/shell/palette/command_palette.h"

namespace vitrine::ui {

inline QStringList titles(const CommandPalette& palette)
{
    QStringList shown;
    for (int row = 0; row < palette.list().rowCount(); ++row)
        if (const PaletteEntry* entry = palette.list().entryAt(row))
            shown << entry->title;
    return shown;
}

inline QStringList headings(const CommandPalette& palette)
{
    QStringList shown;
    for (int row = 0; row < palette.list().rowCount(); ++row)
        if (!palette.list().entryAt(row))
            shown << palette.list().data(palette.list().index(row), Qt::DisplayRole).toString();
    return shown;
}

inline QString current(const CommandPalette& palette)
{
    const PaletteEntry* entry = palette.list().entryAt(palette.currentRow());
    return entry ? entry->title : QString();
}

} // namespace vitrine::ui
