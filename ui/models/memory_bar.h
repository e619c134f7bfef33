// SPDX-License-Identifier: GPL-3.0-or-later
// The memory that is free as a bar, what a model would take of it as its coloured parts, the margin hatched.
// What goes beyond stretches the scale; a mark shows where the free memory ends. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/models/model_verdict.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

class MemoryBar : public QWidget
{
    Q_OBJECT

public:
    struct Part
    {
        QColor Tokens::*colour;
        quint64 bytes = 0;
    };

    explicit MemoryBar(const Theme& theme, QWidget* parent = nullptr);

    /// `measured`: the parts are taken already, not predicted.
    void setParts(const QList<Part>& parts, const MemoryRoom& room, bool measured);
    QSize sizeHint() const override;
    /// What stands below it at the left part's end and at the right.
    const QString& totalText() const { return m_totalText; }
    const QString& roomText() const { return m_roomText; }

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void retranslate();
    quint64 total() const;
    void paintParts(QPainter& painter, const QRectF& bar, double scale) const;
    void paintTexts(QPainter& painter, const QRectF& bar, qreal end) const;

    const Theme& m_theme;
    QList<Part> m_parts;
    MemoryRoom m_room;
    bool m_measured = false;
    QString m_totalText, m_roomText;
};

} // namespace vitrine::ui
