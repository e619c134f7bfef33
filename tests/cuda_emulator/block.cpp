// SPDX-License-Identifier: GPL-3.0-or-later
// Scheduling of a block's threads.
#include "cuda_emulator/block.h"

#include "cuda_emulator/poison.h"
#include "cuda_emulator/shared_variables.h"
#include "cuda_emulator/thread_variables.h"

#include <cstdint>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(place, size) ((void)(place), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(place, size) ((void)(place), (void)(size))
#endif

namespace vitrine::cuda_emulator {

namespace {

constinit thread_local Block* t_block = nullptr;
constexpr std::size_t kSharedGuard = 256; // bytes on either side
constexpr std::size_t kSharedAlignment = 128;

std::string numbers(uint3 value)
{
    return "(" + std::to_string(value.x) + ", " + std::to_string(value.y) + ", " + std::to_string(value.z) +
           ")";
}

} // namespace

Block& Block::current()
{
    return *t_block;
}

std::optional<KernelFault> Block::run(const KernelLaunch& launch, uint3 index, std::uint64_t seed)
{
    t_block = this;
    prepare(launch, index, seed);
    schedule();
    if (m_fault)
        abandon();
    else
        checkShared();
    t_block = nullptr;
    return std::exchange(m_fault, std::nullopt);
}

void Block::prepare(const KernelLaunch& launch, uint3 index, std::uint64_t seed)
{
    m_launch = &launch;
    m_index = index;
    m_count = launch.block.x * launch.block.y * launch.block.z;
    m_exited = 0;
    m_order.reset(seed);
    blockIdx = index;
    blockDim = launch.block;
    gridDim = launch.grid;
    prepareShared();
    while (m_threads.size() < m_count)
        m_threads.push_back(std::make_unique<Thread>());
    m_arrived.fill(0);
    for (unsigned i = 0; i < m_count; ++i) {
        Thread& thread = *m_threads[i];
        thread.block = this;
        thread.linear = i;
        thread.index = {i % blockDim.x, i / blockDim.x % blockDim.y, i / (blockDim.x * blockDim.y)};
        thread.state = State::Ready;
        thread.copies.clear();
        thread.fibre.prepare(&Block::enterKernel, &thread);
        ++m_arrived[i / 32];
    }
}

void Block::prepareShared()
{
    const std::size_t bytes = m_launch->dynamicShared;
    if (!m_memory.empty())
        ASAN_UNPOISON_MEMORY_REGION(m_memory.data(), m_memory.size());
    m_memory.assign(bytes + 2 * kSharedGuard + kSharedAlignment, char(kPoison));
    const auto begin = reinterpret_cast<std::uintptr_t>(m_memory.data()) + kSharedGuard;
    m_dynamic = reinterpret_cast<char*>((begin + kSharedAlignment - 1) / kSharedAlignment * kSharedAlignment);
    ASAN_POISON_MEMORY_REGION(m_memory.data(), std::size_t(m_dynamic - m_memory.data()));
    ASAN_POISON_MEMORY_REGION(m_dynamic + bytes, kSharedGuard);
    for (const SharedVariable& variable : sharedVariables(m_launch->function).variables)
        poison(variable.address(), variable.size);
}

// AddressSanitizer sees such writes itself, and those to static shared memory of kernels in unnamed
// namespaces.
void Block::checkShared()
{
#if !defined(__SANITIZE_ADDRESS__)
    const auto touched = [](char c) { return c != char(kPoison); };
    const char* end = m_dynamic + m_launch->dynamicShared;
    const char* begin = m_memory.data();
    if (std::any_of(begin, static_cast<const char*>(m_dynamic), touched) ||
        std::any_of(end, end + kSharedGuard, touched))
        m_fault = fault("bytes beside its dynamic shared memory were written");
#endif
}

void Block::enterKernel(void* thread)
{
    static_cast<Thread*>(thread)->block->m_launch->body();
}

void Block::schedule()
{
    std::array<unsigned, 32> place{};
    const unsigned warps = (m_count + 31) / 32;
    while (m_exited < m_count && !m_fault) {
        bool progress = false;
        for (const unsigned warp : m_order.next(warps, place)) {
            progress |= runWarp(warp);
            if (m_fault)
                return;
        }
        if (m_exited < m_count && !finishBarrier() && !progress)
            m_fault = diverged();
    }
}

bool Block::runWarp(unsigned warp)
{
    bool progress = false;
    while (m_arrived[warp] > 0 && runReady(warp)) {
        progress = true;
        if (m_fault || !finishCollectives(warp))
            break;
    }
    return progress;
}

unsigned Block::lanesOf(unsigned warp) const
{
    return std::min(32U, m_count - warp * 32);
}

bool Block::runReady(unsigned warp)
{
    std::array<unsigned, 32> place{};
    bool ran = false;
    for (const unsigned lane : m_order.next(lanesOf(warp), place)) {
        Thread& thread = *m_threads[warp * 32 + lane];
        if (thread.state != State::Ready)
            continue;
        resume(thread);
        ran = true;
        if (m_fault)
            break;
    }
    return ran;
}

void Block::resume(Thread& thread)
{
    m_current = &thread;
    threadIdx = thread.index;
    if (thread.fibre.enter())
        return;
    thread.state = State::Exited;
    --m_arrived[thread.linear / 32];
    ++m_exited;
}

bool Block::finishCollectives(unsigned warp)
{
    bool any = false;
    for (unsigned lane = 0; lane < lanesOf(warp) && !m_fault; ++lane)
        any |= m_threads[warp * 32 + lane]->state == State::AtWarp && finishCollective(warp, lane);
    return any;
}

// True when all that the lane waits for have come: they go on.
bool Block::finishCollective(unsigned warp, unsigned lane)
{
    const Thread& first = *m_threads[warp * 32 + lane];
    WarpPayloads payloads;
    payloads.mask = first.mask;
    for (unsigned i = 0; i < 32; ++i) {
        if ((first.mask >> i & 1U) == 0)
            continue;
        const Thread& other = *m_threads[warp * 32 + i];
        if (other.state != State::AtWarp || other.mask != first.mask || other.combine != first.combine)
            return false;
        payloads.lane[i] = other.payload;
    }
    first.combine(payloads);
    for (unsigned i = 0; i < 32; ++i) {
        if ((payloads.mask >> i & 1U) == 0)
            continue;
        m_threads[warp * 32 + i]->state = State::Ready;
        ++m_arrived[warp];
    }
    return true;
}

bool Block::finishBarrier()
{
    const BlockVote vote = m_threads[0]->vote;
    int count = 0;
    for (unsigned i = 0; i < m_count; ++i) {
        const Thread& thread = *m_threads[i];
        if (thread.state != State::AtBlock || thread.vote != vote)
            return false;
        count += thread.predicate != 0 ? 1 : 0;
    }
    m_voteResult = vote == BlockVote::Or    ? int(count > 0)
                   : vote == BlockVote::And ? int(count == int(m_count))
                                            : count;
    for (unsigned i = 0; i < m_count; ++i) {
        m_threads[i]->state = State::Ready;
        ++m_arrived[i / 32];
    }
    return true;
}

void Block::wait(State state)
{
    m_current->state = state;
    --m_arrived[m_current->linear / 32];
    m_current->fibre.leave();
}

void Block::meetWarp(unsigned mask, Combine combine, void* payload)
{
    const unsigned lanes = lanesOf(m_current->linear / 32);
    const unsigned existing = lanes == 32 ? ~0U : (1U << lanes) - 1;
    if ((mask >> lane() & 1U) == 0)
        stop("the mask of a warp operation lacks the calling lane");
    m_current->mask = mask & existing;
    m_current->combine = combine;
    m_current->payload = payload;
    wait(State::AtWarp);
}

int Block::meetBlock(BlockVote vote, int predicate)
{
    m_current->vote = vote;
    m_current->predicate = predicate;
    wait(State::AtBlock);
    return m_voteResult;
}

void Block::giveWay()
{
    m_current->fibre.leave();
}

void Block::stop(const std::string& why)
{
    m_fault = fault(why + ": thread " + numbers(m_current->index));
    m_current->fibre.leave();
    __builtin_unreachable();
}

KernelFault Block::fault(const std::string& what) const
{
    return {"kernel " + m_launch->name + ", block " + numbers(m_index) + ": " + what};
}

KernelFault Block::diverged() const
{
    std::string text = "threads wait for others that never come:";
    constexpr std::size_t kMost = 400;
    for (unsigned i = 0; i < m_count; ++i) {
        if (text.size() > kMost)
            return fault(text + " …");
        static constexpr const char* kPlaces[] = {"runs", "at a warp operation", "at a block barrier",
                                                  "exited"};
        const unsigned begin = i;
        const Thread& thread = *m_threads[i];
        while (i + 1 < m_count && m_threads[i + 1]->state == thread.state &&
               m_threads[i + 1]->mask == thread.mask)
            ++i;
        text += " " + std::to_string(begin) + (i > begin ? "–" + std::to_string(i) : "") + " " +
                kPlaces[int(thread.state)] + (i + 1 < m_count ? "," : "");
    }
    return fault(text);
}

// The fibres that are still inside the kernel are forgotten: nothing of theirs is unwound.
void Block::abandon()
{
    m_threads.clear();
}

void meetWarp(unsigned mask, Combine combine, void* payload)
{
    Block::current().meetWarp(mask, combine, payload);
}

int meetBlock(BlockVote vote, int predicate)
{
    return Block::current().meetBlock(vote, predicate);
}

unsigned currentLane()
{
    return Block::current().lane();
}

void stopKernel(const char* why)
{
    Block::current().stop(why);
}

void giveWay()
{
    Block::current().giveWay();
}

} // namespace vitrine::cuda_emulator
