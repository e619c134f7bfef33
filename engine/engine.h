// SPDX-License-Identifier: GPL-3.0-or-later
// The only door to the engine. The window, the command line and a server are equal clients of it.
//
// Thread: every call from one thread (the engine thread), but stepRing(), whose reading end belongs to one
// other thread. Nothing here waits: step() does one step and returns.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/engine_options.h"
#include "engine/events.h"
#include "engine/generation_request.h"
#include "engine/model/model_config.h"
#include "engine/prepared_model.h"
#include "engine/prompt/prompt_encoder.h"
#include "engine/request_door.h"
#include "engine/scheduler/scheduler.h"
#include "engine/telemetry/recorder.h"
#include "engine/telemetry/spsc_ring.h"
#include "engine/telemetry/step_record.h"
#include "engine/tokenizer/stream_decoder.h"

namespace vitrine::engine {

struct ModelSummary
{
    std::string path, name, architecture, fileType;
    std::uint32_t contextLength = 0;
    std::uint64_t parameters = 0;
    ExpertConfig experts; ///< count 0: none
    std::uint64_t fileBytes = 0;
    ExecutorInfo executor;
    KvPlan kv;
    KvFormat kvFormat = KvFormat::BF16; ///< that was asked for
    bool hasChatTemplate = false;
    std::string templateError; ///< not empty: the file's template is broken, a plain format stands in for it
};

/// Of a sequence of tokens: how many of them lie in KV from its first one on, so that whoever goes on with
/// it does not compute them again.
struct KvResidency
{
    std::uint32_t tokens = 0;
    std::uint32_t resident = 0;
    std::uint32_t most = 0; ///< that can be kept of them; 0 without a model

    bool operator==(const KvResidency&) const = default;
};

class Engine final : public RequestDoor
{
public:
    using EventSink = std::function<void(const EngineEvent&)>;

    Engine();
    /// Waits for a step in flight; sends no events.
    ~Engine() override;

    /// Takes over a prepared model; running requests of the old one end with FinishReason::Cancelled.
    void install(PreparedModel prepared);
    void unload();
    bool hasModel() const { return m_executor != nullptr; }
    std::optional<ModelSummary> model() const;
    std::shared_ptr<const Model> sharedModel() const { return m_model; }
    /// Keeps its model alive; any thread may use it. Null without a model.
    std::shared_ptr<const PromptEncoder> sharedEncoder() const { return m_encoder; }

    /// Tokenises and queues. Errors: no model, empty prompt, bad sampling field, larger than context or pool.
    Result<RequestId> submit(GenerationRequest request);
    /// `samples` replies to one prompt that is computed once; each has its own id, stream and random numbers.
    Result<std::vector<RequestId>> submitSamples(GenerationRequest request, std::uint32_t samples) override;
    /// Takes effect at once (between steps); RequestFinished follows.
    void cancel(RequestId id) override;
    PredictionErrors predictionErrors() const override;

    bool hasWork() const;
    /// Schedule → forward → sample → update → events. False when there was nothing to do. An executor failure
    /// ends the requests of the step with FinishReason::Error and leaves the engine usable. May return with
    /// the next step in flight (Executor::overlaps); hasWork() stays true until its events are out.
    bool step();

    /// Policy, budget and the rest of scheduling, from the next step on. The context length and what follows
    /// from the model are kept; steps become no larger than the device has room for.
    Result<void> configure(const SchedulerOptions& options);
    /// Work of milliseconds that spares later steps time, for when there is nothing else to do: with work it
    /// does nothing. False: there is none, wait for a command.
    bool useIdleTime();
    /// Processes beside this one compute the model: useIdleTime() has to be called now and then, since one
    /// may fail meanwhile.
    bool hasToWatch() const { return hasModel() && m_executor->mayBreak(); }
    /// That the KV pool may grow by; 0: unknown, or no model.
    std::uint64_t freeKvBytes() const;
    /// The KV pool grows or shrinks while requests run; see Scheduler::resizePool.
    Result<void> resizeKv(std::uint32_t blocks);
    /// Compute threads, also while requests run; 0: one for each core. Refused: more than make sense.
    Result<void> setThreads(std::uint32_t threads);
    /// One numeric path whatever runs beside a reply, or the fastest; also while requests run, which keep the
    /// keys and values that they have. What is only cached is forgotten.
    Result<void> setDeterministic(bool on);
    /// Processes that share the model, also while requests run: they compute their KV anew and go on.
    /// Blocking: packs the weights anew beside those in use. A refusal changes nothing: the model cannot be
    /// shared so, no memory, or an endless reply is under way, which has forgotten what it would need.
    /// `why`: what recordings say, Changed or Followed.
    Result<void> setRanks(std::uint32_t count, RankEventKind why = RankEventKind::Changed);
    std::uint32_t ranks() const;   ///< processes or devices that compute now; 0: no model
    std::uint32_t threads() const; ///< that compute now; 0: no model
    std::string device() const;    ///< likewise, "CPU AMX"; empty: no model
    /// Brings what the host tier holds of this prompt back to the device, into free blocks; returns how many
    /// blocks. For a conversation that a person turns to.
    std::uint32_t prefetch(const Prompt& prompt, std::uint64_t cacheSalt);

