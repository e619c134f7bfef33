// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/latency/latency_page.h"

#include <utility>

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QScrollArea>
#include <QVBoxLayout>

#include "engine/base/clock.h"
#include "ui/chat/elided_label.h"
#include "ui/profiler/anomalies/anomaly_list.h"
#include "ui/profiler/latency/advice_card.h"
#include "ui/profiler/latency/applied_card.h"
#include "ui/profiler/latency/chart_card.h"
#include "ui/profiler/latency/comparison_panel.h"
#include "ui/profiler/latency/first_token_chart.h"
#include "ui/profiler/latency/latency_look.h"
#include "ui/profiler/latency/token_gap_chart.h"
#include "ui/profiler/page/legend_row.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/recording/recording_session.h"
#include "ui/shell/combo_box.h"
#include "ui/shell/preferences.h"

namespace vitrine::ui {
namespace {

constexpr int kDot = 8;

QPixmap dotOf(const QColor& colour, int side, qreal ratio)
{
    QPixmap dot(QSize(side, side) * ratio);
    dot.setDevicePixelRatio(ratio);
    dot.fill(Qt::transparent);
    QPainter painter(&dot);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(0, 0, side, side);
    return dot;
}

} // namespace

LatencyPage::LatencyPage(TimeView& view, Preferences& preferences, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_view(view), m_preferences(preferences), m_theme(theme)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(kAskMs);
    m_growth.setInterval(kGrowthMs);
    m_adviceAgain.setInterval(kAdviceMs);
    buildCharts();
    build();
    connectParts();
    theme.follow(this, [this] {
        arrange();
        showChosen();
    });
    retranslate();
}

LatencyPage::~LatencyPage() = default;

void LatencyPage::buildCharts()
{
    m_firstTokens = new FirstTokenChart(m_theme);
    m_firstCard = new ChartCard(m_firstTokens, m_theme);
    m_order = new ComboBox(m_theme);
    m_order->setSizeAdjustPolicy(QComboBox::AdjustToContents); // in another language too
    m_order->addItems({QString(), QString()});
    m_firstCard->addControl(m_order);
    m_part = new QLabel;
    m_part->setProperty("role", "small");
    m_firstCard->addNote(m_part);
    m_gaps = new TokenGapChart(m_theme);
    m_gapCard = new ChartCard(m_gaps, m_theme);
    m_dot = new QLabel;
    m_name = new ElidedLabel;
    m_figures = new QLabel;
    for (QWidget* note :
         {static_cast<QWidget*>(m_dot), static_cast<QWidget*>(m_name), static_cast<QWidget*>(m_figures)}) {
        note->setProperty("role", "small");
        m_gapCard->addNote(note);
    }
    m_figures->setTextFormat(Qt::RichText);
    m_figures->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    m_name->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_applied = new AppliedCard(m_theme);
    m_comparison = new ComparisonPanel(m_theme);
    m_advice = new AdviceCard(m_theme);
    m_anomalies = new AnomalyList(m_theme);
}

void LatencyPage::build()
{
    m_content = new QWidget;
    m_side = new QWidget;
    auto* side = new QVBoxLayout(m_side);
    side->setContentsMargins(0, 0, 0, 0);
    side->setSpacing(kSpace4);
    side->addWidget(m_advice);
    side->addWidget(m_applied);
    side->addWidget(m_anomalies);
    side->addStretch(1);
    m_grid = new QGridLayout(m_content);
    m_grid->setContentsMargins(kSpace4, kSpace4, kSpace4, kSpace4);
    m_grid->setSpacing(kSpace4);
    m_grid->addWidget(m_firstCard, 0, 0);
    m_firstCard->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum); // no higher than its rows
    m_grid->addWidget(m_gapCard, 1, 0);
    m_grid->setColumnStretch(0, 1);
    m_grid->setRowStretch(1, 1);
    m_area = new QScrollArea;
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setWidgetResizable(true);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->setWidget(m_content);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_area);
}

void LatencyPage::showRequest(engine::RequestId request)
{
    m_request = request;
    if (m_session != nullptr)
        m_session->askLatency({m_view.selection(), m_request});
}

