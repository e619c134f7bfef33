// SPDX-License-Identifier: GPL-3.0-or-later
// Fills a GgufFile from its bytes, or says which field at which byte is wrong. Used once, by
// GgufFile::open and GgufFile::parse.
//
// What it allocates is bounded by the bytes there are: a claimed count is compared with what is left of the
// file, at the least size of an element, before room is made for it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/byte_reader.h"
#include "engine/formats/gguf_file.h"

namespace vitrine::engine {

class GgufParser
{
public:
    /// Borrows `file`, whose bytes and path are set.
    explicit GgufParser(GgufFile& file) : m_file(file), m_reader(file.m_bytes) {}

    Result<void> run();
    /// The file's size by the places of its tensors; 0 before run() has come so far.
    std::uint64_t wholeBytes() const { return m_wholeBytes; }

private:
    Result<void> readHeader();
    Result<void> checkVersion();
    Result<void> readMetadata();
    Result<void> readKey(std::string_view& key);
    Result<void> readValue(std::uint32_t type, MetadataValue& value);
    Result<void> readArray(MetadataValue& value);
    Result<void> readArrayHead(std::uint32_t& type, std::uint64_t& count);
    Result<void> readBoolean(bool& value);
    Result<void> readString(std::string_view& text, const char* what);
    Result<void> readBooleans(std::uint64_t count, MetadataValue& value);
    Result<void> readStrings(std::uint64_t count, MetadataValue& value);

    Result<void> readAlignment();
    Result<void> readTensors();
    Result<void> readTensor(TensorInfo& tensor);
    Result<void> readShape(TensorInfo& tensor);
    Result<void> readType(TensorInfo& tensor);
    Result<void> placeTensors();
    void measureWhole(std::uint64_t dataStart);
    Result<void> checkOverlap();
    Result<void> indexKeys();
    Result<void> indexTensors();

    /// "PATH: FIELD: WHAT (at byte AT)"
    Error refused(const std::string& what, std::uint64_t at) const;
    Error truncated(const char* what) const;

    GgufFile& m_file;
    ByteReader m_reader;
    std::string m_field = "header";
    std::uint64_t m_tensorCount = 0;
    std::uint64_t m_keyCount = 0;
    std::uint64_t m_arrayElements = 0; // of all arrays so far
    std::uint64_t m_alignment = 32;
    std::uint64_t m_wholeBytes = 0;
    std::vector<std::uint64_t> m_offsets;     // of each tensor, from the start of the data
    std::vector<std::uint64_t> m_descriptors; // byte where each tensor's description begins
};

} // namespace vitrine::engine
