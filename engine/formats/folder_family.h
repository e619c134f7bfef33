// SPDX-License-Identifier: GPL-3.0-or-later
// What tells one "model_type" of a published folder from another: the architecture that GGUF files call it,
// what its config.json leaves out, and how its tensors differ from the common way. As data; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vitrine::engine {

/// Where "sliding_window" counts.
enum class WindowRule : std::uint8_t { Never, WhereGiven, WhereUsed };

struct FolderFamily
{
    std::string_view modelType;    ///< of config.json
    std::string_view architecture; ///< of families()
    WindowRule window = WindowRule::Never;
    double normEpsilon = 1e-6, ropeBase = 10000.0;     ///< these and what follows where config.json has none
    std::uint32_t headDim = 0;                         ///< 0: the hidden size by the number of heads
    std::uint32_t windowTokens = 0;                    ///< 0: none
    std::uint32_t heads = 0, kvHeads = 0, context = 0; ///< 0: must be given, or all heads
    bool gelu = false;                                 ///< gated by GELU with tanh, else by SiLU
    bool sandwichNorms = false; ///< what stands behind attention is a norm of its output
    bool normsFromOne = false;  ///< norms are stored as what is added to 1
    bool needsBiases = false;   ///< of queries, keys and values
    bool tiedUnlessTold = false;
};

/// nullptr when there is none.
const FolderFamily* findFolderFamily(std::string_view modelType);

/// The name that GGUF files give a tensor: "model.layers.3.mlp.up_proj.weight" is "blk.3.ffn_up.weight". Of
/// one expert's matrix it is that of all of them together, and `expert` its number.
struct FolderName
{
    std::string name;
    std::optional<std::uint32_t> expert;
};
/// nullopt: no such tensor is known.
std::optional<FolderName> ggufNameOf(std::string_view folderName, const FolderFamily& family);
/// The other way, for messages; the name itself where there is no other.
std::string folderNameOf(std::string_view ggufName, const FolderFamily& family);

/// Without what wraps a text model in one for pictures too ("language_model."), and with the "model." that
/// some leave out.
std::string unwrapped(std::string_view folderName);

} // namespace vitrine::engine
