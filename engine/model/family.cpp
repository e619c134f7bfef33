// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/family.h"

#include "engine/base/text.h"
#include "engine/model/families/families.h"

namespace vitrine::engine {

std::span<const Family> families()
{
    static const Family kAll[] = {kLlamaFamily, kGemma3Family, kQwen3Family, kQwen3MoeFamily};
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
    return badInput(file.path() + ": uses architecture " + quoted(*architecture) +
                    ": not supported yet; supported: " + known);
}

} // namespace vitrine::engine
