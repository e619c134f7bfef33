// SPDX-License-Identifier: GPL-3.0-or-later
// Products with few tokens against sums in double over the same numbers: activations as they were quantised.
#include "kernels/cuda/matvec.h"

#include <QTest>

#include "cuda/device_rows.h"
#include "kernels/random_tensor.h"

using namespace vitrine;
using namespace vitrine::kernels;
using namespace vitrine::kernels::cuda;
using namespace vitrine::tests;

namespace {

constexpr float kUntouched = 77.0F;
constexpr std::int64_t kGap = 3; ///< between rows of the output

/// Activations on the device, and what they are exactly.
class Activations
{
public:
    Activations(Number number, const std::vector<float>& values, std::int64_t columns)
        : m_rows(number, values), m_q(std::vector<std::int8_t>(values.size(), 99)),
          m_scales(std::vector<float>(values.size() / kQuantGroup, kUntouched)),
          m_sums(std::vector<float>(values.size() / kSumGroup, kUntouched)), m_columns(columns),
          m_number(number)
    {}

    Status quantize() const
    {
        const auto tokens = static_cast<std::int64_t>(rows().size()) / m_columns;
        return quantizeRows(m_number, m_rows.data(), tokens, quantized(), nullptr);
    }
    QuantizedRows quantized() const { return {m_q.data(), m_scales.data(), m_sums.data(), m_columns}; }
    std::vector<float> rows() const { return m_rows.read(); }
    std::vector<std::int8_t> q() const { return m_q.read(); }
    std::vector<float> scales() const { return m_scales.read(); }
    std::vector<float> sums() const { return m_sums.read(); }
    const void* data() const { return m_rows.data(); }

    std::vector<double> exact() const
    {
        const std::vector<std::int8_t> values = q();
        const std::vector<float> groups = scales();
        std::vector<double> result;
        for (std::size_t i = 0; i < values.size(); ++i)
            result.push_back(double{groups[i / kQuantGroup]} * values[i]);
        return result;
    }

private:
    DeviceRows m_rows;
    DeviceVector<std::int8_t> m_q;
    DeviceVector<float> m_scales, m_sums;
    std::int64_t m_columns;
    Number m_number;
};

struct Shape
{
    std::int64_t rows = 1, columns = 32, tokens = 1;
    std::size_t outputs() const { return static_cast<std::size_t>(tokens * (rows + kGap)); }
};

struct Products
{
    std::vector<double> exact, scales;
};

Products reference(const Shape& s, const std::vector<float>& weights, const std::vector<double>& x)
{
    Products products{std::vector<double>(s.outputs(), double{kUntouched}),
                      std::vector<double>(s.outputs(), 0.0)};
    for (std::int64_t token = 0; token < s.tokens; ++token)
        for (std::int64_t row = 0; row < s.rows; ++row) {
            double sum = 0, size = 0;
            for (std::int64_t i = 0; i < s.columns; ++i) {
                const double product = double{weights[static_cast<std::size_t>(row * s.columns + i)]} *
                                       x[static_cast<std::size_t>(token * s.columns + i)];
                sum += product;
                size += std::abs(product);
            }
            const auto at = static_cast<std::size_t>(token * (s.rows + kGap) + row);
            products.exact[at] = sum;
            products.scales[at] = size;
        }
    return products;
}

struct Problem
{
    QuantType type{};
    Shape shape;
    std::vector<std::uint8_t> tensor;
    std::vector<float> x;

