#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a GGUF file of a tiny model that comes as config.json, model.safetensors and tokenizer.json.

Usage: make_family_gguf.py FOLDER OUT.gguf

Names, keys and layouts are those that files of these families have in the wild. Only Python's own modules;
weights are copied as the bfloat16 that they are, vectors become float32.
"""
import json
import math
import struct
import sys

F32, BF16 = 0, 30
ALIGNMENT = 32

ARCHITECTURES = {"qwen2": "qwen2", "mistral": "llama", "gemma2": "gemma2", "phi3": "phi3", "smollm3": "smollm3",
                 "granite": "granite", "olmo2": "olmo2", "gpt_oss": "gpt-oss", "llama": "llama"}
INTERLEAVED = {"mistral", "smollm3", "granite", "llama"}  # rows of q and k are put in pairs
COMMON = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight",
          "lm_head.weight": "output.weight"}
LAYER = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
         "self_attn.qkv_proj": "attn_qkv", "self_attn.o_proj": "attn_output", "self_attn.q_norm": "attn_q_norm",
         "self_attn.k_norm": "attn_k_norm", "self_attn.sinks": "attn_sinks", "mlp.gate_proj": "ffn_gate",
         "mlp.up_proj": "ffn_up", "mlp.gate_up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
         "mlp.router": "ffn_gate_inp", "input_layernorm": "attn_norm", "pre_feedforward_layernorm": "ffn_norm",
         "post_feedforward_layernorm": "post_ffw_norm"}
# Families in which the norm behind attention is what its name says; in the others it stands before the
# feed-forward part.
NORMED_BEHIND = {"gemma2", "olmo2"}


def read_safetensors(path):
    """{name: (shape, bytes)}, all bfloat16."""
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        if entry["dtype"] != "BF16":
            raise SystemExit(f"{path}: {name} is {entry['dtype']}, not BF16")
        begin, end = entry["data_offsets"]
        tensors[name] = (entry["shape"], data[begin:end])
    return tensors


def rows_of(shape, data):
    size = len(data) // math.prod(shape[:-1])
    return [data[i:i + size] for i in range(0, len(data), size)]


def paired(shape, data, heads):
    """Row i and row i + dim/2 of each head behind each other."""
    rows = rows_of(shape, data)
    dim = len(rows) // heads
    order = [head * dim + half * (dim // 2) + i for head in range(heads) for i in range(dim // 2) for half in (0, 1)]
    return b"".join(rows[i] for i in order)


def transposed(shape, data):
    """Of each matrix [rows, columns] in a stack, [columns, rows]."""
    count, rows, columns = shape
    out = bytearray()
    for matrix in range(count):
        base = matrix * rows * columns
        for column in range(columns):
            for row in range(rows):
                at = 2 * (base + row * columns + column)
                out += data[at:at + 2]
    return [count, columns, rows], bytes(out)


def halves(shape, data):
    """Even rows and odd rows of each matrix of a stack; of a table, even and odd columns."""
    if len(shape) == 2:
        numbers = [data[i:i + 2] for i in range(0, len(data), 2)]
        return [([shape[0], shape[1] // 2], b"".join(numbers[first::2])) for first in (0, 1)]
    rows = rows_of(shape, data)
    return [([shape[0], shape[1] // 2, shape[2]], b"".join(rows[first::2])) for first in (0, 1)]


def as_floats(data, plus=0.0):
    bits = struct.unpack(f"<{len(data) // 2}H", data)
    values = [struct.unpack("<f", struct.pack("<I", b << 16))[0] + plus for b in bits]
    return struct.pack(f"<{len(values)}f", *values)


def experts_of(name, shape, data):
    if name.startswith("gate_up_proj"):
        if not name.endswith("_bias"):
            shape, data = transposed(shape, data)
        suffix = "bias" if name.endswith("_bias") else "weight"
        return [(f"ffn_{part}_exps.{suffix}", *half) for part, half in zip(("gate", "up"), halves(shape, data))]
    if name == "down_proj":
        return [("ffn_down_exps.weight", *transposed(shape, data))]
    return [("ffn_down_exps.bias", shape, data)]


def layer_tensors(kind, config, name, shape, data):
    """[(name in a layer, shape, bytes)]"""
    if name.startswith("mlp.experts."):
        return experts_of(name.removeprefix("mlp.experts."), shape, data)
    stem, _, suffix = name.rpartition(".")
    if name.endswith("sinks"):
        stem, suffix = name, "weight"
    if stem == "post_attention_layernorm":
        # gpt-oss files call it by its place, though it does what ffn_norm does elsewhere
        behind = kind in NORMED_BEHIND or kind == "gpt_oss"
        return [(("post_attention_norm" if behind else "ffn_norm") + ".weight", shape, data)]
    if kind in INTERLEAVED and stem.endswith(("q_proj", "k_proj")):
        heads = config["num_attention_heads" if stem.endswith("q_proj") else "num_key_value_heads"]
        data = paired(shape, data, heads)
    return [(f"{LAYER[stem]}.{suffix}", shape, data)]


def tensors_of(kind, config, source):
    for name, (shape, data) in source.items():
        if name in COMMON:
            yield COMMON[name], shape, data
            continue
        _, _, layer, rest = name.split(".", 3)
        for inner, inner_shape, inner_data in layer_tensors(kind, config, rest, shape, data):
            yield f"blk.{layer}.{inner}", inner_shape, inner_data


def is_float(name, shape):
    return len(shape) == 1 or name.endswith(".bias") or "ffn_gate_inp" in name


def head_size(config):
    return config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]


def rope_entries(config, prefix):
    rope = config["rope_parameters"]
    yield prefix + "rope.freq_base", float(rope["rope_theta"])
    if rope["rope_type"] == "yarn":
        yield prefix + "rope.scaling.type", "yarn"
        yield prefix + "rope.scaling.factor", float(rope["factor"])
        yield prefix + "rope.scaling.original_context_length", rope["original_max_position_embeddings"]


def entries_of(kind, config):
    prefix = ARCHITECTURES[kind] + "."
    yield "general.architecture", ARCHITECTURES[kind]
    yield "general.name", kind
    yield prefix + "block_count", config["num_hidden_layers"]
    yield prefix + "context_length", config["max_position_embeddings"]
    yield prefix + "embedding_length", config["hidden_size"]
    yield prefix + "feed_forward_length", config["intermediate_size"]
    yield prefix + "attention.head_count", config["num_attention_heads"]
    yield prefix + "attention.head_count_kv", config["num_key_value_heads"]
    yield prefix + "attention.layer_norm_rms_epsilon", float(config["rms_norm_eps"])
    yield prefix + "attention.key_length", head_size(config)
    yield prefix + "attention.value_length", head_size(config)
    yield prefix + "rope.dimension_count", head_size(config)
    yield "general.file_type", 32
    yield from rope_entries(config, prefix)
    if config.get("sliding_window"):
        yield prefix + "attention.sliding_window", config["sliding_window"]
    for key, name in (("attn_logit_softcapping",) * 2, ("final_logit_softcapping",) * 2,
                      ("attention_multiplier", "attention.scale"), ("embedding_multiplier", "embedding_scale"),
                      ("residual_multiplier", "residual_scale"), ("logits_scaling", "logit_scale")):
        if config.get(key):
            yield prefix + name, float(config[key])
    if config.get("num_local_experts"):
        yield prefix + "expert_count", config["num_local_experts"]
        yield prefix + "expert_used_count", config["num_experts_per_tok"]
        yield prefix + "expert_feed_forward_length", config["intermediate_size"]


def vocabulary(folder):
    with open(folder + "/tokenizer.json", encoding="utf-8") as file:
        tokenizer = json.load(file)
    with open(folder + "/tokenizer_config.json", encoding="utf-8") as file:
        settings = json.load(file)
    ids = dict(tokenizer["model"]["vocab"])
    special = {added["content"]: added["id"] for added in tokenizer["added_tokens"]}
    ids.update(special)
    texts = sorted(ids, key=ids.get)
    yield "tokenizer.ggml.model", "gpt2"
    yield "tokenizer.ggml.pre", "qwen2"
    yield "tokenizer.ggml.tokens", texts
    yield "tokenizer.ggml.token_type", [3 if text in special else 1 for text in texts]
    yield "tokenizer.ggml.merges", [m if isinstance(m, str) else " ".join(m) for m in tokenizer["model"]["merges"]]
    for key, name in (("bos_token", "bos"), ("eos_token", "eos"), ("pad_token", "padding")):
        yield f"tokenizer.ggml.{name}_token_id", ids[settings[key]]
    yield "tokenizer.chat_template", settings["chat_template"]


def text_bytes(text):
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def value_bytes(value):
    """With its type before it."""
    if isinstance(value, str):
        return struct.pack("<I", 8) + text_bytes(value)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    if isinstance(value[0], str):
        return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(text_bytes, value))
    return struct.pack("<IIQ", 9, 5, len(value)) + struct.pack(f"<{len(value)}i", *value)


def padded(data):
    return data + bytes(-len(data) % ALIGNMENT)


def write_gguf(path, entries, tensors):
    header = struct.pack("<IIQQ", 0x46554747, 3, len(tensors), len(entries))
    for key, value in entries:
        header += text_bytes(key) + value_bytes(value)
    offset = 0
    for name, shape, kind, data in tensors:
        header += text_bytes(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *reversed(shape))
        header += struct.pack("<IQ", kind, offset)
        offset += len(padded(data))
    with open(path, "wb") as file:
        file.write(padded(header))
        for _, _, _, data in tensors:
            file.write(padded(data))


def main(folder, out):
    with open(folder + "/config.json", encoding="utf-8") as file:
        config = json.load(file)
    kind = config["model_type"]
    tensors = []
    for name, shape, data in tensors_of(kind, config, read_safetensors(folder + "/model.safetensors")):
        if is_float(name, shape):
            plus = 1.0 if kind == "gemma2" and name.endswith("norm.weight") else 0.0
            tensors.append((name, shape, F32, as_floats(data, plus)))
        else:
            tensors.append((name, shape, BF16, data))
    write_gguf(out, list(entries_of(kind, config)) + list(vocabulary(folder)), tensors)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
