// SPDX-License-Identifier: GPL-3.0-or-later
// Room around a widget. A label's own margins do not outlive a change of the style sheet (QFrame sets them anew);
// a layout's do. It takes no room while the widget is hidden. Thread: UI.
#pragma once

#include <QMargins>
#include <QVBoxLayout>
#include <QWidget>

namespace vitrine::ui {

inline QLayout* padded(QWidget* widget, const QMargins& margins)
{
    auto* layout = new QVBoxLayout;
    layout->setContentsMargins(margins);
    layout->addWidget(widget);
    return layout;
}

} // namespace vitrine::ui
