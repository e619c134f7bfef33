// SPDX-License-Identifier: GPL-3.0-or-later
// The palette's models: the loaded one and those used before. Thread: UI.
#pragma once

#include <QStringList>

#include "ui/shell/palette/palette_source.h"

namespace vitrine::ui {

class EngineBridge;

class ModelSource : public PaletteSource
{
    Q_OBJECT

public:
    struct Ways
    {
        std::function<QStringList()> recent; ///< paths, the last used first; files that are gone are left out
        std::function<void(const QString& path)> open;
        std::function<void()> details; ///< of the loaded one
    };

    /// The bridge outlives it.
    ModelSource(EngineBridge& bridge, Ways ways, QObject* parent = nullptr);
    PaletteGroup group() const override { return PaletteGroup::ModelsAndSettings; }
    void ask(const QString& query) override;

private:
    EngineBridge& m_bridge;
    Ways m_ways;
};

} // namespace vitrine::ui
