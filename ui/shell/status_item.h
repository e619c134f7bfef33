// SPDX-License-Identifier: GPL-3.0-or-later
// One item of the status bar: icon, words and figures in one baseline, perhaps a meter; a button, because
// each opens the view it speaks of. Figures keep their width while they change. Thread: UI.
#pragma once

#include <vector>

#include <QAbstractButton>

#include "ui/theme/theme.h"

namespace vitrine::ui {

struct StatusText
{
    QString text;
    bool strong = false;
    int reserveFigures = 0; ///< the item keeps its width up to this many digits
};

class StatusItem : public QAbstractButton
{
    Q_OBJECT

public:
    struct Segment
    {
        QColor colour;
        double share = 0; ///< of the whole meter, 0…1
    };

    StatusItem(const Theme& theme, const QString& icon, QWidget* parent = nullptr);

    void setParts(std::vector<StatusText> parts);
    /// A meter between the first part and the others.
    void setMeter(std::vector<Segment> segments);
    void setDivider(bool divider) { m_divider = divider; }
    /// Tooltip and, with the texts shown, what a screen reader says.
    void setExplanation(const QString& name, const QString& explanation);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }
    QString shownText() const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    qreal partWidth(const StatusText& part) const;
    QFont partFont(const StatusText& part) const;
    qreal paintMeter(QPainter& painter, qreal x) const;
    void updateName();

    const Theme& m_theme;
    QString m_icon, m_name;
    std::vector<StatusText> m_parts;
    std::vector<Segment> m_meter;
    bool m_hasMeter = false;
    bool m_divider = true;
};

} // namespace vitrine::ui
