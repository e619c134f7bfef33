// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/blocks/block_look.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QPainter>
#include <QPolygonF>

namespace vitrine::ui {
namespace {

constexpr double kMarked = 5;       // a cell of this width has room for an outline
constexpr double kOldSeconds = 600; // and above: as pale as it gets
constexpr int kManyReferences = 8;
constexpr double kLeastBand = 3; // of a shared cell

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto part = [share](float from, float to) { return from + (to - from) * float(share); };
    return QColor::fromRgbF(part(a.redF(), b.redF()), part(a.greenF(), b.greenF()),
                            part(a.blueF(), b.blueF()));
}

/// 0: just taken; 1: old. Each tenfold age is as far as the one before.
double oldness(float seconds)
{
    const double age = std::isfinite(seconds) ? std::clamp(double(seconds), 0.0, kOldSeconds) : kOldSeconds;
    return std::log10(1 + age * 10) / std::log10(1 + kOldSeconds * 10);
}

QColor ownerColour(const Tokens& tokens, const BlockMap& map, const BlockCell& cell)
{
    if (cell.state == CellState::Cached)
        return tokens.cached;
    return cell.owner < map.owners.size() ? tokens.conversation(map.owners[cell.owner].name.hue)
                                          : tokens.queued;
}

/// A band in the hue of each of its holders, as far as the cell has room for them.
void paintHolders(QPainter& painter, const Tokens& tokens, const QRectF& rect, const BlockMap& map,
                  const BlockCell& cell)
{
    if (cell.holders == 0 || qsizetype(cell.holders) > map.holders.size())
        return;
    QList<std::size_t> hues;
    for (const quint32 owner : map.holders[cell.holders - 1])
        if (owner < map.owners.size() && !hues.contains(map.owners[owner].name.hue))
            hues.append(map.owners[owner].name.hue);
    const auto bands = std::min(hues.size(), qsizetype(rect.width() / kLeastBand));
    for (qsizetype i = 0; i < bands; ++i) {
        const double left = std::round(rect.left() + rect.width() * double(i) / double(bands));
        const double right = std::round(rect.left() + rect.width() * double(i + 1) / double(bands));
        painter.fillRect(QRectF(left, rect.top(), right - left, rect.height()), tokens.conversation(hues[i]));
    }
}

} // namespace

QColor blockColour(const Tokens& tokens, const BlockMap& map, const BlockCell& cell, BlockColouring by)
{
    if (cell.state == CellState::Free)
        return tokens.free;
    switch (by) {
    case BlockColouring::Owner:
        return ownerColour(tokens, map, cell);
    case BlockColouring::Age:
        return mixed(tokens.accent, tokens.borderStrong, oldness(cell.ageSeconds));
    case BlockColouring::References:
        if (cell.state == CellState::Cached)
            return tokens.cached;
        return mixed(tokens.accentMuted, tokens.interference,
                     std::clamp((cell.references - 1) / double(kManyReferences - 1), 0.0, 1.0));
    case BlockColouring::Tier:
        return cell.window ? tokens.decode : tokens.accentMuted;
    }
    return tokens.free;
}

void paintBlock(QPainter& painter, const Tokens& tokens, const QRectF& rect, const BlockMap& map,
                const BlockCell& cell, BlockColouring by)
{
    if (cell.state == CellState::Free && rect.width() >= kMarked) {
        painter.fillRect(rect, tokens.freeLine);
        painter.fillRect(rect.adjusted(1, 1, -1, -1), tokens.free);
    } else {
        painter.fillRect(rect, blockColour(tokens, map, cell, by));
    }
    if (by == BlockColouring::Owner)
        paintHolders(painter, tokens, rect, map, cell);
    if (rect.width() < kMarked)
        return;
    if (by == BlockColouring::Owner && cell.references > 1) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens.text);
        painter.drawPolygon(QPolygonF({rect.topRight(), rect.bottomRight(), rect.bottomLeft()}));
    }
    if (cell.victim) {
        painter.setPen(QPen(tokens.preemptedInk, rect.width() >= 9 ? 2 : 1));
        painter.setBrush(Qt::NoBrush);
        const double inset = rect.width() >= 9 ? 1 : 0.5;
        painter.drawRect(rect.adjusted(inset, inset, -inset, -inset));
    }
    if (cell.fresh) {
        const double side = std::max(2.0, std::round(rect.width() / 4));
        const QPointF corner(std::round(rect.center().x() - side / 2),
                             std::round(rect.center().y() - side / 2));
        painter.fillRect(QRectF(corner, QSizeF(side, side)), tokens.window);
    }
}

QString blockStateText(const BlockCell& cell)
{
    const auto text = [](const char* source, int count = -1) {
        return QCoreApplication::translate("BlockLook", source, nullptr, count);
    };
    switch (cell.state) {
    case CellState::Free:
        return text(QT_TRANSLATE_NOOP("BlockLook", "Free"));
    case CellState::Cached:
        return text(QT_TRANSLATE_NOOP("BlockLook", "Cached, no reference"));
    case CellState::Referenced:
        break;
    }
    return cell.references > 1
               ? text(QT_TRANSLATE_NOOP("BlockLook", "Shared, %1 references")).arg(cell.references)
               : text(QT_TRANSLATE_NOOP("BlockLook", "In use"));
}

} // namespace vitrine::ui
