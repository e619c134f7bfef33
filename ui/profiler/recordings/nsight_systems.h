// SPDX-License-Identifier: GPL-3.0-or-later
// NVIDIA Nsight Systems, where it is installed: a program that records this one from outside, from its start,
// and one that shows what was recorded. Thread: any but for what is said.
#pragma once

#include <QString>
#include <QStringList>

namespace vitrine::ui {

/// Of its reports.
inline constexpr QLatin1String kNsightSuffix(".nsys-rep");

struct NsightSystems
{
    QString recorder, viewer; ///< programs; empty: not on the path

    static NsightSystems found();

    /// Runs a program so that it is recorded, into a file that is written when the program has ended.
    QStringList command(const QString& report, const QStringList& program) const;
    /// In its viewer, else its folder in the system's file manager. Does not wait. Thread: UI.
    void open(const QString& report) const;
};

/// Whether this process is being recorded by it.
bool isUnderNsight();

} // namespace vitrine::ui
