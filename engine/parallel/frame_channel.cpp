// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/frame_channel.h"

#include <algorithm>
#include <string>

namespace vitrine::engine {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20U; // also at once where places are as large

} // namespace

Result<void> sendFrame(Communicator& group, std::span<const std::byte> frame, std::uint32_t to,
                       Deadline deadline)
{
    const std::uint64_t length = frame.size();
    Result<void> sent = group.send(std::as_bytes(std::span(&length, 1)), to, deadline);
    for (std::size_t first = 0; first < frame.size() && sent; first += kPieceBytes)
        sent = group.send(frame.subspan(first, std::min(kPieceBytes, frame.size() - first)), to, deadline);
    return sent;
}

Result<void> receiveFrame(Communicator& group, std::vector<std::byte>& frame, std::uint32_t from,
                          Deadline deadline)
{
    std::uint64_t length = 0;
    Result<void> received = group.receive(std::as_writable_bytes(std::span(&length, 1)), from, deadline);
    frame.clear();
    if (received && length > kMostFrameBytes)
        return badInput("rank " + std::to_string(from) + " announces a message of " + std::to_string(length) +
                        " bytes");
    while (received && frame.size() < length) {
        const std::size_t first = frame.size();
        frame.resize(first + static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, length - first)));
        received = group.receive(std::span(frame).subspan(first), from, deadline);
    }
    return received;
}

} // namespace vitrine::engine
