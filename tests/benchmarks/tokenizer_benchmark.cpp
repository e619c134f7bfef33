// SPDX-License-Identifier: GPL-3.0-or-later
// Tokeniser throughput: tokenizer_benchmark MODEL.gguf TEXTFILE
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "engine/tokenizer/tokenizer.h"

using namespace vitrine::engine;

namespace {

double seconds()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fprintf(stderr, "usage: %s MODEL.gguf TEXTFILE\n", argv[0]);
        return 2;
    }
    const auto file = GgufFile::open(argv[1]);
    if (!file) {
        std::fprintf(stderr, "%s\n", file.error().message.c_str());
        return 3;
    }
    const double start = seconds();
    const auto tokenizer = Tokenizer::fromGguf(*file);
    if (!tokenizer) {
        std::fprintf(stderr, "%s\n", tokenizer.error().message.c_str());
        return 3;
    }
    std::printf("load %.0f ms\n", (seconds() - start) * 1e3);
    std::ifstream in(argv[2], std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    for (int round = 0; round < 5; ++round) {
        const double begin = seconds();
        const auto ids = (*tokenizer)->encode(text, SpecialTokens::Literal);
        const double took = seconds() - begin;
        std::printf("%zu bytes, %zu tokens, %.1f MB/s\n", text.size(), ids.size(),
                    static_cast<double>(text.size()) / took / 1e6);
    }
    return 0;
}
