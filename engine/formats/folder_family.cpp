// SPDX-License-Identifier: GPL-3.0-or-later
// Defaults: those of the classes in https://github.com/huggingface/transformers that read these files.
#include "engine/formats/folder_family.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace vitrine::engine {

namespace {

constexpr std::array kFamilies{
    FolderFamily{.modelType = "llama", .architecture = "llama"},
    FolderFamily{.modelType = "mistral", .architecture = "llama", .window = WindowRule::WhereGiven},
    FolderFamily{.modelType = "mixtral",
                 .architecture = "llama",
                 .window = WindowRule::WhereGiven,
                 .normEpsilon = 1e-5,
                 .ropeBase = 1e6},
    FolderFamily{
        .modelType = "qwen2", .architecture = "qwen2", .window = WindowRule::WhereUsed, .needsBiases = true},
    FolderFamily{
        .modelType = "qwen3", .architecture = "qwen3", .window = WindowRule::WhereUsed, .headDim = 128},
    FolderFamily{.modelType = "qwen3_moe", .architecture = "qwen3moe", .window = WindowRule::WhereUsed},
    FolderFamily{.modelType = "gemma2",
                 .architecture = "gemma2",
                 .window = WindowRule::WhereGiven,
                 .headDim = 256,
                 .windowTokens = 4096,
                 .gelu = true,
                 .sandwichNorms = true,
                 .normsFromOne = true,
                 .tiedUnlessTold = true},
    FolderFamily{.modelType = "gemma3_text",
                 .architecture = "gemma3",
                 .window = WindowRule::WhereGiven,
                 .ropeBase = 1e6,
                 .headDim = 256,
                 .windowTokens = 4096,
                 .heads = 8,
                 .kvHeads = 4,
                 .context = 131072,
                 .gelu = true,
                 .sandwichNorms = true,
                 .normsFromOne = true,
                 .tiedUnlessTold = true},
    FolderFamily{
        .modelType = "phi3", .architecture = "phi3", .window = WindowRule::WhereGiven, .normEpsilon = 1e-5},
    FolderFamily{.modelType = "smollm3",
                 .architecture = "smollm3",
                 .window = WindowRule::WhereUsed,
                 .ropeBase = 2e6,
                 .tiedUnlessTold = true},
    FolderFamily{.modelType = "granite", .architecture = "granite"},
    FolderFamily{.modelType = "olmo2", .architecture = "olmo2", .normEpsilon = 1e-5, .sandwichNorms = true},
    FolderFamily{.modelType = "olmo3",
                 .architecture = "olmo2",
                 .window = WindowRule::WhereGiven,
                 .normEpsilon = 1e-5,
                 .sandwichNorms = true},
    FolderFamily{.modelType = "gpt_oss",
                 .architecture = "gpt-oss",
                 .window = WindowRule::WhereGiven,
                 .normEpsilon = 1e-5,
                 .ropeBase = 150000.0,
                 .headDim = 64,
                 .windowTokens = 128},
};

struct NamePair
{
    std::string_view folder, gguf;
};

// Without ".weight" and ".bias", which both have.
constexpr std::array kOutside{NamePair{"model.embed_tokens", "token_embd"},
                              NamePair{"model.norm", "output_norm"}, NamePair{"lm_head", "output"}};
constexpr std::array kInLayer{
    NamePair{"self_attn.q_proj", "attn_q"},
    NamePair{"self_attn.k_proj", "attn_k"},
    NamePair{"self_attn.v_proj", "attn_v"},
    NamePair{"self_attn.qkv_proj", "attn_qkv"},
    NamePair{"self_attn.o_proj", "attn_output"},
    NamePair{"self_attn.q_norm", "attn_q_norm"},
    NamePair{"self_attn.k_norm", "attn_k_norm"},
    NamePair{"self_attn.sinks", "attn_sinks.weight"},
    NamePair{"input_layernorm", "attn_norm"},
    NamePair{"pre_feedforward_layernorm", "ffn_norm"},
    NamePair{"post_feedforward_layernorm", "post_ffw_norm"},
    NamePair{"mlp.gate_proj", "ffn_gate"},
    NamePair{"mlp.up_proj", "ffn_up"},
    NamePair{"mlp.gate_up_proj", "ffn_up"},
    NamePair{"mlp.down_proj", "ffn_down"},
    NamePair{"mlp.gate", "ffn_gate_inp"},
    NamePair{"mlp.router", "ffn_gate_inp"},
    NamePair{"block_sparse_moe.gate", "ffn_gate_inp"},
};
// Of one expert, behind "mlp.experts.3." or "block_sparse_moe.experts.3.".
constexpr std::array kOfExpert{
    NamePair{"gate_proj.weight", "ffn_gate_exps.weight"}, NamePair{"up_proj.weight", "ffn_up_exps.weight"},
    NamePair{"down_proj.weight", "ffn_down_exps.weight"}, NamePair{"w1.weight", "ffn_gate_exps.weight"},
    NamePair{"w3.weight", "ffn_up_exps.weight"},          NamePair{"w2.weight", "ffn_down_exps.weight"}};
constexpr std::string_view kBehindAttention = "post_attention_layernorm";
constexpr std::string_view kLayers = "model.layers.", kBlocks = "blk.";
constexpr std::string_view kExperts[] = {"mlp.experts.", "block_sparse_moe.experts."};
constexpr std::string_view kEndings[] = {".weight", ".bias", ""};

bool take(std::string_view& text, std::string_view start)
{
    if (!text.starts_with(start))
        return false;
    text.remove_prefix(start.size());
    return true;
}

/// A number without leading zeros, and the point behind it.
std::optional<std::uint32_t> takeNumber(std::string_view& text)
{
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto length = static_cast<std::size_t>(end - text.data());
    if (error != std::errc() || length == text.size() || *end != '.' || (text[0] == '0' && length > 1))
        return std::nullopt;
    text.remove_prefix(length + 1);
    return number;
}

std::string_view behindAttention(const FolderFamily& family)
{
    return family.sandwichNorms ? "post_attention_norm" : "ffn_norm";
}

/// "" when no pair has it.
std::string renamed(std::string_view name, std::span<const NamePair> pairs, std::string_view NamePair::*from,
                    std::string_view NamePair::*to)
{
    for (const std::string_view ending : kEndings) {
        if (!name.ends_with(ending))
            continue;
        const std::string_view stem = name.substr(0, name.size() - ending.size());
        for (const NamePair& pair : pairs)
            if (pair.*from == stem)
                return std::string(pair.*to) + std::string(ending);
    }
    return {};
}

std::optional<FolderName> inLayer(std::string_view name, const FolderFamily& family)
{
    for (const std::string_view start : kExperts) {
        std::string_view rest = name;
        if (!take(rest, start))
            continue;
        const auto expert = takeNumber(rest);
        const auto* pair = std::find_if(kOfExpert.begin(), kOfExpert.end(),
                                        [&](const NamePair& p) { return p.folder == rest; });
        if (!expert || pair == kOfExpert.end())
            return std::nullopt;
        return FolderName{std::string(pair->gguf), expert};
    }
    if (std::string_view rest = name; take(rest, kBehindAttention))
        return FolderName{std::string(behindAttention(family)) + std::string(rest), {}};
    std::string known = renamed(name, kInLayer, &NamePair::folder, &NamePair::gguf);
    return known.empty() ? std::nullopt : std::optional(FolderName{std::move(known), {}});
}

} // namespace

