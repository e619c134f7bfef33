// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/blocks/block_map_panel.h"

#include <algorithm>
#include <cmath>

#include <QKeyEvent>
#include <QMouseEvent>

#include "ui/profiler/blocks/block_card.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/profiler/timeline/timeline_panel.h"
#include "ui/theme/keyboard_focus.h"

namespace vitrine::ui {
namespace {

constexpr int kTop = 4;
constexpr int kUsualCell = 13, kUsualRows = 16;
constexpr int kEntry = 21; // height of a line of the list
constexpr int kLeastEntries = 5;

} // namespace

BlockMapPanel::BlockMapPanel(TimeView& view, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_view(view), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        arrange();
    });
    for (const auto signal : {&TimeView::momentChanged, &TimeView::visibleChanged})
        connect(&view, signal, this, qOverload<>(&QWidget::update));
    retranslate();
}

BlockMapPanel::~BlockMapPanel()
{
    delete m_card;
}

void BlockMapPanel::retranslate()
{
    setAccessibleName(tr("KV blocks"));
    setAccessibleDescription(tr("A cell a block; the arrow keys move, Enter shows the block"));
}

/// Of a thousand blocks and of those who hold them; fewer need less.
QSize BlockMapPanel::sizeHint() const
{
    const qsizetype rows =
        m_map ? (m_map->cells.size() + BlockGrid::kLeastColumns - 1) / BlockGrid::kLeastColumns : kUsualRows;
    const int cells =
        int(std::clamp<qsizetype>(rows * kUsualCell, kLeastEntries * kEntry, kUsualRows * kUsualCell));
    return {500, m_theme.scaled(cells + kTop + kScrubber + kSpace1)};
}

QSize BlockMapPanel::minimumSizeHint() const
{
    return {300, m_theme.scaled(116)};
}

QRectF BlockMapPanel::plotRect() const
{
    const int left = m_theme.scaledColumn(TimelinePanel::kGutter);
    return {double(left), double(kTop), double(std::max(1, width() - left - TimelinePanel::kRight)),
            double(std::max(1, height() - kTop - m_theme.scaled(kScrubber)))};
}

QRectF BlockMapPanel::scrubberRect() const
{
    const QRectF plot = plotRect();
    return {plot.left(), double(height() - m_theme.scaled(kScrubber)), plot.width(),
            double(m_theme.scaled(kScrubber))};
}

void BlockMapPanel::arrange()
{
    m_grid = BlockGrid(m_map ? m_map->cells.size() : 0, plotRect());
    // A thousand blocks have their size; more of them are seen better in more room.
    const bool many = m_map && m_map->cells.size() > kUsualRows * BlockGrid::kLeastColumns;
    setMaximumHeight(many ? QWIDGETSIZE_MAX : std::max(sizeHint().height(), minimumSizeHint().height()));
    collectEntries();
    m_cells = {};
    update();
}

void BlockMapPanel::setMap(const SharedBlockMap& map)
{
    m_map = map;
    if (m_current >= (map ? map->cells.size() : 0))
        m_current = -1;
    arrange();
    if (m_hovered >= 0)
        hover(std::exchange(m_hovered, -1));
}

void BlockMapPanel::setMarked(engine::RequestId request)
{
    if (request == m_marked)
        return;
    m_marked = request;
    m_cells = {};
    update();
}

void BlockMapPanel::setColouring(BlockColouring by)
{
    m_by = by;
    m_cells = {};
    update();
}

void BlockMapPanel::setDetails(const BlockDetails& details)
{
    if (m_card != nullptr)
        m_card->addDetails(details);
}

/// Those who hold most come first; what does not fit is counted.
void BlockMapPanel::collectEntries()
{
    m_entries.clear();
    if (!m_map || m_map->cells.isEmpty())
        return;
    for (qsizetype i = 0; i < m_map->owners.size(); ++i)
        if (m_map->owners[i].blocks > 0)
            m_entries.push_back({Entry::Kind::Owner, quint32(i), m_map->owners[i].blocks});
    std::stable_sort(m_entries.begin(), m_entries.end(),
                     [](const Entry& a, const Entry& b) { return a.count > b.count; });
    std::vector<Entry> rest;
    if (m_map->shared > 0)
        rest.push_back({Entry::Kind::Shared, 0, m_map->shared});
    rest.push_back({Entry::Kind::Cached, 0, m_map->cached});
    rest.push_back({Entry::Kind::Free, 0, m_map->free});
    if (m_map->hostSlots > 0)
        rest.push_back({Entry::Kind::Host, 0, m_map->hostUsed});
    const auto fit = std::size_t(std::max(2, int(height() / m_theme.scaled(kEntry))));
    const std::size_t room = fit > rest.size() ? fit - rest.size() : 1;
    if (m_entries.size() > room) {
        quint32 more = 0;
        for (std::size_t i = room - 1; i < m_entries.size(); ++i)
            more += m_entries[i].count;
        m_entries.resize(room - 1);
        m_entries.push_back({Entry::Kind::More, 0, more});
    }
    m_entries.insert(m_entries.end(), rest.begin(), rest.end());
}

