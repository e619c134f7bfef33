// SPDX-License-Identifier: GPL-3.0-or-later
// Cause, victim, alternatives and outcome of a preemption.
#include <cmath>

#include <QCoreApplication>
#include <QLabel>

#include "ui/profiler/inspect/inspector_texts.h"
#include "ui/profiler/inspect/preemption_choices.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr double kPlaceStep = 1e7; // hundredths of a second
constexpr double kPercentSaid = 1e4;

struct PreemptionTexts
{
    Q_DECLARE_TR_FUNCTIONS(PreemptionTexts)
};

QString reasonWord(engine::PreemptionReason reason)
{
    switch (reason) {
    case engine::PreemptionReason::NoBlock:
        return PreemptionTexts::tr("out of blocks");
    case engine::PreemptionReason::Predicted:
        return PreemptionTexts::tr("ahead of need");
    case engine::PreemptionReason::PoolShrinks:
        return PreemptionTexts::tr("the pool shrinks");
    }
    return {};
}

QString causeText(const PreemptionDetails& d)
{
    const QString who =
        d.beneficiary.request.value == 0 ? PreemptionTexts::tr("The batch") : d.beneficiary.title;
    const QString free = countText(d.free), cached = countText(d.cached);
    switch (d.event.reason) {
    case engine::PreemptionReason::NoBlock:
        return PreemptionTexts::tr("%1 asked for a block. Free blocks: %2, blocks with cached text alone: "
                                   "%3. Not enough for the step.")
            .arg(who, free, cached);
    case engine::PreemptionReason::Predicted:
        return PreemptionTexts::tr("The forecast said that the pool runs dry within a few steps. Free "
                                   "blocks: %1, cached ones: %2.")
            .arg(free, cached);
    case engine::PreemptionReason::PoolShrinks:
        return PreemptionTexts::tr(
            "The pool was made smaller, and this request had to give its blocks back.");
    }
    return {};
}

void addCause(InspectorForm& form, const PreemptionDetails& d)
{
    form.addSection(PreemptionTexts::tr("Cause"));
    form.addText(causeText(d));
    const quint64 total = quint64(d.referenced) + d.cached + d.free;
    if (total == 0)
        return;
    const QString used = PreemptionTexts::tr("%1 in use").arg(countText(d.referenced));
    const QString kept = PreemptionTexts::tr("%1 cached").arg(countText(d.cached));
    form.addBar(
        {{double(d.referenced), &Tokens::accentMuted, used}, {double(d.cached), &Tokens::cached, kept}},
        PreemptionTexts::tr("%1, %2").arg(used, kept),
        PreemptionTexts::tr("%1 blocks").arg(countText(total)));
}

void addVictim(InspectorForm& form, const PreemptionDetails& d)
{
    form.addSection({});
    form.addRequest(PreemptionTexts::tr("Victim"), d.victim);
    if (d.beneficiary.request.value != 0)
        form.addRequest(PreemptionTexts::tr("Made room for"), d.beneficiary);
    form.addFigure(PreemptionTexts::tr("Blocks given back"), countText(d.event.blocksFreed),
                   PreemptionTexts::tr("Blocks that nobody else holds and that can be used again."));
    if (d.event.blocks > d.event.blocksFreed)
        form.addFigure(PreemptionTexts::tr("Still held by others"),
                       countText(d.event.blocks - d.event.blocksFreed),
                       PreemptionTexts::tr("Shared with requests that go on."), &Tokens::cachedInk);
    form.addFigure(
        PreemptionTexts::tr("To recompute, at worst"),
        PreemptionTexts::tr("%1 tokens").arg(countText(d.event.recomputeTokens)),
        PreemptionTexts::tr("Tokens whose keys and values were given up. What is still cached when it comes "
                            "back need not be computed again."),
        &Tokens::preemptedInk);
    form.addFigure(PreemptionTexts::tr("Preempted before"), timesText(d.before));
}

void addAlternatives(InspectorForm& form, const PreemptionDetails& d, const Theme& theme)
{
    if (d.choices.isEmpty())
        return;
    form.addSection(PreemptionTexts::tr("Alternatives"), PreemptionTexts::tr("predicted cost"));
    auto* choices = new PreemptionChoices(d, theme);
    QObject::connect(choices, &PreemptionChoices::requestPicked, &form, &InspectorForm::requestPicked);
    form.addWidget(choices);
    if (d.event.considered > quint32(d.choices.size()))
        form.addText(PreemptionTexts::tr("%1 requests were considered").arg(countText(d.event.considered)))
            ->setProperty("role", "small");
}

/// "58 ms (+14 %)", against what was predicted.
QString measuredCost(const PreemptionDetails& d)
{
    QString said = durationText(double(d.recomputeNs));
    const double predicted = d.event.seconds * 1e9;
    const double percent = predicted > 0 ? (double(d.recomputeNs) / predicted - 1) * 100 : 0;
    if (predicted > 0 && std::isfinite(percent) && std::abs(percent) < kPercentSaid)
        said += PreemptionTexts::tr(" (%1%2 %)")
                    .arg(percent < 0 ? QString(QChar(0x2212)) : QStringLiteral("+"))
                    .arg(qRound(std::abs(percent)));
    return said;
}

void addOutcome(InspectorForm& form, const PreemptionDetails& d)
{
    form.addSection(PreemptionTexts::tr("Outcome"));
    if (d.pauseNs <= 0) {
        form.addText(PreemptionTexts::tr("It has not computed again, as far as the recording goes."));
        return;
    }
    if (d.event.seconds > 0 && std::isfinite(d.event.seconds))
        form.addFigure(PreemptionTexts::tr("Cost, predicted"), durationText(d.event.seconds * 1e9));
    form.addFigure(
        PreemptionTexts::tr("Cost, measured"), measuredCost(d),
        PreemptionTexts::tr(
            "Steps that computed again what was lost, and how that compares with the prediction."));
    form.addFigure(PreemptionTexts::tr("Computed again"),
                   PreemptionTexts::tr("%1 tokens").arg(countText(d.recomputedTokens)));
    form.addFigure(PreemptionTexts::tr("Pause the reader saw"), durationText(double(d.pauseNs)),
                   PreemptionTexts::tr("From the preemption until it was computed again."));
}

} // namespace

void describePreemption(InspectorForm& form, const PreemptionDetails& details, qint64 originNs,
                        const Theme& theme, QWidget* walker)
{
    form.clear();
    if (details.number == 0) {
        form.addHeader(QStringLiteral("pause"), &Tokens::secondary, PreemptionTexts::tr("Preemption"),
                       PreemptionTexts::tr("No request was preempted in this recording."));
        return;
    }
    const QString place = placeText(details.ns - originNs, kPlaceStep);
    form.addHeader(QStringLiteral("pause"), &Tokens::preemptedInk, PreemptionTexts::tr("Preemption"),
                   PreemptionTexts::tr("Step %1 at %2, %3")
                       .arg(countText(details.step), place, reasonWord(details.event.reason)),
                   walker);
    addCause(form, details);
    addVictim(form, details);
    addAlternatives(form, details, theme);
    addOutcome(form, details);
}

} // namespace vitrine::ui
