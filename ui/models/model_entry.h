// SPDX-License-Identifier: GPL-3.0-or-later
// A model file as the Models page knows it: what its description says and what it would take. A value.
#pragma once

#include <optional>

#include <QList>
#include <QMetaType>
#include <QString>

#include "engine/execution/memory_plan.h"

namespace vitrine::ui {

struct ModelEntry
{
    QString path; ///< absolute; of the first part where there are several
    QString name;
    QString quantisation, architecture, licence;
    QString identity; ///< of the contents: the same file elsewhere has the same
    quint64 fileBytes = 0, parameters = 0, activeParameters = 0;
    quint64 experts = 0; ///< 0: no mixture
    quint32 version = 0;
    int parts = 1;
    bool hasTemplate = false, thinks = false;
    bool readable = true;                   ///< false: damaged, cut short, not to be opened
    QString problem;                        ///< why it cannot be loaded: a few words; empty: it can
    QString wholeProblem;                   ///< in full
    std::optional<engine::MemoryPlan> plan; ///< there unless there is a problem
};

/// Any thread but the window's. None: a file that is no language model (a projector, an adapter, a bare
/// vocabulary) or a later part of a split one.
std::optional<ModelEntry> readModelEntry(const QString& path, const engine::MemoryPlanOptions& options);

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::ModelEntry)
