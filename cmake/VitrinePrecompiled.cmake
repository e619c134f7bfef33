# What nearly every source includes is compiled once: a build from nothing takes half the time. The sources still
# name all they use, which builds through a compiler cache show: those do without, as such headers defeat a cache.
if(CMAKE_CXX_COMPILER_LAUNCHER)
  set(precompiled_default OFF)
else()
  set(precompiled_default ON)
endif()
option(VITRINE_PRECOMPILED "Compile common headers once" ${precompiled_default})

# GCC 12 forgets that what it warns of lies in a header of its own when that header came precompiled: what it finds
# while optimising is left to the builds without.
if(VITRINE_PRECOMPILED AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(vitrine_options INTERFACE -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread
    -Wno-maybe-uninitialized -Wno-dangling-pointer -Wno-free-nonheap-object -Wno-use-after-free -Wno-nonnull)
endif()

# Without <filesystem> and what else declares std::quoted, which is found before a function of that name of ours.
set(VITRINE_STD_HEADERS <algorithm> <array> <atomic> <bit> <chrono> <cmath> <condition_variable> <cstdint> <functional>
    <limits> <map> <memory> <mutex> <numeric> <optional> <set> <span> <string> <string_view> <thread> <tuple>
    <unordered_map> <unordered_set> <utility> <variant> <vector>)

# vitrine_precompile(TARGET HEADERS...)
function(vitrine_precompile target)
  if(VITRINE_PRECOMPILED)
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()

# vitrine_precompiled_as(TARGET OTHER): what OTHER compiled once; both have the same flags.
function(vitrine_precompiled_as target other)
  if(VITRINE_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM ${other})
  endif()
endfunction()
