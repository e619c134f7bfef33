// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of the paged KV cache and of the host memory below it: moved bit for bit, in order, and kept
// while the pool grows and shrinks.
#include <QtTest>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "engine/execution/kv_memory.h"

using namespace vitrine::engine;
using vitrine::kernels::cpu::KvElement;
using vitrine::kernels::cpu::KvLayout;

namespace {

using Kind = KvTransfer::Kind;
using Bytes = std::vector<std::uint8_t>;

KvLayout layout(std::size_t blocks, KvElement element = KvElement::BF16)
{
    return {element, 3, blocks, 16, 2, 24};
}

/// A pool whose bytes are written and read through its rows, as the compute threads do.
class Pool
{
public:
    explicit Pool(const KvLayout& layout) { m_good = m_memory.reserve(layout).has_value(); }

    bool good() const { return m_good; }
    KvMemory& memory() { return m_memory; }

    void write(std::size_t block, const Bytes& bytes)
    {
        visit(block, [&](std::uint8_t* row, std::size_t at, std::size_t size) {
            std::copy_n(bytes.data() + at, size, row);
        });
    }
    Bytes read(std::size_t block)
    {
        Bytes bytes(m_memory.layout().blockBytes());
        visit(block, [&](const std::uint8_t* row, std::size_t at, std::size_t size) {
            std::copy_n(row, size, bytes.data() + at);
        });
        return bytes;
    }

private:
    /// Every key row and value row of the block, in an order of this class.
    template<class Visit>
    void visit(std::size_t block, Visit visit)
    {
        const KvLayout& shape = m_memory.layout();
        std::size_t at = 0;
        for (std::size_t layer = 0; layer < shape.layers; ++layer)
            for (std::size_t head = 0; head < shape.kvHeads; ++head)
                for (std::size_t token = 0; token < shape.blockSize; ++token) {
                    const std::size_t slot = block * shape.blockSize + token;
                    std::uint8_t* key = m_memory.pool() + shape.keyOffset(layer, head, slot);
                    const std::size_t piece = shape.keysInUnits() ? 4 : shape.rowBytes();
                    for (std::size_t i = 0; i < shape.rowBytes();
                         i += piece, key += vitrine::kernels::cpu::kKeyPairStride)
                        visit(key, at + i, piece);
                    at += shape.rowBytes();
                    visit(m_memory.pool() + shape.valueOffset(layer, head, slot), at, shape.rowBytes());
                    at += shape.rowBytes();
                }
    }

    KvMemory m_memory;
    bool m_good = false;
};

Bytes randomBytes(std::size_t count, std::mt19937& random)
{
    Bytes bytes(count);
    std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<std::uint8_t>(random()); });
    return bytes;
}

/// The pool and what each of its blocks should hold.
struct Filled
{
    explicit Filled(const KvLayout& layout, std::uint32_t seed = 1) : pool(layout), random(seed)
    {
        for (std::size_t block = 0; block < layout.blocks; ++block) {
            blocks.push_back(randomBytes(layout.blockBytes(), random));
            pool.write(block, blocks.back());
        }
    }

    bool holds(std::size_t block, const Bytes& bytes) { return pool.read(block) == bytes; }

    Pool pool;
    std::mt19937 random;
    std::vector<Bytes> blocks;
};

} // namespace

class KvMemoryTest : public QObject
{
    Q_OBJECT

private slots:
    void rowsFillTheBlocksExactly_data() { elements(); }
    void rowsFillTheBlocksExactly()
    {
        QFETCH(int, element);
        Filled filled(layout(5, static_cast<KvElement>(element)));
        QVERIFY(filled.pool.good());
        for (std::size_t block = 0; block < 5; ++block) // nobody wrote over anybody
            QVERIFY(filled.holds(block, filled.blocks[block]));
        QVERIFY(filled.pool.memory().bytes() >= 5 * filled.blocks[0].size());
    }

