// SPDX-License-Identifier: GPL-3.0-or-later
// A big button with an icon, a heading and a suggested prompt. Thread: UI.
#pragma once

#include <QPushButton>

class QLabel;

namespace vitrine::ui {

class Theme;

class PromptCard : public QPushButton
{
    Q_OBJECT

public:
    PromptCard(const Theme& theme, const QString& icon, const QString& heading, const QString& prompt,
               QWidget* parent = nullptr);

    const QString& prompt() const { return m_prompt; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

private:
    void refreshIcon();

    const Theme& m_theme;
    QString m_iconName;
    QString m_prompt;
    QLabel* m_icon = nullptr;
};

} // namespace vitrine::ui
