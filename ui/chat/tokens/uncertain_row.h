// SPDX-License-Identifier: GPL-3.0-or-later
// A token in the list of the least certain ones: what stands around it and its probability. A click goes to
// it. Thread: UI.
#pragma once

#include <QAbstractButton>

namespace vitrine::ui {

class Theme;

class UncertainRow : public QAbstractButton
{
    Q_OBJECT

public:
    explicit UncertainRow(const Theme& theme, QWidget* parent = nullptr);

    void setToken(int token, const QString& before, const QString& text, const QString& after,
                  float probability);
    int token() const { return m_token; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    int m_token = -1;
    QString m_before, m_text, m_after;
    float m_probability = 0;
};

} // namespace vitrine::ui