void LatencyPage::connectParts()
{
    connect(&m_soon, &QTimer::timeout, this, &LatencyPage::ask);
    connect(&m_growth, &QTimer::timeout, this, &LatencyPage::grown);
    connect(&m_adviceAgain, &QTimer::timeout, this, [this] {
        if (m_session != nullptr && isVisible() && std::exchange(m_grewForAdvice, false))
            m_session->askAdvice(m_view.selection());
    });
    connect(&m_view, &TimeView::selectionChanged, this, &LatencyPage::askSoon);
    connect(m_order, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_firstTokens->setOrder(FirstTokenChart::Order(index)); });
    connect(m_firstTokens, &FirstTokenChart::requestPicked, this, &LatencyPage::showRequest);
    connect(m_firstTokens, &FirstTokenChart::requestActivated, this, &LatencyPage::requestActivated);
    connect(m_gaps, &TokenGapChart::rangePicked, this, &LatencyPage::rangePicked);
    connect(m_advice, &AdviceCard::rangePicked, this, &LatencyPage::rangePicked);
    connect(m_anomalies, &AnomalyList::rangePicked, this, &LatencyPage::rangePicked);
    connect(m_advice, &AdviceCard::applyRequested, this, &LatencyPage::apply);
    connect(m_applied, &AppliedCard::undoRequested, this, &LatencyPage::undo);
}

void LatencyPage::setSession(RecordingSession* session)
{
    if (m_session != nullptr)
        m_session->disconnect(this);
    if (m_session != nullptr)
        m_session->disconnect(m_applied);
    m_session = session;
    m_request = {};
    m_applied->setVisible(m_applied->change() && session != nullptr && session->isLive());
    setLatency(nullptr);
    setAdvice(nullptr);
    setAnomalies(nullptr);
    m_advice->setScheduling(
        session != nullptr && session->isLive() ? std::optional(m_preferences.scheduling()) : std::nullopt);
    if (session == nullptr)
        return;
    connect(session, &RecordingSession::latencyReady, this, &LatencyPage::setLatency);
    connect(session, &RecordingSession::adviceReady, this, &LatencyPage::setAdvice);
    connect(session, &RecordingSession::anomaliesReady, this, &LatencyPage::setAnomalies);
    session->askAnomalies();
    connect(session, &RecordingSession::measured, m_applied, &AppliedCard::setMeasured);
    connect(session, &RecordingSession::changed, this, [this] {
        m_grewForAdvice = true;
        if (!std::exchange(m_grew, true) && !m_picture)
            askSoon();
    });
    connect(session, &QObject::destroyed, this, [this, session] {
        if (m_session == session)
            m_session = nullptr;
    });
    askSoon();
}

void LatencyPage::askSoon()
{
    if (isVisible())
        m_soon.start();
}

void LatencyPage::ask()
{
    if (m_session == nullptr || !isVisible())
        return;
    m_grew = m_grewForAdvice = false;
    m_session->askLatency({m_view.selection(), m_request});
    m_session->askAdvice(m_view.selection());
    askMeasure();
}

void LatencyPage::askMeasure()
{
    if (m_applied->change() && m_session->isLive())
        m_session->askMeasure(m_applied->change()->measure);
}

void LatencyPage::grown()
{
    if (m_session == nullptr || !isVisible() || !std::exchange(m_grew, false))
        return;
    m_session->askLatency({m_view.selection(), m_request});
    askMeasure();
}

/// As the settings dialog does.
void LatencyPage::choose(const SchedulingChoice& choice)
{
    m_preferences.setScheduling(choice);
    m_advice->setScheduling(m_preferences.scheduling());
    emit schedulingChosen(choice);
}

void LatencyPage::apply(const engine::Diagnosis& diagnosis, const SchedulingChoice& choice)
{
    if (!diagnosis.suggestion)
        return;
    AppliedChange change;
    change.before = m_preferences.scheduling();
    change.after = choice;
    change.key = diagnosis.suggestion->key;
    change.when = QDateTime::currentDateTime();
    change.measure.atNs = engine::nowNs();
    if (!diagnosis.gains.empty()) {
        change.measure.metric = diagnosis.gains.front().metric;
        change.predicted = diagnosis.gains.front();
    }
    choose(choice);
    m_applied->setChange(change);
    if (m_session != nullptr)
        m_session->askMeasure(change.measure);
}

/// Only what was applied: what a person has changed since stays.
void LatencyPage::undo()
{
    if (!m_applied->change())
        return;
    const AppliedChange change = *m_applied->change();
    SchedulingChoice choice = m_preferences.scheduling();
    switch (change.key) {
    case engine::SettingKey::ItlTarget:
        choice.itlTarget = change.before.itlTarget;
        break;
    case engine::SettingKey::Policy:
        choice.policy = change.before.policy;
        break;
    case engine::SettingKey::Threads:
        choice.threads = change.before.threads;
        break;
    default:
        choice.kvMebibytes = change.before.kvMebibytes;
    }
    m_applied->clear();
    choose(choice);
}

void LatencyPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_growth.start();
    m_adviceAgain.start();
    if (m_session != nullptr && m_session->isLive())
        m_advice->setScheduling(m_preferences.scheduling()); // the settings may have been changed
    askSoon();
}

