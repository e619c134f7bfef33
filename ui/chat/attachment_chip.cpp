// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/attachment_chip.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

#include "ui/chat/elided_label.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kLongestName = 180;

} // namespace

AttachmentChip::AttachmentChip(const QString& name, const Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_name(name), m_detail(new ElidedLabel(this))
{
    setFocusPolicy(Qt::StrongFocus);
    auto* icon = new QLabel;
    theme.follow(icon,
                 [icon, &theme] { icon->setPixmap(theme.icon("doc").pixmap(theme.scaled(kIconSize))); });
    auto* title = new ElidedLabel;
    title->setFont(theme.font(TextSize::Small, QFont::Medium));
    title->setElideMode(Qt::ElideMiddle); // the ending says what it is
    title->setFullText(name);
    title->setFixedWidth(std::min(theme.scaled(kLongestName), title->sizeHint().width()));
    m_detail->setFont(theme.font(TextSize::Small));
    m_detail->setProperty("role", "small");
    auto* remove = new QToolButton;
    remove->setProperty("kind", "chip");
    remove->setIcon(theme.icon("close"));
    theme.follow(remove, [remove, &theme] { remove->setIconSize(QSize(kSpace3, kSpace3) * theme.factor()); });
    remove->setFocusPolicy(Qt::NoFocus); // the chip itself is reached, and takes Delete
    remove->setAccessibleName(tr("Remove %1").arg(name));
    remove->setToolTip(tr("Remove (Del)"));
    connect(remove, &QToolButton::clicked, this, &AttachmentChip::removeRequested);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kSpace2, 1, kSpace1, 1);
    row->setSpacing(kSpace1 + 2);
    row->addWidget(icon);
    row->addWidget(title);
    row->addWidget(m_detail);
    row->addWidget(remove);
    setDetail({});
}

void AttachmentChip::setDetail(const QString& detail)
{
    m_detail->setFullText(detail);
    m_detail->setFixedWidth(m_detail->sizeHint().width());
    setAccessibleName(detail.isEmpty() ? m_name : m_name + QStringLiteral(", ") + detail);
    setAccessibleDescription(tr("Delete removes it"));
    adjustSize();
}

void AttachmentChip::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace)
        emit removeRequested();
    else
        QFrame::keyPressEvent(event);
}

void AttachmentChip::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = m_theme.tokens();
    const qreal pen = hasFocus() ? 2 : 1;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(hasFocus() ? tokens.accent : tokens.border, pen));
    painter.setBrush(tokens.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(pen / 2, pen / 2, -pen / 2, -pen / 2), kRadiusChip,
                            kRadiusChip);
}

} // namespace vitrine::ui
