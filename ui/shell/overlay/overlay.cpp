// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/overlay/overlay.h"

#include <QKeyEvent>
#include <QPainter>

namespace vitrine::ui {

Overlay::Overlay(const Theme& theme, QWidget& window)
    : QWidget(&window), m_theme(theme), m_panel(new QWidget(this))
{
    hide();
    window.installEventFilter(this);
    connect(&theme, &Theme::changed, this, [this] {
        placePanel();
        update();
    });
}

void Overlay::spare(const QWidget& bar)
{
    m_spared = &bar;
}

void Overlay::open()
{
    m_before = window()->focusWidget();
    m_open = true;
    placePanel();
    show();
    raise();
    firstFocus()->setFocus(Qt::PopupFocusReason);
}

void Overlay::dismiss()
{
    if (!m_open)
        return;
    m_open = false;
    hide();
    if (m_before && m_before->isVisible())
        m_before->setFocus(Qt::PopupFocusReason);
    emit dismissed();
    deleteLater();
}

void Overlay::placePanel()
{
    QRect room = parentWidget()->rect();
    if (m_spared)
        room.setHeight(room.height() - m_spared->height());
    setGeometry(room);
    m_panel->setGeometry(panelIn(rect()));
}

bool Overlay::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() &&
        (event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest))
        placePanel();
    return QWidget::eventFilter(watched, event);
}

bool Overlay::focusNextPrevChild(bool next)
{
    QWidget* const from = window()->focusWidget() ? window()->focusWidget() : m_panel;
    QWidget* at = from;
    do {
        at = next ? at->nextInFocusChain() : at->previousInFocusChain();
        if (m_panel->isAncestorOf(at) && at->isVisible() && at->isEnabled() &&
            (at->focusPolicy() & Qt::TabFocus) == Qt::TabFocus) {
            at->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
            return true;
        }
    } while (at != from);
    return true;
}

/// What nothing inside wanted goes no further: the window behind sleeps.
void Overlay::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        dismiss();
    event->accept();
}

void Overlay::mousePressEvent(QMouseEvent* event)
{
    if (!m_panel->geometry().contains(event->pos()))
        dismiss();
    event->accept();
}

void Overlay::wheelEvent(QWheelEvent* event)
{
    event->accept();
}

void Overlay::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), m_theme.tokens().scrim);
}

} // namespace vitrine::ui
