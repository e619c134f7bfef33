// SPDX-License-Identifier: GPL-3.0-or-later
// The self-test of a GPU, on the emulator: that it passes, and that it sees what is wrong.
#include "engine/cuda/self_test/self_test.h"

#include <algorithm>

#include <QTest>

#include "cuda_emulator/control.h"

using namespace vitrine::engine;
namespace emulator = vitrine::cuda_emulator;

namespace {

SelfTestSettings small()
{
    SelfTestSettings settings;
    settings.copiedBytes = 1U << 16U;
    settings.matrixSide = 64;
    return settings;
}

} // namespace

class SelfTestTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { emulator::reset(); }

    void passesOnAGpuThatComputesRight()
    {
        const auto checks = selfTest(0, small());
        QVERIFY(checks);
        QVERIFY(checks->size() > 90);
        for (const GpuCheck& check : *checks)
            QVERIFY2(check.passed, (check.name + ": " + check.detail).c_str());
        QVERIFY(emulator::leaks().empty());
    }

    void testsTwoGpusTogetherWhereThereAreTwo()
    {
        const auto tested = [](const char* name) {
            const auto checks = selfTest(0, small());
            return checks && std::any_of(checks->begin(), checks->end(), [&](const GpuCheck& check) {
                       return check.passed && check.name.starts_with(name);
                   });
        };
        QVERIFY(!tested("model on GPUs 0 and 1"));
        emulator::setDevices(std::vector<emulator::VirtualDevice>(2));
        QVERIFY(tested("model on GPUs 0 and 1 in float32"));
        QVERIFY(tested("model on GPUs 0 and 1 with graphs"));
        QVERIFY(emulator::leaks().empty());
        emulator::setNcclVersion(0);
        QVERIFY(!tested("model on GPUs 0 and 1"));
    }

    void testsEveryKindOfKernelByItself_data()
    {
        QTest::addColumn<QString>("check");
        for (const char* check : {"norm",
                                  "SwiGLU gate",
                                  "GeGLU gate",
                                  "best token",
                                  "dequantise Q4_K",
                                  "multiply Q6_K, a batch",
                                  "router of",
                                  "choice of 8",
                                  "experts of Q4_K, grouped",
                                  "experts of BF16, each",
                                  "rotation into int8 pages",
                                  "copies of pages",
                                  "attention, prefill",
                                  "attention, decode",
                                  "embedding Q8_0",
                                  "sampling, few",
                                  "sampling with penalties",
                                  "alternatives",
                                  "what cut them",
                                  "log-probabilities",
                                  "model in float32",
                                  "mixture of experts with graphs"})
            QTest::newRow(check) << check;
    }
    void testsEveryKindOfKernelByItself()
    {
        QFETCH(QString, check);
        static const auto checks = selfTest(0, small());
        QVERIFY(checks);
        QVERIFY(std::any_of(checks->begin(), checks->end(), [&](const GpuCheck& c) {
            return QString::fromStdString(c.name).startsWith(check);
        }));
    }

    void measuresSpeedsWhereLittleMemoryIsFree()
    {
        emulator::setMemoryLimit(0, std::size_t{64} << 20U); // cuBLAS takes half of it
        const auto speeds = measureSpeeds({});
        QCOMPARE(speeds.size(), std::size_t{2});
        for (const GpuCheck& check : speeds)
            QVERIFY2(check.passed, (check.name + ": " + check.detail).c_str());
    }

    /// One value of one result of each check is changed by what a wrong kernel might: only that check fails.
    void seesAWrongResultInEveryCheck()
    {
        std::vector<std::string> spoilt;
        SelfTestSettings settings = small();
        settings.copiedBytes = 0;
        settings.onResult = [&spoilt](std::string_view name, std::span<float> values) {
            spoilt.emplace_back(name);
            values[values.size() / 2] += 50.0F;
        };
        const auto checks = selfTest(0, settings);
        QVERIFY(checks);
        QCOMPARE(spoilt.size(), checks->size());
        for (const GpuCheck& check : *checks)
            QVERIFY2(!check.passed, check.name.c_str());
    }

    void blamesOnlyWhatIsWrong()
    {
        SelfTestSettings settings = small();
        settings.onResult = [](std::string_view name, std::span<float> values) {
            if (name == "multiply Q4_K, a batch")
                values.back() = std::nanf("");
        };
        const auto checks = selfTest(0, settings);
        QVERIFY(checks);
        for (const GpuCheck& check : *checks)
            QCOMPARE(check.passed, check.name != "multiply Q4_K, a batch");
    }

    void reportsADeviceThatDies()
    {
        emulator::failExecution(3);
        const auto checks = selfTest(0, small());
        QVERIFY(checks);
        QVERIFY(std::any_of(checks->begin(), checks->end(), [](const GpuCheck& c) { return !c.passed; }));
        QVERIFY(!checks->back().passed); // nothing works on it any more
    }

    void saysWhyNothingCanBeTested()
    {
        QCOMPARE(selfTest(7, small()).error().code, ErrorCode::InvalidArgument);
        emulator::reset();
        emulator::setDevices({});
        const auto checks = selfTest(0, small());
        QVERIFY(!checks);
        QCOMPARE(checks.error().code, ErrorCode::OutOfResources);
        QVERIFY(checks.error().message.find("no GPU can be used") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(SelfTestTest)
#include "self_test_test.moc"
