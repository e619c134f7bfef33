// SPDX-License-Identifier: GPL-3.0-or-later
// The palette's commands: all that can be run now, also by their English names. Thread: UI.
#pragma once

#include "ui/shell/palette/palette_source.h"

namespace vitrine::ui {

class CommandSet;

class CommandSource : public PaletteSource
{
    Q_OBJECT

public:
    /// The commands outlive it.
    explicit CommandSource(CommandSet& commands, QObject* parent = nullptr);
    PaletteGroup group() const override { return PaletteGroup::Commands; }
    void ask(const QString& query) override;

private:
    CommandSet& m_commands;
};

} // namespace vitrine::ui
