# SPDX-License-Identifier: GPL-3.0-or-later
"""Perfetto's trace, decoded with Google's protobuf library and a schema that is made here, from the field numbers
that Perfetto documents. Where Perfetto's own Python package is there its schema must read the same, and where its
trace processor is there as well (`trace_processor_shell` on the path) so must that."""
import shutil

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from __main__ import empty, must

BEGIN, END, INSTANT, COUNTER = 1, 2, 3, 4
CLEARED, NEEDS_STATE = 1, 2

Field = descriptor_pb2.FieldDescriptorProto
KINDS = {"u64": Field.TYPE_UINT64, "i64": Field.TYPE_INT64, "u32": Field.TYPE_UINT32, "i32": Field.TYPE_INT32,
         "f64": Field.TYPE_FIXED64, "double": Field.TYPE_DOUBLE, "text": Field.TYPE_STRING}
# Message: {field: (number, type)}; "*" in front: repeated.
SCHEMA = {
    "Trace": {"packet": (1, "*TracePacket")},
    "TracePacket": {"timestamp": (8, "u64"), "trusted_packet_sequence_id": (10, "u32"),
                    "track_event": (11, "TrackEvent"), "interned_data": (12, "InternedData"),
                    "sequence_flags": (13, "u32"), "track_descriptor": (60, "TrackDescriptor")},
    "TrackDescriptor": {"uuid": (1, "u64"), "name": (2, "text"), "process": (3, "ProcessDescriptor"),
                        "thread": (4, "ThreadDescriptor"), "parent_uuid": (5, "u64"),
                        "counter": (8, "CounterDescriptor")},
    "ProcessDescriptor": {"pid": (1, "i32"), "process_name": (6, "text")},
    "ThreadDescriptor": {"pid": (1, "i32"), "tid": (2, "i32"), "thread_name": (5, "text")},
    "CounterDescriptor": {"unit": (3, "i32")},
    "TrackEvent": {"debug_annotations": (4, "*DebugAnnotation"), "type": (9, "i32"), "name_iid": (10, "u64"),
                   "track_uuid": (11, "u64"), "counter_value": (30, "i64"), "flow_ids": (47, "*f64")},
    "DebugAnnotation": {"name_iid": (1, "u64"), "uint_value": (3, "u64"), "int_value": (4, "i64"),
                        "double_value": (5, "double"), "string_value": (6, "text")},
    "InternedData": {"event_names": (2, "*Name"), "debug_annotation_names": (3, "*Name")},
    "Name": {"iid": (1, "u64"), "name": (2, "text")},
}


def own_trace_class():
    file = descriptor_pb2.FileDescriptorProto(name="trace.proto", package="check", syntax="proto2")
    for name, fields in SCHEMA.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            repeated, kind = kind.startswith("*"), kind.lstrip("*")
            added = message.field.add(name=field, number=number)
            added.label = Field.LABEL_REPEATED if repeated else Field.LABEL_OPTIONAL
            added.type = KINDS.get(kind, Field.TYPE_MESSAGE)
            if kind not in KINDS:
                added.type_name = f".check.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    descriptor = pool.FindMessageTypeByName("check.Trace")
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)


def unknown_fields(message):
    """None where this version of the library cannot say."""
    if hasattr(message, "UnknownFields"):
        try:
            return len(message.UnknownFields())
        except NotImplementedError:
            pass
    try:
        from google.protobuf.unknown_fields import UnknownFieldSet
    except ImportError:
        return None
    return len(UnknownFieldSet(message))


def check_known(message):
    must(not unknown_fields(message), "fields that the schema does not have in", message.DESCRIPTOR.name)
    for field, value in message.ListFields():
        if field.message_type:
            # Newer versions of the library have is_repeated, older ones label.
            repeated = field.is_repeated if hasattr(field, "is_repeated") else field.label == field.LABEL_REPEATED
            for part in value if repeated else [value]:
                check_known(part)


