// SPDX-License-Identifier: GPL-3.0-or-later
// Streams, events and copies of the current device. Everything here is queued but for the waits.
#pragma once

#include <cstddef>
#include <utility>

#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

class OwnedStream
{
public:
    OwnedStream() = default;
    ~OwnedStream();
    OwnedStream(OwnedStream&& other) noexcept : m_stream(std::exchange(other.m_stream, nullptr)) {}
    OwnedStream& operator=(OwnedStream&& other) noexcept
    {
        std::swap(m_stream, other.m_stream);
        return *this;
    }
    Status create(); ///< one that does not wait for the default stream
    Stream get() const { return m_stream; }

private:
    Stream m_stream = nullptr;
};

class OwnedEvent
{
public:
    OwnedEvent() = default;
    ~OwnedEvent();
    OwnedEvent(OwnedEvent&& other) noexcept : m_event(std::exchange(other.m_event, nullptr)) {}
    OwnedEvent& operator=(OwnedEvent&& other) noexcept
    {
        std::swap(m_event, other.m_event);
        return *this;
    }
    Status create(bool timed = false); ///< timed: for secondsBetween()
    Event get() const { return m_event; }
    Status record(Stream stream) const;
    /// Whether it has happened; errors of what went before show here. Returns at once.
    Status ask(bool& happened) const;
    Status wait() const; ///< on this thread, sleeping; errors of what went before show here

private:
    Event m_event = nullptr;
};

/// On the device's clock; both have happened.
Status secondsBetween(Event from, Event to, double& seconds);
Status waitFor(Stream stream, Event event); ///< on the device
Status synchronize(Stream stream);          ///< on this thread
/// Any two places in device or host memory. Host memory that is not pinned has been read on return.
Status copyBytes(void* to, const void* from, std::size_t bytes, Stream stream);
/// `count` rows of `width` bytes, from one distance to another, all in bytes.
Status copyRows(void* to, std::size_t toPitch, const void* from, std::size_t fromPitch, std::size_t width,
                std::size_t count, Stream stream);
Status zeroBytes(void* at, std::size_t bytes, Stream stream);

} // namespace vitrine::kernels::cuda
