// SPDX-License-Identifier: GPL-3.0-or-later
// The context as a bar: what was found in the cache, what else is used, what is free. Thread: UI.
#pragma once

#include <QWidget>

namespace vitrine::ui {

class Theme;

class ContextBar : public QWidget
{
    Q_OBJECT

public:
    explicit ContextBar(const Theme& theme, QWidget* parent = nullptr);

    /// Tokens; cached ≤ used.
    void setShares(quint32 cached, quint32 used, quint32 total);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    quint32 m_cached = 0, m_used = 0, m_total = 0;
};

} // namespace vitrine::ui
