// SPDX-License-Identifier: GPL-3.0-or-later
// Keys as small caps, drawn side by side. Thread: UI.
#pragma once

#include <QStringList>
#include <QWidget>

#include "ui/keys/key_names.h"
#include "ui/theme/theme.h"

class QPainter;

namespace vitrine::ui {

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
