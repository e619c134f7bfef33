// SPDX-License-Identifier: GPL-3.0-or-later
// A fibre: a stack of its own, entered and left by its owner's thread. It never moves to another thread.
// AddressSanitizer is told of every switch.
#pragma once

#include <cstddef>

namespace vitrine::cuda_emulator {

class Fibre
{
public:
    Fibre();
    ~Fibre();
    Fibre(const Fibre&) = delete;
    Fibre& operator=(const Fibre&) = delete;

    // The next enter() begins `body(argument)`. What ran before, finished or not, is forgotten.
    void prepare(void (*body)(void*), void* argument);
    // Called by the owner: runs the fibre until it leaves. False when its body has returned.
    bool enter();
    // Called inside the fibre: back to the owner.
    void leave();

private:
    friend struct FibreEntry;

    char* m_stack = nullptr; // a guard page lies below
    void* m_inside = nullptr;
    void* m_owner = nullptr;
    void (*m_body)(void*) = nullptr;
    void* m_argument = nullptr;
    bool m_finished = true;
    void* m_fakeStack = nullptr; // AddressSanitizer's
    const void* m_ownerStack = nullptr;
    std::size_t m_ownerStackSize = 0;
};

} // namespace vitrine::cuda_emulator
