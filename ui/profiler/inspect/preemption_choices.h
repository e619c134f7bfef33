// SPDX-License-Identifier: GPL-3.0-or-later
// Who could have been preempted and at what price, the chosen one marked. A click or Enter asks for a
// request. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/recording/pictures.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

class PreemptionChoices : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kRow = 46;

    PreemptionChoices(const PreemptionDetails& details, const Theme& theme, QWidget* parent = nullptr);
    QSize sizeHint() const override;

signals:
    void requestPicked(vitrine::engine::RequestId request);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void paintChoice(QPainter& painter, const PreemptionChoice& choice, const QRectF& row) const;
    QString actionOf(const PreemptionChoice& choice) const;

    const Theme& m_theme;
    QList<PreemptionChoice> m_choices;
    engine::PreemptionAction m_action;
    double m_most = 0;
    int m_current = 0;
};

} // namespace vitrine::ui
