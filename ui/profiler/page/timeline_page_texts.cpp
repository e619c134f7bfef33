// SPDX-License-Identifier: GPL-3.0-or-later
// What the headings of the Timeline tab say, their legends and controls.
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QToolButton>

#include "ui/chat/menu_button.h"
#include "ui/profiler/blocks/block_map_panel.h"
#include "ui/profiler/page/legend_row.h"
#include "ui/profiler/page/panel_section.h"
#include "ui/profiler/page/timeline_page.h"
#include "ui/profiler/timeline/batch_panel.h"
#include "ui/profiler/timeline/phase_look.h"
#include "ui/profiler/timeline/request_panel.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr int kFilterWidth = 150;

LegendItem phaseItem(const Theme& theme, engine::LifePhase phase)
{
    return {
        phaseName(phase),
        [&theme, phase](QPainter& painter, const QRectF& rect) { paintPhase(painter, theme, rect, phase); },
        phaseMeaning(phase)};
}

LegendItem filled(const Theme& theme, const QString& text, QColor Tokens::*colour, const QString& meaning)
{
    return {text,
            [&theme, colour](QPainter& painter, const QRectF& rect) {
                painter.fillRect(rect, theme.tokens().*colour);
            },
            meaning};
}

LegendItem cellItem(const Theme& theme, const QString& text, const BlockCell& cell, const QString& meaning)
{
    return {text,
            [&theme, cell](QPainter& painter, const QRectF& rect) {
                paintBlock(painter, theme.tokens(), rect, {}, cell, BlockColouring::Owner);
            },
            meaning};
}

} // namespace

void TimelinePage::buildControls()
{
    m_colouring = new MenuButton(m_theme);
    m_blockSection->addControl(m_colouring);
    connect(m_colouring, &QPushButton::clicked, this, &TimelinePage::openColourings);
    for (const int direction : {-1, 1}) {
        auto* button = new QToolButton;
        button->setObjectName(direction < 0 ? QStringLiteral("stepBefore") : QStringLiteral("stepAfter"));
        button->setIcon(m_theme.icon(direction < 0 ? QStringLiteral("leftc") : QStringLiteral("rightc")));
        button->setFocusPolicy(Qt::TabFocus);
        m_blockSection->addControl(button);
        connect(button, &QToolButton::clicked, this, [this, direction] { stepBy(direction); });
    }
    m_filter = new QLineEdit;
    m_filter->setMaxLength(200);
    m_filter->setProperty("small", true);
    m_filter->setFont(m_theme.font(TextSize::Small));
    m_filter->setClearButtonEnabled(false);
    m_theme.follow(m_filter, [this] { m_filter->setFixedWidth(m_theme.scaledColumn(kFilterWidth)); });
    m_requestSection->addControl(m_filter);
    connect(m_filter, &QLineEdit::textChanged, m_requests,
            [this](const QString& text) { m_requests->setFilter(text.trimmed()); });
}

QString TimelinePage::colouringText(BlockColouring by)
{
    switch (by) {
    case BlockColouring::Owner:
        return tr("Colour by owner");
    case BlockColouring::Age:
        return tr("Colour by age");
    case BlockColouring::References:
        return tr("Colour by references");
    case BlockColouring::Tier:
        return tr("Colour by tier");
    }
    return {};
}

void TimelinePage::openColourings()
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const auto by :
         {BlockColouring::Owner, BlockColouring::Age, BlockColouring::References, BlockColouring::Tier})
        menu->addAction(colouringText(by), this, [this, by] {
            m_blocks->setColouring(by);
            m_colouring->setText(colouringText(by));
        });
    menu->popup(m_colouring->mapToGlobal(QPoint(0, m_colouring->height())));
}

