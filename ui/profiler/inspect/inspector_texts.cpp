// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/inspect/inspector_texts.h"

#include <algorithm>
#include <array>

#include <QCoreApplication>
#include <QLabel>
#include <QLocale>

#include "ui/profiler/blocks/block_look.h"
#include "ui/profiler/inspect/block_moments.h"
#include "ui/profiler/timeline/phase_look.h"
#include "ui/profiler/timeline/step_panel.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

using engine::LifePhase;
using engine::LifeSpan;

constexpr double kPlaceStep = 1e6; // a millisecond
constexpr qsizetype kMostRows = 24;
constexpr int kPhases = 5;

struct InspectorTexts
{
    Q_DECLARE_TR_FUNCTIONS(InspectorTexts)
};

using PhaseTimes = std::array<double, kPhases>; // ns

PhaseTimes timesOf(const engine::RequestLife& life)
{
    PhaseTimes times{};
    for (const LifeSpan& span : life.spans)
        times[std::min<std::size_t>(std::size_t(span.phase), kPhases - 1)] +=
            double(std::max<qint64>(span.endNs - span.startNs, 0));
    return times;
}

QString reasonText(const engine::RequestLife& life)
{
    if (life.endNs == 0)
        return InspectorTexts::tr("still running");
    switch (life.reason) {
    case engine::FinishReason::None:
        return InspectorTexts::tr("not said");
    case engine::FinishReason::Stop:
        return InspectorTexts::tr("it was done");
    case engine::FinishReason::Length:
        return InspectorTexts::tr("the limit on tokens");
    case engine::FinishReason::Cancelled:
        return InspectorTexts::tr("stopped by the person");
    case engine::FinishReason::Error:
        return InspectorTexts::tr("an error");
    }
    return {};
}

void addPhases(InspectorForm& form, const engine::RequestLife& life)
{
    static constexpr std::array<QColor Tokens::*, kPhases> kColours{
        &Tokens::queued, &Tokens::prefill, &Tokens::decode, &Tokens::preempted, &Tokens::preempted};
    const PhaseTimes times = timesOf(life);
    std::vector<BarPart> parts;
    form.addSection(InspectorTexts::tr("Time"));
    for (int i = 0; i < kPhases; ++i) {
        const auto phase = LifePhase(i);
        const QString length = durationText(times[std::size_t(i)]);
        const bool hatched =
            phase == LifePhase::Queued || phase == LifePhase::Preempted || phase == LifePhase::Recompute;
        parts.push_back({times[std::size_t(i)], kColours[std::size_t(i)],
                         InspectorTexts::tr("%1: %2").arg(phaseName(phase), length), hatched});
    }
    form.addBar(parts, {}, {});
    for (int i = 0; i < kPhases; ++i)
        if (times[std::size_t(i)] > 0)
            form.addFigure(phaseName(LifePhase(i)), durationText(times[std::size_t(i)]),
                           phaseMeaning(LifePhase(i)));
    if (life.firstTokenNs > life.arrivalNs)
        form.addFigure(InspectorTexts::tr("To the first token"),
                       durationText(double(life.firstTokenNs - life.arrivalNs)),
                       InspectorTexts::tr("From its arrival: what its reader waited."));
}

void addStepTimes(InspectorForm& form, const StepDetails& details)
{
    const engine::StepFigures& f = details.figures;
    form.addSection(InspectorTexts::tr("Time"));
    const std::array<std::pair<engine::StepPhase, qint64>, 5> phases{
        {{engine::StepPhase::Schedule, f.scheduleNs},
         {engine::StepPhase::Transfer, f.transferNs},
         {engine::StepPhase::Forward, f.forwardNs},
         {engine::StepPhase::Sample, f.sampleNs},
         {engine::StepPhase::Emit, f.emitNs}}};
    for (const auto& [phase, ns] : phases)
        form.addFigure(StepPanel::phaseName(phase), durationText(double(ns)), StepPanel::phaseMeaning(phase));
    if (f.predictedNs > 0)
        form.addFigure(InspectorTexts::tr("forward, as predicted"), durationText(double(f.predictedNs)),
                       InspectorTexts::tr("By the model of step times that the scheduler plans with."));
    if (f.hiddenNs > 0)
        form.addFigure(
            InspectorTexts::tr("hidden"), durationText(double(f.hiddenNs)),
            InspectorTexts::tr("Work of scheduling and text that was done while the model computed."));
}

void addStepRows(InspectorForm& form, const StepDetails& details)
{
    form.addSection(InspectorTexts::tr("Requests"),
                    InspectorTexts::tr("%1 in the batch").arg(countText(quint64(details.rows.size()))));
    for (qsizetype i = 0; i < std::min(details.rows.size(), kMostRows); ++i) {
        const StepDetails::Row& row = details.rows[i];
        form.addRequest({}, row.name,
                        row.row.prefillTokens > 0
                            ? InspectorTexts::tr("%1 of the prompt").arg(countText(row.row.prefillTokens))
                            : InspectorTexts::tr("one token"));
    }
    if (details.rows.size() > kMostRows)
        form.addText(
                InspectorTexts::tr("and %1 more").arg(countText(quint64(details.rows.size() - kMostRows))))
            ->setProperty("role", "small");
}

} // namespace

