// SPDX-License-Identifier: GPL-3.0-or-later
// VT_CHECK(condition): a bug of ours, in every build. It says where and stops the program; it is never
// used on input from outside.
#pragma once

namespace vitrine::engine {
[[noreturn]] void checkFailed(const char* condition, const char* file, int line);
} // namespace vitrine::engine

#define VT_CHECK(condition)                                                                                  \
    do {                                                                                                     \
        if (!(condition)) [[unlikely]]                                                                       \
            ::vitrine::engine::checkFailed(#condition, __FILE__, __LINE__);                                  \
    } while (false)
