// SPDX-License-Identifier: GPL-3.0-or-later
// What the gauge of the context opens: who uses it, what is free, and what shall happen when it is full.
// Closes with Esc or a click elsewhere. Thread: UI.
#pragma once

#include <QFrame>

#include "ui/chat/conversation_settings.h"

class QLabel;
class QRadioButton;
class QVBoxLayout;

namespace vitrine::ui {

class ContextBar;
class Theme;

/// In tokens.
struct ContextUse
{
    quint32 total = 0;   ///< that prompt and reply may have
    quint32 used = 0;    ///< by the turns that are read
    quint32 cached = 0;  ///< of them, found in the cache by the last reply
    quint32 leftOut = 0; ///< turns (not tokens) that the last reply was not given
    quint32 reply = 0;   ///< the longest reply
    WhenFull whenFull = WhenFull::Stop;
    bool cutOff = false; ///< the last reply, by the end of the context

    quint32 free() const { return total > used ? total - used : 0; }
    bool operator==(const ContextUse&) const = default;
};

/// What happens next, in a sentence or two.
QString forecast(const ContextUse& use);

class ContextPopover : public QFrame
{
    Q_OBJECT

public:
    explicit ContextPopover(const Theme& theme, QWidget* parent);

    void setUse(const ContextUse& use);
    /// Below `anchor`, its right edge at the anchor's.
    void openBelow(const QWidget& anchor);

signals:
    void whenFullChosen(vitrine::ui::WhenFull choice);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void addFigure(QVBoxLayout& column, const QString& name, QLabel*& figure, const QColor& colour);
    void addChoice(QVBoxLayout& column, WhenFull choice, const QString& name, const QString& help);

    const Theme& m_theme;
    ContextUse m_use;
    ContextBar* m_bar = nullptr;
    QLabel* m_cached = nullptr;
    QLabel* m_computed = nullptr;
    QLabel* m_free = nullptr;
    QLabel* m_forecast = nullptr;
    QList<QRadioButton*> m_choices; // in the order of WhenFull
};

} // namespace vitrine::ui
