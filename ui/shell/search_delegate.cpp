// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/search_delegate.h"

#include <algorithm>

#include <QPainter>

#include "ui/shell/conversation_delegate.h"
#include "ui/shell/conversation_glyph.h"

namespace vitrine::ui {
namespace {

constexpr int kHeadingHeight = 36;
constexpr int kMessageHeight = 72; // a title and two lines of text
constexpr int kTitleHeight = 28;
constexpr int kLines = 2;

SearchResults::Kind kindOf(const QModelIndex& index)
{
    return index.data(SearchResults::KindRole).value<SearchResults::Kind>();
}

/// Breaks a text into at most `lines` lines; returns how much of it stands in them.
qsizetype layOut(QTextLayout& layout, qreal width, int lines)
{
    QTextOption option;
    option.setWrapMode(lines > 1 ? QTextOption::WrapAtWordBoundaryOrAnywhere : QTextOption::NoWrap);
    layout.setTextOption(option);
    layout.beginLayout();
    qreal y = 0;
    qsizetype end = 0;
    for (int i = 0; i < lines; ++i) {
        QTextLine line = layout.createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(width);
        line.setPosition({0, y});
        y += line.height();
        end = line.textStart() + line.textLength();
    }
    layout.endLayout();
    return end;
}

/// At most `lines` lines from the top of `place` on; where there is more, an ellipsis ends the last.
void drawLines(QPainter& painter, QString text, const QFont& font, const QRectF& place, int lines,
               const QList<QTextLayout::FormatRange>& formats)
{
    QTextLayout layout(text, font);
    layout.setFormats(formats);
    const qsizetype end = layOut(layout, place.width(), lines);
    if (end < text.size()) {
        text = text.left(std::max<qsizetype>(0, end - 2)).trimmed() + QChar(0x2026);
        layout.setText(text);
        layOut(layout, place.width(), lines);
    }
    layout.draw(&painter, place.topLeft(), {}, place);
}

/// So much of a snippet, without its beginning, that the first match stands in the first lines.
QString fromNear(const QString& text, QList<MatchRange>& matches, int room)
{
    if (matches.isEmpty() || matches.first().start + matches.first().length <= room)
        return text;
    const int space = int(text.indexOf(' ', std::max(0, matches.first().start - room / 2)));
    const int cut = space < 0 || space >= matches.first().start ? matches.first().start : space + 1;
    for (MatchRange& each : matches)
        each.start -= cut - 1;
    return QChar(0x2026) + text.mid(cut);
}

} // namespace

bool SearchDelegate::isHeading(const QModelIndex& index) const
{
    return kindOf(index) == SearchResults::Kind::Heading;
}

QSize SearchDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const
{
    switch (kindOf(index)) {
    case SearchResults::Kind::Heading:
        return {100, m_theme.scaled(kHeadingHeight)};
    case SearchResults::Kind::Title:
        return {100, m_theme.scaled(kRowHeight)};
    case SearchResults::Kind::Message:
        break;
    }
    return {100, m_theme.scaled(kMessageHeight)};
}

void SearchDelegate::paintHeading(QPainter& painter, const QRect& rect, const QModelIndex& index) const
{
    const QFont font = m_theme.font(TextSize::Small, QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(m_theme.tokens().secondary);
    painter.drawText(
        QPointF(rect.left() + kSpace4, baselineIn(rect.adjusted(0, m_theme.scaled(kSpace2), 0, 0), font)),
        index.data(Qt::DisplayRole).toString());
}

QList<QTextLayout::FormatRange> SearchDelegate::marks(const QList<MatchRange>& matches) const
{
    QList<QTextLayout::FormatRange> ranges;
    for (const MatchRange& match : matches) {
        QTextCharFormat format;
        format.setFontWeight(QFont::DemiBold);
        format.setForeground(m_theme.tokens().accentText);
        ranges.append({match.start, match.length, format});
    }
    return ranges;
}

void SearchDelegate::paintEntry(QPainter& painter, const QStyleOptionViewItem& option,
                                const QModelIndex& index) const
{
    const Tokens& tokens = m_theme.tokens();
    const QRect row = option.rect.adjusted(kSpace2, 0, -kSpace2, 0);
    paintGround(painter, row, option);
    const bool message = kindOf(index) == SearchResults::Kind::Message;
    auto matches = index.data(SearchResults::MatchesRole).value<QList<MatchRange>>();
    const qreal left = row.left() + kSpace2 + m_theme.scaled(kGlyph) + kSpace2;
    const qreal width = row.right() + 1 - kSpace2 - left;
    const QRect head(row.left(), row.top() + (message ? 2 : 0), row.width(),
                     message ? m_theme.scaled(kTitleHeight) : row.height());
    painter.save();
    painter.translate(row.left() + kSpace2 + m_theme.scaled(kGlyph) / 2.0, head.center().y() + 0.5);
    painter.scale(m_theme.factor(), m_theme.factor());
    paintConversationGlyph(painter, {}, tokens,
                           tokens.conversation(index.data(SearchResults::NumberRole).toULongLong()),
                           ConversationList::Activity::Idle, index.data(SearchResults::KvRole).toInt());
    painter.restore();
    const QFont font = m_theme.font(TextSize::Body, message ? QFont::Medium : QFont::Normal);
    const QFontMetricsF metrics(font);
    const QString title = metrics.elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideRight, width);
    painter.setPen(tokens.text);
    drawLines(painter, title, font,
              {left, head.center().y() - metrics.height() / 2 + 0.5, width, metrics.height()}, 1,
              message ? QList<QTextLayout::FormatRange>() : marks(matches));
    if (!message)
        return;
    const QFont small = m_theme.font(TextSize::Small);
    const int room = int(width / QFontMetricsF(small).averageCharWidth());
    const QString snippet = fromNear(index.data(SearchResults::SnippetRole).toString(), matches, room);
    painter.setPen(tokens.secondary);
    const qreal lines = kLines * QFontMetricsF(small).height();
    drawLines(painter, snippet, small, {left, qreal(head.bottom()), width, lines}, kLines, marks(matches));
}

} // namespace vitrine::ui
