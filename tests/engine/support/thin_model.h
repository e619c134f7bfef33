// SPDX-License-Identifier: GPL-3.0-or-later
// The model that whole engines are tested with: the default one. Sanitizers look at every load of a weight,
// and there it is a thin slice of it: the same vocabulary, template and formats, three layers of a ninth of
// the width. It says nothing sensible, but goes through the same code, and its threads meet in the same
// places. The default model itself is computed under AddressSanitizer in the tests of executors.
#pragma once

#include <algorithm>
#include <cstdio>
#include <string>

#include <unistd.h>

#include "engine/formats/gguf_file.h"
#include "engine/model/default_model.h"
#include "tests/engine/support/gguf_writer.h"
#include "tests/support/sanitizer.h"

namespace vitrine::tests {

/// Writes the slice of a Llama with heads of 64 values; false when it cannot be written.
class ThinSlice
{
public:
    static bool write(const engine::GgufFile& whole, const std::string& path)
    {
        test::GgufWriter writer;
        writer.add("general.architecture", "llama").add("general.name", "Thin slice");
        writer.add("llama.block_count", kLayers).add("llama.embedding_length", kHidden);
        writer.add("llama.feed_forward_length", kFfn).add("llama.rope.dimension_count", kHead);
        writer.add("llama.attention.key_length", kHead).add("llama.attention.value_length", kHead);
        writer.add("llama.attention.head_count", kQueries / kHead);
        writer.add("llama.attention.head_count_kv", kKeys / kHead);
        for (const engine::MetadataEntry& entry : whole.metadata())
            if (isKept(entry.key))
                std::visit([&](const auto& value) { add(writer, entry.key, value); }, entry.value);
        for (const engine::TensorInfo& tensor : whole.tensors())
            addPart(writer, tensor);
        return writer.write(path);
    }

private:
    static constexpr std::uint32_t kLayers = 3, kHidden = 64, kFfn = 192, kHead = 64, kQueries = 192,
                                   kKeys = 64;

    static bool isKept(std::string_view key)
    {
        return key.starts_with("tokenizer.") || key == "llama.context_length" || key == "llama.vocab_size" ||
               key == "llama.rope.freq_base" || key == "llama.attention.layer_norm_rms_epsilon";
    }

    static void add(test::GgufWriter& writer, std::string_view key, double value)
    {
        writer.add(key, static_cast<float>(value));
    }
    static void add(test::GgufWriter& writer, std::string_view key, const engine::MetadataArray& values)
    {
        std::visit([&](const auto& list) { addList(writer, key, list); }, values);
    }
    template<class Value>
    static void add(test::GgufWriter& writer, std::string_view key, const Value& value)
    {
        writer.add(key, value);
    }
    static void addList(test::GgufWriter& writer, std::string_view key,
                        const std::vector<std::string_view>& texts)
    {
        writer.addArray(key, std::vector<std::string>(texts.begin(), texts.end()));
    }
    template<class Value>
    static void addList(test::GgufWriter& writer, std::string_view key, const std::vector<Value>& numbers)
    {
        if constexpr (!std::is_same_v<Value, bool>)
            writer.addArray(key, numbers);
    }

    /// How many of the rows (or columns) that lead into `name` are kept.
    static std::uint64_t rowsOf(std::string_view name, std::uint64_t all)
    {
        if (name.find("attn_q.") != name.npos)
            return kQueries;
        if (name.find("attn_k.") != name.npos || name.find("attn_v.") != name.npos)
            return kKeys;
        if (name.find("ffn_gate.") != name.npos || name.find("ffn_up.") != name.npos)
            return kFfn;
        return name == "token_embd.weight" ? all : std::min<std::uint64_t>(all, kHidden);
    }
    static std::uint64_t columnsOf(std::string_view name)
    {
        if (name.find("attn_output.") != name.npos)
            return kQueries;
        return name.find("ffn_down.") != name.npos ? kFfn : kHidden;
    }

    static void addPart(test::GgufWriter& writer, const engine::TensorInfo& tensor)
    {
        const std::string_view name = tensor.name;
        if (name.starts_with("blk.") && std::stoul(std::string(name.substr(4))) >= kLayers)
            return;
        const kernels::QuantInfo info = kernels::quantInfo(tensor.type);
        const std::uint64_t rows = rowsOf(name, tensor.rows()), columns = columnsOf(name);
        const std::uint64_t stride = tensor.bytes / tensor.rows();
        const std::uint64_t kept = columns / info.blockValues * info.blockBytes;
        test::Bytes data;
        data.reserve(rows * kept);
        for (std::uint64_t row = 0; row < rows; ++row)
            data.insert(data.end(), tensor.data + row * stride, tensor.data + row * stride + kept);
        std::vector<std::uint64_t> shape = {columns};
        if (tensor.dimensions > 1)
            shape.push_back(rows);
        writer.tensor(name, tensor.type, std::move(shape), std::move(data));
    }
};

/// The slice as a file that goes with the program; its path is empty when it could not be made.
class ThinFile
{
public:
    ThinFile()
    {
        const auto path = engine::findDefaultModel();
        const auto whole = path ? engine::GgufFile::open(*path) : path.error();
        char name[] = "/tmp/vitrine-thin-XXXXXX.gguf";
        const int file = whole ? mkstemps(name, 5) : -1;
        if (file < 0)
            return;
        close(file);
        m_path = name;
        if (!ThinSlice::write(*whole, m_path))
            m_path.clear();
    }
    ~ThinFile() { std::remove(m_path.c_str()); }
    ThinFile(const ThinFile&) = delete;
    ThinFile& operator=(const ThinFile&) = delete;

    const std::string& path() const { return m_path; }

private:
    std::string m_path;
};

/// Empty where there is none.
inline std::string wholeModelPath()
{
    const auto path = engine::findDefaultModel();
    return path ? *path : std::string();
}
inline std::string thinModelPath()
{
    static const ThinFile thin;
    return thin.path();
}
inline std::string servedModel()
{
    return kSanitized ? thinModelPath() : wholeModelPath();
}

/// Whether `text` is what the default model says; of the slice nothing is expected but that it speaks.
inline bool says(const std::string& text, const char* word)
{
    return kSanitized ? !text.empty() : text.find(word) != text.npos;
}

} // namespace vitrine::tests
