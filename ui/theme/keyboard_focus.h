// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a large area that paints itself shows that it has the focus: where the keyboard led there, not
// where a click did, which would frame half the window. Thread: UI.
#pragma once

#include <QFocusEvent>

namespace vitrine::ui {

inline bool isByKeyboard(const QFocusEvent& event)
{
    return event.reason() == Qt::TabFocusReason || event.reason() == Qt::BacktabFocusReason ||
           event.reason() == Qt::ShortcutFocusReason;
}

} // namespace vitrine::ui