const FolderFamily* findFolderFamily(std::string_view modelType)
{
    const auto* found = std::find_if(kFamilies.begin(), kFamilies.end(),
                                     [&](const FolderFamily& f) { return f.modelType == modelType; });
    return found == kFamilies.end() ? nullptr : found;
}

std::optional<FolderName> ggufNameOf(std::string_view folderName, const FolderFamily& family)
{
    const std::string whole = unwrapped(folderName);
    std::string_view name = whole;
    if (!take(name, kLayers)) {
        std::string known = renamed(name, kOutside, &NamePair::folder, &NamePair::gguf);
        return known.empty() ? std::nullopt : std::optional(FolderName{std::move(known), {}});
    }
    const auto layer = takeNumber(name);
    auto found = layer ? inLayer(name, family) : std::nullopt;
    if (found)
        found->name = std::string(kBlocks) + std::to_string(*layer) + "." + found->name;
    return found;
}

std::string folderNameOf(std::string_view ggufName, const FolderFamily& family)
{
    std::string_view name = ggufName;
    if (!take(name, kBlocks)) {
        const std::string known = renamed(name, kOutside, &NamePair::gguf, &NamePair::folder);
        return known.empty() ? std::string(ggufName) : known;
    }
    const auto layer = takeNumber(name);
    if (!layer)
        return std::string(ggufName);
    const std::string prefix = std::string(kLayers) + std::to_string(*layer) + ".";
    if (std::string_view rest = name; take(rest, behindAttention(family)) && rest.starts_with('.'))
        return prefix + std::string(kBehindAttention) + std::string(rest);
    const std::string known = renamed(name, kInLayer, &NamePair::gguf, &NamePair::folder);
    if (!known.empty())
        return prefix + known;
    const auto* expert =
        std::find_if(kOfExpert.begin(), kOfExpert.end(), [&](const NamePair& p) { return p.gguf == name; });
    return expert == kOfExpert.end() ? std::string(ggufName)
                                     : prefix + "mlp.experts.*." + std::string(expert->folder);
}

std::string unwrapped(std::string_view folderName)
{
    std::string_view name = folderName;
    if (take(name, "language_model."))
        return std::string(name);
    if (take(name, "model.language_model."))
        return "model." + std::string(name);
    for (const std::string_view start : {"embed_tokens.", "layers.", "norm."})
        if (name.starts_with(start))
            return "model." + std::string(name);
    return std::string(name);
}

} // namespace vitrine::engine
