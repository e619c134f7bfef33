// SPDX-License-Identifier: GPL-3.0-or-later
// Which page of a block holds a layer. A model whose layers all see equally far has one page a block with all
// its layers. Where sliding and full layers alternate, a page has as many layers as divide both kinds (Gemma
// 3 270M: 3 full and 15 sliding layers make one full page and five window pages of three layers each). Column
// c of a block is its c-th page: full ones first.
// An executor of some of the layers has the same pages with fewer layers in each: numbers of pages mean the
// same to all executors of a model. Where a part's kinds do not come out even, some of a page is empty.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/execution/kv_shape.h"
#include "engine/execution/layer_range.h"
#include "engine/model/model_config.h"

namespace vitrine::engine {

struct KvColumns
{
    KvShape shape; ///< of the whole model
    std::uint32_t layersPerPage = 0;
    std::vector<std::uint32_t> column; ///< [layers]
    std::vector<std::uint32_t> inPage; ///< [layers]: place within the page
};

KvColumns kvColumns(const ModelConfig& config);
/// Of a part of its layers; they are numbered from 0. REQUIRES: the model has them, and a count is given.
KvColumns kvColumns(const ModelConfig& config, LayerRange range);

} // namespace vitrine::engine
