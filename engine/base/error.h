// SPDX-License-Identifier: GPL-3.0-or-later
// What went wrong, in words for the person in front of the screen.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace vitrine::engine {

/// Decides the exit code of the command line and the tone of the window; the message carries the facts.
enum class ErrorCode : std::uint8_t {
    InvalidArgument, ///< the caller asked for something that makes no sense (exit 2)
    BadInput,        ///< a file or text is damaged, hostile or unsupported (exit 3)
    OutOfResources,  ///< memory, KV blocks, disk (exit 4)
    Cancelled,       ///< the person stopped it
    Internal,        ///< the engine failed (exit 5)
};

/// `message` is one sentence: what, where (file, field, byte offset), what can be done about it.
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    std::string message;
};

inline Error badInput(std::string message)
{
    return {ErrorCode::BadInput, std::move(message)};
}
inline Error invalidArgument(std::string message)
{
    return {ErrorCode::InvalidArgument, std::move(message)};
}
inline Error outOfResources(std::string message)
{
    return {ErrorCode::OutOfResources, std::move(message)};
}
inline Error cancelled(std::string message)
{
    return {ErrorCode::Cancelled, std::move(message)};
}
inline Error internalError(std::string message)
{
    return {ErrorCode::Internal, std::move(message)};
}

} // namespace vitrine::engine
