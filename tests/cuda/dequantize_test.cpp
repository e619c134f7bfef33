// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks of every type that kernels read, whole matrices and rows of an embedding, against the reference of
// the CPU.
#include "kernels/cuda/dequantize.h"

#include <fstream>

#include <QByteArray>
#include <QTest>
#include <nlohmann/json.hpp>

#include "cuda/device_rows.h"
#include "kernels/cuda/embedding.h"
#include "kernels/random_tensor.h"

using namespace vitrine;
using namespace vitrine::kernels;
using namespace vitrine::kernels::cuda;
using namespace vitrine::tests;

namespace {

std::vector<QuantType> deviceTypes()
{
    std::vector<QuantType> types;
    for (const QuantType type : allQuantTypes())
        if (hasDeviceForm(type))
            types.push_back(type);
    return types;
}

/// What the device makes of it; empty where it refuses.
std::vector<float> dequantized(QuantType type, const std::vector<std::uint8_t>& bytes, std::size_t count,
                               Number number)
{
    const DeviceVector<std::uint8_t> blocks(bytes);
    const DeviceRows out(number, std::vector<float>(count, 77.0F));
    return dequantizeBlocks(type, blocks.data(), static_cast<std::int64_t>(count), number, out.data(),
                            nullptr)
               ? out.read()
               : std::vector<float>();
}

std::vector<float> gathered(QuantType type, const std::vector<std::uint8_t>& table, std::int64_t columns,
                            const std::vector<std::int32_t>& tokens, float scale)
{
    const DeviceVector<std::uint8_t> device(table);
    const DeviceVector<std::int32_t> ids(tokens);
    const DeviceVector<float> out(
        std::vector<float>(tokens.size() * static_cast<std::size_t>(columns), 77.0F));
    return gatherEmbeddings(type, device.data(), columns, ids.data(),
                            static_cast<std::int64_t>(tokens.size()), scale, out.data(), nullptr)
               ? out.read()
               : std::vector<float>();
}

} // namespace

class CudaDequantizeTest : public QObject
{
    Q_OBJECT

private slots:
    void givesTheListedValues();
    void agreesWithTheCpu_data();
    void agreesWithTheCpu();
    void roundsToTheNearestBf16();
    void gathersRows_data() { agreesWithTheCpu_data(); }
    void gathersRows();
    void gathersPlainRowsOfAnyWidth();
    void givesZerosForNegativeTokens();
    void handlesExactlyTheTypesThatItNames();
    void refusesParts();
};

void CudaDequantizeTest::givesTheListedValues()
{
    std::ifstream file(VITRINE_TEST_DATA "/dequantize.json");
    const auto reference = nlohmann::json::parse(file);
    std::size_t seen = 0;
    for (const auto& entry : reference) {
        const auto type = static_cast<QuantType>(entry["ggml_type"].get<std::uint32_t>());
        if (!hasDeviceForm(type))
            continue;
        ++seen;
        const auto expected = entry["values"].get<std::vector<double>>();
        const QByteArray bytes = QByteArray::fromBase64(entry["bytes_base64"].get<std::string>().c_str());
        const std::vector<float> values =
            dequantized(type, {bytes.begin(), bytes.end()}, expected.size(), Number::F32);
        QCOMPARE(values.size(), expected.size());
        for (std::size_t i = 0; i < values.size(); ++i) // listed with eight digits
            QVERIFY2(std::abs(double{values[i]} - expected[i]) <= 5.0001e-8 * std::abs(expected[i]),
                     qPrintable(QString("%1, value %2").arg(quantInfo(type).name).arg(i)));
    }
    QCOMPARE(seen, std::size_t(16));
}

void CudaDequantizeTest::agreesWithTheCpu_data()
{
    QTest::addColumn<QuantType>("type");
    for (const QuantType type : deviceTypes())
        QTest::newRow(quantInfo(type).name) << type;
}

