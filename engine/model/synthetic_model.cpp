// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/synthetic_model.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "engine/model/synthetic_blocks.h"
#include "engine/telemetry/machine.h"

namespace vitrine::engine {

using kernels::QuantType;

namespace {

// Sizes as their makers publish them.
constexpr SyntheticShape kShapes[] = {
    {"tiny", 256, 2, 4, 2, 64, 512, 32000, 4096, 10'000.0F, true},
    {"smollm2-135m", 576, 30, 9, 3, 64, 1536, 49152, 8192, 100'000.0F, true},
    {"qwen3-0.6b", 1024, 28, 16, 8, 128, 3072, 151936, 40960, 1'000'000.0F, true},
    {"llama-3.2-1b", 2048, 16, 32, 8, 64, 8192, 128256, 131072, 500'000.0F, true},
    {"llama-3.1-8b", 4096, 32, 32, 8, 128, 14336, 128256, 131072, 500'000.0F, false},
    {"tiny-moe", 256, 2, 4, 2, 64, 512, 32000, 4096, 10'000.0F, true, 16, 4, 128},
    {"granite-1b-a400m", 1024, 24, 16, 8, 64, 512, 49155, 4096, 10'000.0F, true, 32, 8, 512},
    {"qwen3-30b-a3b", 2048, 48, 32, 4, 128, 6144, 151936, 40960, 1'000'000.0F, false, 128, 8, 768},
    {"mixtral-8x7b", 4096, 32, 32, 8, 128, 14336, 32000, 32768, 1'000'000.0F, false, 8, 2, 14336},
};

constexpr std::uint64_t kAlignment = 32;  // as the format has it where the file says nothing else
constexpr std::size_t kPiece = 1U << 20U; // bytes that are made at a time, about

struct Tensor
{
    std::string name;
    QuantType type{};
    std::uint64_t columns = 0, rows = 0; ///< rows 0: a vector
    std::uint64_t matrices = 0;          ///< in a stack of them; 0: none
    std::uint64_t allRows() const
    {
        return std::max<std::uint64_t>(rows, 1) * std::max<std::uint64_t>(matrices, 1);
    }
    std::uint64_t bytes() const
    {
        const kernels::QuantInfo info = kernels::quantInfo(type);
        return allRows() * columns / info.blockValues * info.blockBytes;
    }
    std::vector<std::uint64_t> shape() const
    {
        std::vector<std::uint64_t> sizes{columns};
        for (const std::uint64_t size : {rows, matrices})
            if (size > 0)
                sizes.push_back(size);
        return sizes;
    }
};

std::uint64_t padded(std::uint64_t bytes)
{
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

/// The description at the beginning of a file.
class Header
{
public:
    template<class Number>
    void number(Number value)
    {
        m_bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void text(std::string_view value)
    {
        number<std::uint64_t>(value.size());
        m_bytes += value;
    }
    void entry(std::string_view key, std::string_view value)
    {
        begin(key, 8);
        text(value);
    }
    void entry(std::string_view key, std::uint32_t value)
    {
        begin(key, 4);
        number(value);
    }
    void entry(std::string_view key, float value)
    {
        begin(key, 6);
        number(value);
    }
    void list(std::string_view key, std::uint32_t elementType, std::uint64_t count)
    {
        begin(key, 9);
        number(elementType);
        number(count);
    }
    std::uint64_t entries() const { return m_entries; }
    std::string take() { return std::move(m_bytes); }

private:
    void begin(std::string_view key, std::uint32_t type)
    {
        ++m_entries;
        text(key);
        number(type);
    }

    std::string m_bytes;
    std::uint64_t m_entries = 0;
};

void describeSizes(Header& header, const SyntheticShape& shape)
{
    header.entry("general.architecture", "llama");
    header.entry("general.name", std::string("Random weights, ") + shape.name);
    header.entry("llama.context_length", shape.context);
    header.entry("llama.embedding_length", shape.hidden);
    header.entry("llama.block_count", shape.layers);
    header.entry("llama.feed_forward_length", shape.ffn);
    header.entry("llama.attention.head_count", shape.heads);
    header.entry("llama.attention.head_count_kv", shape.kvHeads);
    header.entry("llama.attention.key_length", shape.headDim);
    header.entry("llama.attention.value_length", shape.headDim);
    header.entry("llama.attention.layer_norm_rms_epsilon", 1e-5F);
    header.entry("llama.rope.freq_base", shape.ropeBase);
    if (shape.experts == 0)
        return;
    header.entry("llama.expert_count", shape.experts);
    header.entry("llama.expert_used_count", shape.expertsPerToken);
    header.entry("llama.expert_feed_forward_length", shape.expertFfn);
}

std::string tokenText(std::uint32_t id)
{
    if (id < 3)
        return id == 0 ? "<unk>" : id == 1 ? "<s>" : "</s>";
    constexpr char kDigits[] = "0123456789ABCDEF";
    const std::uint32_t byte = id - 3;
    return byte < 256 ? std::string("<0x") + kDigits[byte / 16] + kDigits[byte % 16] + ">"
                      : std::string("x").append(std::to_string(id));
}

void describeVocabulary(Header& header, std::uint32_t vocab)
{
    constexpr std::int32_t kNormal = 1, kUnknown = 2, kControl = 3, kByte = 6;
    header.entry("tokenizer.ggml.model", "llama");
    header.entry("tokenizer.ggml.bos_token_id", 1U);
    header.entry("tokenizer.ggml.eos_token_id", 2U);
    header.entry("tokenizer.ggml.unknown_token_id", 0U);
    header.list("tokenizer.ggml.tokens", 8, vocab);
    for (std::uint32_t id = 0; id < vocab; ++id)
        header.text(tokenText(id));
    header.list("tokenizer.ggml.token_type", 5, vocab);
    for (std::uint32_t id = 0; id < vocab; ++id)
        header.number(id == 0 ? kUnknown : id < 3 ? kControl : id < 259 ? kByte : kNormal);
    header.list("tokenizer.ggml.scores", 6, vocab);
    for (std::uint32_t id = 0; id < vocab; ++id)
        header.number(0.0F);
}

/// What lies in the file, in its order.
std::vector<Tensor> tensorsOf(const SyntheticShape& shape, QuantType type)
{
    std::vector<Tensor> tensors;
    const auto stack = [&](const std::string& name, std::uint64_t matrices, std::uint64_t rows,
                           std::uint64_t columns) {
        const bool whole = columns % kernels::quantInfo(type).blockValues == 0;
        tensors.push_back({name, whole ? type : QuantType::Q8_0, columns, rows, matrices});
    };
    const auto matrix = [&](const std::string& name, std::uint64_t rows, std::uint64_t columns) {
        stack(name, 0, rows, columns);
    };
    const auto norm = [&](const std::string& name) {
        tensors.push_back({name, QuantType::F32, shape.hidden});
    };
    const std::uint64_t queries = std::uint64_t{shape.heads} * shape.headDim;
    const std::uint64_t keys = std::uint64_t{shape.kvHeads} * shape.headDim;
    matrix("token_embd.weight", shape.vocab, shape.hidden);
    norm("output_norm.weight");
    if (!shape.tied)
        matrix("output.weight", shape.vocab, shape.hidden);
    for (std::uint32_t layer = 0; layer < shape.layers; ++layer) {
        const std::string prefix = std::string("blk.").append(std::to_string(layer)).append(".");
        norm(prefix + "attn_norm.weight");
        matrix(prefix + "attn_q.weight", queries, shape.hidden);
        matrix(prefix + "attn_k.weight", keys, shape.hidden);
        matrix(prefix + "attn_v.weight", keys, shape.hidden);
        matrix(prefix + "attn_output.weight", shape.hidden, queries);
        norm(prefix + "ffn_norm.weight");
        if (shape.experts == 0) {
            matrix(prefix + "ffn_gate.weight", shape.ffn, shape.hidden);
            matrix(prefix + "ffn_up.weight", shape.ffn, shape.hidden);
            matrix(prefix + "ffn_down.weight", shape.hidden, shape.ffn);
            continue;
        }
        tensors.push_back({prefix + "ffn_gate_inp.weight", QuantType::BF16, shape.hidden, shape.experts});
        stack(prefix + "ffn_gate_exps.weight", shape.experts, shape.expertFfn, shape.hidden);
        stack(prefix + "ffn_up_exps.weight", shape.experts, shape.expertFfn, shape.hidden);
        stack(prefix + "ffn_down_exps.weight", shape.experts, shape.hidden, shape.expertFfn);
    }
    return tensors;
}

std::string headerOf(const SyntheticShape& shape, const std::vector<Tensor>& tensors)
{
    Header entries, head, places;
    describeSizes(entries, shape);
    describeVocabulary(entries, shape.vocab);
    std::uint64_t offset = 0;
    for (const Tensor& tensor : tensors) {
        places.text(tensor.name);
        const std::vector<std::uint64_t> sizes = tensor.shape();
        places.number(static_cast<std::uint32_t>(sizes.size()));
        for (const std::uint64_t size : sizes)
            places.number(size);
        places.number(static_cast<std::uint32_t>(tensor.type));
        places.number(offset);
        offset += padded(tensor.bytes());
    }
    head.number<std::uint32_t>(0x46554747); // "GGUF"
    head.number<std::uint32_t>(3);
    head.number<std::uint64_t>(tensors.size());
    head.number(entries.entries());
    std::string bytes = head.take() + entries.take() + places.take();
    bytes.resize(padded(bytes.size()));
    return bytes;
}

Result<void> writeAll(int file, const void* data, std::size_t bytes)
{
    const char* at = static_cast<const char*>(data);
    while (bytes > 0) {
        const ssize_t written = ::write(file, at, bytes);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return outOfResources(std::string("the synthetic model cannot be written into memory: ") +
                                  std::strerror(errno));
        at += written;
        bytes -= static_cast<std::size_t>(written);
    }
    return {};
}

Result<void> writeTensor(int file, const Tensor& tensor, SyntheticRandom& random)
{
    if (tensor.type == QuantType::F32) {
        const std::vector<float> ones(tensor.columns, 1.0F);
        return writeAll(file, ones.data(), padded(tensor.bytes())); // a width of whole 32 bytes, see make()
    }
    const float size = 1.0F / std::sqrt(static_cast<float>(tensor.columns));
    const std::uint64_t row = tensor.bytes() / tensor.allRows();
    std::vector<std::uint8_t> piece(std::max<std::uint64_t>(kPiece / row, 1) * row);
    for (std::uint64_t left = tensor.bytes(); left > 0; left -= std::min<std::uint64_t>(left, piece.size())) {
        piece.resize(std::min<std::uint64_t>(left, piece.size()));
        fillSyntheticBlocks(tensor.type, size, random, piece);
        if (Result<void> written = writeAll(file, piece.data(), piece.size()); !written)
            return written;
    }
    const std::uint8_t gap[kAlignment] = {};
    return writeAll(file, gap, padded(tensor.bytes()) - tensor.bytes());
}

/// Every row is made of whole blocks.
Result<void> checkRequest(const SyntheticShape& shape, QuantType type)
{
    if (type != QuantType::BF16 && type != QuantType::Q8_0 && type != QuantType::Q4_K)
        return invalidArgument("a synthetic model has weights of BF16, Q8_0 or Q4_K");
    const std::uint64_t queries = std::uint64_t{shape.heads} * shape.headDim;
    if (shape.hidden % 32 != 0 || shape.ffn % 32 != 0 || shape.expertFfn % 32 != 0 || queries % 32 != 0 ||
        shape.vocab < 259)
        return invalidArgument(std::string("the shape \"") + shape.name +
                               "\" needs widths in multiples of 32 and 259 tokens or more");
    return {};
}

} // namespace

std::span<const SyntheticShape> syntheticShapes()
{
    return kShapes;
}

const SyntheticShape* findSyntheticShape(std::string_view name)
{
    const auto* const found =
        std::find_if(std::begin(kShapes), std::end(kShapes),
                     [name](const SyntheticShape& shape) { return name == shape.name; });
    return found == std::end(kShapes) ? nullptr : found;
}

Result<SyntheticModel> SyntheticModel::make(const SyntheticShape& shape, QuantType type, std::uint64_t seed)
{
    if (const Result<void> good = checkRequest(shape, type); !good)
        return good.error();
    const std::vector<Tensor> tensors = tensorsOf(shape, type);
    const std::string header = headerOf(shape, tensors);
    std::uint64_t bytes = header.size();
    for (const Tensor& tensor : tensors)
        bytes += padded(tensor.bytes());
    const std::uint64_t available = machineMemory().availableBytes;
    if (available > 0 && bytes > available)
        return outOfResources("the synthetic model takes " + std::to_string(bytes >> 20U) + " MiB and " +
                              std::to_string(available >> 20U) +
                              " MiB of memory are free; take a smaller shape or fewer bits a weight");
    SyntheticModel model(::memfd_create("vitrine-synthetic", MFD_CLOEXEC));
    if (model.m_file < 0)
        return outOfResources(std::string("no file can be made in memory: ") + std::strerror(errno));
    if (const Result<void> written = writeAll(model.m_file, header.data(), header.size()); !written)
        return written.error();
    SyntheticRandom random(seed);
    for (const Tensor& tensor : tensors)
        if (const Result<void> written = writeTensor(model.m_file, tensor, random); !written)
            return written.error();
    return model;
}

SyntheticModel::SyntheticModel(SyntheticModel&& other) noexcept : m_file(std::exchange(other.m_file, -1)) {}

SyntheticModel::~SyntheticModel()
{
    if (m_file >= 0)
        ::close(m_file);
}

std::string SyntheticModel::path() const
{
    return "/proc/self/fd/" + std::to_string(m_file);
}

} // namespace vitrine::engine
