// SPDX-License-Identifier: GPL-3.0-or-later
// Which page of a block holds a layer. A model whose layers all see equally far has one page a block with all
// its layers. Where sliding and full layers alternate, a page has as many layers as divide both kinds (Gemma
// 3 270M: 3 full and 15 sliding layers make one full page and five window pages of three layers each). Column
// c of a block is its c-th page: full ones first.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/execution/kv_shape.h"
#include "engine/model/model_config.h"

namespace vitrine::engine {

struct KvColumns
{
    KvShape shape;
    std::uint32_t layersPerPage = 0;
    std::vector<std::uint32_t> column; ///< [layers]
    std::vector<std::uint32_t> inPage; ///< [layers]: place within the page
};

KvColumns kvColumns(const ModelConfig& config);

} // namespace vitrine::engine