/// An odd number of blocks, so that the last one ends where no word does.
void CudaDequantizeTest::agreesWithTheCpu()
{
    QFETCH(QuantType, type);
    std::mt19937 random(static_cast<unsigned>(type));
    for (const std::int64_t blocks : {1, 2, 7, 31}) {
        const std::vector<std::uint8_t> bytes =
            randomTensor(type, blocks, quantInfo(type).blockValues, random);
        const std::vector<float> expected = floatsOf(type, bytes);
        QCOMPARE(dequantized(type, bytes, expected.size(), Number::F32), expected);
    }
}

void CudaDequantizeTest::roundsToTheNearestBf16()
{
    std::mt19937 random(4);
    for (const QuantType type : deviceTypes()) {
        const std::vector<std::uint8_t> bytes = randomTensor(type, 3, quantInfo(type).blockValues, random);
        std::vector<float> expected = floatsOf(type, bytes);
        for (float& value : expected)
            value = bf16ToFloat(bf16BitsOf(value));
        QCOMPARE(dequantized(type, bytes, expected.size(), Number::BF16), expected);
    }
}

void CudaDequantizeTest::gathersRows()
{
    QFETCH(QuantType, type);
    std::mt19937 random(static_cast<unsigned>(type));
    const std::int64_t columns = 3 * std::int64_t{quantInfo(type).blockValues};
    const std::vector<std::uint8_t> table = randomTensor(type, 5, columns, random);
    const std::vector<float> all = floatsOf(type, table);
    const std::vector<std::int32_t> tokens = {4, 1, 1, 0, 3};
    std::vector<float> expected;
    for (const std::int32_t token : tokens)
        for (std::int64_t i = 0; i < columns; ++i)
            expected.push_back(all[static_cast<std::size_t>(token * columns + i)] * 0.75F);
    QCOMPARE(gathered(type, table, columns, tokens, 0.75F), expected);
}

void CudaDequantizeTest::gathersPlainRowsOfAnyWidth()
{
    std::mt19937 random(9);
    const std::vector<std::uint8_t> table = randomTensor(QuantType::F16, 4, 333, random);
    const std::vector<float> all = floatsOf(QuantType::F16, table);
    QCOMPARE(gathered(QuantType::F16, table, 333, {2}, 1.0F),
             std::vector<float>(all.begin() + 666, all.begin() + 999));
}

void CudaDequantizeTest::givesZerosForNegativeTokens()
{
    std::mt19937 random(10);
    for (const QuantType type : {QuantType::BF16, QuantType::Q4_K}) {
        const std::vector<float> rows =
            gathered(type, randomTensor(type, 2, 256, random), 256, {-1, 1}, 1.0F);
        QCOMPARE(std::vector<float>(rows.begin(), rows.begin() + 256), std::vector<float>(256, 0.0F));
        QVERIFY(std::vector<float>(rows.begin() + 256, rows.end()) != std::vector<float>(256, 0.0F));
    }
}

void CudaDequantizeTest::handlesExactlyTheTypesThatItNames()
{
    const std::vector<std::uint8_t> bytes(4096, 0);
    for (std::uint32_t number = 0; number < 64; ++number) {
        const auto type = static_cast<QuantType>(number);
        const bool named = hasDeviceForm(type);
        const auto count = static_cast<std::size_t>(quantInfo(type).blockValues);
        QVERIFY(!named || count > 0);
        if (count == 0)
            continue;
        QCOMPARE(dequantized(type, bytes, count, Number::F32).size(), named ? count : 0);
        QCOMPARE(gathered(type, bytes, static_cast<std::int64_t>(count), {0}, 1.0F).size(),
                 named ? count : 0);
    }
}

void CudaDequantizeTest::refusesParts()
{
    QVERIFY(!dequantizeBlocks(QuantType::Q4_K, nullptr, 128, Number::F32, nullptr, nullptr));
    QVERIFY(!gatherEmbeddings(QuantType::Q4_0, nullptr, 40, nullptr, 1, 1.0F, nullptr, nullptr));
    QVERIFY(dequantizeBlocks(QuantType::Q4_K, nullptr, 0, Number::F32, nullptr, nullptr));
}

QTEST_APPLESS_MAIN(CudaDequantizeTest)
#include "dequantize_test.moc"
