// SPDX-License-Identifier: GPL-3.0-or-later
// Column headings with our chevron on the one that sorts. Thread: UI; the Theme outlives it.
#pragma once

#include <QHeaderView>

namespace vitrine::ui {

class Theme;

class SortHeader : public QHeaderView
{
    Q_OBJECT

public:
    SortHeader(const Theme& theme, QWidget* parent);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void paintSection(QPainter* painter, const QRect& rect, int section) const override;

private:
    void paintChevron(QPainter& painter, const QRectF& square) const;

    const Theme& m_theme;
};

} // namespace vitrine::ui
