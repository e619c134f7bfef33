// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/analysis/block_life_page.h"

#include <algorithm>
#include <cmath>

#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QVBoxLayout>

#include "ui/profiler/analysis/analysis_card.h"
#include "ui/profiler/analysis/chart_texts.h"
#include "ui/profiler/analysis/figure_strip.h"
#include "ui/profiler/page/legend_row.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/recording/recording_session.h"

namespace vitrine::ui {
namespace {

constexpr double kSeconds = 1e-9;
constexpr double kPale = 0.5;

LegendItem swatch(const Theme& theme, const QString& text, QColor Tokens::*colour, const QString& meaning,
                  double opacity = 1)
{
    return {text,
            [&theme, colour, opacity](QPainter& painter, const QRectF& rect) {
                QColor fill = theme.tokens().*colour;
                fill.setAlphaF(float(opacity));
                painter.fillRect(rect, fill);
            },
            meaning};
}

double shareOf(quint64 part, quint64 whole)
{
    return whole > 0 ? double(part) / double(whole) : 0;
}

/// Of pools: of the smallest and the largest that was played, and of the present one.
ChartAxis sizeAxis(double smallest, double largest, double present)
{
    ChartAxis axis;
    axis.logarithmic = true;
    axis.from = std::min(smallest, present) / 1.15;
    axis.to = std::max({largest, present, axis.from * 2}) * 1.15;
    for (const double times : {0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0})
        axis.marks.append(std::floor(present * times));
    axis.text = [](double blocks) { return countText(quint64(blocks)); };
    return axis;
}

/// Of the size that was played next to it. REQUIRES: one was.
std::function<QString(double)> whatIfTip(const SharedBlockLife& picture)
{
    return [picture](double blocks) {
        const auto& points = picture->whatIf.points;
        const auto distance = [blocks](const engine::WhatIfPoint& point) {
            return std::abs(std::log(point.blocks / std::max(blocks, 1e-9)));
        };
        const auto nearest =
            std::min_element(points.begin(), points.end(),
                             [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
        return BlockLifePage::tr("%1 blocks: %2 of the prompts found, preempted %3 times")
            .arg(countText(nearest->blocks), percentText(picture->whatIf.rate(*nearest)),
                 countText(nearest->preemptions));
    };
}

double secondsOf(const BlockLifePicture& picture, const engine::ReferencePoint& point)
{
    return double(engine::saneNs(point.timeNs) - picture.startNs) * kSeconds;
}

/// REQUIRES: there are points.
std::function<QString(double)> referenceTip(const SharedBlockLife& picture)
{
    return [picture](double at) {
        const auto& all = picture->life.references;
        auto point = std::lower_bound(all.begin(), all.end(), at, [&](const auto& each, double time) {
            return secondsOf(*picture, each) < time;
        });
        if (point == all.end())
            --point;
        const quint64 saved = point->references - std::min<quint64>(point->references, point->held);
        return BlockLifePage::tr(
                   "%1 held, %2 of those shared, %3 cached\nWithout sharing %4 more would be needed")
            .arg(countText(point->held), countText(point->shared), countText(point->cached),
                 countText(saved));
    };
}

} // namespace

BlockLifePage::BlockLifePage(TimeView& view, const Theme& theme, QWidget* parent)
    : AnalysisTab(view, theme, parent), m_figures(new FigureStrip(theme))
{
    build();
    retranslate();
}

void BlockLifePage::build()
{
    for (std::size_t i = 0; i < kCharts; ++i) {
        m_charts[i] = new XyChart(theme());
        m_cards[i] = new AnalysisCard(m_charts[i], theme());
    }
    connect(m_charts[References], &XyChart::picked, this,
            [this](double seconds) { emit momentPicked(m_picture->startNs + qint64(seconds / kSeconds)); });
    column().addWidget(m_figures);
    addRow({m_cards[WhatIf], m_cards[References]}, kLeastCard, 3);
    addRow({m_cards[Lifetime], m_cards[Idle], m_cards[Reuse]}, kLeastCard, 2);
}

void BlockLifePage::listen(RecordingSession& session)
{
    connect(&session, &RecordingSession::blockLifeReady, this, [this](const SharedBlockLife& picture) {
        if (take(picture->query, picture->sizesLeft == 0))
            setPicture(picture);
    });
}

void BlockLifePage::ask(RecordingSession& session, const AnalysisQuery& query)
{
    session.askBlockLife(query);
}

void BlockLifePage::clear()
{
    setPicture({});
}

void BlockLifePage::setPicture(const SharedBlockLife& picture)
{
    m_picture = picture;
    showAll();
}

void BlockLifePage::showAll()
{
    if (!m_picture)
        m_picture = std::make_shared<const BlockLifePicture>();
    showFigures();
    showWhatIf();
    showReferences();
    showHistograms();
}

void BlockLifePage::showFigures()
{
    const engine::BlockLife& life = m_picture->life;
    m_figures->setFigures(
        {{countText(life.taken),
          {},
          tr("blocks written"),
          tr("Given out to be filled with keys and values.")},
         {countText(life.shared),
          {},
          tr("times found again"),
          tr("A block with the same beginning was there and was not computed again.")},
         {countText(life.revived),
          {},
          tr("of those, idle before"),
          tr("Found in the cache while no request held it.")},
         {countText(life.evicted), {}, tr("evicted"), tr("Cached blocks that had to go for new ones.")},
         {percentText(shareOf(life.evictedNew, life.evicted)),
          {},
          tr("of those, never found"),
          tr("They were kept for nothing: nobody asked for them again.")},
         {countText(life.duplicates),
          {},
          tr("duplicates"),
          tr("Given back at once, since another block held the same.")}});
}

QString BlockLifePage::whatIfNote() const
{
    const engine::WhatIf& whatIf = m_picture->whatIf;
    if (m_picture->sizesLeft > 0)
        return tr("trying %1 more sizes…").arg(m_picture->sizesLeft);
    if (whatIf.points.empty() || whatIf.lookedUpTokens == 0)
        return {};
    QStringList notes;
    if (m_picture->bend == 0)
        notes << tr("the size makes no difference here");
    else if (m_picture->bend == whatIf.recordedBlocks)
        notes << tr("the present size is where the curve bends");
    else
        notes << tr("hardly more from %1 blocks on").arg(countText(m_picture->bend));
    if (whatIf.approximate)
        notes << tr("approximate: the pool changed, or has pages that are not played");
    return notes.join(QStringLiteral(" · "));
}

void BlockLifePage::showWhatIf()
{
    const engine::WhatIf& whatIf = m_picture->whatIf;
    ChartPicture chart;
    chart.empty = m_picture->sizesLeft > 0 ? tr("The requests are played against pools of other sizes…")
                                           : tr("No prompt was looked up in this stretch.");
    if (!whatIf.points.empty() && whatIf.lookedUpTokens > 0) {
        ChartSeries line, dots;
        line.colour = dots.colour = &Tokens::cachedInk;
        dots.form = ChartSeries::Form::Dots;
        for (const engine::WhatIfPoint& point : whatIf.points)
            line.points.append({double(point.blocks), whatIf.rate(point)});
        dots.points = line.points;
        chart.series = {line, dots};
        const double present = std::max(whatIf.recordedBlocks, 1U);
        chart.x = sizeAxis(line.points.first().x(), line.points.last().x(), present);
        chart.x.title = tr("Hit rate against pool size");
        chart.y.to = 1;
        chart.y.marks = {0, 0.25, 0.5, 0.75, 1};
        chart.y.text = percentText;
        if (m_picture->bend != 0 && m_picture->bend != whatIf.recordedBlocks)
            chart.marks.append({double(m_picture->bend), tr("bend"), &Tokens::cachedInk});
        chart.marks.append({present, tr("now"), &Tokens::accentText});
        std::sort(chart.marks.begin(), chart.marks.end(),
                  [](const ChartMark& a, const ChartMark& b) { return a.at < b.at; });
        for (const QPointF& point : line.points)
            chart.stops.append(point.x());
        chart.tip = whatIfTip(m_picture);
    }
    chart.said = whatIfNote();
    m_charts[WhatIf]->setPicture(std::move(chart));
    m_cards[WhatIf]->setNote(whatIfNote());
}

/// Areas one over the other: held by one, shared, cached.
void BlockLifePage::showReferences()
{
    const auto& points = m_picture->life.references;
    ChartPicture chart;
    chart.empty = tr("No step lies in this stretch.");
    if (!points.empty()) {
        const auto seconds = [this](const engine::ReferencePoint& point) {
            return secondsOf(*m_picture, point);
        };
        ChartSeries cached, held, shared;
        for (ChartSeries* series : {&cached, &held, &shared})
            series->form = ChartSeries::Form::Area;
        cached.colour = &Tokens::cachedInk;
        cached.fill = &Tokens::cached;
        cached.opacity = kPale;
        held.colour = held.fill = &Tokens::accentMuted;
        shared.colour = shared.fill = &Tokens::accent;
        for (const engine::ReferencePoint& point : points) {
            const double at = seconds(point);
            cached.points.append({at, double(point.held) + point.cached});
            held.points.append({at, double(point.held)});
            shared.points.append({at, double(point.shared)});
            chart.stops.append(at);
        }
        chart.series = {cached, held, shared};
        chart.x = timeAxis(seconds(points.front()), seconds(points.back()));
        chart.x.title = tr("Blocks over time");
        chart.y = countAxis(m_picture->blocks);
        if (m_picture->blocks > 1)
            chart.y.marks = {0, std::floor(m_picture->blocks / 2.0), double(m_picture->blocks)};
        chart.tip = referenceTip(m_picture);
    }
    m_charts[References]->setPicture(std::move(chart));
    m_cards[References]->setNote(m_picture->blocks > 0 ? tr("of %1 blocks").arg(countText(m_picture->blocks))
                                                       : QString());
}

void BlockLifePage::showHistograms()
{
    const engine::BlockLife& life = m_picture->life;
    HistogramLook look;
    look.text = secondsText;
    look.mark = shortSecondsText;
    const auto show = [&](Chart chart, const engine::Samples& samples, QColor Tokens::*colour,
                          const QString& empty) {
        look.empty = empty;
        ChartPicture picture = histogramOf({{&samples, colour}}, look);
        picture.x.title = m_cards[chart]->title();
        picture.said = percentilesText(samples, secondsText);
        m_cards[chart]->setNote(picture.said);
        m_charts[chart]->setPicture(std::move(picture));
    };
    show(Lifetime, life.lifetime, &Tokens::accentMuted, tr("No block was evicted in this stretch."));
    show(Idle, life.idleBeforeEvict, &Tokens::queued, tr("No block was evicted in this stretch."));
    show(Reuse, life.reuseGap, &Tokens::cached, tr("No idle block was found again in this stretch."));
}

void BlockLifePage::setLegends()
{
    m_cards[References]->legend().setItems(
        {swatch(theme(), tr("Shared"), &Tokens::accent, tr("Held by two requests or more.")),
         swatch(theme(), tr("Held"), &Tokens::accentMuted, tr("Held by one request.")),
         swatch(theme(), tr("Cached"), &Tokens::cached, tr("Kept for prompts that begin alike."), kPale)});
}

void BlockLifePage::retranslate()
{
    m_cards[WhatIf]->setTitle(
        tr("Hit rate against pool size"),
        tr("The recorded requests are played again, with the real bookkeeping, against pools of other sizes: "
           "how much of the prompts would have been found in the cache."));
    m_cards[References]->setTitle(tr("Blocks over time"));
    m_cards[Lifetime]->setTitle(tr("Lifetime"), tr("From being written to being evicted."));
    m_cards[Idle]->setTitle(tr("Idle before evicted"), tr("From being let go by the last request to being "
                                                          "evicted."));
    m_cards[Reuse]->setTitle(tr("Idle before found again"), tr("From being let go by the last request to "
                                                               "being found by another one."));
    setLegends();
    showAll();
}

} // namespace vitrine::ui
