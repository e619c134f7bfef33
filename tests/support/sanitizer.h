// SPDX-License-Identifier: GPL-3.0-or-later
// What this build of the tests runs under, and how much of a test it then does. A sanitizer makes everything
// five to fifty times as slow; the release build always does the whole of it.
#pragma once

namespace vitrine::tests {

#ifdef __SANITIZE_THREAD__
inline constexpr bool kThreadSanitizer = true;
#else
inline constexpr bool kThreadSanitizer = false;
#endif

#ifdef __SANITIZE_ADDRESS__
inline constexpr bool kAddressSanitizer = true;
#else
inline constexpr bool kAddressSanitizer = false;
#endif

/// Either of them.
inline constexpr bool kSanitized = kThreadSanitizer || kAddressSanitizer;

/// `all`, and `few` of them under a sanitizer.
template<class Count>
constexpr Count effort(Count all, Count few)
{
    return kSanitized ? few : all;
}

} // namespace vitrine::tests
