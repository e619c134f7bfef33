// SPDX-License-Identifier: GPL-3.0-or-later
// Boost.Context's bare context switch, and what AddressSanitizer wants to know about it.
#include "cuda_emulator/fibre.h"

#include <boost/context/detail/fcontext.hpp>
#include <new>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace vitrine::cuda_emulator {

namespace context = boost::context::detail;

namespace {

constexpr std::size_t kGuard = 4096;
#if defined(__SANITIZE_ADDRESS__)
constexpr std::size_t kStack = std::size_t(512) << 10; // frames are several times as large
#else
constexpr std::size_t kStack = std::size_t(128) << 10;
#endif

#if defined(__SANITIZE_ADDRESS__)
void aboutToSwitch(void** fake, const void* bottom, std::size_t size)
{
    __sanitizer_start_switch_fiber(fake, bottom, size);
}

void switched(void* fake, const void** bottom, std::size_t* size)
{
    __sanitizer_finish_switch_fiber(fake, bottom, size);
}

void forgetFrames(char* stack)
{
    ASAN_UNPOISON_MEMORY_REGION(stack, kStack);
}
#else
void aboutToSwitch(void**, const void*, std::size_t) {}

void switched(void*, const void**, std::size_t*) {}

void forgetFrames(char*) {}
#endif

} // namespace

struct FibreEntry
{
    static void begin(context::transfer_t from)
    {
        auto* self = static_cast<Fibre*>(from.data);
        switched(nullptr, &self->m_ownerStack, &self->m_ownerStackSize);
        self->m_owner = from.fctx;
        self->m_body(self->m_argument);
        self->m_finished = true;
        aboutToSwitch(nullptr, self->m_ownerStack, self->m_ownerStackSize);
        context::jump_fcontext(self->m_owner, nullptr);
        __builtin_unreachable();
    }
};

Fibre::Fibre()
{
    void* place = mmap(nullptr, kGuard + kStack, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place == MAP_FAILED)
        throw std::bad_alloc();
    mprotect(place, kGuard, PROT_NONE);
    m_stack = static_cast<char*>(place) + kGuard;
}

Fibre::~Fibre()
{
    forgetFrames(m_stack);
    munmap(m_stack - kGuard, kGuard + kStack);
}

void Fibre::prepare(void (*body)(void*), void* argument)
{
    if (!m_finished)
        forgetFrames(m_stack);
    m_body = body;
    m_argument = argument;
    m_finished = false;
    m_inside = context::make_fcontext(m_stack + kStack, kStack, &FibreEntry::begin);
}

bool Fibre::enter()
{
    void* fake = nullptr;
    aboutToSwitch(&fake, m_stack, kStack);
    const context::transfer_t back = context::jump_fcontext(m_inside, this);
    switched(fake, nullptr, nullptr);
    m_inside = back.fctx;
    return !m_finished;
}

void Fibre::leave()
{
    aboutToSwitch(&m_fakeStack, m_ownerStack, m_ownerStackSize);
    const context::transfer_t back = context::jump_fcontext(m_owner, nullptr);
    switched(m_fakeStack, &m_ownerStack, &m_ownerStackSize);
    m_owner = back.fctx;
}

} // namespace vitrine::cuda_emulator
