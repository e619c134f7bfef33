// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/commands/shortcut_row.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

#include "engine/base/check.h"
#include "ui/shell/commands/keycaps.h"
#include "ui/shell/palette/fuzzy_match.h"

namespace vitrine::ui {
namespace {

constexpr int kRowLine = 30;

} // namespace

ShortcutButton::ShortcutButton(const Theme& theme, QWidget* parent) : QAbstractButton(parent), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void ShortcutButton::setKeys(const QKeySequence& keys)
{
    m_keys = keys;
    update();
}

void ShortcutButton::setWaiting(bool waiting)
{
    m_waiting = waiting;
    update();
}

QSize ShortcutButton::sizeHint() const
{
    return {200, m_theme.scaled(kRowLine)};
}

bool ShortcutButton::event(QEvent* event)
{
    if (m_waiting && event->type() == QEvent::ShortcutOverride) {
        event->accept(); // no shortcut: it comes as a key
        return true;
    }
    if (m_waiting && event->type() == QEvent::KeyPress) { // Tab too
        keyPressEvent(static_cast<QKeyEvent*>(event));
        return true;
    }
    return QAbstractButton::event(event);
}

void ShortcutButton::keyPressEvent(QKeyEvent* event)
{
    if (!m_waiting) {
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
            click();
        else
            QAbstractButton::keyPressEvent(event);
        return;
    }
    event->accept();
    if (event->isAutoRepeat())
        return;
    const bool bare = event->modifiers() == Qt::NoModifier;
    if (bare && event->key() == Qt::Key_Escape)
        emit gaveUp();
    else if (bare && event->key() == Qt::Key_Backspace)
        emit keysPressed({});
    else if (const QKeySequence keys = pressedKeys(event->key(), event->modifiers()); !keys.isEmpty())
        emit keysPressed(keys);
}

void ShortcutButton::focusOutEvent(QFocusEvent* event)
{
    QAbstractButton::focusOutEvent(event);
    if (m_waiting)
        emit gaveUp();
}

void ShortcutButton::enterEvent(QEnterEvent* event)
{
    update();
    QAbstractButton::enterEvent(event);
}

void ShortcutButton::leaveEvent(QEvent* event)
{
    update();
    QAbstractButton::leaveEvent(event);
}

void ShortcutButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens& tokens = m_theme.tokens();
    const bool lively = underMouse() || m_waiting;
    const QRectF box(0, 0, width(), height() - 1);
    if (lively) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_waiting ? tokens.select : tokens.hover);
        painter.drawRoundedRect(box, kRadiusChip, kRadiusChip);
    }
    const int inset = lively || hasFocus() ? kSpace2 : 0;
    painter.fillRect(0, height() - 1, width(), 1, tokens.border);
    const QFont font = m_theme.font(TextSize::Body);
    const qreal middle = (height() - 1) / 2.0;
    qreal right = width() - inset;
    if (m_waiting) {
        painter.setFont(m_theme.font(TextSize::Small, QFont::Medium));
        painter.setPen(tokens.accentText);
        painter.drawText(QRectF(0, 0, right, height() - 1), Qt::AlignRight | Qt::AlignVCenter,
                         tr("Press keys"));
        right -= QFontMetricsF(painter.font()).horizontalAdvance(tr("Press keys")) + kSpace3;
    } else {
        const QStringList caps = keycapsOf(m_keys);
        const int capsWidth = keycapsWidth(m_theme, caps);
        paintKeycaps(painter, m_theme, caps, int(right) - capsWidth, middle);
        right -= capsWidth + kSpace3;
    }
    painter.setFont(font);
    painter.setPen(tokens.text);
    const QFontMetricsF metrics(font);
    painter.drawText(QPointF(inset, middle + metrics.capHeight() / 2),
                     metrics.elidedText(text(), Qt::ElideRight, right - inset));
    if (hasFocus() && !m_waiting) {
        painter.setPen(QPen(tokens.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), kRadiusChip, kRadiusChip);
    }
}

