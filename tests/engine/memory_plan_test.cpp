// SPDX-License-Identifier: GPL-3.0-or-later
// What is predicted from a file's description against what loading and running really take.
#include "engine/execution/memory_plan.h"

#include <fstream>
#include <string>

#include <QTemporaryDir>
#include <QTest>

#include "engine/engine.h"
#include "tests/engine/support/gguf_writer.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/tiny_model.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using vitrine::engine::test::kGemma3File;
using vitrine::engine::test::kSmolLm2File;

namespace {

constexpr double kWithin = 0.05;
constexpr std::uint32_t kBlocks = 512, kBlockSize = 16;

bool isNear(std::uint64_t predicted, std::uint64_t measured, double within = kWithin)
{
    const double difference = double(predicted) - double(measured);
    const bool near = std::abs(difference) <= within * double(measured);
    if (!near)
        qWarning("predicted %llu, measured %llu", static_cast<unsigned long long>(predicted),
                 static_cast<unsigned long long>(measured));
    return near;
}

/// Memory of this process that no file backs.
std::uint64_t anonymousBytes()
{
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word)
        if (word == "RssAnon:") {
            std::uint64_t kib = 0;
            status >> kib;
            return kib * 1024;
        }
    return 0;
}

EngineOptions optionsFor(KvFormat format)
{
    EngineOptions options;
    options.executor.threads = 2;
    options.executor.kvFormat = format;
    options.kvBlocks = kBlocks;
    options.blockSize = kBlockSize;
    options.hostBlocks = 0;
    return options;
}

} // namespace

class MemoryPlanTest : public QObject
{
    Q_OBJECT

private slots:
    void predictsWhatLoadingTakes_data();
    void predictsWhatLoadingTakes();
    void predictsTheWorkspaceOfALargeStep();
    void readsNoWeights();
    void tellsWhatLoadingWouldRefuse();
    void fewerBitsMeanMoreTokens();
    void aCutFileTellsItsWholeSize();
};

void MemoryPlanTest::predictsWhatLoadingTakes_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("format");
    for (const char* file : {kSmolLm2File, kGemma3File})
        for (const KvFormat format : {KvFormat::BF16, KvFormat::Int8})
            if (format == KvFormat::BF16 || !vitrine::tests::kSanitized)
                QTest::addRow("%s, format %d", file, int(format)) << QString(file) << int(format);
}

void MemoryPlanTest::predictsWhatLoadingTakes()
{
    QFETCH(const QString, file);
    QFETCH(const int, format);
    const std::string path = modelFolder() + "/" + file.toStdString();
    if (!std::filesystem::exists(path))
        QFAIL("the model is missing: ./installer/test brings it");
    const auto kvFormat = static_cast<KvFormat>(format);
    const auto opened = GgufFile::open(path);
    QVERIFY(opened.has_value());
    const auto plan = planMemory(*opened, {2, 512, 1});
    QVERIFY(plan.has_value());

    [[maybe_unused]] const std::uint64_t before = anonymousBytes();
    auto prepared = prepareModel(path, optionsFor(kvFormat));
    QVERIFY(prepared.has_value());
    const ExecutorInfo info = prepared->executor->info();
    QVERIFY(isNear(plan->weights, info.weightBytes));
    QVERIFY(isNear(plan->kvFor(kvFormat, kBlocks * kBlockSize), info.kvBytes));
    QCOMPARE(plan->kvFor(kvFormat, 1), prepared->executor->kvBytesPerToken());
    // No step has run: neither KV nor workspace have been touched.
#ifndef __SANITIZE_ADDRESS__ // what it notes down of memory is memory too
    QVERIFY(isNear(plan->weights + plan->other, anonymousBytes() - before));
#endif
}

