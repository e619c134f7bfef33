// SPDX-License-Identifier: GPL-3.0-or-later
// Cause, victim, alternatives and outcome of a preemption.
#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QLabel>
#include <QLocale>

#include "ui/profiler/inspect/inspector_texts.h"
#include "ui/profiler/inspect/preemption_choices.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr double kPlaceStep = 1e7; // hundredths of a second
constexpr double kPercentSaid = 1e4;
constexpr double kMostWeight = 1e9;
constexpr quint32 kMostDoublings = 64; // as the scheduler has it

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
    case engine::PreemptionReason::KvLost:
        return PreemptionTexts::tr("a process was replaced");
    }
    return {};
}

QString causeText(const PreemptionDetails& d)
{
    const engine::PreemptionDetail& detail = d.detail;
    const QString who =
        detail.beneficiary.value == 0 ? PreemptionTexts::tr("The batch") : d.beneficiary.title;
    const QString free = countText(detail.free), cached = countText(detail.cached);
    switch (detail.reason) {
    case engine::PreemptionReason::NoBlock:
        return PreemptionTexts::tr("%1 asked for %2. Free blocks: %3, blocks with cached text alone: %4. Not "
                                   "enough for the step.")
            .arg(who,
                 detail.needed > 1 ? PreemptionTexts::tr("%1 blocks").arg(countText(detail.needed))
                                   : PreemptionTexts::tr("a block"),
                 free, cached);
    case engine::PreemptionReason::Predicted:
        return PreemptionTexts::tr("The forecast said that the pool runs dry within a few steps. Free "
                                   "blocks: %1, cached ones: %2.")
            .arg(free, cached);
    case engine::PreemptionReason::PoolShrinks:
        return PreemptionTexts::tr(
            "The pool was made smaller, and this request had to give its blocks back.");
    case engine::PreemptionReason::KvLost:
        return PreemptionTexts::tr(
            "A process that computes with others failed or their number was changed: keys "
            "and values were computed anew.");
    }
    return {};
}

/// Would int8 keys and values, twice as many in the same memory, have spared it this?
void addRelief(InspectorForm& form, const PreemptionDetails& d)
{
    const engine::PreemptionDetail& detail = d.detail;
    if (detail.reason == engine::PreemptionReason::PoolShrinks ||
        detail.reason == engine::PreemptionReason::KvLost || detail.pool == 0 ||
        (d.kvFormat && engine::oneByte(*d.kvFormat)))
        return;
    const quint64 blocks = 2 * quint64(detail.pool);
    QString said;
    QColor Tokens::*ink = nullptr;
    switch (engine::reliefBy(detail, blocks)) {
    case engine::Relief::None:
        said = PreemptionTexts::tr("no");
        break;
    case engine::Relief::ForNow:
        said = PreemptionTexts::tr("put off");
        break;
    case engine::Relief::Lasting:
        said = PreemptionTexts::tr("yes");
        ink = &Tokens::ok;
        break;
    }
    const QString waiting =
        detail.waiting == 0
            ? PreemptionTexts::tr("Nobody waited.")
            : PreemptionTexts::tr("Requests that waited: %1, for up to %2 blocks; they would have come in.")
                  .arg(countText(detail.waiting), countText(detail.waitingBlocks));
    form.addFigure(
        PreemptionTexts::tr("Avoidable with int8 KV"), said,
        PreemptionTexts::tr("int8 keeps nearly twice as many tokens in the same memory as BF16: "
                            "about %1 blocks. At this step %2 were in use and %3 more were asked "
                            "for. %4")
            .arg(countText(blocks), countText(detail.referenced), countText(detail.needed), waiting),
        ink);
}

