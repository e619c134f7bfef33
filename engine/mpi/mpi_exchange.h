// SPDX-License-Identifier: GPL-3.0-or-later
// Messages under way to and from other ranks, which all have to be there by a deadline. MPI itself has none:
// whoever is late would be waited for without end. One owner, one thread; the library is called by one thread
// of the process at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <mpi.h>

#include "engine/base/ordered_mutex.h"
#include "engine/base/result.h"
#include "engine/parallel/deadline.h"

namespace vitrine::engine {

/// What every message begins with: what its sender is at.
struct MpiHeader
{
    std::uint64_t call = 0;
    std::uint64_t bytes = 0; ///< of the whole call
    bool operator==(const MpiHeader&) const = default;
};

/// Of the library; MPI_THREAD_SERIALIZED is all that is asked of it.
OrderedMutex& mpiLock();

class MpiExchange
{
public:
    explicit MpiExchange(MPI_Comm group) : m_group(group) {}
    MpiExchange(const MpiExchange&) = delete;
    MpiExchange& operator=(const MpiExchange&) = delete;
    /// What is still under way stays in memory: MPI may write to it, and the process will end.
    ~MpiExchange();

    void send(int to, int tag, const MpiHeader& header, const std::byte* data, std::size_t bytes);
    void receive(int from, int tag, std::size_t bytes);

    enum class Outcome : std::uint8_t { Done, Late, Failed };
    /// Until all are done. Late and Failed: peer() says with whom.
    Outcome wait(Deadline deadline);
    int peer() const { return m_peer; }

    /// Of the i-th receive(), after wait().
    MpiHeader header(std::size_t receive) const;
    const std::byte* data(std::size_t receive) const;
    std::size_t bytes(std::size_t receive) const; ///< that came; may be fewer than there was room for

private:
    struct Message
    {
        int peer = 0;
        std::size_t came = 0;
        MPI_Request request = MPI_REQUEST_NULL;
        bool done = false;
        std::vector<std::byte> buffer; ///< with the header
    };
    bool testAll(Outcome& outcome);

    MPI_Comm m_group;
    std::vector<std::unique_ptr<Message>> m_all;
    std::vector<std::size_t> m_received; ///< of them
    int m_peer = 0;
};

} // namespace vitrine::engine
