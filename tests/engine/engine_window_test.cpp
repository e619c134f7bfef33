// SPDX-License-Identifier: GPL-3.0-or-later
// The engine with a real model that mixes full and sliding-window layers (Gemma 3 270M: 3 and 15, a window of
// 512 tokens): what the layers with a window give back nobody can tell from a reply. Under a sanitizer a tiny
// model of the same layers.
#include <QtTest>

#include <filesystem>

#include <QTemporaryDir>

#include "tests/engine/support/model_files.h"
#include "tests/engine/support/real_engine.h"
#include "tests/engine/support/tiny_model.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using namespace vitrine::tests;
using vitrine::engine::test::kGemma3File;

namespace {

constexpr std::uint32_t kLong = 900, kShort = 300; // tokens of a prompt: beyond the window, and within

using Tokens = std::vector<TokenId>;

GenerationRequest request(Tokens prompt, std::uint32_t maxTokens)
{
    GenerationRequest request;
    request.prompt = std::move(prompt);
    request.maxTokens = maxTokens;
    request.ignoreEndOfGeneration = true;
    return request;
}

EngineOptions options(std::uint32_t blocks)
{
    EngineOptions options = testOptions();
    options.kvBlocks = blocks;
    options.cacheSeed = 5;
    return options;
}

/// Layers, window and the tokens of the prompts as in Gemma 3 270M.
bool writeTinyGemma(const std::string& path)
{
    constexpr std::uint32_t kVocab = 41'001;
    vitrine::test::TinyShape shape{.hidden = 16, .layers = 18, .ffn = 32, .vocab = kVocab, .context = 2048};
    shape.window = 512;
    vitrine::test::GgufWriter writer = vitrine::test::TinyModel("gemma3", shape).build();
    vitrine::test::addTinyVocabulary(writer, "llama", kVocab);
    return writer.write(path);
}

} // namespace

class EngineWindowTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_path = (std::filesystem::path(modelFolder()) / kGemma3File).string();
        if (kSanitized) {
            m_path = m_folder.filePath("tiny.gguf").toStdString();
            QVERIFY(writeTinyGemma(m_path));
        }
        QVERIFY2(std::filesystem::exists(m_path), "the model file is missing: ./installer/test brings it");
        RealEngine real;
        QCOMPARE(real.load(m_path, options(160)), std::string());
        const RequestId id = real.submit(request(madeUpTokens(kLong, 0), 12));
        QVERIFY(real.run());
        m_long = real.reply(id).tokens;
        QCOMPARE(m_long.size(), std::size_t{12});
        std::vector<RequestId> ids;
        for (std::size_t variant = 1; variant < 4; ++variant) {
            ids.push_back(real.submit(request(madeUpTokens(kShort, variant), 40)));
            QVERIFY(real.run());
            m_short.push_back(real.reply(ids.back()).tokens);
        }
    }

    void aReplyFitsWhereWholeBlocksWouldNot()
    {
        RealEngine real;
        QCOMPARE(real.load(m_path, options(48)), std::string()); // 768 tokens in whole blocks
        QVERIFY(real.engine().kvCache()->options().shape.mixed());
        QVERIFY(real.engine().kvCache()->mostTokens() > kLong + 12);
        const RequestId id = real.submit(request(madeUpTokens(kLong, 0), 12));
        QVERIFY(real.run());
        QCOMPARE(real.reply(id).tokens, m_long);
        QCOMPARE(real.engine().kvCache()->usage().referenced, 0U);
        QCOMPARE(real.engine().kvCache()->checkInvariants(), std::string());
    }

    void aSecondTurnFindsTheFirst()
    {
        RealEngine real;
        QCOMPARE(real.load(m_path, options(64)), std::string());
        const RequestId first = real.submit(request(madeUpTokens(kLong, 0), 12));
        QVERIFY(real.run());
        Tokens turn = madeUpTokens(kLong, 0);
        turn.insert(turn.end(), m_long.begin(), m_long.end());
        const Tokens more = madeUpTokens(20, 7);
        turn.insert(turn.end(), more.begin(), more.end());
        const RequestId second = real.submit(request(turn, 8));
        QVERIFY(real.run());
        QCOMPARE(real.reply(first).tokens, m_long);
        QCOMPARE(real.reply(second).end.stats.cachedTokens, 896U); // 56 blocks: the last one was not full
        RealEngine fresh;
        QCOMPARE(fresh.load(m_path, options(160)), std::string());
        const RequestId same = fresh.submit(request(turn, 8));
        QVERIFY(fresh.run());
        QCOMPARE(real.reply(second).tokens, fresh.reply(same).tokens);
    }

    void preemptionsChangeNothing_data()
    {
        QTest::addColumn<int>("how");
        QTest::newRow("recompute") << int(PreemptionChoice::Recompute);
        QTest::newRow("swap") << int(PreemptionChoice::Swap);
    }
    void preemptionsChangeNothing()
    {
        QFETCH(int, how);
        EngineOptions tight = options(62); // three prompts of 19 blocks, and not all of their replies
        tight.hostBlocks = 80;
        tight.scheduler.preemption = static_cast<PreemptionChoice>(how);
        tight.scheduler.watermark = 0.0;
        RealEngine real;
        QCOMPARE(real.load(m_path, tight), std::string());
        std::vector<RequestId> ids;
        for (std::size_t variant = 1; variant < 4; ++variant)
            ids.push_back(real.submit(request(madeUpTokens(kShort, variant), 40)));
        QVERIFY(real.run());
        std::uint32_t preempted = 0;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            QCOMPARE(real.reply(ids[i]).tokens, m_short[i]);
            preempted += real.reply(ids[i]).end.stats.preemptions;
        }
        QVERIFY(preempted > 0);
    }

private:
    QTemporaryDir m_folder;
    std::string m_path;
    Tokens m_long;
    std::vector<Tokens> m_short;
};

QTEST_APPLESS_MAIN(EngineWindowTest)
#include "engine_window_test.moc"
