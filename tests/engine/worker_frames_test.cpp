// SPDX-License-Identifier: GPL-3.0-or-later
// What ranks tell each other as bytes: read as it was written, and refused where a byte is missing, is over
// or lies about a length.
#include <QtTest>

#include <limits>
#include <memory>
#include <random>
#include <thread>

#include "engine/parallel/frame_channel.h"
#include "engine/parallel/rank_group.h"
#include "engine/parallel/worker_frames.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;
using Frame = std::vector<std::byte>;

namespace {

ForwardBatch someBatch(std::uint32_t sequences)
{
    ForwardBatch batch;
    batch.blockSize = 16;
    batch.maxBlocksPerSequence = 3;
    batch.bestOnly = true;
    batch.queryStart = {0};
    for (std::uint32_t i = 0; i < sequences; ++i) {
        const auto number = static_cast<std::int32_t>(i);
        batch.tokenIds.push_back(100 + number);
        batch.positions.push_back(40);
        batch.slotMapping.push_back(number * 16 + 8);
        batch.queryStart.push_back(number + 1);
        batch.contextLengths.push_back(41);
        batch.blockTables.insert(batch.blockTables.end(), {number, -1, number + 5});
        batch.logitsRows.push_back(number);
    }
    return batch;
}

WorkerCommand someCommand(WorkerCall call)
{
    WorkerCommand command;
    command.call = call;
    command.number = 77;
    command.blockSize = 8;
    if (call == WorkerCall::Transfer)
        command.transfers = {{KvTransfer::Kind::SwapOut, 3, 9}, {KvTransfer::Kind::Copy, 1, 2}};
    if (call == WorkerCall::Step)
        command.batch = someBatch(5);
    return command;
}

Frame frameOf(const WorkerCommand& command)
{
    Frame frame;
    writeCommand(command, frame);
    return frame;
}

WorkerAnswer someAnswer()
{
    WorkerAnswer answer;
    answer.result = outOfResources("no memory for that");
    answer.kvBytesPerToken = 1;
    answer.weightBytes = 1ULL << 40U;
    answer.threads = 3;
    answer.device = "CPU AVX2";
    answer.part = {1'000, 9'000, {5'000, 2'000, 1'000, 700, 4'096}};
    return answer;
}

bool isEqual(const ForwardBatch& a, const ForwardBatch& b)
{
    return a.blockSize == b.blockSize && a.maxBlocksPerSequence == b.maxBlocksPerSequence &&
           a.tokenIds == b.tokenIds && a.positions == b.positions && a.slotMapping == b.slotMapping &&
           a.queryStart == b.queryStart && a.contextLengths == b.contextLengths &&
           a.blockTables == b.blockTables && a.pageTables == b.pageTables && a.logitsRows == b.logitsRows &&
           a.bestOnly == b.bestOnly;
}

} // namespace

class WorkerFramesTest : public QObject
{
    Q_OBJECT

private slots:
    void commandsAreReadAsTheyWereWritten()
    {
        for (auto call = std::uint32_t{0}; call <= static_cast<std::uint32_t>(WorkerCall::Stop); ++call) {
            const WorkerCommand command = someCommand(static_cast<WorkerCall>(call));
            const Result<WorkerCommand> read = readCommand(frameOf(command));
            QVERIFY(read && read->call == command.call && read->number == 77 && read->blockSize == 8);
            QVERIFY(read->transfers == command.transfers);
            QVERIFY(isEqual(read->batch, command.batch));
        }
    }

    void answersAreReadAsTheyWereWritten()
    {
        Frame frame;
        writeAnswer(someAnswer(), frame);
        const Result<WorkerAnswer> read = readAnswer(frame);
        QVERIFY(read && !read->result && read->result.error().code == ErrorCode::OutOfResources);
        QCOMPARE(read->result.error().message, std::string("no memory for that"));
        QVERIFY(read->weightBytes == 1ULL << 40U && read->threads == 3 && read->device == "CPU AVX2");
        QVERIFY(read->part.startNs == 1'000 && read->part.endNs == 9'000);
        QVERIFY(read->part.times == someAnswer().part.times);
        frame.clear();
        writeAnswer({}, frame);
        QVERIFY(readAnswer(frame) && readAnswer(frame)->result);
    }

