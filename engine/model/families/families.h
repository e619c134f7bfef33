// SPDX-License-Identifier: GPL-3.0-or-later
// The families there are, for the registry. One file each in this folder.
#pragma once

#include "engine/model/family.h"

namespace vitrine::engine {

extern const Family kLlamaFamily;
extern const Family kGemma3Family;
extern const Family kQwen2Family;
extern const Family kGemma2Family;
extern const Family kPhi3Family;
extern const Family kSmolLm3Family;
extern const Family kGraniteFamily;
extern const Family kOlmo2Family;
extern const Family kGptOssFamily;
extern const Family kQwen3Family;
extern const Family kQwen3MoeFamily;

} // namespace vitrine::engine
