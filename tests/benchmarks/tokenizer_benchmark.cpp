// SPDX-License-Identifier: GPL-3.0-or-later
// Tokeniser throughput: tokenizer_benchmark MODEL.gguf|tokenizer.json TEXTFILE
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "engine/tokenizer/tokenizer_json.h"

using namespace vitrine::engine;

namespace {

double seconds()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string contents(const char* path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

Result<std::unique_ptr<const Tokenizer>> open(const std::string& path)
{
    if (!path.ends_with(".json")) {
        const auto file = GgufFile::open(path);
        return file ? Tokenizer::fromGguf(*file) : file.error();
    }
    const std::string bytes = contents(path.c_str());
    TokenizerFiles files;
    files.folder = path;
    files.tokenizer = bytes;
    auto read = readTokenizerJson(files);
    if (!read)
        return read.error();
    return std::move(read->tokenizer);
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fprintf(stderr, "usage: %s MODEL.gguf|tokenizer.json TEXTFILE\n", argv[0]);
        return 2;
    }
    const double start = seconds();
    const auto tokenizer = open(argv[1]);
    if (!tokenizer) {
        std::fprintf(stderr, "%s\n", tokenizer.error().message.c_str());
        return 3;
    }
    std::printf("load %.0f ms\n", (seconds() - start) * 1e3);
    const std::string text = contents(argv[2]);
    for (int round = 0; round < 5; ++round) {
        const double begin = seconds();
        const auto ids = (*tokenizer)->encode(text, SpecialTokens::Literal);
        const double took = seconds() - begin;
        std::printf("%zu bytes, %zu tokens, %.1f MB/s\n", text.size(), ids.size(),
                    static_cast<double>(text.size()) / took / 1e6);
    }
    return 0;
}
