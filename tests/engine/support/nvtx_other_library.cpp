// SPDX-License-Identifier: GPL-3.0-or-later
// A library that knows nothing of the engine and tells NVTX what it does, in a domain of its own.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include <nvtx3/nvToolsExt.h>
#ifdef VITRINE_NVTX_EXTENSIONS
#include <nvtx3/nvToolsExtCounters.h>
#include <nvtx3/nvToolsExtSemanticsCounters.h>
#include <nvtx3/nvToolsExtSemanticsTime.h>
#endif

namespace {

struct Other
{
    Other()
    {
        nvtxDomainNameCategoryA(domain, 7, "copies");
        nvtxDomainNameCategoryW(domain, 8, L"größe");
    }
    nvtxDomainHandle_t domain = nvtxDomainCreateA("other");
    nvtxStringHandle_t inner = nvtxDomainRegisterStringA(domain, "inner");
    nvtxStringHandle_t wide = nvtxDomainRegisterStringW(domain, L"weite \U0001F600");
};

const Other& other()
{
    static const Other other;
    return other;
}

nvtxEventAttributes_t attributes()
{
    nvtxEventAttributes_t attributes{};
    attributes.version = NVTX_VERSION;
    attributes.size = NVTX_EVENT_ATTRIB_STRUCT_SIZE;
    return attributes;
}

nvtxEventAttributes_t named(const char* message, double payload)
{
    nvtxEventAttributes_t event = attributes();
    event.category = 7;
    event.messageType = NVTX_MESSAGE_TYPE_ASCII;
    event.message.ascii = message;
    event.payloadType = NVTX_PAYLOAD_TYPE_DOUBLE;
    event.payload.dValue = payload;
    return event;
}

nvtxEventAttributes_t registered(nvtxStringHandle_t message, std::int32_t payload)
{
    nvtxEventAttributes_t event = attributes();
    event.category = 9; // without a name
    event.messageType = NVTX_MESSAGE_TYPE_REGISTERED;
    event.message.registered = message;
    event.payloadType = NVTX_PAYLOAD_TYPE_INT32;
    event.payload.iValue = payload;
    return event;
}

} // namespace

extern "C" {

/// An outer range of the domain, in it `inner` ranges, in each a mark.
void otherWork(int inner)
{
    const nvtxEventAttributes_t outer = named("outer", 2.5);
    nvtxDomainRangePushEx(other().domain, &outer);
    for (int i = 0; i < inner; ++i) {
        const nvtxEventAttributes_t event = registered(other().inner, -i);
        nvtxDomainRangePushEx(other().domain, &event);
        const nvtxEventAttributes_t mark = named("mark", i);
        nvtxDomainMarkEx(other().domain, &mark);
        nvtxDomainRangePop(other().domain);
    }
    nvtxDomainRangePop(other().domain);
}

/// The default domain, and all that is wide.
void otherPlain()
{
    nvtxRangePushA("plain");
    nvtxRangePushW(L"plain \u00e4");
    nvtxMarkA("point");
    nvtxMarkW(L"point \u00e4");
    nvtxRangePop();
    nvtxRangePop();
    nvtxEventAttributes_t event = registered(other().wide, 1);
    event.category = 8;
    nvtxDomainMarkEx(other().domain, &event);
}

/// Ranges of two domains, the outer one ending first.
void otherCrossed()
{
    const nvtxEventAttributes_t event = named("crossed", 0);
    nvtxDomainRangePushEx(other().domain, &event);
    nvtxRangePushA("across");
    nvtxDomainRangePop(other().domain);
    nvtxRangePop();
}

void otherPush()
{
    nvtxRangePushA("open");
}
void otherPop()
{
    nvtxRangePop();
}

std::uint64_t otherStart()
{
    const nvtxEventAttributes_t event = named("span", 1);
    return nvtxDomainRangeStartEx(other().domain, &event);
}
void otherEnd(std::uint64_t id)
{
    nvtxDomainRangeEnd(other().domain, id);
}

void otherNameThread(std::uint32_t thread)
{
    nvtxNameOsThreadA(thread, "worker");
}
}