ShortcutRow::ShortcutRow(CommandSet& commands, const Command& command, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_commands(commands), m_id(command.id)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_button = new ShortcutButton(theme, this);
    m_button->setText(commandTitle(command));
    column->addWidget(m_button);
    buildNote(theme);
    column->addWidget(m_noteBox);
    connect(m_button, &QAbstractButton::clicked, this, [this] { setWaiting(!m_button->isWaiting()); });
    connect(m_button, &ShortcutButton::keysPressed, this, &ShortcutRow::take);
    connect(m_button, &ShortcutButton::gaveUp, this, [this] { setWaiting(false); });
    connect(&commands, &CommandSet::keysChanged, this, &ShortcutRow::refresh);
    refresh();
}

void ShortcutRow::buildNote(const Theme&)
{
    m_noteBox = new QWidget(this);
    auto* row = new QHBoxLayout(m_noteBox);
    row->setContentsMargins(kSpace2, kSpace1, 0, kSpace2);
    row->setSpacing(kSpace2);
    m_note = new QLabel(m_noteBox);
    m_note->setProperty("role", "small");
    m_note->setWordWrap(true);
    m_takeOver = new QPushButton(tr("Take it over"), m_noteBox);
    m_takeOver->setProperty("small", true);
    row->addWidget(m_note, 1);
    row->addWidget(m_takeOver);
    m_noteBox->hide();
    connect(m_takeOver, &QPushButton::clicked, this, [this] {
        m_noteBox->hide();
        m_button->setFocus();
        m_commands.rebind(m_id, m_offered);
    });
}

QString ShortcutRow::title() const
{
    return m_button->text();
}

QString ShortcutRow::note() const
{
    return m_noteBox->isVisibleTo(this) ? m_note->text() : QString();
}

bool ShortcutRow::meansQuery(const QString& query) const
{
    const QString wanted = query.simplified();
    if (wanted.isEmpty() || fuzzyMatch(wanted, title()))
        return true;
    for (const QKeySequence& keys : m_commands.keysOf(m_id)) // "Ctrl+N", or one cap of it
        if (keyText(keys).compare(wanted, Qt::CaseInsensitive) == 0 ||
            keycapsOf(keys).contains(wanted, Qt::CaseInsensitive))
            return true;
    return false;
}

void ShortcutRow::setWaiting(bool waiting)
{
    if (waiting)
        m_noteBox->hide();
    if (waiting == m_button->isWaiting())
        return;
    m_button->setWaiting(waiting);
    emit waitingChanged(waiting);
}

void ShortcutRow::take(const QKeySequence& keys)
{
    const CommandSet::Verdict verdict = m_commands.judge(m_id, keys);
    const Command* owner = m_commands.find(verdict.owner);
    const QString name = keyText(keys);
    const KeyPlace place = m_commands.find(m_id)->place;
    m_takeOver->setVisible(verdict.objection == CommandSet::Objection::Taken);
    switch (verdict.objection) {
    case CommandSet::Objection::None:
        setWaiting(false);
        m_commands.rebind(m_id, keys);
        return;
    case CommandSet::Objection::Typing:
        m_note->setText(
            place == KeyPlace::ChatList
                ? tr("%1 is needed in the list. Hold Ctrl or Alt as well, or use a function key.").arg(name)
                : tr("%1 is needed for typing. Hold Ctrl or Alt as well, or use a function key.").arg(name));
        break;
    case CommandSet::Objection::Editing:
        m_note->setText(tr("%1 is used in text fields.").arg(name));
        break;
    case CommandSet::Objection::Taken:
        VT_CHECK(owner);
        m_note->setText(tr("%1 is used by “%2”.").arg(name, commandTitle(*owner)));
        break;
    }
    m_offered = keys;
    m_noteBox->show();
    if (verdict.objection == CommandSet::Objection::Taken) {
        setWaiting(false);
        m_takeOver->setFocus();
    }
}

void ShortcutRow::refresh()
{
    const QString text = keyText(keys());
    m_button->setKeys(keys());
    m_button->setAccessibleName(tr("%1: %2").arg(title(), text.isEmpty() ? tr("no keys") : text));
    m_button->setAccessibleDescription(tr("Press it, then the new keys."));
}

} // namespace vitrine::ui
