// SPDX-License-Identifier: GPL-3.0-or-later
// Work of a device: what an operation of a stream and a node of a graph do, and an operation with its place
// in the order that CUDA promises.
#pragma once

#include "cuda_emulator/failure.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace vitrine::cuda_emulator {

enum class WorkKind {
    Nothing,
    Kernel,
    Library,
    CopyToDevice,
    CopyToHost,
    CopyOnDevice,
    Set,
    HostFunction,
    Free,
    Graph,
    Collective
};

struct Meeting;

struct Work
{
    WorkKind kind = WorkKind::Nothing;
    std::string name;
    std::function<std::optional<Failure>(std::uint64_t seed)> run; // may be empty; called without any lock
    // Of a collective. Work that a graph holds has a maker instead: each launch is a meeting of its own.
    std::shared_ptr<Meeting> meeting = nullptr;
    std::size_t seat = 0;
    std::function<Work()> atLaunch = nullptr;
};

struct Operation
{
    std::uint64_t id = 0; // in order of issue
    int device = 0;
    Work work;
    std::vector<std::shared_ptr<Operation>> after; // not yet done
    std::vector<std::weak_ptr<Operation>> next;
    std::size_t missing = 0; // of `after`
    bool done = false;
    std::uint64_t finishedAt = 0; // on the clock of operations
};

using OperationPtr = std::shared_ptr<Operation>;

} // namespace vitrine::cuda_emulator
