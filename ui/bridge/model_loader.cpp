// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/model_loader.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <new>

#include "engine/prepared_model.h"

namespace vitrine::ui {

namespace {

constexpr std::chrono::milliseconds kReportEvery{30};

engine::Error cancelledLoad()
{
    return engine::cancelled("The load was cancelled.");
}

engine::EngineOptions withChoices(engine::EngineOptions options, const LoadOptions& chosen)
{
    options.executor.kvFormat = chosen.kvFormat;
    options.executor.gpu = chosen.gpu;
    options.executor.rankCount = chosen.gpu == engine::kNoGpu ? std::max(1U, chosen.processes) : 1;
    options.planRanks = chosen.gpu == engine::kNoGpu && chosen.processes == 0;
    if (chosen.contextTokens > 0)
        options.kvBlocks = (chosen.contextTokens + options.blockSize - 1) / options.blockSize;
    return options;
}

/// prepareModel, with what libraries throw turned into an error.
engine::Result<engine::PreparedModel> guardedPrepare(const std::string& path,
                                                     const engine::EngineOptions& options,
                                                     const engine::LoadProgress& progress)
{
    try {
        return engine::prepareModel(path, options, progress);
    } catch (const std::bad_alloc&) {
        return engine::outOfResources("There is not enough free memory for this model. Close other programs "
                                      "or open a smaller model.");
    } catch (const std::exception& exception) {
        return engine::internalError(std::string("Loading failed: ") + exception.what());
    }
}

} // namespace

ModelLoader::ModelLoader(engine::EngineOptions options, CommandQueue& reports)
    : m_options(options), m_reports(reports), m_thread([this] { run(); })
{}

ModelLoader::~ModelLoader()
{
    cancel();
    {
        const std::lock_guard lock(m_mutex);
        m_quit = true;
    }
    m_changed.notify_one();
    m_thread.join();
}

void ModelLoader::load(std::string path, const LoadOptions& options)
{
    Job job{++m_lastSerial, std::move(path), options};
    m_wanted.store(job.serial);
    std::optional<Job> superseded;
    {
        const std::lock_guard lock(m_mutex);
        superseded = std::exchange(m_next, std::move(job));
    }
    m_changed.notify_one();
    if (superseded)
        m_reports.push(LoadFinished{superseded->path, cancelledLoad()});
}

void ModelLoader::cancel()
{
    m_wanted.store(0);
}

void ModelLoader::run()
{
    while (const std::optional<Job> job = nextJob())
        prepare(*job);
}

std::optional<ModelLoader::Job> ModelLoader::nextJob()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_quit || m_next.has_value(); });
    if (m_quit)
        return std::nullopt;
    return std::exchange(m_next, std::nullopt);
}

void ModelLoader::prepare(const Job& job)
{
    auto lastReport = std::chrono::steady_clock::time_point{};
    const auto progress = [&](engine::LoadStage stage, double fraction) {
        const auto now = std::chrono::steady_clock::now();
        if (now - lastReport >= kReportEvery) {
            lastReport = now;
            m_reports.push(LoadProgressed{job.path, stage, fraction});
        }
        return m_wanted.load() == job.serial;
    };
    LoadFinished finished{job.path, cancelledLoad()};
    if (m_wanted.load() == job.serial)
        finished = attempt(job, progress);
    if (finished.result.has_value() && m_wanted.load() != job.serial)
        finished.result = cancelledLoad();
    m_reports.push(std::move(finished));
}

LoadFinished ModelLoader::attempt(const Job& job, const engine::LoadProgress& progress) const
{
    engine::EngineOptions options = withChoices(m_options, job.options);
    LoadFinished finished{job.path, guardedPrepare(job.path, options, progress),
                          job.options.contextTokens > 0, options.executor.gpu};
    const bool failed =
        !finished.result.has_value() && finished.result.error().code != engine::ErrorCode::Cancelled;
    const bool alone =
        options.executor.gpu == engine::kNoGpu && options.executor.rankCount == 1 && !options.planRanks;
    if (!failed || alone)
        return finished;
    finished.gpuProblem = finished.result.error().message;
    finished.gpu = options.executor.gpu = engine::kNoGpu;
    options.executor.rankCount = 1;
    options.planRanks = false;
    finished.result = guardedPrepare(job.path, options, progress);
    return finished;
}

} // namespace vitrine::ui
