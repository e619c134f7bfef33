// SPDX-License-Identifier: GPL-3.0-or-later
// What the dots of the sidebar mean: "● KV in memory  ○ not in memory". Thread: UI.
#pragma once

#include <QWidget>

namespace vitrine::ui {

class Theme;

class KvLegend : public QWidget
{
    Q_OBJECT

public:
    explicit KvLegend(const Theme& theme, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void retranslate();
    void fit(); ///< one line, or two where that is too narrow
    bool fitsInALine(int width) const;
    qreal textLeft(qreal glyph) const;

    const Theme& m_theme;
    QString m_filled, m_ring;
};

} // namespace vitrine::ui
