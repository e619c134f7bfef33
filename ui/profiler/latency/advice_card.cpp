// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/latency/advice_card.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/profiler/latency/advice_settings.h"
#include "ui/profiler/latency/advice_text.h"
#include "ui/profiler/latency/gain_row.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

QLabel* wrapped()
{
    auto* label = new QLabel;
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    return label;
}

QToolButton* arrow(const Theme& theme, const QString& icon)
{
    auto* button = new QToolButton;
    button->setIcon(theme.icon(icon));
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

AdviceCard::AdviceCard(const Theme& theme, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_heading(new QLabel), m_chipIcon(new QLabel), m_chip(new QLabel),
      m_part(wrapped()), m_place(new QLabel), m_previous(arrow(theme, QStringLiteral("leftc"))),
      m_next(arrow(theme, QStringLiteral("rightc"))), m_title(wrapped()), m_cause(wrapped()),
      m_help(wrapped()), m_gains(new GainRow(theme)), m_more(wrapped()), m_apply(new QPushButton),
      m_details(new QPushButton), m_evidence(new QPushButton), m_source(new QLabel)
{
    setProperty("role", "card");
    build();
    connect(m_previous, &QToolButton::clicked, this, [this] { step(-1); });
    connect(m_next, &QToolButton::clicked, this, [this] { step(1); });
    connect(m_evidence, &QPushButton::clicked, this, &AdviceCard::pickEvidence);
    connect(m_details, &QPushButton::toggled, this, [this] { refresh(); });
    connect(m_apply, &QPushButton::clicked, this, [this] {
        if (shown() == nullptr || !m_choice)
            return;
        // Copies: what follows from it changes what the card holds.
        const engine::Diagnosis diagnosis = *shown();
        const SchedulingChoice choice = *m_choice;
        emit applyRequested(diagnosis, choice);
    });
    theme.follow(this, [this] { updateChip(); });
    refresh();
}

void AdviceCard::build()
{
    m_heading->setFont(m_theme.font(TextSize::Body, QFont::DemiBold));
    m_chip->setProperty("role", "small");
    m_place->setProperty("role", "small");
    m_part->setProperty("role", "small");
    m_title->setProperty("role", "heading");
    m_cause->setProperty("role", "secondary");
    m_more->setProperty("role", "small");
    m_source->setProperty("role", "small");
    m_apply->setProperty("kind", "primary");
    m_details->setCheckable(true);
    m_evidence->setProperty("kind", "ghost");
    m_evidence->setIcon(m_theme.icon(QStringLiteral("search")));
    auto* head = new QHBoxLayout;
    head->setSpacing(kSpace1);
    head->addWidget(m_heading);
    head->addSpacing(kSpace2);
    head->addWidget(m_chipIcon);
    head->addWidget(m_chip);
    head->addStretch(1);
    head->addWidget(m_place);
    head->addWidget(m_previous);
    head->addWidget(m_next);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(kSpace2);
    buttons->addWidget(m_apply);
    buttons->addWidget(m_details);
    buttons->addWidget(m_evidence);
    buttons->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace4, kSpace3, kSpace4, kSpace4);
    column->setSpacing(kSpace2);
    column->addLayout(head);
    for (QWidget* part :
         {static_cast<QWidget*>(m_title), static_cast<QWidget*>(m_cause), static_cast<QWidget*>(m_help),
          static_cast<QWidget*>(m_gains), static_cast<QWidget*>(m_source), static_cast<QWidget*>(m_more)})
        column->addWidget(part);
    column->addSpacing(kSpace1);
    column->addLayout(buttons);
    column->addWidget(m_part);
}

void AdviceCard::updateChip()
{
    const engine::Diagnosis* diagnosis = shown();
    m_chipIcon->setVisible(diagnosis != nullptr);
    if (diagnosis == nullptr)
        return;
    const int side = m_theme.scaled(kIconSize);
    m_chipIcon->setPixmap(iconPixmap(AdviceText::icon(engine::bottleneckOf(diagnosis->kind)),
                                     m_theme.tokens().warning, side, devicePixelRatioF()));
}

const engine::Diagnosis* AdviceCard::shown() const
{
    return m_advice && m_index < m_advice->diagnoses.size() ? &m_advice->diagnoses[m_index] : nullptr;
}

/// A person who reads stays with what they read: a diagnosis that is still made keeps its place on screen.
void AdviceCard::setAdvice(const SharedAdvice& advice)
{
    const engine::Diagnosis* before = shown();
    const bool known = before != nullptr;
    const auto kind = known ? before->kind : engine::DiagnosisKind::PoolTooSmall;
    m_advice = advice;
    m_index = 0;
    for (qsizetype i = 0; advice && known && i < advice->diagnoses.size(); ++i)
        if (advice->diagnoses[i].kind == kind)
            m_index = i;
    m_evidenceAt = 0;
    refresh();
}

void AdviceCard::setScheduling(const std::optional<SchedulingChoice>& now)
{
    m_now = now;
    refresh();
}

void AdviceCard::step(int by)
{
    const qsizetype count = m_advice ? m_advice->diagnoses.size() : 0;
    m_index = std::clamp<qsizetype>(m_index + by, 0, std::max<qsizetype>(count - 1, 0));
    m_evidenceAt = 0;
    refresh();
}

void AdviceCard::showNothing()
{
    for (QWidget* part :
         {static_cast<QWidget*>(m_help), static_cast<QWidget*>(m_gains), static_cast<QWidget*>(m_more),
          static_cast<QWidget*>(m_apply), static_cast<QWidget*>(m_details), static_cast<QWidget*>(m_evidence),
          static_cast<QWidget*>(m_source), static_cast<QWidget*>(m_chip), static_cast<QWidget*>(m_place),
          static_cast<QWidget*>(m_previous), static_cast<QWidget*>(m_next)})
        part->hide();
    m_title->setText(m_advice ? tr("Nothing holds the replies back") : tr("Looking at the recording…"));
    m_cause->setText(m_advice ? tr("No bottleneck stands out in what was recorded. With more load there may "
                                   "be one.")
                              : QString());
    m_cause->setVisible(m_advice != nullptr);
}

/// Replays take their time: of a long recording the end is looked at.
void AdviceCard::showPart()
{
    const bool cut = m_advice && m_advice->steps < m_advice->stepsInRange;
    m_part->setVisible(cut);
    if (cut)
        m_part->setText(tr("From the newest %1 of %2 steps. Select a time to look at another part.")
                            .arg(countText(m_advice->steps), countText(m_advice->stepsInRange)));
}

void AdviceCard::refresh()
{
    m_heading->setText(tr("Advisor"));
    showPart();
    const engine::Diagnosis* diagnosis = shown();
    updateChip();
    if (diagnosis == nullptr) {
        showNothing();
        return;
    }
    const qsizetype count = m_advice->diagnoses.size();
    m_chip->setText(AdviceText::bottleneck(engine::bottleneckOf(diagnosis->kind)));
    m_chip->show();
    m_place->setText(tr("%1 of %2").arg(m_index + 1).arg(count));
    m_place->setVisible(count > 1);
    m_previous->setVisible(count > 1);
    m_next->setVisible(count > 1);
    m_previous->setEnabled(m_index > 0);
    m_next->setEnabled(m_index + 1 < count);
    m_previous->setAccessibleName(tr("Previous diagnosis"));
    m_next->setAccessibleName(tr("Next diagnosis"));
    m_title->setText(AdviceText::title(diagnosis->kind));
    m_cause->setText(AdviceText::said(diagnosis->cause));
    m_cause->show();
    m_help->setText(AdviceText::said(diagnosis->advice));
    m_help->setVisible(!diagnosis->advice.empty());
    showGains(*diagnosis);
    showButtons(*diagnosis);
}

void AdviceCard::showGains(const engine::Diagnosis& diagnosis)
{
    QList<GainFigure> figures;
    bool replayed = true;
    for (const engine::Gain& gain : diagnosis.gains) {
        const GainFigure figure = gainFigure(gain.metric, gain.before, gain.after);
        if (figure.value.isEmpty())
            continue;
        figures << figure;
        replayed = replayed && gain.by == engine::GainSource::Replay;
    }
    m_gains->setFigures(figures);
    m_source->setText(replayed ? tr("predicted by replay") : tr("estimated from the costs of steps"));
    m_source->setVisible(!figures.isEmpty());
}

void AdviceCard::showButtons(const engine::Diagnosis& diagnosis)
{
    m_choice.reset();
    if (m_now && diagnosis.suggestion)
        m_choice = choiceOf(*diagnosis.suggestion, *m_now, m_advice->blockBytes);
    m_apply->setVisible(m_choice.has_value());
    m_apply->setText(tr("Apply"));
    if (m_choice)
        m_apply->setToolTip(changeText(*m_now, *m_choice, diagnosis.suggestion->key));
    m_details->setText(tr("Details"));
    m_details->show();
    m_more->setText(detailsOf(diagnosis));
    m_more->setVisible(m_details->isChecked());
    const std::size_t places = diagnosis.evidence.ranges.size();
    m_evidence->setVisible(places > 0);
    m_evidence->setText(places > 1 ? tr("Show where, %1 of %2").arg(m_evidenceAt % places + 1).arg(places)
                                   : tr("Show where"));
    m_evidence->setToolTip(tr("Selects the time on the timeline"));
}

QString AdviceCard::detailsOf(const engine::Diagnosis& diagnosis) const
{
    QStringList lines{tr("Explains %1 % of all waiting in %2 steps.")
                          .arg(qRound(diagnosis.severity * 100))
                          .arg(countText(m_advice->steps))};
    for (const engine::Gain& gain : diagnosis.gains)
        lines << gainFigure(gain.metric, gain.before, gain.after).tip;
    if (diagnosis.suggestion) {
        const engine::Suggestion& suggestion = *diagnosis.suggestion;
        const QString proposed = AdviceText::value(suggestion.key, suggestion.proposed);
        lines << (suggestion.current ? tr("%1: %2 instead of %3")
                                           .arg(AdviceText::setting(suggestion.key), proposed,
                                                AdviceText::value(suggestion.key, *suggestion.current))
                                     : tr("%1: %2").arg(AdviceText::setting(suggestion.key), proposed));
        lines << tr("Where to change it: %1").arg(AdviceText::place(suggestion.key));
    }
    return lines.join(QLatin1Char('\n'));
}

/// One after the other.
void AdviceCard::pickEvidence()
{
    const engine::Diagnosis* diagnosis = shown();
    if (diagnosis == nullptr || diagnosis->evidence.ranges.empty())
        return;
    const auto& ranges = diagnosis->evidence.ranges;
    const TimeRange range = ranges[m_evidenceAt++ % ranges.size()];
    showButtons(*diagnosis);
    emit rangePicked(range);
}

QString AdviceCard::text() const
{
    QStringList all;
    for (const QLabel* label :
         {m_heading, m_chip, m_place, m_title, m_cause, m_help, m_source, m_more, m_part})
        if (!label->isHidden())
            all << label->text();
    return all.join(QLatin1Char('\n'));
}

void AdviceCard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        refresh();
    QFrame::changeEvent(event);
}

} // namespace vitrine::ui
