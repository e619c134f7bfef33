// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/attach_overlay.h"

#include <QDropEvent>
#include <QFileInfo>
#include <QMimeData>
#include <QPainter>
#include <QUrl>

#include "ui/bridge/model_name.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr QSize kCard(280, 112);

} // namespace

AttachOverlay::AttachOverlay(const Theme& theme, QWidget* pane) : QWidget(pane), m_theme(theme)
{
    setAttribute(Qt::WA_TransparentForMouseEvents); // the pane goes on being what is dragged over
    hide();
    pane->setAcceptDrops(true);
    pane->installEventFilter(this);
}

QStringList AttachOverlay::filesIn(const QMimeData* data)
{
    QStringList paths;
    for (const QUrl& url : data->urls()) {
        const QString path = url.toLocalFile();
        if (looksLikeModel(path) || QFileInfo(path).isDir())
            return {};
        if (!path.isEmpty())
            paths.append(path);
    }
    return paths;
}

bool AttachOverlay::eventFilter(QObject* watched, QEvent* event)
{
    const QEvent::Type type = event->type();
    if (type == QEvent::DragLeave)
        hide();
    if (type != QEvent::DragEnter && type != QEvent::Drop)
        return QWidget::eventFilter(watched, event);
    auto* drop = static_cast<QDropEvent*>(event); // QDragEnterEvent is one too
    hide();
    const QStringList files = filesIn(drop->mimeData());
    const bool text = !drop->mimeData()->hasUrls() && drop->mimeData()->hasText();
    if (files.isEmpty() && !text)
        return QWidget::eventFilter(watched, event);
    drop->setDropAction(Qt::CopyAction); // never moved away from where they were
    drop->accept();
    if (type == QEvent::DragEnter && !files.isEmpty()) {
        setGeometry(parentWidget()->rect());
        raise();
        show();
    } else if (type == QEvent::Drop && !files.isEmpty()) {
        emit filesDropped(files);
    } else if (type == QEvent::Drop) {
        emit textDropped(drop->mimeData()->text());
    }
    return true;
}

void AttachOverlay::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), tokens.scrim);
    QRectF card(QPointF(), QSizeF(kCard) * m_theme.factor());
    card.moveCenter(rect().center());
    painter.setPen(QPen(tokens.accent, 2, Qt::DashLine));
    painter.setBrush(tokens.raised);
    painter.drawRoundedRect(card, kRadius, kRadius);
    const QPixmap icon =
        iconPixmap(QStringLiteral("clip"), tokens.accent, m_theme.scaled(kSpace5), devicePixelRatioF());
    painter.drawPixmap(QPointF(card.center().x() - kSpace5 / 2.0, card.top() + kSpace5), icon);
    painter.setPen(tokens.text);
    painter.setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    painter.drawText(card.adjusted(kSpace3, kSpace5 * 2, -kSpace3, -kSpace2), Qt::AlignCenter,
                     tr("Drop to attach to the message"));
}

} // namespace vitrine::ui
