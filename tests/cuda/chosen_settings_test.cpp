// SPDX-License-Identifier: GPL-3.0-or-later
// Penalties, biases, typical sampling and alternatives in whole steps, on the emulator: the executor beside
// the host's sampler, recorded steps, steps behind others whose last token only the device knows, and an
// engine whose replies are those of steps that wait and of a host that chooses.
#include <QtTest>

#include <cmath>
#include <functional>
#include <map>

#include "cuda_emulator/control.h"
#include "engine/cuda/cuda_executor.h"
#include "engine/sampling/logit_adjustments.h"
#include "engine/sampling/sampler.h"
#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/faulty_executor.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/real_engine.h"
#include "tests/engine/support/tiny_model.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
using namespace vitrine::tests;
namespace emulator = vitrine::cuda_emulator;

namespace {

constexpr std::uint32_t kSequences = 4;
constexpr std::uint32_t kReply = 20;

/// Of every kind one; so hot that penalties decide.
SamplingParams paramsOf(std::size_t i)
{
    SamplingParams params;
    params.temperature = i % 5 == 4 ? 0.0F : 2.0F;
    params.seed = 31;
    if (i % 2 == 0)
        params.repetitionPenalty = 1.7F;
    if (i % 3 != 2)
        params.frequencyPenalty = 1.5F;
    if (i % 4 == 1)
        params.presencePenalty = -2.0F;
    if (i % 3 == 1)
        params.bias = {{17, 3.0F}, {40, -INFINITY}};
    if (i % 4 == 3)
        params.typicalP = 0.8F;
    if (i % 2 == 1)
        params.topK = 60;
    params.logprobs = i % 3 == 0 ? 5 : static_cast<std::uint32_t>(i % 3 - 1) * 40;
    return params;
}

TokenChoice choiceOf(const SamplingParams& params, std::uint64_t key, std::uint64_t position)
{
    TokenChoice choice{false,       params.temperature, params.topK, params.topP,
                       params.minP, params.seed,        key,         position};
    choice.typicalP = params.typicalP;
    choice.repetitionPenalty = params.repetitionPenalty;
    choice.presencePenalty = params.presencePenalty;
    choice.frequencyPenalty = params.frequencyPenalty;
    choice.alternatives = params.logprobs;
    return choice;
}

/// Sequences with a prompt and the beginning of a reply, ready for decode steps.
struct Decoding
{
    explicit Decoding(const std::shared_ptr<const Model>& model)
        : rig(model, makeCudaExecutor(model, {}, {}), 16, 32), sequences(kSequences)
    {
        for (std::uint32_t i = 0; i < kSequences; ++i) {
            sequences[i].tokens = randomTokens(model->config().vocab, 40, i + 1);
            const RigChunk chunk{&sequences[i], 10 + i};
            rig.step(std::span(&chunk, 1), keepAll);
        }
    }

    ForwardBatch logitsBatch()
    {
        std::vector<RigChunk> chunks;
        for (RigSequence& sequence : sequences)
            chunks.push_back({&sequence, 1});
        return rig.build(chunks, keepAll);
    }

    /// What was said of sequence `i` once this step's token is in.
    SamplingContext contextOf(std::size_t i) const
    {
        const std::span<const TokenId> known(sequences[i].tokens.data(), sequences[i].computed + 1);
        return {known.first(8), known.subspan(8), i};
    }

    ForwardBatch choicesBatch(std::size_t variant = 0)
    {
        ForwardBatch batch = logitsBatch();
        for (std::size_t i = 0; i < kSequences; ++i) {
            const SamplingParams params = paramsOf(i + variant);
            const SamplingContext context = contextOf(i);
            TokenChoice choice = choiceOf(params, i, sequences[i].computed + 1);
            LogitAdjustments known;
            known.update(params, context.prompt, 0, context.reply);
            choice.firstAdjustment = static_cast<std::uint32_t>(batch.adjustments.size());
            choice.adjustments = static_cast<std::uint32_t>(known.entries().size());
            batch.adjustments.insert(batch.adjustments.end(), known.entries().begin(), known.entries().end());
            batch.choices.push_back(choice);
        }
        return batch;
    }

