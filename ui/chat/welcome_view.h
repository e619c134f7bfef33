// SPDX-License-Identifier: GPL-3.0-or-later
// What an empty chat shows: three prompts to begin with, the model that will answer, "Open a model…".
// Thread: UI.
#pragma once

#include <array>

#include <QScrollArea>

class QBoxLayout;
class QLabel;

namespace vitrine::ui {

class EngineBridge;
class ModelLine;
class PromptCard;
class Theme;

class WelcomeView : public QScrollArea
{
    Q_OBJECT

public:
    static int contentWidth(const Theme& theme);

    WelcomeView(EngineBridge& bridge, const Theme& theme, QWidget* parent = nullptr);

signals:
    void promptChosen(const QString& prompt);
    void openModelRequested();
    void modelDetailsRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeContent(EngineBridge& bridge);
    void arrange();
    void refreshLogo();

    const Theme& m_theme;
    QLabel* m_logo = nullptr;
    QWidget* m_column = nullptr;
    QBoxLayout* m_cards = nullptr;
    ModelLine* m_model = nullptr;
};

} // namespace vitrine::ui
