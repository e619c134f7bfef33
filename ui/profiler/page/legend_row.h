// SPDX-License-Identifier: GPL-3.0-or-later
// What colours mean, in one line, right-aligned or from the left; where there is no room for all, the last
// place says how many more there are. Thread: UI.
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
    void setLeftAligned(bool left);
    /// Of all items.
    int contentWidth() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

signals:
    void itemsChanged();

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    struct Place
    {
        std::size_t item = 0; ///< all from here on, where it is the last one of too many
        double left = 0, width = 0;
    };

    double textWidth(const QString& text) const;
    double widthOf(const LegendItem& item) const;
    double wholeWidth() const;
    QString moreText(std::size_t count) const;
    std::vector<Place> places() const;
    bool isRest(const Place& place) const;
    QString meaningOf(const Place& place) const;

    const Theme& m_theme;
    std::vector<LegendItem> m_items;
    bool m_leftAligned = false;
};

} // namespace vitrine::ui
