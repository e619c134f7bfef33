// SPDX-License-Identifier: GPL-3.0-or-later
// NCCL on virtual devices: ranks meet in their streams, in graphs too; what it leaves undefined is a fault
// that says what met what.
#include "cuda_emulator/control.h"
#include "cuda_emulator/nccl_symbols.h"
#include "kernels/cuda/nccl_abi.h"
#include "support.h"

#include <QtTest>
#include <array>
#include <memory>
#include <numeric>
#include <thread>

using namespace vitrine;
namespace nccl = kernels::cuda::nccl;

namespace {

nccl::Functions calls()
{
    nccl::Functions all;
    const auto take = [](auto& function, const char* name) {
        function =
            reinterpret_cast<std::remove_reference_t<decltype(function)>>(cuda_emulator::ncclSymbol(name));
    };
    take(all.getUniqueId, "ncclGetUniqueId");
    take(all.commInitRankConfig, "ncclCommInitRankConfig");
    take(all.commGetAsyncError, "ncclCommGetAsyncError");
    take(all.commDestroy, "ncclCommDestroy");
    take(all.commAbort, "ncclCommAbort");
    take(all.groupStart, "ncclGroupStart");
    take(all.groupEnd, "ncclGroupEnd");
    take(all.allReduce, "ncclAllReduce");
    take(all.broadcast, "ncclBroadcast");
    take(all.send, "ncclSend");
    take(all.recv, "ncclRecv");
    return all;
}

// Of one rank: a device, its stream, its communicator and eight values r + 1.
struct Rank
{
    Rank(int number, std::size_t count) : device(number)
    {
        cudaSetDevice(device);
        cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
        values = std::make_unique<DeviceVector<float>>(std::vector<float>(count, float(number + 1)));
    }
    ~Rank()
    {
        cudaSetDevice(device);
        if (comm != nullptr)
            calls().commAbort(comm);
        cudaStreamDestroy(stream);
    }
    Rank(const Rank&) = delete;
    Rank& operator=(const Rank&) = delete;

    int sum(std::size_t count)
    {
        return calls().allReduce(values->data(), values->data(), count, nccl::Float32, nccl::Sum, comm,
                                 stream);
    }
    cudaError_t wait() const { return cudaStreamSynchronize(stream); }
    // By the legacy stream, which a non-blocking one does not wait for.
    std::vector<float> read() const { return wait() == cudaSuccess ? values->read() : std::vector<float>(); }

    int device = 0;
    cudaStream_t stream = nullptr;
    nccl::Comm comm = nullptr;
    std::unique_ptr<DeviceVector<float>> values;
};

constexpr std::size_t kCount = 8;

} // namespace

class NcclTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        cuda_emulator::reset();
        cuda_emulator::setDevices(std::vector<cuda_emulator::VirtualDevice>(4));
    }
    void cleanup()
    {
        m_ranks.clear();
        QCOMPARE(cuda_emulator::liveHandles(), std::size_t{0});
        cuda_emulator::reset();
    }

    void sumsMeetInTheStreams()
    {
        join(4);
        for (auto& rank : m_ranks)
            QCOMPARE(rank->sum(kCount), int{nccl::Success});
        for (auto& rank : m_ranks)
            QCOMPARE(rank->read(), std::vector<float>(kCount, 10.0F));
        QCOMPARE(cuda_emulator::counts().collectives, std::size_t{4});
    }

    void aSumWaitsUntilEverybodyHasCome()
    {
        join(2);
        QCOMPARE(m_ranks[0]->sum(kCount), int{nccl::Success});
        for (int i = 0; i < 5; ++i)
            QCOMPARE(cudaStreamQuery(m_ranks[0]->stream), cudaErrorNotReady);
        cudaSetDevice(1);
        QCOMPARE(m_ranks[1]->sum(kCount), int{nccl::Success});
        QCOMPARE(m_ranks[0]->wait(), cudaSuccess);
        QCOMPARE(m_ranks[1]->read().front(), 3.0F);
    }

    void aThreadWaitsForAnothers()
    {
        join(2);
        std::thread other([&] {
            cudaSetDevice(1);
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            m_ranks[1]->sum(kCount);
        });
        m_ranks[0]->sum(kCount);
        const cudaError_t waited = m_ranks[0]->wait();
        other.join();
        QCOMPARE(waited, cudaSuccess);
        QCOMPARE(m_ranks[0]->read().front(), 3.0F);
    }

    void sizesThatDoNotMatchAreSaid()
    {
        join(2);
        m_ranks[0]->sum(kCount);
        m_ranks[1]->sum(kCount - 1);
        QCOMPARE(m_ranks[0]->wait(), cudaErrorLaunchFailure);
        const std::string fault = cuda_emulator::lastFault();
        QVERIFY2(fault.find("8 values") != std::string::npos && fault.find("7 values") != std::string::npos,
                 fault.c_str());
        revive();
    }

    void anotherDevicesMemoryIsSaid()
    {
        join(2);
        calls().allReduce(m_ranks[1]->values->data(), m_ranks[0]->values->data(), kCount, nccl::Float32,
                          nccl::Sum, m_ranks[0]->comm, m_ranks[0]->stream);
        m_ranks[1]->sum(kCount);
        QCOMPARE(m_ranks[0]->wait(), cudaErrorIllegalAddress);
        QVERIFY(cuda_emulator::lastFault().find("memory of another device") != std::string::npos);
        revive();
    }

    void messagesOfAGroupGoBesideEachOther()
    {
        join(4);
        cudaSetDevice(0);
        DeviceVector<float> gathered(std::vector<float>(4 * kCount, 0.0F));
        // The last one sends first: nobody of a group waits for the one before.
        for (int rank = 3; rank > 0; --rank)
            QCOMPARE(calls().send(m_ranks[std::size_t(rank)]->values->data(), kCount, nccl::Float32, 0,
                                  m_ranks[std::size_t(rank)]->comm, m_ranks[std::size_t(rank)]->stream),
                     int{nccl::Success});
        calls().groupStart();
        for (int rank = 1; rank < 4; ++rank)
            QCOMPARE(calls().recv(gathered.data() + std::size_t(rank) * kCount, kCount, nccl::Float32, rank,
                                  m_ranks[0]->comm, m_ranks[0]->stream),
                     int{nccl::Success});
        QCOMPARE(calls().groupEnd(), int{nccl::Success});
        QCOMPARE(m_ranks[0]->wait(), cudaSuccess);
        const std::vector<float> found = gathered.read();
        for (std::size_t rank = 1; rank < 4; ++rank)
            QCOMPARE(found[rank * kCount], float(rank + 1));
    }

    void aBroadcastBringsTheRoots()
    {
        join(3);
        for (auto& rank : m_ranks)
            calls().broadcast(rank->values->data(), rank->values->data(), kCount, nccl::Float32, 2,
                              rank->comm, rank->stream);
        for (auto& rank : m_ranks)
            QCOMPARE(rank->read(), std::vector<float>(kCount, 3.0F));
    }

    void recordedSumsMeetAtEveryLaunch()
    {
        join(2);
        const std::array<cudaGraphExec_t, 2> graphs = record();
        for (int launch = 0; launch < 2; ++launch)
            for (const std::size_t rank : {1U, 0U}) {
                cudaSetDevice(int(rank));
                QCOMPARE(cudaGraphLaunch(graphs[rank], m_ranks[rank]->stream), cudaSuccess);
            }
        QCOMPARE(m_ranks[0]->read().front(), 6.0F); // 1 + 2, then twice as much
        QCOMPARE(m_ranks[1]->read().front(), 6.0F);
        QCOMPARE(cuda_emulator::counts().graphs, std::size_t{4});
        QCOMPARE(cuda_emulator::counts().collectives, std::size_t{0});
        for (cudaGraphExec_t graph : graphs)
            cudaGraphExecDestroy(graph);
    }

    void aRecordedSumMeetsNoSingleOne()
    {
        join(2);
        const std::array<cudaGraphExec_t, 2> graphs = record();
        cudaSetDevice(0);
        QCOMPARE(cudaGraphLaunch(graphs[0], m_ranks[0]->stream), cudaSuccess);
        m_ranks[1]->sum(kCount);
        QCOMPARE(m_ranks[0]->wait(), cudaErrorLaunchFailure);
        QVERIFY(cuda_emulator::lastFault().find("in a graph") != std::string::npos);
        revive();
        for (cudaGraphExec_t graph : graphs)
            cudaGraphExecDestroy(graph);
    }

    void whoeverGivesUpGoesOnAlone()
    {
        join(2);
        m_ranks[0]->sum(kCount);
        QCOMPARE(cudaStreamQuery(m_ranks[0]->stream), cudaErrorNotReady);
        calls().commAbort(std::exchange(m_ranks[0]->comm, nullptr));
        QCOMPARE(m_ranks[0]->wait(), cudaSuccess);
        m_ranks[1]->sum(kCount);
        QCOMPARE(cudaStreamQuery(m_ranks[1]->stream), cudaErrorNotReady);
        calls().commAbort(std::exchange(m_ranks[1]->comm, nullptr));
        QCOMPARE(m_ranks[1]->wait(), cudaSuccess);
    }

    void whatDoesNotBlockIsThereOnceItSaysSo()
    {
        nccl::Config config;
        config.blocking = 0;
        join(2, &config);
        for (auto& rank : m_ranks)
            QCOMPARE(rank->sum(kCount), int{nccl::InProgress});
        QCOMPARE(cuda_emulator::counts().collectives, std::size_t{0});
        QCOMPARE(m_ranks[0]->sum(kCount), int{nccl::InvalidUsage});
        for (auto& rank : m_ranks) {
            int error = nccl::InProgress;
            for (int i = 0; i < 5 && error == nccl::InProgress; ++i)
                QCOMPARE(calls().commGetAsyncError(rank->comm, &error), int{nccl::Success});
            QCOMPARE(error, int{nccl::Success});
        }
        QCOMPARE(m_ranks[0]->read().front(), 3.0F);
    }

    void aDeviceHasOneRank()
    {
        nccl::UniqueId id;
        nccl::Config config;
        config.blocking = 0;
        nccl::Comm first = nullptr, second = nullptr;
        calls().getUniqueId(&id);
        cudaSetDevice(0);
        QCOMPARE(calls().commInitRankConfig(&first, 2, id, 0, &config), int{nccl::InProgress});
        QCOMPARE(calls().commInitRankConfig(&second, 2, id, 1, &config), int{nccl::InvalidUsage});
        calls().commAbort(first);
    }

    void aMachineMayHaveNone()
    {
        cuda_emulator::setNcclVersion(0);
        QVERIFY(cuda_emulator::ncclSymbol("ncclGetVersion") == nullptr);
    }

