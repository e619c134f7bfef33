// SPDX-License-Identifier: GPL-3.0-or-later
// What a person chose in the load lab, as it is kept from one start to the next. The file may say anything:
// what is out of range, or not offered, falls back to what was there before. Values; UI thread.
#pragma once

#include <QList>
#include <QString>

#include "ui/bridge/lab_job.h"

class QSettings;

namespace vitrine::ui {

struct LabLoadChoice
{
    QString what; ///< a kind's name, a recording's path, or LabLoadCard::kLive
    int requests = 0, least = 0, most = 0, reply = 0, shared = 0, seed = 0;
    double rate = 0;
    double speed = 0; ///< of a recording
};

struct LabChoices
{
    LabLoadChoice load;
    QList<LabSettings> rows; ///< one at least
    int repeats = 0;
    int cache = 0; ///< LabCache

    void writeTo(QSettings& settings) const;
    /// `usual`: where nothing was kept, or nothing that can be used.
    static LabChoices readFrom(const QSettings& settings, const LabChoices& usual);
};

} // namespace vitrine::ui
