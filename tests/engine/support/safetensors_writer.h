// SPDX-License-Identifier: GPL-3.0-or-later
// Writes safetensors files, good ones and bad ones.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/engine/support/gguf_writer.h"

namespace vitrine::test {

class SafetensorsWriter
{
public:
    using Json = nlohmann::ordered_json;

    Json header = Json::object(); ///< may be changed at will before bytes()

    void add(const std::string& name, const std::string& type, const std::vector<std::uint64_t>& shape,
             const Bytes& data)
    {
        header[name] = {{"dtype", type},
                        {"shape", shape},
                        {"data_offsets", {m_data.size(), m_data.size() + data.size()}}};
        m_data.insert(m_data.end(), data.begin(), data.end());
    }
    Bytes bytes() const { return withHeader(header.dump()); }
    Bytes withHeader(const std::string& text) const
    {
        Bytes out;
        append<std::uint64_t>(out, text.size());
        out.insert(out.end(), text.begin(), text.end());
        out.insert(out.end(), m_data.begin(), m_data.end());
        return out;
    }

private:
    Bytes m_data;
};

} // namespace vitrine::test