QString timesText(quint32 count)
{
    return count == 0   ? InspectorTexts::tr("never")
           : count == 1 ? InspectorTexts::tr("once")
                        : InspectorTexts::tr("%1 times").arg(countText(count));
}

void describeRequest(InspectorForm& form, const RequestDetails& details, qint64 originNs)
{
    const engine::RequestLife& life = details.life;
    form.clear();
    form.addHeader(details.name, InspectorTexts::tr("Request %1, arrived at %2")
                                     .arg(details.name.request.value)
                                     .arg(placeText(life.arrivalNs - originNs, kPlaceStep)));
    addPhases(form, life);
    form.addSection(InspectorTexts::tr("Tokens"));
    form.addFigure(InspectorTexts::tr("Prompt"), countText(life.promptTokens));
    form.addFigure(
        InspectorTexts::tr("Found in the prefix cache"), countText(life.cachedTokens),
        InspectorTexts::tr("Tokens of the prompt that need not be computed: another prompt began alike."),
        &Tokens::cachedInk);
    form.addFigure(InspectorTexts::tr("Reply"), countText(life.replyTokens));
    const qint64 end = life.endNs != 0 ? life.endNs : life.spans.empty() ? 0 : life.spans.back().endNs;
    if (life.replyTokens > 1 && life.firstTokenNs > 0 && end > life.firstTokenNs)
        form.addFigure(
            InspectorTexts::tr("Tokens per second"),
            QLocale().toString((life.replyTokens - 1) / (double(end - life.firstTokenNs) * 1e-9), 'f', 1),
            InspectorTexts::tr("After the first one."));
    form.addSection(InspectorTexts::tr("End"));
    form.addFigure(InspectorTexts::tr("Ended by"), reasonText(life));
    form.addFigure(InspectorTexts::tr("Preempted"), timesText(life.preemptions),
                   phaseMeaning(LifePhase::Preempted));
}

void describeStep(InspectorForm& form, const StepDetails& details, qint64 originNs)
{
    const engine::StepFigures& f = details.figures;
    form.clear();
    form.addHeader(
        QStringLiteral("speed"), &Tokens::accent, InspectorTexts::tr("Step %1").arg(countText(f.step)),
        InspectorTexts::tr("at %1, %2")
            .arg(placeText(f.startNs - originNs, kPlaceStep), durationText(double(f.endNs - f.startNs))));
    form.addSection(InspectorTexts::tr("Batch"));
    form.addFigure(InspectorTexts::tr("Prompt tokens"),
                   InspectorTexts::tr("%1 of %2").arg(countText(f.prefillTokens), countText(f.tokenBudget)),
                   InspectorTexts::tr("Read in this step, and how many the budget allows."));
    if (f.recomputedTokens > 0)
        form.addFigure(InspectorTexts::tr("Computed again"), countText(f.recomputedTokens),
                       phaseMeaning(LifePhase::Recompute), &Tokens::preemptedInk);
    form.addFigure(InspectorTexts::tr("Replies"), countText(f.decodeTokens),
                   InspectorTexts::tr("That get a token in this step."));
    form.addFigure(InspectorTexts::tr("Running, waiting"),
                   InspectorTexts::tr("%1, %2").arg(countText(f.running), countText(f.waiting)));
    form.addFigure(
        InspectorTexts::tr("Blocks in use, cached, free"),
        InspectorTexts::tr("%1, %2, %3")
            .arg(countText(f.blocksReferenced), countText(f.blocksCached), countText(f.blocksFree)));
    addStepTimes(form, details);
    addStepRows(form, details);
}

void describeBlock(InspectorForm& form, const BlockDetails& details, qint64 originNs, const Theme& theme)
{
    form.clear();
    form.addHeader(QStringLiteral("blocks"), &Tokens::accent,
                   InspectorTexts::tr("Block %1").arg(countText(details.block)),
                   blockStateText(details.cell));
    form.addSection(InspectorTexts::tr("Contents"));
    if (details.writer.request.value != 0)
        form.addRequest(InspectorTexts::tr("Written by"), details.writer);
    if (details.tokens > 0)
        form.addFigure(
            InspectorTexts::tr("Tokens of its text"),
            InspectorTexts::tr("%1 to %2")
                .arg(countText(details.firstToken), countText(details.firstToken + details.tokens - 1)));
    if (!details.text.isEmpty()) {
        QLabel* text = form.addText(details.text);
        text->setFont(theme.fixedFont(TextSize::Small));
        text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    }
    if (details.takenNs > 0)
        form.addFigure(InspectorTexts::tr("Taken"),
                       InspectorTexts::tr("%1 before")
                           .arg(durationText(double(std::max<qint64>(details.ns - details.takenNs, 0)))));
    if (details.releasedNs > 0)
        form.addFigure(InspectorTexts::tr("Given back"),
                       InspectorTexts::tr("%1 before")
                           .arg(durationText(double(std::max<qint64>(details.ns - details.releasedNs, 0)))));
    if (!details.holders.isEmpty()) {
        form.addSection(InspectorTexts::tr("Held by"));
        for (const RequestName& holder : details.holders)
            form.addRequest({}, holder);
        if (details.holderCount > quint32(details.holders.size()))
            form.addText(InspectorTexts::tr("and %1 more")
                             .arg(countText(details.holderCount - quint32(details.holders.size()))))
                ->setProperty("role", "small");
    }
    addBlockMoments(form, details, originNs);
}

} // namespace vitrine::ui