    Problem(QuantType of, const Shape& s, std::mt19937& random)
        : type(of), shape(s), tensor(randomTensor(of, s.rows, s.columns, random)),
          x(randomFloats(static_cast<std::size_t>(s.tokens * s.columns), random))
    {}
};

std::vector<float> multiplied(const Problem& p, const Activations& x, std::int64_t tokens, Number outNumber,
                              const Number* plain)
{
    const Shape& s = p.shape;
    const DeviceVector<std::uint8_t> tensor(p.tensor);
    const DeviceRows out(outNumber, std::vector<float>(s.outputs(), kUntouched));
    const DeviceMatrix matrix{p.type, tensor.data(), s.rows, s.columns};
    const ProductOut to{outNumber, out.data(), s.rows + kGap};
    const Status status = plain != nullptr ? multiplyPlain(matrix, *plain, x.data(), tokens, to, nullptr)
                                           : multiplyQuantized(matrix, x.quantized(), tokens, to, nullptr);
    return status ? out.read() : std::vector<float>();
}

void compareQuantized(const Problem& p, Number number)
{
    const Activations x(Number::F32, p.x, p.shape.columns);
    QVERIFY(x.quantize());
    const Products expected = reference(p.shape, floatsOf(p.type, p.tensor), x.exact());
    const std::vector<float> values = multiplied(p, x, p.shape.tokens, number, nullptr);
    QCOMPARE(firstOff(number, values, expected.exact, expected.scales), -1);
}

void comparePlain(const Problem& p, Number number)
{
    const Activations x(number, p.x, p.shape.columns);
    const std::vector<float> rows = x.rows();
    const Products expected =
        reference(p.shape, floatsOf(p.type, p.tensor), std::vector<double>(rows.begin(), rows.end()));
    const std::vector<float> values = multiplied(p, x, p.shape.tokens, number, &number);
    QCOMPARE(firstOff(number, values, expected.exact, expected.scales), -1);
}

/// The first row of the output, of `tokens` of the problem's tokens.
std::vector<float> firstToken(const Problem& p, std::int64_t tokens, const Number* plain)
{
    const Activations x(Number::F32, p.x, p.shape.columns);
    if (!x.quantize())
        return {};
    std::vector<float> values = multiplied(p, x, tokens, Number::F32, plain);
    values.resize(static_cast<std::size_t>(p.shape.rows));
    return values;
}

} // namespace

class MatvecTest : public QObject
{
    Q_OBJECT

private slots:
    void quantisesToTheNearest_data();
    void quantisesToTheNearest();
    void groupsOfZerosHaveNoScale();
    void notANumberIsNotHidden();
    void multipliesBlocks_data();
    void multipliesBlocks();
    void sharesTheColumnsOfFewRows_data() { multipliesBlocks_data(); }
    void sharesTheColumnsOfFewRows();
    void multipliesPlainValues_data();
    void multipliesPlainValues();
    void aTokenIsTheSameInAnyCompany();
    void writesBf16();
    void refusesWhatItHasNoKernelFor();
    void doesNothingForNoTokens();
};

void MatvecTest::quantisesToTheNearest_data()
{
    QTest::addColumn<int>("tokens");
    QTest::addColumn<int>("columns");
    for (const auto& [tokens, columns] : {std::pair{1, 32}, {3, 96}, {1, 2048}, {7, 320}})
        QTest::addRow("%d of %d", tokens, columns) << tokens << columns;
}

void MatvecTest::quantisesToTheNearest()
{
    QFETCH(int, tokens);
    QFETCH(int, columns);
    std::mt19937 random(static_cast<unsigned>(columns));
    for (const Number number : {Number::F32, Number::BF16}) {
        const Activations x(number, randomFloats(static_cast<std::size_t>(tokens * columns), random),
                            columns);
        QVERIFY(x.quantize());
        const std::vector<float> rows = x.rows(), scales = x.scales(), sums = x.sums();
        const std::vector<std::int8_t> q = x.q();
        for (std::size_t group = 0; group < scales.size(); ++group) {
            float largest = 0.0F;
            double sum[2] = {};
            for (std::size_t i = 0; i < kQuantGroup; ++i) {
                const std::size_t at = group * kQuantGroup + i;
                largest = std::fmax(largest, std::fabs(rows[at]));
                sum[i / kSumGroup] += q[at];
                QVERIFY(std::abs(double{scales[group]} * q[at] - rows[at]) <= scales[group] * 0.50001);
            }
            QCOMPARE(scales[group], largest / 127.0F);
            for (std::size_t half = 0; half < 2; ++half)
                QVERIFY(isNear(Number::F32, sums[2 * group + half], scales[group] * sum[half],
                               scales[group] * 16 * 127 * 0.1));
        }
    }
}

void MatvecTest::groupsOfZerosHaveNoScale()
{
    std::vector<float> values(96, 0.0F);
    values[40] = 1e-38F; // its inverse is no float32
    values[70] = -254.0F;
    const Activations x(Number::F32, values, 96);
    QVERIFY(x.quantize());
    QCOMPARE(x.scales(), (std::vector<float>{0.0F, 0.0F, 2.0F}));
    QCOMPARE(x.q()[40], std::int8_t(0));
    QCOMPARE(x.q()[70], std::int8_t(-127));
    QCOMPARE(x.sums(), (std::vector<float>{0, 0, 0, 0, -254.0F, 0}));
}

void MatvecTest::notANumberIsNotHidden()
{
    for (std::size_t place = 0; place < 32; ++place) {
        std::vector<float> values(64, 1.0F);
        values[place] = std::nanf("");
        const Activations x(Number::F32, values, 64);
        QVERIFY(x.quantize());
        QVERIFY(std::isnan(x.scales()[0]));
        QVERIFY(x.scales()[1] == 1.0F / 127.0F);
    }
}

