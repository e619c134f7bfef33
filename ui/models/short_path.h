// SPDX-License-Identifier: GPL-3.0-or-later
// Paths as they are shown. Thread: any.
#pragma once

#include <QDir>

namespace vitrine::ui {

/// "~" stands for the home folder.
inline QString shortPath(const QString& path)
{
    const QString home = QDir::homePath() + QLatin1Char('/');
    return path.startsWith(home) ? QStringLiteral("~/") + path.mid(home.size()) : path;
}

} // namespace vitrine::ui
