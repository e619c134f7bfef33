// SPDX-License-Identifier: GPL-3.0-or-later
// The map of KV blocks: cells where they belong, colours as chosen, the block under the pointer explained,
// keyboard, tens of thousands of blocks as an image.
#include <QApplication>
#include <QSignalSpy>
#include <QTest>

#include "tests/ui/support/made_pictures.h"
#include "ui/profiler/blocks/block_card.h"
#include "ui/profiler/blocks/block_map_panel.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

class BlockMapTest : public QObject
{
    Q_OBJECT

private:
    Theme m_theme;
    TimeView m_view;

    std::unique_ptr<BlockMapPanel> shown(const SharedBlockMap& map)
    {
        auto panel = std::make_unique<BlockMapPanel>(m_view, m_theme);
        panel->resize(1068, 240);
        panel->show();
        panel->setMap(map);
        return panel;
    }
    static QColor colourOf(BlockMapPanel& panel, qsizetype block)
    {
        return panel.grab().toImage().pixelColor(panel.grid().rectOf(block).center().toPoint());
    }

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        m_theme.applyTo(*qApp);
    }
    void init() { m_view.begin({at(0), at(1000)}, false); }

    void aThousandBlocksAreSixtyFourToARow()
    {
        const auto panel = shown(madeBlocks(1024));
        QCOMPARE(panel->grid().columns(), 64);
        QCOMPARE(panel->grid().rows(), 16);
        QVERIFY(!panel->grid().isFine());
        for (const qsizetype block : {0, 63, 64, 417, 1023})
            QCOMPARE(panel->grid().blockAt(panel->grid().rectOf(block).center()), block);
        QCOMPARE(panel->grid().blockAt({10, 10}), qsizetype(-1));
    }

    void aSharedBlockShowsAllWhoHoldIt()
    {
        auto map = madeBlocks(64);
        map->owners.append({called(3, QStringLiteral("Sonnets"), 2), 0, true});
        map->holders = {{0, 1, 2}};
        map->cells[33].state = CellState::Referenced;
        map->cells[33].references = 7;
        map->cells[33].holders = 1;
        const auto panel = shown(map);
        const QRectF cell = panel->grid().rectOf(33);
        const QImage image = panel->grab().toImage();
        const int y = int(cell.top()) + 1; // above the mark of shared ones
        QCOMPARE(image.pixelColor(int(cell.left()) + 1, y), m_theme.tokens().conversation(0));
        QCOMPARE(image.pixelColor(int(cell.center().x()), y), m_theme.tokens().conversation(1));
        QTest::mouseMove(panel.get(), cell.center().toPoint());
        const auto* card = panel->window()->findChild<BlockCard*>();
        QVERIFY(card != nullptr);
        for (const char* said :
             {"Held by", "Slow events query", "Kyoto packing list", "Sonnets", "and 4 more"})
            QVERIFY2(card->text().contains(QLatin1String(said)), qPrintable(card->text()));
        BlockDetails details;
        details.block = 33;
        for (quint64 i = 1; i <= 7; ++i)
            details.holders.append(called(i, QStringLiteral("Chat %1").arg(i)));
        details.holderCount = 7;
        panel->setDetails(details);
        QVERIFY2(card->text().contains(QLatin1String("Chat 6\nand 1 more")), qPrintable(card->text()));
        map->holders.clear(); // a picture that does not fit together
        panel->setMap(map);
        QVERIFY(!panel->grab().isNull());
    }

    void cellsNeverLeaveTheirRoom()
    {
        for (const qsizetype blocks : {1, 100, 1000, 5000, 20'000, 65'536, 200'000}) {
            const QRectF area(212, 4, 840, 210);
            const BlockGrid grid(blocks, area);
            QVERIFY(grid.columns() * qsizetype(grid.rows()) >= blocks);
            QVERIFY2(area.adjusted(-1, -1, 1, 1).contains(grid.rect()), qPrintable(QString::number(blocks)));
        }
    }

    void coloursSayWhatWasChosen()
    {
        const auto panel = shown(madeBlocks(1024));
        const Tokens& tokens = m_theme.tokens();
        QCOMPARE(colourOf(*panel, 10), tokens.conversation(0));
        QCOMPARE(colourOf(*panel, 300), tokens.conversation(1));
        QCOMPARE(colourOf(*panel, 700), tokens.cached);
        QCOMPARE(colourOf(*panel, 1000), tokens.free);
        panel->setColouring(BlockColouring::Tier);
        QCOMPARE(colourOf(*panel, 10), tokens.accentMuted);
        panel->setColouring(BlockColouring::Age);
        QCOMPARE(colourOf(*panel, 60), tokens.accent); // just taken
        QVERIFY(colourOf(*panel, 59) != tokens.accent);
    }

    void marksTellVictimsAndNewBlocks()
    {
        auto map = madeBlocks(256);
        map->cells[10].fresh = true;
        map->cells[170].victim = true; // a cached one
        const auto panel = shown(map);
        QCOMPARE(colourOf(*panel, 10), m_theme.tokens().window);
        const QRectF cell = panel->grid().rectOf(170);
        const QImage image = panel->grab().toImage();
        QCOMPARE(image.pixelColor(int(cell.left()), int(cell.center().y())), m_theme.tokens().preemptedInk);
        QCOMPARE(image.pixelColor(cell.center().toPoint()), m_theme.tokens().cached);
    }

    void theBlockUnderThePointerIsExplained()
    {
        const auto panel = shown(madeBlocks(1024));
        QSignalSpy hovered(panel.get(), &BlockMapPanel::blockHovered);
        const QPoint cell = panel->grid().rectOf(300).center().toPoint();
        QTest::mouseMove(panel.get(), cell - QPoint(40, 0));
        QTest::mouseMove(panel.get(), cell);
        QTRY_VERIFY(!hovered.isEmpty());
        QCOMPARE(hovered.last()[0].toUInt(), 300U);
        QVERIFY(panel->card()->isVisible());
        QVERIFY(panel->card()->text().contains("Block 300"));
        QVERIFY(panel->card()->text().contains("Kyoto packing list"));
        BlockDetails details;
        details.block = 300;
        details.cell = panel->map()->cells[300];
        details.writer = called(2, QStringLiteral("Kyoto packing list"));
        details.firstToken = 1088;
        details.tokens = 16;
        panel->setDetails(details);
        QVERIFY2(panel->card()->text().contains("tokens 1,088 to 1,103"), qPrintable(panel->card()->text()));
        details.block = 7; // late, of another block
        details.firstToken = 0;
        panel->setDetails(details);
        QVERIFY(panel->card()->text().contains("1,088"));
    }

    void keysWalkAndEnterPicks()
    {
        const auto panel = shown(madeBlocks(1024));
        panel->setFocus();
        QSignalSpy picked(panel.get(), &BlockMapPanel::blockPicked);
        QTest::keyClick(panel.get(), Qt::Key_Home);
        QTest::keyClick(panel.get(), Qt::Key_Down);
        QTest::keyClick(panel.get(), Qt::Key_Right);
        QCOMPARE(panel->current(), qsizetype(65));
        QTest::keyClick(panel.get(), Qt::Key_Return);
        QCOMPARE(picked.count(), 1);
        QCOMPARE(picked[0][0].toUInt(), 65U);
        QTest::keyClick(panel.get(), Qt::Key_End);
        QTest::keyClick(panel.get(), Qt::Key_Down);
        QCOMPARE(panel->current(), qsizetype(1023));
        panel->setMap(madeBlocks(100)); // the pool has shrunk
        QCOMPARE(panel->current(), qsizetype(-1));
    }

    void theScrubberMovesTheMoment()
    {
        const auto panel = shown(madeBlocks(1024));
        const QRectF track = panel->scrubberRect();
        QTest::mouseClick(panel.get(), Qt::LeftButton, {}, track.center().toPoint());
        QVERIFY(std::abs(*m_view.moment() - at(500)) < 2 * kMs);
    }

    void manyBlocksAreAnImage()
    {
        const auto panel = shown(madeBlocks(65'536));
        QVERIFY(panel->grid().isFine());
        panel->grab();
        QVERIFY2(panel->itemsDrawn() < 100, qPrintable(QString::number(panel->itemsDrawn())));
        QCOMPARE(panel->grid().blockAt(panel->grid().rectOf(40'000).center()), qsizetype(40'000));
    }

    void aClickOnAnOwnerAsksForTheRequest()
    {
        const auto panel = shown(madeBlocks(1024));
        QSignalSpy picked(panel.get(), &BlockMapPanel::requestPicked);
        QTest::mouseClick(panel.get(), Qt::LeftButton, {}, {60, 16});
        QCOMPARE(picked.count(), 1);
    }

    void anEmptyMapIsDrawnWithoutHarm()
    {
        const auto panel = shown(std::make_shared<BlockMap>());
        QVERIFY(!panel->grab().isNull());
        QTest::keyClick(panel.get(), Qt::Key_Down);
        panel->setMap({});
        QVERIFY(!panel->grab().isNull());
    }
};

QTEST_MAIN(BlockMapTest)
#include "block_map_test.moc"