void LatencyPage::setLatency(const SharedLatency& picture)
{
    m_picture = picture;
    m_firstTokens->setPicture(picture);
    m_gaps->setPicture(picture);
    showChosen();
    showPart();
}

void LatencyPage::setAdvice(const SharedAdvice& picture)
{
    m_advice->setAdvice(picture);
}

void LatencyPage::setAnomalies(const SharedAnomalies& picture)
{
    m_anomalies->setPicture(picture);
}

/// A long recording is looked at from its end: how much of it is said.
void LatencyPage::showPart()
{
    const bool cut = m_picture && m_picture->steps < m_picture->stepsInRange;
    m_part->setVisible(cut);
    if (cut)
        m_part->setText(tr("the newest %1 of %2 steps")
                            .arg(countText(m_picture->steps), countText(m_picture->stepsInRange)));
}

void LatencyPage::showChosen()
{
    const bool known = m_picture && !m_picture->gaps.isEmpty();
    for (QWidget* note :
         {static_cast<QWidget*>(m_dot), static_cast<QWidget*>(m_name), static_cast<QWidget*>(m_figures)})
        note->setVisible(known);
    if (!known)
        return;
    m_dot->setPixmap(dotOf(m_theme.tokens().conversation(m_picture->chosen.hue), m_theme.scaled(kDot),
                           devicePixelRatioF()));
    m_name->setFullText(m_picture->chosen.title);
    const auto figure = [this](const QString& name, double ns) {
        return QStringLiteral("%1 <span style=\"color:%2; font-weight:500\">%3</span>")
            .arg(name, m_theme.tokens().text.name(), durationText(ns).toHtmlEscaped());
    };
    m_figures->setText(figure(tr("p50"), m_picture->p50Ns) + QStringLiteral("&nbsp;&nbsp; ") +
                       figure(tr("p95"), m_picture->p95Ns));
}

/// In a narrow window advice stands below the charts.
void LatencyPage::arrange()
{
    const int side = m_theme.scaledColumn(kSide);
    const bool narrow = width() < side + m_theme.scaledColumn(kLeastCharts);
    m_side->setMinimumWidth(narrow ? 0 : side);
    m_side->setMaximumWidth(narrow ? QWIDGETSIZE_MAX : side);
    for (QWidget* part : std::initializer_list<QWidget*>{m_side, m_comparison})
        m_grid->removeWidget(part);
    if (narrow) {
        m_grid->addWidget(m_side, 2, 0);
        m_grid->addWidget(m_comparison, 3, 0);
    } else {
        m_grid->addWidget(m_side, 0, 1, 2, 1);
        m_grid->addWidget(m_comparison, 2, 0, 1, 2);
    }
}

void LatencyPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void LatencyPage::setLegends()
{
    std::vector<LegendItem> parts;
    for (const WaitPart part : kWaitParts)
        parts.push_back(
            {partName(part),
             [this, part](QPainter& painter, const QRectF& rect) { paintPart(painter, m_theme, rect, part); },
             partMeaning(part)});
    m_firstCard->legend().setItems(std::move(parts));
    m_gapCard->legend().setItems(
        {{tr("Own decode"),
          [this](QPainter& painter, const QRectF& rect) { painter.fillRect(rect, m_theme.tokens().decode); },
          tr("Computing and choosing its own token.")},
         {partName(WaitPart::Interference),
          [this](QPainter& painter, const QRectF& rect) {
              paintPart(painter, m_theme, rect, WaitPart::Interference);
          },
          partMeaning(WaitPart::Interference)},
         {tr("Waiting and host"),
          [this](QPainter& painter, const QRectF& rect) {
              painter.fillRect(rect, m_theme.tokens().sampling);
          },
          tr("After a preemption, and between steps.")}});
}

void LatencyPage::retranslate()
{
    m_firstCard->setTitle(tr("Time to first token"),
                          tr("TTFT: from a request's arrival to the first token of its reply, by cause."));
    m_gapCard->setTitle(
        tr("Time between tokens"),
        tr("ITL, inter-token latency: how long a reader waits for each further token, by cause."));
    m_figures->setToolTip(tr("Half of the waits are no longer than p50, 95 of 100 no longer than p95."));
    m_order->setItemText(0, tr("Newest first"));
    m_order->setItemText(1, tr("Slowest first"));
    m_order->setAccessibleName(tr("Order of the requests"));
    m_area->setAccessibleName(tr("Latency")); // the keyboard scrolls it
    setLegends();
    showChosen();
    showPart();
}

void LatencyPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace vitrine::ui
