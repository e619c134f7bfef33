// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens chosen where the logits lie, on the emulator: by the executor beside the host's sampler, and by an
// engine whose replies are the same whoever chooses; and what such a decode step asks of the device.
#include <QtTest>

#include <cstring>
#include <functional>
#include <set>

#include "cuda_emulator/control.h"
#include "engine/cuda/cuda_executor.h"
#include "engine/sampling/sampler.h"
#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/faulty_executor.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/real_engine.h"
#include "tests/engine/support/tiny_model.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
using namespace vitrine::tests;
namespace emulator = vitrine::cuda_emulator;

namespace {

constexpr std::uint32_t kSequences = 4;

SamplingParams paramsOf(std::size_t i)
{
    SamplingParams params;
    params.temperature = i % 4 == 3 ? 0.0F : 0.7F + 0.2F * static_cast<float>(i % 4);
    params.topK = i % 3 == 1 ? 20 : 0;
    params.topP = i % 3 == 2 ? 0.9F : 1.0F;
    params.minP = i % 2 == 1 ? 0.02F : 0.0F;
    params.seed = 77;
    return params;
}

TokenChoice choiceOf(const SamplingParams& params, std::uint64_t key, std::uint64_t position)
{
    return {false, params.temperature, params.topK, params.topP, params.minP, params.seed, key, position};
}

/// Sequences with prompts of different lengths in KV, ready for decode steps.
struct Decoding
{
    explicit Decoding(const std::shared_ptr<const Model>& model)
        : rig(model, makeCudaExecutor(model, {}, {}), 16, 32), sequences(kSequences)
    {
        for (std::uint32_t i = 0; i < kSequences; ++i) {
            sequences[i].tokens = randomTokens(model->config().vocab, 30 + i, i + 1);
            const RigChunk chunk{&sequences[i], 10 + i};
            rig.step(std::span(&chunk, 1), keepAll);
        }
    }

    ForwardBatch batch()
    {
        std::vector<RigChunk> chunks;
        for (RigSequence& sequence : sequences)
            chunks.push_back({&sequence, 1});
        return rig.build(chunks, keepAll);
    }

    /// Of the batch; `onHost` says which rows' logits are wanted.
    template<class OnHost>
    std::vector<TokenChoice> choices(OnHost onHost) const
    {
        std::vector<TokenChoice> all;
        for (std::size_t i = 0; i < kSequences; ++i) {
            all.push_back(choiceOf(paramsOf(i), i, sequences[i].computed + 1));
            all.back().onHost = onHost(i);
        }
        return all;
    }

    ExecutorRig rig;
    std::vector<RigSequence> sequences;
};

std::string tinyFile()
{
    return std::string(VITRINE_TEST_DATA) + "/families/llama/model.gguf";
}

/// An engine that computes on the emulator. Its sampler is the host's where an executor stands between that
/// takes no choices.
std::string load(RealEngine& real, bool onHost, const EngineOptions& options)
{
    static Fault none;
    const std::shared_ptr<const Model> model = tinyModel("llama");
    return real.load(tinyFile(), options, [&](std::unique_ptr<Executor>) {
        Result<std::unique_ptr<Executor>> made = makeCudaExecutor(model, options.executor, {});
        VT_CHECK(made && (*made)->reserveKv({options.kvBlocks, options.blockSize}) &&
                 (*made)->reserveHost(options.hostBlocks));
        if (onHost)
            return std::unique_ptr<Executor>(std::make_unique<FaultyExecutor>(std::move(*made), none));
        return std::move(*made);
    });
}

EngineOptions smallPool(std::uint32_t blocks)
{
    EngineOptions options;
    options.kvBlocks = blocks;
    options.hostBlocks = 4;
    options.blockSize = 16;
    options.cacheSeed = 5;
    options.executor.threads = 1;
    options.scheduler.tokenBudget = 24;
    return options;
}

GenerationRequest tinyRequest(std::size_t variant, std::uint32_t maxTokens)
{
    GenerationRequest request;
    std::vector<TokenId> prompt;
    for (std::size_t i = 0; i < 15 + variant * 7 % 20; ++i)
        prompt.push_back(static_cast<TokenId>(3 + (i * 37 + variant * 11) % 250));
    request.prompt = prompt;
    request.maxTokens = maxTokens;
    request.ignoreEndOfGeneration = variant % 2 == 0;
    request.sampleKey = variant;
    request.sampling = paramsOf(variant);
    if (variant % 5 == 2)
        request.sampling.frequencyPenalty = 0.5F;
    if (variant % 5 == 4)
        request.sampling.logprobs = 3;
    return request;
}

/// On one numeric path: who is preempted, and whether by swap or recompute, follows from measured times.
std::vector<Reply> repliesOf(bool onHost, std::uint32_t blocks, std::uint32_t& preemptions)
{
    RealEngine real;
    EngineOptions options = smallPool(blocks);
    options.executor.deterministic = true;
    VT_CHECK(load(real, onHost, options).empty());
    std::vector<RequestId> ids;
    for (std::size_t variant = 0; variant < 6; ++variant)
        ids.push_back(real.submit(tinyRequest(variant, 20)));
    const Result<std::vector<RequestId>> samples = real.engine().submitSamples(tinyRequest(8, 10), 3);
    VT_CHECK(samples && real.run());
    ids.insert(ids.end(), samples->begin(), samples->end());
    std::vector<Reply> replies;
    for (const RequestId id : ids)
        replies.push_back(real.reply(id));
    preemptions = 0;
    for (const StepRecord& step : real.drainSteps())
        preemptions += step.preemptions;
    return replies;
}

} // namespace

class TokenChoicesTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { emulator::reset(); }

    void takesWhatNeedsNoHost_data()
    {
        QTest::addColumn<std::function<void(SamplingParams&)>>("change");
        QTest::addColumn<bool>("taken");
        const auto row = [](const char* name, bool taken, std::function<void(SamplingParams&)> change) {
            QTest::newRow(name) << std::move(change) << taken;
        };
        row("nothing on", true, [](SamplingParams&) {});
        row("all that the device does", true, [](SamplingParams& params) {
            params = {.temperature = 0.8F, .topK = 1024, .topP = 0.9F, .minP = 0.1F, .bias = {}, .seed = 3};
        });
        row("top-k off by its size", true, [](SamplingParams& params) { params.topK = 1U << 30U; });
        row("typical sampling", true, [](SamplingParams& params) { params.typicalP = 0.9F; });
        row("repetition", true, [](SamplingParams& params) { params.repetitionPenalty = 1.1F; });
        row("presence", true, [](SamplingParams& params) { params.presencePenalty = 0.1F; });
        row("frequency", true, [](SamplingParams& params) { params.frequencyPenalty = 0.1F; });
        row("a bias", true, [](SamplingParams& params) { params.bias = {{3, 1.0F}}; });
        row("alternatives", true, [](SamplingParams& params) { params.logprobs = 1; });
    }
    void takesWhatNeedsNoHost()
    {
        QFETCH(std::function<void(SamplingParams&)>, change);
        QFETCH(bool, taken);
        SamplingParams params;
        change(params);
        const auto executor = makeCudaExecutor(tinyModel("llama"), {}, {});
        QVERIFY(executor.has_value());
        QCOMPARE((*executor)->canChoose(params), taken);
    }

    void choosesWhatTheHostWouldOfTheSameLogits()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        Decoding logits(model), chosen(model);
        const std::size_t vocab = model->config().vocab;
        const auto expected = logits.rig.executor().forward(logits.batch());
        QVERIFY(expected.has_value());
        ForwardBatch batch = chosen.batch();
        batch.choices = chosen.choices([](std::size_t) { return false; });
        const auto none = chosen.rig.executor().forward(batch);
        QVERIFY(none && none->empty());
        const std::span<const TokenId> tokens = chosen.rig.executor().chosenTokens();
        QCOMPARE(tokens.size(), std::size_t{kSequences});
        for (std::size_t i = 0; i < kSequences; ++i) {
            const std::vector<TokenId> before(batch.choices[i].position);
            const SamplingContext context{before, {}, i};
            Sampler sampler;
            QCOMPARE(tokens[i], sampler.sample(expected->subspan(i * vocab, vocab), paramsOf(i), context).id);
        }
    }

    void rowsOfTheHostLieBesideChosenOnes_data()
    {
        QTest::addColumn<unsigned>("onHost");
        QTest::addColumn<int>("copies");
        QTest::newRow("the first") << 0b0001U << 1;
        QTest::newRow("the last two") << 0b1100U << 1;
        QTest::newRow("two apart") << 0b1001U << 2;
    }
    void rowsOfTheHostLieBesideChosenOnes()
    {
        QFETCH(unsigned, onHost);
        QFETCH(int, copies);
        const auto isOnHost = [onHost = onHost](std::size_t i) { return (onHost >> i & 1U) != 0; };
        const std::shared_ptr<const Model> model = tinyModel("llama");
        Decoding rows(model), mixed(model), all(model);
        const auto expected = rows.rig.executor().forward(rows.batch());
        ForwardBatch batch = all.batch();
        batch.choices = all.choices([](std::size_t) { return false; });
        QVERIFY(expected && all.rig.executor().forward(batch));
        batch = mixed.batch();
        batch.choices = mixed.choices(isOnHost);
        for (int i = 0; i < 2; ++i) // by single calls, then recorded
            QVERIFY(mixed.rig.executor().forward(batch).has_value());
        emulator::resetCounts();
        const auto found = mixed.rig.executor().forward(batch);
        QVERIFY(found.has_value());
        QCOMPARE(emulator::counts().graphs, std::size_t{1});
        QCOMPARE(emulator::counts().copiesToHost, static_cast<std::size_t>(copies));
        QCOMPARE(emulator::counts().copiesToDevice + emulator::counts().kernels, std::size_t{0});
        QCOMPARE(found->size(), expected->size());
        const std::size_t vocab = model->config().vocab;
        for (std::size_t i = 0; i < kSequences; ++i) {
            if (isOnHost(i))
                QVERIFY(std::memcmp(found->data() + i * vocab, expected->data() + i * vocab,
                                    vocab * sizeof(float)) == 0);
            else
                QCOMPARE(mixed.rig.executor().chosenTokens()[i], all.rig.executor().chosenTokens()[i]);
        }
    }

    /// The settings are inputs: the graph is the same for others.
    void aRecordedStepThatChoosesIsOneLaunch()
    {
        Decoding decoding(tinyModel("llama"));
        ForwardBatch batch = decoding.batch();
        batch.choices = decoding.choices([](std::size_t) { return false; });
        for (int i = 0; i < 2; ++i)
            QVERIFY(decoding.rig.executor().forward(batch).has_value());
        emulator::resetCounts();
        std::set<TokenId> seen;
        for (std::uint64_t seed = 0; seed < 6; ++seed) {
            for (TokenChoice& choice : batch.choices)
                choice.seed = seed;
            QVERIFY(decoding.rig.executor().forward(batch).has_value());
            seen.insert(decoding.rig.executor().chosenTokens()[0]);
        }
        QVERIFY(seen.size() > 1);
        const emulator::Counts counts = emulator::counts();
        QCOMPARE(counts.graphs, std::size_t{6});
        QCOMPARE(counts.kernels + counts.libraryCalls + counts.allocations + counts.captures, std::size_t{0});
        QCOMPARE(counts.copiesToDevice + counts.copiesToHost, std::size_t{0});
    }

    /// Whoever chooses: with company that needs the host, samples of one prompt, and too few blocks.
    void repliesAreTheSameWhoeverChooses_data()
    {
        QTest::addColumn<unsigned>("blocks");
        QTest::newRow("room for all") << 64U;
        QTest::newRow("some are preempted") << 8U;
    }
    void repliesAreTheSameWhoeverChooses()
    {
        QFETCH(unsigned, blocks);
        std::uint32_t preemptions = 0, others = 0;
        const std::vector<Reply> device = repliesOf(false, blocks, preemptions);
        const std::vector<Reply> host = repliesOf(true, blocks, others);
        QCOMPARE(preemptions > 0, blocks == 8U);
        QCOMPARE(device.size(), host.size());
        for (std::size_t i = 0; i < host.size(); ++i) {
            QVERIFY(!host[i].tokens.empty());
            QCOMPARE(device[i].tokens, host[i].tokens);
            QCOMPARE(device[i].text, host[i].text);
            QCOMPARE(device[i].end.reason, host[i].end.reason);
        }
    }

    void aSampledReplyCostsOneLaunchAToken()
    {
        RealEngine real;
        QCOMPARE(load(real, false, smallPool(64)), std::string());
        GenerationRequest request = tinyRequest(0, 60);
        QVERIFY(request.sampling.temperature > 0.0F);
        const RequestId id = real.submit(std::move(request));
        while (real.reply(id).tokens.size() < 5)
            QVERIFY(real.engine().step());
        emulator::resetCounts();
        for (int i = 0; i < 10; ++i)
            QVERIFY(real.engine().step());
        const emulator::Counts counts = emulator::counts();
        QCOMPARE(counts.graphs, std::size_t{10});
        QCOMPARE(counts.kernels + counts.libraryCalls + counts.copiesToDevice + counts.copiesToHost,
                 std::size_t{0});
    }
};

QTEST_APPLESS_MAIN(TokenChoicesTest)
#include "token_choices_test.moc"
