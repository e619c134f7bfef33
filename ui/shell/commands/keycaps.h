// SPDX-License-Identifier: GPL-3.0-or-later
// Keys as a person reads them: names, and small caps drawn side by side. Thread: UI.
#pragma once

#include <QKeySequence>
#include <QStringList>
#include <QWidget>

#include "ui/theme/theme.h"

class QPainter;

namespace vitrine::ui {

/// "Ctrl", "Shift", "N" of the first step of a sequence.
QStringList keycapsOf(const QKeySequence& keys);
/// "Ctrl+Shift+N", for tooltips and screen readers.
QString keyText(const QKeySequence& keys);
/// Whether the keys write something: a letter, a figure or a sign, with Shift at most, or move the focus.
bool isTyping(const QKeySequence& keys);
/// Whether text fields use the keys before any shortcut sees them.
bool isEditing(const QKeySequence& keys);
/// What was pressed, empty while only modifiers are down.
QKeySequence pressedKeys(int key, Qt::KeyboardModifiers modifiers);

/// Width of the caps side by side.
int keycapsWidth(const Theme& theme, const QStringList& caps);
int keycapHeight(const Theme& theme);
/// Draws them from `left` to the right, centred on `middle`.
void paintKeycaps(QPainter& painter, const Theme& theme, const QStringList& caps, int left, qreal middle);

/// Caps as a widget. The theme outlives it.
class KeycapRow : public QWidget
{
    Q_OBJECT

public:
    KeycapRow(const Theme& theme, const QStringList& caps, QWidget* parent = nullptr);
    void setCaps(const QStringList& caps);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QStringList m_caps;
};

} // namespace vitrine::ui
