// SPDX-License-Identifier: GPL-3.0-or-later
// A row for each tiny family of models.
#pragma once

#include <QtTest>

namespace vitrine::engine::test {

/// What tinyModel() takes.
inline constexpr const char* kFamilies[] = {"llama", "gemma3", "mixtral", "qwen3", "qwen3moe"};

/// Column "family": each of them.
inline void familyRows()
{
    QTest::addColumn<QString>("family");
    for (const char* family : kFamilies)
        QTest::addRow("%s", family) << QString(family);
}

} // namespace vitrine::engine::test
