# CUPTI's headers, of CUDA 12 or later; the library itself is looked for when the program runs. Without the headers
# the engine is built without a capture of GPU activity, and says so.
find_path(VITRINE_CUPTI_INCLUDE cupti.h
  HINTS "$ENV{CUDA_HOME}/include" "$ENV{CUDA_HOME}/extras/CUPTI/include" /usr/local/cuda/include
        /usr/local/cuda/extras/CUPTI/include
  DOC "The folder that holds cupti.h")
find_path(VITRINE_CUDA_INCLUDE cuda.h HINTS "${VITRINE_CUPTI_INCLUDE}" "$ENV{CUDA_HOME}/include" /usr/local/cuda/include
  DOC "The folder that holds cuda.h")
set(VITRINE_CUPTI OFF)
if(VITRINE_CUPTI_INCLUDE AND VITRINE_CUDA_INCLUDE)
  set(VITRINE_CUPTI_OPTIONS -isystem "${VITRINE_CUPTI_INCLUDE}" -isystem "${VITRINE_CUDA_INCLUDE}")
  include(CheckCXXSourceCompiles)
  set(CMAKE_REQUIRED_INCLUDES "${VITRINE_CUPTI_INCLUDE}" "${VITRINE_CUDA_INCLUDE}")
  check_cxx_source_compiles("#include <cupti.h>
    int main() { CUpti_ActivityKernel9 kernel{}; CUpti_ActivityMemcpy5 copy{}; CUpti_ActivityMemset4 set{};
      return static_cast<int>(kernel.graphId + copy.graphId + set.graphId); }" VITRINE_CUPTI_WORKS)
  unset(CMAKE_REQUIRED_INCLUDES)
  if(VITRINE_CUPTI_WORKS)
    set(VITRINE_CUPTI ON)
  endif()
endif()
if(NOT VITRINE_CUPTI)
  message(STATUS "cupti.h of CUDA 12 or later was not found: GPU activity is not captured")
endif()
