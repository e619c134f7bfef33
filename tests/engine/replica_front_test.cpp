// SPDX-License-Identifier: GPL-3.0-or-later
// Several engines behind one front: the replies that one engine gives, each event with the right request, and
// everything where it belongs whoever cancels what.
#include <QtTest>

#include <random>

#include "engine/base/clock.h"
#include "engine/replicas/prepared_replicas.h"
#include "engine/replicas/replica_front.h"
#include "engine/scoring/scorer.h"
#include "tests/engine/support/faulty_executor.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/real_engine.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

const std::string kTiny = std::string(VITRINE_TEST_DATA) + "/families/llama/model.gguf";
constexpr std::int64_t kPatience = 100'000'000; // ns of one wait

EngineOptions tinyOptions()
{
    EngineOptions options = testOptions();
    options.kvBlocks = 64;
    options.blockSize = 4;
    return options;
}

std::unique_ptr<ReplicaFront> frontOf(const std::string& path, const EngineOptions& options,
                                      std::uint32_t replicas)
{
    Result<std::vector<PreparedModel>> prepared = prepareReplicas(path, options, replicas);
    if (!prepared)
        qFatal("%s", prepared.error().message.c_str());
    return std::make_unique<ReplicaFront>(std::move(*prepared));
}

/// What became of every request of a front.
class Ear
{
public:
    explicit Ear(ReplicaFront& front) : m_front(front)
    {
        front.subscribe([this](const EngineEvent& event) { take(event); });
    }

    std::map<RequestId, Reply> replies;
    int unknown = 0; ///< events after a request's last

    /// Until all have ended; false when nothing is heard for a long time.
    bool run()
    {
        for (int silent = 0; m_front.hasWork() && silent < 600;)
            silent = m_front.deliver(kPatience) ? 0 : silent + 1;
        return !m_front.hasWork();
    }

private:
    void take(const EngineEvent& event)
    {
        const RequestId id = std::visit([](const auto& known) { return known.request; }, event);
        Reply& reply = replies[id];
        unknown += reply.finished() ? 1 : 0;
        if (const auto* token = std::get_if<TokenGenerated>(&event))
            reply.tokens.push_back(token->token.id);
        if (const auto* last = std::get_if<RequestFinished>(&event))
            reply.end = *last;
    }

    ReplicaFront& m_front;
};

GenerationRequest asking(std::vector<TokenId> prompt, std::uint32_t maxTokens)
{
    GenerationRequest request;
    request.prompt = std::move(prompt);
    request.maxTokens = maxTokens;
    request.ignoreEndOfGeneration = true;
    return request;
}

/// Some share a beginning; lengths differ.
std::vector<GenerationRequest> someRequests(std::uint32_t vocab, int count, std::uint32_t longest)
{
    std::mt19937 random(11);
    std::vector<GenerationRequest> requests;
    for (int i = 0; i < count; ++i) {
        std::vector<TokenId> prompt;
        for (std::uint32_t t = 0; t < 3 + random() % longest; ++t)
            prompt.push_back(static_cast<TokenId>((t < longest / 2 ? t * 7 + i % 3 : random()) % vocab));
        requests.push_back(asking(std::move(prompt), 2 + static_cast<std::uint32_t>(random() % 9)));
        if (i % 4 == 1) {
            requests.back().sampling.temperature = 0.9F;
            requests.back().sampling.seed = static_cast<std::uint64_t>(i);
        }
    }
    return requests;
}

std::vector<std::vector<TokenId>> repliesOfOne(const std::string& path, const EngineOptions& options,
                                               const std::vector<GenerationRequest>& requests)
{
    RealEngine real;
    if (const std::string error = real.load(path, options); !error.empty())
        qFatal("%s", error.c_str());
    std::vector<RequestId> ids;
    for (const GenerationRequest& request : requests)
        ids.push_back(real.submit(request));
    if (!real.run())
        qFatal("one engine does not come to an end");
    std::vector<std::vector<TokenId>> replies;
    for (const RequestId id : ids)
        replies.push_back(real.reply(id).tokens);
    return replies;
}

} // namespace

