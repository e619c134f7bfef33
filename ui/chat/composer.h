// SPDX-License-Identifier: GPL-3.0-or-later
// Where a message is written: the text field, the preset, Send or Stop. Knows no engine: the pane tells it
// what is possible. Thread: UI.
#pragma once

#include <QFrame>
#include <QString>

#include "ui/chat/sampling_preset.h"

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace vitrine::ui {

class ComposerEdit;
class Theme;

class Composer : public QFrame
{
    Q_OBJECT

public:
    explicit Composer(const Theme& theme, QWidget* parent = nullptr);

    QString text() const;
    /// Puts the cursor at the end.
    void setText(const QString& text);
    void setGenerating(bool generating);
    /// `reason` is why nothing can be sent, empty when it can.
    void setReasonNotToSend(const QString& reason);
    void setPreset(SamplingPreset preset);
    void setPlaceholder(const QString& text);
    void setNarrow(bool narrow);
    void focusText();

signals:
    void sendRequested(const QString& text);
    void stopRequested();
    void escapePressed(); ///< with nothing to stop
    void recallRequested();
    void presetChosen(vitrine::ui::SamplingPreset preset);
    void textEdited(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    void buildBar(QHBoxLayout& bar);
    void buildPresetMenu();
    void submit();
    void refresh();
    void applyFont();

    const Theme& m_theme;
    ComposerEdit* m_edit = nullptr;
    QPushButton* m_preset = nullptr;
    QLabel* m_hint = nullptr;
    QPushButton* m_send = nullptr;
    QPushButton* m_stop = nullptr;
    QString m_reason;
    SamplingPreset m_chosen = SamplingPreset::Balanced;
    bool m_generating = false;
    bool m_narrow = false;
    bool m_focused = false;
};

} // namespace vitrine::ui
