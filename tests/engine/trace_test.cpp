// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings as files: what was recorded is what is read, as far as the file is whole.
#include <filesystem>
#include <fstream>
#include <random>

#include <QTemporaryDir>
#include <QTest>

#include "engine/trace/trace_chunk.h"
#include "engine/trace/trace_reader.h"
#include "engine/trace/trace_step.h"
#include "engine/trace/trace_writer.h"
#include "tests/engine/support/recorded_run.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

TraceBytes encoded(const RecordedStep& step)
{
    TraceBytes bytes;
    encodeStep(bytes, step, 0);
    return bytes;
}

bool same(const std::vector<RecordedStep>& a, const std::vector<RecordedStep>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const auto& one, const auto& other) { return encoded(one) == encoded(other); });
}

TraceBytes contents(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<RecordedStep> made(std::uint64_t count)
{
    std::vector<RecordedStep> steps(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        steps[i].record.step = i + 1;
        steps[i].record.startNs = static_cast<std::int64_t>(1000 * i);
        steps[i].record.endNs = static_cast<std::int64_t>(1000 * i + 900);
        steps[i].events = {RecordedToken{RequestId{1}, static_cast<TokenId>(i)}};
    }
    return steps;
}

} // namespace

class TraceTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::string path() const { return m_dir.filePath("a.vtrace").toStdString(); }

    void write(const std::vector<RecordedStep>& steps, const TraceOrigin& origin = {},
               std::uint64_t chunkEach = ~std::uint64_t{0}) const
    {
        auto writer = TraceWriter::create(path(), origin, {});
        QVERIFY(writer.has_value());
        for (std::uint64_t i = 0; i < steps.size(); ++i) {
            QVERIFY(writer->add({&steps[i], 1}).has_value());
            if ((i + 1) % chunkEach == 0)
                QVERIFY(writer->flush().has_value());
        }
        QVERIFY(writer->finish(0).has_value());
    }

    /// As a reader sees it that does not know chunks of these kinds.
    static TraceBytes without(std::initializer_list<ChunkKind> kinds, const TraceBytes& bytes)
    {
        TraceBytes kept(bytes.begin(), bytes.begin() + kTraceMagic.size());
        auto left = std::span<const std::uint8_t>(bytes).subspan(kTraceMagic.size());
        while (const std::optional<Chunk> chunk = takeChunk(left))
            if (const auto kind = static_cast<ChunkKind>(chunk->kind);
                std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
                appendChunk(kept, kind, chunk->payload);
        return kept;
    }

private slots:
    void whatAnEngineDidComesBackFromTheFile()
    {
        TraceOrigin origin;
        const RecordedRun run = recordRun();
        QCOMPARE(run.error, std::string());
        origin.pool = run.start;
        const std::vector<RecordedStep>& steps = run.steps;
        QVERIFY(steps.size() > 30);
        origin.model = "SmolLM2";
        origin.device = "CPU";
        origin.program = "test";
        origin.unixNs = 1'700'000'000'000'000'000;
        origin.steadyNs = steps.front().record.startNs;
        auto writer = TraceWriter::create(
            path(), origin, {.wordOf = [](TokenId token) { return "<" + std::to_string(token) + ">"; }});
        QVERIFY(writer.has_value());
        QVERIFY(writer->label(RequestId{1}, {"Étude", 7, 9}).has_value());
        QVERIFY(writer->add(steps).has_value());
        QVERIFY(writer->finish(3).has_value());
        QCOMPARE(writer->bytes(), std::filesystem::file_size(path()));

        const auto trace = readTrace(path());
        QVERIFY2(trace.has_value(), trace ? "" : trace.error().message.c_str());
        QVERIFY(same(trace->steps, steps));
        QCOMPARE(trace->steps.back().rows.size(), steps.back().rows.size());
        QCOMPARE(trace->origin.pool.blocks, 14U);
        QCOMPARE(trace->origin.model, std::string("SmolLM2"));
        QCOMPARE(trace->origin.unixNs, origin.unixNs);
        QCOMPARE(trace->labels.at(RequestId{1}).title, std::string("Étude"));
        QCOMPARE(trace->dropped, 3U);
        QVERIFY(trace->complete && trace->damage.empty());
        for (const RecordedStep& step : trace->steps)
            for (const RecordedEvent& event : step.events)
                if (const auto* said = std::get_if<RecordedToken>(&event))
                    QCOMPARE(trace->vocabulary.at(said->token), "<" + std::to_string(said->token) + ">");
    }

    void aRecordingWithoutItsEndIsReadUpToItsLastFlush()
    {
        const std::vector<RecordedStep> steps = made(100);
        auto writer = TraceWriter::create(path(), {}, {});
        QVERIFY(writer->add(std::span(steps).first(60)).has_value());
        QVERIFY(writer->flush().has_value());
        QVERIFY(writer->add(std::span(steps).last(40)).has_value());
        const auto trace = readTrace(path()); // while it is being written
        QVERIFY(trace.has_value());
        QCOMPARE(trace->steps.size(), 60U);
        QVERIFY(!trace->complete && trace->damage.empty());
    }

    void aFileCutAnywhereGivesWhatIsWhole()
    {
        write(made(50), {}, 10);
        const TraceBytes whole = contents(path());
        std::size_t before = 0;
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const auto trace = readTrace(std::span(whole).first(size), "cut");
            if (!trace)
                continue; // within the first chunk
            QVERIFY(trace->steps.size() % 10 == 0 && trace->steps.size() >= before);
            QVERIFY(!trace->complete);
            before = trace->steps.size();
        }
        QCOMPARE(before, 50U);
        QVERIFY(readTrace(whole, "whole")->complete);
    }

    void anyByteChangedIsSeen()
    {
        write(made(50), {}, 10);
        const TraceBytes whole = contents(path());
        for (std::size_t at = 0; at < whole.size(); ++at) {
            TraceBytes bytes = whole;
            bytes[at] ^= 0x10;
            const auto trace = readTrace(bytes, "changed");
            if (!trace)
                continue;
            // The last byte of the head means nothing yet, and a kind may become one that is not known.
            if (trace->complete && trace->steps.size() == 50)
                QVERIFY2(at == 7, qPrintable(QString::number(at)));
        }
    }

    void hostileChunksAreRefusedWithoutMuchMemory()
    {
        std::mt19937 random(20261128);
        const TraceBytes head = [this] {
            write({});
            return contents(path());
        }();
        for (int run = 0; run < 2000; ++run) {
            TraceBytes payload(random() % 200);
            for (std::uint8_t& byte : payload)
                byte = static_cast<std::uint8_t>(random() % 3 == 0 ? 0xFF : random());
            TraceBytes bytes = head;
            appendChunk(bytes, static_cast<ChunkKind>(2 + random() % 9), payload);
            const auto trace = readTrace(bytes, "hostile");
            QVERIFY(trace.has_value());
            QVERIFY(trace->steps.size() + trace->nvtx.events.size() <= payload.size());
            QVERIFY(trace->nvtx.names.size() <= payload.size() + 1);
        }
    }

    void chunksToComeArePassedOver()
    {
        write({});
        TraceBytes bytes = contents(path());
        appendChunk(bytes, static_cast<ChunkKind>(77), std::vector<std::uint8_t>(10));
        const auto trace = readTrace(bytes, "newer");
        QVERIFY(trace.has_value() && trace->damage.empty());
    }

    void whatNvtxWasToldComesBackFromTheFile()
    {
        std::mt19937_64 random(3);
        std::vector<NvtxEvent> events(20'000);
        for (NvtxEvent& event : events) {
            event.kind = static_cast<NvtxKind>(random() % 3);
            event.payloadKind = static_cast<NvtxPayload>(random() % 4);
            event.thread = static_cast<std::uint32_t>(random());
            event.startNs = static_cast<std::int64_t>(random() >> 2);
            event.endNs = event.startNs + static_cast<std::int64_t>(random() >> 3);
            event.domain = random() % 3;
            event.message = random() % 3;
            event.payload = random();
        }
        const std::vector<std::string> names{"", "vitrine", "größe", "late"};
        auto writer = TraceWriter::create(path(), {}, {});
        QVERIFY(writer->addNvtx(std::span(events).first(1), std::span(names).first(2)).has_value());
        QVERIFY(writer->add(made(5)).has_value());
        QVERIFY(writer->flush().has_value());
        QVERIFY(writer->addNvtx(std::span(events).subspan(1), names).has_value());
        QVERIFY(writer->endNvtx({{7, "worker"}}, 4).has_value());
        QVERIFY(writer->finish(0).has_value());
        const auto trace = readTrace(path());
        QVERIFY(trace.has_value() && trace->damage.empty() && trace->complete);
        QCOMPARE(trace->steps.size(), 5U);
        QVERIFY(trace->nvtx.events == events);
        QVERIFY(trace->nvtx.names == names);
        QCOMPARE(trace->nvtx.threads.at(7), std::string("worker"));
        QCOMPARE(trace->nvtx.dropped, 4U);
        QCOMPARE(trace->nvtx.name(4'000'000'000U), std::string());

        const auto little = readTrace(path(), {1000 * sizeof(NvtxEvent)});
        QVERIFY(little->nvtx.events.size() <= 1000 && little->damage.find("memory") != std::string::npos);
    }

    void payloadsCorrelationsAndCountersComeBackAndOlderReadersPassOverThem()
    {
        std::vector<NvtxEvent> events(3000);
        for (std::size_t i = 0; i < events.size(); ++i) {
            events[i].kind = i % 3 == 0 ? NvtxKind::Counter : NvtxKind::Range;
            events[i].startNs = events[i].endNs = static_cast<std::int64_t>(i);
            events[i].payload = i;
            events[i].detail = i % 4 == 0 ? static_cast<std::uint32_t>(1 + i % 2) : 0;
            events[i].correlation = i % 3 == 1 ? static_cast<std::uint32_t>(i) : 0;
        }
        const std::vector<std::string> names{"", "Reduce(bytes=1)", "B"};
        auto writer = TraceWriter::create(path(), {}, {});
        for (std::size_t i = 0; i < events.size(); i += 1000) {
            QVERIFY(writer->addNvtx(std::span(events).subspan(i, 1000), names).has_value());
            QVERIFY(writer->flush().has_value());
        }
        QVERIFY(writer->finish(0).has_value());
        const auto isCounter = [](const NvtxEvent& event) { return event.kind == NvtxKind::Counter; };
        std::vector<NvtxEvent> expected = events; // samples stand behind the events
        std::stable_partition(expected.begin(), expected.end(), std::not_fn(isCounter));
        const TraceBytes bytes = contents(path());
        QVERIFY(readTrace(bytes, "whole")->nvtx.events == expected);

        std::erase_if(expected, isCounter);
        for (NvtxEvent& event : expected)
            event.detail = event.correlation = 0;
        const auto older = readTrace(
            without({ChunkKind::NvtxDetails, ChunkKind::NvtxCounters, ChunkKind::NvtxCorrelations}, bytes),
            "older");
        QVERIFY(older->damage.empty() && older->complete);
        QVERIFY(older->nvtx.events == expected);
    }

    void eventsBeyondTheSizeOfAFileAreCounted()
    {
        const std::vector<NvtxEvent> events(5000);
        auto writer = TraceWriter::create(path(), {}, {.mostBytes = 4000, .wordOf = {}});
        QVERIFY(writer->addNvtx(events, {}).has_value());
        QVERIFY(writer->endNvtx({}, 0).has_value());
        QVERIFY(writer->finish(0).has_value());
        const auto trace = readTrace(path());
        QVERIFY(trace->nvtx.events.size() < 1000);
        QCOMPARE(trace->nvtx.events.size() + trace->nvtx.dropped, 5000U);
    }

    void aVersionToComeIsNamed()
    {
        write({});
        TraceBytes bytes = contents(path());
        bytes[6] = 2;
        const auto trace = readTrace(bytes, "x.vtrace");
        QVERIFY(!trace);
        QVERIFY2(trace.error().message.find("version 2") != std::string::npos, trace.error().message.c_str());
    }

    void somethingElseIsNoRecording()
    {
        const TraceBytes bytes(100, 'x');
        QVERIFY(readTrace(bytes, "x").error().message.find("not a recording") != std::string::npos);
        QVERIFY(!readTrace(m_dir.filePath("absent").toStdString()));
    }

    void moreThanMemoryAllowsEndsTheReading()
    {
        write(made(50), {}, 10);
        const auto trace = readTrace(path(), {10 * sizeof(RecordedStep)});
        QVERIFY(trace.has_value());
        QVERIFY(!trace->steps.empty() && trace->steps.size() < 10);
        QVERIFY(trace->damage.find("memory") != std::string::npos);
    }

    void aFileThatIsLargeEnoughTakesNoMoreSteps()
    {
        const std::vector<RecordedStep> steps = made(1000);
        auto writer = TraceWriter::create(path(), {}, {.mostBytes = 4000, .wordOf = {}});
        QVERIFY(writer->add(steps).has_value());
        QVERIFY(writer->finish(0).has_value());
        QVERIFY(writer->bytes() < 5000);
        const auto trace = readTrace(path());
        QVERIFY(trace->complete);
        QCOMPARE(trace->steps.size() + trace->dropped, 1000U);
    }

    void aFullDiskIsSaidAndWhatIsThereStaysWhole()
    {
        if (!std::filesystem::exists("/dev/full"))
            QSKIP("this system has no /dev/full");
        const auto writer = TraceWriter::create("/dev/full", {}, {});
        QVERIFY(!writer);
        QVERIFY2(writer.error().message.find("took no more") != std::string::npos,
                 writer.error().message.c_str());
        QVERIFY(!TraceWriter::create(m_dir.filePath("no/such/folder").toStdString(), {}, {}));
    }
};

QTEST_APPLESS_MAIN(TraceTest)
#include "trace_test.moc"
