// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recording/analysis_maker.h"

#include <algorithm>
#include <array>
#include <limits>
#include <sstream>
#include <utility>

#include "engine/analysis/pool_load.h"
#include "engine/telemetry/metrics_text.h"

namespace vitrine::ui {

namespace {

constexpr double kSeconds = 1e-9;
constexpr double kNearlyBest = 0.98;
constexpr double kWorthLooking = 0.005; // of the prompts: less is no difference
constexpr quint32 kMostBlocks = 1U << 24U;
constexpr std::size_t kCoursePoints = 200; // about as many as a row of the table has pixels

double positive(std::int64_t ns)
{
    return double(std::max<std::int64_t>(ns, 0));
}

qint64 startOf(const engine::SessionPart& part)
{
    for (const engine::RecordedStep& step : part.steps())
        if (step.record.step != 0)
            return engine::saneNs(step.record.startNs);
    return 0;
}

/// Takes one step after the other.
class StepReader
{
public:
    explicit StepReader(const engine::SessionPart& part)
    {
        qint64 last = startOf(part);
        m_picture.startNs = last;
        for (const engine::RecordedStep& step : part.steps())
            last = std::max<qint64>(last, engine::saneNs(step.record.endNs));
        m_meanNs = std::max<qint64>((last - m_picture.startNs) / StepsPicture::kMostMeans + 1, 1);
    }

    void add(const engine::StepFigures& step)
    {
        if (step.step == 0)
            return; // between two steps
        ++m_picture.steps;
        addTotals(step);
        const double forward = positive(step.forwardNs), predicted = positive(step.predictedNs);
        if (forward > 0)
            (step.prefillTokens > 0 ? m_prompts : m_decodes).push_back(forward * kSeconds);
        if (forward <= 0 || predicted <= 0)
            return;
        ++m_picture.predicted;
        m_ratio.push_back(forward / predicted);
        addMean(engine::saneNs(step.startNs), forward, predicted);
        addSlow(step, forward, predicted);
    }

    StepsPicture finish()
    {
        m_picture.decodes = engine::Samples(std::move(m_decodes));
        m_picture.prompts = engine::Samples(std::move(m_prompts));
        m_picture.ratio = engine::Samples(std::move(m_ratio));
        for (StepMeans& means : m_picture.means) {
            means.forwardNs /= means.steps;
            means.predictedNs /= means.steps;
        }
        return std::move(m_picture);
    }

private:
    void addTotals(const engine::StepFigures& step)
    {
        StepTotals& totals = m_picture.totals;
        totals.scheduleNs += positive(step.scheduleNs);
        totals.transferNs += positive(step.transferNs);
        totals.forwardNs += positive(step.forwardNs);
        totals.sampleNs += positive(step.sampleNs);
        totals.emitNs += positive(step.emitNs);
        totals.hiddenNs += positive(step.hiddenNs);
    }

    /// Stretches are equally long; a step whose time goes back counts in the newest one.
    void addMean(qint64 startNs, double forward, double predicted)
    {
        const qint64 place =
            std::clamp<qint64>((startNs - m_picture.startNs) / m_meanNs, 0, StepsPicture::kMostMeans - 1);
        const qint64 begin = m_picture.startNs + place * m_meanNs;
        auto& means = m_picture.means;
        if (means.isEmpty() || begin > means.last().startNs)
            means.append({begin, begin + m_meanNs, 0, 0, 0});
        ++means.last().steps;
        means.last().forwardNs += forward;
        means.last().predictedNs += predicted;
    }

    void addSlow(const engine::StepFigures& step, double forward, double predicted)
    {
        auto& slowest = m_picture.slowest;
        const double beyond = forward - predicted;
        if (beyond <= 0)
            return;
        const auto place = std::find_if(slowest.begin(), slowest.end(), [beyond](const SlowStep& other) {
            return other.forwardNs - other.predictedNs < beyond;
        });
        if (place == slowest.end() && slowest.size() >= StepsPicture::kMostSlow)
            return;
        slowest.insert(place, {step.step, engine::saneNs(step.startNs), forward, predicted,
                               step.prefillTokens, step.decodeTokens});
        if (slowest.size() > StepsPicture::kMostSlow)
            slowest.removeLast();
    }