    void timesThatNobodyCanHaveTakenAreNotBelieved()
    {
        WorkerAnswer boasting;
        boasting.part.times = {-5, std::numeric_limits<std::int64_t>::max(), -1, -1, ~std::uint64_t{0}};
        Frame frame;
        writeAnswer(boasting, frame);
        const Result<WorkerAnswer> read = readAnswer(frame);
        QVERIFY(read.has_value());
        const RankTimes& times = read->part.times;
        QVERIFY(times.computeNs == 0 && times.sumNs == 0 && times.hiddenNs == 0);
        QVERIFY(times.waitNs > 0 && times.waitNs <= 600'000'000'000 && times.bytes <= 1ULL << 40U);
    }

    void aFrameThatIsCutOrTooLongIsRefused()
    {
        Frame answer;
        writeAnswer(someAnswer(), answer);
        const Frame step = frameOf(someCommand(WorkerCall::Step));
        for (std::size_t bytes = 0; bytes < step.size(); ++bytes)
            QVERIFY(!readCommand(std::span(step).first(bytes)));
        for (std::size_t bytes = 0; bytes < answer.size(); ++bytes)
            QVERIFY(!readAnswer(std::span(answer).first(bytes)));
        Frame longer = step;
        longer.resize(longer.size() + 8);
        QVERIFY(!readCommand(longer));
    }

    void damagedFramesAreReadOrRefused()
    {
        const std::uint32_t seed = std::random_device()();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        const Frame frames[] = {frameOf(someCommand(WorkerCall::Step)),
                                frameOf(someCommand(WorkerCall::Transfer))};
        std::size_t refused = 0;
        for (int round = 0; round < vitrine::tests::effort(200'000, 20'000); ++round) {
            Frame frame = frames[round % 2];
            for (std::uint32_t change = 0; change < 1 + random() % 3; ++change)
                frame[random() % frame.size()] = static_cast<std::byte>(random());
            refused += readCommand(frame) ? 0 : 1;
            refused += readAnswer(frame) ? 0 : 1;
        }
        QVERIFY(refused > 0);
    }

    void framesOfAnyLengthArrive()
    {
        const auto group = RankGroup::create({2, 64, 4096});
        QVERIFY(group.has_value());
        std::vector<Frame> sent, received;
        for (const std::size_t bytes : {0UL, 1UL, 4096UL, 700'001UL, 3UL}) {
            Frame& frame = sent.emplace_back(bytes);
            for (std::size_t i = 0; i < bytes; ++i)
                frame[i] = static_cast<std::byte>(i * 7);
        }
        std::thread other([&] {
            const std::unique_ptr<Communicator> to = (*group)->communicator(1);
            Frame frame;
            while (received.size() < sent.size() &&
                   receiveFrame(*to, frame, 0, Deadline::inMilliseconds(60'000)))
                received.push_back(frame);
        });
        const std::unique_ptr<Communicator> own = (*group)->communicator(0);
        bool told = true;
        for (const Frame& frame : sent)
            told = told && sendFrame(*own, frame, 1, Deadline::inMilliseconds(60'000));
        other.join();
        QVERIFY(told);
        QVERIFY(received == sent);
    }

    void aLengthThatIsNotTrueTakesNoMemory()
    {
        const auto group = RankGroup::create({2, 64, 4096});
        QVERIFY(group.has_value());
        const std::unique_ptr<Communicator> own = (*group)->communicator(0),
                                            other = (*group)->communicator(1);
        const auto announce = [&](std::uint64_t length) {
            return own->send(std::as_bytes(std::span(&length, 1)), 1, Deadline::inMilliseconds(100));
        };
        Frame frame;
        QVERIFY(announce(kMostFrameBytes + 1).has_value());
        const Result<void> huge = receiveFrame(*other, frame, 0, Deadline::inMilliseconds(100));
        QVERIFY(!huge && huge.error().code == ErrorCode::BadInput);
        QVERIFY(announce(kMostFrameBytes).has_value());
        QVERIFY(!receiveFrame(*other, frame, 0, Deadline::inMilliseconds(20)));
        QVERIFY(frame.capacity() <= (1U << 21U));
    }
};

QTEST_APPLESS_MAIN(WorkerFramesTest)
#include "worker_frames_test.moc"
