// SPDX-License-Identifier: GPL-3.0-or-later
// Machines that are not this one, from sysfs trees written for the test.
#include <QtTest>

#include <filesystem>
#include <fstream>

#include "kernels/cpu/cpu_topology.h"
#include "kernels/cpu/thread_pool.h"

using namespace vitrine::kernels::cpu;

namespace {

using Numbers = std::vector<std::uint32_t>;

class Tree
{
public:
    Tree() { m_root = m_dir.path().toStdString(); }

    Tree& file(const std::string& path, const std::string& text)
    {
        const std::filesystem::path whole = m_root + "/" + path;
        std::filesystem::create_directories(whole.parent_path());
        std::ofstream(whole) << text << '\n';
        return *this;
    }
    Tree& core(const std::vector<std::uint32_t>& cpus, const std::string& list)
    {
        for (const std::uint32_t cpu : cpus)
            file("devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/core_cpus_list", list);
        return *this;
    }
    Tree& node(std::uint32_t node, const std::string& cpus)
    {
        return file("devices/system/node/node" + std::to_string(node) + "/cpulist", cpus);
    }
    const std::string& root() const { return m_root; }

private:
    QTemporaryDir m_dir;
    std::string m_root;
};

/// Two nodes of two cores with two hardware threads each, numbered as Linux does.
void fillTwoNodes(Tree& tree)
{
    for (std::uint32_t core = 0; core < 4; ++core)
        tree.core({core, core + 4}, std::to_string(core) + "," + std::to_string(core + 4));
    tree.file("devices/system/node/online", "0-1").node(0, "0-1,4-5").node(1, "2-3,6-7");
}

Numbers cpusOf(const CpuTopology& topology)
{
    Numbers numbers;
    for (const CpuPlace& place : topology.places())
        numbers.push_back(place.cpu);
    return numbers;
}

} // namespace

class CpuTopologyTest : public QObject
{
    Q_OBJECT

private slots:
    void countsCoresNotHardwareThreads()
    {
        Tree tree;
        fillTwoNodes(tree);
        const CpuTopology all = CpuTopology::read({0, 1, 2, 3, 4, 5, 6, 7}, tree.root());
        QCOMPARE(all.cpus(), 8U);
        QCOMPARE(all.cores(), 4U);
        QCOMPARE(all.nodes(), 2U);
        QCOMPARE(all.bestThreads(), 4U);
        QCOMPARE(cpusOf(all), (Numbers{0, 1, 2, 3, 4, 5, 6, 7}));
        const CpuTopology some = CpuTopology::read({1, 5, 6}, tree.root()); // what the mask leaves
        QCOMPARE(some.cores(), 2U);
        QCOMPARE(cpusOf(some), (Numbers{1, 6, 5}));
    }

    void ranksStayWithTheirMemory()
    {
        Tree tree;
        fillTwoNodes(tree);
        const CpuTopology all = CpuTopology::read({0, 1, 2, 3, 4, 5, 6, 7}, tree.root());
        const Numbers first{0, 1, 4, 5}, second{2, 3, 6, 7};
        for (std::uint32_t rank = 0; rank < 4; ++rank)
            QCOMPARE(all.homeOf(rank, 4), rank < 2 ? first : second);
        QCOMPARE(all.homeOf(0, 2), first); // two ranks use the bandwidth of both nodes
        QCOMPARE(all.homeOf(1, 2), second);
        QCOMPARE(all.homeOf(7, 8), second);
        QVERIFY(all.homeOf(0, 9).empty());
        QVERIFY(CpuTopology::read({0, 1, 4, 5}, tree.root()).homeOf(0, 2).empty()); // one node
    }

