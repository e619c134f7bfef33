// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/analysis/analysis_tab.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/profiler/timeline/time_text.h"
#include "ui/recording/recording_session.h"

namespace vitrine::ui {
namespace {

constexpr int kLeastPauseMs = 2'000;
constexpr int kMostPauseMs = 60'000;
constexpr qint64 kPauses = 4; // times as long as it took

} // namespace

AnalysisTab::AnalysisTab(TimeView& view, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_view(view), m_theme(theme), m_scope(new QLabel), m_state(new QLabel)
{
    auto* body = new QWidget;
    m_column = new QVBoxLayout(body);
    m_column->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace4);
    m_column->setSpacing(kSpace4);
    auto* line = new QHBoxLayout;
    line->setSpacing(kSpace3);
    m_scope->setProperty("role", "small");
    m_scope->setWordWrap(true);
    m_state->setProperty("role", "chip");
    line->addWidget(m_scope, 1);
    line->addWidget(m_state);
    QSizePolicy kept = m_state->sizePolicy();
    kept.setRetainSizeWhenHidden(true);
    m_state->setSizePolicy(kept);
    m_column->addLayout(line);
    auto* scroll = new QScrollArea;
    scroll->setWidget(body);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &AnalysisTab::askNow);
    theme.follow(this, [this] { arrangeRows(); });
    connect(&view, &TimeView::selectionChanged, this, [this] {
        m_old = true;
        askNow();
    });
    showScope();
}

void AnalysisTab::addRow(const std::vector<QWidget*>& cards, int least, int stretch)
{
    auto* row = new QBoxLayout(QBoxLayout::LeftToRight);
    row->setSpacing(kSpace4);
    for (QWidget* card : cards)
        row->addWidget(card, 1);
    m_column->addLayout(row, stretch);
    m_rows.push_back({row, least});
    arrangeRows();
}

bool AnalysisTab::isStacked(int row) const
{
    return m_rows[std::size_t(row)].layout->direction() == QBoxLayout::TopToBottom;
}

void AnalysisTab::arrangeRows()
{
    for (const Row& row : m_rows) {
        const int wanted = row.layout->count() * m_theme.scaled(row.least);
        row.layout->setDirection(width() < wanted ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    }
}

void AnalysisTab::setSession(RecordingSession* session)
{
    if (m_session != nullptr)
        m_session->disconnect(this);
    m_session = session;
    m_again.stop();
    m_computing = false;
    m_old = true;
    m_took = 0;
    m_shown = {};
    ++m_serial; // answers under way are another recording's
    clear();
    showScope();
    if (session == nullptr)
        return;
    connect(session, &RecordingSession::changed, this, [this](const RecordingSummary& summary) {
        m_old = m_old || summary.range != m_shown;
        askAgainLater();
    });
    listen(*session);
    askNow();
}

void AnalysisTab::askNow()
{
    if (!m_old || !isVisible() || m_session == nullptr || m_session->summary().range.isEmpty())
        return;
    m_again.stop();
    m_old = false;
    m_computing = true;
    m_shown = m_session->summary().range;
    m_asked.start();
    ask(*m_session, {++m_serial, m_view.selection()});
    showScope();
}

/// A selection is what it is, whatever comes after it.
void AnalysisTab::askAgainLater()
{
    if (!m_old || m_computing || m_again.isActive() || (m_view.hasSelection() && m_took > 0))
        return;
    const bool first = m_shown.isEmpty();
    m_again.start(first ? 0 : int(std::clamp<qint64>(kPauses * m_took, kLeastPauseMs, kMostPauseMs)));
}

bool AnalysisTab::take(const AnalysisQuery& query, bool whole)
{
    if (query.serial != m_serial || !m_computing)
        return false;
    if (whole) {
        m_computing = false;
        m_took = std::max<qint64>(m_asked.elapsed(), 1);
    }
    showScope();
    return true;
}

QString AnalysisTab::scope() const
{
    return m_scope->text();
}

void AnalysisTab::showScope()
{
    const TimeRange& selected = m_view.selection();
    const TimeRange whole = m_session != nullptr ? m_session->summary().range : TimeRange();
    if (m_view.hasSelection()) {
        const double step = std::max(double(selected.length()) / 50, 1.0);
        const qint64 origin = m_view.bounds().startNs;
        m_scope->setText(tr("Of the selection: %1, from %2 to %3")
                             .arg(durationText(double(selected.length())),
                                  placeText(selected.startNs - origin, step),
                                  placeText(selected.endNs - origin, step)));
    } else {
        m_scope->setText(
            tr("Of the whole recording: %1. Select a stretch on the timeline to look at that alone.")
                .arg(durationText(double(std::max<qint64>(whole.length(), 0)))));
    }
    m_state->setText(tr("Computing…"));
    m_state->setVisible(m_computing);
}

void AnalysisTab::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrangeRows();
}

void AnalysisTab::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    askNow();
}

void AnalysisTab::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        showScope();
        retranslate();
    }
    QWidget::changeEvent(event);
}

} // namespace vitrine::ui