    void swappedOutAndInIsTheSameBitForBit_data() { elements(); }
    void swappedOutAndInIsTheSameBitForBit()
    {
        QFETCH(int, element);
        Filled filled(layout(6, static_cast<KvElement>(element)));
        KvMemory& memory = filled.pool.memory();
        QVERIFY(memory.reserveHost(3).has_value());
        memory.transfer(std::vector<KvTransfer>{{Kind::SwapOut, 1, 2}, {Kind::SwapOut, 4, 0}});
        filled.pool.write(1, Bytes(filled.blocks[1].size(), 0xAA));
        filled.pool.write(4, Bytes(filled.blocks[4].size(), 0x55));
        memory.transfer(std::vector<KvTransfer>{{Kind::SwapIn, 2, 5}, {Kind::SwapIn, 0, 1}});
        QVERIFY(filled.holds(5, filled.blocks[1]));
        QVERIFY(filled.holds(1, filled.blocks[4]));
        for (const std::size_t untouched : {0, 2, 3})
            QVERIFY(filled.holds(untouched, filled.blocks[untouched]));
    }

    /// A block leaves, another is copied into it, the first returns elsewhere: one list.
    void aListIsCarriedOutInOrder()
    {
        Filled filled(layout(4));
        KvMemory& memory = filled.pool.memory();
        QVERIFY(memory.reserveHost(1).has_value());
        memory.transfer(std::vector<KvTransfer>{
            {Kind::SwapOut, 0, 0}, {Kind::Copy, 1, 0}, {Kind::SwapIn, 0, 1}, {Kind::Copy, 1, 2}});
        QVERIFY(filled.holds(0, filled.blocks[1]));
        QVERIFY(filled.holds(1, filled.blocks[0]));
        QVERIFY(filled.holds(2, filled.blocks[0])); // what the swap before it had brought
        QVERIFY(filled.holds(3, filled.blocks[3]));
    }

    void aSlotIsUsedTwiceInOneList()
    {
        Filled filled(layout(4));
        KvMemory& memory = filled.pool.memory();
        QVERIFY(memory.reserveHost(1).has_value());
        memory.transfer(std::vector<KvTransfer>{
            {Kind::SwapOut, 0, 0}, {Kind::SwapIn, 0, 2}, {Kind::SwapOut, 1, 0}, {Kind::SwapIn, 0, 3}});
        QVERIFY(filled.holds(2, filled.blocks[0]));
        QVERIFY(filled.holds(3, filled.blocks[1]));
    }

    void aBlockCopiedOntoItselfStays()
    {
        Filled filled(layout(2));
        filled.pool.memory().transfer(std::vector<KvTransfer>{{Kind::Copy, 1, 1}});
        QVERIFY(filled.holds(1, filled.blocks[1]));
    }

    void resizingKeepsTheBlocksThatStay()
    {
        Filled filled(layout(40));
        KvMemory& memory = filled.pool.memory();
        QVERIFY(memory.reserveHost(2).has_value());
        memory.transfer(std::vector<KvTransfer>{{Kind::SwapOut, 39, 1}});
        std::size_t kept = 40;
        for (const std::size_t blocks : {64, 12, 300, 900, 8, 9, 1, 500}) {
            QVERIFY(memory.resize(blocks).has_value());
            QCOMPARE(memory.layout().blocks, blocks);
            QVERIFY(memory.bytes() >= blocks * filled.blocks[0].size());
            kept = std::min(kept, blocks);
            for (std::size_t block = 0; block < kept; ++block)
                QVERIFY(filled.holds(block, filled.blocks[block]));
            filled.pool.write(blocks - 1, filled.blocks[blocks - 1 < kept ? blocks - 1 : 0]); // it is there
        }
        memory.transfer(std::vector<KvTransfer>{{Kind::SwapIn, 1, 499}});
        QVERIFY(filled.holds(499, filled.blocks[39])); // host memory took no part
    }

    void refusedResizeChangesNothing()
    {
        Filled filled(layout(4));
        KvMemory& memory = filled.pool.memory();
        const std::uint64_t bytes = memory.bytes();
        for (const std::size_t blocks : {std::size_t{0}, std::size_t{0xFFFFFFFF}}) {
            const Result<void> resized = memory.resize(blocks);
            QVERIFY(!resized);
            QCOMPARE(resized.error().code, ErrorCode::OutOfResources);
        }
        QCOMPARE(memory.bytes(), bytes);
        QCOMPARE(memory.layout().blocks, std::size_t{4});
        for (std::size_t block = 0; block < 4; ++block)
            QVERIFY(filled.holds(block, filled.blocks[block]));
    }

