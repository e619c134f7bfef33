// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks given back from the middle of a context are seen by nobody: every variant against a softmax in
// double that leaves their keys out, for many block sizes, patterns and windows. Their memory holds NaN, so
// a single read shows. Scores that attention is measured from follow the same rules.
#include <QtTest>

#include <cstring>
#include <random>
#include <vector>

#include "tests/kernels/paged_problem.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::kernels::cpu;
using vitrine::tests::allowedError;
using vitrine::tests::fewestTokens;
using vitrine::tests::PagedProblem;
using vitrine::tests::PagedShape;
using vitrine::tests::worstError;

namespace {

constexpr std::uint32_t kSeed = 4711;
constexpr std::int64_t kLargestBlock = 40;
constexpr double kTolerance = 1e-5;

/// Every block before the asking tokens' own is a hole with this likelihood.
void drawHoles(PagedShape& shape, double likelihood, std::mt19937& random)
{
    std::bernoulli_distribution hole(likelihood);
    for (std::int64_t block = 0; block < shape.oldBlocks(); ++block)
        if (hole(random))
            shape.holes.push_back(block);
}

/// Every block size with few, many and nothing but holes, with and without a window.
std::vector<PagedShape> shapesWithHoles()
{
    std::mt19937 random(kSeed);
    std::vector<PagedShape> all;
    for (std::int64_t blockSize = 1; blockSize <= kLargestBlock; blockSize += vitrine::tests::effort(1, 3))
        for (const double likelihood : {0.1, 0.5, 0.9, 1.0})
            for (const std::int64_t window : {0, 1, 33, 150}) {
                PagedShape shape{.headDim = 40, .group = 2, .blockSize = blockSize, .window = window};
                shape.context = std::uniform_int_distribution<std::int64_t>(100, 330)(random);
                shape.tokens = std::uniform_int_distribution<std::int64_t>(1, 12)(random);
                shape.kvHeads = std::uniform_int_distribution<std::int64_t>(1, 2)(random);
                shape.element = static_cast<KvElement>(std::uniform_int_distribution<int>(0, 3)(random));
                shape.seed = static_cast<std::uint32_t>(random());
                drawHoles(shape, likelihood, random);
                all.push_back(shape);
            }
    return all;
}

QString describe(const PagedShape& shape)
{
    return QString("seed %1, context %2, tokens %3, block size %4, window %5, element %6, %7 holes")
        .arg(shape.seed)
        .arg(shape.context)
        .arg(shape.tokens)
        .arg(shape.blockSize)
        .arg(shape.window)
        .arg(static_cast<int>(shape.element))
        .arg(shape.holes.size());
}

/// Scores of one KV head that are not those of a plain product in double, or a score where nobody looks.
int wrongScores(const PagedShape& shape, const PagedProblem& problem, std::int64_t kvHead)
{
    const std::vector<float> scores = problem.scores(kvHead);
    int wrong = 0;
    for (std::int64_t row = 0; row < shape.tokens * shape.group; ++row)
        for (std::int64_t key = 0; key < shape.context; ++key) {
            const std::int64_t token = row / shape.group;
            const float found = scores[static_cast<std::size_t>(row * shape.context + key)];
            if (!problem.sees(token, key)) {
                wrong += found == kNoScore ? 0 : 1;
                continue;
            }
            const double expected =
                problem.expectedScore(token, kvHead * shape.group + row % shape.group, key);
            wrong += std::abs(found - expected) < kTolerance * std::max(1.0, std::abs(expected)) ? 0 : 1;
        }
    return wrong;
}

bool sameBits(const std::vector<float>& a, const std::vector<float>& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

} // namespace

class AttentionHolesTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { qInfo("seed %u, %zu shapes", kSeed, shapesWithHoles().size()); }

    void equalsTheSoftmaxOfTheKeysThatAreLeft_data() { variants(); }
    void equalsTheSoftmaxOfTheKeysThatAreLeft()
    {
        const AttentionOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        for (const PagedShape& shape : shapesWithHoles()) {
            const PagedProblem problem(shape, *operations);
            const double worst = worstError(problem.attend(0, shape.tokens), problem.expected());
            QVERIFY2(worst < allowedError(*operations, shape.tokens * shape.group),
                     qPrintable(describe(shape) + QString(": %1").arg(worst)));
        }
    }

