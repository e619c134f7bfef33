#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes reference cases for tokenizer.json into a folder: small vocabularies trained here for ways of cutting
text that published models use, their encodings, words cut by single expressions, and normal forms.

Usage: generate_tokenizer_cases.py tests/data/tokenizers
Uses the package `tokenizers` of Hugging Face.
"""
import json
import sys

from tokenizers import (AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors,
                        trainers)

OUT = sys.argv[1]
TEXTS = [row["text"] for row in json.load(open(f"{OUT}/llama3.expected.json"))]
TRAINING = (TEXTS + ["The quick brown fox jumps over 13 lazy dogs, isn't it? 1234567890"] * 20
            + ["El pingüino Wenceslao hizo kilómetros bajo exhaustiva lluvia y frío"] * 20
            + ["敏捷的棕色狐狸跳过了懒狗。これはテストです。", "Съешь же ещё этих мягких французских булок"] * 20
            + ["for (int i = 0; i < 10; ++i) { sum += a[i]; }\n\treturn sum;\n"] * 20)
MORE = ["Don'T  STOP\r\n\r\n now", "'ſ 'K 'LL", "x²½Ⅷ٣", "a\u0301b\u0301", "   \n\t \n", "…!!!???", "🇩🇪👩‍👩‍👧", "한국어 ㄱㄴ",
        "カタカナ ひらがな 漢字カナ漢字", "a_b-c.d/e\\f", "١٢٣ ๑๒๓", "\u00a0\u2003\u3000x", "€5,00 $6.10", "ǅabc ﬁ ℃ Å",
        "(foo)[bar]{baz}", "\t\tif x:\n\t\t\treturn", "A1B22C333D4444", "I'm he'd she'LL we'Re", "مرحبا بالعالم", "नमस्ते",
        "  keep    keep  #", "keep  keep   keep  keep  ", "<think> <think>  keep  <think>"]
GPT4 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)"
        r"|\s+")
GPT4O = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
         r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
         r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
DEEPSEEK3 = (r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*"
             r"|\s*[\r\n]+|\s+(?!\S)|\s+")
EXPRESSIONS = [GPT4, GPT4O, DEEPSEEK3, r"[一-龥\u3040-ゟ゠-ヿ]+", r"\s?[!-/:-~！-／：-～‘-‟　-。]+", r"\s+$", r"\s?\p{L}+", r"[\r\n]",
               r"\p{N}{1,3}", r"[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{L}&&[^\p{Han}]]+|\s+", r"(?<=\d)\D", r"(?<!a)b|\bfo+\b",
               r"^\s*|x$", r"(?:[A-Z][a-z]*)+?\d", r"(?>a+|ab)b?|\w+", r"(?i)don't|STOP", r"[^\S\n]+", r"\x{20}+|\t",
               r"[\p{^L}&&\S]+", r"(\d)(?=\d{3}\b)", r"\p{Lu}\p{Ll}+|\P{L}+", r"..", r"\h{2,}", r"a{,2}b{1}c*",
               r" ?[^(\s|[.,!?…。，、।۔،])]+", r"\p{Uppercase_Letter}\p{letter}*|\p{greek}+|\p{Punctuation}"]


def split(expression, behavior="isolated", invert=False):
    return pre_tokenizers.Split(Regex(expression), behavior, invert)


def byte_level(use_regex=False):
    return pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=use_regex)


def expected(tokenizer, name):
    rows = []
    for text in TEXTS + MORE:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        rows.append({"text": text, "ids": ids, "decoded": tokenizer.decode(ids, skip_special_tokens=False)})
    json.dump(rows, open(f"{OUT}/{name}.expected.json", "w"), ensure_ascii=False, indent=0)
    tokenizer.save(f"{OUT}/{name}.json")


def trained(name, pre, model=None, trainer=None, normalizer=None, decoder=None):
    tokenizer = Tokenizer(model or models.BPE())
    tokenizer.pre_tokenizer = pre
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.decoder = decoder or decoders.ByteLevel()
    tokenizer.train_from_iterator(TRAINING, trainer or trainers.BpeTrainer(
        vocab_size=700, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.add_special_tokens(["<s>", "<|im_start|>"])
    tokenizer.add_tokens([AddedToken("<think>", normalized=True), AddedToken("  keep  ", lstrip=True, rstrip=True, normalized=False)])
    expected(tokenizer, name)


sequence = pre_tokenizers.Sequence
trained("falcon", sequence([pre_tokenizers.Punctuation("contiguous"), byte_level(True), pre_tokenizers.Digits(False),
                            split("[0-9][0-9][0-9]")]))
trained("deepseek", sequence([split(r"\p{N}{1,3}"), split(r"[一-龥\u3040-ゟ゠-ヿ]+"), split(DEEPSEEK3), byte_level()]),
        normalizer=normalizers.Sequence([]))
trained("deepseek_llm", sequence([split(r"[\r\n]"), split(r"\s?\p{L}+"), split(r"\s?\p{P}+"), split(r"\s+$"),
                                  split("[一-龥ࠀ-一가-퟿]+"), pre_tokenizers.Digits(True), byte_level()]))
unigram = trainers.UnigramTrainer(vocab_size=400, show_progress=False, unk_token="<unk>",
                                  special_tokens=["<unk>", "</s>"])
metaspace = pre_tokenizers.Metaspace(prepend_scheme="first", split=True)
trained("unigram", metaspace, models.Unigram(), unigram,
        normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]),
        decoders.Sequence([decoders.Replace("▁", " "), decoders.Fuse(), decoders.Strip(" ", 1, 0)]))
trained("metaspace", pre_tokenizers.Metaspace(prepend_scheme="never", split=False), models.BPE(unk_token="<unk>"),
        trainers.BpeTrainer(vocab_size=500, show_progress=False, special_tokens=["<unk>"], limit_alphabet=60), None,
        decoders.Sequence([decoders.Replace("▁", " "), decoders.Fuse()]))

# The older spelling: merges as texts, and a prefix before each piece.
trained("legacy", pre_tokenizers.ByteLevel(add_prefix_space=True))
old = json.load(open(f"{OUT}/legacy.json"))
old["model"]["merges"] = [" ".join(merge) for merge in old["model"]["merges"]]
json.dump(old, open(f"{OUT}/legacy.json", "w"), ensure_ascii=False)


def words(pre):
    """The words of every short text, numbered as a vocabulary."""
    vocabulary, rows, short = {}, [], [t for t in TEXTS + MORE if len(t) < 200 and "<|" not in t]
    for text in short:
        ids = [vocabulary.setdefault(word, len(vocabulary)) for word, _ in pre.pre_tokenize_str(text) if word]
        rows.append({"text": text, "ids": ids})
    return {"pre_tokenizer": json.loads(pre.__getstate__()), "vocab": vocabulary, "rows": rows}


cases = [words(split(e)) for e in EXPRESSIONS]
cases += [words(split(r"[aeiou]|\d+", b, i)) for b in ("removed", "merged_with_previous", "merged_with_next", "contiguous")
          for i in (False, True)]
cases += [words(p) for p in (pre_tokenizers.Whitespace(), pre_tokenizers.WhitespaceSplit(), pre_tokenizers.BertPreTokenizer(),
                             pre_tokenizers.Punctuation(), pre_tokenizers.Digits(True), pre_tokenizers.CharDelimiterSplit("a"),
                             pre_tokenizers.Metaspace(), pre_tokenizers.Split(" ", "merged_with_next"))]
json.dump(cases, open(f"{OUT}/splits.json", "w"), ensure_ascii=False)

forms = [normalizers.NFC(), normalizers.NFD(), normalizers.NFKC(), normalizers.NFKD(), normalizers.Lowercase(),
         normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents()]), normalizers.Strip(), normalizers.Prepend("_"),
         normalizers.Replace(Regex(r"\s+"), " ")]
hard = MORE + TEXTS + ["각 가", "각 가", "ẛ̣ ẛ̣", "q̣̇ q̣̇", "Å Å Å", "ﷺ ㎢ ① ﬃ", "à֮b ̴̈", "각\u11a8", "ΌΔΟΣ İI", "\u0344\u2adc \ufb1d"]
json.dump([{"normalizer": json.loads(n.__getstate__()), "rows": [[t, n.normalize_str(t)] for t in hard if len(t) < 200]} for n in forms],
          open(f"{OUT}/normal_forms.json", "w"), ensure_ascii=False)