    StepsPicture m_picture;
    qint64 m_meanNs = 1;
    std::vector<double> m_decodes, m_prompts, m_ratio;
};

bool canBePlayed(const engine::RecordingStart& pool)
{
    return pool.blocks > 0 && pool.blockSize > 0 && pool.blockSize <= 1U << 16U;
}

} // namespace

PrefixPicture prefixesOf(const engine::SessionPart& part, const AnalysisQuery& query)
{
    PrefixPicture picture;
    picture.query = query;
    picture.blockSize = part.pool.blockSize;
    picture.tree = engine::prefixTree(part.pool, part.steps(), *part.vocabulary);
    return picture;
}

QList<quint32> sizesToPlay(quint32 blocks)
{
    QList<quint32> sizes;
    for (const double times :
         {0.125, 0.1875, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 8.0}) {
        const double size = times * blocks;
        if (size >= 1 && size <= kMostBlocks && (sizes.isEmpty() || quint32(size) > sizes.last()))
            sizes.append(quint32(size));
    }
    return sizes;
}

quint32 bendOf(const engine::WhatIf& whatIf)
{
    if (whatIf.points.size() < 3)
        return 0;
    double best = 0, least = 1;
    for (const engine::WhatIfPoint& point : whatIf.points) {
        best = std::max(best, whatIf.rate(point));
        least = std::min(least, whatIf.rate(point));
    }
    if (best - least < kWorthLooking)
        return 0;
    for (const engine::WhatIfPoint& point : whatIf.points)
        if (whatIf.rate(point) >= kNearlyBest * best)
            return point.blocks;
    return 0;
}

void blockLifeOf(const engine::SessionPart& part, const AnalysisQuery& query,
                 const std::function<bool(const BlockLifePicture&)>& tell)
{
    const engine::RecordingStart& pool = part.pool;
    BlockLifePicture picture;
    picture.query = query;
    picture.startNs = startOf(part);
    picture.blocks = pool.blocks;
    picture.life = engine::blockLife(pool, part.steps());
    const QList<quint32> sizes = canBePlayed(pool) ? sizesToPlay(pool.blocks) : QList<quint32>();
    picture.sizesLeft = sizes.size();
    if (!tell(picture) || sizes.isEmpty())
        return;
    picture.whatIf = engine::poolWhatIf(pool, part.steps(), {});
    const engine::PoolLoad load = engine::poolLoad(pool, part.steps());
    for (const quint32 size : sizes) {
        const engine::WhatIfPoint point = engine::playPool(load, size, pool.hostBlocks);
        if (point.whole)
            picture.whatIf.points.push_back(point);
        if (--picture.sizesLeft == 0)
            picture.bend = bendOf(picture.whatIf);
        if (!tell(picture))
            return;
    }
}

AnomalyPicture anomaliesOf(const engine::AnomalyLog& log, qint64 startNs)
{
    AnomalyPicture picture;
    picture.startNs = startNs;
    engine::AnomalyLog::Found found = log.found();
    picture.count = found.count;
    for (std::size_t i = 0; i < found.all.size(); ++i)
        picture.entries.append({std::move(found.all[i]), i >= found.firstOpen});
    return picture;
}

MetricsPicture metricsOf(const engine::MetricHistory& history, const AnalysisQuery& query)
{
    MetricsPicture picture;
    picture.query = query;
    picture.families = history.metrics().families();
    for (const engine::MetricCourse& course : history.evenCourses(kCoursePoints))
        picture.courses.insert(QString::fromStdString(course.name),
                               {course.values.begin(), course.values.end()});
    if (!history.times().empty()) {
        picture.fromNs = history.times().front();
        picture.toNs = history.times().back();
    }
    std::ostringstream text;
    engine::writeMetrics(picture.families, text);
    picture.text = QString::fromStdString(text.str());
    return picture;
}

MetricsPicture metricsOf(const engine::SessionPart& part, const AnalysisQuery& query)
{
    engine::MetricHistory history(part.model);
    for (const engine::RecordedStep& step : part.steps())
        if (!step.isOpening())
            history.add(step);
    return metricsOf(history, query);
}

StepsPicture stepsOf(const engine::SessionPart& part, const AnalysisQuery& query)
{
    StepReader reader(part);
    for (const engine::RecordedStep& step : part.steps())
        reader.add(step.record);
    StepsPicture picture = reader.finish();
    picture.query = query;
    picture.ranks = engine::rankBalance(part.steps());
    return picture;
}

} // namespace vitrine::ui
