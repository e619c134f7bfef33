// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/tokens/token_popover.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPainter>

#include "ui/chat/tokens/alternative_list.h"
#include "ui/chat/tokens/token_figures.h"
#include "ui/theme/icons.h"
#include "ui/theme/padded_label.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kWidth = 400;
constexpr int kGap = 6; // from its token

QLabel* smallLabel(bool wraps, const QMargins& room = {})
{
    auto* label = new PaddedLabel(room);
    label->setProperty("role", "small");
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(wraps);
    return label;
}

} // namespace

TokenPopover::TokenPopover(const Theme& theme, QWidget* parent) : QFrame(parent), m_theme(theme)
{
    hide();
    setMouseTracking(true);
    setCursor(Qt::ArrowCursor);
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
    m_figures = smallLabel(true, {kSpace2, 0, kSpace2, kSpace3});
    column->addWidget(m_figures);
    m_list = new AlternativeList(theme);
    column->addWidget(m_list);
    column->addSpacing(kSpace1);
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
    if (isVisible() && m_view != nullptr)
        place();
}

void TokenPopover::openAt(const QRect& anchor, const QWidget& view)
{
    m_anchor = anchor;
    m_view = &view;
    place();
    raise();
    show();
}

void TokenPopover::place()
{
    const QWidget& view = *m_view;
    const QRect& anchor = m_anchor;
    QWidget* window = view.window();
    if (parentWidget() != window)
        setParent(window);
    QRect room = window->rect().adjusted(kSpace1, kSpace1, -kSpace1, -kSpace1);
    const QPoint corner = view.mapTo(window, QPoint(0, 0));
    if (view.width() - 2 * kSpace1 > width()) {
        room.setLeft(corner.x() + kSpace1);
        room.setRight(corner.x() + view.width() - kSpace1);
    }
    const QRect at = anchor.translated(corner);
    const int below = at.y() + at.height() + kGap;
    const int above = at.y() - kGap - height();
    const bool fitsBelow = below + height() <= room.bottom();
    const int y = fitsBelow || above < room.top() ? below : above;
    const int x = std::clamp(at.x(), room.left(), std::max(room.left(), room.right() - width()));
    move(x, std::clamp(y, room.top(), std::max(room.top(), room.bottom() - height())));
}

/// Esc belongs to it before it means anything to the window.
bool TokenPopover::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QFrame::event(event);
}

void TokenPopover::leaveEvent(QEvent* event)
{
    QFrame::leaveEvent(event);
    emit left();
}

/// What is beneath it does not get the click.
void TokenPopover::mousePressEvent(QMouseEvent* event)
{
    event->accept();
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
    else if (event->key() == Qt::Key_Escape)
        emit closeRequested();
    else
        QFrame::keyPressEvent(event);
}

void TokenPopover::paintEvent(QPaintEvent*)
{
    const Tokens& colours = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colours.borderStrong);
    painter.setBrush(colours.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
    painter.fillRect(1, m_list->y() - kSpace2, width() - 2, 1, colours.border);
    painter.fillRect(1, m_note->y() - kSpace3, width() - 2, 1, colours.border);
}

} // namespace vitrine::ui
