// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/shared_memory.h"

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace vitrine::engine {

namespace {

constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

Error refused(std::size_t bytes)
{
    return outOfResources("there is no memory of " + std::to_string(bytes) +
                          " bytes to share between processes: " + std::strerror(errno));
}

std::byte* mapped(int descriptor, std::size_t bytes)
{
    void* data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    return data == MAP_FAILED ? nullptr : static_cast<std::byte*>(data);
}

} // namespace

SharedMemory::~SharedMemory()
{
    release();
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_data(std::exchange(other.m_data, nullptr)),
      m_size(std::exchange(other.m_size, 0))
{}

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    return *this;
}

void SharedMemory::release()
{
    if (m_data != nullptr)
        munmap(m_data, m_size);
    if (m_descriptor >= 0)
        close(m_descriptor);
}

Result<SharedMemory> SharedMemory::create(std::string_view purpose, std::size_t bytes)
{
    const std::string name = "vitrine-" + std::string(purpose);
    SharedMemory memory(memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING), nullptr, bytes);
    if (memory.m_descriptor < 0 || ftruncate(memory.m_descriptor, static_cast<off_t>(bytes)) != 0 ||
        fcntl(memory.m_descriptor, F_ADD_SEALS, kSeals) != 0)
        return refused(bytes);
    memory.m_data = mapped(memory.m_descriptor, bytes);
    if (memory.m_data == nullptr)
        return refused(bytes);
    return memory;
}

Result<SharedMemory> SharedMemory::adopt(int descriptor)
{
    SharedMemory memory(descriptor, nullptr, 0);
    struct stat facts = {};
    const int seals = descriptor < 0 ? -1 : fcntl(descriptor, F_GET_SEALS);
    if (seals < 0 || (seals & kSeals) != kSeals || fstat(descriptor, &facts) != 0 || facts.st_size <= 0)
        return badInput("descriptor " + std::to_string(descriptor) +
                        " is no memory that a process of Vitrine shares");
    memory.m_size = static_cast<std::size_t>(facts.st_size);
    memory.m_data = mapped(descriptor, memory.m_size);
    if (memory.m_data == nullptr)
        return refused(memory.m_size);
    return memory;
}

} // namespace vitrine::engine
