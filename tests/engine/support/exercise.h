// SPDX-License-Identifier: GPL-3.0-or-later
// For what fuzzers and replays of their corpora share.
#pragma once

#include <cstdlib>

namespace vitrine::test {

/// Stops the program when something that must hold does not.
inline void must(bool condition)
{
    if (!condition)
        std::abort();
}

} // namespace vitrine::test