    void hostMemoryIsRefusedWithItsSize()
    {
        Filled filled(layout(4));
        KvMemory& memory = filled.pool.memory();
        const Result<void> refused = memory.reserveHost(0xFFFFFFFFU);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::OutOfResources);
        QVERIFY(refused.error().message.find("4294967295 blocks") != std::string::npos);
        QCOMPARE(memory.hostBytes(), std::uint64_t{0});
        QVERIFY(memory.reserveHost(4).has_value());
        QVERIFY(memory.hostBytes() >= 4 * filled.blocks[0].size());
        QVERIFY(memory.reserveHost(0).has_value());
        QCOMPARE(memory.hostBytes(), std::uint64_t{0});
    }

    void aNewPoolHasNoHostMemory()
    {
        Filled filled(layout(4));
        KvMemory& memory = filled.pool.memory();
        QVERIFY(memory.reserveHost(4).has_value());
        QVERIFY(memory.reserve(layout(2)).has_value());
        QCOMPARE(memory.hostBytes(), std::uint64_t{0});
        QVERIFY(filled.holds(0, Bytes(filled.blocks[0].size(), 0)));
    }

    /// Random lists and sizes against plain vectors of bytes.
    void randomListsDoWhatVectorsDo()
    {
        constexpr std::uint32_t kSeed = 77;
        qInfo("seed %u", kSeed);
        Filled filled(layout(20), kSeed);
        KvMemory& memory = filled.pool.memory();
        QVERIFY(memory.reserveHost(6).has_value());
        std::vector<Bytes>& device = filled.blocks;
        std::vector<Bytes> host(6, Bytes(device[0].size(), 0));
        std::mt19937& random = filled.random;
        for (int round = 0; round < 200; ++round) {
            std::vector<KvTransfer> list;
            for (std::size_t i = random() % 12; i > 0; --i) {
                list.push_back(randomTransfer(random, device.size(), host.size()));
                const KvTransfer& last = list.back();
                const auto from = static_cast<std::size_t>(last.from), to = static_cast<std::size_t>(last.to);
                const Bytes moved = last.kind == Kind::SwapIn ? host[from] : device[from];
                (last.kind == Kind::SwapOut ? host[to] : device[to]) = moved;
            }
            memory.transfer(list);
            if (round % 5 == 4)
                resize(filled, 1 + random() % 60);
            for (std::size_t block = 0; block < device.size(); ++block)
                QVERIFY(filled.holds(block, device[block]));
        }
    }

private:
    static void elements()
    {
        QTest::addColumn<int>("element");
        for (const KvElement element : {KvElement::F32, KvElement::F16, KvElement::BF16, KvElement::Int8})
            QTest::addRow("element %d", static_cast<int>(element)) << static_cast<int>(element);
    }

    static KvTransfer randomTransfer(std::mt19937& random, std::size_t blocks, std::size_t places)
    {
        const auto block = [&] { return static_cast<std::int32_t>(random() % blocks); };
        const auto slot = [&] { return static_cast<std::int32_t>(random() % places); };
        switch (random() % 3) {
        case 0:
            return {Kind::SwapOut, block(), slot()};
        case 1:
            return {Kind::SwapIn, slot(), block()};
        default:
            return {Kind::Copy, block(), block()};
        }
    }

    /// New blocks are filled, as nothing is promised of them.
    static void resize(Filled& filled, std::size_t blocks)
    {
        QVERIFY(filled.pool.memory().resize(blocks).has_value());
        const std::size_t before = filled.blocks.size(), bytes = filled.blocks.front().size();
        filled.blocks.resize(blocks);
        for (std::size_t block = before; block < blocks; ++block) {
            filled.blocks[block] = randomBytes(bytes, filled.random);
            filled.pool.write(block, filled.blocks[block]);
        }
    }
};

QTEST_APPLESS_MAIN(KvMemoryTest)
#include "kv_memory_test.moc"
