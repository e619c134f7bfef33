// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks of every tensor type against values computed by an independent implementation.
#include "kernels/cpu/dequantize.h"

#include <cmath>
#include <fstream>
#include <limits>
#include <set>
#include <vector>

#include <QByteArray>
#include <QTest>
#include <nlohmann/json.hpp>

#include "kernels/half.h"

using namespace vitrine::kernels;

class DequantizeTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void givesTheReferenceValues_data();
    void givesTheReferenceValues();
    void knowsExactlyTheListedTypes();
    void convertsEveryHalfExactly();
    void takesBlocksAtAnyAddress();

private:
    nlohmann::json m_reference;
};

void DequantizeTest::initTestCase()
{
    std::ifstream file(VITRINE_TEST_DATA "/dequantize.json");
    m_reference = nlohmann::json::parse(file);
    QCOMPARE(m_reference.size(), std::size_t(25));
}

void DequantizeTest::givesTheReferenceValues_data()
{
    QTest::addColumn<int>("row");
    for (std::size_t i = 0; i < m_reference.size(); ++i)
        QTest::newRow(m_reference[i]["type"].get<std::string>().c_str()) << static_cast<int>(i);
}

void DequantizeTest::givesTheReferenceValues()
{
    QFETCH(int, row);
    const auto& entry = m_reference[static_cast<std::size_t>(row)];
    const auto type = static_cast<QuantType>(entry["ggml_type"].get<std::uint32_t>());
    const QuantInfo info = quantInfo(type);
    QCOMPARE(std::string(info.name), entry["type"].get<std::string>());
    QCOMPARE(info.blockValues, entry["block_values"].get<std::uint32_t>());
    QCOMPARE(info.blockBytes, entry["block_bytes"].get<std::uint32_t>());
    QVERIFY(cpu::canDequantize(type));

    const auto expected = entry["values"].get<std::vector<double>>();
    const QByteArray bytes = QByteArray::fromBase64(entry["bytes_base64"].get<std::string>().c_str());
    QCOMPARE(static_cast<std::size_t>(bytes.size()), expected.size() / info.blockValues * info.blockBytes);
    std::vector<float> values(expected.size(), std::nanf(""));
    cpu::dequantize(type, reinterpret_cast<const std::uint8_t*>(bytes.constData()), values.data(),
                    values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        // The listed values have eight significant digits: half a unit of the eighth is all they may differ
        // by.
        const double tolerance = 5e-8 * std::abs(expected[i]) * 1.0001;
        QVERIFY2(std::abs(static_cast<double>(values[i]) - expected[i]) <= tolerance,
                 qPrintable(QString("value %1: %2, expected %3")
                                .arg(i)
                                .arg(static_cast<double>(values[i]), 0, 'g', 9)
                                .arg(expected[i], 0, 'g', 9)));
    }
}

void DequantizeTest::knowsExactlyTheListedTypes()
{
    std::set<std::uint32_t> listed;
    for (const auto& entry : m_reference)
        listed.insert(entry["ggml_type"].get<std::uint32_t>());
    for (std::uint32_t number = 0; number < 300; ++number)
        QCOMPARE(cpu::canDequantize(static_cast<QuantType>(number)), listed.contains(number));
}

void DequantizeTest::convertsEveryHalfExactly()
{
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
        const float value = halfToFloat(static_cast<std::uint16_t>(bits));
        const int exponent = static_cast<int>(bits >> 10 & 31);
        const int mantissa = static_cast<int>(bits & 1023);
        QCOMPARE(std::signbit(value), bits >= 0x8000);
        if (exponent == 31) {
            QVERIFY(mantissa == 0 ? std::isinf(value) : std::isnan(value));
            continue;
        }
        const double magnitude =
            exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(mantissa + 1024, exponent - 25);
        QCOMPARE(static_cast<double>(std::abs(value)), magnitude);
    }
}

void DequantizeTest::takesBlocksAtAnyAddress()
{
    for (const auto& entry : m_reference) {
        const auto type = static_cast<QuantType>(entry["ggml_type"].get<std::uint32_t>());
        const QByteArray bytes = QByteArray::fromBase64(entry["bytes_base64"].get<std::string>().c_str());
        const std::size_t count = entry["values"].size();
        std::vector<float> values(count);
        std::vector<float> shifted(count);
        const QByteArray moved = QByteArray("?") + bytes;
        cpu::dequantize(type, reinterpret_cast<const std::uint8_t*>(bytes.constData()), values.data(), count);
        cpu::dequantize(type, reinterpret_cast<const std::uint8_t*>(moved.constData()) + 1, shifted.data(),
                        count);
        QCOMPARE(values, shifted);
    }
}

QTEST_APPLESS_MAIN(DequantizeTest)
#include "dequantize_test.moc"
