// SPDX-License-Identifier: GPL-3.0-or-later
// A file mapped read-only into memory; unmapped by the destructor. Moves, does not copy. Any thread.
// Bytes that the file loses meanwhile read as zeros; lost() tells.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/base/result.h"
#include "engine/formats/mapping_guard.h"

namespace vitrine::engine {

class MappedFile
{
public:
    static Result<MappedFile> open(const std::string& path);

    MappedFile() = default;
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    std::span<const std::uint8_t> bytes() const { return {m_data, m_size}; }
    /// Whole pages within `part` leave this process's memory. Reading them again brings them back from the
    /// file. REQUIRES: part lies within bytes().
    void release(std::span<const std::uint8_t> part) const;
    /// A read has met bytes that the file had when it was opened and has no more.
    bool lost() const { return m_guard.lost(); }
    /// Which file it was when it was mapped (device, inode, size, time of change): equal for two processes
    /// that have mapped the same bytes, also where another file has its name since. Empty: nothing is mapped.
    const std::string& identity() const { return m_identity; }

private:
    const std::uint8_t* m_data = nullptr;
    std::size_t m_size = 0;
    std::string m_identity;
    MappingGuard m_guard;
};

} // namespace vitrine::engine
