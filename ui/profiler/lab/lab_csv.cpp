// SPDX-License-Identifier: GPL-3.0-or-later
// The table of the load lab for other programs: plain numbers, English names.
#include "ui/profiler/lab/lab_texts.h"

namespace vitrine::ui {
namespace {

constexpr const char* kSettingColumns[] = {"itl_target_s", "kv_share", "max_running",
                                           "token_budget", "policy",   "preemption",
                                           "mode",         "threads",  "deterministic"};
static_assert(std::size(kSettingColumns) == kLabSettings);

constexpr const char* kFigureColumns[] = {"tokens_per_s", "ttft_p50_s",  "ttft_p99_s",
                                          "itl_p50_s",    "itl_p99_s",   "queue_mean_s",
                                          "prefix_hits",  "preemptions", "peak_blocks"};
static_assert(std::size(kFigureColumns) == engine::kLoadFigures);

QString number(double value)
{
    return QString::number(value, 'g', 9);
}

QString settingText(LabSetting setting, double value)
{
    if (setting == LabSetting::Policy)
        return QString::fromLatin1(engine::policyName(engine::PolicyKind(int(value))));
    if (setting == LabSetting::Preemption)
        return value == 0   ? QStringLiteral("cheapest")
               : value == 1 ? QStringLiteral("recompute")
                            : QStringLiteral("swap");
    if (setting == LabSetting::Batches)
        return value == 0 ? QStringLiteral("mixed") : QStringLiteral("two-phase");
    return number(value);
}

QString headLine()
{
    QStringList cells{QStringLiteral("row")};
    for (const char* name : kSettingColumns)
        cells << QString::fromLatin1(name);
    cells << QStringLiteral("runs") << QStringLiteral("requests") << QStringLiteral("errors");
    for (const char* name : kFigureColumns) {
        const QString figure = QString::fromLatin1(name);
        cells << figure << figure + QStringLiteral("_min") << figure + QStringLiteral("_max");
    }
    return cells.join(QLatin1Char(','));
}

} // namespace

QString LabTexts::csv(const QList<LabSettings>& settings, const std::vector<LabRunner::Row>& rows)
{
    QStringList lines{headLine()};
    const std::vector<engine::LoadRow> compared = comparedRows(rows);
    for (std::size_t i = 0; i < rows.size() && i < std::size_t(settings.size()); ++i) {
        QStringList cells{QString::number(i + 1)};
        for (std::size_t key = 0; key < kLabSettings; ++key) {
            const auto found = settings[int(i)].find(LabSetting(key));
            cells << (found != settings[int(i)].end() ? settingText(found->first, found->second) : QString());
        }
        quint64 requests = 0, errors = 0;
        for (const LabEnd& run : rows[i].runs) {
            requests += run.replies;
            errors += run.errors;
        }
        cells << QString::number(rows[i].runs.size()) << QString::number(requests) << QString::number(errors);
        for (const engine::LoadCell& cell : compared[i]) {
            const bool known = cell.runs > 0;
            cells << (known ? number(cell.median) : QString()) << (known ? number(cell.least) : QString())
                  << (known ? number(cell.most) : QString());
        }
        lines << cells.join(QLatin1Char(','));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace vitrine::ui
