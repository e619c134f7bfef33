// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/sealed_memory.h"

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/check.h"

namespace vitrine::engine {

namespace {

constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

Error refused(std::size_t bytes)
{
    return outOfResources("there is no memory of " + std::to_string(bytes) +
                          " bytes for what several processes read: " + std::strerror(errno));
}

} // namespace

SealedMemory::~SealedMemory()
{
    unmap();
    if (m_descriptor >= 0)
        close(m_descriptor);
}

SealedMemory::SealedMemory(SealedMemory&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_data(std::exchange(other.m_data, nullptr)),
      m_filling(std::exchange(other.m_filling, nullptr)), m_size(std::exchange(other.m_size, 0)),
      m_sealed(std::exchange(other.m_sealed, false))
{}

SealedMemory& SealedMemory::operator=(SealedMemory&& other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_data, other.m_data);
    std::swap(m_filling, other.m_filling);
    std::swap(m_size, other.m_size);
    std::swap(m_sealed, other.m_sealed);
    return *this;
}

void SealedMemory::unmap()
{
    for (std::byte** mapping : {&m_data, &m_filling})
        if (*mapping != nullptr)
            munmap(std::exchange(*mapping, nullptr), m_size);
}

Result<SealedMemory> SealedMemory::create(std::string_view purpose)
{
    const std::string name = "vitrine-" + std::string(purpose);
    SealedMemory memory(memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (memory.m_descriptor < 0)
        return refused(0);
    return memory;
}

Result<SealedMemory> SealedMemory::adopt(int descriptor)
{
    SealedMemory memory(descriptor);
    struct stat facts = {};
    const int seals = descriptor < 0 ? -1 : fcntl(descriptor, F_GET_SEALS);
    const bool known = seals == 0 || seals == kSeals; // a file of the disk has F_SEAL_SEAL alone
    if (!known || fstat(descriptor, &facts) != 0 || facts.st_size < 0 ||
        (seals == kSeals && facts.st_size == 0))
        return badInput("descriptor " + std::to_string(descriptor) +
                        " is no memory that a process of Vitrine fills for others");
    if (seals == 0)
        return memory;
    memory.m_size = static_cast<std::size_t>(facts.st_size);
    if (const Result<void> mapped = memory.mapToRead(); !mapped)
        return mapped.error();
    return memory;
}

Result<std::byte*> SealedMemory::fill(std::size_t bytes)
{
    VT_CHECK(!m_sealed && bytes > 0);
    unmap();
    m_size = bytes;
    if (ftruncate(m_descriptor, 0) != 0 || ftruncate(m_descriptor, static_cast<off_t>(bytes)) != 0)
        return refused(bytes);
    void* data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, m_descriptor, 0);
    if (data == MAP_FAILED)
        return refused(bytes);
    m_filling = static_cast<std::byte*>(data);
    madvise(m_filling, bytes, MADV_HUGEPAGE); // where the system has them for shared memory
    return m_filling;
}

/// Nobody can be writing when it is sealed: the system refuses while a mapping to write is there.
Result<void> SealedMemory::seal()
{
    VT_CHECK(m_filling != nullptr);
    unmap();
    if (fcntl(m_descriptor, F_ADD_SEALS, kSeals) != 0)
        return internalError(std::string("memory that several processes read cannot be sealed: ") +
                             std::strerror(errno));
    return mapToRead();
}

Result<void> SealedMemory::mapToRead()
{
    m_sealed = true;
    void* data = mmap(nullptr, m_size, PROT_READ, MAP_SHARED, m_descriptor, 0);
    if (data == MAP_FAILED)
        return refused(m_size);
    m_data = static_cast<std::byte*>(data);
    madvise(data, m_size, MADV_HUGEPAGE);
    return {};
}

} // namespace vitrine::engine
