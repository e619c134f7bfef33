// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/drop_overlay.h"

#include <QApplication>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMimeData>
#include <QPainter>
#include <QUrl>

#include "ui/bridge/model_name.h"

namespace vitrine::ui {
namespace {

constexpr QSize kCard(400, 160);

} // namespace

DropOverlay::DropOverlay(const Theme& theme, Takes takes, QWidget* target)
    : QWidget(target), m_theme(theme), m_takes(takes)
{
    setAcceptDrops(true);
    hide();
    target->setAcceptDrops(true);
    // What is below may take drops of its own: only the application's filter sees a drag before it does.
    qApp->installEventFilter(this);
}

QStringList DropOverlay::filesIn(const QMimeData* data, Takes takes)
{
    static const QStringList kChats{"json", "md", "markdown", "txt"};
    QStringList paths;
    for (const QUrl& url : data->urls()) {
        const QString path = url.toLocalFile(), ending = QFileInfo(path).suffix().toLower();
        const bool taken = takes == Takes::Chats ? kChats.contains(ending)
                                                 : ending == QLatin1String("vtrace") || looksLikeModel(path);
        if (url.isLocalFile() && taken)
            paths.append(path);
    }
    return takes == Takes::Model ? paths.mid(0, 1) : paths;
}

bool DropOverlay::isOverTarget(QObject* object) const
{
    const auto* widget = qobject_cast<QWidget*>(object);
    return widget && widget != this && (widget == parentWidget() || parentWidget()->isAncestorOf(widget));
}

bool DropOverlay::eventFilter(QObject* watched, QEvent* event)
{
    const bool enters = event->type() == QEvent::DragEnter;
    if ((!enters && event->type() != QEvent::Drop) || !isOverTarget(watched))
        return false;
    auto* drop = static_cast<QDropEvent*>(event); // QDragEnterEvent is one too
    const QStringList paths = filesIn(drop->mimeData(), m_takes);
    if (paths.isEmpty())
        return false;
    drop->acceptProposedAction();
    if (enters) {
        m_name = QFileInfo(paths.first()).fileName();
        setGeometry(parentWidget()->rect());
        raise();
        show();
    } else {
        hide();
        emit filesDropped(paths);
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
    emit filesDropped(filesIn(event->mimeData(), m_takes));
}

QString DropOverlay::text() const
{
    return m_takes == Takes::Model ? tr("Drop to open this model") : tr("Drop to import these chats");
}

void DropOverlay::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens& tokens = m_theme.tokens();
    painter.fillRect(rect(), tokens.scrim);
    const bool wide = m_takes == Takes::Model;
    const QSizeF size = QSizeF(kCard) * m_theme.factor();
    const QRectF card = wide ? QRectF((width() - size.width()) / 2.0, (height() - size.height()) / 2.0,
                                      size.width(), size.height())
                             : QRectF(rect()).adjusted(kSpace3, kSpace3, -kSpace3, -kSpace3);
    painter.setPen(QPen(tokens.accent, 2, Qt::DashLine));
    painter.setBrush(tokens.raised);
    painter.drawRoundedRect(card, kRadius, kRadius);
    if (wide) {
        paintCard(painter, card);
        return;
    }
    painter.setPen(tokens.text);
    painter.setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    painter.drawText(card.adjusted(kSpace3, 0, -kSpace3, 0), Qt::AlignCenter | Qt::TextWordWrap, text());
}

/// Icon, what will happen, and to which file.
void DropOverlay::paintCard(QPainter& painter, const QRectF& card) const
{
    const Tokens& tokens = m_theme.tokens();
    const QPixmap icon =
        iconPixmap(QStringLiteral("models"), tokens.accent, m_theme.scaled(32), devicePixelRatioF());
    painter.drawPixmap(QPointF(card.center().x() - m_theme.scaled(32) / 2.0, card.top() + m_theme.scaled(32)),
                       icon);
    painter.setPen(tokens.text);
    painter.setFont(m_theme.font(TextSize::Reading, QFont::DemiBold));
    painter.drawText(QRectF(card.left(), card.top() + m_theme.scaled(76), card.width(), m_theme.scaled(24)),
                     Qt::AlignCenter, text());
    painter.setPen(tokens.secondary);
    const QFont small = m_theme.font(TextSize::Small);
    painter.setFont(small);
    const QString name = QFontMetricsF(small).elidedText(m_name, Qt::ElideMiddle, card.width() - 2 * kSpace5);
    painter.drawText(QRectF(card.left(), card.top() + m_theme.scaled(104), card.width(), m_theme.scaled(20)),
                     Qt::AlignCenter, name);
}

} // namespace vitrine::ui