class ReplicaFrontTest : public QObject
{
    Q_OBJECT

private slots:
    void answersAsOneEngineDoes_data()
    {
        QTest::addColumn<QString>("family");
        QTest::addColumn<quint32>("replicas");
        for (const QString family : {"llama", "gemma3", "qwen3"})
            for (const quint32 replicas : {1U, 2U, 3U})
                QTest::addRow("%s, %u", qPrintable(family), replicas) << family << replicas;
    }
    void answersAsOneEngineDoes()
    {
        QFETCH(QString, family);
        QFETCH(quint32, replicas);
        const std::string path =
            std::string(VITRINE_TEST_DATA) + "/families/" + family.toStdString() + "/model.gguf";
        const auto front = frontOf(path, tinyOptions(), replicas);
        const std::uint32_t vocab = test::loadModel(path)->config().vocab;
        const std::vector<GenerationRequest> requests = someRequests(vocab, 24, 24);
        Ear ear(*front);
        std::vector<RequestId> ids;
        for (const GenerationRequest& request : requests) {
            const auto taken = front->submitSamples(request, 1);
            QVERIFY(taken.has_value());
            ids.push_back(taken->front());
        }
        QVERIFY(ear.run());
        const std::vector<std::vector<TokenId>> expected = repliesOfOne(path, tinyOptions(), requests);
        for (std::size_t i = 0; i < ids.size(); ++i)
            QCOMPARE(ear.replies[ids[i]].tokens, expected[i]);
        QCOMPARE(ear.unknown, 0);
        std::uint64_t routed = 0;
        for (std::uint32_t replica = 0; replica < replicas; ++replica) {
            QVERIFY(front->figures(replica).steps > 0);
            QCOMPARE(front->router().load(replica), std::uint64_t{0});
            routed += front->figures(replica).requests;
        }
        QCOMPARE(routed, std::uint64_t{24});
    }

