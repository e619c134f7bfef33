// SPDX-License-Identifier: GPL-3.0-or-later
// Which devices the emulated library has, and what goes wrong with them, as the environment says when it is
// loaded:
//   VITRINE_EMULATED_GPUS       how many; 1 without it
//   VITRINE_EMULATED_MEBIBYTES  of memory each; 4096 without it
//   VITRINE_EMULATED_ALLOCATION the nth allocation of device memory fails
//   VITRINE_EMULATED_EXECUTION  the device dies in the nth kernel
#include <cstdlib>
#include <string>

#include "cuda_emulator/control.h"

namespace {

namespace emulator = vitrine::cuda_emulator;

unsigned long numberIn(const char* variable, unsigned long otherwise)
{
    const char* const text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoul(text, nullptr, 10);
}

const bool ready = [] {
    std::vector<emulator::VirtualDevice> devices;
    for (unsigned long i = 0; i < numberIn("VITRINE_EMULATED_GPUS", 1); ++i)
        devices.push_back(
            {"Emulated GPU " + std::to_string(i), numberIn("VITRINE_EMULATED_MEBIBYTES", 4096) << 20U});
    emulator::setDevices(devices);
    emulator::failAllocation(static_cast<unsigned>(numberIn("VITRINE_EMULATED_ALLOCATION", 0)));
    emulator::failExecution(static_cast<unsigned>(numberIn("VITRINE_EMULATED_EXECUTION", 0)));
    return true;
}();

} // namespace
