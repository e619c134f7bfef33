// SPDX-License-Identifier: GPL-3.0-or-later
// A row for each tiny family of models.
#pragma once

#include <QtTest>

namespace vitrine::engine::test {

/// Column "family": what tinyModel() takes.
inline void familyRows()
{
    QTest::addColumn<QString>("family");
    for (const char* family : {"llama", "gemma3"})
        QTest::addRow("%s", family) << QString(family);
}

/// Likewise, of those that the CPU computes.
inline constexpr const char* kCpuFamilies[] = {"llama", "gemma3", "mixtral", "qwen3", "qwen3moe"};

} // namespace vitrine::engine::test
