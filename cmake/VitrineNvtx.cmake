# NVTX's headers (there is nothing to link): from NVIDIA's toolkit, or where installer/ puts them beside the build
# folder. Without them the engine is built without ranges, and says so.
find_path(VITRINE_NVTX_INCLUDE nvtx3/nvToolsExt.h
  HINTS "${CMAKE_BINARY_DIR}/../nvtx/include" "$ENV{CUDA_HOME}/include" /usr/local/cuda/include
  DOC "The folder that holds nvtx3/nvToolsExt.h")
if(VITRINE_NVTX_INCLUDE)
  set(VITRINE_NVTX ON)
  # Payloads that a schema describes, and counters: since version 3.2.
  if(EXISTS "${VITRINE_NVTX_INCLUDE}/nvtx3/nvToolsExtSemanticsCounters.h")
    set(VITRINE_NVTX_EXTENSIONS ON)
  else()
    set(VITRINE_NVTX_EXTENSIONS OFF)
    message(STATUS "nvtx3/nvToolsExtSemanticsCounters.h was not found: NVTX's payloads of several values and its counters are not captured")
  endif()
else()
  set(VITRINE_NVTX OFF)
  message(STATUS "nvtx3/nvToolsExt.h was not found: no NVTX ranges")
endif()

# As the headers of the system, so that they raise no warnings.
set(VITRINE_NVTX_OPTIONS -isystem "${VITRINE_NVTX_INCLUDE}")
