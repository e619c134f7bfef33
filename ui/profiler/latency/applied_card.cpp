// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/latency/applied_card.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/profiler/latency/advice_settings.h"
#include "ui/profiler/latency/advice_text.h"
#include "ui/profiler/latency/change_line.h"
#include "ui/profiler/latency/gain_row.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/recording/measured_change.h"

namespace vitrine::ui {
namespace {

QLabel* wrapped(const char* role)
{
    auto* label = new QLabel;
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setProperty("role", role);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    return label;
}

} // namespace

AppliedCard::AppliedCard(const Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_check(new QLabel), m_when(new QLabel), m_undo(new QPushButton),
      m_title(wrapped("heading")), m_state(wrapped("secondary")), m_before(new QLabel), m_after(new QLabel),
      m_line(new ChangeLine(theme)), m_gains(new GainRow(theme)), m_verdict(wrapped(""))
{
    setProperty("role", "card");
    build();
    connect(m_undo, &QPushButton::clicked, this, &AppliedCard::undoRequested);
    theme.follow(this, [this] {
        const int side = m_theme.scaled(kIconSize);
        m_check->setPixmap(
            iconPixmap(QStringLiteral("check"), m_theme.tokens().ok, side, devicePixelRatioF()));
    });
    clear();
}

void AppliedCard::build()
{
    for (QLabel* small : {m_when, m_before, m_after})
        small->setProperty("role", "small");
    m_undo->setProperty("kind", "ghost");
    m_undo->setProperty("small", true);
    m_undo->setIcon(m_theme.icon(QStringLiteral("undo"), IconTone::Accent));
    auto* head = new QHBoxLayout;
    head->setSpacing(kSpace1);
    head->addWidget(m_check);
    head->addWidget(m_when);
    head->addStretch(1);
    head->addWidget(m_undo);
    auto* sides = new QHBoxLayout;
    sides->addWidget(m_before);
    sides->addStretch(1);
    sides->addWidget(m_after);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace4);
    column->setSpacing(kSpace2);
    column->addLayout(head);
    column->addWidget(m_title);
    column->addWidget(m_state);
    column->addLayout(sides);
    column->addWidget(m_line);
    column->addWidget(m_gains);
    column->addWidget(m_verdict);
}

void AppliedCard::setChange(const AppliedChange& change)
{
    m_change = change;
    m_measured.reset();
    refresh();
    show();
}

void AppliedCard::clear()
{
    m_change.reset();
    m_measured.reset();
    hide();
}

void AppliedCard::setMeasured(const MeasuredChange& measured)
{
    if (!m_change || !(measured.query == m_change->measure))
        return;
    m_measured = measured;
    refresh();
}

void AppliedCard::refresh()
{
    m_undo->setText(tr("Undo"));
    if (!m_change)
        return;
    m_when->setText(tr("Applied %1").arg(QLocale().toString(m_change->when.time(), QLocale::ShortFormat)));
    m_title->setText(changeText(m_change->before, m_change->after, m_change->key));
    const quint64 after = m_measured ? m_measured->stepsAfter : 0;
    const quint64 before = m_measured ? m_measured->stepsBefore : 0;
    const bool sure = m_measured && m_measured->interval && m_measured->interval->isSure();
    const bool known = sure || (after >= kFewestSteps && before >= kFewestSteps);
    for (QWidget* part :
         {static_cast<QWidget*>(m_before), static_cast<QWidget*>(m_after), static_cast<QWidget*>(m_line),
          static_cast<QWidget*>(m_gains), static_cast<QWidget*>(m_verdict)})
        part->setVisible(known);
    if (known)
        showMeasured();
    else
        m_state->setText(waitingText(before, after));
}

QString AppliedCard::waitingText(quint64 before, quint64 after) const
{
    if (m_measured && m_measured->interval)
        return tr("No difference seen yet, after %1 steps. It goes on while replies are written.")
            .arg(countText(after));
    if (m_measured && before < kFewestSteps && after > 0)
        return tr("Too little was recorded before the change to compare with.");
    return tr("Measuring: %1 of %2 steps. It goes on while replies are written.")
        .arg(countText(after), countText(kFewestSteps));
}

/// As sure as the steps allow: of a difference that chance explains nothing is claimed.
QString AppliedCard::verdict(int tone) const
{
    if (!m_measured->interval)
        return tone < 0   ? tr("It has become worse since, but too little was measured to be sure.")
               : tone > 0 ? tr("It has become better, but too little was measured to be sure.")
                          : tr("It makes no difference that could be measured.");
    const GainInterval& interval = *m_measured->interval;
    const QString range = AdviceText::percentRange(interval.low, interval.high);
    if (!interval.isSure())
        return tr("No difference seen yet (95 %: %1).").arg(range);
    const bool less = interval.high < 0;
    return less == AdviceText::isBetterWhenLess(m_measured->query.metric)
               ? tr("It has become better (95 %: %1).").arg(range)
               : tr("It has become worse since (95 %: %1). If the load is the same, undo it.").arg(range);
}

void AppliedCard::showMeasured()
{
    const engine::GainMetric metric = m_change->measure.metric;
    const double before = valueOf(m_measured->before, metric), after = valueOf(m_measured->after, metric);
    m_state->setText(tr("Measured over %1 steps, against %2 before it.")
                         .arg(countText(m_measured->stepsAfter), countText(m_measured->stepsBefore)));
    m_before->setText(tr("Before, %1").arg(AdviceText::amount(metric, before)));
    m_after->setText(tr("After, %1").arg(AdviceText::amount(metric, after)));
    m_line->setValues(m_measured->seriesBefore, m_measured->seriesAfter);
    QList<GainFigure> figures{gainFigure(metric, before, after)};
    const int tone = figures.first().tone;
    if (m_measured->interval && !m_measured->interval->isSure())
        figures.first().tone = 0;
    if (m_change->predicted) {
        GainFigure predicted = gainFigure(metric, m_change->predicted->before, m_change->predicted->after);
        predicted.caption = tr("predicted");
        predicted.tone = 0;
        figures << predicted;
    }
    const auto other = metric == engine::GainMetric::TokensPerSecond ? engine::GainMetric::BetweenTokensP95
                                                                     : engine::GainMetric::TokensPerSecond;
    figures << gainFigure(other, valueOf(m_measured->before, other), valueOf(m_measured->after, other));
    figures.removeIf([](const GainFigure& figure) { return figure.value.isEmpty(); });
    m_gains->setFigures(figures);
    m_verdict->setText(verdict(tone));
}

QString AppliedCard::text() const
{
    QStringList all;
    for (const QLabel* label : {m_when, m_title, m_state, m_before, m_after, m_verdict})
        if (!label->isHidden())
            all << label->text();
    return all.join(QLatin1Char('\n'));
}

void AppliedCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        refresh();
    QFrame::changeEvent(event);
}

} // namespace vitrine::ui
