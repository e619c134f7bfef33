// SPDX-License-Identifier: GPL-3.0-or-later
// How surprising each token of a reply was, in bits, from its first to its last: bars, the current token
// marked below. A click goes to a token. Thread: UI.
#pragma once

#include <vector>

#include <QWidget>

#include "ui/bridge/token_detail.h"

namespace vitrine::ui {

class Theme;

class SurpriseChart : public QWidget
{
    Q_OBJECT

public:
    explicit SurpriseChart(const Theme& theme, QWidget* parent = nullptr);

    void setTokens(const QList<TokenDetail>& tokens);
    void setCurrent(int token);
    double highest() const { return m_highest; } ///< bits

signals:
    void chosen(int token);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    const Theme& m_theme;
    std::vector<float> m_bits;
    double m_highest = 0;
    int m_current = -1;
};

} // namespace vitrine::ui
