# CUDA's headers (no compiler, no library): from NVIDIA's toolkit, or where installer/ puts them beside the build
# folder; and Boost.Context. With both, CUDA sources are compiled for the emulator of tests/cuda_emulator.
find_path(VITRINE_CUDA_HEADERS cuda_runtime_api.h
  HINTS "${CMAKE_BINARY_DIR}/../cuda_headers/include" "${CMAKE_BINARY_DIR}/../cuda/include" "$ENV{CUDA_HOME}/include" /usr/local/cuda/include
  DOC "The folder that holds CUDA's cuda_runtime_api.h")
find_package(Boost 1.74 QUIET COMPONENTS context)
set(VITRINE_CUDA_EMULATOR OFF)
if(VITRINE_CUDA_HEADERS AND Boost_CONTEXT_FOUND)
  # The wheels have <nv/target> below cccl/.
  set(VITRINE_CUDA_HEADERS_OPTIONS "SHELL:-isystem \"${VITRINE_CUDA_HEADERS}\""
      "SHELL:-isystem \"${VITRINE_CUDA_HEADERS}/cccl\"")
  include(CheckCXXSourceCompiles)
  set(CMAKE_REQUIRED_INCLUDES "${VITRINE_CUDA_HEADERS}" "${VITRINE_CUDA_HEADERS}/cccl")
  check_cxx_source_compiles("#include <cublasLt.h>
    #include <cublas_v2.h>
    #include <cuda_bf16.h>
    #include <cuda_fp16.h>
    #include <cuda_runtime_api.h>
    static_assert(CUDART_VERSION >= 13000);
    int main() { return 0; }" VITRINE_CUDA_HEADERS_WORK)
  unset(CMAKE_REQUIRED_INCLUDES)
  if(VITRINE_CUDA_HEADERS_WORK)
    set(VITRINE_CUDA_EMULATOR ON)
  endif()
endif()
if(NOT VITRINE_CUDA_EMULATOR)
  message(STATUS "The headers of CUDA 13 and cuBLAS or Boost.Context were not found: the tests of CUDA code are left out")
endif()

# vitrine_emulated_cuda(TARGET sources...): adds CUDA sources to the target, compiled as C++ for the emulator.
function(vitrine_emulated_cuda target)
  target_sources(${target} PRIVATE ${ARGN})
  target_link_libraries(${target} PRIVATE cuda_emulator)
  # Device compilers assume neither that pointers of different types point to different things nor know the pragmas.
  set_source_files_properties(${ARGN} TARGET_DIRECTORY ${target} PROPERTIES LANGUAGE CXX
    COMPILE_OPTIONS "-fno-strict-aliasing;-Wno-unknown-pragmas")
endfunction()
