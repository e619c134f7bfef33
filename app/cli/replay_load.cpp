// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/replay_load.h"

#include "engine/workload/workload_lines.h"

namespace vitrine::cli {

engine::Result<engine::Workload> parseLoad(const std::string& text, const std::string& name)
{
    return engine::parseWorkload(text, name, [](const std::string& key) {
        message("replay: the key \"" + key + "\" is not known and has no effect");
    });
}

std::string plainId(const engine::WorkloadItem& item)
{
    const Json id = Json::parse(item.id);
    return id.is_string() ? id.get<std::string>() : item.id;
}

} // namespace vitrine::cli
