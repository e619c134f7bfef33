// SPDX-License-Identifier: GPL-3.0-or-later
// Words that lead somewhere: a button that looks like text, cut where there is no room. Thread: UI.
#pragma once

#include <QAbstractButton>

#include "ui/theme/theme.h"

namespace vitrine::ui {

class LinkButton : public QAbstractButton
{
    Q_OBJECT

public:
    LinkButton(const QString& text, const Theme& theme, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    const Theme& m_theme;
};

} // namespace vitrine::ui