    /// Of a sequence that was computed (RequestFinished::path): what a longer prompt that begins with it
    /// would find. Whole blocks, since only these are kept; the last token is never there.
    KvResidency residency(std::span<const TokenId> path, std::uint64_t cacheSalt = 0) const;
    /// Of a request that runs or waits.
    KvResidency residency(RequestId request) const;
    /// Of a prompt that might be asked: its tokens, and how many of them would be found.
    Result<KvResidency> foresee(const GenerationRequest& request) const;
    /// Goes on whenever an answer of residency() may be another.
    std::uint64_t residencyChanges() const { return m_cache != nullptr ? m_cache->changes() : 0; }

    /// Replaces the sink. Events come on the calling thread. A sink may submit and cancel; it must not
    /// install, unload, subscribe or step.
    void subscribe(EventSink sink) { m_sink = std::move(sink); }
    SpscRing<StepRecord>& stepRing() { return m_ring; }
    /// Records from now on, and each model installed later from its start; null ends it. What runs is
    /// cancelled: a recording begins with no request. The recorder outlives its use here.
    void record(Recorder* recorder);
    /// Failures of a part of the executor since the last call, which were mended: what ran goes on.
    std::vector<RankRecovery> takeRecoveries() { return std::exchange(m_recoveries, {}); }
    const Scheduler* scheduler() const { return m_scheduler.get(); } ///< nullptr without a model
    const KvCache* kvCache() const { return m_cache.get(); }

private:
    struct Stream; // what a running reply needs besides the scheduler's record
    struct Step;   // one step under way

    Result<ContinuedPrompt> encodePrompt(const GenerationRequest& request) const;
    Result<RequestSpec> makeSpec(GenerationRequest request) const;
    static std::vector<TokenId> pathOf(const Request& request);
    SchedulerOptions withinRoom(SchedulerOptions wanted);
    Result<std::unique_ptr<Executor>> executorOf(const ExecutorOptions& options) const;
    void chooseLength(const GenerationRequest& request, RequestSpec& spec) const;
    template<class Work>
    void guarded(Work work);
    bool begin();
    void advance();
    Result<void> workBeside();
    void plan(Step& step);
    void recordPlan(Step& step);
    void recordRows(Step& step) const;
    Result<void> launch(Step& step);
    Result<void> compute(Step& step);
    void observeMoves(const StepRecord& record);
    Result<void> launchBehind();
    void adopt();
    Result<void> land(Step& step);
    bool wantsOnlyBest(const ScheduledBatch& batch) const;
    void askForTokens(ScheduledBatch& batch) const;
    void askForChoices(ScheduledBatch& batch) const;
    bool addAdjustments(const Request& request, std::uint32_t logitsRow, TokenChoice& choice,
                        ForwardBatch& forward) const;
    void sample(Step& step, std::span<const float> logits);
    void chooseAll(std::size_t rows, bool cheap,
                   const std::function<void(std::size_t, std::uint32_t)>& choose);
    void tell(Step& step);
    void tellLanded();
    void report(Step& step);
    void reportStart(RequestId id);
    void reportRow(const ScheduledRow& row);
    void reportToken(const StepOutcome& outcome, SampledToken token);
    void tellWaiting();
    void publish(Step& step);
    void clockLaunch(const Step& step);
    void clockLand(const Step& step, std::int64_t computedNs);
    void clockPreemptions(const std::vector<PreemptionEvent>& events, std::int64_t timeNs);
    void clockAbandoned();
    LatencyBreakdown clockFinish(Stream& stream, const Request& request) const;
    void beginRecording();
    void noteArrival(const Request& request);
    void noteStep(const Step& step);
    void notePhase(Step& step, StepPhase phase, std::int64_t startNs, std::int64_t endNs) const;
    void note(RecordedEvent event);
    void noteRanks(RankEvent event);
    void noteRecovery(const RankRecovery& recovery);
    void noteRefusal(const std::string& reason);
    void pushRecorded(Step& step);
    void takeRecorded(RecordedStep& into);
    void fail(const std::string& message);
    void failStep(const std::string& message);
    bool recover(std::string& message);
    std::vector<RequestId> beginAnew(const Step* failed);
    void awaitFailed();
    void settle();
    void endAll(FinishReason reason, const std::string& message);
    void endWhoHasFinished(const std::string& message);
    void endRequest(RequestId id, FinishReason reason, const std::string& error);
    void send(const EngineEvent& event);

    EventSink m_sink;
    std::shared_ptr<const Model> m_model;
    std::shared_ptr<const PromptEncoder> m_encoder;
    std::unique_ptr<Executor> m_executor;
    std::unique_ptr<KvCache> m_cache;
    std::unique_ptr<Scheduler> m_scheduler;
    EngineOptions m_options;
    KvPlan m_kvPlan;
    std::vector<Sampler> m_samplers; ///< one for each rank that ever sampled
    SpscRing<StepRecord> m_ring{1024};
    std::uint64_t m_steps = 0;
    std::int64_t m_waitingToldNs = 0;
    std::vector<RankRecovery> m_recoveries;
    bool m_leftBroken = false; ///< what could not be replaced in idle time waits for the next request
    std::int64_t m_busyNs = 0; ///< of all steps, from their launch to their last token
    Recorder* m_recorder = nullptr;
    RecordedStep m_recorded;        ///< what has happened since the last step that was pushed
    std::unique_ptr<Step> m_flight; ///< launched
    std::unique_ptr<Step> m_behind; ///< launched behind it; only while step() runs
    std::unique_ptr<Step> m_landed; ///< its events are still to be sent
    bool m_telling = false;         ///< the events of a landed step are being sent
    std::unordered_map<RequestId, std::unique_ptr<Stream>> m_streams;
};

} // namespace vitrine::engine
