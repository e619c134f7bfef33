// SPDX-License-Identifier: GPL-3.0-or-later
// What requests have in common, and where they part.
#include "engine/analysis/prefix_tree.h"

#include <QElapsedTimer>
#include <QTest>

#include "tests/engine/support/shared_load.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

constexpr RecordingStart kPool{.blocks = 64, .blockSize = 4};

std::map<TokenId, std::string> letters()
{
    std::map<TokenId, std::string> words;
    for (TokenId i = 0; i < 26; ++i)
        words[i + 1] = std::string(1, static_cast<char>('a' + i));
    return words;
}

/// A request for each text, a token a letter.
std::vector<RecordedStep> texts(const std::vector<std::string>& list, std::uint32_t cachedOfLast = 0)
{
    std::vector<RecordedStep> steps;
    std::uint64_t id = 0;
    for (const std::string& text : list) {
        RecordedStep& step = steps.emplace_back();
        step.record.step = ++id;
        step.record.lookedUpTokens = static_cast<std::uint32_t>(text.size());
        std::vector<TokenId> prompt;
        for (const char letter : text)
            prompt.push_back(letter - 'a' + 1);
        const std::uint32_t cached = id == list.size() ? cachedOfLast : 0;
        step.events = {RecordedArrival{RequestId{id}, 0, step.record.lookedUpTokens, 1, prompt},
                       AdmissionEvent{.request = RequestId{id}, .cachedTokens = cached}};
    }
    return steps;
}

} // namespace

class PrefixTreeTest : public QObject
{
    Q_OBJECT

private slots:
    void requestsPartAtTheFirstTokenThatDiffers()
    {
        const auto steps = texts({"aaaabbbbccccdd", "aaaabbbbccexyz", "zzzz"}, 0);
        const PrefixTree tree = prefixTree(kPool, steps, letters());
        QCOMPARE(tree.nodes.size(), std::size_t{5});
        QCOMPARE(tree.requests, 3U);
        const PrefixNode& shared = tree.nodes[tree.nodes[0].children[0]];
        QCOMPARE(shared.requests, 2U);
        QCOMPARE(shared.tokens, 8U);
        QCOMPARE(shared.text, std::string("aaaabbbb"));
        QCOMPARE(shared.children.size(), std::size_t{2});
        const PrefixNode& one = tree.nodes[shared.children[0]];
        QVERIFY(one.hasDivergence);
        QCOMPARE(one.divergence.position, 10U);
        QCOMPARE(one.divergence.before, std::string("aabbbbcc"));
        QCOMPARE(one.divergence.own.substr(0, 1) + one.divergence.other.substr(0, 1), std::string("ce"));
        QCOMPARE(one.divergence.sibling, shared.children[1]);
    }

    void textBeginsAndEndsWithWholeCharacters()
    {
        const std::map<TokenId, std::string> words = {{1, "\x97\xAC"}, {2, "京"}, {3, "\xE9\x83"}};
        const auto steps = texts({"abbc"});
        QCOMPARE(prefixTree(kPool, steps, words).nodes[1].text, std::string("京京"));
    }

    void whatTheCacheSavedIsCountedWhereItLay()
    {
        const PrefixTree tree = prefixTree(kPool, texts({"aaaabbbbcccc", "aaaabbbbdddd"}, 8), letters());
        const PrefixNode& shared = tree.nodes[tree.nodes[0].children[0]];
        QCOMPARE(shared.hits, 1U);
        QCOMPARE(shared.savedTokens, 8U);
        QCOMPARE(shared.passedTokens, 16U);
        QCOMPARE(tree.savedTokens, 8U);
        QCOMPARE(tree.nodes[shared.children[0]].savedTokens, 0U);
    }

    void oneThatGoesOnWhereAnotherEndsIsBelowIt()
    {
        const PrefixTree tree = prefixTree(kPool, texts({"aaaabbbb", "aaaabbbbcccc", "aaaabbbb"}), letters());
        QCOMPARE(tree.nodes.size(), std::size_t{3});
        QCOMPARE(tree.nodes[1].ends, 2U);
        QCOMPARE(tree.nodes[1].requests, 3U);
        QCOMPARE(tree.nodes[2].requests, 1U);
        QVERIFY(!tree.nodes[2].hasDivergence);
    }

