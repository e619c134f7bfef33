# Precompiled headers: those of the standard library and of Qt are most of what a file of this project takes to
# compile. The project's own headers stay out, since they change. They are made once per set of flags and shared;
# a file still includes what it uses (-DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON builds without).
# Not <filesystem>: it brings std::quoted, which calls of quoted() with a std::string would find.
set(VITRINE_STANDARD_HEADERS <algorithm> <array> <atomic> <bit> <chrono> <cmath> <condition_variable> <cstddef>
    <cstdint> <cstring> <deque> <fstream> <functional> <limits> <map> <memory> <mutex> <numeric>
    <optional> <random> <set> <span> <sstream> <stdexcept> <string> <string_view> <thread> <tuple> <unordered_map>
    <unordered_set> <utility> <variant> <vector>)

# vitrine_precompiled_headers(NAME HEADERS headers... LIBRARIES targets...): a target to REUSE_FROM. Who reuses it
# needs at least its libraries' definitions: GCC refuses the headers otherwise.
function(vitrine_precompiled_headers name)
  cmake_parse_arguments(ARG "" "" "HEADERS;LIBRARIES" ${ARGN})
  # CMake makes precompiled headers only for a target with a source.
  set(source "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp")
  if(NOT EXISTS "${source}")
    file(WRITE "${source}" "")
  endif()
  add_library(${name} OBJECT "${source}")
  target_link_libraries(${name} PRIVATE vitrine_options ${ARG_LIBRARIES})
  target_precompile_headers(${name} PRIVATE ${VITRINE_STANDARD_HEADERS} ${ARG_HEADERS})
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()
