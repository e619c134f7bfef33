// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/tokens/token_popover.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QScreen>

#include "ui/chat/tokens/alternative_list.h"
#include "ui/chat/tokens/token_figures.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kWidth = 400;

QLabel* smallLabel(bool wraps)
{
    auto* label = new QLabel;
    label->setProperty("role", "small");
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(wraps);
    return label;
}

} // namespace

TokenPopover::TokenPopover(const Theme& theme, QWidget* parent) : QFrame(parent, Qt::Popup), m_theme(theme)
{
    setFixedWidth(theme.scaledColumn(kWidth));
    setAccessibleName(tr("What else could have come"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace2, kSpace3, kSpace2, kSpace3);
    column->setSpacing(kSpace1);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(kSpace2, 0, kSpace2, 0);
    m_text = new QLabel;
    m_text->setTextFormat(Qt::PlainText);
    QFont font = theme.fixedFont(TextSize::Body);
    font.setWeight(QFont::DemiBold);
    m_text->setFont(font);
    m_place = smallLabel(false);
    head->addWidget(m_text, 1);
    head->addWidget(m_place);
    column->addLayout(head);
    m_figures = smallLabel(true);
    m_figures->setContentsMargins(kSpace2, 0, kSpace2, kSpace1);
    column->addWidget(m_figures);
    m_list = new AlternativeList(theme);
    column->addWidget(m_list);
    m_note = smallLabel(true);
    m_note->setObjectName("tokenNote");
    m_mark = new QLabel;
    m_mark->setPixmap(
        iconPixmap(QStringLiteral("blocks"), theme.tokens().accent, kIconSize, devicePixelRatioF()));
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(kSpace2, kSpace3, kSpace2, 0);
    foot->setSpacing(kSpace2);
    foot->addWidget(m_mark, 0, Qt::AlignTop);
    foot->addWidget(m_note, 1);
    column->addLayout(foot);
    setFocusProxy(m_list);
    connect(m_list, &AlternativeList::branchRequested, this, &TokenPopover::branchRequested);
}

void TokenPopover::setToken(const TokenDetail& token, int index, int count, const QString& reason)
{
    const QFontMetrics metrics(m_text->font());
    m_text->setText(metrics.elidedText(visibleText(token.text), Qt::ElideRight, width() / 2));
    m_place->setText(tr("token %1 of %2").arg(QLocale().toString(index + 1), QLocale().toString(count)));
    const auto within =
        std::ranges::count(token.alternatives, engine::SamplerCut::None, &TokenAlternative::cut);
    m_figures->setText(tr("Probability %1, surprise %2 bits, %3 could be drawn")
                           .arg(percentText(double(token.probability)),
                                QLocale().toString(surpriseBits(token.probability), 'f', 2),
                                QLocale().toString(qlonglong(within))));
    m_list->setBranching(reason.isEmpty());
    m_list->setToken(token);
    say(!reason.isEmpty() ? reason : tr("Enter begins a branch here."));
}

void TokenPopover::setCost(quint32 reusedBlocks, quint32 computedTokens)
{
    const QLocale locale;
    const QString blocks =
        reusedBlocks == 1 ? tr("1 KV block") : tr("%1 KV blocks").arg(locale.toString(reusedBlocks));
    const QString tokens =
        computedTokens == 1 ? tr("1 token") : tr("%1 tokens").arg(locale.toString(computedTokens));
    //: "41 KV blocks", "1 token"
    say(tr("A branch reuses %1 and computes %2.").arg(blocks, tokens), true);
}

void TokenPopover::say(const QString& note, bool aboutBlocks)
{
    m_note->setText(note);
    m_mark->setVisible(aboutBlocks);
    setFixedHeight(layout()->heightForWidth(width()));
}

void TokenPopover::openAt(const QRect& anchor)
{
    const QRect room = parentWidget()->screen()->availableGeometry();
    QPoint corner = anchor.bottomLeft() + QPoint(0, kSpace1);
    if (corner.y() + height() > room.bottom())
        corner.setY(anchor.top() - kSpace1 - height());
    corner.setX(std::clamp(corner.x(), room.left(), std::max(room.left(), room.right() - width())));
    corner.setY(std::max(corner.y(), room.top()));
    move(corner);
    show();
    m_list->setFocus();
}

bool TokenPopover::focusNextPrevChild(bool next)
{
    emit stepped(next ? 1 : -1);
    return true;
}

void TokenPopover::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)
        emit stepped(event->key() == Qt::Key_Right ? 1 : -1);
    else
        QFrame::keyPressEvent(event); // Esc closes a popup
}

void TokenPopover::paintEvent(QPaintEvent*)
{
    const Tokens& colours = m_theme.tokens();
    QPainter painter(this);
    painter.setPen(colours.borderStrong);
    painter.setBrush(colours.raised);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
    painter.fillRect(1, m_list->geometry().bottom() + kSpace2, width() - 2, 1, colours.border);
}

} // namespace vitrine::ui
