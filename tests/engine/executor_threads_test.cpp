// SPDX-License-Identifier: GPL-3.0-or-later
// The executor's threads, small enough to run under ThreadSanitizer: packing, prefill, decode and attention
// split over keys, with more threads than CPUs too, always with the same bits.
#include <QtTest>

#include <cstring>

#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

/// Two sequences through prefill and decode; the logits of all tokens.
std::vector<float> runAll(const std::shared_ptr<const Model>& model, std::uint32_t threads, bool precise)
{
    ExecutorOptions options;
    options.threads = threads;
    options.precise = precise;
    ExecutorRig rig(model, options, 16, 64);
    RigSequence sequences[2];
    for (std::size_t s = 0; s < 2; ++s)
        for (int i = 0; i < 200; ++i)
            sequences[s].tokens.push_back(3 + (i * 37 + static_cast<int>(s) * 11) % 300);
    const RigChunk prefill[] = {{&sequences[0], 140}, {&sequences[1], 190}};
    rig.step(prefill, keepAll);
    for (int step = 0; step < 4; ++step) {
        const RigChunk decode[] = {{&sequences[0], 1}, {&sequences[1], 1}};
        rig.step(decode, keepAll);
    }
    std::vector<float> all;
    for (const RigSequence& sequence : sequences)
        for (const auto& [position, logits] : sequence.logits)
            all.insert(all.end(), logits.begin(), logits.end());
    return all;
}

} // namespace

class ExecutorThreadsTest : public QObject
{
    Q_OBJECT

private slots:
    void everyThreadCountGivesTheSameBits_data()
    {
        QTest::addColumn<QString>("family");
        QTest::addColumn<bool>("precise");
        for (const char* family : {"llama", "gemma3"})
            for (const bool precise : {false, true})
                QTest::addRow("%s, %s", family, precise ? "precise" : "default") << family << precise;
    }
    void everyThreadCountGivesTheSameBits()
    {
        QFETCH(QString, family);
        QFETCH(bool, precise);
        const std::shared_ptr<const Model> model = tinyModel(family.toStdString());
        const std::vector<float> one = runAll(model, 1, precise);
        for (const std::uint32_t threads : {2U, 3U, 6U}) {
            const std::vector<float> many = runAll(model, threads, precise);
            QCOMPARE(many.size(), one.size());
            QVERIFY(std::memcmp(one.data(), many.data(), one.size() * sizeof(float)) == 0);
        }
    }
};

QTEST_APPLESS_MAIN(ExecutorThreadsTest)
#include "executor_threads_test.moc"
