// SPDX-License-Identifier: GPL-3.0-or-later
// What several ranks cost beside computing: a step's command for 256 sequences, written, sent, received and
// read; and a sum over ranks of some sizes, at once and in pieces that lie where all can read them already.
// Threads in place of processes, which take the same way.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

#include "engine/base/clock.h"
#include "engine/parallel/frame_channel.h"
#include "engine/parallel/pieced_sum.h"
#include "engine/parallel/rank_group.h"
#include "engine/parallel/team_member.h"
#include "engine/parallel/worker_frames.h"

using namespace vitrine::engine;

namespace {

constexpr int kWarmUp = 200, kRounds = 3000;

ForwardBatch decodeBatch(std::int32_t sequences, std::int32_t blocks)
{
    ForwardBatch batch;
    batch.blockSize = 16;
    batch.maxBlocksPerSequence = static_cast<std::uint32_t>(blocks);
    batch.bestOnly = true;
    batch.queryStart = {0};
    for (std::int32_t i = 0; i < sequences; ++i) {
        batch.tokenIds.push_back(100 + i);
        batch.positions.push_back(blocks * 16 - 1);
        batch.slotMapping.push_back(i);
        batch.queryStart.push_back(i + 1);
        batch.contextLengths.push_back(blocks * 16);
        for (std::int32_t block = 0; block < blocks; ++block)
            batch.blockTables.push_back(i * blocks + block);
        batch.logitsRows.push_back(i);
    }
    return batch;
}

double median(std::vector<double>& values)
{
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                     values.end());
    return values[values.size() / 2];
}

void measureControl(std::int32_t blocks)
{
    const auto group = *RankGroup::create(TeamMember::kControl);
    const ForwardBatch batch = decodeBatch(256, blocks);
    const Deadline late = Deadline::inMilliseconds(600'000);
    std::vector<double> received;
    std::thread worker([&] {
        const auto control = group->communicator(1);
        std::vector<std::byte> frame;
        for (int i = 0; i < kWarmUp + kRounds; ++i) {
            if (!receiveFrame(*control, frame, 0, late))
                return;
            const std::int64_t start = nowNs();
            const auto command = readCommand(frame);
            received.push_back(static_cast<double>(nowNs() - start) * 1e-3);
            const std::byte done{command ? std::uint8_t{1} : std::uint8_t{0}};
            if (!control->send({&done, 1}, 0, late))
                return;
        }
    });
    const auto control = group->communicator(0);
    std::vector<std::byte> frame;
    std::vector<double> written, sent;
    for (int i = 0; i < kWarmUp + kRounds; ++i) {
        frame.clear();
        const std::int64_t start = nowNs();
        writeCommand({.call = WorkerCall::Step}, frame, &batch);
        const std::int64_t ready = nowNs();
        if (!sendFrame(*control, frame, 1, late))
            break;
        sent.push_back(static_cast<double>(nowNs() - ready) * 1e-3);
        written.push_back(static_cast<double>(ready - start) * 1e-3);
        std::byte done{};
        if (!control->receive({&done, 1}, 1, late))
            break;
    }
    worker.join();
    std::printf(
        "256 sequences, %4d blocks each: %7zu bytes; rank 0 writes %5.1f us, sends %5.1f us; the worker "
        "reads %5.1f us\n",
        blocks, frame.size(), median(written), median(sent), median(received));
}

void measureSum(std::uint32_t ranks, std::size_t values)
{
    const auto group = *RankGroup::create({.ranks = ranks});
    const Deadline late = Deadline::inMilliseconds(600'000);
    std::vector<double> took;
    std::vector<std::thread> threads;
    for (std::uint32_t rank = 0; rank < ranks; ++rank)
        threads.emplace_back([&, rank] {
            const auto own = group->communicator(rank);
            std::vector<float> sums(values, 1.0F);
            for (int i = 0; i < kWarmUp + kRounds; ++i) {
                const std::int64_t start = nowNs();
                if (!own->allReduce(sums, late))
                    return;
                if (rank == 0 && i >= kWarmUp)
                    took.push_back(static_cast<double>(nowNs() - start) * 1e-3);
                std::fill(sums.begin(), sums.end(), 1.0F);
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    std::printf("%u ranks, sum of %7zu values: %6.1f us\n", ranks, values, median(took));
}

/// From the telling of the first piece to the sum of the last one.
double sumOfPieces(PiecedSum& sum, std::size_t pieceValues, std::vector<float>& out, Deadline late)
{
    const std::int64_t start = nowNs();
    for (std::uint32_t piece = 0; piece < sum.pieces(); ++piece)
        sum.filled(piece);
    for (std::uint32_t piece = 0; piece < sum.pieces(); ++piece) {
        const std::size_t first = piece * pieceValues;
        if (!sum.await(piece, 0, late))
            return 0;
        sum.add(piece, first, std::span(out).subspan(first, std::min(pieceValues, out.size() - first)), 0);
    }
    return static_cast<double>(nowNs() - start) * 1e-3;
}

void measurePieces(std::uint32_t ranks, std::size_t values)
{
    constexpr std::size_t kPieceValues = std::size_t{576} * 128;
    const auto group = *RankGroup::create({.ranks = ranks});
    const Deadline late = Deadline::inMilliseconds(600'000);
    std::vector<double> took;
    std::vector<std::thread> threads;
    for (std::uint32_t rank = 0; rank < ranks; ++rank)
        threads.emplace_back([&, rank] {
            const auto own = group->communicator(rank);
            std::vector<float> out(values);
            for (int i = 0; i < kWarmUp + kRounds; ++i) {
                PiecedSum* sum = own->beginPieces(values, kPieceValues, 1);
                if (sum == nullptr)
                    return;
                std::fill_n(sum->room(), values, 1.0F);
                const double microseconds = sumOfPieces(*sum, kPieceValues, out, late);
                if (rank == 0 && i >= kWarmUp)
                    took.push_back(microseconds);
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    std::printf("%u ranks, in pieces %7zu values: %6.1f us\n", ranks, values, median(took));
}

} // namespace

int main()
{
    for (const std::int32_t blocks : {16, 64, 256})
        measureControl(blocks);
    for (const std::uint32_t ranks : {2U, 4U})
        for (const std::size_t values :
             {std::size_t{576}, std::size_t{4096}, std::size_t{576 * 64}, std::size_t{576 * 512}}) {
            measureSum(ranks, values);
            measurePieces(ranks, values);
        }
    return 0;
}
