// SPDX-License-Identifier: GPL-3.0-or-later
// RMSNorm with what stands around it, against the same in double.
#include "kernels/cuda/norm.h"

#include <optional>

#include <QTest>

#include "cuda/device_rows.h"
#include "kernels/random_tensor.h"

using namespace vitrine;
using namespace vitrine::kernels::cuda;
using namespace vitrine::tests;

namespace {

struct Problem
{
    Number number = Number::F32;
    std::int64_t tokens = 1, columns = 1;
    bool delta = false, post = false, output = true;
    std::vector<std::int32_t> rows; // empty: all
    float epsilon = 1e-5F;
    std::vector<float> residual, deltas, postWeight, weight;

    void fill(std::mt19937& random)
    {
        const auto count = static_cast<std::size_t>(tokens * columns);
        residual = randomFloats(count, random);
        deltas = randomFloats(count, random);
        postWeight = randomFloats(static_cast<std::size_t>(columns), random);
        weight = randomFloats(static_cast<std::size_t>(columns), random);
    }
};

struct Result
{
    std::vector<float> residual, out;
};

Result run(const Problem& p)
{
    const DeviceVector<float> residual(p.residual), postWeight(p.postWeight), weight(p.weight);
    const DeviceRows delta(p.number, p.deltas);
    const std::size_t count = p.rows.empty() ? static_cast<std::size_t>(p.tokens) : p.rows.size();
    const DeviceRows out(p.number, std::vector<float>(count * static_cast<std::size_t>(p.columns), 77.0F));
    const DeviceVector<std::int32_t> rows(p.rows.empty() ? std::vector<std::int32_t>{0} : p.rows);
    NormStep step;
    step.residual = residual.data();
    step.delta = p.delta ? delta.data() : nullptr;
    step.postWeight = p.post ? postWeight.data() : nullptr;
    step.weight = p.output ? weight.data() : nullptr;
    step.out = out.data();
    step.rows = p.rows.empty() ? nullptr : rows.data();
    step.count = static_cast<std::int64_t>(count);
    step.columns = p.columns;
    step.epsilon = p.epsilon;
    step.number = p.number;
    if (!addAndNormalize(step, nullptr))
        return {};
    return {residual.read(), out.read()};
}

struct Reference
{
    std::vector<double> sum, out;
};

double inverseRms(const std::vector<double>& row, float epsilon)
{
    double squares = 0;
    for (const double value : row)
        squares += value * value;
    return 1.0 / std::sqrt(squares / static_cast<double>(row.size()) + double{epsilon});
}

/// Of one token.
Reference reference(const Problem& p, std::int64_t token)
{
    const auto columns = static_cast<std::size_t>(p.columns),
               begin = static_cast<std::size_t>(token) * columns;
    std::vector<double> delta(columns);
    Reference result;
    for (std::size_t i = 0; i < columns; ++i) {
        const float value = p.deltas[begin + i];
        delta[i] = !p.delta                  ? 0.0
                   : p.number == Number::F32 ? double{value}
                                             : double{kernels::bf16ToFloat(bf16BitsOf(value))};
    }
    const double factor = p.post ? inverseRms(delta, p.epsilon) : 1.0;
    for (std::size_t i = 0; i < columns; ++i)
        result.sum.push_back(p.residual[begin + i] + delta[i] * factor * (p.post ? p.postWeight[i] : 1.0F));
    const double inverse = inverseRms(result.sum, p.epsilon);
    for (std::size_t i = 0; i < columns; ++i)
        result.out.push_back(result.sum[i] * inverse * p.weight[i]);
    return result;
}

std::vector<double> scalesOf(const std::vector<double>& values)
{
    std::vector<double> scales;
    for (const double value : values)
        scales.push_back(std::abs(value) + 1.0);
    return scales;
}

template<class T>
std::vector<T> slice(const std::vector<T>& values, std::size_t index, std::int64_t columns)
{
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(index) * columns;
    return {begin, begin + columns};
}

void compare(const Problem& p)
{
    const Result result = run(p);
    QVERIFY(!result.residual.empty());
    const std::size_t count = p.rows.empty() ? static_cast<std::size_t>(p.tokens) : p.rows.size();
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t token = p.rows.empty() ? static_cast<std::int64_t>(i) : p.rows[i];
        const Reference expected = reference(p, token);
        if (p.rows.empty())
            QCOMPARE(firstOff(Number::F32, slice(result.residual, i, p.columns), expected.sum,
                              scalesOf(expected.sum)),
                     -1);
        if (p.output)
            QCOMPARE(
                firstOff(p.number, slice(result.out, i, p.columns), expected.out, scalesOf(expected.out)),
                -1);
        else
            QCOMPARE(slice(result.out, i, p.columns),
                     std::vector<float>(static_cast<std::size_t>(p.columns), 77.0F));
    }
    if (!p.rows.empty())
        QCOMPARE(result.residual, p.residual);
}

} // namespace

