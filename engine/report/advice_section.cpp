// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/report/advice_section.h"

#include <cctype>
#include <cmath>
#include <string>

#include "engine/analysis/sentence.h"

namespace vitrine::engine {

namespace {

std::string capitalised(std::string text)
{
    if (!text.empty())
        text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
    return text;
}

std::string amount(GainMetric metric, double value)
{
    const bool counts = metric == GainMetric::TokensPerSecond || metric == GainMetric::Preemptions;
    return (counts ? countFigure(std::round(value)) : timeFigure(value)).text;
}

ReportFigure figureOf(const Gain& gain)
{
    return {amount(gain.metric, gain.after), metricName(gain.metric),
            "instead of " + amount(gain.metric, gain.before) +
                (gain.by == GainSource::Replay ? ", by replay" : ", by step costs")};
}

} // namespace

ReportSection adviceSection(std::span<const Diagnosis> diagnoses)
{
    ReportSection section;
    section.title = "What holds the requests back";
    for (const Diagnosis& diagnosis : diagnoses) {
        section.blocks.emplace_back(ReportHeading{capitalised(diagnosisName(diagnosis.kind)), 3});
        section.blocks.emplace_back(ReportParagraph{diagnosis.cause.english(), false});
        if (!diagnosis.advice.empty())
            section.blocks.emplace_back(ReportParagraph{diagnosis.advice.english(), true});
        ReportFigures figures;
        for (const Gain& gain : diagnosis.gains)
            figures.figures.push_back(figureOf(gain));
        if (!figures.figures.empty())
            section.blocks.emplace_back(std::move(figures));
    }
    return section;
}

} // namespace vitrine::engine
