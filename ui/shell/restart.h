// SPDX-License-Identifier: GPL-3.0-or-later
// Another program in place of this one, in the same process.
#pragma once

#include <QStringList>

namespace vitrine::ui {

/// At the end of main(), when nothing of this program is needed any more. Comes back only with why it did
/// not work, for the terminal.
QString replaceProcess(const QStringList& command);

} // namespace vitrine::ui
