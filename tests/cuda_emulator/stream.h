// SPDX-License-Identifier: GPL-3.0-or-later
// Streams, events and captures as the machine keeps them. The machine's mutex guards them.
#pragma once

#include "cuda_emulator/graph.h"
#include "cuda_emulator/work.h"

#include <driver_types.h>
#include <memory>
#include <set>
#include <thread>
#include <vector>

namespace vitrine::cuda_emulator {

struct Stream;

// From cudaStreamBeginCapture to its end: the graph as it grows.
struct Capture
{
    std::shared_ptr<Graph> graph = std::make_shared<Graph>();
    Stream* origin = nullptr;
    std::set<Stream*> streams; // those that joined, with the origin
    cudaStreamCaptureMode mode = cudaStreamCaptureModeGlobal;
    std::thread::id thread;
    unsigned long long id = 0;
    bool invalidated = false;
};

struct Stream
{
    int device = 0;
    bool legacy = false;
    bool nonBlocking = false;
    int priority = 0;
    OperationPtr tail; // the newest operation
    std::shared_ptr<Capture> capture;
    std::vector<GraphNode*> captureTail; // what the next node comes after
};

struct Event
{
    int device = 0;
    bool timed = true;
    bool recorded = false;
    OperationPtr operation;         // null: nothing to wait for
    std::weak_ptr<Capture> capture; // of the last record, where that was captured
    bool captured = false;
    std::vector<GraphNode*> capturedTail;
};

} // namespace vitrine::cuda_emulator
