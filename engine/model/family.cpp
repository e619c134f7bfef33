// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/family.h"

#include <algorithm>

#include "engine/base/text.h"
#include "engine/model/families/families.h"

namespace vitrine::engine {

namespace {

/// The known architecture whose name begins most like this one, and so most likely is its forebear; nullptr:
/// none begins alike.
const Family* nearestTo(std::string_view architecture)
{
    std::size_t longest = 2; // letters that say nothing
    const Family* nearest = nullptr;
    for (const Family& family : families()) {
        const auto end = std::mismatch(architecture.begin(), architecture.end(), family.architecture.begin(),
                                       family.architecture.end());
        const auto alike = static_cast<std::size_t>(end.first - architecture.begin());
        if (alike <= longest)
            continue;
        longest = alike;
        nearest = &family;
    }
    return nearest;
}

} // namespace

std::span<const Family> families()
{
    static const Family kAll[] = {kLlamaFamily,   kQwen2Family,  kQwen3Family, kQwen3MoeFamily,
                                  kGemma2Family,  kGemma3Family, kPhi3Family,  kSmolLm3Family,
                                  kGraniteFamily, kOlmo2Family,  kGptOssFamily};
    return kAll;
}

const Family* findFamily(std::string_view architecture)
{
    for (const Family& family : families()) {
        if (family.architecture == architecture)
            return &family;
    }
    return nullptr;
}

Result<const Family*> familyOf(const GgufFile& file)
{
    const auto architecture = file.text("general.architecture");
    if (!architecture)
        return badInput(file.path() + ": metadata \"general.architecture\" is missing or not a text");
    if (const Family* family = findFamily(*architecture))
        return family;
    std::string known;
    for (const Family& family : families())
        known += (known.empty() ? "" : ", ") + std::string(family.architecture);
    const Family* nearest = nearestTo(*architecture);
    return badInput(file.path() + ": uses architecture " + quoted(*architecture) + ": not supported" +
                    (nearest == nullptr ? "" : "; nearest " + quoted(nearest->architecture)) +
                    "; supported: " + known);
}

} // namespace vitrine::engine
