// SPDX-License-Identifier: GPL-3.0-or-later
// Mutexes with a place in one order. A thread takes them in that order alone, so that no two threads ever
// wait for what the other one has; debug and sanitized builds stop the program where one does not, whether or
// not another thread happened to be in the way. Lockable as the standard asks; std::condition_variable_any
// waits with them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>

namespace vitrine::engine {

/// The outermost first. What is taken while nothing else is held, and calls nobody, may stand anywhere; two
/// of one place are never held at once.
enum class LockOrder : std::uint8_t {
    ModelLoader,   ///< jobs of the thread that loads models
    Commands,      ///< of the window to the engine's thread
    TokenCounter,  ///< the encoder that counts a draft's tokens
    Search,        ///< searches that nobody waits for any more
    Update,        ///< of the engine to the window
    SessionInbox,  ///< what a profile's thread has to do
    RecordingFeed, ///< what a recording shows next
    Replica,       ///< commands to a replica
    ReplicaOutbox, ///< what replicas say
    Gpu,           ///< jobs of a GPU's thread
    Weights,       ///< packed weights of several engines; held while a model is loaded
    Folder,        ///< tensors of a folder that are put together
    Team,          ///< what is known of the life of other ranks
    Mpi,           ///< calls to MPI, one at a time
    MpiAbort,      ///< why a group over MPI ended
    Failure,       ///< the first failure of several threads
    Records,       ///< steps and requests recorded so far
    GpuActivity,   ///< what CUPTI told
    NvtxAttach,    ///< a library that begins to use NVTX
    NvtxReader,    ///< one reader at a time
    NvtxCapture,   ///< threads and names
    NvtxTexts,     ///< texts as numbers
    NvtxPayload,   ///< texts of payloads
    NvtxSchemas,   ///< forms of payloads
    NvtxCounters,
    NvtxTimes,
};

/// The places that a thread holds.
class HeldLocks
{
public:
    static constexpr std::size_t kMost = 8;

    /// A held place that forbids to take `wanted` now.
    std::optional<LockOrder> against(LockOrder wanted) const
    {
        for (std::size_t i = 0; i < m_count; ++i)
            if (m_orders[i] >= wanted)
                return m_orders[i];
        return {};
    }
    /// False: more than kMost.
    bool add(LockOrder order)
    {
        if (m_count == kMost)
            return false;
        m_orders[m_count++] = order;
        return true;
    }
    /// In any order, as std::unique_lock may.
    void remove(LockOrder order)
    {
        for (std::size_t i = m_count; i-- > 0;)
            if (m_orders[i] == order) {
                for (--m_count; i < m_count; ++i)
                    m_orders[i] = m_orders[i + 1];
                return;
            }
    }

    static HeldLocks& ofThisThread()
    {
        thread_local HeldLocks held;
        return held;
    }

private:
    std::array<LockOrder, kMost> m_orders{};
    std::size_t m_count = 0;
};

#ifdef NDEBUG
inline constexpr bool kChecksLockOrder = false;
#else
inline constexpr bool kChecksLockOrder = true;
#endif

/// Mutex: std::mutex, or std::recursive_mutex, which its thread may take again.
template<class Mutex, bool kAgain>
class Ordered
{
public:
    explicit Ordered(LockOrder order) : m_order(order) {}

    void lock()
    {
        if constexpr (kChecksLockOrder)
            check();
        m_mutex.lock();
        note();
    }
    /// Never waits: allowed in any order.
    bool try_lock()
    {
        if (!m_mutex.try_lock())
            return false;
        note();
        return true;
    }
    void unlock()
    {
        if constexpr (kChecksLockOrder)
            HeldLocks::ofThisThread().remove(m_order);
        m_mutex.unlock();
    }

private:
    void check() const
    {
        const std::optional<LockOrder> held = HeldLocks::ofThisThread().against(m_order);
        if (held && !(kAgain && *held == m_order))
            stop("takes it while it holds", static_cast<int>(*held));
    }
    void note() const
    {
        if constexpr (kChecksLockOrder)
            if (!HeldLocks::ofThisThread().add(m_order))
                stop("has too many others:", static_cast<int>(HeldLocks::kMost));
    }
    [[noreturn]] void stop(const char* what, int other) const
    {
        std::fprintf(stderr, "vitrine: lock %d of LockOrder (ordered_mutex.h): a thread %s %d\n",
                     static_cast<int>(m_order), what, other);
        std::abort();
    }

    Mutex m_mutex;
    LockOrder m_order;
};

using OrderedMutex = Ordered<std::mutex, false>;
using OrderedRecursiveMutex = Ordered<std::recursive_mutex, true>;

} // namespace vitrine::engine
