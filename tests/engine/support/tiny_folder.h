// SPDX-License-Identifier: GPL-3.0-or-later
// A tiny model as a published folder, in a folder of its own that tests may change. The files are links at
// first.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>

#include <QTemporaryDir>

#include <nlohmann/json.hpp>

#include "tests/engine/support/safetensors_writer.h"

namespace vitrine::engine::test {

class TinyFolder
{
public:
    using Json = nlohmann::ordered_json;
    using Bytes = vitrine::test::Bytes;

    explicit TinyFolder(const std::string& family)
    {
        const std::filesystem::path data = std::filesystem::path(VITRINE_TEST_DATA) / "families";
        for (const char* name : {"config.json", "model.safetensors"})
            std::filesystem::create_symlink(data / family / name, path(name));
        for (const char* name : {"tokenizer.json", "tokenizer_config.json"})
            std::filesystem::create_symlink(data / "tokenizer" / name, path(name));
    }

    std::string path() const { return m_folder.path().toStdString(); }
    std::string path(const std::string& name) const { return path() + "/" + name; }

    std::string read(const std::string& name) const
    {
        std::ifstream stream(path(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    /// A file of its own instead of a link.
    void write(const std::string& name, const std::string& text) const
    {
        std::filesystem::remove(path(name));
        std::ofstream(path(name), std::ios::binary)
            .write(text.data(), static_cast<std::streamsize>(text.size()));
    }
    void write(const std::string& name, const Bytes& bytes) const
    {
        write(name, std::string(bytes.begin(), bytes.end()));
    }
    void remove(const std::string& name) const { std::filesystem::remove(path(name)); }

    void changeConfig(const std::function<void(Json&)>& change) const
    {
        Json config = Json::parse(read("config.json"));
        change(config);
        write("config.json", config.dump());
    }

    struct Tensor
    {
        std::string type;
        std::vector<std::uint64_t> shape;
        Bytes data;
    };
    using Tensors = std::map<std::string, Tensor>;

    Tensors tensors() const
    {
        const std::string file = read("model.safetensors");
        std::uint64_t length = 0;
        std::memcpy(&length, file.data(), sizeof length);
        Tensors all;
        const Json header = Json::parse(file.substr(8, length));
        for (const auto& [name, entry] : header.items()) {
            if (name == "__metadata__")
                continue;
            const std::size_t begin = entry["data_offsets"][0], end = entry["data_offsets"][1];
            const auto data = file.begin() + static_cast<std::ptrdiff_t>(8 + length);
            all[name] = {
                entry["dtype"], entry["shape"],
                Bytes(data + static_cast<std::ptrdiff_t>(begin), data + static_cast<std::ptrdiff_t>(end))};
        }
        return all;
    }
    void writeTensors(const Tensors& tensors, const std::string& name = "model.safetensors") const
    {
        vitrine::test::SafetensorsWriter writer;
        for (const auto& [tensor, content] : tensors)
            writer.add(tensor, content.type, content.shape, content.data);
        write(name, writer.bytes());
    }
    void changeTensors(const std::function<void(Tensors&)>& change) const
    {
        Tensors all = tensors();
        change(all);
        writeTensors(all);
    }

private:
    QTemporaryDir m_folder;
};

} // namespace vitrine::engine::test
