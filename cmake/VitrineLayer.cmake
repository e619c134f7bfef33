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
  # Without this a header that is new to an existing build folder is not seen by moc (CMake 3.25).
  set_target_properties(${name} PROPERTIES AUTOGEN_TARGET_DEPENDS "${sources}")
endfunction()