void TimelinePage::retranslate()
{
    m_blockSection->setTitle(tr("KV blocks"),
                             tr("A block holds the keys and values of a few tokens: what the model remembers "
                                "of a text. Requests that begin alike share blocks."));
    m_requestSection->setTitle(tr("Requests"),
                               tr("What each request went through: waiting, its prompt read (prefill), its "
                                  "reply written (decode), its memory lost and computed again."));
    m_stepSection->setTitle(tr("Steps"), tr("One pass of the model over all requests of a batch, and what "
                                            "the engine does before and after it."));
    m_batchSection->setTitle(tr("Batch"), tr("What each step computed: tokens of prompts, at most as many as "
                                             "the budget allows, and replies, a token each."));
    m_trendSection->setTitle(tr("Charts"), tr("The cache, the speed and the load over time."));
    m_colouring->setText(colouringText(m_blocks->colouring()));
    m_colouring->setAccessibleName(tr("Colour of the blocks"));
    m_filter->setPlaceholderText(tr("Title or #number"));
    m_filter->setAccessibleName(tr("Filter the requests"));
    for (auto* button : m_blockSection->findChildren<QToolButton*>()) {
        if (button->objectName() == QLatin1String("stepBefore"))
            button->setAccessibleName(tr("One step back"));
        else if (button->objectName() == QLatin1String("stepAfter"))
            button->setAccessibleName(tr("One step on"));
        else
            continue;
        button->setToolTip(button->accessibleName());
    }
    setLegends();
    showNotes();
}

void TimelinePage::setLegends()
{
    using engine::LifePhase;
    m_requestSection->legend().setItems(
        {phaseItem(m_theme, LifePhase::Queued), phaseItem(m_theme, LifePhase::Prefill),
         phaseItem(m_theme, LifePhase::Decode), phaseItem(m_theme, LifePhase::Preempted),
         phaseItem(m_theme, LifePhase::Recompute)});
    BlockCell victim, fresh, shared;
    victim.state = CellState::Cached;
    victim.victim = true;
    fresh.state = shared.state = CellState::Referenced;
    fresh.fresh = true;
    m_blockSection->legend().setItems(
        {cellItem(m_theme, tr("Victim's blocks"), victim,
                  tr("Given back in this step by a request that was preempted.")),
         cellItem(m_theme, tr("New in this step"), fresh, tr("Taken in this step."))});
    std::vector<LegendItem> batch{phaseItem(m_theme, LifePhase::Prefill),
                                  phaseItem(m_theme, LifePhase::Decode)};
    if (const auto [least, most] = m_batch->budget(); most > 0)
        batch.push_back({least == most ? tr("Budget %1").arg(countText(most))
                                       : tr("Budget %1 to %2").arg(countText(least), countText(most)),
                         [this](QPainter& painter, const QRectF& rect) {
                             QPen pen(m_theme.tokens().secondary, 1);
                             pen.setDashPattern({2, 2});
                             painter.setPen(pen);
                             painter.drawLine(QPointF(rect.left(), rect.center().y()),
                                              QPointF(rect.right(), rect.center().y()));
                         },
                         tr("The most tokens that a step may compute; the scheduler adapts it where a pace "
                            "was asked for.")});
    m_batchSection->legend().setItems(std::move(batch));
    m_trendSection->legend().setItems(
        {filled(m_theme, tr("In use"), &Tokens::accentMuted, tr("Pages that requests hold.")),
         filled(m_theme, tr("Cached"), &Tokens::cached, tr("Pages kept for prompts that begin alike.")),
         filled(m_theme, tr("Free, waiting"), &Tokens::queued,
                tr("Pages that nobody needs; requests that wait."))});
}

void TimelinePage::showNotes()
{
    if (const SharedBlockMap& map = m_blocks->map())
        m_blockSection->setNote(
            tr("%1 × %2 tokens, after step %3")
                .arg(countText(quint64(map->cells.size())), countText(map->blockSize), countText(map->step)));
    if (!m_picture)
        return;
    m_requestSection->setNote(
        tr("%1 of %2")
            .arg(countText(quint64(m_picture->requestCount)), countText(quint64(m_summary.requests))));
    const QString steps = countText(m_picture->selectedSteps);
    m_stepSection->setNote(m_view.hasSelection() ? tr("%1 in the selection, mean per step").arg(steps)
                                                 : tr("%1 in view, mean per step").arg(steps));
    m_batchSection->setNote(tr("tokens and rows per step"));
    m_trendSection->setNote(tr("cache, speed and load"));
}

} // namespace vitrine::ui
