// SPDX-License-Identifier: GPL-3.0-or-later
// A form that scrolls where the screen is too low for it, and else is as tall as it likes. Thread: UI.
#pragma once

#include <QScrollArea>

namespace vitrine::ui {

class ScrolledForm : public QScrollArea
{
    Q_OBJECT

public:
    /// Takes the layout over.
    explicit ScrolledForm(QLayout* form, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    /// What it holds may grow while it is shown.
    bool eventFilter(QObject* watched, QEvent* event) override;
};

} // namespace vitrine::ui
