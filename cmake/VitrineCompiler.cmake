# One interface target carries what every layer is compiled with.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_package(Threads REQUIRED)

add_library(vitrine_options INTERFACE)
target_include_directories(vitrine_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(vitrine_options INTERFACE "$<$<COMPILE_LANGUAGE:CXX>:\
-Wall;-Wextra;-Wpedantic;-Wshadow;-Wnon-virtual-dtor;-Woverloaded-virtual;-Werror>")
# GCC 12 warns about its own std::string: "text" + std::string(...) (GCC bug 105651), under one name or another.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(vitrine_options INTERFACE
    "$<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread>")
endif()
target_link_libraries(vitrine_options INTERFACE Threads::Threads)

if(VITRINE_SANITIZE)
  target_compile_options(vitrine_options INTERFACE
    -fsanitize=${VITRINE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(vitrine_options INTERFACE -fsanitize=${VITRINE_SANITIZE})
endif()
