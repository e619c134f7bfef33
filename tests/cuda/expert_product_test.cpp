// SPDX-License-Identifier: GPL-3.0-or-later
// Products of experts' matrices with the tokens that go to them, against sums in double over the same
// numbers: each pair by itself, and grouped by expert.
#include "kernels/cuda/expert_product.h"

#include <QTest>

#include "cuda/device_rows.h"
#include "cuda_emulator/control.h"
#include "kernels/random_tensor.h"

using namespace vitrine;
using namespace vitrine::kernels;
using namespace vitrine::kernels::cuda;
using namespace vitrine::tests;

namespace {

constexpr float kUntouched = 77.0F;
constexpr std::int64_t kGap = 3; ///< between rows of the output

struct Shape
{
    std::int64_t experts = 4, rows = 5, columns = 256, tokens = 2, perToken = 2;
    bool perPair = false; ///< activations have a row a pair, as for the second product of an expert

    std::int64_t pairs() const { return tokens * perToken; }
    std::int64_t perRow() const { return perPair ? 1 : perToken; }
    std::int64_t inputs() const { return pairs() / perRow(); }
    std::size_t outputs() const { return static_cast<std::size_t>(pairs() * (rows + kGap)); }
};

/// Clears the bits that bfloat16 has no room for.
void shorten(QuantType type, std::vector<std::uint8_t>& tensor)
{
    for (std::size_t i = 0; i < tensor.size(); i += quantInfo(type).blockBytes) {
        if (type == QuantType::F32)
            tensor[i] = tensor[i + 1] = 0;
        else if (type == QuantType::F16)
            tensor[i] &= 0xF8U;
    }
}

enum class Spread { Even, OnlyOne, SomeNothing };

std::vector<std::int32_t> choose(const Shape& s, Spread spread, std::mt19937& random)
{
    std::vector<std::int32_t> chosen;
    for (std::int64_t t = 0; t < s.tokens; ++t) {
        const auto first = static_cast<std::int64_t>(random() % static_cast<unsigned>(s.experts));
        for (std::int64_t r = 0; r < s.perToken; ++r) // different ones of a token
            chosen.push_back(static_cast<std::int32_t>((first + r) % s.experts));
    }
    if (spread == Spread::OnlyOne)
        std::fill(chosen.begin(), chosen.end(), static_cast<std::int32_t>(s.experts / 2));
    if (spread == Spread::SomeNothing)
        for (std::size_t i = 0; i < chosen.size(); i += 3)
            chosen[i] = -1;
    return chosen;
}

struct Problem
{
    QuantType type{};
    Shape shape;
    std::vector<std::uint8_t> tensor;
    std::vector<float> x;
    std::vector<std::int32_t> chosen;

    Problem(QuantType of, const Shape& s, std::mt19937& random, Spread spread = Spread::Even)
        : type(of), shape(s), tensor(randomTensor(of, s.experts * s.rows, s.columns, random)),
          x(randomFloats(static_cast<std::size_t>(s.inputs() * s.columns), random)),
          chosen(choose(s, spread, random))
    {}
};

/// Activations on the device, and what they are exactly.
struct Activations
{
    explicit Activations(const Problem& p, Number of = Number::F32)
        : number(of), columns(p.shape.columns), rows(of, p.x),
          q(std::vector<std::int8_t>(p.x.size() + 1, 99)),
          scales(std::vector<float>(p.x.size() / kQuantGroup + 1, kUntouched)),
          sums(std::vector<float>(p.x.size() / kSumGroup + 1, kUntouched))
    {}

    QuantizedRows quantized() const { return {q.data(), scales.data(), sums.data(), columns}; }
    std::vector<double> exact() const
    {
        const std::vector<float> values = rows.read();
        return {values.begin(), values.end()};
    }
    std::vector<double> exactQuantized() const
    {
        const std::vector<std::int8_t> values = q.read();
        const std::vector<float> groups = scales.read();
        std::vector<double> result;
        for (std::size_t i = 0; i + 1 < values.size(); ++i)
            result.push_back(double{groups[i / kQuantGroup]} * values[i]);
        return result;
    }

