// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/worker_frames.h"

#include <algorithm>

#include "engine/parallel/frame.h"

namespace vitrine::engine {

namespace {

Error damaged()
{
    return badInput("a message between ranks is damaged");
}

/// Choices and attention by block are rank 0's; hidden rows do not occur where all layers are computed.
void writeBatch(const ForwardBatch& batch, FrameWriter& frame)
{
    frame.value(batch.blockSize);
    frame.value(batch.maxBlocksPerSequence);
    frame.value(std::uint32_t{batch.bestOnly ? 1U : 0U});
    for (const std::vector<std::int32_t>* list :
         {&batch.tokenIds, &batch.positions, &batch.slotMapping, &batch.queryStart, &batch.contextLengths,
          &batch.blockTables, &batch.pageTables, &batch.logitsRows})
        frame.list(std::span(*list));
}

bool readBatch(FrameReader& frame, ForwardBatch& batch)
{
    std::uint32_t bestOnly = 0;
    bool read = frame.value(batch.blockSize) && frame.value(batch.maxBlocksPerSequence) &&
                frame.value(bestOnly) && bestOnly <= 1;
    batch.bestOnly = bestOnly == 1;
    for (std::vector<std::int32_t>* list :
         {&batch.tokenIds, &batch.positions, &batch.slotMapping, &batch.queryStart, &batch.contextLengths,
          &batch.blockTables, &batch.pageTables, &batch.logitsRows})
        read = read && frame.list(*list);
    return read;
}

struct TransferNumbers
{
    std::uint32_t kind = 0;
    std::int32_t from = 0, to = 0;
};

void writeTransfers(const std::vector<KvTransfer>& transfers, FrameWriter& frame)
{
    std::vector<TransferNumbers> numbers;
    for (const KvTransfer& one : transfers)
        numbers.push_back({static_cast<std::uint32_t>(one.kind), one.from, one.to});
    frame.list(std::span<const TransferNumbers>(numbers));
}

bool readTransfers(FrameReader& frame, std::vector<KvTransfer>& transfers)
{
    std::vector<TransferNumbers> numbers;
    if (!frame.list(numbers))
        return false;
    for (const TransferNumbers& one : numbers) {
        if (one.kind > static_cast<std::uint32_t>(KvTransfer::Kind::SwapIn))
            return false;
        transfers.push_back({static_cast<KvTransfer::Kind>(one.kind), one.from, one.to});
    }
    return true;
}

} // namespace

void writeCommand(const WorkerCommand& command, std::vector<std::byte>& bytes, const ForwardBatch* batch)
{
    FrameWriter frame(bytes);
    frame.value(static_cast<std::uint32_t>(command.call));
    frame.value(command.number);
    frame.value(command.blockSize);
    if (command.call == WorkerCall::Transfer)
        writeTransfers(command.transfers, frame);
    if (command.call == WorkerCall::Step)
        writeBatch(batch == nullptr ? command.batch : *batch, frame);
}

Result<WorkerCommand> readCommand(std::span<const std::byte> bytes)
{
    FrameReader frame(bytes);
    WorkerCommand command;
    std::uint32_t call = 0;
    bool read = frame.value(call) && call <= static_cast<std::uint32_t>(WorkerCall::Stop) &&
                frame.value(command.number) && frame.value(command.blockSize);
    command.call = static_cast<WorkerCall>(call);
    if (read && command.call == WorkerCall::Transfer)
        read = readTransfers(frame, command.transfers);
    if (read && command.call == WorkerCall::Step)
        read = readBatch(frame, command.batch);
    if (!read || !frame.atEnd())
        return damaged();
    return command;
}

void writeAnswer(const WorkerAnswer& answer, std::vector<std::byte>& bytes)
{
    FrameWriter frame(bytes);
    const bool failed = !answer.result;
    frame.value(failed ? 1U + static_cast<std::uint32_t>(answer.result.error().code) : 0U);
    frame.text(failed ? answer.result.error().message : std::string());
    for (const std::uint64_t number : {answer.kvBytesPerToken, answer.weightBytes, answer.kvBytes,
                                       answer.hostBytes, answer.workspaceBytes})
        frame.value(number);
    frame.value(answer.threads);
    frame.text(answer.device);
    frame.value(answer.layers);
    frame.value(answer.part);
}

Result<WorkerAnswer> readAnswer(std::span<const std::byte> bytes)
{
    FrameReader frame(bytes);
    WorkerAnswer answer;
    std::uint32_t code = 0;
    std::string message;
    bool read = frame.value(code) && code <= 1U + static_cast<std::uint32_t>(ErrorCode::Internal) &&
                frame.text(message);
    for (std::uint64_t* number : {&answer.kvBytesPerToken, &answer.weightBytes, &answer.kvBytes,
                                  &answer.hostBytes, &answer.workspaceBytes})
        read = read && frame.value(*number);
    read = read && frame.value(answer.threads) && frame.text(answer.device) && frame.value(answer.layers) &&
           frame.value(answer.part);
    if (!read || !frame.atEnd())
        return damaged();
    answer.part.times = soundTimes(answer.part.times);
    if (code > 0)
        answer.result = Error{static_cast<ErrorCode>(code - 1), std::move(message)};
    return answer;
}

} // namespace vitrine::engine
