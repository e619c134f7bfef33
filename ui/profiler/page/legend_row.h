// SPDX-License-Identifier: GPL-3.0-or-later
// What colours mean, in one line, right-aligned; where there is no room the first ones are left out.
// Thread: UI.
#pragma once

#include <functional>
#include <vector>

#include <QWidget>

#include "ui/theme/theme.h"

namespace vitrine::ui {

struct LegendItem
{
    QString text;
    std::function<void(QPainter&, const QRectF&)> paint; ///< the swatch
    QString meaning = {};                                ///< tooltip
};

class LegendRow : public QWidget
{
    Q_OBJECT

public:
    explicit LegendRow(const Theme& theme, QWidget* parent = nullptr);
    void setItems(std::vector<LegendItem> items);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    double widthOf(const LegendItem& item) const;
    /// Where item `index` begins; below 0: no room.
    double leftOf(std::size_t index) const;

    const Theme& m_theme;
    std::vector<LegendItem> m_items;
};

} // namespace vitrine::ui
