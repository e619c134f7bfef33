// SPDX-License-Identifier: GPL-3.0-or-later
// A GGUF file (versions 2 and 3, little-endian), memory-mapped and checked.
// Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
// A folder with config.json and safetensors (model_folder.h) is opened as if it were one: under the keys and
// tensor names of GGUF files, so that nothing else has to know two kinds. Some of its tensors are made by
// `fill`.
//
// Every length, offset, type and alignment is checked at `open`; a file that lies is refused with
// file, field and byte offset. After `open` no accessor can fail for a listed tensor or key.
// Owner: ModelFile or a tool; immutable after `open`, so any thread may read. Views into the mapping
// (string_view, TensorInfo::data) live as long as the object; it moves but does not copy.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/result.h"
#include "engine/formats/mapped_file.h"
#include "kernels/quant_type.h"

namespace vitrine::engine {

using MetadataArray = std::variant<std::vector<std::int64_t>, std::vector<std::uint64_t>, std::vector<double>,
                                   std::vector<bool>, std::vector<std::string_view>>;
/// Integers widen to 64 bits, floats to double. Nested arrays are refused.
using MetadataValue =
    std::variant<std::int64_t, std::uint64_t, double, bool, std::string_view, MetadataArray>;

class ModelFolder;

struct MetadataEntry
{
    std::string_view key;
    MetadataValue value;
};

struct TensorInfo
{
    std::string_view name;
    kernels::QuantType type{};
    std::uint32_t dimensions = 0;
    std::array<std::uint64_t, 4> shape{1, 1, 1, 1}; ///< innermost (contiguous) first, as in the file
    std::uint64_t bytes = 0;
    const std::uint8_t* data = nullptr; ///< inside the mapping, `bytes` long, aligned as the file says

    std::uint64_t columns() const { return shape[0]; }
    std::uint64_t rows() const { return shape[1] * shape[2] * shape[3]; }
};

class GgufFile
{
public:
    /// A model that is split into several files (gguf_parts.h) is opened whole, whichever of them is named;
    /// so is a folder (model_folder.h), named itself or by one of its files.
    static Result<GgufFile> open(const std::string& path);
    /// As `open`, on bytes already in memory (tests, fuzzing); `bytes` must outlive the object.
    static Result<GgufFile> parse(std::span<const std::uint8_t> bytes, std::string name);

    /// Bytes that a file has when it is whole, by what its header says; 0: it does not come so far. For files
    /// that `open` refuses as incomplete.
    static std::uint64_t wholeBytes(const std::string& path);

    const std::string& path() const { return m_path; }  ///< of the first, where there are several
    std::uint32_t version() const { return m_version; } ///< 0: a folder
    std::size_t files() const;
    const ModelFolder* folder() const { return m_folder.get(); } ///< nullptr: it is a file
    std::string identity() const;    ///< of all files that are mapped (MappedFile::identity()); empty: none
    std::uint64_t fileBytes() const; ///< of all files together
    std::span<const MetadataEntry> metadata() const { return m_metadata; } ///< of the first, in file order
    std::span<const TensorInfo> tensors() const { return m_tensors; }      ///< in file order
    /// Where the data of one of tensors() lies: file, and the byte of it where they begin.
    const std::string& pathOf(const TensorInfo& tensor) const;
    std::uint64_t offsetOf(const TensorInfo& tensor) const;

    /// Before values of tensors are read, on the loading thread: makes those that a folder does not have as
    /// they are needed, once. With `check`, all weights of a folder are read, and refused where they are no
    /// numbers. Cancelled: `progress` (0…1, may be empty) said false. Nothing to do for a file.
    Result<void> fill(bool check, const std::function<bool(double)>& progress = {}) const;
    std::uint64_t convertedBytes() const; ///< that `fill` takes of memory
    /// A key or a tensor's name as people find it in the files: of a folder those of its own.
    std::string spelled(std::string_view name) const;

    /// What a reader is done with leaves memory until it is read again. Nothing when parsed from memory.
    /// REQUIRES: part is of one tensor, or of what lies about it; memory that is no file's is left alone.
    void release(std::span<const std::uint8_t> part) const;
    void releaseAll() const;
    /// Part of a file went away after it was opened and has been read as zeros since.
    bool lost() const;

    const MetadataValue* find(std::string_view key) const;     ///< nullptr when absent
    const TensorInfo* findTensor(std::string_view name) const; ///< nullptr when absent

    // Typed look-ups: nullopt when absent or of another kind. Integers of either sign convert when they fit.
    std::optional<std::uint64_t> integer(std::string_view key) const;
    std::optional<double> number(std::string_view key) const; ///< integers too
    std::optional<bool> boolean(std::string_view key) const;
    std::optional<std::string_view> text(std::string_view key) const;
    const std::vector<std::string_view>* texts(std::string_view key) const; ///< nullptr when absent
    std::optional<std::vector<double>> numbers(std::string_view key) const; ///< any numeric array

private:
    friend class GgufParser;
    GgufFile() = default;
    static Result<GgufFile> openOne(const std::string& path);
    static Result<GgufFile> openFolder(const std::string& folder);
    /// The tensors of m_parts become this file's.
    Result<void> joinParts();
    Result<void> indexTensors(const char* twice); ///< that error for a name that is there twice
    bool contains(const std::uint8_t* data) const;
    const GgufFile& holderOf(const std::uint8_t* data) const;

    std::string m_path;
    MappedFile m_mapping; // empty when parsed from memory
    std::span<const std::uint8_t> m_bytes;
    std::uint32_t m_version = 0;
    std::vector<MetadataEntry> m_metadata;
    std::vector<TensorInfo> m_tensors;
    std::vector<std::uint32_t> m_metadataByKey; // sorted by key, binary search
    std::vector<std::uint32_t> m_tensorsByName;
    std::shared_ptr<const ModelFolder> m_folder; // nullptr: a file
    std::vector<GgufFile> m_parts;               // the second file and those after it
};

} // namespace vitrine::engine