void MemoryPlanTest::predictsTheWorkspaceOfALargeStep()
{
    const std::string path = modelFolder() + "/" + kSmolLm2File;
    if (!std::filesystem::exists(path))
        QFAIL("the model is missing: ./installer/test brings it");
    const auto opened = GgufFile::open(path);
    const auto plan = planMemory(*opened, {2, 512, 1});
    QVERIFY(plan.has_value());
    Engine engine;
    auto prepared = prepareModel(path, optionsFor(KvFormat::BF16));
    QVERIFY(prepared.has_value());
    engine.install(std::move(*prepared));
    GenerationRequest request;
    request.prompt = std::vector<TokenId>(vitrine::tests::effort<std::size_t>(2048, 600), 100);
    request.maxTokens = 4;
    request.ignoreEndOfGeneration = true;
    QVERIFY(engine.submit(request).has_value());
    while (engine.hasWork())
        engine.step();
    QVERIFY(isNear(plan->workspace, engine.model()->executor.workspaceBytes, 0.25));
    QVERIFY(isNear(plan->fixed(), engine.model()->executor.workspaceBytes +
                                      engine.model()->executor.weightBytes + plan->other));
}

void MemoryPlanTest::readsNoWeights()
{
    const std::string path = modelFolder() + "/" + kSmolLm2File;
    if (!std::filesystem::exists(path))
        QFAIL("the model is missing: ./installer/test brings it");
    // The same description over a hole where the weights are.
    QTemporaryDir folder;
    const std::string copy = folder.filePath("hole.gguf").toStdString();
    const auto real = GgufFile::open(path);
    const auto plan = planMemory(*real);
    const std::uint64_t head = real->offsetOf(real->tensors().front());
    {
        std::ifstream from(path, std::ios::binary);
        std::vector<char> bytes(head);
        from.read(bytes.data(), std::streamsize(head));
        std::ofstream(copy, std::ios::binary).write(bytes.data(), std::streamsize(head));
    }
    std::filesystem::resize_file(copy, std::filesystem::file_size(path));
    const auto hollow = GgufFile::open(copy);
    QVERIFY(hollow.has_value());
    const auto same = planMemory(*hollow);
    QVERIFY(same.has_value());
    QCOMPARE(same->weights, plan->weights);
    QCOMPARE(same->workspace, plan->workspace);
    QCOMPARE(same->other, plan->other);
}

void MemoryPlanTest::tellsWhatLoadingWouldRefuse()
{
    vitrine::test::GgufWriter writer;
    writer.add("general.architecture", "mamba");
    const auto bytes = writer.bytes();
    const auto file = GgufFile::parse(bytes, "mamba.gguf");
    QVERIFY(file.has_value());
    const auto plan = planMemory(*file);
    QVERIFY(!plan.has_value());
    QVERIFY(plan.error().message.find("mamba") != std::string::npos);
}

void MemoryPlanTest::fewerBitsMeanMoreTokens()
{
    vitrine::test::GgufWriter writer = vitrine::test::TinyModel("llama").build();
    vitrine::test::addTinyVocabulary(writer, "gpt2", 256);
    const auto bytes = writer.bytes();
    const auto file = GgufFile::parse(bytes, "tiny.gguf");
    const auto plan = planMemory(*file);
    QVERIFY(plan.has_value());
    const std::uint64_t room = plan->fixed() + (1U << 20);
    QVERIFY(plan->tokensIn(KvFormat::Int8, room) > plan->tokensIn(KvFormat::BF16, room));
    QVERIFY(plan->tokensIn(KvFormat::BF16, room) > plan->tokensIn(KvFormat::F32, room));
    QCOMPARE(plan->tokensIn(KvFormat::BF16, plan->fixed()), std::uint64_t{0});
    const std::uint64_t tokens = plan->tokensIn(KvFormat::BF16, room);
    QVERIFY(plan->total(KvFormat::BF16, tokens) <= room);
    QVERIFY(plan->total(KvFormat::BF16, tokens + 1) > room);
}

void MemoryPlanTest::aCutFileTellsItsWholeSize()
{
    vitrine::test::GgufWriter writer = vitrine::test::TinyModel("llama").build();
    vitrine::test::addTinyVocabulary(writer, "gpt2", 256);
    QTemporaryDir folder;
    const std::string path = folder.filePath("cut.gguf").toStdString();
    QVERIFY(writer.write(path));
    const std::uint64_t whole = std::filesystem::file_size(path);
    std::filesystem::resize_file(path, whole * 3 / 4);
    QVERIFY(!GgufFile::open(path).has_value());
    QCOMPARE(GgufFile::wholeBytes(path), whole);
    std::filesystem::resize_file(path, 20);
    QCOMPARE(GgufFile::wholeBytes(path), std::uint64_t{0});
}

QTEST_GUILESS_MAIN(MemoryPlanTest)
#include "memory_plan_test.moc"
