// temp
#include "kernels/cpu/dequantize.h"
#include "kernels/cpu/pack.h"
#include <cstring>
namespace vitrine::kernels::cpu {
bool canDequantize(QuantType t) { return t == QuantType::F32 || t==QuantType::Q4_0|| t==QuantType::Q4_1|| t==QuantType::Q5_0|| t==QuantType::Q8_0|| t==QuantType::Q4_K|| t==QuantType::Q6_K; }
void dequantize(QuantType, const std::uint8_t* s, float* t, std::size_t n) { std::memcpy(t, s, 4*n); }
}