class NormTest : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithTheReference_data();
    void agreesWithTheReference();
    void givesTheRowsAskedForAndLeavesTheResidual();
    void givesZerosForNegativeRows();
    void aTokenIsTheSameInAnyCompany();
    void doesNothingForNoTokens();
    void refusesRowsThatAreTooLong();
};

void NormTest::agreesWithTheReference_data()
{
    QTest::addColumn<int>("columns");
    for (const int columns : {1, 4, 31, 128, 255, 576, 1000, 2051, 9000})
        QTest::addRow("%d columns", columns) << columns;
}

void NormTest::agreesWithTheReference()
{
    QFETCH(int, columns);
    std::mt19937 random(static_cast<unsigned>(columns));
    for (const Number number : {Number::F32, Number::BF16})
        for (int what = 0; what < 8; ++what) {
            Problem problem;
            problem.number = number;
            problem.tokens = columns > 1000 ? 1 : 3;
            problem.columns = columns;
            problem.delta = (what & 1) != 0;
            problem.post = (what & 2) != 0;
            problem.output = (what & 4) != 0;
            problem.fill(random);
            compare(problem);
        }
}

void NormTest::givesTheRowsAskedForAndLeavesTheResidual()
{
    std::mt19937 random(5);
    for (const bool delta : {false, true}) {
        Problem problem;
        problem.number = Number::BF16;
        problem.tokens = 5;
        problem.columns = 96;
        problem.delta = delta;
        problem.rows = {4, 0, 4, 2};
        problem.fill(random);
        compare(problem);
    }
}

void NormTest::givesZerosForNegativeRows()
{
    std::mt19937 random(6);
    Problem problem;
    problem.columns = 40;
    problem.tokens = 2;
    problem.rows = {-1, 1};
    problem.fill(random);
    const Result result = run(problem);
    QCOMPARE(slice(result.out, 0, 40), std::vector<float>(40, 0.0F));
    QVERIFY(slice(result.out, 1, 40) != std::vector<float>(40, 0.0F));
}

void NormTest::aTokenIsTheSameInAnyCompany()
{
    std::mt19937 random(7);
    Problem many;
    many.tokens = 6;
    many.columns = 700;
    many.delta = many.post = true;
    many.fill(random);
    Problem one = many;
    one.tokens = 1;
    one.residual = slice(many.residual, 4, 700);
    one.deltas = slice(many.deltas, 4, 700);
    QCOMPARE(run(one).out, slice(run(many).out, 4, 700));
}

void NormTest::doesNothingForNoTokens()
{
    QVERIFY(addAndNormalize(NormStep{}, nullptr));
}

void NormTest::refusesRowsThatAreTooLong()
{
    NormStep step;
    step.count = 1;
    step.columns = 32772;
    QVERIFY(!addAndNormalize(step, nullptr));
}

QTEST_APPLESS_MAIN(NormTest)
#include "norm_test.moc"
