// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/tokens/alternative_list.h"

#include <algorithm>

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include "ui/chat/tokens/token_figures.h"
#include "ui/theme/tabular_text.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kRow = 26;
constexpr int kDivider = 22;
constexpr int kEdge = 8;
constexpr int kText = 112; // wide
constexpr int kBar = 92;
constexpr int kBarHeight = 8;
constexpr int kFigure = 52;

} // namespace

AlternativeList::AlternativeList(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void AlternativeList::setToken(const TokenDetail& token)
{
    m_chosen = token.id;
    m_rows.clear();
    for (const TokenAlternative& each : token.alternatives)
        m_rows.push_back({each});
    if (std::ranges::none_of(token.alternatives, [&](const auto& each) { return each.id == token.id; }))
        m_rows.push_back({{token.id, token.text, token.probability}});
    // What could be drawn first: min-p and the like may cut a likelier one.
    std::ranges::stable_sort(m_rows, [](const Row& a, const Row& b) {
        return a.alternative.cut == engine::SamplerCut::None && b.alternative.cut != engine::SamplerCut::None;
    });
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const engine::SamplerCut cut = m_rows[i].alternative.cut;
        m_rows[i].divided =
            cut != engine::SamplerCut::None && (i == 0 || m_rows[i - 1].alternative.cut != cut);
    }
    setFixedHeight(sizeHint().height());
    m_current = -1;
    const auto chosen =
        std::ranges::find_if(m_rows, [&](const Row& r) { return r.alternative.id == m_chosen; });
    const int at = int(chosen - m_rows.begin());
    setCurrent(at + 1 < count() ? at + 1 : std::max(0, at - 1));
    update();
}

void AlternativeList::setBranching(bool possible)
{
    m_branching = possible;
    update();
}

bool AlternativeList::branches(int row) const
{
    return m_branching && row >= 0 && row < count() && !isChosen(row) && alternative(row).isText;
}

QString AlternativeList::divider(int row) const
{
    if (!m_rows[std::size_t(row)].divided)
        return {};
    const double limit = double(alternative(row).limit);
    const auto share = [limit] { return QLocale().toString(limit, 'f', limit < 0.1 ? 3 : 2); };
    switch (alternative(row).cut) {
    case engine::SamplerCut::TopK:
        return tr("cut by top-k %1").arg(QLocale().toString(limit, 'f', 0));
    case engine::SamplerCut::TopP:
        return tr("cut by top-p %1").arg(share());
    case engine::SamplerCut::MinP:
        return tr("cut by min-p %1").arg(share());
    case engine::SamplerCut::Typical:
        return tr("cut by typical-p %1").arg(share());
    case engine::SamplerCut::Weightless:
    case engine::SamplerCut::None:
        break;
    }
    return tr("no chance at this temperature");
}

QRect AlternativeList::rowRect(int row) const
{
    int top = 0;
    for (int i = 0; i <= row; ++i)
        top += (m_rows[std::size_t(i)].divided ? m_theme.scaled(kDivider) : 0) +
               (i < row ? m_theme.scaled(kRow) : 0);
    return {0, top, width(), m_theme.scaled(kRow)};
}

QSize AlternativeList::sizeHint() const
{
    return {0, m_rows.empty() ? 0 : rowRect(count() - 1).bottom() + 1};
}

void AlternativeList::setCurrent(int row)
{
    row = std::clamp(row, 0, std::max(0, count() - 1));
    if (row == m_current || m_rows.empty())
        return;
    m_current = row;
    const TokenAlternative& which = alternative(row);
    QString name =
        tr("“%1”, probability %2").arg(visibleText(which.text), percentText(double(which.probability)));
    if (isChosen(row))
        name += tr(", chosen");
    else if (branches(row))
        name += tr(", Enter branches here");
    setAccessibleName(name);
    update();
    emit currentChanged();
}

void AlternativeList::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int row = 0; row < count(); ++row) {
        if (m_rows[std::size_t(row)].divided)
            paintDivider(painter, row);
        paintRow(painter, row);
    }
}

