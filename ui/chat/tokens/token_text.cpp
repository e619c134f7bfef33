// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/tokens/token_text.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include "ui/chat/tokens/token_figures.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr qreal kLeading = 6;   // between lines
constexpr qreal kEmptyMark = 7; // width of a token without a visible character
constexpr qreal kMarkRadius = 3;

} // namespace

TokenText::TokenText(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Tokens of the reply"));
    connect(&theme, &Theme::changed, this, [this] {
        layOutFrom(0);
        update();
    });
}

void TokenText::setTokens(const QList<TokenDetail>& tokens, bool more)
{
    const bool appends = more && std::size_t(tokens.size()) >= m_tokens.size();
    if (!appends) {
        m_tokens.clear();
        m_paragraphs.clear();
        m_hovered = -1;
    }
    if (m_paragraphs.empty())
        m_paragraphs.push_back(std::make_unique<Paragraph>());
    const std::size_t from = m_paragraphs.size() - 1;
    for (qsizetype i = qsizetype(m_tokens.size()); i < tokens.size(); ++i)
        add(tokens[i]);
    layOutFrom(from);
    setCurrent(std::min(m_current, count() - 1));
    update();
}

void TokenText::add(const TokenDetail& token)
{
    const int index = count();
    m_tokens.push_back({token.text, token.probability, m_paragraphs.size() - 1});
    const QStringList parts = token.added.split(QLatin1Char('\n'));
    for (qsizetype i = 0; i < parts.size(); ++i) {
        if (i > 0)
            m_paragraphs.push_back(std::make_unique<Paragraph>());
        Paragraph& paragraph = *m_paragraphs.back();
        if (i == 0 || !parts[i].isEmpty())
            paragraph.pieces.push_back({index, int(paragraph.text.size()), int(parts[i].size())});
        paragraph.text += parts[i];
    }
}

void TokenText::layOutFrom(std::size_t first)
{
    m_laidOutWidth = width();
    qreal top = kSpace1;
    if (first > 0)
        top = m_paragraphs[first - 1]->top + m_paragraphs[first - 1]->height;
    for (std::size_t i = first; i < m_paragraphs.size(); ++i) {
        Paragraph& paragraph = *m_paragraphs[i];
        paragraph.top = top;
        layOut(paragraph);
        placeMarks(paragraph);
        top += paragraph.height;
    }
    setMinimumHeight(int(std::ceil(top)) + kSpace1);
}

void TokenText::layOut(Paragraph& paragraph)
{
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    paragraph.layout.setText(paragraph.text);
    paragraph.layout.setFont(m_theme.font(TextSize::Body));
    paragraph.layout.setTextOption(option);
    paragraph.layout.beginLayout();
    paragraph.height = 0;
    for (QTextLine line = paragraph.layout.createLine(); line.isValid();
         line = paragraph.layout.createLine()) {
        line.setLineWidth(std::max(1, width() - 2 * kSpace1));
        line.setPosition({kSpace1, paragraph.height + kLeading / 2});
        paragraph.height += line.height() + kLeading;
    }
    paragraph.layout.endLayout();
}

/// A space in front stays without a tint, as long as there is something else.
void TokenText::placeMarks(Paragraph& paragraph)
{
    paragraph.marks.clear();
    for (const Piece& piece : paragraph.pieces) {
        const int end = piece.start + piece.length;
        int start = piece.start;
        while (start + 1 < end && paragraph.text[start].isSpace())
            ++start;
        int from = start;
        do {
            const QTextLine line = paragraph.layout.lineForTextPosition(from);
            if (!line.isValid())
                break;
            const int to = std::min(end, line.textStart() + line.textLength());
            const qreal left = line.cursorToX(from), right = line.cursorToX(std::max(from, to));
            QRectF rect(std::min(left, right), line.y(), std::abs(right - left), line.height());
            if (rect.width() < 1)
                rect.setWidth(kEmptyMark);
            paragraph.marks.push_back({rect.adjusted(-1, -1, -0.5, 1), piece.token});
            from = std::max(to, from + 1);
        } while (from < end);
    }
}

void TokenText::setCurrent(int token)
{
    token = std::clamp(token, -1, count() - 1);
    setAccessibleName(token < 0 ? tr("Tokens of the reply") : describe(token));
    if (token == m_current)
        return;
    m_current = token;
    update();
    emit currentChanged(token);
}

