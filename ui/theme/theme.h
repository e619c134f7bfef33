// SPDX-License-Identifier: GPL-3.0-or-later
// The look in force: colours, fonts, icons, and the application's palette and style sheet made from them.
// One Theme lives in main() (or a test) and is handed to widgets by reference; it outlives them all.
// A widget that paints itself reads tokens() while painting and calls update() on changed().
// Thread: UI.
//
// Buttons take their form from dynamic properties (set before the widget is shown):
//   QPushButton "kind": "primary" (filled), "ghost" (no frame), "card" (a big clickable card); "small": true
//   QToolButton: 28 px icon button; "kind": "rail" for the 36 px ones of the rail
//   QLabel "role": "secondary", "small" (12 px secondary), "heading" (16 px 600), "title" (20 px 600)
//   QFrame "role": "card" (raised, framed, round), "line" (a 1 px rule)
#pragma once

#include <QFont>
#include <QIcon>
#include <QObject>

#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"

class QApplication;

namespace vitrine::ui {

enum class ThemeChoice { System, Light, Dark };

/// The one type scale: 12, 13.5, 16 and 20 logical pixels.
enum class TextSize { Small, Body, Reading, Title };

class Theme : public QObject
{
    Q_OBJECT

public:
    explicit Theme(QObject* parent = nullptr);

    const Tokens& tokens() const { return m_dark ? darkTokens() : lightTokens(); }
    bool isDark() const { return m_dark; }
    ThemeChoice choice() const { return m_choice; }
    void setChoice(ThemeChoice choice);
    /// What the desktop asks for; matters while choice() is System.
    void setSystemDark(bool dark);

    /// Style, palette, font and style sheet of the application, now and after every change.
    void applyTo(QApplication& application);

    QFont font(TextSize size, QFont::Weight weight = QFont::Normal) const;
    QFont fixedFont(TextSize size) const;
    QIcon icon(const QString& name, IconTone tone = IconTone::Secondary) const
    {
        return themedIcon(*this, name, tone);
    }

signals:
    /// After palette and style sheet are in place.
    void changed();

private:
    void refresh();
    void install();

    QApplication* m_application = nullptr;
    ThemeChoice m_choice = ThemeChoice::System;
    bool m_systemDark = false;
    bool m_dark = false;
};

/// Size of a step of the type scale in points at 96 dpi, for setPointSizeF().
qreal pointSize(TextSize size);

} // namespace vitrine::ui