#ifdef VITRINE_NVTX_EXTENSIONS

namespace {

struct Shape
{
    std::uint32_t rows, columns;
};
struct Reduce
{
    std::uint64_t bytes;
    std::int32_t operation;
    float share;
    Shape shape;
    char name[8];
    std::uint16_t ranks[3];
    std::uint32_t hidden;
};
struct Load
{
    double busy;
    std::int32_t waiting;
};

std::uint64_t addSchema(const char* name, std::uint64_t type,
                        const std::vector<nvtxPayloadSchemaEntry_t>& entries, std::size_t size)
{
    nvtxPayloadSchemaAttr_t schema{};
    schema.fieldMask = NVTX_PAYLOAD_SCHEMA_ATTR_FIELD_NAME | NVTX_PAYLOAD_SCHEMA_ATTR_FIELD_TYPE |
                       NVTX_PAYLOAD_SCHEMA_ATTR_FIELD_ENTRIES | NVTX_PAYLOAD_SCHEMA_ATTR_FIELD_NUM_ENTRIES |
                       NVTX_PAYLOAD_SCHEMA_ATTR_FIELD_STATIC_SIZE;
    schema.name = name;
    schema.type = type;
    schema.entries = entries.data();
    schema.numEntries = entries.size();
    schema.payloadStaticSize = size;
    return nvtxPayloadSchemaRegister(other().domain, &schema);
}

nvtxPayloadSchemaEntry_t field(std::uint64_t type, const char* name, std::uint64_t flags = 0,
                               std::uint64_t detail = 0, std::uint64_t offset = 0)
{
    return {flags, type, name, nullptr, detail, offset, nullptr, nullptr};
}

struct Schemas
{
    Schemas()
    {
        const nvtxPayloadEnum_t names[] = {{"sum", 0, 0}, {"max", 2, 0}, {"fast", 16, 1}, {"late", 32, 1}};
        nvtxPayloadEnumAttr_t kinds{};
        kinds.fieldMask = NVTX_PAYLOAD_ENUM_ATTR_FIELD_ENTRIES | NVTX_PAYLOAD_ENUM_ATTR_FIELD_NUM_ENTRIES |
                          NVTX_PAYLOAD_ENUM_ATTR_FIELD_SIZE;
        kinds.entries = names;
        kinds.numEntries = 4;
        kinds.sizeOfEnum = sizeof(std::int32_t);
        operation = nvtxPayloadEnumRegister(other().domain, &kinds);
        shape = addSchema(
            "Shape", NVTX_PAYLOAD_SCHEMA_TYPE_STATIC,
            {field(NVTX_PAYLOAD_ENTRY_TYPE_UINT32, "rows"), field(NVTX_PAYLOAD_ENTRY_TYPE_UINT32, "columns")},
            sizeof(Shape));
        reduce = addSchema(
            "Reduce", NVTX_PAYLOAD_SCHEMA_TYPE_STATIC,
            {field(NVTX_PAYLOAD_ENTRY_TYPE_UINT64, "bytes"), field(operation, "operation"),
             field(NVTX_PAYLOAD_ENTRY_TYPE_FLOAT, "share"), field(shape, "shape"),
             field(NVTX_PAYLOAD_ENTRY_TYPE_CSTRING, "name", 0, 8),
             field(NVTX_PAYLOAD_ENTRY_TYPE_UINT16, "ranks", NVTX_PAYLOAD_ENTRY_FLAG_ARRAY_FIXED_SIZE, 3),
             field(NVTX_PAYLOAD_ENTRY_TYPE_UINT32, "hidden", NVTX_PAYLOAD_ENTRY_FLAG_HIDE)},
            sizeof(Reduce));
        said = addSchema(
            "Said", NVTX_PAYLOAD_SCHEMA_TYPE_DYNAMIC,
            {field(NVTX_PAYLOAD_ENTRY_TYPE_UINT8, "count"),
             field(NVTX_PAYLOAD_ENTRY_TYPE_INT8, "values", NVTX_PAYLOAD_ENTRY_FLAG_ARRAY_LENGTH_INDEX, 0),
             field(NVTX_PAYLOAD_ENTRY_TYPE_CSTRING_UTF8, "",
                   NVTX_PAYLOAD_ENTRY_FLAG_ARRAY_ZERO_TERMINATED | NVTX_PAYLOAD_ENTRY_FLAG_EVENT_MESSAGE)},
            0);
        load = addSchema(
            "Load", NVTX_PAYLOAD_SCHEMA_TYPE_STATIC,
            {field(NVTX_PAYLOAD_ENTRY_TYPE_DOUBLE, "busy"), field(NVTX_PAYLOAD_ENTRY_TYPE_INT32, "waiting")},
            sizeof(Load));
        bytes = addCounter("bytes", NVTX_PAYLOAD_ENTRY_TYPE_INT64, "B");
        group = addCounter("queue", load, nullptr);
    }
    static std::uint64_t addCounter(const char* name, std::uint64_t type, const char* unit)
    {
        nvtxSemanticsCounter_t semantics{};
        semantics.header = {sizeof semantics, NVTX_SEMANTIC_ID_COUNTERS_V1, NVTX_COUNTER_SEMANTIC_VERSION,
                            nullptr};
        semantics.unit = unit;
        nvtxCounterAttr_t counter{};
        counter.structSize = sizeof counter;
        counter.schemaId = type;
        counter.name = name;
        counter.semantics = &semantics.header;
        return nvtxCounterRegister(other().domain, &counter);
    }

