# vitrine_layer(NAME DEPENDS targets... [EXCLUDE regex]): a static library of every source below the calling folder.
# A layer is one target; what may depend on what is checked by tests/layering as well, because
# linking alone cannot see an include that crosses the wrong way.
function(vitrine_layer name)
  cmake_parse_arguments(ARG "" "EXCLUDE" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS
       "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp" "${CMAKE_CURRENT_SOURCE_DIR}/*.h")
  if(ARG_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${ARG_EXCLUDE}")
  endif()
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC vitrine_options ${ARG_DEPENDS})
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  # A header that is new to an existing build folder is not seen by moc (CMake 3.25): its record of the last run
  # knows the old headers alone. A changed list of files makes it run again.
  set(list "${CMAKE_CURRENT_BINARY_DIR}/${name}_sources.txt")
  set(before "")
  if(EXISTS "${list}")
    file(READ "${list}" before)
  endif()
  if(NOT before STREQUAL "${sources}")
    file(REMOVE "${CMAKE_CURRENT_BINARY_DIR}/${name}_autogen/timestamp")
    file(WRITE "${list}" "${sources}")
  endif()
endfunction()