void BlockMapPanel::hover(qsizetype block)
{
    if (block == m_hovered)
        return;
    m_hovered = block;
    update();
    if (block < 0 || !m_map) {
        if (m_card != nullptr)
            m_card->hide();
        return;
    }
    if (m_card == nullptr)
        m_card = new BlockCard(m_theme, window());
    const QRect cell = m_grid.rectOf(block).toAlignedRect();
    m_card->showBlock(quint32(block), *m_map, QRect(mapTo(window(), cell.topLeft()), cell.size()));
    emit blockHovered(quint32(block));
}

void BlockMapPanel::scrub(double x)
{
    if (m_view.bounds().isEmpty())
        return;
    const QRectF track = scrubberRect();
    m_view.setMoment(TimeScale{m_view.visible(), track.left(), track.width()}.ns(
        std::clamp(x, track.left(), track.right())));
}

void BlockMapPanel::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const QPointF at = event->position();
    if (scrubberRect().contains(at)) {
        m_scrubbing = true;
        scrub(at.x());
        return;
    }
    if (const qsizetype block = m_grid.blockAt(at); block >= 0) {
        m_current = block;
        update();
        emit blockPicked(quint32(block));
        return;
    }
    const auto line = std::size_t(std::max(0.0, (at.y() - kTop) / m_theme.scaled(kEntry)));
    if (at.x() < plotRect().left() && line < m_entries.size() && m_entries[line].kind == Entry::Kind::Owner)
        emit requestPicked(m_map->owners[m_entries[line].owner].name.request);
}

void BlockMapPanel::mouseMoveEvent(QMouseEvent* event)
{
    if (m_scrubbing)
        scrub(event->position().x());
    else
        hover(m_grid.blockAt(event->position()));
}

void BlockMapPanel::mouseReleaseEvent(QMouseEvent*)
{
    m_scrubbing = false;
}

void BlockMapPanel::leaveEvent(QEvent* event)
{
    hover(-1);
    QWidget::leaveEvent(event);
}

void BlockMapPanel::moveTo(qsizetype block)
{
    if (m_grid.blocks() == 0)
        return;
    m_current = std::clamp<qsizetype>(block, 0, m_grid.blocks() - 1);
    hover(m_current);
    update();
}

void BlockMapPanel::focusInEvent(QFocusEvent* event)
{
    m_ring = isByKeyboard(*event);
    QWidget::focusInEvent(event);
}

void BlockMapPanel::keyPressEvent(QKeyEvent* event)
{
    switch (event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier ? event->key()
                                                                                             : 0) {
    case Qt::Key_Left:
        moveTo(m_current - 1);
        break;
    case Qt::Key_Right:
        moveTo(m_current + 1);
        break;
    case Qt::Key_Up:
        moveTo(m_current < m_grid.columns() ? m_current : m_current - m_grid.columns());
        break;
    case Qt::Key_Down:
        moveTo(m_current + m_grid.columns() < m_grid.blocks() ? m_current + m_grid.columns() : m_current);
        break;
    case Qt::Key_Home:
        moveTo(0);
        break;
    case Qt::Key_End:
        moveTo(m_grid.blocks() - 1);
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_current >= 0)
            emit blockPicked(quint32(m_current));
        break;
    case Qt::Key_Escape:
        if (m_hovered >= 0 || m_current >= 0 || m_marked.value != 0) {
            setMarked({});
            m_current = -1;
            hover(-1);
            update();
            break;
        }
        [[fallthrough]];
    default:
        QWidget::keyPressEvent(event);
    }
}

void BlockMapPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void BlockMapPanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace vitrine::ui