private:
    // In one group of this thread, as one thread has to with several devices.
    void join(int ranks, nccl::Config* config = nullptr)
    {
        nccl::UniqueId id;
        QCOMPARE(calls().getUniqueId(&id), int{nccl::Success});
        calls().groupStart();
        for (int rank = 0; rank < ranks; ++rank) {
            m_ranks.push_back(std::make_unique<Rank>(rank, kCount));
            calls().commInitRankConfig(&m_ranks.back()->comm, ranks, id, rank, config);
        }
        QCOMPARE(calls().groupEnd(), int{nccl::Success});
    }

    // Handles of a device that died cannot be given back.
    static void revive()
    {
        for (int device = 0; device < 4; ++device) {
            cudaSetDevice(device);
            cudaDeviceReset();
        }
    }

    // A sum of two ranks in a graph each.
    std::array<cudaGraphExec_t, 2> record()
    {
        std::array<cudaGraphExec_t, 2> graphs{};
        for (std::size_t rank = 0; rank < 2; ++rank) {
            cudaGraph_t graph = nullptr;
            cudaSetDevice(int(rank));
            cudaStreamBeginCapture(m_ranks[rank]->stream, cudaStreamCaptureModeThreadLocal);
            m_ranks[rank]->sum(kCount);
            cudaStreamEndCapture(m_ranks[rank]->stream, &graph);
            cudaGraphInstantiate(&graphs[rank], graph, 0);
            cudaGraphDestroy(graph);
        }
        return graphs;
    }

    std::vector<std::unique_ptr<Rank>> m_ranks;
};

QTEST_APPLESS_MAIN(NcclTest)
#include "nccl_test.moc"