    void aRealLoadsSavingsAddUp()
    {
        const RecordedRun run = recordSharedLoad({.blocks = 60});
        QCOMPARE(run.error, std::string());
        const PrefixTree tree = prefixTree(run.start, run.steps, {});
        std::uint64_t saved = 0, cached = 0, ends = 0, tokens = 0;
        for (const PrefixNode& node : tree.nodes) {
            saved += node.savedTokens;
            ends += node.ends;
            tokens += node.passedTokens;
        }
        for (const auto& [id, reply] : run.replies)
            cached += reply.end.stats.cachedTokens;
        QCOMPARE(saved, cached);
        QCOMPARE(tree.savedTokens, cached);
        QCOMPARE(ends, run.replies.size());
        std::uint64_t all = 0;
        for (const auto& [id, reply] : run.replies)
            all += reply.end.stats.promptTokens + reply.tokens.size();
        QCOMPARE(tokens, all);
        QCOMPARE(tree.nodes[tree.nodes[0].children[0]].requests, run.replies.size()); // the shared beginning
    }

    void aTreeIsCutAndSaysSo()
    {
        std::vector<std::string> many;
        for (int i = 0; i < 26 * 26; ++i)
            many.push_back(std::string(4, char('a' + i / 26)) + std::string(4, char('a' + i % 26)));
        const PrefixTree tree = prefixTree(kPool, texts(many), letters(), {.mostNodes = 50});
        QCOMPARE(tree.nodes.size(), std::size_t{50});
        QCOMPARE(tree.cutNodes, std::size_t{1 + 26 + 26 * 26 - 50});
        std::size_t cut = 0;
        for (const PrefixNode& node : tree.nodes)
            cut += node.cutChildren;
        QVERIFY(cut > 0);
        const PrefixTree flat = prefixTree(kPool, texts(many), letters(), {.mostDepth = 1});
        QCOMPARE(flat.nodes.size(), std::size_t{27});
        QCOMPARE(flat.nodes[1].cutChildren, 26U);
    }

    void manyRequestsThatEachGoFurtherAreRead()
    {
        std::vector<RecordedStep> steps;
        std::string text;
        std::uint64_t id = 0;
        for (int i = 0; i < 3000; ++i) {
            RecordedStep& step = steps.emplace_back();
            const std::vector<TokenId> prompt(static_cast<std::size_t>(4 * (i + 1)), 7);
            step.events = {RecordedArrival{RequestId{++id}, 0, 1, 1, prompt}};
        }
        for (TokenId i = 0; i < 100'000; ++i) {
            RecordedStep& step = steps.emplace_back();
            step.events = {RecordedArrival{RequestId{++id}, 0, 1, 1, std::vector<TokenId>(50, i)},
                           AdmissionEvent{.request = RequestId{id}, .cachedTokens = 0xFFFFFFFFU}};
        }
        QElapsedTimer timer;
        timer.start();
        const PrefixTree tree = prefixTree(kPool, steps, {});
        qInfo("%zu nodes left out, %lld ms", tree.cutNodes, static_cast<long long>(timer.elapsed()));
        QCOMPARE(tree.requests, 103'000U);
        QVERIFY(tree.nodes.size() <= 2000);
    }

    void absurdRecordingsAreRead()
    {
        std::vector<RecordedStep> steps(1);
        steps[0].events = {RecordedToken{RequestId{9}, 4}, RecordedArrival{RequestId{1}, 0, 7, 7, {}},
                           AdmissionEvent{.request = RequestId{1}, .cachedTokens = 5}};
        const PrefixTree tree = prefixTree({}, steps, {});
        QCOMPARE(tree.nodes.size(), std::size_t{1});
        QCOMPARE(tree.unknown, 2U);
        QCOMPARE(prefixTree({}, {}, {}).nodes.size(), std::size_t{1});
    }
};

QTEST_APPLESS_MAIN(PrefixTreeTest)
#include "prefix_tree_test.moc"
