// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine tells NVTX tools (Nsight Systems, or nvtx_capture.h): domain "vitrine", a category for each
// subsystem, every name registered once. Any thread. Without a tool a range costs a comparison; in a build
// without NVTX's headers all of this does nothing.
#pragma once

#include <cstdint>
#include <string>

namespace vitrine::engine {

enum class NvtxName : std::uint8_t {
    // Ranges of one thread; payload: the step where they belong to one, else 0
    Schedule,
    Transfer,
    Sample,
    Emit,
    LoadModel,
    OpenModel,
    ReadTokenizer,
    PackWeights,
    Recover,
    ReserveKv,
    InstallModel,
    ResizeKv,
    EncodePrompt,
    // Ranges of a compute thread, its share of what all of them do: between two of them it waits for the
    // others. Payload: the layer, where there is one
    Embed,
    Norm,
    Qkv,
    StoreKv,
    Attention,
    Output,
    Router,
    GateUp,
    Down,
    Head,
    Reduce,
    PackShare,
    SampleRow, ///< payload: the request
    // Spans, which may overlap each other
    Step,    ///< payload: the step
    Forward, ///< likewise
    Request, ///< payload: the request
    // Marks
    BatchRows,   ///< payload: rows of the step whose schedule this is in
    BatchTokens, ///< payload: its tokens
    Admitted,    ///< payload: the request, here and below
    Resumed,
    Preempted,
    Finished,
    RanksFailed,  ///< payload: processes that there were
    RanksCompute, ///< payload: processes that compute from now on
    Last = RanksCompute
};

/// False: this build has no NVTX.
bool nvtxBuiltIn();

/// Tools attach at the first call to NVTX; it is made here at the latest.
void nvtxInitialise();

/// From its making to its end, on one thread, within or around others of this thread.
class NvtxRange
{
public:
    explicit NvtxRange(NvtxName name, std::uint64_t payload = 0);
    ~NvtxRange();
    NvtxRange(const NvtxRange&) = delete;
    NvtxRange& operator=(const NvtxRange&) = delete;

private:
    bool m_open = false;
};

/// From start() to end() or its end, on any threads.
class NvtxSpan
{
public:
    NvtxSpan() = default;
    ~NvtxSpan() { end(); }
    NvtxSpan(const NvtxSpan&) = delete;
    NvtxSpan& operator=(const NvtxSpan&) = delete;

    void start(NvtxName name, std::uint64_t payload);
    void end();

private:
    std::uint64_t m_id = 0;
    bool m_open = false;
};

void markNvtx(NvtxName name, std::uint64_t payload);

/// What tools call the calling thread.
void nameNvtxThread(const std::string& name);

} // namespace vitrine::engine
