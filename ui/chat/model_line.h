// SPDX-License-Identifier: GPL-3.0-or-later
// The card of an empty chat that says which model answers, or why none does yet. Thread: UI.
#pragma once

#include <QFrame>

class QBoxLayout;
class QLabel;
class QPushButton;

namespace vitrine::ui {

class EngineBridge;
class Theme;

class ModelLine : public QFrame
{
    Q_OBJECT

public:
    ModelLine(EngineBridge& bridge, const Theme& theme, QWidget* parent = nullptr);

    void setStacked(bool stacked); ///< the button under the texts

signals:
    void openModelRequested();
    void modelDetailsRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    enum class Tone { Ready, Busy, Missing, Failed };

    void refresh();
    void show(Tone tone, const QString& headline, const QString& facts, const QString& hint);

    EngineBridge& m_bridge;
    const Theme& m_theme;
    QBoxLayout* m_row = nullptr;
    QLabel* m_headline = nullptr;
    QLabel* m_facts = nullptr;
    QLabel* m_hint = nullptr;
    QBoxLayout* m_buttons = nullptr;
    QPushButton* m_details = nullptr;
    QPushButton* m_open = nullptr;
    QString m_failure; // of the last load, while no model is there
    Tone m_tone = Tone::Missing;
};

} // namespace vitrine::ui
