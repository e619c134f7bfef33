// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/commands/keycaps.h"

#include <algorithm>
#include <cmath>

#include <QPainter>

namespace vitrine::ui {
namespace {

constexpr int kHeight = 20;
constexpr int kPadding = 6;

QString nameOf(Qt::Key key)
{
    switch (key) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return QStringLiteral("Enter");
    case Qt::Key_Up:
        return QStringLiteral("↑");
    case Qt::Key_Down:
        return QStringLiteral("↓");
    case Qt::Key_Left:
        return QStringLiteral("←");
    case Qt::Key_Right:
        return QStringLiteral("→");
    case Qt::Key_Minus:
        return QStringLiteral("−"); // as wide as the plus
    default:
        return QKeySequence(key).toString(QKeySequence::PortableText);
    }
}

QFont capFont(const Theme& theme)
{
    return theme.font(TextSize::Small);
}

int capWidth(const Theme& theme, const QString& cap)
{
    const int text = int(std::ceil(QFontMetricsF(capFont(theme)).horizontalAdvance(cap)));
    return std::max(keycapHeight(theme), text + 2 * theme.scaled(kPadding));
}

} // namespace

QStringList keycapsOf(const QKeySequence& keys)
{
    if (keys.isEmpty())
        return {};
    const Qt::KeyboardModifiers modifiers = keys[0].keyboardModifiers();
    QStringList caps;
    if (modifiers & Qt::ControlModifier)
        caps << QStringLiteral("Ctrl");
    if (modifiers & Qt::AltModifier)
        caps << QStringLiteral("Alt");
    if (modifiers & Qt::MetaModifier)
        caps << QStringLiteral("Meta");
    if (modifiers & Qt::ShiftModifier)
        caps << QStringLiteral("Shift");
    return caps << nameOf(keys[0].key());
}

QString keyText(const QKeySequence& keys)
{
    return keycapsOf(keys).join(QLatin1Char('+'));
}

bool isTyping(const QKeySequence& keys)
{
    if (keys.isEmpty() ||
        keys[0].keyboardModifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return false;
    const Qt::Key key = keys[0].key();
    const bool writes = key < Qt::Key_Escape;
    const bool moves =
        (key >= Qt::Key_Escape && key <= Qt::Key_Enter) || (key >= Qt::Key_Home && key <= Qt::Key_PageDown);
    return writes || moves;
}

bool isEditing(const QKeySequence& keys)
{
    using Key = QKeySequence;
    for (const auto standard :
         {Key::Copy, Key::Cut, Key::Paste, Key::Undo, Key::Redo, Key::SelectAll, Key::MoveToNextWord,
          Key::MoveToPreviousWord, Key::SelectNextWord, Key::SelectPreviousWord, Key::DeleteStartOfWord,
          Key::DeleteEndOfWord, Key::MoveToStartOfDocument, Key::MoveToEndOfDocument})
        if (Key::keyBindings(standard).contains(keys))
            return true;
    return false;
}

QKeySequence pressedKeys(int key, Qt::KeyboardModifiers modifiers)
{
    switch (key) {
    case 0:
    case Qt::Key_unknown:
    case Qt::Key_Control:
    case Qt::Key_Shift:
    case Qt::Key_Alt:
    case Qt::Key_AltGr:
    case Qt::Key_Meta:
    case Qt::Key_Super_L:
    case Qt::Key_Super_R:
    case Qt::Key_CapsLock:
    case Qt::Key_NumLock:
        return {};
    case Qt::Key_Backtab:
        key = Qt::Key_Tab;
        break;
    default:
        break;
    }
    return QKeySequence(QKeyCombination(modifiers & ~Qt::KeypadModifier, Qt::Key(key)));
}

int keycapHeight(const Theme& theme)
{
    return theme.scaled(kHeight);
}

int keycapsWidth(const Theme& theme, const QStringList& caps)
{
    int width = 0;
    for (const QString& cap : caps)
        width += (width > 0 ? kSpace1 : 0) + capWidth(theme, cap);
    return width;
}

void paintKeycaps(QPainter& painter, const Theme& theme, const QStringList& caps, int left, qreal middle)
{
    const Tokens& tokens = theme.tokens();
    const QFont font = capFont(theme);
    const int height = keycapHeight(theme);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(font);
    for (const QString& cap : caps) {
        const QRectF box(left, std::round(middle - height / 2.0), capWidth(theme, cap), height);
        painter.setPen(QPen(tokens.borderStrong, 1));
        painter.setBrush(tokens.panel);
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), kRadiusChip, kRadiusChip);
        painter.setPen(tokens.text);
        painter.drawText(box, Qt::AlignCenter, cap);
        left += int(box.width()) + kSpace1;
    }
    painter.restore();
}

KeycapRow::KeycapRow(const Theme& theme, const QStringList& caps, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_caps(caps)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void KeycapRow::setCaps(const QStringList& caps)
{
    m_caps = caps;
    updateGeometry();
    update();
}

QSize KeycapRow::sizeHint() const
{
    return {keycapsWidth(m_theme, m_caps), keycapHeight(m_theme)};
}

void KeycapRow::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    paintKeycaps(painter, m_theme, m_caps, 0, height() / 2.0);
}

} // namespace vitrine::ui