    std::uint64_t operation = 0, shape = 0, reduce = 0, said = 0, load = 0, bytes = 0, group = 0;
};

const Schemas& schemas()
{
    static const Schemas schemas;
    return schemas;
}

/// Whatever a schema may say, right or wrong.
std::uint64_t randomSchema(std::mt19937& random, const std::vector<std::uint64_t>& known)
{
    std::vector<nvtxPayloadSchemaEntry_t> entries;
    for (std::size_t i = random() % 8; i > 0; --i) {
        const std::uint64_t type = random() % 3 == 0 ? known[random() % known.size()] : random() % 110;
        const std::uint64_t flags = random() % 2 == 0 ? 0 : random() % (1 << 12);
        const std::uint64_t detail = random() % 4 == 0 ? ~std::uint64_t{0} >> (random() % 64) : random() % 6;
        const std::uint64_t offset = random() % 4 == 0 ? ~std::uint64_t{0} >> (random() % 64) : 0;
        entries.push_back(field(type, random() % 2 == 0 ? "f" : nullptr, flags, detail, offset));
    }
    return addSchema("Any", random() % 6, entries, random() % 3 == 0 ? random() : 0);
}

} // namespace

extern "C" {

/// A range with a payload of several values, in it a mark whose payload is one number, and one that takes its
/// message from its payload.
void otherPayloads()
{
    const Reduce reduce{4096, 2, 0.5F, {2, 3}, "weights", {0, 1, 7}, 99};
    nvtxEventAttributes_t event = named("reduce", 0);
    nvtxPayloadData_t data{};
    NVTX_PAYLOAD_EVTATTR_SET_DATA(event, &data, schemas().reduce, &reduce, sizeof reduce);
    nvtxDomainRangePushEx(other().domain, &event);
    const std::int16_t number = -7;
    const nvtxPayloadData_t one{NVTX_PAYLOAD_ENTRY_TYPE_INT16, sizeof number, &number};
    nvtxEventAttributes_t mark = named("number", 0);
    mark.payloadType = NVTX_PAYLOAD_TYPE_EXT;
    mark.reserved0 = 1;
    mark.payload.ullValue = NVTX_POINTER_AS_PAYLOAD_ULLVALUE(&one);
    nvtxDomainMarkEx(other().domain, &mark);
    const char said[] = "\2\5\xFFhello";
    const nvtxPayloadData_t dynamic{schemas().said, sizeof said, said};
    nvtxMarkPayload(other().domain, &dynamic, 1);
    nvtxDomainRangePop(other().domain);
}

/// Ranges that begin and end with payloads.
void otherPayloadRanges()
{
    const char first[] = "\1\1ranged", last[] = "\0ended", span[] = "\0spanned";
    const nvtxPayloadData_t begin{schemas().said, sizeof first, first};
    const std::uint32_t flags = 48;
    const nvtxPayloadData_t end[] = {{schemas().said, sizeof last, last},
                                     {schemas().operation, sizeof flags, &flags}};
    nvtxRangePushPayload(other().domain, &begin, 1);
    nvtxRangePopPayload(other().domain, end, 2);
    const nvtxPayloadData_t name{schemas().said, sizeof span, span};
    const nvtxRangeId_t id = nvtxRangeStartPayload(other().domain, &name, 1);
    nvtxRangeEndPayload(other().domain, id, end + 1, 1);
}

void otherCounters()
{
    nvtxCounterSampleInt64(other().domain, schemas().bytes, -5);
    nvtxCounterSampleFloat64(other().domain, schemas().bytes, 1.5);
    nvtxCounterSampleNoValue(other().domain, schemas().bytes, NVTX_COUNTER_SAMPLE_ZERO);
    nvtxCounterSampleNoValue(other().domain, schemas().bytes, NVTX_COUNTER_SAMPLE_UNAVAILABLE);
    const Load load{0.25, 3};
    nvtxCounterSample(other().domain, schemas().group, &load, sizeof load);
    nvtxCounterSample(other().domain, schemas().group, &load, sizeof load.busy); // what is there
    nvtxCounterSampleInt64(other().domain, 12345, 1);                            // nobody's
}

/// As many marks as rounds, with schemas and payloads that fit or not.
void otherHostilePayloads(std::uint32_t seed, int rounds)
{
    std::mt19937 random(seed);
    std::vector<std::uint64_t> known{schemas().reduce, schemas().operation, schemas().said, schemas().shape};
    for (int i = 0; i < rounds; ++i) {
        if (i % 8 == 0 && known.size() < 400)
            known.push_back(randomSchema(random, known));
        const std::size_t size = random() % 80;
        const auto bytes = std::make_unique<std::uint8_t[]>(size); // at its end a sanitizer watches
        for (std::size_t at = 0; at < size; ++at)
            bytes[at] = static_cast<std::uint8_t>(random() % 4 == 0 ? random() : random() % 4);
        const std::uint8_t* const itself = bytes.get() + random() % 90;
        if (size >= sizeof itself && random() % 2 == 0)
            std::memcpy(bytes.get() + random() % (size - sizeof itself + 1), &itself, sizeof itself);
        const nvtxPayloadData_t data{random() % 8 == 0 ? random() % 1100 : known[random() % known.size()],
                                     size, bytes.get()};
        nvtxMarkPayload(other().domain, &data, 1);
    }
}
}

