// SPDX-License-Identifier: GPL-3.0-or-later
// The part of BlockBuilder that places formulas and pictures.
#include <algorithm>
#include <cmath>

#include "ui/chat/block_builder.h"
#include "ui/chat/message_images.h"

namespace vitrine::ui {

namespace {

constexpr qreal kHighestImage = 600;
constexpr qreal kPaddingX = 12;
constexpr qreal kPaddingY = 12;

/// No wider than the column, and no higher than what a window shows.
QSizeF fitted(const QSizeF& size, qreal width)
{
    const qreal scale = std::min({1.0, width / size.width(), kHighestImage / size.height()});
    return {std::max(1.0, std::floor(size.width() * scale)),
            std::max(1.0, std::floor(size.height() * scale))};
}

} // namespace

/// A formula as it was written, on the surface of code.
qreal BlockBuilder::placeMath(const Block& block, qreal x, qreal y, qreal width)
{
    InlineText text;
    text.text = QString(block.code).replace('\n', QChar(QChar::LineSeparator));
    const std::size_t card = m_layout.m_shapes.size();
    m_layout.m_shapes.push_back({BlockLayout::Surface::CodeCard, {}, {}});
    const qreal bottom = placeText(text, {m_style.code, m_style.codeLine}, x + m_style.codePaddingX,
                                   y + m_style.codePaddingY, width - 2 * m_style.codePaddingX) +
                         m_style.codePaddingY;
    m_layout.m_shapes[card].rect = QRectF(x, y, width, bottom - y);
    return bottom;
}

qreal BlockBuilder::placeImage(const Block& block, qreal x, qreal y, qreal width)
{
    if (m_style.images == nullptr || block.target.isEmpty())
        return placePlaceholder(block, MessageImages::loadingNote(), x, y, width);
    const MessageImages::Picture picture = m_style.images->find(block.target);
    switch (picture.state) {
    case MessageImages::State::Remote:
        return placeRemote(block, x, y, width);
    case MessageImages::State::Loading:
    case MessageImages::State::Failed:
        return placePlaceholder(block, picture.note, x, y, width);
    case MessageImages::State::Ready:
        break;
    }
    const QSizeF size = fitted(picture.size, width);
    qreal height = 0;
    const Flow flow{m_style.small, m_style.tableLine};
    addPiece(lineUp(block.text.text, flow, {}, size.width(), height), {x, y}).hidden = true;
    m_layout.m_shapes.push_back(
        {BlockLayout::Surface::Image, {x, y, size.width(), size.height()}, picture.key});
    return y + size.height();
}

/// What an image is and why it is not there.
qreal BlockBuilder::placePlaceholder(const Block& block, const QString& note, qreal x, qreal y, qreal width)
{
    const std::size_t card = m_layout.m_shapes.size();
    m_layout.m_shapes.push_back({BlockLayout::Surface::Placeholder, {}, {}});
    const qreal inner = width - 2 * kPaddingX;
    qreal bottom = y + kPaddingY;
    const Flow flow{m_style.table, m_style.tableLine};
    const qreal below = placeText(block.text, flow, x + kPaddingX, bottom, inner);
    bottom = block.text.text.isEmpty() ? bottom : below;
    m_layout.m_shapes.push_back(
        {BlockLayout::Surface::Note, {x + kPaddingX, bottom, inner, m_style.tableLine}, note});
    bottom += m_style.tableLine + kPaddingY;
    m_layout.m_shapes[card].rect = QRectF(x, y, width, bottom - y);
    return bottom;
}

/// Pictures on the internet are links: fetching one would tell its owner that this text was read.
qreal BlockBuilder::placeRemote(const Block& block, qreal x, qreal y, qreal width)
{
    InlineText text = block.text;
    if (text.text.isEmpty())
        return placePlaceholder(block, MessageImages::remoteNote(), x, y, width);
    text.spans = {{0, text.text.size(), kLink, block.target}};
    const qreal bottom = placeText(text, {m_style.body, m_style.bodyLine}, x, y, width);
    m_layout.m_shapes.push_back(
        {BlockLayout::Surface::Note, {x, bottom, width, m_style.tableLine}, MessageImages::remoteNote()});
    return bottom + m_style.tableLine;
}

} // namespace vitrine::ui
