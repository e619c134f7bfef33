// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/live_dock.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include "engine/base/clock.h"
#include "ui/profiler/charts.h"
#include "ui/profiler/figure_row.h"
#include "ui/profiler/live_section.h"

namespace vitrine::ui {
namespace {

QString milliseconds(const std::optional<double>& seconds)
{
    if (!seconds)
        return QStringLiteral("–");
    const double ms = 1000 * *seconds;
    return QLocale().toString(ms, 'f', ms < 100 ? 1 : 0);
}

QToolButton* iconButton(const Theme& theme, const QString& icon)
{
    auto* button = new QToolButton;
    button->setIcon(theme.icon(icon));
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

LiveDock::LiveDock(const Theme& theme, QWidget* parent, Clock clock)
    : QWidget(parent), m_theme(theme), m_clock(clock ? clock : &engine::nowNs)
{
    setFixedWidth(widthAt(theme));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildHeader());
    layout->addWidget(buildBody(), 1);
    layout->addWidget(buildFooter());
    m_timer.setInterval(kRefreshMs);
    connect(&m_timer, &QTimer::timeout, this, &LiveDock::refresh);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    m_shown = m_series.view(m_clock());
    retranslate();
    refresh();
}

QWidget* LiveDock::buildHeader()
{
    auto* header = new QWidget;
    m_theme.follow(header, [this, header] { header->setFixedHeight(m_theme.scaled(kHeaderHeight)); });
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(kSpace4, 0, kSpace2, 0);
    row->setSpacing(kSpace1);
    m_title = new QLabel;
    m_title->setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    m_span = new QLabel;
    m_span->setProperty("role", "small");
    m_pause = iconButton(m_theme, QStringLiteral("pause"));
    m_pause->setCheckable(true);
    m_close = iconButton(m_theme, QStringLiteral("close"));
    row->addWidget(m_title);
    row->addStretch(1);
    row->addWidget(m_span);
    row->addSpacing(kSpace2);
    row->addWidget(m_pause);
    row->addWidget(m_close);
    connect(m_pause, &QToolButton::toggled, this, &LiveDock::setPaused);
    connect(m_close, &QToolButton::clicked, this, &LiveDock::closeRequested);
    return header;
}

QWidget* LiveDock::buildBody()
{
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_figures = new FigureRow(m_theme);
    m_kv = new LiveSection(m_theme, new KvChart(m_theme));
    m_prefix = new LiveSection(m_theme, new PrefixChart(m_theme));
    m_batch = new LiveSection(m_theme, new BatchChart(m_theme));
    m_preemptions = new LiveSection(m_theme, new PreemptionChart(m_theme));
    column->addWidget(m_figures);
    column->addWidget(m_kv, 210);
    column->addWidget(m_prefix, 146);
    column->addWidget(m_batch, 202);
    column->addWidget(m_preemptions, 120);

    auto* scroll = new QScrollArea;
    scroll->setWidget(body);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setAutoFillBackground(false);
    body->setAutoFillBackground(false);
    return scroll;
}

QWidget* LiveDock::buildFooter()
{
    auto* footer = new QWidget;
    m_theme.follow(footer, [this, footer] { footer->setFixedHeight(m_theme.scaled(44)); });
    auto* row = new QHBoxLayout(footer);
    row->setContentsMargins(kSpace4, 0, kSpace4, 0);
    m_droppedLabel = new QLabel;
    m_droppedLabel->setProperty("role", "small");
    row->addWidget(m_droppedLabel);
    return footer;
}

void LiveDock::retranslate()
{
    setAccessibleName(tr("Live view of the engine"));
    m_title->setText(tr("Live"));
    m_span->setText(tr("last 60 s"));
    m_close->setToolTip(tr("Close the live view"));
    m_close->setAccessibleName(tr("Close the live view"));
    const QString pause = isPaused() ? tr("Go on") : tr("Pause: the picture stands still, data go on");
    m_pause->setToolTip(pause);
    m_pause->setAccessibleName(pause);
    retranslateSections();
    showFigures();
    showDropped();
}

void LiveDock::retranslateSections()
{
    using Form = LegendEntry::Form;
    m_kv->setTexts(tr("KV blocks"),
                   tr("What the model remembers of each chat is kept in blocks of a few tokens. In use: a "
                      "running reply holds the block. Cached: nobody holds it, but a prompt that starts the "
                      "same way can use it again. Free: empty. The scale fits the fullest moment shown."),
                   {{nullptr, tr("In use, by chat"), Form::Hues},
                    {&Tokens::cached, tr("Cached"), Form::Filled},
                    {&Tokens::cellLine, tr("Free"), Form::Hollow}});
    m_prefix->setTexts(tr("Prefix hits"),
                       tr("How much of the prompts was found in the cache and did not have to be computed "
                          "again. The line keeps its height until the next prompt comes."),
                       {});
    m_batch->setTexts(tr("Batch"),
                      tr("What one step computes, taken from the fullest step of each second. Prefill reads "
                         "tokens of a prompt; a decode row is a reply that grows by one token. The dashed "
                         "line is the token budget of a step."),
                      {{&Tokens::prefill, tr("Prefill tokens"), Form::Filled},
                       {&Tokens::decode, tr("Decode rows"), Form::Filled}});
    m_preemptions->setTexts(tr("Preemptions"),
                            tr("How often a reply had to give its blocks to another one because none was "
                               "left. It goes on later, after computing them again."),
                            {});
}

void LiveDock::addSteps(const QList<engine::StepRecord>& steps, quint64 dropped)
{
    for (const engine::StepRecord& step : steps)
        m_series.add(step);
    m_recorded += static_cast<quint64>(steps.size());
    m_changed = true;
    if (dropped != m_dropped) {
        m_dropped = dropped;
        showDropped();
    }
}

void LiveDock::addFirstToken(double seconds)
{
    m_series.addFirstToken(m_clock(), seconds);
    m_changed = true;
}

void LiveDock::setTokensPerSecond(double value)
{
    m_tokensPerSecond = value;
    m_changed = true;
}

void LiveDock::clear()
{
    m_series.clear();
    m_changed = true;
}

bool LiveDock::isPaused() const
{
    return m_pause->isChecked();
}

void LiveDock::setPaused(bool paused)
{
    m_pause->setChecked(paused);
    m_pause->setIcon(m_theme.icon(paused ? QStringLiteral("play") : QStringLiteral("pause")));
    m_changed = true;
    retranslate();
    refresh();
}

void LiveDock::refresh()
{
    const std::int64_t now = m_clock();
    const std::int64_t second = now / 1'000'000'000;
    if (isPaused() || (!m_changed && (second == m_shownSecond || !m_shown.anyStep)))
        return;
    m_changed = false;
    m_shownSecond = second;
    m_shown = m_series.view(now);
    for (LiveSection* section : {m_kv, m_prefix, m_batch, m_preemptions})
        section->chart().setView(m_shown);
    showFigures();
}

void LiveDock::showFigures()
{
    const QLocale locale;
    const LiveBin& bin = m_shown.bins.back();
    m_figures->setFigure(
        0, {locale.toString(m_tokensPerSecond, 'f', m_tokensPerSecond > 0 && m_tokensPerSecond < 10 ? 1 : 0),
            tr("tok/s"), tr("all chats"), tr("Tokens generated per second, all chats together")});
    m_figures->setFigure(1, {milliseconds(m_shown.medianFirstToken), tr("ms"), tr("to first, p50"),
                             tr("Half of the replies of the last minute showed their first token within this "
                                "time")});
    m_figures->setFigure(2, {milliseconds(m_shown.tokenGapP95), tr("ms"), tr("between, p95"),
                             tr("Time between two tokens of a reply: 95 of 100 were not slower")});
    if (bin.blocksTotal > 0)
        m_kv->setFigure(locale.toString(bin.blocksReferenced),
                        tr("of %1 in use").arg(locale.toString(bin.blocksTotal)));
    else
        m_kv->setFigure(QStringLiteral("–"), {});
    if (m_shown.hitRate)
        m_prefix->setFigure(locale.toString(100 * *m_shown.hitRate, 'f', 0), tr("%"));
    else
        m_prefix->setFigure(QStringLiteral("–"), {});
    m_batch->setFigure(locale.toString(m_shown.runningRows),
                       m_shown.runningRows == 1 ? tr("row now") : tr("rows now"));
    m_preemptions->setFigure(locale.toString(m_shown.preemptions), tr("in 60 s"));
}

void LiveDock::showDropped()
{
    m_droppedLabel->setText(m_dropped == 0 ? tr("No records dropped")
                                           : tr("%1 records dropped").arg(QLocale().toString(m_dropped)));
    m_droppedLabel->setToolTip(
        tr("Each engine step leaves a record. When the window is too busy to take them all, the rest is "
           "counted here, so that a gap is never silent."));
}

void LiveDock::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void LiveDock::showEvent(QShowEvent* event)
{
    m_changed = true;
    refresh();
    m_timer.start();
    QWidget::showEvent(event);
}

void LiveDock::hideEvent(QHideEvent* event)
{
    m_timer.stop();
    QWidget::hideEvent(event);
}

void LiveDock::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& tokens = m_theme.tokens();
    painter.fillRect(rect(), tokens.window);
    painter.fillRect(0, 0, 1, height(), tokens.border);
    painter.fillRect(1, m_theme.scaled(kHeaderHeight) - 1, width() - 1, 1, tokens.border);
}

} // namespace vitrine::ui
