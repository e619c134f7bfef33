// SPDX-License-Identifier: GPL-3.0-or-later
// Finds formulas, which stay as they were written: $$…$$ and \[…\] on lines of their own, and those inside a
// line. Prices are no formulas. Pure functions; any thread.
#pragma once

#include <QStringView>

namespace vitrine::ui {

/// Length of the display formula that `source` begins with, up to and with its line end; 0: none. `open`:
/// more text may follow, so its end may be missing.
qsizetype displayMath(QStringView source, bool open);

/// Length of the formula inside a paragraph that begins at `at`, with its marks; 0: none.
qsizetype inlineMath(QStringView source, qsizetype at);

} // namespace vitrine::ui
