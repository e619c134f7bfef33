// SPDX-License-Identifier: GPL-3.0-or-later
// A sound batch passes the check; each broken promise is named.
#include <QtTest>

#include <functional>

#include "engine/execution/batch_check.h"

using namespace vitrine::engine;

namespace {

/// A prefill chunk of 5 tokens after 3 known ones, and a decode at position 6. Blocks of 4.
ForwardBatch soundBatch()
{
    ForwardBatch batch;
    batch.blockSize = 4;
    batch.maxBlocksPerSequence = 3;
    batch.tokenIds = {7, 8, 9, 10, 11, 50};
    batch.positions = {3, 4, 5, 6, 7, 6};
    batch.blockTables = {5, 2, -1, 0, 7, -1};
    batch.slotMapping = {23, 8, 9, 10, 11, 30};
    batch.queryStart = {0, 5, 6};
    batch.contextLengths = {8, 7};
    batch.logitsRows = {4, 5};
    return batch;
}

BatchLimits limits()
{
    return {{8, 4}, 100};
}

/// One full and two window pages a block, a window of three keys: 24 pages of the same memory.
BatchLimits pagedLimits()
{
    return {{8, 4}, 100, {1, 2, 3}};
}

/// The first block of the decode is behind its window. Block numbers may go beyond 8.
ForwardBatch pagedBatch()
{
    ForwardBatch batch = soundBatch();
    batch.blockTables[3] = 23;
    batch.pageTables = {0, 2, -1, 4, 5, -1, /* window: */ 20, 21, -1, -1, 6, -1, /* */ 1, 3, -1, -1, 23, -1};
    return batch;
}

} // namespace

class ForwardBatchTest : public QObject
{
    Q_OBJECT

private slots:
    void acceptsWhatItPromises() { QCOMPARE(batchViolation(soundBatch(), limits()), std::string()); }

    void acceptsHolesExceptWhereTheStepWrites()
    {
        ForwardBatch batch = soundBatch();
        batch.blockTables[3] = -1; // positions 0 … 3 of the decode at 6
        QCOMPARE(batchViolation(batch, limits()), std::string());
        batch.blockTables[4] = -1; // positions 4 … 7
        QCOMPARE(batchViolation(batch, limits()), std::string("no block to write to for token 5"));
    }

    void namesOnlyTokensThatAreUnderWay()
    {
        ForwardBatch batch = soundBatch();
        BatchLimits behind = limits();
        behind.fedTokens = 2;
        batch.tokenIds[5] = fedToken(1);
        QCOMPARE(batchViolation(batch, behind), std::string());
        batch.tokenIds[5] = fedToken(2);
        QCOMPARE(batchViolation(batch, behind), std::string("no row of the step before gives token 5"));
    }

    void choicesStandForEachRowOfLogits()
    {
        ForwardBatch batch = soundBatch();
        batch.choices.resize(batch.logitsRows.size());
        QVERIFY(!batch.choices.empty());
        QCOMPARE(batchViolation(batch, limits()), std::string());
        batch.bestOnly = true;
        QCOMPARE(batchViolation(batch, limits()), std::string("choices beside bestOnly"));
        batch.bestOnly = false;
        batch.choices.emplace_back();
        QCOMPARE(batchViolation(batch, limits()), std::string("choices do not match the logits rows"));
    }

    void choicesNameAdjustmentsThatAreThere()
    {
        ForwardBatch batch = soundBatch();
        batch.choices.resize(batch.logitsRows.size());
        batch.adjustments.resize(5);
        batch.choices[0].firstAdjustment = 2;
        batch.choices[0].adjustments = 3;
        QCOMPARE(batchViolation(batch, limits()), std::string());
        batch.choices[0].adjustments = 4;
        QCOMPARE(batchViolation(batch, limits()), std::string("there are not the adjustments of row 0"));
        batch.choices[0].firstAdjustment = 0xFFFFFFFFU; // no wrapping round
        QCOMPARE(batchViolation(batch, limits()), std::string("there are not the adjustments of row 0"));
        batch.choices[0] = {};
        batch.choices[0].alternatives = 101;
        QCOMPARE(batchViolation(batch, limits()), std::string("too many alternatives of row 0"));
    }

    void layersInTheMiddleBeginAndEndWithHiddenRows()
    {
        BatchLimits middle = limits();
        middle.hiddenIn = 16;
        middle.head = false;
        ForwardBatch batch = soundBatch();
        QCOMPARE(batchViolation(batch, middle), std::string("hidden rows do not match the tokens"));
        const std::vector<float> rows(6 * 16);
        batch.hidden = rows;
        QCOMPARE(batchViolation(batch, middle),
                 std::string("logits are wanted of layers that end before the head"));
        QCOMPARE(batchViolation(batch, limits()), std::string("hidden rows do not match the tokens"));
        batch.logitsRows.clear();
        QCOMPARE(batchViolation(batch, middle), std::string());
        batch.bestOnly = true;
        QCOMPARE(batchViolation(batch, middle),
                 std::string("logits are wanted of layers that end before the head"));
    }

    void acceptsPagesOfABlockWhereverTheyLie()
    {
        QCOMPARE(batchViolation(pagedBatch(), pagedLimits()), std::string());
        ForwardBatch batch = soundBatch();
        batch.pageTables = {0}; // for a model that has one page a block
        QVERIFY(batchViolation(batch, limits()).find("page tables") != std::string::npos);
    }

