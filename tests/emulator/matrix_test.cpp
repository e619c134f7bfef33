// SPDX-License-Identifier: GPL-3.0-or-later
// Tensor-core products of a warp in the layout that PTX gives, and functions of the device.
#include "cuda_emulator/control.h"
#include "matrix_kernels.h"
#include "support.h"

#include <QtTest>
#include <cmath>

using namespace vitrine;

class MatrixTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { cuda_emulator::reset(); }

    void productsOfBf16();
    void productsOfHalf();
    void productsOfBytes();
    void fragmentsComeFromSharedMemory();
    void aProductWantsTheWholeWarp();
    void functionsGiveWhatTheDeviceGives();
};

namespace {

template<typename T>
std::vector<T> values(int count, int seed)
{
    std::vector<T> result;
    for (int i = 0; i < count; ++i)
        result.push_back(T(float((i * 13 + seed * 5) % 17 - 8)));
    return result;
}

// D of ones plus the product of the values above.
template<typename Result>
std::vector<Result> expected(int depth, Result before)
{
    const auto a = values<float>(16 * depth, 1);
    const auto b = values<float>(depth * 8, 2);
    std::vector<Result> d(16 * 8, before);
    for (int row = 0; row < 16; ++row) {
        for (int column = 0; column < 8; ++column) {
            for (int i = 0; i < depth; ++i)
                d[std::size_t(row * 8 + column)] +=
                    Result(a[std::size_t(row * depth + i)] * b[std::size_t(i * 8 + column)]);
        }
    }
    return d;
}

template<typename Element, typename Result>
std::vector<Result> product(int depth)
{
    const DeviceVector<Element> a(values<Element>(16 * depth, 1));
    const DeviceVector<Element> b(values<Element>(depth * 8, 2));
    const DeviceVector<Result> d(std::vector<Result>(16 * 8, Result(1)));
    launchProduct(d.data(), a.data(), b.data());
    return d.read();
}

} // namespace

void MatrixTest::productsOfBf16()
{
    QCOMPARE((product<__nv_bfloat16, float>(16)), expected<float>(16, 1));
}

void MatrixTest::productsOfHalf()
{
    QCOMPARE((product<__half, float>(16)), expected<float>(16, 1));
}

void MatrixTest::productsOfBytes()
{
    QCOMPARE((product<signed char, int>(32)), expected<int>(32, 1));
}

void MatrixTest::fragmentsComeFromSharedMemory()
{
    const DeviceVector<__nv_bfloat16> a(values<__nv_bfloat16>(16 * 16, 1));
    const DeviceVector<__nv_bfloat16> b(values<__nv_bfloat16>(16 * 8, 2));
    const DeviceVector<float> d(std::vector<float>(16 * 8));
    launchLoadedProduct(d.data(), a.data(), b.data());
    QCOMPARE(d.read(), expected<float>(16, 0));
}

void MatrixTest::aProductWantsTheWholeWarp()
{
    const DeviceVector<float> d(std::vector<float>(32));
    launchProductWithoutALane(d.data());
    QCOMPARE(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
    QVERIFY(QString::fromStdString(cuda_emulator::lastFault()).contains("3 exited"));
}

void MatrixTest::functionsGiveWhatTheDeviceGives()
{
    const DeviceVector<float> results{std::vector<float>(kFunctions)};
    launchFunctions(results.data(), 2.0F, 4.0F);
    const float wanted[kFunctions] = {
        std::exp(2.0F), 1 / std::sqrt(2.0F), 0.5F, 9, 4, 2, 8, 17, 2, 0, 2, 128};
    const std::vector<float> got = results.read();
    for (int i = 0; i < kFunctions; ++i)
        QVERIFY2(std::fabs(got[std::size_t(i)] - wanted[i]) <= 1e-6F * std::fabs(wanted[i]),
                 qPrintable(QString("%1: %2").arg(i).arg(double(got[std::size_t(i)]))));
}

QTEST_APPLESS_MAIN(MatrixTest)
#include "matrix_test.moc"
