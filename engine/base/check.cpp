// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace vitrine::engine {

void checkFailed(const char* condition, const char* file, int line)
{
    std::fprintf(stderr, "vitrine: internal check failed: %s (%s:%d)\n", condition, file, line);
    std::abort();
}

} // namespace vitrine::engine
