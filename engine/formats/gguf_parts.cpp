// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/gguf_parts.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

#include "engine/base/text.h"
#include "engine/formats/gguf_file.h"
#include "engine/formats/model_folder.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kDigits = 5;
constexpr std::string_view kBetween = "-of-";
constexpr std::string_view kSuffix = ".gguf";
constexpr std::string_view kCountKey = "split.count";
constexpr std::string_view kNumberKey = "split.no";
constexpr std::string_view kTensorsKey = "split.tensors.count";

bool isSuffix(std::string_view text)
{
    const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? char(a - 'A' + 'a') : a) == b; };
    return text.size() == kSuffix.size() && std::equal(text.begin(), text.end(), kSuffix.begin(), same);
}

std::optional<std::uint32_t> fiveDigits(std::string_view text)
{
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && text.size() == kDigits ? std::optional(value) : std::nullopt;
}

std::string padded(std::uint32_t number)
{
    const std::string digits = std::to_string(number);
    return digits.size() < kDigits ? std::string(kDigits - digits.size(), '0') + digits : digits;
}

std::uint64_t countOf(const GgufFile& file)
{
    return file.integer(kCountKey).value_or(1);
}

std::string partOf(std::uint64_t number, std::uint64_t count)
{
    return "part " + std::to_string(number) + " of " + std::to_string(count);
}

/// The name of a file that says it is one of several.
Result<PartName> nameOf(const GgufFile& file)
{
    const std::uint64_t count = countOf(file);
    if (count > kMostParts)
        return badInput(file.path() + ": it is split into " + std::to_string(count) + " files; " +
                        std::to_string(kMostParts) + " are the most that are read");
    std::optional<PartName> name = PartName::of(file.path());
    if (name && name->count == count)
        return std::move(*name);
    return badInput(file.path() + ": it is one of " + std::to_string(count) +
                    " files of a model, but its name does not end in \"-00001-of-" +
                    padded(static_cast<std::uint32_t>(count)) +
                    ".gguf\", so the others cannot be found; give it back its name");
}

/// `part` is number `number` of as many as `name` says.
Result<void> checkPart(const GgufFile& part, const PartName& name, std::uint32_t number)
{
    if (countOf(part) == name.count && part.integer(kNumberKey) == number - 1)
        return {};
    return badInput(part.path() + ": its name says " + partOf(number, name.count) + ", the file says " +
                    partOf(part.integer(kNumberKey).value_or(0) + 1, countOf(part)) +
                    "; download the parts again");
}

} // namespace

std::optional<PartName> PartName::of(std::string_view path)
{
    constexpr std::size_t kTail = 1 + kDigits + kBetween.size() + kDigits + kSuffix.size();
    if (path.size() < kTail)
        return std::nullopt;
    const std::string_view tail = path.substr(path.size() - kTail);
    const auto number = fiveDigits(tail.substr(1, kDigits));
    const auto count = fiveDigits(tail.substr(1 + kDigits + kBetween.size(), kDigits));
    const std::string_view extension = tail.substr(kTail - kSuffix.size());
    if (tail[0] != '-' || tail.substr(1 + kDigits, kBetween.size()) != kBetween || !isSuffix(extension) ||
        !number || !count || *number == 0 || *number > *count)
        return std::nullopt;
    return PartName{std::string(path.substr(0, path.size() - kTail)), std::string(extension), *number,
                    *count};
}

std::string PartName::path(std::uint32_t part) const
{
    return stem + "-" + padded(part) + std::string(kBetween) + padded(count) + extension;
}

Result<GgufFile> GgufFile::open(const std::string& path)
{
    if (const std::string folder = ModelFolder::folderOf(path); !folder.empty())
        return openFolder(folder);
    Result<GgufFile> file = openOne(path);
    if (!file || countOf(*file) <= 1)
        return file;
    Result<PartName> name = nameOf(*file);
    if (!name)
        return name.error();
    if (name->number != 1) // whichever was chosen, the model is meant
        file = openOne(name->path(1));
    if (!file)
        return file;
    if (Result<void> right = checkPart(*file, *name, 1); !right)
        return right.error();
    for (std::uint32_t number = 2; number <= name->count; ++number) {
        Result<GgufFile> part = openOne(name->path(number));
        if (!part)
            return badInput(partOf(number, name->count) + " of the model: " + part.error().message);
        if (Result<void> right = checkPart(*part, *name, number); !right)
            return right.error();
        file->m_parts.push_back(std::move(*part));
    }
    if (Result<void> joined = file->joinParts(); !joined)
        return joined.error();
    return file;
}

Result<void> GgufFile::indexTensors(const char* isTwice)
{
    m_tensorsByName.resize(m_tensors.size());
    std::iota(m_tensorsByName.begin(), m_tensorsByName.end(), 0U);
    const auto named = [&](std::uint32_t i) { return m_tensors[i].name; };
    std::sort(m_tensorsByName.begin(), m_tensorsByName.end(),
              [&](auto a, auto b) { return named(a) < named(b); });
    const auto twice = std::adjacent_find(m_tensorsByName.begin(), m_tensorsByName.end(),
                                          [&](auto a, auto b) { return named(a) == named(b); });
    if (twice != m_tensorsByName.end())
        return badInput(m_path + ": tensor " + quoted(spelled(named(*twice))) + " " + isTwice);
    return {};
}

Result<void> GgufFile::joinParts()
{
    for (GgufFile& part : m_parts)
        m_tensors.insert(m_tensors.end(), part.m_tensors.begin(), part.m_tensors.end());
    if (Result<void> indexed = indexTensors("is in two parts of the model"); !indexed)
        return indexed;
    const std::uint64_t claimed = integer(kTensorsKey).value_or(m_tensors.size());
    if (claimed != m_tensors.size())
        return badInput(m_path + ": the model has " + std::to_string(claimed) + " tensors, its parts hold " +
                        std::to_string(m_tensors.size()) + "; download the parts again");
    return {};
}

} // namespace vitrine::engine
