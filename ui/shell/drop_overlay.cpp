// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/drop_overlay.h"

#include <QApplication>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMimeData>
#include <QPainter>
#include <QUrl>

namespace vitrine::ui {

DropOverlay::DropOverlay(const Theme& theme, QWidget* window) : QWidget(window), m_theme(theme)
{
    setAcceptDrops(true);
    hide();
    window->setAcceptDrops(true);
    // The input takes drops itself: only the application's filter sees a drag before it does.
    qApp->installEventFilter(this);
}

QString DropOverlay::modelIn(const QMimeData* data)
{
    for (const QUrl& url : data->urls())
        if (url.isLocalFile() && url.path().endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive))
            return url.toLocalFile();
    return {};
}

bool DropOverlay::belongsToWindow(QObject* object) const
{
    const auto* widget = qobject_cast<QWidget*>(object);
    return widget && widget != this && widget->window() == window();
}

bool DropOverlay::eventFilter(QObject* watched, QEvent* event)
{
    const bool enters = event->type() == QEvent::DragEnter;
    if ((!enters && event->type() != QEvent::Drop) || !belongsToWindow(watched))
        return false;
    auto* drop = static_cast<QDropEvent*>(event); // QDragEnterEvent is one too
    const QString path = modelIn(drop->mimeData());
    if (path.isEmpty())
        return false;
    drop->acceptProposedAction();
    if (enters) {
        m_name = QFileInfo(path).fileName();
        setGeometry(parentWidget()->rect());
        raise();
        show();
    } else {
        hide();
        emit modelDropped(path);
    }
    return true;
}

void DropOverlay::dragEnterEvent(QDragEnterEvent* event)
{
    event->acceptProposedAction();
}

void DropOverlay::dragLeaveEvent(QDragLeaveEvent*)
{
    hide();
}

void DropOverlay::dropEvent(QDropEvent* event)
{
    hide();
    event->acceptProposedAction();
    emit modelDropped(modelIn(event->mimeData()));
}

void DropOverlay::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens& tokens = m_theme.tokens();
    painter.fillRect(rect(), tokens.scrim);
    const QRectF card((width() - 400) / 2.0, (height() - 160) / 2.0, 400, 160);
    painter.setPen(QPen(tokens.accent, 2, Qt::DashLine));
    painter.setBrush(tokens.raised);
    painter.drawRoundedRect(card, kRadius, kRadius);
    const QPixmap icon =
        iconPixmap(QStringLiteral("models"), tokens.accent, m_theme.scaled(32), devicePixelRatioF());
    painter.drawPixmap(QPointF(card.center().x() - 16, card.top() + 32), icon);
    painter.setPen(tokens.text);
    painter.setFont(m_theme.font(TextSize::Reading, QFont::DemiBold));
    painter.drawText(QRectF(card.left(), card.top() + 76, card.width(), 24), Qt::AlignCenter,
                     tr("Drop to open this model"));
    painter.setPen(tokens.secondary);
    const QFont small = m_theme.font(TextSize::Small);
    painter.setFont(small);
    const QString name = QFontMetricsF(small).elidedText(m_name, Qt::ElideMiddle, card.width() - 2 * kSpace5);
    painter.drawText(QRectF(card.left(), card.top() + 104, card.width(), 20), Qt::AlignCenter, name);
}

} // namespace vitrine::ui
