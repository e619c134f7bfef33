// SPDX-License-Identifier: GPL-3.0-or-later
// A row for each tiny family of models. kFamilies are few that have most of what tells families apart.
#pragma once

#include <QtTest>

namespace vitrine::engine::test {

/// Of what tinyModel() takes.
inline constexpr const char* kFamilies[] = {"llama",    "gemma3", "mixtral", "qwen3",
                                            "qwen3moe", "gemma2", "gpt_oss"};

/// All that there are.
inline constexpr const char* kAllFamilies[] = {"llama",   "gemma3",  "mixtral", "qwen3", "qwen3moe",
                                               "qwen2",   "gemma2",  "mistral", "phi3",  "smollm3",
                                               "granite", "gpt_oss", "olmo2"};

template<std::size_t N>
inline void rowsOf(const char* const (&families)[N])
{
    QTest::addColumn<QString>("family");
    for (const char* family : families)
        QTest::addRow("%s", family) << QString(family);
}

/// Column "family": each of kFamilies.
inline void familyRows()
{
    rowsOf(kFamilies);
}

} // namespace vitrine::engine::test