    void cuttingTheQueriesKeepsEveryBit_data() { variants(); }
    void cuttingTheQueriesKeepsEveryBit()
    {
        const AttentionOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        for (const PagedShape& shape : shapesWithHoles()) {
            const PagedProblem problem(shape, *operations);
            std::vector<float> inPieces;
            const std::int64_t fewest = fewestTokens(*operations, shape.group);
            for (std::int64_t token = 0, count = 0; token < shape.tokens; token += count) {
                const std::int64_t left = shape.tokens - token;
                count = left < 2 * fewest ? left : fewest;
                const std::vector<float> some = problem.attend(token, count);
                inPieces.insert(inPieces.end(), some.begin(), some.end());
            }
            QVERIFY2(sameBits(inPieces, problem.attend(0, shape.tokens)), qPrintable(describe(shape)));
        }
    }

    void blockSizeChangesNoBit_data() { variants(); }
    void blockSizeChangesNoBit()
    {
        const AttentionOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        for (const KvElement element : {KvElement::F32, KvElement::F16, KvElement::BF16, KvElement::Int8})
            for (const std::int64_t window : {0, 75})
                for (const std::int64_t context : {9, 128, 301}) {
                    PagedShape shape{
                        .context = context, .blockSize = 256, .window = window, .element = element};
                    const std::vector<float> expected =
                        PagedProblem(shape, *operations).attend(0, shape.tokens);
                    for (shape.blockSize = 1; shape.blockSize <= kLargestBlock;
                         shape.blockSize += vitrine::tests::effort(1, 3))
                        QVERIFY2(sameBits(PagedProblem(shape, *operations).attend(0, shape.tokens), expected),
                                 qPrintable(describe(shape)));
                }
    }

    void sameHolesInSmallerBlocksChangeNoBit_data() { variants(); }
    void sameHolesInSmallerBlocksChangeNoBit()
    {
        const AttentionOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        const PagedShape coarse{.context = 290, .blockSize = 24, .holes = {1, 2, 5, 9}};
        const std::vector<float> expected = PagedProblem(coarse, *operations).attend(0, coarse.tokens);
        for (const std::int64_t part : {2, 3, 4, 8, 24}) {
            PagedShape fine = coarse;
            fine.blockSize = coarse.blockSize / part;
            fine.holes.clear();
            for (const std::int64_t hole : coarse.holes)
                for (std::int64_t i = 0; i < part; ++i)
                    fine.holes.push_back(hole * part + i);
            QVERIFY2(sameBits(PagedProblem(fine, *operations).attend(0, fine.tokens), expected),
                     qPrintable(describe(fine)));
        }
    }

    void scoresAreThoseOfTheKeysThatAreSeen_data() { variants(); }
    void scoresAreThoseOfTheKeysThatAreSeen()
    {
        const AttentionOperations* operations = fetch();
        if (operations == nullptr)
            QSKIP("not on this machine");
        for (const PagedShape& shape : shapesWithHoles()) {
            const PagedProblem problem(shape, *operations);
            for (std::int64_t kvHead = 0; kvHead < shape.kvHeads; ++kvHead)
                QVERIFY2(wrongScores(shape, problem, kvHead) == 0, qPrintable(describe(shape)));
        }
    }

private:
    static void variants()
    {
        QTest::addColumn<int>("isa");
        for (const Isa isa : {Isa::Scalar, Isa::Avx2, Isa::Avx512, Isa::Amx})
            QTest::newRow(isaName(isa)) << static_cast<int>(isa);
    }

    static const AttentionOperations* fetch()
    {
        QFETCH(int, isa);
        const auto wanted = static_cast<Isa>(isa);
        return supports(wanted) ? &attentionOperations(wanted) : nullptr;
    }
};

QTEST_APPLESS_MAIN(AttentionHolesTest)
#include "attention_holes_test.moc"
