// SPDX-License-Identifier: GPL-3.0-or-later
// Loads and stores with a cache hint: here they only load and store.
#pragma once

#include "cuda_emulator/qualifiers.h"

#define VT_EMULATED_LOAD(name)                                                                               \
    template<typename T>                                                                                     \
    T name(const T* place)                                                                                   \
    {                                                                                                        \
        return *place;                                                                                       \
    }
VT_EMULATED_LOAD(__ldg)
VT_EMULATED_LOAD(__ldca)
VT_EMULATED_LOAD(__ldcg)
VT_EMULATED_LOAD(__ldcs)
VT_EMULATED_LOAD(__ldcv)
VT_EMULATED_LOAD(__ldlu)
#undef VT_EMULATED_LOAD

#define VT_EMULATED_STORE(name)                                                                              \
    template<typename T>                                                                                     \
    void name(T* place, std::type_identity_t<T> value)                                                       \
    {                                                                                                        \
        *place = value;                                                                                      \
    }
VT_EMULATED_STORE(__stwb)
VT_EMULATED_STORE(__stcg)
VT_EMULATED_STORE(__stcs)
VT_EMULATED_STORE(__stwt)
#undef VT_EMULATED_STORE
