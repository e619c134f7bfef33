// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/window/import_overlay.h"

#include <QApplication>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMimeData>
#include <QPainter>
#include <QUrl>

namespace vitrine::ui {

ImportOverlay::ImportOverlay(const Theme& theme, QWidget* target) : QWidget(target), m_theme(theme)
{
    setAcceptDrops(true);
    hide();
    target->setAcceptDrops(true);
    // The list may take drops of its own: only the application's filter sees a drag before it does.
    qApp->installEventFilter(this);
}

QStringList ImportOverlay::filesIn(const QMimeData* data)
{
    static const QStringList kEndings{"json", "md", "markdown", "txt"};
    QStringList paths;
    for (const QUrl& url : data->urls()) {
        if (url.isLocalFile() && kEndings.contains(QFileInfo(url.toLocalFile()).suffix().toLower()))
            paths.append(url.toLocalFile());
    }
    return paths;
}

bool ImportOverlay::eventFilter(QObject* watched, QEvent* event)
{
    const bool enters = event->type() == QEvent::DragEnter;
    if (!enters && event->type() != QEvent::Drop)
        return false;
    const auto* widget = qobject_cast<QWidget*>(watched);
    if (widget == nullptr || widget == this ||
        (widget != parentWidget() && !parentWidget()->isAncestorOf(widget)))
        return false;
    auto* drop = static_cast<QDropEvent*>(event); // QDragEnterEvent is one too
    const QStringList paths = filesIn(drop->mimeData());
    if (paths.isEmpty())
        return false;
    drop->acceptProposedAction();
    if (enters) {
        setGeometry(parentWidget()->rect());
        raise();
        show();
    } else {
        hide();
        emit filesDropped(paths);
    }
    return true;
}

void ImportOverlay::dragEnterEvent(QDragEnterEvent* event)
{
    event->acceptProposedAction();
}

void ImportOverlay::dragLeaveEvent(QDragLeaveEvent*)
{
    hide();
}

void ImportOverlay::dropEvent(QDropEvent* event)
{
    hide();
    event->acceptProposedAction();
    emit filesDropped(filesIn(event->mimeData()));
}

void ImportOverlay::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens& tokens = m_theme.tokens();
    painter.fillRect(rect(), tokens.scrim);
    const QRectF card = QRectF(rect()).adjusted(kSpace3, kSpace3, -kSpace3, -kSpace3);
    painter.setPen(QPen(tokens.accent, 2, Qt::DashLine));
    painter.setBrush(tokens.raised);
    painter.drawRoundedRect(card, kRadius, kRadius);
    painter.setPen(tokens.text);
    painter.setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    painter.drawText(card.adjusted(kSpace3, 0, -kSpace3, 0), Qt::AlignCenter | Qt::TextWordWrap,
                     tr("Drop to import these chats"));
}

} // namespace vitrine::ui
