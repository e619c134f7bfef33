// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/token_marks.h"

#include <algorithm>
#include <cmath>

#include <QPainter>

#include "ui/chat/block_layout.h"
#include "ui/chat/markdown/source_map.h"
#include "ui/chat/tokens/token_figures.h"

namespace vitrine::ui {

namespace {

constexpr qreal kBeside = 1.5; // what a tint takes of the space around a word
constexpr qreal kAbove = 1;
constexpr qreal kOutline = 2;

/// Characters of one token beside each other in a piece.
struct Stretch
{
    int start = 0, end = 0;
    int token = 0;
};

std::vector<Stretch> stretchesOf(const std::vector<SourceRun>& runs, const TokenTrack& track)
{
    std::vector<Stretch> result;
    for (const SourceRun& run : runs) {
        for (int i = 0; i < run.length;) {
            const int token = track.at(run.source + i);
            const qsizetype end = token < 0 ? run.source + run.length : track.end(token);
            const int to = int(std::min<qsizetype>(run.length, std::max<qsizetype>(i + 1, end - run.source)));
            const int start = run.start + i;
            if (token >= 0 && !result.empty() && result.back().token == token && result.back().end == start)
                result.back().end = run.start + to;
            else if (token >= 0)
                result.push_back({start, run.start + to, token});
            i = to;
        }
    }
    return result;
}

/// Without the space around it. Nothing is left of what is space alone.
void trim(Stretch& stretch, const QString& text)
{
    while (stretch.start < stretch.end && text[stretch.start].isSpace())
        ++stretch.start;
    while (stretch.start < stretch.end && text[stretch.end - 1].isSpace())
        --stretch.end;
}

bool isApart(const QString& text, int at)
{
    return at < 0 || at >= text.size() || text[at].isSpace();
}

class MarkPlacer
{
public:
    MarkPlacer(const TokenTrack& track, std::vector<TokenMark>& marks) : m_track(track), m_marks(marks) {}

    void place(const TextPiece& piece, const std::vector<SourceRun>& runs)
    {
        int line = 0; // stretches come in order
        for (Stretch& stretch : stretchesOf(runs, m_track)) {
            trim(stretch, piece.layout->text());
            while (line + 1 < piece.layout->lineCount() &&
                   piece.layout->lineAt(line + 1).textStart() <= stretch.start)
                ++line;
            for (int l = line; l < piece.layout->lineCount(); ++l) {
                if (piece.layout->lineAt(l).textStart() >= stretch.end)
                    break;
                placeOn(piece, piece.layout->lineAt(l), stretch);
            }
        }
    }

private:
    void placeOn(const TextPiece& piece, const QTextLine& line, const Stretch& stretch)
    {
        const QString text = piece.layout->text();
        const int from = std::max(stretch.start, line.textStart());
        const int to = std::min(stretch.end, line.textStart() + line.textLength());
        if (from >= to || text[from] == QChar(QChar::LineSeparator))
            return;
        const qreal a = line.cursorToX(from), b = line.cursorToX(to);
        QRectF rect(std::min(a, b), line.y(), std::abs(b - a), line.height());
        rect.adjust(isApart(text, from - 1) ? -kBeside : 0.5, -kAbove, isApart(text, to) ? kBeside : -0.5,
                    kAbove);
        m_marks.push_back({rect.translated(piece.position), stretch.token, m_track.step(stretch.token)});
    }

    const TokenTrack& m_track;
    std::vector<TokenMark>& m_marks;
};

} // namespace

std::vector<TokenMark> placeTokens(const Block& block, const BlockLayout& layout, QStringView source,
                                   const TokenTrack& track)
{
    std::vector<TokenMark> marks;
    const std::vector<std::vector<SourceRun>> runs = sourceRuns(block, source);
    MarkPlacer placer(track, marks);
    for (std::size_t i = 0; i < std::min(runs.size(), layout.pieces().size()); ++i) {
        if (!layout.pieces()[i].hidden)
            placer.place(layout.pieces()[i], runs[i]);
    }
    return marks;
}

void paintTokens(QPainter& painter, const TokenLook& look, const Tokens& colours, qreal top, qreal bottom)
{
    if (look.marks == nullptr)
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    for (const TokenMark& mark : *look.marks) {
        if (mark.rect.bottom() < top || mark.rect.top() > bottom)
            continue;
        const bool outlined = mark.token == look.current || mark.token == look.hovered;
        if (mark.step == 0 && !outlined)
            continue;
        painter.setPen(Qt::NoPen);
        painter.setBrush(tintOf(colours, mark.step));
        painter.drawRoundedRect(mark.rect, kRadiusChip, kRadiusChip);
        if (!outlined)
            continue;
        painter.setPen(mark.token == look.current ? QPen(colours.accent, kOutline)
                                                  : QPen(colours.borderStrong, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(mark.rect.adjusted(-0.5, -0.5, 0.5, 0.5), kRadiusChip, kRadiusChip);
    }
}

} // namespace vitrine::ui
