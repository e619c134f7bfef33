// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_injection/payload_form.h"

#include <array>
#include <cstddef>

#include <nvtx3/nvToolsExtPayload.h>

namespace vitrine::engine {

namespace {

struct TypeForm
{
    std::uint64_t type;
    PayloadForm form;
};

constexpr TypeForm kForms[] = {
    {NVTX_PAYLOAD_ENTRY_TYPE_CHAR, PayloadForm::Int8},
    {NVTX_PAYLOAD_ENTRY_TYPE_UCHAR, PayloadForm::UInt8},
    {NVTX_PAYLOAD_ENTRY_TYPE_SHORT, PayloadForm::Int16},
    {NVTX_PAYLOAD_ENTRY_TYPE_USHORT, PayloadForm::UInt16},
    {NVTX_PAYLOAD_ENTRY_TYPE_INT, PayloadForm::Int32},
    {NVTX_PAYLOAD_ENTRY_TYPE_UINT, PayloadForm::UInt32},
    {NVTX_PAYLOAD_ENTRY_TYPE_LONG, PayloadForm::Long},
    {NVTX_PAYLOAD_ENTRY_TYPE_ULONG, PayloadForm::ULong},
    {NVTX_PAYLOAD_ENTRY_TYPE_LONGLONG, PayloadForm::Int64},
    {NVTX_PAYLOAD_ENTRY_TYPE_ULONGLONG, PayloadForm::UInt64},
    {NVTX_PAYLOAD_ENTRY_TYPE_INT8, PayloadForm::Int8},
    {NVTX_PAYLOAD_ENTRY_TYPE_UINT8, PayloadForm::UInt8},
    {NVTX_PAYLOAD_ENTRY_TYPE_INT16, PayloadForm::Int16},
    {NVTX_PAYLOAD_ENTRY_TYPE_UINT16, PayloadForm::UInt16},
    {NVTX_PAYLOAD_ENTRY_TYPE_INT32, PayloadForm::Int32},
    {NVTX_PAYLOAD_ENTRY_TYPE_UINT32, PayloadForm::UInt32},
    {NVTX_PAYLOAD_ENTRY_TYPE_INT64, PayloadForm::Int64},
    {NVTX_PAYLOAD_ENTRY_TYPE_UINT64, PayloadForm::UInt64},
    {NVTX_PAYLOAD_ENTRY_TYPE_INT128, PayloadForm::Bytes16},
    {NVTX_PAYLOAD_ENTRY_TYPE_UINT128, PayloadForm::Bytes16},
    {NVTX_PAYLOAD_ENTRY_TYPE_FLOAT, PayloadForm::Float},
    {NVTX_PAYLOAD_ENTRY_TYPE_DOUBLE, PayloadForm::Double},
    {NVTX_PAYLOAD_ENTRY_TYPE_LONGDOUBLE, PayloadForm::LongDouble},
    {NVTX_PAYLOAD_ENTRY_TYPE_FLOAT16, PayloadForm::Half},
    {NVTX_PAYLOAD_ENTRY_TYPE_FLOAT32, PayloadForm::Float},
    {NVTX_PAYLOAD_ENTRY_TYPE_FLOAT64, PayloadForm::Double},
    {NVTX_PAYLOAD_ENTRY_TYPE_FLOAT128, PayloadForm::Bytes16},
    {NVTX_PAYLOAD_ENTRY_TYPE_BF16, PayloadForm::BrainFloat},
    {NVTX_PAYLOAD_ENTRY_TYPE_TF32, PayloadForm::Float},
    {NVTX_PAYLOAD_ENTRY_TYPE_SIZE, PayloadForm::Size},
    {NVTX_PAYLOAD_ENTRY_TYPE_ADDRESS, PayloadForm::Size},
    {NVTX_PAYLOAD_ENTRY_TYPE_WCHAR, PayloadForm::Int32},
    {NVTX_PAYLOAD_ENTRY_TYPE_CHAR8, PayloadForm::UInt8},
    {NVTX_PAYLOAD_ENTRY_TYPE_CHAR16, PayloadForm::UInt16},
    {NVTX_PAYLOAD_ENTRY_TYPE_CHAR32, PayloadForm::UInt32},
    {NVTX_PAYLOAD_ENTRY_TYPE_BYTE, PayloadForm::UInt8},
    {NVTX_PAYLOAD_ENTRY_TYPE_CSTRING, PayloadForm::Text8},
    {NVTX_PAYLOAD_ENTRY_TYPE_CSTRING_UTF8, PayloadForm::Text8},
    {NVTX_PAYLOAD_ENTRY_TYPE_CSTRING_UTF16, PayloadForm::Text16},
    {NVTX_PAYLOAD_ENTRY_TYPE_CSTRING_UTF32, PayloadForm::Text32},
    {NVTX_PAYLOAD_ENTRY_TYPE_NVTX_REGISTERED_STRING_HANDLE, PayloadForm::Handle},
    {NVTX_PAYLOAD_ENTRY_TYPE_CATEGORY, PayloadForm::UInt32},
    {NVTX_PAYLOAD_ENTRY_TYPE_COLOR_ARGB, PayloadForm::UInt32},
    {NVTX_PAYLOAD_ENTRY_TYPE_SCOPE_ID, PayloadForm::UInt64},
    {NVTX_PAYLOAD_ENTRY_TYPE_PID_UINT32, PayloadForm::UInt32},
    {NVTX_PAYLOAD_ENTRY_TYPE_PID_UINT64, PayloadForm::UInt64},
    {NVTX_PAYLOAD_ENTRY_TYPE_TID_UINT32, PayloadForm::UInt32},
    {NVTX_PAYLOAD_ENTRY_TYPE_TID_UINT64, PayloadForm::UInt64},
};

constexpr std::size_t kTypes = 256; // all that NVTX defines are below

constexpr auto kFormOfType = [] {
    std::array<PayloadForm, kTypes> forms{};
    for (const TypeForm& one : kForms)
        forms.at(one.type) = one.form;
    return forms;
}();

} // namespace

PayloadForm formOf(std::uint64_t type)
{
    return type < kTypes ? kFormOfType[static_cast<std::size_t>(type)] : PayloadForm::None;
}

} // namespace vitrine::engine