void addCause(InspectorForm& form, const PreemptionDetails& d)
{
    const engine::PreemptionDetail& detail = d.detail;
    form.addSection(PreemptionTexts::tr("Cause"));
    form.addText(causeText(d));
    const quint64 total = quint64(detail.referenced) + detail.cached + detail.free;
    if (total == 0)
        return;
    const QString used = PreemptionTexts::tr("%1 in use").arg(countText(detail.referenced));
    const QString kept = PreemptionTexts::tr("%1 cached").arg(countText(detail.cached));
    form.addBar({{double(detail.referenced), &Tokens::accentMuted, used},
                 {double(detail.cached), &Tokens::cached, kept},
                 {double(detail.free), &Tokens::freeLine,
                  PreemptionTexts::tr("%1 free").arg(countText(detail.free))}},
                PreemptionTexts::tr("%1, %2").arg(used, kept),
                PreemptionTexts::tr("%1 blocks").arg(countText(total)));
    addRelief(form, d);
}

void addVictim(InspectorForm& form, const PreemptionDetails& d)
{
    const engine::PreemptionDetail& detail = d.detail;
    form.addSection({});
    form.addRequest(PreemptionTexts::tr("Victim"), d.victim);
    if (d.beneficiary.request.value != 0)
        form.addRequest(PreemptionTexts::tr("Made room for"), d.beneficiary);
    form.addFigure(PreemptionTexts::tr("Blocks given back"), countText(detail.freed),
                   PreemptionTexts::tr("Blocks that nobody else holds and that can be used again."));
    if (detail.blocks > detail.freed)
        form.addFigure(PreemptionTexts::tr("Still held by others"), countText(detail.blocks - detail.freed),
                       PreemptionTexts::tr("Shared with requests that go on."), &Tokens::cachedInk);
    if (detail.stillCached > 0)
        form.addFigure(
            PreemptionTexts::tr("Still in the cache"),
            PreemptionTexts::tr("%1 blocks, %2 tokens")
                .arg(countText(detail.stillCached), countText(detail.keptTokens)),
            PreemptionTexts::tr("Of its blocks: whose text could still be found after the step. As long as "
                                "nobody takes them, that part need not be computed again."),
            &Tokens::cachedInk);
    form.addFigure(PreemptionTexts::tr("To recompute, at worst"),
                   PreemptionTexts::tr("%1 tokens").arg(countText(detail.lostTokens)),
                   PreemptionTexts::tr("Tokens whose keys and values were given up and taken by others in "
                                       "the same step, or never were in the cache."),
                   &Tokens::preemptedInk);
    form.addFigure(PreemptionTexts::tr("Preempted before"), timesText(detail.before));
}

QString choiceText(const engine::PreemptionDetail& detail)
{
    switch (engine::victimReason(detail)) {
    case engine::VictimReason::Only:
        return PreemptionTexts::tr("Nobody else could have given blocks back.");
    case engine::VictimReason::Newest:
        return PreemptionTexts::tr("It was the newest request: prices are not asked for with that setting.");
    case engine::VictimReason::Cheapest:
        return PreemptionTexts::tr("Chosen because the least work is lost by it, weighed.");
    case engine::VictimReason::Suffices:
        return PreemptionTexts::tr(
            "Others were cheaper, but none of them would have freed enough blocks alone.");
    case engine::VictimReason::PerBlock:
        return PreemptionTexts::tr(
            "Nobody would have freed enough blocks alone: it costs least for each block it gives back.");
    }
    return {};
}

QString timesFactor(double factor)
{
    return QStringLiteral("× ") + QLocale().toString(factor, 'f', factor < 9.995 ? 2 : 0);
}

