// SPDX-License-Identifier: GPL-3.0-or-later
// How much of the model's context a conversation fills: a bar and "3,947 / 16,384"; a button that says more.
// Thread: UI.
#pragma once

#include <QAbstractButton>

#include "ui/theme/theme.h"

namespace vitrine::ui {

class ContextGauge : public QAbstractButton
{
    Q_OBJECT

public:
    explicit ContextGauge(const Theme& theme, QWidget* parent = nullptr);

    /// Hidden while `total` is 0. `estimated`: `used` is only about right.
    void setTokens(quint32 used, quint32 total, bool estimated = false);
    void setNarrow(bool narrow);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString usedText() const;
    QString totalText() const;
    int barWidth() const { return m_theme.scaledColumn(m_narrow ? 48 : 72); }

    const Theme& m_theme;
    quint32 m_used = 0;
    quint32 m_total = 0;
    bool m_estimated = false;
    bool m_narrow = false;
};

} // namespace vitrine::ui
