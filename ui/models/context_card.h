// SPDX-License-Identifier: GPL-3.0-or-later
// How many tokens of KV a model gets when it is loaded, shared by all chats. Thread: UI.
#pragma once

#include <QFrame>

#include "ui/theme/theme.h"

class QLabel;

namespace vitrine::ui {

class MarkSlider;

class ContextCard : public QFrame
{
    Q_OBJECT

public:
    static constexpr quint32 kLeast = 2048;
    static constexpr quint32 kStep = 1024;

    explicit ContextCard(const Theme& theme, QWidget* parent = nullptr);

    /// `fitting`: the most that fits into the free memory, `most` or more where all does.
    void setRange(quint32 most, quint64 fitting);
    void setTokens(quint32 tokens); ///< without a signal
    quint32 tokens() const { return m_tokens; }
    QString fittingText() const;
    MarkSlider& slider() const { return *m_slider; }

signals:
    void tokensChosen(quint32 tokens);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    void retranslate();
    void placeMark();
    void choose(int step);

    const Theme& m_theme;
    quint32 m_tokens = kLeast, m_most = kLeast;
    quint64 m_fitting = 0;
    bool m_setting = false;
    QLabel* m_title = nullptr;
    QLabel* m_value = nullptr;
    MarkSlider* m_slider = nullptr;
    QWidget* m_scale = nullptr;
    QLabel* m_first = nullptr;
    QLabel* m_last = nullptr;
    QLabel* m_mark = nullptr;
    QLabel* m_note = nullptr;
};

} // namespace vitrine::ui
