// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/lab/lab_choices.h"

#include <cmath>

#include <QFileInfo>
#include <QSettings>
#include <QStringList>

#include "engine/workload/workload_maker.h"
#include "ui/profiler/lab/lab_load_card.h"
#include "ui/profiler/lab/lab_runner.h"
#include "ui/profiler/lab/lab_settings_card.h"
#include "ui/profiler/lab/lab_texts.h"

namespace vitrine::ui {
namespace {

const QString kGroup = QStringLiteral("profiler/lab/");
constexpr qsizetype kLongestRow = 1'000; // characters

/// The names in the file; never to be changed.
constexpr const char* kSettings[kLabSettings] = {"itlTarget",   "kvShare", "maxRunning",
                                                 "tokenBudget", "policy",  "preemption",
                                                 "batches",     "threads", "deterministic"};

QString rowText(const LabSettings& row)
{
    QStringList parts;
    for (const auto& [setting, value] : row)
        parts << QStringLiteral("%1=%2")
                     .arg(QLatin1String(kSettings[std::size_t(setting)]))
                     .arg(value, 0, 'g', 12);
    return parts.join(QLatin1Char(';'));
}

/// Of those that are offered, the one that is meant.
void readSetting(const QString& part, LabSettings& row)
{
    const qsizetype sign = part.indexOf(QLatin1Char('='));
    if (sign < 0)
        return;
    bool isNumber = false;
    const double value = part.sliced(sign + 1).toDouble(&isNumber);
    for (std::size_t i = 0; isNumber && i < kLabSettings; ++i) {
        if (part.first(sign) != QLatin1String(kSettings[i]))
            continue;
        for (const double offered : LabTexts::values(LabSetting(i)))
            if (std::abs(offered - value) <= 1e-9 * std::max(1.0, std::abs(offered)))
                row[LabSetting(i)] = offered;
    }
}

LabSettings rowOf(const QString& text)
{
    LabSettings row;
    if (text.size() <= kLongestRow)
        for (const QString& part : text.split(QLatin1Char(';'), Qt::SkipEmptyParts))
            readSetting(part, row);
    return row;
}

bool isThere(const QString& what)
{
    return what == LabLoadCard::kLive || engine::findWorkloadKind(what.toStdString()) != nullptr ||
           (what.endsWith(QLatin1String(".vtrace"), Qt::CaseInsensitive) && QFileInfo(what).isFile());
}

template<class Value>
Value within(const QVariant& kept, Value least, Value most, Value usual)
{
    bool isNumber = false;
    const double value = kept.toDouble(&isNumber);
    return isNumber && value >= double(least) && value <= double(most) ? Value(value) : usual;
}

} // namespace

void LabChoices::writeTo(QSettings& settings) const
{
    const auto write = [&settings](const char* key, const QVariant& value) {
        settings.setValue(kGroup + QLatin1String(key), value);
    };
    write("what", load.what);
    write("requests", load.requests);
    write("rate", load.rate);
    write("least", load.least);
    write("most", load.most);
    write("reply", load.reply);
    write("shared", load.shared);
    write("seed", load.seed);
    write("speed", load.speed);
    write("repeats", repeats);
    write("cache", cache);
    QStringList lines;
    for (const LabSettings& row : rows)
        lines << rowText(row);
    write("rows", lines);
}

LabChoices LabChoices::readFrom(const QSettings& settings, const LabChoices& usual)
{
    const auto kept = [&settings](const char* key) { return settings.value(kGroup + QLatin1String(key)); };
    LabChoices choices = usual;
    if (const QString what = kept("what").toString(); isThere(what))
        choices.load.what = what;
    else
        return choices; // its numbers mean nothing for another load
    LabLoadChoice& load = choices.load;
    load.requests = within(kept("requests"), 1, LabLoadCard::kMostRequests, load.requests);
    load.rate = within(kept("rate"), 0.0, LabLoadCard::kMostRate, load.rate);
    load.least = within(kept("least"), 1, LabLoadCard::kMostTokens, load.least);
    load.most = within(kept("most"), load.least, LabLoadCard::kMostTokens, std::max(load.least, load.most));
    load.reply = within(kept("reply"), 0, LabLoadCard::kMostTokens, load.reply);
    load.shared = within(kept("shared"), 0, LabLoadCard::kMostTokens, load.shared);
    load.seed = within(kept("seed"), 0, LabLoadCard::kMostSeed, load.seed);
    load.speed = within(kept("speed"), 0.0, 1e3, load.speed);
    choices.repeats = within(kept("repeats"), 1, LabRunner::kMostRepeats, choices.repeats);
    choices.cache = within(kept("cache"), 0, int(LabCache::Chats), choices.cache);
    QList<LabSettings> rows;
    for (const QString& line : kept("rows").toStringList().mid(0, LabSettingsCard::kMostRows))
        rows << rowOf(line);
    if (!rows.isEmpty())
        choices.rows = rows;
    return choices;
}

} // namespace vitrine::ui
