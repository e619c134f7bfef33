// SPDX-License-Identifier: GPL-3.0-or-later
// What could have come in a token's place: a row each with its probability, the chosen one ticked, those that
// the sampler's settings cut away below a line that says which one. Up and Down choose a row, a click or
// Enter asks for a branch that begins with it. Thread: UI.
#pragma once

#include <optional>
#include <vector>

#include <QWidget>

#include "ui/bridge/token_detail.h"

namespace vitrine::ui {

class Theme;

class AlternativeList : public QWidget
{
    Q_OBJECT

public:
    explicit AlternativeList(const Theme& theme, QWidget* parent = nullptr);

    /// The row after the chosen one is current.
    void setToken(const TokenDetail& token);
    void setBranching(bool possible);
    int count() const { return int(m_rows.size()); }
    int current() const { return m_current; }
    const TokenAlternative& alternative(int row) const { return m_rows[std::size_t(row)].alternative; }
    bool isChosen(int row) const { return alternative(row).id == m_chosen; }
    QRect rowRect(int row) const;
    /// Of the line above a row; empty where there is none.
    QString divider(int row) const;
    QSize sizeHint() const override;

signals:
    void branchRequested(const vitrine::ui::TokenAlternative& alternative);
    void currentChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Row
    {
        TokenAlternative alternative;
        bool divided = false; ///< a line above
    };

    bool branches(int row) const;
    void setCurrent(int row);
    void paintRow(QPainter& painter, int row) const;
    void paintEnd(QPainter& painter, int row, const QRectF& rect, qreal baseline) const;
    void paintDivider(QPainter& painter, int row) const;

    const Theme& m_theme;
    std::vector<Row> m_rows;
    qint32 m_chosen = 0;
    int m_current = -1;
    bool m_branching = true;
};

} // namespace vitrine::ui