namespace {

struct Late
{
    std::int64_t beginNs, endNs;
    std::uint32_t size;
    char name[8];
};

nvtxPayloadSchemaEntry_t timeField(const char* name, std::uint64_t kind, const nvtxSemanticsTime_t& time)
{
    nvtxPayloadSchemaEntry_t entry =
        field(NVTX_PAYLOAD_ENTRY_TYPE_INT64, name, NVTX_PAYLOAD_ENTRY_FLAG_TIMESTAMP | kind);
    entry.semantics = &time.header;
    return entry;
}

/// Of events that have a beginning and, with `ends`, an end, of a clock.
std::uint64_t lateSchema(std::uint64_t clock, bool ends)
{
    const nvtxSemanticsTime_t time{
        {sizeof time, NVTX_SEMANTIC_ID_TIME_V1, NVTX_TIME_SEMANTIC_VERSION, nullptr}, clock};
    std::vector<nvtxPayloadSchemaEntry_t> entries{
        timeField("begin", ends ? NVTX_PAYLOAD_ENTRY_FLAG_RANGE_BEGIN : NVTX_PAYLOAD_ENTRY_FLAG_MARK, time),
        ends ? timeField("end", NVTX_PAYLOAD_ENTRY_FLAG_RANGE_END, time)
             : field(NVTX_PAYLOAD_ENTRY_TYPE_INT64, "end", NVTX_PAYLOAD_ENTRY_FLAG_HIDE),
        field(NVTX_PAYLOAD_ENTRY_TYPE_UINT32, "size"),
        field(NVTX_PAYLOAD_ENTRY_TYPE_CSTRING, "name", NVTX_PAYLOAD_ENTRY_FLAG_EVENT_MESSAGE, 8)};
    return addSchema("Late", NVTX_PAYLOAD_SCHEMA_TYPE_STATIC, entries, sizeof(Late));
}

} // namespace

