// SPDX-License-Identifier: GPL-3.0-or-later
// What loading made of a model, in sentences: memory, and what is computed in another form than the
// file's. Thread: UI.
#pragma once

#include <QCoreApplication>
#include <QString>

#include "engine/engine.h"

namespace vitrine::ui {

class LoadReport
{
    Q_DECLARE_TR_FUNCTIONS(LoadReport)

public:
    static QString of(const engine::ModelSummary& model);

private:
    static QString sentence(const engine::WeightConversion& conversion);
};

} // namespace vitrine::ui
