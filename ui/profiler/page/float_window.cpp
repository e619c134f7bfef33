// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/page/float_window.h"

#include <QCloseEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QScreen>
#include <QVBoxLayout>

#include "ui/profiler/page/window_place.h"

namespace vitrine::ui {
namespace {

constexpr int kRestMs = 300;

QList<QRect> screens()
{
    QList<QRect> all;
    for (const QScreen* screen : QGuiApplication::screens())
        all << screen->availableGeometry();
    return all;
}

} // namespace

// A tool window: the shortcuts of the window that it belongs to stay in force while it is the active one.
FloatWindow::FloatWindow(QWidget* content, const Theme& theme, QWidget* parent)
    : QWidget(parent, Qt::Tool), m_theme(theme), m_content(content)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(content);
    setMinimumSize(kLeast);
    setWindowTitle(content->windowTitle());
    setAccessibleName(windowTitle());
    connect(content, &QWidget::windowTitleChanged, this, [this](const QString& title) {
        setWindowTitle(title);
        setAccessibleName(title);
    });
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    m_rests.setSingleShot(true);
    m_rests.setInterval(kRestMs);
    connect(&m_rests, &QTimer::timeout, this, &FloatWindow::placed);
}

void FloatWindow::openAt(const QRect& place, const QSize& usual)
{
    QRect wanted = place;
    if (wanted.isNull()) {
        wanted.setSize(usual);
        wanted.moveCenter(parentWidget()->window()->geometry().center());
    }
    setGeometry(placeOn(screens(), wanted, kLeast, usual));
    show();
    activateWindow();
    m_content->setFocus(Qt::OtherFocusReason);
}

/// Where the main window is on its way out as well, nothing is put back: it was in a window at the end.
void FloatWindow::closeEvent(QCloseEvent* event)
{
    event->accept();
    const auto dock = [this] {
        if (parentWidget()->window()->isVisible())
            emit dockRequested();
    };
    QMetaObject::invokeMethod(this, dock, Qt::QueuedConnection);
}

/// The key that closes a window is this one's, whatever it does in the main window.
bool FloatWindow::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride &&
        static_cast<QKeyEvent*>(event)->matches(QKeySequence::Close)) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void FloatWindow::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Close))
        emit dockRequested();
    else
        QWidget::keyPressEvent(event);
}

void FloatWindow::moveEvent(QMoveEvent* event)
{
    QWidget::moveEvent(event);
    m_rests.start();
}

void FloatWindow::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_rests.start();
}

void FloatWindow::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), m_theme.tokens().panel);
}

} // namespace vitrine::ui
