// SPDX-License-Identifier: GPL-3.0-or-later
// How this chat's replies are made: preset, instructions (the system prompt), sampling, seed, length. What is
// changed here holds from the next reply on. Thread: UI.
#pragma once

#include <vector>

#include <QFrame>

#include "ui/chat/conversation_settings.h"

class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace vitrine::ui {

class PresetBar;
class PresetStore;
class SamplingRow;
class Theme;

class SamplingPanel : public QFrame
{
    Q_OBJECT

public:
    static constexpr int kWidth = 376;

    /// Both outlive it.
    SamplingPanel(PresetStore& presets, const Theme& theme, QWidget* parent = nullptr);

    /// Shows them; no signal.
    void setSettings(const ConversationSettings& settings);
    const ConversationSettings& settings() const { return m_settings; }
    void focusFirst();
    PresetBar& presets() const { return *m_presets; }

signals:
    void edited(const vitrine::ui::ConversationSettings& settings);
    void closeRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* makeHeader();
    QWidget* makeContents();
    QWidget* makeSeedRow();
    void addSection(QVBoxLayout& column, const QString& title);
    void addRows(QVBoxLayout& column, std::initializer_list<SamplingField> fields);
    void takePreset(const Preset& preset);
    void takeSeed();
    void change(const ConversationSettings& settings);
    void display(const ConversationSettings& settings);

    const Theme& m_theme;
    ConversationSettings m_settings;
    PresetBar* m_presets = nullptr;
    QPlainTextEdit* m_prompt = nullptr;
    std::vector<SamplingRow*> m_rows;
    QLineEdit* m_seed = nullptr;
    QToolButton* m_resetSeed = nullptr;
    QPushButton* m_resetAll = nullptr;
};

} // namespace vitrine::ui
