// SPDX-License-Identifier: GPL-3.0-or-later
// The look in force: colours, fonts, icons, and the application's palette and style sheet made from them.
// One Theme lives in main() (or a test) and is handed to widgets by reference; it outlives them all.
// A widget that paints itself reads tokens() while painting and calls update() on changed().
// Fonts that were set with QWidget::setFont() follow the zoom by themselves; sizes made with scaled() are
// taken anew on changed().
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

/// Size of a step of the type scale in points at 96 dpi and 100 % zoom.
qreal pointSize(TextSize size);

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

    static constexpr int kSmallestZoom = 80;
    static constexpr int kLargestZoom = 200;
    static constexpr int kZoomStep = 10;
    /// Percent of the type scale and of the sizes that go with it; brought into the range above.
    int zoom() const { return m_zoom; }
    void setZoom(int percent);
    /// A length of the design at the zoom in force. Lines and radii stay as they are.
    int scaled(int length) const { return (length * m_zoom + 50) / 100; }

    /// Of a picture that is drawn at its size of the design.
    qreal factor() const { return m_zoom / 100.0; }

    /// The same for the width of a column of short texts: half as much, so that what is beside it keeps room.
    int scaledColumn(int width) const { return (width + scaled(width)) / 2; }

    /// Runs `apply` now and after every change, as long as `context` lives: for sizes that are set once.
    template<typename Apply>
    void follow(QObject* context, Apply apply) const
    {
        apply();
        connect(this, &Theme::changed, context, apply);
    }

    /// The desktop asks for little motion: nothing turns or slides.
    bool reducesMotion() const { return m_reducesMotion; }
    void setReducedMotion(bool reduced) { m_reducesMotion = reduced; }

    /// Style, palette, font and style sheet of the application, now and after every change.
    void applyTo(QApplication& application);

    QFont font(TextSize size, QFont::Weight weight = QFont::Normal) const;
    /// Of font(size), for style sheets.
    qreal points(TextSize size) const { return pointSize(size) * m_zoom / 100; }
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
    int m_zoom = 100;
    bool m_reducesMotion = false;
};

} // namespace vitrine::ui