    void slowCoresComputeOnlyWhereThatIsFaster_data()
    {
        QTest::addColumn<unsigned>("fast");
        QTest::addColumn<unsigned>("slow");
        QTest::addColumn<unsigned>("threads");
        QTest::newRow("as many") << 4U << 4U << 4U; // two slow ones do what a fast one does
        QTest::newRow("few slow ones") << 6U << 2U << 6U;
        QTest::newRow("few fast ones") << 2U << 8U << 10U;
        QTest::newRow("only slow ones") << 0U << 4U << 4U;
    }
    void slowCoresComputeOnlyWhereThatIsFaster()
    {
        QFETCH(unsigned, fast);
        QFETCH(unsigned, slow);
        QFETCH(unsigned, threads);
        Tree tree;
        tree.file("devices/cpu_core/cpus", "0-" + std::to_string(std::max(1U, 2 * fast) - 1));
        Numbers cpus;
        for (std::uint32_t core = 0; core < fast; ++core) { // two hardware threads each
            const std::uint32_t cpu = 2 * core;
            tree.core({cpu, cpu + 1}, std::to_string(cpu) + "-" + std::to_string(cpu + 1));
            cpus.insert(cpus.end(), {cpu, cpu + 1});
        }
        for (std::uint32_t core = 0; core < slow; ++core)
            cpus.push_back(2 * fast + 1 + core);
        QCOMPARE(CpuTopology::read(cpus, tree.root()).bestThreads(), threads);
    }

    void aControlGroupsTimeLimitsThreads_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<unsigned>("threads");
        QTest::newRow("none") << "max 100000" << 4U;
        QTest::newRow("two CPUs") << "200000 100000" << 2U;
        QTest::newRow("part of one") << "50000 100000" << 1U;
        QTest::newRow("more than there are") << "900000 100000" << 4U;
        QTest::newRow("nonsense") << "0 0" << 4U;
    }
    void aControlGroupsTimeLimitsThreads()
    {
        QFETCH(QString, text);
        QFETCH(unsigned, threads);
        Tree tree;
        fillTwoNodes(tree);
        tree.file("fs/cgroup/cpu.max", text.toStdString());
        const CpuTopology topology = CpuTopology::read({0, 1, 2, 3}, tree.root());
        QCOMPARE(topology.bestThreads(), threads);
        QCOMPARE(topology.runnable(), threads);
    }

    void whatIsNotToBeReadIsOneCoreEach_data()
    {
        QTest::addColumn<QString>("list");
        for (const char* list : {"", "x", "1-", "5-2", "0-4000000000", "-1", "1,,2"})
            QTest::newRow(*list ? list : "no tree") << list;
    }
    void whatIsNotToBeReadIsOneCoreEach()
    {
        QFETCH(QString, list);
        Tree tree;
        if (!list.isEmpty())
            tree.file("devices/system/node/online", list.toStdString()).node(1, list.toStdString());
        const CpuTopology topology = CpuTopology::read({3, 8}, tree.root());
        QCOMPARE(topology.cores(), 2U);
        QVERIFY(topology.nodes() >= 1);
        QCOMPARE(topology.bestThreads(), 2U);
        const CpuTopology none = CpuTopology::read({}, tree.root());
        QCOMPARE(none.cpus(), 1U);
        QCOMPARE(none.bestThreads(), 1U);
    }

    void thisProcessHasACore()
    {
        const CpuTopology topology = CpuTopology::ofThisProcess();
        QCOMPARE(topology.cpus(), usableCpus());
        QVERIFY(topology.cores() >= 1 && topology.cores() <= topology.cpus());
        QVERIFY(topology.bestThreads() >= 1 && topology.bestThreads() <= topology.cores());
    }

    void threadsKeepToTheirHomes()
    {
        const CpuTopology topology = CpuTopology::ofThisProcess();
        std::vector<Numbers> homes;
        for (const CpuPlace& place : topology.places())
            homes.push_back({place.cpu});
        ThreadPool pool(topology.cpus(), ThreadPool::Caller::Waits, homes);
        QVERIFY(pool.hasHomes());
        QVERIFY(!ThreadPool(2).hasHomes());
        std::vector<int> ranOn(pool.size(), -1);
        pool.run([&](std::uint32_t rank) { ranOn[rank] = sched_getcpu(); });
        for (std::size_t rank = 0; rank < ranOn.size(); ++rank)
            QCOMPARE(ranOn[rank], static_cast<int>(homes[rank].front()));
    }
};

QTEST_APPLESS_MAIN(CpuTopologyTest)
#include "cpu_topology_test.moc"