void MatvecTest::multipliesBlocks_data()
{
    QTest::addColumn<QuantType>("type");
    for (const QuantType type : allQuantTypes())
        if (canMultiplyQuantized(type, 256))
            QTest::newRow(quantInfo(type).name) << type;
}

void MatvecTest::multipliesBlocks()
{
    QFETCH(QuantType, type);
    const std::int64_t block = quantInfo(type).blockValues;
    std::mt19937 random(static_cast<unsigned>(type));
    for (std::int64_t tokens = 1; tokens <= kMostMatvecTokens; ++tokens)
        compareQuantized(Problem(type, {5 + tokens, block * (tokens == 1 ? 3 : tokens), tokens}, random),
                         Number::F32);
    compareQuantized(Problem(type, {1, block, 1}, random), Number::F32);
}

/// Enough columns for four warps, the last turn not full.
void MatvecTest::sharesTheColumnsOfFewRows()
{
    QFETCH(QuantType, type);
    std::mt19937 random(static_cast<unsigned>(type));
    for (const std::int64_t columns : {2304, 5376, 9216})
        compareQuantized(Problem(type, {3, columns, columns == 2304 ? 8 : 2}, random), Number::F32);
}

void MatvecTest::multipliesPlainValues_data()
{
    QTest::addColumn<QuantType>("type");
    for (const QuantType type : {QuantType::F32, QuantType::F16, QuantType::BF16})
        QTest::newRow(quantInfo(type).name) << type;
}

void MatvecTest::multipliesPlainValues()
{
    QFETCH(QuantType, type);
    std::mt19937 random(static_cast<unsigned>(type));
    for (const Number number : {Number::F32, Number::BF16}) {
        for (std::int64_t tokens = 1; tokens <= kMostMatvecTokens; ++tokens)
            comparePlain(Problem(type, {4 + tokens, 8 * (tokens * tokens + 3), tokens}, random), number);
        for (const std::int64_t columns : {1, 37, 333, 576, 2056})
            comparePlain(Problem(type, {7, columns, 3}, random), number);
    }
}

void MatvecTest::aTokenIsTheSameInAnyCompany()
{
    std::mt19937 random(11);
    const Number plain = Number::F32;
    for (const QuantType type : {QuantType::Q4_0, QuantType::Q5_K, QuantType::Q6_K, QuantType::F16}) {
        const Problem p(type, {6, 2304, 8}, random);
        const Number* number = type == QuantType::F16 ? &plain : nullptr;
        const std::vector<float> alone = firstToken(p, 1, number);
        QVERIFY(alone != std::vector<float>(6, kUntouched));
        for (std::int64_t tokens = 2; tokens <= 8; ++tokens)
            QCOMPARE(firstToken(p, tokens, number), alone);
    }
}

void MatvecTest::writesBf16()
{
    std::mt19937 random(12);
    compareQuantized(Problem(QuantType::Q8_0, {9, 96, 5}, random), Number::BF16);
}

void MatvecTest::refusesWhatItHasNoKernelFor()
{
    QVERIFY(!canMultiplyQuantized(QuantType::Q4_K, 128));
    QVERIFY(!canMultiplyQuantized(QuantType::F16, 256));
    QVERIFY(!canMultiplyQuantized(QuantType::IQ2_XXS, 256));
    const DeviceMatrix matrix{QuantType::Q4_0, nullptr, 4, 64};
    const QuantizedRows x{nullptr, nullptr, nullptr, 64};
    QVERIFY(!multiplyQuantized(matrix, x, kMostMatvecTokens + 1, {}, nullptr));
    QVERIFY(!multiplyQuantized(matrix, {nullptr, nullptr, nullptr, 32}, 1, {}, nullptr));
    QVERIFY(!multiplyPlain(matrix, Number::F32, nullptr, 1, {}, nullptr));
    QVERIFY(!quantizeRows(Number::F32, nullptr, 1, {nullptr, nullptr, nullptr, 40}, nullptr));
}

void MatvecTest::doesNothingForNoTokens()
{
    const DeviceMatrix matrix{QuantType::Q4_0, nullptr, 4, 64};
    QVERIFY(multiplyQuantized(matrix, {nullptr, nullptr, nullptr, 64}, 0, {}, nullptr));
    QVERIFY(quantizeRows(Number::F32, nullptr, 0, {nullptr, nullptr, nullptr, 64}, nullptr));
}

QTEST_APPLESS_MAIN(MatvecTest)
#include "matvec_test.moc"
