// SPDX-License-Identifier: GPL-3.0-or-later
// How layers are laid into pages, for the shapes that models have.
#include <QtTest>

#include <set>

#include "engine/execution/kv_columns.h"

using namespace vitrine::engine;

namespace {

/// Layers with a window, but for each `every`-th.
ModelConfig alternating(std::size_t layers, std::size_t every, std::uint32_t window)
{
    ModelConfig config;
    config.layers.resize(layers);
    for (std::size_t i = 0; i < layers; ++i)
        config.layers[i].slidingWindow = (i + 1) % every == 0 ? 0 : window;
    return config;
}

} // namespace

class KvColumnsTest : public QObject
{
    Q_OBJECT

private slots:
    void layersThatSeeEquallyFarShareOnePage()
    {
        for (const std::uint32_t window : {0U, 64U}) {
            ModelConfig config;
            config.layers.resize(5);
            for (LayerConfig& layer : config.layers)
                layer.slidingWindow = window;
            const KvColumns columns = kvColumns(config);
            QVERIFY(columns.shape == KvShape{});
            QCOMPARE(columns.layersPerPage, 5U);
            QCOMPARE(columns.inPage, (std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
            QCOMPARE(columns.column, std::vector<std::uint32_t>(5, 0));
        }
    }

    void mixedLayersShareEquallyLargePages_data()
    {
        QTest::addColumn<int>("layers");
        QTest::addColumn<int>("full");
        QTest::addColumn<int>("window");
        QTest::addColumn<int>("perPage");
        QTest::newRow("270M") << 18 << 1 << 5 << 3;
        QTest::newRow("1B") << 26 << 2 << 11 << 2;
        QTest::newRow("4B") << 34 << 5 << 29 << 1;
        QTest::newRow("12B") << 48 << 1 << 5 << 8;
    }
    void mixedLayersShareEquallyLargePages()
    {
        QFETCH(int, layers);
        QFETCH(int, full);
        QFETCH(int, window);
        QFETCH(int, perPage);
        const ModelConfig config = alternating(std::size_t(layers), 6, 512);
        const KvColumns columns = kvColumns(config);
        QCOMPARE(int(columns.layersPerPage), perPage);
        QVERIFY((columns.shape == KvShape{std::uint32_t(full), std::uint32_t(window), 512}));
        std::set<std::pair<std::uint32_t, std::uint32_t>> places;
        for (std::size_t i = 0; i < config.layers.size(); ++i) {
            QCOMPARE(columns.column[i] < columns.shape.fullPages, config.layers[i].slidingWindow == 0);
            QVERIFY(columns.column[i] < columns.shape.blockPages() &&
                    columns.inPage[i] < columns.layersPerPage);
            QVERIFY(places.emplace(columns.column[i], columns.inPage[i]).second);
        }
    }

    void aPartHasThePagesOfTheWholeWithFewerLayers_data()
    {
        QTest::addColumn<int>("layers");
        QTest::addColumn<int>("every");
        for (const auto& [layers, every] : {std::pair{5, 6}, {7, 6}, {18, 6}, {26, 6}, {34, 6}, {8, 2}})
            QTest::addRow("%d, each %dth full", layers, every) << layers << every;
    }
    void aPartHasThePagesOfTheWholeWithFewerLayers()
    {
        QFETCH(int, layers);
        QFETCH(int, every);
        const ModelConfig config = alternating(std::size_t(layers), std::size_t(every), 512);
        const KvColumns whole = kvColumns(config);
        const auto all = std::uint32_t(layers);
        for (std::uint32_t first = 0; first < all; ++first)
            for (std::uint32_t count = 1; count <= all - first; ++count) {
                const KvColumns part = kvColumns(config, {first, count});
                QVERIFY(part.shape == whole.shape);
                QCOMPARE(part.column.size(), std::size_t{count});
                QVERIFY(part.layersPerPage >= 1 && part.layersPerPage <= whole.layersPerPage);
                QVERIFY(part.layersPerPage * part.shape.blockPages() >= count);
                std::set<std::pair<std::uint32_t, std::uint32_t>> places;
                for (std::size_t i = 0; i < count; ++i) {
                    if (whole.shape.mixed())
                        QCOMPARE(part.column[i] < part.shape.fullPages,
                                 config.layers[first + i].slidingWindow == 0);
                    QVERIFY(part.column[i] < part.shape.blockPages() && part.inPage[i] < part.layersPerPage);
                    QVERIFY(places.emplace(part.column[i], part.inPage[i]).second);
                }
            }
    }

    void theWidestWindowCounts()
    {
        ModelConfig config = alternating(4, 2, 16);
        config.layers[0].slidingWindow = 64;
        QCOMPARE(kvColumns(config).shape.window, 64U);
    }
};

QTEST_APPLESS_MAIN(KvColumnsTest)
#include "kv_columns_test.moc"
