// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/reply_details.h"

#include <algorithm>
#include <array>
#include <functional>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace vitrine::ui {

namespace {

struct Part
{
    const char* key;
    double ReplyDetails::*seconds;
};

constexpr std::array kParts{
    Part{"queued", &ReplyDetails::queued},   Part{"preempted", &ReplyDetails::preempted},
    Part{"prefill", &ReplyDetails::prefill}, Part{"interference", &ReplyDetails::interference},
    Part{"decode", &ReplyDetails::decode},   Part{"sampling", &ReplyDetails::sampling},
    Part{"other", &ReplyDetails::other},     Part{"saved", &ReplyDetails::saved}};

double seconds(std::int64_t nanoseconds)
{
    return double(nanoseconds) / 1e9;
}

} // namespace

ReplyDetails detailsOf(const ReplyEnd& end)
{
    const engine::LatencyBreakdown& latency = end.stats.latency;
    ReplyDetails details;
    details.queued = seconds(latency.queuedNs);
    details.preempted = seconds(latency.preemptedNs);
    details.prefill = seconds(latency.prefillNs);
    details.interference = seconds(latency.interferenceNs);
    details.decode = seconds(latency.decodeNs);
    details.sampling = seconds(latency.samplingNs);
    details.other = seconds(latency.overheadNs);
    details.saved = seconds(latency.cacheSavedNs);
    details.steps = latency.steps;
    details.sharedSteps = latency.sharedSteps;
    details.contextFull = end.stats.contextFull;
    return details;
}

void ReplyDetails::add(const ReplyDetails& later)
{
    for (const Part& part : kParts)
        this->*part.seconds += later.*part.seconds;
    steps += later.steps;
    sharedSteps += later.sharedSteps;
    for (const Neighbour& neighbour : later.neighbours) {
        const auto known = std::ranges::find(neighbours, neighbour.title, &Neighbour::title);
        if (known == neighbours.end()) {
            neighbours.append(neighbour);
        } else {
            known->sharedSteps += neighbour.sharedSteps;
            known->seconds += neighbour.seconds;
        }
    }
    std::ranges::stable_sort(neighbours, std::greater{}, &Neighbour::seconds);
    contextFull = later.contextFull;
    leftOut = later.leftOut;
    if (!hasThought()) {
        thoughtSeconds = later.thoughtSeconds;
        thoughtTokens = later.thoughtTokens;
    }
    tokens += later.tokens;
}

QString detailsToJson(const ReplyDetails& details)
{
    QJsonObject object;
    for (const Part& part : kParts) {
        if (details.*part.seconds != 0)
            object[QLatin1String(part.key)] = details.*part.seconds;
    }
    if (details.steps > 0)
        object["steps"] = qint64(details.steps);
    if (details.sharedSteps > 0)
        object["shared_steps"] = qint64(details.sharedSteps);
    if (details.contextFull)
        object["context_full"] = true;
    if (details.leftOut > 0)
        object["left_out"] = qint64(details.leftOut);
    if (details.thoughtSeconds > 0)
        object["thought_seconds"] = details.thoughtSeconds;
    if (details.thoughtTokens > 0)
        object["thought_tokens"] = qint64(details.thoughtTokens);
    QJsonArray neighbours, tokens;
    for (const ReplyDetails::Neighbour& each : details.neighbours)
        neighbours.append(QJsonObject{
            {"title", each.title}, {"steps", qint64(each.sharedSteps)}, {"seconds", each.seconds}});
    for (const qint32 token : details.tokens)
        tokens.append(token);
    if (!neighbours.isEmpty())
        object["neighbours"] = neighbours;
    if (!tokens.isEmpty())
        object["tokens"] = tokens;
    return object.isEmpty() ? QString()
                            : QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

ReplyDetails detailsFromJson(const QString& json)
{
    ReplyDetails details;
    if (json.isEmpty())
        return details;
    const QJsonObject object = QJsonDocument::fromJson(json.toUtf8()).object();
    for (const Part& part : kParts)
        details.*part.seconds = std::max(0.0, object[QLatin1String(part.key)].toDouble());
    details.steps = quint32(object["steps"].toInt());
    details.sharedSteps = quint32(object["shared_steps"].toInt());
    details.contextFull = object["context_full"].toBool();
    details.leftOut = quint32(object["left_out"].toInt());
    details.thoughtSeconds = std::max(0.0, object["thought_seconds"].toDouble());
    details.thoughtTokens = quint32(std::max(0, object["thought_tokens"].toInt()));
    for (const QJsonValue& value : object["neighbours"].toArray())
        details.neighbours.append(
            {value["title"].toString(), quint32(value["steps"].toInt()), value["seconds"].toDouble()});
    for (const QJsonValue& value : object["tokens"].toArray())
        details.tokens.append(value.toInt());
    return details;
}

} // namespace vitrine::ui