extern "C" {

/// An event of a clock (0: of a time domain that is the monotonic clock).
void otherLate(std::uint64_t clock, bool ends, std::int64_t beginNs, std::int64_t endNs)
{
    if (clock == 0) {
        nvtxTimeDomainAttr_t domain{};
        domain.timestampTypeId = NVTX_TIMESTAMP_TYPE_CPU_CLOCK_GETTIME_MONOTONIC;
        clock = nvtxTimeDomainRegister(other().domain, &domain);
    }
    const Late late{beginNs, endNs, 5, "late"};
    const nvtxPayloadData_t data{lateSchema(clock, ends), sizeof late, &late};
    nvtxEventSubmit(other().domain, &data, 1);
}

/// A batch of spans, 10 ns each, and a part of one.
void otherLateBatch(std::int64_t beginNs, std::uint32_t count)
{
    std::vector<Late> events;
    for (std::uint32_t i = 0; i <= count; ++i)
        events.push_back({beginNs + 20 * i, beginNs + 20 * i + 10, i, "batch"});
    nvtxEventBatch_t batch{};
    batch.eventSchemaId = lateSchema(NVTX_TIMESTAMP_TYPE_CPP_STEADY_CLOCK, true);
    batch.events = events.data();
    batch.size = (count + 1) * sizeof(Late) - 1;
    nvtxEventBatchSubmit(other().domain, &batch);
}

std::int64_t otherTimestamp()
{
    return nvtxTimestampGet();
}

/// Batches of schemas that fit or not.
void otherHostileBatches(std::uint32_t seed, int rounds)
{
    std::mt19937 random(seed);
    std::vector<std::uint64_t> known{schemas().reduce,
                                     lateSchema(NVTX_TIMESTAMP_TYPE_CPP_STEADY_CLOCK, true)};
    for (int i = 0; i < rounds; ++i) {
        if (i % 16 == 0 && known.size() < 100)
            known.push_back(randomSchema(random, known));
        const std::size_t size = random() % 200;
        const auto bytes = std::make_unique<std::uint8_t[]>(size); // at its end a sanitizer watches
        for (std::size_t at = 0; at < size; ++at)
            bytes[at] = static_cast<std::uint8_t>(random() % 2 == 0 ? random() : 0);
        nvtxEventBatch_t batch{};
        batch.eventSchemaId = random() % 8 == 0 ? random() % 1100 : known[random() % known.size()];
        batch.events = bytes.get();
        batch.size = size;
        nvtxEventBatchSubmit(other().domain, &batch);
        const nvtxPayloadData_t data{batch.eventSchemaId, size, bytes.get()};
        nvtxEventSubmit(other().domain, &data, 1);
    }
}
}

extern "C" void otherBatch()
{
    const nvtxEventBatch_t batch{};
    nvtxEventBatchSubmit(other().domain, &batch);
}

#endif