QString TokenText::describe(int token) const
{
    const Token& which = m_tokens[std::size_t(token)];
    return tr("Token %1 of %2: “%3”, probability %4, surprise %5 bits")
        .arg(QLocale().toString(token + 1), QLocale().toString(count()), visibleText(which.text),
             percentText(double(which.probability)),
             QLocale().toString(surpriseBits(which.probability), 'f', 2));
}

QRect TokenText::tokenRect(int token) const
{
    if (token < 0 || token >= count())
        return {};
    const Paragraph& paragraph = *m_paragraphs[m_tokens[std::size_t(token)].paragraph];
    const auto mark = std::ranges::find(paragraph.marks, token, &Mark::token);
    return mark == paragraph.marks.end() ? QRect() : mark->rect.translated(0, paragraph.top).toAlignedRect();
}

int TokenText::tokenAt(const QPointF& point) const
{
    for (const auto& paragraph : m_paragraphs) {
        if (point.y() < paragraph->top || point.y() >= paragraph->top + paragraph->height)
            continue;
        for (const Mark& mark : paragraph->marks) {
            if (mark.rect.adjusted(0, -kLeading / 2, 1, kLeading / 2)
                    .translated(0, paragraph->top)
                    .contains(point))
                return mark.token;
        }
    }
    return -1;
}

void TokenText::setHovered(int token)
{
    if (token == m_hovered)
        return;
    m_hovered = token;
    setCursor(token >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void TokenText::paintMarks(QPainter& painter, const Paragraph& paragraph) const
{
    const Tokens& colours = m_theme.tokens();
    for (const Mark& mark : paragraph.marks) {
        const bool current = mark.token == m_current;
        const bool outlined = current || mark.token == m_hovered;
        const QColor tint = tintOf(colours, tintStep(m_tokens[std::size_t(mark.token)].probability));
        if (!outlined && tint.alpha() == 0)
            continue;
        painter.setPen(
            !outlined ? QPen(Qt::NoPen)
                      : QPen(current ? colours.accent : colours.borderStrong, current && hasFocus() ? 2 : 1));
        painter.setBrush(tint);
        painter.drawRoundedRect(mark.rect.translated(0, paragraph.top), kMarkRadius, kMarkRadius);
    }
}

void TokenText::paintEvent(QPaintEvent* event)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF shown = event->rect();
    for (const auto& paragraph : m_paragraphs) {
        if (paragraph->top > shown.bottom() || paragraph->top + paragraph->height < shown.top())
            continue;
        paintMarks(painter, *paragraph);
        painter.setPen(m_theme.tokens().text);
        paragraph->layout.draw(&painter, {0, paragraph->top}, {}, shown);
    }
}

void TokenText::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (width() != m_laidOutWidth)
        layOutFrom(0);
}

void TokenText::mousePressEvent(QMouseEvent* event)
{
    const int token = tokenAt(event->position());
    if (event->button() != Qt::LeftButton || token < 0)
        return;
    setCurrent(token);
    emit activated(token);
}

void TokenText::mouseMoveEvent(QMouseEvent* event)
{
    setHovered(tokenAt(event->position()));
}

void TokenText::leaveEvent(QEvent* event)
{
    QWidget::leaveEvent(event);
    setHovered(-1);
}

void TokenText::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    if (event->reason() == Qt::BacktabFocusReason)
        setCurrent(count() - 1);
    else if (m_current < 0 || event->reason() == Qt::TabFocusReason)
        setCurrent(std::max(0, event->reason() == Qt::TabFocusReason ? 0 : m_current));
}

/// Tab steps, and leaves at the ends.
bool TokenText::focusNextPrevChild(bool next)
{
    const int to = m_current + (next ? 1 : -1);
    if (to < 0 || to >= count())
        return QWidget::focusNextPrevChild(next);
    setCurrent(to);
    return true;
}

void TokenText::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Left:
        setCurrent(std::max(0, m_current - 1));
        break;
    case Qt::Key_Right:
        setCurrent(m_current + 1);
        break;
    case Qt::Key_Home:
        setCurrent(0);
        break;
    case Qt::Key_End:
        setCurrent(count() - 1);
        break;
    case Qt::Key_Down:
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_current >= 0)
            emit activated(m_current);
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

bool TokenText::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const int token = tokenAt(QPointF(help->pos()));
    if (token >= 0)
        QToolTip::showText(help->globalPos(),
                           tr("%1, probability %2")
                               .arg(visibleText(m_tokens[std::size_t(token)].text),
                                    percentText(double(m_tokens[std::size_t(token)].probability))),
                           this);
    else
        QToolTip::hideText();
    return true;
}

} // namespace vitrine::ui
