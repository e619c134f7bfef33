// SPDX-License-Identifier: GPL-3.0-or-later
// The fuzzer's recordings as a plain test, and seeded random damage to them, with checksums that are right.
#include <map>
#include <random>

#include <QDir>
#include <QTest>

#include "tests/engine/support/trace_exercise.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using namespace vitrine::test;

namespace {

constexpr std::uint32_t kSeed = 20261128;
constexpr int kRoundsEach = vitrine::tests::effort(400, 80);

class Damage
{
public:
    void apply(TraceBytes& bytes)
    {
        for (std::size_t times = 1 + below(4); times > 0 && bytes.size() > 1; --times)
            once(bytes, below(bytes.size()));
    }

private:
    std::size_t below(std::size_t end)
    {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(m_random);
    }
    void once(TraceBytes& bytes, std::size_t at)
    {
        const auto place = bytes.begin() + static_cast<std::ptrdiff_t>(at);
        switch (below(5)) {
        case 0:
            bytes[at] = static_cast<std::uint8_t>(below(256));
            return;
        case 1:
            bytes[at] ^= static_cast<std::uint8_t>(1U << below(8));
            return;
        case 2: // a number as large as they come
            bytes.insert(place, 9, 0xFF);
            return;
        case 3:
            bytes.erase(place);
            return;
        default:
            bytes.resize(at + 1);
        }
    }

    std::mt19937 m_random{kSeed};
};

} // namespace

class TraceCorpusTest : public QObject
{
    Q_OBJECT

private:
    std::map<QString, TraceBytes> m_files;

private slots:
    void initTestCase()
    {
        const QDir folder(VITRINE_TEST_DATA "/corpus/vtrace");
        for (const QString& name : folder.entryList(QDir::Files)) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray bytes = file.readAll();
            m_files[name] = TraceBytes(bytes.begin(), bytes.end());
        }
        QVERIFY(m_files.size() >= 3);
    }

    void theGoodSeedsAreReadWhole()
    {
        for (const char* name : {"every_kind.vtrace", "mixed_model.vtrace", "nvtx.vtrace", "empty.vtrace"}) {
            const auto trace = readTrace(m_files.at(name), name);
            QVERIFY2(trace && trace->complete && trace->damage.empty(), name);
            QCOMPARE(trace->steps.size(), std::size_t(QByteArray(name) == "empty.vtrace" ? 0 : 4));
        }
    }

    void checksumsMadeRightAgainAreTheSame()
    {
        for (const auto& [name, bytes] : m_files)
            if (readTrace(bytes, "whole") && readTrace(bytes, "whole")->complete)
                QVERIFY2(withRightSums(bytes) == bytes, qPrintable(name));
    }

    void everyFileIsExercised()
    {
        for (const auto& [name, bytes] : m_files) {
            const std::string refusal = exerciseTrace(bytes);
            QVERIFY2(refusal.empty() || refusal.starts_with("input.vtrace: "), qPrintable(name));
            exerciseTrace(withRightSums(bytes));
        }
    }

    void randomDamageBehindTheChecksumsIsSurvived()
    {
        qInfo("seed %u", kSeed);
        Damage damage;
        int refused = 0, damaged = 0;
        for (const auto& [name, bytes] : m_files) {
            for (int round = 0; round < kRoundsEach; ++round) {
                TraceBytes changed = bytes;
                damage.apply(changed);
                changed = withRightSums(changed);
                const std::string refusal = exerciseTrace(changed);
                QVERIFY2(refusal.empty() || refusal.starts_with("input.vtrace: "), refusal.c_str());
                refused += refusal.empty() ? 0 : 1;
                damaged += refusal.empty() && !readTrace(changed, "x")->damage.empty() ? 1 : 0;
            }
        }
        QVERIFY(refused > kRoundsEach / 4 && damaged > kRoundsEach / 4); // both ways of saying it were taken
    }

    void elementsThatTakeMoreThanTheirBytesStayBounded()
    {
        // 64 MiB of two-byte events would be gigabytes of them.
        RecordedStep step;
        step.record.step = 1;
        step.events.assign(200'000, RecordedToken{RequestId{1}, 1});
        TraceBytes bytes = m_files.at("empty.vtrace"), payload;
        TraceEncoder(payload).field(std::int64_t{0});
        encodeStep(payload, step, 0);
        appendChunk(bytes, ChunkKind::Steps, payload);
        const auto trace = readTrace(bytes, "large", {.mostBytes = std::uint64_t{8} << 20U});
        QVERIFY(trace && trace->steps.empty());
        QVERIFY2(trace->damage.find("larger than memory is allowed for") != std::string::npos,
                 trace->damage.c_str());
        QCOMPARE(readTrace(bytes, "large")->steps.size(), std::size_t(1));
    }

    void labelsAndWordsStayBoundedToo()
    {
        for (const ChunkKind kind : {ChunkKind::Labels, ChunkKind::Words}) {
            TraceBytes bytes = m_files.at("empty.vtrace"), payload;
            TraceEncoder encoder(payload);
            for (std::uint64_t i = 0; i < 100'000; ++i) {
                encoder.field(i); // a request with an empty label, or a token with an empty word
                for (int field = kind == ChunkKind::Labels ? 0 : 2; field < 3; ++field)
                    encoder.field(std::uint64_t{0});
            }
            appendChunk(bytes, kind, payload);
            const auto trace = readTrace(bytes, "many", {.mostBytes = std::uint64_t{1} << 20U});
            QVERIFY2(trace && trace->damage.find("memory") != std::string::npos, trace->damage.c_str());
            QVERIFY(trace->labels.size() + trace->vocabulary.size() < 20'000);
            QVERIFY(readTrace(bytes, "many")->damage.empty());
        }
    }

    void aPoolThatNoMachineHasIsRefused()
    {
        TraceBytes payload, bytes(kTraceMagic.begin(), kTraceMagic.end());
        TraceEncoder encoder(payload);
        for (const std::uint64_t field : {0xFFFFFFFFULL, 0xFFFFFFFFULL, 16ULL, 0ULL, 0ULL, 0ULL, 0ULL, 0ULL})
            encoder.field(field);
        for (int text = 0; text < 3; ++text)
            encoder.field(std::string());
        appendChunk(bytes, ChunkKind::Origin, payload);
        const auto trace = readTrace(bytes, "huge");
        QVERIFY(!trace);
        QVERIFY2(trace.error().message.find("beginning of the recording is damaged") != std::string::npos,
                 trace.error().message.c_str());
    }

    void blocksOfALyingLogStayBounded()
    {
        BlockHistory history(4, 4);
        std::vector<BlockEvent> events;
        for (std::uint64_t i = 0; i < 5000; ++i) {
            events.push_back({BlockEventKind::Take, RequestId{i}, BlockId{1}, -1, (1U << 24U) - 1});
            events.push_back({BlockEventKind::Resize, {}, kNullBlock, -1, i % 2 == 0 ? ~0U : 4U});
            events.push_back({BlockEventKind::Move, {}, BlockId{1}, 1, 0});
        }
        history.apply(events);
        std::size_t places = 0;
        for (const auto& [request, table] : history.tables())
            places += table.size();
        QVERIFY(places <= std::size_t{1} << 24U);
        QCOMPARE(history.blocks().size(), std::size_t(4));
    }
};

QTEST_APPLESS_MAIN(TraceCorpusTest)
#include "trace_corpus_test.moc"