    void answersTheDefaultModelAsOneEngineDoes()
    {
        const std::string path = servedModel();
        QVERIFY2(!path.empty(), "the default model is missing: ./installer/test brings it");
        EngineOptions options = testOptions();
        options.kvBlocks = 128;
        const std::vector<GenerationRequest> requests = someRequests(49'000, 6, 60);
        const auto front = frontOf(path, options, 2);
        Ear ear(*front);
        std::vector<RequestId> ids;
        for (const GenerationRequest& request : requests)
            ids.push_back(front->submitSamples(request, 1)->front());
        QVERIFY(ear.run());
        const std::vector<std::vector<TokenId>> expected = repliesOfOne(path, options, requests);
        for (std::size_t i = 0; i < ids.size(); ++i)
            QCOMPARE(ear.replies[ids[i]].tokens, expected[i]);
    }

    /// The weights that the second one was handed, and not packed anew.
    void everyReplicaScoresTheSame()
    {
        EngineOptions options = tinyOptions();
        Result<std::vector<PreparedModel>> replicas = prepareReplicas(kTiny, options, 2);
        QVERIFY(replicas.has_value());
        const std::vector<TokenId> tokens{5, 9, 2, 33, 7, 1, 8, 20, 4};
        std::vector<std::vector<double>> scores;
        for (const PreparedModel& replica : *replicas) {
            const auto scored =
                scoreTokens(*replica.executor, replica.kv, replica.model->config().vocab, tokens, 3);
            QVERIFY(scored.has_value());
            scores.push_back(scored->nextLogprob);
        }
        QCOMPARE(scores[0].size(), std::size_t{8});
        QCOMPARE(scores[0], scores[1]);
        QVERIFY((*replicas)[0].model == (*replicas)[1].model);
    }

    void samplesOfOnePromptHaveTheirOwnIds()
    {
        const auto front = frontOf(kTiny, tinyOptions(), 2);
        Ear ear(*front);
        GenerationRequest request = asking({1, 2, 3, 4, 5}, 6);
        request.sampling.temperature = 1.0F;
        const auto ids = front->submitSamples(request, 5);
        QVERIFY(ids && ids->size() == 5);
        QVERIFY(ear.run());
        QCOMPARE(ear.replies.size(), std::size_t{5});
        for (const RequestId id : *ids)
            QCOMPARE(ear.replies[id].tokens.size(), std::size_t{6});
        QCOMPARE(front->figures(0).requests + front->figures(1).requests, std::uint64_t{1});
    }

    void theNextTurnFindsItsBeginning()
    {
        EngineOptions options = tinyOptions();
        const auto front = frontOf(kTiny, options, 3);
        Ear ear(*front);
        for (int conversation = 0; conversation < 3; ++conversation) {
            std::vector<TokenId> history;
            for (TokenId i = 0; i < 20; ++i)
                history.push_back(10 * (conversation + 1) + i);
            for (int turn = 0; turn < 3; ++turn) {
                const RequestId id = front->submitSamples(asking(history, 6), 1)->front();
                QVERIFY(ear.run());
                const RequestFinished& end = ear.replies[id].end;
                QVERIFY(turn == 0 || end.stats.cachedTokens >= history.size() - 4 - 2);
                history = end.path;
                history.push_back(3);
            }
        }
        std::uint64_t cached = 0, expected = 0;
        for (std::uint32_t replica = 0; replica < 3; ++replica) {
            QCOMPARE(front->figures(replica).requests, std::uint64_t{3}); // one conversation each
            cached += front->figures(replica).cachedTokens;
            expected += front->figures(replica).expectedHits;
        }
        QCOMPARE(cached, expected);
    }

    void whatAnEngineRefusesEndsWithItsReason()
    {
        const auto front = frontOf(kTiny, tinyOptions(), 2);
        Ear ear(*front);
        const auto tooLong = front->submitSamples(asking(std::vector<TokenId>(250, 1), 100), 1);
        const auto fits = front->submitSamples(asking({1, 2, 3}, 4), 1);
        QVERIFY(tooLong && fits);
        QVERIFY(ear.run());
        QCOMPARE(ear.replies[tooLong->front()].end.reason, FinishReason::Error);
        QVERIFY(!ear.replies[tooLong->front()].end.error.empty());
        QCOMPARE(ear.replies[fits->front()].tokens.size(), std::size_t{4});
        QCOMPARE(front->router().load(0) + front->router().load(1), std::uint64_t{0});
        QVERIFY(!front->submitSamples(asking({}, 4), 1));
        QVERIFY(!front->submitSamples(asking({1}, 4), 0));
        GenerationRequest strange = asking({1}, 4);
        strange.sampling.topP = -1.0F;
        QVERIFY(!front->submitSamples(strange, 1));
        QVERIFY(!front->hasWork());
    }

    /// In any order, also of what has ended or never was; each request ends once.
    void cancellingGoesToTheRightOne()
    {
        EngineOptions options = tinyOptions();
        options.kvBlocks = 200;
        const auto front = frontOf(kTiny, options, 3);
        Ear ear(*front);
        std::mt19937 random(5);
        std::vector<RequestId> ids;
        std::set<RequestId> cancelled;
        for (int i = 0; i < 120; ++i) {
            std::vector<TokenId> prompt;
            for (std::uint32_t t = 0; t < 1 + random() % 30; ++t)
                prompt.push_back(static_cast<TokenId>(random() % 50));
            ids.push_back(front->submitSamples(asking(prompt, 1 + random() % 60), 1)->front());
            if (random() % 2 == 0) {
                const RequestId id = ids[random() % ids.size()];
                cancelled.insert(id);
                front->cancel(id);
            }
            front->cancel(RequestId{100'000});
            if (random() % 3 == 0)
                front->deliver(0);
        }
        QVERIFY(ear.run());
        QCOMPARE(ear.replies.size(), ids.size());
        QCOMPARE(ear.unknown, 0);
        for (const RequestId id : ids) {
            const FinishReason reason = ear.replies[id].end.reason;
            QVERIFY(reason == FinishReason::Length ||
                    (reason == FinishReason::Cancelled && cancelled.contains(id)));
        }
    }

    void aSinkMaySubmitAndCancel()
    {
        const auto front = frontOf(kTiny, tinyOptions(), 2);
        int finished = 0;
        std::optional<RequestId> second;
        front->subscribe([&](const EngineEvent& event) {
            if (!std::holds_alternative<RequestFinished>(event))
                return;
            ++finished;
            if (!second) {
                second = front->submitSamples(asking({4, 5}, 200), 1)->front();
                front->cancel(*second);
            }
        });
        QVERIFY(front->submitSamples(asking({1, 2}, 2), 1).has_value());
        for (int i = 0; i < 600 && front->hasWork(); ++i)
            front->deliver(kPatience);
        QCOMPARE(finished, 2);
    }

    void aReplicaThatFailsIsLeftOut()
    {
        Result<std::vector<PreparedModel>> prepared = prepareReplicas(kTiny, tinyOptions(), 2);
        QVERIFY(prepared.has_value());
        Fault fault;
        fault.kind = Fault::Kind::Error;
        fault.spared = 1;
        PreparedModel& failing = prepared->front();
        failing.executor = std::make_unique<FaultyExecutor>(std::move(failing.executor), fault);
        ReplicaFront front(std::move(*prepared));
        Ear ear(front);
        const RequestId lost = front.submitSamples(asking({1, 2, 3}, 8), 1)->front();
        QVERIFY(ear.run());
        QCOMPARE(ear.replies[lost].end.reason, FinishReason::Error);
        QVERIFY(front.figures(0).failed && !front.figures(1).failed);
        std::vector<RequestId> ids;
        for (TokenId i = 0; i < 8; ++i)
            ids.push_back(front.submitSamples(asking({1, 2, 3, i}, 8), 1)->front());
        QVERIFY(ear.run());
        for (const RequestId id : ids)
            QCOMPARE(ear.replies[id].tokens.size(), std::size_t{8});
        QCOMPARE(front.figures(0).requests, std::uint64_t{1});
    }

    void endsWithRequestsUnderWay()
    {
        for (int round = 0; round < 10; ++round) {
            const auto front = frontOf(kTiny, tinyOptions(), 2);
            for (int i = 0; i < 6; ++i)
                QVERIFY(front->submitSamples(asking({1, 2, TokenId(i)}, 100), 1).has_value());
            if (round % 2 == 0)
                front->deliver(kPatience);
        }
    }

    void memoryAndThreadsAreSharedOut()
    {
        EngineOptions options;
        options.executor.threads = 4;
        const Result<PreparedModel> one = prepareModel(kTiny, options);
        Result<std::vector<PreparedModel>> replicas = prepareReplicas(kTiny, options, 3);
        QVERIFY(one && replicas && replicas->size() == 3);
        for (const PreparedModel& replica : *replicas) {
            QCOMPARE(replica.executor->info().threads, 1U);
            QVERIFY(replica.kv.blocks <= one->kv.blocks);
        }
        EngineOptions gpu = options;
        gpu.executor.gpu = 0;
        const auto refused = prepareReplicas(kTiny, gpu, 2);
        QVERIFY(!refused && refused.error().message.find("CPU only") != std::string::npos);
    }

    void loadingCanBeStopped()
    {
        double last = 0.0;
        const auto stopped = prepareReplicas(kTiny, tinyOptions(), 2, [&](LoadStage, double fraction) {
            last = fraction;
            return fraction < 0.6;
        });
        QVERIFY(!stopped && stopped.error().code == ErrorCode::Cancelled);
        QVERIFY(last >= 0.6 && last <= 1.0);
    }
};

QTEST_APPLESS_MAIN(ReplicaFrontTest)
#include "replica_front_test.moc"
