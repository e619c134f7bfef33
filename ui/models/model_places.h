// SPDX-License-Identifier: GPL-3.0-or-later
// Where model files usually lie: this program's own folder, those of other programs, downloads. Any thread.
#pragma once

#include <QList>
#include <QString>

namespace vitrine::ui {

struct ModelPlace
{
    QString path;
    int depth = 6;        ///< of folders below it that are looked into
    bool byMagic = false; ///< files there have no suffix: what begins as GGUF counts
};

/// Below `home`; those that are not there are listed too.
QList<ModelPlace> usualModelPlaces(const QString& home);

} // namespace vitrine::ui