    void namesWhatIsWrongWithPages_data()
    {
        QTest::addColumn<int>("place");
        QTest::addColumn<int>("page");
        QTest::addColumn<QString>("word");
        QTest::newRow("beyond the pool") << 0 << 24 << "unknown page";
        QTest::newRow("negative") << 7 << -2 << "unknown page";
        QTest::newRow("full page missing") << 3 << -1 << "missing for sequence 1";
        QTest::newRow("window page missing") << 6 << -1 << "missing for sequence 0";
        QTest::newRow("window page missing where the decode looks") << 10 << -1 << "missing for sequence 1";
        QTest::newRow("two columns in one page") << 7 << 2 << "written for two";
    }
    void namesWhatIsWrongWithPages()
    {
        QFETCH(int, place);
        QFETCH(int, page);
        QFETCH(QString, word);
        ForwardBatch batch = pagedBatch();
        batch.pageTables[std::size_t(place)] = page;
        QVERIFY2(QString::fromStdString(batchViolation(batch, pagedLimits())).contains(word),
                 batchViolation(batch, pagedLimits()).c_str());
        batch.pageTables.pop_back();
        QVERIFY(batchViolation(batch, pagedLimits()).find("page tables") != std::string::npos);
    }

    void aChunkMayStartBehindAHoleButNotInOne()
    {
        ForwardBatch batch = soundBatch();
        batch.blockTables[0] = -1; // positions 0 … 3 of the chunk that starts at 3
        QCOMPARE(batchViolation(batch, limits()), std::string("no block to write to for token 0"));
        batch.blockSize = 1;
        batch.maxBlocksPerSequence = 8;
        batch.blockTables = {-1, 9, -1, 3, 4, 5, 6, 7, 0, -1, -1, 1, -1, -1, 2, -1};
        batch.slotMapping = {3, 4, 5, 6, 7, 2};
        QCOMPARE(batchViolation(batch, {{10, 1}, 100}), std::string());
    }

    void acceptsRisingMassRows()
    {
        ForwardBatch batch = soundBatch();
        for (const std::vector<std::int32_t>& rows :
             {std::vector<std::int32_t>{0}, std::vector<std::int32_t>{1}, std::vector<std::int32_t>{0, 1}}) {
            batch.massRows = rows;
            QCOMPARE(batchViolation(batch, limits()), std::string());
        }
    }

    void namesWhatIsBroken_data()
    {
        QTest::addColumn<int>("change");
        QTest::addColumn<QString>("word");
        for (std::size_t i = 0; i < changes().size(); ++i)
            QTest::addRow("%s %zu", changes()[i].word, i) << static_cast<int>(i) << changes()[i].word;
    }
    void namesWhatIsBroken()
    {
        QFETCH(int, change);
        QFETCH(QString, word);
        ForwardBatch batch = soundBatch();
        changes()[static_cast<std::size_t>(change)].apply(batch);
        const QString violation = QString::fromStdString(batchViolation(batch, limits()));
        QVERIFY2(violation.contains(word), qPrintable(violation));
    }

    void refusesWithoutReservedBlocks() { QVERIFY(!batchViolation(soundBatch(), {{0, 4}, 100}).empty()); }

private:
    struct Change
    {
        const char* word;
        std::function<void(ForwardBatch&)> apply;
    };

    static const std::vector<Change>& changes()
    {
        using B = ForwardBatch;
        static const std::vector<Change> all = {
            {"block size", [](B& b) { b.blockSize = 8; }},
            {"no tokens", [](B& b) { b.tokenIds.clear(); }},
            {"slots", [](B& b) { b.slotMapping.pop_back(); }},
            {"positions", [](B& b) { b.positions.push_back(0); }},
            {"tables", [](B& b) { b.blockTables.pop_back(); }},
            {"query starts",
             [](B& b) {
                 b.queryStart = {0, 6};
             }},
            {"query starts", [](B& b) { b.queryStart[2] = 5; }},
            {"vocabulary", [](B& b) { b.tokenIds[3] = 100; }},
            {"row of the step before", [](B& b) { b.tokenIds[3] = -1; }},
            {"logits",
             [](B& b) {
                 b.logitsRows = {5, 4};
             }},
            {"logits", [](B& b) { b.logitsRows = {6}; }},
            {"mass rows", [](B& b) { b.massRows = {2}; }},
            {"mass rows", [](B& b) { b.massRows = {-1}; }},
            {"mass rows",
             [](B& b) {
                 b.massRows = {1, 1};
             }},
            {"query range", [](B& b) { b.queryStart[1] = 0; }},
            {"query range", [](B& b) { b.queryStart[1] = 9; }},
            {"query range", [](B& b) { b.contextLengths[0] = 4; }},
            {"positions", [](B& b) { b.positions[1] = 5; }},
            {"too short", [](B& b) { b.contextLengths[1] = 13; }},
            {"unknown block", [](B& b) { b.blockTables[0] = 8; }},
            {"unknown block", [](B& b) { b.blockTables[0] = -2; }},
            {"no block to write to", [](B& b) { b.blockTables[1] = -1; }},
            {"slot", [](B& b) { b.slotMapping[2] = 12; }},
            {"twice",
             [](B& b) {
                 b.blockTables[4] = 2;
                 b.slotMapping[5] = 10;
             }},
        };
        return all;
    }
};

QTEST_APPLESS_MAIN(ForwardBatchTest)
#include "forward_batch_test.moc"
