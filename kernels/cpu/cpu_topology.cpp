// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/cpu_topology.h"

#include <algorithm>
#include <fstream>
#include <sched.h>
#include <set>
#include <sstream>
#include <thread>
#include <tuple>
#include <utility>

namespace vitrine::kernels::cpu {

namespace {

constexpr std::uint32_t kMostCpus = 1U << 16;
constexpr std::uint32_t kMostNodes = 1024;

/// "0-3,8,10-11"; empty where the file is missing or says something else.
std::vector<std::uint32_t> readList(const std::string& path)
{
    std::vector<std::uint32_t> numbers;
    std::ifstream file(path);
    std::string part;
    while (std::getline(file, part, ',')) {
        std::istringstream range(part);
        std::uint32_t first = 0, last = 0;
        char dash = 0;
        if (!(range >> first))
            return {};
        last = range >> dash >> last && dash == '-' ? last : first;
        for (std::uint32_t n = first; n <= last && n < kMostCpus; ++n)
            numbers.push_back(n);
    }
    return numbers;
}

std::uint32_t lowestSibling(const std::string& sysfs, std::uint32_t cpu)
{
    const std::string folder = sysfs + "/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/";
    std::vector<std::uint32_t> siblings = readList(folder + "core_cpus_list");
    if (siblings.empty())
        siblings = readList(folder + "thread_siblings_list");
    return siblings.empty() ? cpu : *std::min_element(siblings.begin(), siblings.end());
}

void findNodes(const std::string& sysfs, std::vector<CpuPlace>& places)
{
    for (const std::uint32_t node : readList(sysfs + "/devices/system/node/online")) {
        if (node >= kMostNodes)
            return;
        const std::vector<std::uint32_t> cpus =
            readList(sysfs + "/devices/system/node/node" + std::to_string(node) + "/cpulist");
        for (CpuPlace& place : places)
            if (std::find(cpus.begin(), cpus.end(), place.cpu) != cpus.end())
                place.node = node;
    }
}

/// The first place of each core before the others, each part by node. Returns the number of cores.
std::uint32_t orderByCore(std::vector<CpuPlace>& places)
{
    std::sort(places.begin(), places.end(), [](const CpuPlace& a, const CpuPlace& b) {
        return std::tie(a.node, a.core, a.cpu) < std::tie(b.node, b.core, b.cpu);
    });
    std::set<std::uint32_t> seen;
    std::vector<CpuPlace> first, others;
    for (const CpuPlace& place : places)
        (seen.insert(place.core).second ? first : others).push_back(place);
    places = std::move(first);
    places.insert(places.end(), others.begin(), others.end());
    return static_cast<std::uint32_t>(seen.size());
}

/// "max 100000" or "quota period", in microseconds.
std::uint32_t timeLimit(const std::string& sysfs)
{
    std::ifstream file(sysfs + "/fs/cgroup/cpu.max");
    std::uint64_t quota = 0, period = 0;
    if (!(file >> quota >> period) || quota == 0 || period == 0)
        return 0;
    return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(quota / period, 1, kMostCpus));
}

std::vector<std::uint32_t> allowedCpus()
{
    std::vector<std::uint32_t> cpus;
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        for (std::uint32_t cpu = 0; cpu < CPU_SETSIZE; ++cpu)
            if (CPU_ISSET(cpu, &set))
                cpus.push_back(cpu);
    } else {
        for (std::uint32_t cpu = 0; cpu < std::max(1U, std::thread::hardware_concurrency()); ++cpu)
            cpus.push_back(cpu);
    }
    return cpus;
}

} // namespace

CpuTopology CpuTopology::ofThisProcess()
{
    return read(allowedCpus(), "/sys");
}

CpuTopology CpuTopology::read(const std::vector<std::uint32_t>& cpus, const std::string& sysfs)
{
    CpuTopology topology;
    for (const std::uint32_t cpu : cpus)
        topology.m_places.push_back({cpu, lowestSibling(sysfs, cpu), 0});
    if (topology.m_places.empty())
        topology.m_places.emplace_back();
    findNodes(sysfs, topology.m_places);
    topology.m_cores = orderByCore(topology.m_places);
    topology.m_timeLimit = timeLimit(sysfs);
    std::set<std::uint32_t> nodes, fast;
    const std::vector<std::uint32_t> fastCpus = readList(sysfs + "/devices/cpu_core/cpus");
    for (const CpuPlace& place : topology.m_places) {
        nodes.insert(place.node);
        if (std::find(fastCpus.begin(), fastCpus.end(), place.cpu) != fastCpus.end())
            fast.insert(place.core);
    }
    topology.m_nodes = static_cast<std::uint32_t>(nodes.size());
    topology.m_fastCores = static_cast<std::uint32_t>(fast.size());
    return topology;
}

std::uint32_t CpuTopology::runnable() const
{
    return m_timeLimit != 0 ? std::min(cpus(), m_timeLimit) : cpus();
}

std::uint32_t CpuTopology::bestThreads() const
{
    constexpr std::uint32_t kFastOverSlow = 2;
    const bool fastAlone = m_fastCores != 0 && m_fastCores * kFastOverSlow >= m_cores;
    return std::min(fastAlone ? m_fastCores : m_cores, runnable());
}

std::vector<std::uint32_t> CpuTopology::homeOf(std::uint32_t rank, std::uint32_t ranks) const
{
    if (m_nodes <= 1 || ranks > cpus() || rank >= ranks)
        return {};
    // Fewer ranks than cores are spread over all nodes, for the bandwidth of each.
    const std::size_t place = ranks <= m_cores ? std::size_t{rank} * m_cores / ranks : rank;
    std::vector<std::uint32_t> home;
    for (const CpuPlace& other : m_places)
        if (other.node == m_places[place].node)
            home.push_back(other.cpu);
    std::sort(home.begin(), home.end());
    return home;
}

} // namespace vitrine::kernels::cpu