    Number number;
    std::int64_t columns;
    DeviceRows rows;
    DeviceVector<std::int8_t> q; // one too many, so that none is empty
    DeviceVector<float> scales, sums;
};

struct Products
{
    std::vector<double> exact, scales;
};

Products reference(const Problem& p, const std::vector<double>& x)
{
    const Shape& s = p.shape;
    const std::vector<float> weights = floatsOf(p.type, p.tensor);
    Products products{std::vector<double>(s.outputs(), double{kUntouched}),
                      std::vector<double>(s.outputs(), 0.0)};
    for (std::int64_t pair = 0; pair < s.pairs(); ++pair)
        for (std::int64_t row = 0; row < s.rows && p.chosen[static_cast<std::size_t>(pair)] >= 0; ++row) {
            const std::int64_t matrixRow = p.chosen[static_cast<std::size_t>(pair)] * s.rows + row;
            double sum = 0, size = 0;
            for (std::int64_t i = 0; i < s.columns; ++i) {
                const double product = double{weights[static_cast<std::size_t>(matrixRow * s.columns + i)]} *
                                       x[static_cast<std::size_t>(pair / s.perRow() * s.columns + i)];
                sum += product;
                size += std::abs(product);
            }
            const auto at = static_cast<std::size_t>(pair * (s.rows + kGap) + row);
            products.exact[at] = sum;
            products.scales[at] = size;
        }
    return products;
}

enum class Way { Pairs, FewGroups, ManyGroups, Plain, FewPlainGroups, ManyPlainGroups };

bool isPlain(Way way)
{
    return way == Way::Plain || way == Way::FewPlainGroups || way == Way::ManyPlainGroups;
}

Status queueGroups(const Problem& p, const ExpertMatrices& matrices, const Activations& x,
                   const ExpertPairs& pairs, const ProductOut& to, Way way)
{
    const Shape& s = p.shape;
    const bool few = way == Way::FewGroups || way == Way::FewPlainGroups;
    const std::int64_t tilePairs = few ? kFewGroupPairs : kManyGroupPairs;
    const auto most = static_cast<std::size_t>(mostExpertTiles(s.pairs(), s.experts, tilePairs));
    const DeviceVector<std::int32_t> order(std::vector<std::int32_t>(p.chosen.size(), -7)), count({-7});
    const DeviceVector<ExpertTile> tiles(std::vector<ExpertTile>(most, ExpertTile{-7, -7, -7}));
    const ExpertGroups groups{order.data(), tiles.data(), count.data(), tilePairs};
    Status status = groupPairs(pairs.chosen, s.pairs(), s.experts, groups, nullptr);
    if (status)
        status = isPlain(way) ? multiplyExpertGroupsPlain(matrices, x.rows.data(), pairs, groups, to, nullptr)
                              : multiplyExpertGroups(matrices, x.quantized(), pairs, groups, to, nullptr);
    const bool ran = status && order.read().size() == p.chosen.size(); // before its memory goes
    return ran ? status : Status{1};
}

std::vector<float> multiplied(const Problem& p, const Activations& x, Number outNumber, Way way)
{
    const Shape& s = p.shape;
    const DeviceVector<std::uint8_t> tensor(p.tensor);
    const DeviceVector<std::int32_t> chosen(p.chosen);
    const DeviceRows out(outNumber, std::vector<float>(s.outputs(), kUntouched));
    const ExpertMatrices matrices{p.type, tensor.data(), s.experts, s.rows, s.columns};
    const ExpertPairs pairs{chosen.data(), s.pairs(), s.perRow(), s.perToken};
    const ProductOut to{outNumber, out.data(), s.rows + kGap};
    Status status;
    if (!isPlain(way))
        status = quantizeRows(x.number, x.rows.data(), s.inputs(), x.quantized(), nullptr);
    if (status && way == Way::Plain)
        status = multiplyExpertsPlain(matrices, x.number, x.rows.data(), pairs, to, nullptr);
    else if (status && way == Way::Pairs)
        status = multiplyExperts(matrices, x.quantized(), pairs, to, nullptr);
    else if (status)
        status = queueGroups(p, matrices, x, pairs, to, way);
    return status ? out.read() : std::vector<float>();
}

void compare(const Problem& p, Way way, Number outNumber = Number::F32, Number number = Number::F32)
{
    const Activations x(p, number);
    const std::vector<float> found = multiplied(p, x, outNumber, way);
    const Products expected = reference(p, isPlain(way) ? x.exact() : x.exactQuantized());
    QCOMPARE(firstOff(outNumber, found, expected.exact, expected.scales), -1);
}

} // namespace

class ExpertProductTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { cuda_emulator::reset(); }

    void multipliesEachPair_data()
    {
        QTest::addColumn<QuantType>("type");
        for (const QuantType type : allQuantTypes())
            if (canMultiplyQuantized(type, 256))
                QTest::newRow(quantInfo(type).name) << type;
    }
    void multipliesEachPair()
    {
        QFETCH(QuantType, type);
        std::mt19937 random(static_cast<unsigned>(type));
        compare({type, {5, 7, 512, 3, 2, false}, random}, Way::Pairs);
        compare({type, {3, 4, 2304, 2, 3, true}, random, Spread::SomeNothing}, Way::Pairs);
        compare({type, {1, 9, 256, 2, 1, false}, random}, Way::Pairs, Number::BF16);
    }

    void multipliesGroups_data() { multipliesEachPair_data(); }
    void multipliesGroups()
    {
        QFETCH(QuantType, type);
        std::mt19937 random(static_cast<unsigned>(type) + 100);
        compare({type, {5, 33, 512, 23, 2, false}, random}, Way::FewGroups);
        compare({type, {3, 40, 768, 30, 3, true}, random}, Way::ManyGroups);
        compare({type, {4, 31, 256, 20, 4, false}, random, Spread::SomeNothing}, Way::ManyGroups,
                Number::BF16);
    }

    void whateverGoesWhere_data()
    {
        QTest::addColumn<int>("experts");
        QTest::addColumn<int>("tokens");
        QTest::addColumn<int>("perToken");
        QTest::addColumn<int>("spread");
        QTest::newRow("one expert") << 1 << 19 << 1 << int(Spread::Even);
        QTest::newRow("all experts") << 6 << 7 << 6 << int(Spread::Even);
        QTest::newRow("all to one") << 6 << 35 << 1 << int(Spread::OnlyOne);
        QTest::newRow("8 of 128") << 128 << 21 << 8 << int(Spread::Even);
        QTest::newRow("some to none") << 8 << 13 << 3 << int(Spread::SomeNothing);
        QTest::newRow("one token") << 8 << 1 << 2 << int(Spread::Even);
    }
    void whateverGoesWhere()
    {
        QFETCH(int, experts);
        QFETCH(int, tokens);
        QFETCH(int, perToken);
        QFETCH(int, spread);
        std::mt19937 random(static_cast<unsigned>(experts));
        for (const bool perPair : {false, true})
            for (const QuantType type : {QuantType::Q8_0, QuantType::Q4_K}) {
                const Problem p(type, {experts, 6, 256, tokens, perToken, perPair}, random,
                                static_cast<Spread>(spread));
                for (const Way way : {Way::Pairs, Way::FewGroups, Way::ManyGroups})
                    compare(p, way);
            }
    }

    void multipliesPlainValues_data()
    {
        QTest::addColumn<QuantType>("type");
        for (const QuantType type : {QuantType::F32, QuantType::F16, QuantType::BF16})
            QTest::newRow(quantInfo(type).name) << type;
    }
    void multipliesPlainValues()
    {
        QFETCH(QuantType, type);
        std::mt19937 random(static_cast<unsigned>(type));
        for (const Number number : {Number::F32, Number::BF16})
            for (const std::int64_t columns : {37, 64, 584})
                for (const bool perPair : {false, true})
                    compare({type, {4, 5, columns, 5, 2, perPair}, random, Spread::SomeNothing}, Way::Plain,
                            Number::F32, number);
    }

    void multipliesGroupsOfPlainValues_data() { multipliesPlainValues_data(); }
    /// With weights that bfloat16 holds exactly, so that only sums are rounded.
    void multipliesGroupsOfPlainValues()
    {
        QFETCH(QuantType, type);
        std::mt19937 random(static_cast<unsigned>(type));
        for (const Way way : {Way::FewPlainGroups, Way::ManyPlainGroups})
            for (const bool perPair : {false, true})
                for (const Shape& shape :
                     {Shape{4, 140, 72, 21, 2, perPair}, Shape{2, 9, 200, 40, 1, perPair}}) {
                    Problem p(type, shape, random, perPair ? Spread::Even : Spread::SomeNothing);
                    shorten(type, p.tensor);
                    compare(p, way, perPair ? Number::F32 : Number::BF16, Number::BF16);
                }
    }

    void aPairIsTheSameInAnyCompany()
    {
        std::mt19937 random(9);
        for (const Way way : {Way::Pairs, Way::FewGroups, Way::ManyGroups}) {
            const Problem together(QuantType::Q5_K, {4, 6, 2304, 40, 1, false}, random);
            Problem alone = together;
            alone.shape.tokens = 1;
            alone.x.resize(2304);
            alone.chosen.resize(1);
            const std::vector<float> expected = multiplied(alone, Activations(alone), Number::F32, way);
            const std::vector<float> found = multiplied(together, Activations(together), Number::F32, way);
            QVERIFY(expected.size() == 6 + kGap);
            QVERIFY(std::equal(expected.begin(), expected.end(), found.begin()));
        }
    }

    void refusesWhatItHasNoKernelFor()
    {
        const ExpertMatrices odd{QuantType::Q4_K, nullptr, 2, 4, 128};
        const ExpertMatrices fine{QuantType::Q4_K, nullptr, 2, 4, 256};
        const QuantizedRows x{nullptr, nullptr, nullptr, 128}, rows{nullptr, nullptr, nullptr, 256};
        const ExpertPairs pairs{nullptr, 4, 2, 2};
        QVERIFY(!multiplyExperts(odd, x, pairs, {}, nullptr));
        QVERIFY(!multiplyExperts(fine, x, pairs, {}, nullptr));
        QVERIFY(!multiplyExpertsPlain(fine, Number::F32, nullptr, pairs, {}, nullptr));
        QVERIFY(!multiplyExpertGroups(fine, rows, pairs, {nullptr, nullptr, nullptr, 8}, {}, nullptr));
        QVERIFY(canGroupPlain(QuantType::F16, 72) && !canGroupPlain(QuantType::F16, 70));
        QVERIFY(
            !multiplyExpertGroupsPlain(fine, nullptr, pairs, {nullptr, nullptr, nullptr, 16}, {}, nullptr));
        QVERIFY(multiplyExperts(fine, rows, {nullptr, 0, 1, 1}, {}, nullptr));
    }
};

QTEST_APPLESS_MAIN(ExpertProductTest)
#include "expert_product_test.moc"
