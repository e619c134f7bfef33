// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/mapped_file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace vitrine::engine {

namespace {

/// Closes the descriptor at the end of the scope: the mapping outlives it.
class Descriptor
{
public:
    // O_NONBLOCK: opening a pipe by mistake must not wait for a writer.
    explicit Descriptor(const std::string& path)
        : m_value(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK))
    {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (m_value >= 0)
            ::close(m_value);
    }
    int value() const { return m_value; }

private:
    int m_value;
};

Error systemError(const std::string& path, const char* what)
{
    return badInput(path + ": " + what + ": " + std::strerror(errno));
}

std::string identityOf(const struct stat& status)
{
    std::string text;
    for (const std::int64_t fact :
         {static_cast<std::int64_t>(status.st_dev), static_cast<std::int64_t>(status.st_ino),
          static_cast<std::int64_t>(status.st_size), static_cast<std::int64_t>(status.st_mtim.tv_sec),
          static_cast<std::int64_t>(status.st_mtim.tv_nsec)})
        text += (text.empty() ? "" : "-") + std::to_string(fact);
    return text;
}

} // namespace

Result<MappedFile> MappedFile::open(const std::string& path)
{
    if (path.find('\0') != std::string::npos)
        return badInput("a file name cannot hold a zero byte");
    const Descriptor file(path);
    if (file.value() < 0)
        return systemError(path, "cannot open the file");
    struct stat status = {};
    if (::fstat(file.value(), &status) != 0)
        return systemError(path, "cannot read the file's size");
    if (S_ISDIR(status.st_mode))
        return badInput(path + ": is a folder, not a file");
    if (!S_ISREG(status.st_mode))
        return badInput(path + ": is not a regular file");
    if (status.st_size == 0)
        return badInput(path + ": the file is empty");
    const auto size = static_cast<std::size_t>(status.st_size);
    void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.value(), 0);
    if (address == MAP_FAILED)
        return systemError(path, "cannot map the file into memory");
    MappedFile mapped;
    mapped.m_data = static_cast<const std::uint8_t*>(address);
    mapped.m_size = size;
    mapped.m_identity = identityOf(status);
    mapped.m_guard = MappingGuard(mapped.m_data, size);
    return mapped;
}

void MappedFile::release(std::span<const std::uint8_t> part) const
{
    if (m_data == nullptr || part.empty())
        return;
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const auto offset = static_cast<std::size_t>(part.data() - m_data); // the mapping starts with a page
    const std::size_t first = (offset + page - 1) / page * page;
    const std::size_t end = offset + part.size() == m_size ? m_size : (offset + part.size()) / page * page;
    if (first < end) // a hint: where the system does not take it nothing is lost but memory
        ::madvise(const_cast<std::uint8_t*>(m_data) + first, end - first, MADV_DONTNEED);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0)),
      m_identity(std::move(other.m_identity)), m_guard(std::move(other.m_guard))
{}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept
{
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    std::swap(m_identity, other.m_identity);
    std::swap(m_guard, other.m_guard);
    return *this;
}

MappedFile::~MappedFile()
{
    m_guard = MappingGuard(); // before another mapping may take this place
    if (m_data != nullptr)
        ::munmap(const_cast<std::uint8_t*>(m_data), m_size);
}

} // namespace vitrine::engine