class Reading:
    def __init__(self, trace):
        self.tracks, self.events = {}, []
        self.event_names, self.argument_names = {}, {}
        for number, packet in enumerate(trace.packet):
            check_known(packet)
            flags = packet.sequence_flags
            must(bool(flags & CLEARED) == (number == 0) and flags & NEEDS_STATE, "sequence flags", number, flags)
            must(packet.trusted_packet_sequence_id == 1, "another sequence")
            if packet.HasField("track_descriptor"):
                self.add_track(packet.track_descriptor)
            self.intern(packet.interned_data)
            if packet.HasField("track_event"):
                event = packet.track_event
                must(event.track_uuid in self.tracks, "an event of a track that is not described", event)
                self.events.append((packet.timestamp, event.type, event.track_uuid, self.name(event),
                                    self.arguments(event), event.counter_value, list(event.flow_ids)))
        # As the trace processor does: by time, in the order of the file where it is the same.
        self.events.sort(key=lambda event: event[0])

    def add_track(self, track):
        must(track.uuid not in self.tracks, "a track twice", track)
        must(not track.parent_uuid or track.parent_uuid in self.tracks, "a parent that is not described", track)
        self.tracks[track.uuid] = track

    def intern(self, data):
        for names, added in ((self.event_names, data.event_names),
                             (self.argument_names, data.debug_annotation_names)):
            for entry in added:
                must(entry.iid not in names, "a name twice", entry)
                names[entry.iid] = entry.name

    def name(self, event):
        if event.type in (END, COUNTER):
            return None
        must(event.name_iid in self.event_names, "a name that is not interned", event)
        return self.event_names[event.name_iid]

    def arguments(self, event):
        def value(argument):
            kind, = (kind for kind in ("uint_value", "int_value", "double_value", "string_value")
                     if argument.HasField(kind))
            return getattr(argument, kind)

        return {self.argument_names[argument.name_iid]: value(argument) for argument in event.debug_annotations}

    def is_nvtx(self, uuid):
        track = self.tracks[uuid]
        while track.parent_uuid:
            track = self.tracks[track.parent_uuid]
        return track.process.process_name == "NVTX"

    def nvtx(self, kind, uuid, name, start, end, arguments):
        track = self.tracks[uuid]
        thread = track.thread.thread_name
        must(kind == "span" or track.thread.tid and f"thread {track.thread.tid}" in thread, "a thread's number", track)
        return [kind, thread, start, end, arguments.get("domain", ""), arguments.get("category", ""), name,
                arguments.get("payload")]

    def lane(self, uuid):
        track = self.tracks[uuid]
        if not track.HasField("thread"):
            return track.name
        return "executor" if track.thread.thread_name.startswith("executor") else "engine"


def form_of(trace):
    reading, form, stacks, flows = Reading(trace), empty(), {}, {}
    for time, kind, uuid, name, arguments, value, event_flows in reading.events:
        if kind == COUNTER:
            must(reading.tracks[uuid].HasField("counter"), "a count on a track that is none", uuid)
            form["counters"].setdefault(reading.tracks[uuid].name, []).append([time, value])
            continue
        must(not reading.tracks[uuid].HasField("counter"), "a slice on a counter's track")
        if kind == INSTANT and reading.is_nvtx(uuid):
            form["nvtx"].append(reading.nvtx("mark", uuid, name, time, time, arguments))
            continue
        if kind == INSTANT:
            form["marks"].append([name, time, arguments])
            continue
        stack = stacks.setdefault(uuid, [])
        if kind == BEGIN:
            stack.append((name, time, arguments))
            for flow in event_flows:
                flows.setdefault(flow, []).append((uuid, time, name))
            continue
        must(kind == END and stack, "an end without a beginning on", reading.lane(uuid), time)
        name, start, arguments = stack.pop()
        if reading.is_nvtx(uuid):
            what = "range" if reading.tracks[uuid].HasField("thread") else "span"
            form["nvtx"].append(reading.nvtx(what, uuid, name, start, time, arguments))
            continue
        lane = reading.lane(uuid)
        if reading.tracks[uuid].HasField("thread"):
            form["phases"].append([lane, name, start, time, arguments])
        else:
            request = form["requests"].setdefault(lane, {"spans": []})
            if stack:
                request["spans"].append([name, start, time, arguments])
            else:
                must(name == "request", "a slice above", lane)
                request.update(start=start, end=time, arguments=arguments)
    must(not any(stacks.values()), "slices without an end")
    for flow, ends in flows.items():
        must(len(ends) == 2, "a flow with", len(ends), "ends", flow)
        (tail, start, _), (head, head_start, head_name) = ends
        if reading.lane(tail) == "executor":  # both at the same moment
            (tail, start), (head, head_start) = (head, head_start), (tail, start)
        must(reading.lane(head) == "executor", "a flow that leads elsewhere", flow)
        form["arrows"].append([reading.lane(tail), start, head_start])
    return form


def read(path):
    trace = own_trace_class()()
    with open(path, "rb") as file:
        trace.ParseFromString(file.read())
    return form_of(trace)


def check_more(path, expected):
    try:
        from perfetto.protos.perfetto.trace import perfetto_trace_pb2
    except ImportError:
        print("Perfetto's own package is not installed: read with the schema made here alone")
        return
    from __main__ import compare
    theirs = perfetto_trace_pb2.Trace()
    with open(path, "rb") as file:
        theirs.ParseFromString(file.read())
    compare(form_of(theirs), expected)
    print("read by Perfetto's own schema as well")
    shell = shutil.which("trace_processor_shell")
    if shell is None:
        print("Perfetto's trace processor is not installed: not asked")
        return
    ask_processor(path, expected, shell)


def ask_processor(path, expected, shell):
    from perfetto.trace_processor import TraceProcessor, TraceProcessorConfig
    processor = TraceProcessor(trace=path, config=TraceProcessorConfig(bin_path=shell))

    def number(query):
        return next(iter(processor.query(query))).n

    requests = expected["requests"].values()
    slices = len(expected["phases"]) + len(expected["marks"]) + len(expected["nvtx"]) + \
        sum(1 + len(r["spans"]) for r in requests)
    must(number("select count(*) as n from slice") == slices, "slices in the trace processor")
    must(number("select count(*) as n from flow") == len(expected["arrows"]), "flows in the trace processor")
    must(number("select count(*) as n from counter") == sum(map(len, expected["counters"].values())), "counters")
    must(number("select ifnull(sum(value), 0) as n from stats where severity = 'error'") == 0, "import errors")
    print("Perfetto's trace processor says the same")