void AlternativeList::paintDivider(QPainter& painter, int row) const
{
    const Tokens& colours = m_theme.tokens();
    const QFont font = m_theme.font(TextSize::Small);
    const qreal middle = rowRect(row).top() - m_theme.scaled(kDivider) / 2.0;
    const QString text = divider(row);
    painter.setFont(font);
    painter.setPen(colours.secondary);
    painter.drawText(QPointF(kEdge, middle + QFontMetricsF(font).capHeight() / 2), text);
    painter.setPen(QPen(colours.borderStrong, 1, Qt::DashLine));
    const qreal left = kEdge + QFontMetricsF(font).horizontalAdvance(text) + kSpace2;
    painter.drawLine(QPointF(left, middle), QPointF(width() - kEdge, middle));
}

void AlternativeList::paintRow(QPainter& painter, int row) const
{
    const Tokens& colours = m_theme.tokens();
    const TokenAlternative& which = alternative(row);
    const QRectF rect = rowRect(row);
    const bool cut = which.cut != engine::SamplerCut::None;
    if (row == m_current) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours.select);
        painter.drawRoundedRect(rect, kRadiusChip, kRadiusChip);
    }
    QFont font = m_theme.fixedFont(TextSize::Small);
    font.setWeight(isChosen(row) ? QFont::DemiBold : QFont::Normal);
    const QFontMetricsF metrics(font);
    const qreal baseline = rect.center().y() + metrics.capHeight() / 2;
    const int text = m_theme.scaled(kText), bar = m_theme.scaledColumn(kBar);
    painter.setFont(font);
    painter.setPen(cut ? colours.secondary : colours.text);
    painter.drawText(QPointF(kEdge, baseline),
                     metrics.elidedText(visibleText(which.text), Qt::ElideRight, text - kSpace2));
    const QRectF track(kEdge + text, rect.center().y() - kBarHeight / 2.0, bar, kBarHeight);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.free);
    painter.drawRoundedRect(track, 2, 2);
    painter.setBrush(cut ? colours.borderStrong : colours.accent);
    const double share = std::clamp(double(which.probability), 0.0, 1.0);
    painter.drawRoundedRect(QRectF(track.left(), track.top(), std::max(2.0, bar * share), kBarHeight), 2, 2);
    const QFont small = m_theme.font(TextSize::Small);
    const QString figure = percentText(share);
    painter.setPen(cut ? colours.secondary : colours.text);
    drawTabular(painter, small, track.right() + m_theme.scaled(kFigure) - tabularWidth(small, figure),
                baseline, figure);
    paintEnd(painter, row, rect, baseline);
}

/// The tick of the chosen one, or what Enter does.
void AlternativeList::paintEnd(QPainter& painter, int row, const QRectF& rect, qreal baseline) const
{
    const int y = int(rect.center().y()) - m_theme.scaled(kIconSize) / 2;
    if (isChosen(row)) {
        m_theme.icon("check", IconTone::Accent)
            .paint(&painter, int(rect.right()) - kEdge - m_theme.scaled(kIconSize), y,
                   m_theme.scaled(kIconSize), m_theme.scaled(kIconSize));
        return;
    }
    if (row != m_current || !branches(row))
        return;
    const QFont font = m_theme.font(TextSize::Small, QFont::Medium);
    const QString text = tr("Branch here");
    const qreal left = rect.right() - kEdge - QFontMetricsF(font).horizontalAdvance(text);
    painter.setFont(font);
    painter.setPen(m_theme.tokens().accentText);
    painter.drawText(QPointF(left, baseline), text);
    m_theme.icon("branch", IconTone::Accent)
        .paint(&painter, int(left) - m_theme.scaled(kIconSize) - kSpace1, y, m_theme.scaled(kIconSize),
               m_theme.scaled(kIconSize));
}

void AlternativeList::mouseMoveEvent(QMouseEvent* event)
{
    for (int row = 0; row < count(); ++row)
        if (rowRect(row).contains(event->position().toPoint()))
            setCurrent(row);
}

void AlternativeList::mousePressEvent(QMouseEvent* event)
{
    for (int row = 0; row < count(); ++row) {
        if (!rowRect(row).contains(event->position().toPoint()))
            continue;
        setCurrent(row);
        if (event->button() == Qt::LeftButton && branches(row))
            emit branchRequested(TokenAlternative(alternative(row)));
        return;
    }
}

void AlternativeList::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Up)
        setCurrent(m_current - 1);
    else if (event->key() == Qt::Key_Down)
        setCurrent(m_current + 1);
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && branches(m_current))
        emit branchRequested(TokenAlternative(alternative(m_current)));
    else
        QWidget::keyPressEvent(event);
}

} // namespace vitrine::ui
