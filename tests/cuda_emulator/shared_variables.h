// SPDX-License-Identifier: GPL-3.0-or-later
// The __shared__ variables of a kernel. They are static variables of its function; the symbol table of the
// program says where they lie and how large they are, so it must not be stripped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace vitrine::cuda_emulator {

struct SharedVariable
{
    std::string name;         // mangled
    std::size_t size = 0;     // bytes
    std::uintptr_t place = 0; // an address, or an offset in the storage of a thread
    std::size_t module = 0;   // of thread storage; 0: `place` is an address

    void* address() const; // for the calling thread
};

struct SharedVariables
{
    std::vector<SharedVariable> variables;
    std::size_t bytes = 0;
};

// Any thread. An unknown function has none.
const SharedVariables& sharedVariables(const void* function);

} // namespace vitrine::cuda_emulator
