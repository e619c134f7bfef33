// SPDX-License-Identifier: GPL-3.0-or-later
// What the exports of a recording have to say, taken from the recording itself, in the neutral form of
// tests/tools/recordings/check_export.py.
#pragma once

#include <limits>
#include <map>

#include <QJsonArray>
#include <QJsonObject>

#include "engine/trace/request_life.h"
#include "engine/trace/trace.h"

namespace vitrine::tests {

class RecordingFacts
{
public:
    explicit RecordingFacts(const engine::Trace& trace) : m_trace(trace)
    {
        for (const engine::RecordedStep& step : trace.steps) {
            m_lives.add(step);
            if (step.record.step != 0) {
                m_beginNs = std::min(m_beginNs, step.record.startNs);
                m_endNs = std::max(m_endNs, step.record.endNs);
            }
        }
        for (const auto& [id, life] : m_lives.all())
            m_beginNs = std::min(m_beginNs, life.arrivalNs);
        for (const engine::NvtxEvent& event : trace.nvtx.events)
            m_beginNs = std::min(m_beginNs, event.startNs);
    }

    double seconds() const { return static_cast<double>(m_endNs - m_beginNs) * 1e-9; }

    qsizetype preemptions() const { return expected()["marks"].toArray().size(); }

    QJsonObject expected() const
    {
        QJsonArray phases, marks, arrows;
        QJsonObject counters, requests;
        std::map<std::uint64_t, std::int64_t> forwards;
        for (const engine::RecordedStep& step : m_trace.steps) {
            for (const engine::PhaseSpan& span : step.phases) {
                phases.append(phase(span, step.record));
                if (span.phase == engine::StepPhase::Forward)
                    forwards[step.record.step] = span.startNs;
            }
            addMarks(marks, step);
            if (step.record.step != 0)
                addCounters(counters, step.record);
        }
        for (const auto& [id, life] : m_lives.all()) {
            requests[titleOf(id)] = request(life);
            for (const engine::LifeSpan& span : life.spans)
                if (span.tokens > 0 && forwards.contains(span.firstStep))
                    arrows.append(QJsonArray{titleOf(id), at(span.startNs), at(forwards.at(span.firstStep))});
        }
        return {{"phases", phases}, {"requests", requests}, {"counters", counters},
                {"marks", marks},   {"arrows", arrows},     {"nvtx", nvtx()}};
    }

    QJsonArray nvtx() const
    {
        constexpr const char* kKinds[] = {"range", "span", "mark", "counter"};
        QJsonArray events;
        for (const engine::NvtxEvent& event : m_trace.nvtx.events) {
            const bool span = event.kind == engine::NvtxKind::Span;
            events.append(QJsonArray{kKinds[static_cast<std::size_t>(event.kind)],
                                     span ? QString() : threadOf(event.thread), at(event.startNs),
                                     at(event.endNs), word(event.domain), word(event.category),
                                     word(event.message), payloadOf(event)});
        }
        return events;
    }

private:
    static constexpr const char* kPhases[] = {"schedule", "transfer", "forward", "sample", "emit"};
    static constexpr const char* kLife[] = {"queued", "prefill", "decode", "preempted", "recompute"};

    qint64 at(std::int64_t ns) const { return ns - m_beginNs; }
    static qint64 number(std::uint64_t value) { return static_cast<qint64>(value); }

    QString word(std::uint32_t number) const { return QString::fromStdString(m_trace.nvtx.name(number)); }

    QString threadOf(std::uint32_t thread) const
    {
        const auto name = m_trace.nvtx.threads.find(thread);
        const QString number = QString("thread %1").arg(thread);
        return name == m_trace.nvtx.threads.end()
                   ? number
                   : QString("%1 (%2)").arg(QString::fromStdString(name->second), number);
    }

    static QJsonValue payloadOf(const engine::NvtxEvent& event)
    {
        if (event.payloadKind == engine::NvtxPayload::None)
            return {};
        return event.payloadKind == engine::NvtxPayload::Real ? QJsonValue(event.real())
                                                              : QJsonValue(number(event.payload));
    }

    QString titleOf(engine::RequestId id) const
    {
        return QString("%1 (request %2)")
            .arg(QString::fromStdString(m_trace.labels.at(id).title))
            .arg(id.value);
    }

    QJsonArray phase(const engine::PhaseSpan& span, const engine::StepFigures& record) const
    {
        const bool forward = span.phase == engine::StepPhase::Forward;
        QJsonObject arguments{{"step", number(record.step)}};
        if (forward) {
            arguments["prefill_tokens"] = number(record.prefillTokens);
            arguments["decode_tokens"] = number(record.decodeTokens);
        }
        return {forward ? "executor" : "engine", kPhases[static_cast<std::size_t>(span.phase)],
                at(span.startNs), at(span.endNs), arguments};
    }

    void addMarks(QJsonArray& marks, const engine::RecordedStep& step) const
    {
        for (const engine::RecordedEvent& event : step.events)
            if (const auto* preemption = std::get_if<engine::PreemptionEvent>(&event))
                marks.append(QJsonArray{"preemption", at(step.record.startNs),
                                        QJsonObject{{"victim", number(preemption->victim.value)},
                                                    {"beneficiary", number(preemption->beneficiary.value)},
                                                    {"recompute_tokens", number(preemption->recomputeTokens)},
                                                    {"blocks_freed", number(preemption->blocksFreed)}}});
    }

    void addCounters(QJsonObject& counters, const engine::StepFigures& record) const
    {
        const auto add = [&](const char* name, std::uint32_t value) {
            QJsonArray values = counters[name].toArray();
            values.append(QJsonArray{at(record.endNs), number(value)});
            counters[name] = values;
        };
        add("KV blocks: referenced", record.blocksReferenced);
        add("KV blocks: cached", record.blocksCached);
        add("KV blocks: free", record.blocksFree);
        add("requests: running", record.running);
        add("requests: waiting", record.waiting);
        add("tokens: prefill", record.prefillTokens);
        add("tokens: decode", record.decodeTokens);
    }

    QJsonObject request(const engine::RequestLife& life) const
    {
        QJsonArray spans;
        for (const engine::LifeSpan& span : life.spans)
            spans.append(QJsonArray{kLife[static_cast<std::size_t>(span.phase)], at(span.startNs),
                                    at(span.endNs),
                                    QJsonObject{{"tokens", number(span.tokens)},
                                                {"first_step", number(span.firstStep)},
                                                {"last_step", number(span.lastStep)}}});
        return {{"start", at(life.arrivalNs)},
                {"end", at(std::max(life.endNs, life.spans.back().endNs))},
                {"arguments", QJsonObject{{"prompt_tokens", number(life.promptTokens)},
                                          {"cached_tokens", number(life.cachedTokens)},
                                          {"reply_tokens", number(life.replyTokens)},
                                          {"preemptions", number(life.preemptions)},
                                          {"finish", engine::finishReasonName(life.reason)}}},
                {"spans", spans}};
    }

    const engine::Trace& m_trace;
    engine::RequestLives m_lives;
    std::int64_t m_beginNs = std::numeric_limits<std::int64_t>::max();
    std::int64_t m_endNs = std::numeric_limits<std::int64_t>::min();
};

} // namespace vitrine::tests