    ExecutorRig rig;
    std::vector<RigSequence> sequences;
};

void compareTokens(const SampledToken& found, const SampledToken& expected)
{
    QCOMPARE(found.id, expected.id);
    QVERIFY(std::abs(found.logprob - expected.logprob) <= 1e-4F);
    QCOMPARE(found.top.size(), expected.top.size());
    for (std::size_t i = 0; i < expected.top.size(); ++i) {
        QCOMPARE(found.top[i].id, expected.top[i].id);
        QVERIFY(std::abs(found.top[i].logprob - expected.top[i].logprob) <= 1e-4F);
        QCOMPARE(int(found.top[i].cut), int(expected.top[i].cut));
    }
}

/// An engine that computes on the emulator, and the tokens that it told of.
struct Served
{
    explicit Served(Passing passing, std::uint32_t blocks = 96, std::size_t mostAdjustments = 1U << 20U)
    {
        fault.mostAdjustments = mostAdjustments;
        EngineOptions options;
        options.kvBlocks = blocks;
        options.hostBlocks = 4;
        options.blockSize = 8;
        options.cacheSeed = 5;
        options.executor.threads = 1;
        options.executor.deterministic = true; // batches differ
        options.scheduler.tokenBudget = 40;
        const std::string path = std::string(VITRINE_TEST_DATA) + "/families/llama/model.gguf";
        const std::string error = real.load(path, options, [&](std::unique_ptr<Executor>) {
            Result<std::unique_ptr<Executor>> made =
                makeCudaExecutor(tinyModel("llama"), options.executor, {});
            VT_CHECK(made && (*made)->reserveKv({options.kvBlocks, options.blockSize}) &&
                     (*made)->reserveHost(options.hostBlocks));
            return std::unique_ptr<Executor>(
                std::make_unique<FaultyExecutor>(std::move(*made), fault, passing));
        });
        VT_CHECK(error.empty());
    }

    std::map<RequestId, std::vector<SampledToken>> told;
    Fault fault; // outlives the executor
    RealEngine real{[this](const EngineEvent& event) {
        if (const auto* token = std::get_if<TokenGenerated>(&event))
            told[token->request].push_back(token->token);
    }};
};

GenerationRequest requestOf(std::size_t variant)
{
    GenerationRequest request;
    std::vector<TokenId> prompt;
    for (std::size_t i = 0; i < 6 + variant * 7 % 20; ++i)
        prompt.push_back(static_cast<TokenId>(3 + (i * 37 + variant * 11) % 250));
    request.prompt = prompt;
    request.maxTokens = kReply;
    request.ignoreEndOfGeneration = variant % 3 != 0;
    request.sampleKey = variant;
    request.sampling = paramsOf(variant);
    return request;
}

/// Submits one after the other while others run; each kind is there.
std::vector<RequestId> runAll(Served& served, std::size_t requests)
{
    std::vector<RequestId> ids;
    for (std::size_t i = 0; i < requests; ++i) {
        ids.push_back(served.real.submit(requestOf(i)));
        served.real.engine().step();
        served.real.engine().step();
    }
    VT_CHECK(served.real.run());
    return ids;
}

} // namespace

class ChosenSettingsTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { emulator::reset(); }

    void choosesAndTellsWhatTheHostWouldOfTheSameLogits()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const std::size_t vocab = model->config().vocab;
        for (std::size_t variant = 0; variant < 12; variant += kSequences) {
            Decoding logits(model), chosen(model);
            const auto expected = logits.rig.executor().forward(logits.logitsBatch());
            QVERIFY(expected.has_value());
            const ForwardBatch batch = chosen.choicesBatch(variant);
            const auto none = chosen.rig.executor().forward(batch);
            QVERIFY(none && none->empty());
            for (std::size_t i = 0; i < kSequences; ++i) {
                const SamplingParams params = paramsOf(i + variant);
                Sampler sampler;
                const SampledToken token =
                    sampler.sample(expected->subspan(i * vocab, vocab), params, logits.contextOf(i));
                QCOMPARE(chosen.rig.executor().chosenTokens()[i], token.id);
                if (params.logprobs > 0)
                    compareTokens(chosen.rig.executor().report(i), token);
            }
        }
    }

    /// Settings and lists are inputs: the graph is the same for others, and for lists that have grown.
    void aRecordedStepWithAllSettingsIsOneLaunch()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        Decoding decoding(model);
        for (int i = 0; i < 2; ++i)
            QVERIFY(decoding.rig.executor().forward(decoding.choicesBatch()).has_value());
        emulator::resetCounts();
        std::vector<TokenId> replayed;
        for (std::size_t variant = 0; variant < 3; ++variant) {
            QVERIFY(decoding.rig.executor().forward(decoding.choicesBatch(variant)).has_value());
            const std::span<const TokenId> tokens = decoding.rig.executor().chosenTokens();
            replayed.insert(replayed.end(), tokens.begin(), tokens.end());
        }
        const emulator::Counts counts = emulator::counts();
        QCOMPARE(counts.graphs, std::size_t{3});
        QCOMPARE(counts.kernels + counts.libraryCalls + counts.allocations + counts.captures, std::size_t{0});
        QCOMPARE(counts.copiesToDevice + counts.copiesToHost, std::size_t{0});
        std::vector<TokenId> single;
        for (std::size_t variant = 0; variant < 3; ++variant) {
            Decoding fresh(model);
            QVERIFY(fresh.rig.executor().forward(fresh.choicesBatch(variant)).has_value());
            const std::span<const TokenId> tokens = fresh.rig.executor().chosenTokens();
            single.insert(single.end(), tokens.begin(), tokens.end());
        }
        QCOMPARE(replayed, single);
    }

    /// No row is the host's, and most steps are launched behind others.
    void repliesAreThoseOfStepsThatWait()
    {
        const std::size_t requests = std::size_t(effort(8, 5));
        Served behind(Passing::Followers), waiting(Passing::Tokens), host(Passing::Logits);
        const std::vector<RequestId> ids = runAll(behind, requests);
        QCOMPARE(runAll(waiting, requests).size(), requests);
        const std::vector<RequestId> same = runAll(host, requests);
        QCOMPARE(behind.fault.hostRows, std::uint64_t{0});
        const std::size_t steps = behind.real.drainSteps().size();
        QVERIFY2(behind.fault.followers * 4 > steps * 3,
                 qPrintable(QString("%1 of %2").arg(behind.fault.followers).arg(steps)));
        QCOMPARE(waiting.fault.followers, std::uint64_t{0});
        for (std::size_t i = 0; i < requests; ++i) {
            const Reply& reply = behind.real.reply(ids[i]);
            QVERIFY(!reply.tokens.empty());
            QCOMPARE(reply.tokens, waiting.real.reply(ids[i]).tokens);
            QCOMPARE(reply.tokens, host.real.reply(same[i]).tokens);
            QCOMPARE(reply.end.reason, host.real.reply(same[i]).end.reason);
            for (std::size_t token = 0; token < behind.told[ids[i]].size(); ++token)
                compareTokens(behind.told[ids[i]][token], host.told[same[i]][token]);
        }
    }

    void penaltiesHoldThroughPreemptionAndSamples()
    {
        Served crowded(Passing::Followers, 12), roomy(Passing::Logits);
        std::vector<RequestId> ids = runAll(crowded, 6), same = runAll(roomy, 6);
        for (auto [served, all] : {std::pair{&crowded, &ids}, std::pair{&roomy, &same}}) {
            const Result<std::vector<RequestId>> samples =
                served->real.engine().submitSamples(requestOf(6), 3);
            QVERIFY(samples && served->real.run());
            all->insert(all->end(), samples->begin(), samples->end());
        }
        std::uint32_t preemptions = 0;
        for (const StepRecord& step : crowded.real.drainSteps())
            preemptions += step.preemptions;
        QVERIFY(preemptions > 0);
        QVERIFY(crowded.fault.followers > 0);
        for (std::size_t i = 0; i < ids.size(); ++i)
            QCOMPARE(crowded.real.reply(ids[i]).tokens, roomy.real.reply(same[i]).tokens);
    }

    /// What was said before is of the reply, also for the device: the wish for a token wears off sooner.
    void aContinuedReplyIsPenalisedForItsBeginning()
    {
        const auto reply = [](Passing passing, std::size_t said) {
            Served served(passing);
            GenerationRequest request = requestOf(1);
            request.prompt = std::vector<ChatMessage>{{"user", "ab"}, {"assistant", ""}};
            request.continues = true;
            request.continuationTokens.assign(said, 50);
            request.ignoreEndOfGeneration = true;
            request.sampling = {.bias = {{50, 40.0F}}};
            request.sampling.frequencyPenalty = 4.0F;
            const RequestId id = served.real.submit(request);
            VT_CHECK(served.real.run() && served.real.reply(id).tokens.size() == kReply);
            return served.real.reply(id).tokens;
        };
        const auto fifties = [](const std::vector<TokenId>& tokens) {
            return std::count(tokens.begin(), tokens.end(), 50);
        };
        const std::vector<TokenId> begun = reply(Passing::Followers, 6);
        QCOMPARE(begun, reply(Passing::Logits, 6));
        QVERIFY(fifties(begun) > 0);
        QVERIFY(fifties(begun) < fifties(reply(Passing::Followers, 1)));
    }

    /// Rows whose lists have no room are the host's; the others stay the device's.
    void longListsAreTheHosts()
    {
        Served few(Passing::Followers, 96, 40), host(Passing::Logits);
        const std::vector<RequestId> ids = runAll(few, 4), same = runAll(host, 4);
        QVERIFY(few.fault.hostRows > 0);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            QCOMPARE(few.real.reply(ids[i]).tokens, host.real.reply(same[i]).tokens);
            for (std::size_t token = 0; token < few.told[ids[i]].size(); ++token)
                compareTokens(few.told[ids[i]][token], host.told[same[i]][token]);
        }
    }
};

QTEST_APPLESS_MAIN(ChosenSettingsTest)
#include "chosen_settings_test.moc"
