// SPDX-License-Identifier: GPL-3.0-or-later
// Memory from the operating system: zeroed, aligned, and the same bytes after it grew or shrank.
#include <QtTest>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "engine/execution/huge_buffer.h"

using vitrine::engine::HugeBuffer;

namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20U;
constexpr std::size_t kUnit = 512; // bytes that share one number in these tests

/// A number that differs from place to place, never zero.
std::uint64_t mark(std::size_t unit, std::uint64_t round)
{
    return (unit + 1) * 0x9E3779B97F4A7C15U + round;
}

std::uint64_t& at(const HugeBuffer& buffer, std::size_t unit)
{
    return *reinterpret_cast<std::uint64_t*>(buffer.data() + unit * kUnit);
}

bool isZero(const HugeBuffer& buffer, std::size_t from)
{
    return std::all_of(buffer.data() + from, buffer.data() + buffer.size(),
                       [](std::uint8_t byte) { return byte == 0; });
}

/// Whether the system knows the whole buffer as one mapping.
bool isOneMapping(const HugeBuffer& buffer)
{
    const auto begin = reinterpret_cast<std::uintptr_t>(buffer.data());
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        std::istringstream text(line);
        std::uintptr_t from = 0, to = 0;
        char dash = 0;
        text >> std::hex >> from >> dash >> to;
        if (from <= begin && begin < to)
            return begin + buffer.size() <= to;
    }
    return false;
}

} // namespace

class HugeBufferTest : public QObject
{
    Q_OBJECT

private slots:
    void isZeroedAlignedAndLargeEnough()
    {
        for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, std::size_t{4096}, std::size_t{4097},
                                        2 * kMiB - 1, 2 * kMiB, 5 * kMiB + 3}) {
            const HugeBuffer buffer = HugeBuffer::allocate(bytes);
            QVERIFY(buffer && buffer.size() >= bytes && buffer.size() > 0);
            const std::size_t alignment = bytes >= 2 * kMiB ? 2 * kMiB : 64;
            QCOMPARE(reinterpret_cast<std::uintptr_t>(buffer.data()) % alignment, std::uintptr_t{0});
            QVERIFY(isZero(buffer, 0));
        }
    }

    void refusesWhatNoSystemHas()
    {
        QVERIFY(!HugeBuffer::allocate(SIZE_MAX));
        QVERIFY(!HugeBuffer::allocate(SIZE_MAX / 4));
    }

    void refusedResizeChangesNothing()
    {
        HugeBuffer buffer = HugeBuffer::allocate(3 * kMiB);
        at(buffer, 7) = mark(7, 0);
        const std::uint8_t* data = buffer.data();
        const std::size_t size = buffer.size();
        QVERIFY(!buffer.resize(SIZE_MAX / 4));
        QVERIFY(!buffer.resize(SIZE_MAX));
        QVERIFY(buffer.data() == data);
        QCOMPARE(buffer.size(), size);
        QCOMPARE(at(buffer, 7), mark(7, 0));
    }

    void growsFromNothing()
    {
        HugeBuffer buffer;
        QVERIFY(!buffer);
        QVERIFY(buffer.resize(3 * kMiB));
        QVERIFY(buffer.size() >= 3 * kMiB && isZero(buffer, 0));
    }

    void ownsWhatItWasGiven()
    {
        HugeBuffer first = HugeBuffer::allocate(kMiB);
        at(first, 3) = 5;
        HugeBuffer second = std::move(first);
        QCOMPARE(at(second, 3), std::uint64_t{5});
        second = HugeBuffer();
        QVERIFY(!second);
    }

    /// Small and large sizes, each way, with every page written each time.
    void keepsContentsWhateverTheSizes()
    {
        constexpr std::uint32_t kSeed = 20;
        qInfo("seed %u", kSeed);
        std::mt19937 random(kSeed);
        std::uniform_int_distribution<std::size_t> anySize(1, 12 * kMiB), smallSize(1, 64 * 1024);
        HugeBuffer buffer = HugeBuffer::allocate(kMiB);
        std::vector<std::uint64_t> wanted;
        for (std::uint64_t round = 0; round < 120; ++round) {
            wanted.resize(buffer.size() / kUnit);
            for (std::size_t unit = 0; unit < wanted.size(); ++unit)
                wanted[unit] = at(buffer, unit) = mark(unit, round);
            QVERIFY(buffer.resize(random() % 4 == 0 ? smallSize(random) : anySize(random)));
            const std::size_t kept = std::min(wanted.size(), buffer.size() / kUnit);
            for (std::size_t unit = 0; unit < kept; ++unit)
                QCOMPARE(at(buffer, unit), wanted[unit]);
            QVERIFY(isZero(buffer, kept * kUnit));
            QVERIFY(isOneMapping(buffer));
        }
    }

    /// Pages move but are not copied: what nobody touched takes no memory afterwards either.
    void growingLeavesOneMapping()
    {
        HugeBuffer buffer = HugeBuffer::allocate(4 * kMiB);
        for (std::size_t mebibytes = 4; mebibytes <= 256; mebibytes *= 2) {
            at(buffer, 0) = mebibytes;
            QVERIFY(buffer.resize(2 * mebibytes * kMiB));
            QCOMPARE(at(buffer, 0), std::uint64_t{mebibytes});
            QVERIFY(isOneMapping(buffer));
        }
    }
};

QTEST_APPLESS_MAIN(HugeBufferTest)
#include "huge_buffer_test.moc"