/// How the price came about, as far as it is recorded.
void addPrice(InspectorForm& form, const engine::PreemptionDetail& detail)
{
    if (!(detail.predictedSeconds > 0) || !(detail.price > 0) || !std::isfinite(detail.price))
        return;
    const double weight = detail.price / detail.predictedSeconds;
    const double before = std::exp2(std::min(detail.before, kMostDoublings));
    if (!std::isfinite(weight) || weight > kMostWeight)
        return;
    form.addFigure(PreemptionTexts::tr("Work lost, estimated"), durationText(detail.predictedSeconds * 1e9),
                   PreemptionTexts::tr("Time to compute it again, or to move it to host memory and back."));
    if (detail.before > 0)
        form.addFigure(
            PreemptionTexts::tr("Preempted before"), timesFactor(before),
            PreemptionTexts::tr("Each time doubles the price, so that nobody is always the victim."));
    form.addFigure(PreemptionTexts::tr("Progress and priority"), timesFactor(weight / before),
                   PreemptionTexts::tr("A reply that is nearly done costs up to twice as much; each level of "
                                       "priority half as much again."));
    form.addFigure(PreemptionTexts::tr("Price"), durationText(detail.price * 1e9),
                   PreemptionTexts::tr("What was compared with the price of the others."));
}

void addAlternatives(InspectorForm& form, const PreemptionDetails& d, const Theme& theme)
{
    if (d.choices.isEmpty())
        return;
    form.addSection(PreemptionTexts::tr("Alternatives"), PreemptionTexts::tr("weighted price"));
    auto* choices = new PreemptionChoices(d, theme);
    QObject::connect(choices, &PreemptionChoices::requestPicked, &form, &InspectorForm::requestPicked);
    form.addWidget(choices);
    form.addText(choiceText(d.detail));
    addPrice(form, d.detail);
    if (d.detail.considered > quint32(d.choices.size()))
        form.addText(PreemptionTexts::tr("%1 requests were considered").arg(countText(d.detail.considered)))
            ->setProperty("role", "small");
}

/// "58 ms (+14 %)", against what was predicted.
QString measuredCost(const engine::PreemptionDetail& detail)
{
    QString said = durationText(detail.costSeconds * 1e9);
    const double percent =
        detail.predictedSeconds > 0 ? (detail.costSeconds / detail.predictedSeconds - 1) * 100 : 0;
    if (detail.predictedSeconds > 0 && std::isfinite(percent) && std::abs(percent) < kPercentSaid)
        said += PreemptionTexts::tr(" (%1%2 %)")
                    .arg(percent < 0 ? QString(QChar(0x2212)) : QStringLiteral("+"))
                    .arg(qRound(std::abs(percent)));
    return said;
}

void addOutcome(InspectorForm& form, const engine::PreemptionDetail& detail)
{
    form.addSection(PreemptionTexts::tr("Outcome"));
    if (!detail.returnedNs) {
        form.addText(PreemptionTexts::tr("It has not computed again, as far as the recording goes."));
        return;
    }
    form.addFigure(PreemptionTexts::tr("Cost, measured"), measuredCost(detail),
                   PreemptionTexts::tr("Its share of the steps that computed again what was lost, and how "
                                       "that compares with the estimate."));
    form.addFigure(PreemptionTexts::tr("Computed again"),
                   PreemptionTexts::tr("%1 tokens").arg(countText(detail.recomputedTokens)));
    if (detail.waitSeconds)
        form.addFigure(PreemptionTexts::tr("Out of the batch"), durationText(*detail.waitSeconds * 1e9),
                       PreemptionTexts::tr("From the preemption until it was computed again."));
    if (detail.pauseSeconds)
        form.addFigure(PreemptionTexts::tr("Pause the reader saw"), durationText(*detail.pauseSeconds * 1e9),
                       PreemptionTexts::tr("Between two tokens of its reply."));
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
    const engine::PreemptionDetail& detail = details.detail;
    const QString place = placeText(detail.timeNs - originNs, kPlaceStep);
    form.addHeader(QStringLiteral("pause"), &Tokens::preemptedInk, PreemptionTexts::tr("Preemption"),
                   PreemptionTexts::tr("Step %1 at %2, %3")
                       .arg(countText(detail.step), place, reasonWord(detail.reason)),
                   walker);
    addCause(form, details);
    addVictim(form, details);
    addAlternatives(form, details, theme);
    addOutcome(form, detail);
}

} // namespace vitrine::ui
