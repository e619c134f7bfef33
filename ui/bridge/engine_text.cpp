// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/engine_text.h"

#include <iterator>
#include <vector>

#include <QCoreApplication>
#include <QRegularExpression>

namespace vitrine::ui {
namespace {

constexpr qsizetype kLongest = 8'000; // characters: what is longer is no sentence of ours
constexpr int kDeepest = 4;           // a sentence in a place of a sentence

/// Every sentence of the engine that a person may see; the first that matches is taken, so that a sentence
/// stands before a shorter one that it contains.
// clang-format off
constexpr const char* kSentences[] = {
    QT_TRANSLATE_NOOP("EngineText", "%1: %2: %3 (at byte %4)"),
    QT_TRANSLATE_NOOP("EngineText", "the file ends inside the %1; it has %2 bytes: an incomplete download?"),
    QT_TRANSLATE_NOOP("EngineText", "a byte-swapped (big-endian) GGUF file is not supported"),
    QT_TRANSLATE_NOOP("EngineText", "a big-endian GGUF file is not supported"),
    QT_TRANSLATE_NOOP("EngineText", "not a GGUF file: it does not begin with \"GGUF\""),
    QT_TRANSLATE_NOOP("EngineText", "claims %1 tensors, more than it can hold"),
    QT_TRANSLATE_NOOP("EngineText", "claims %1 metadata keys, more than it can hold"),
    QT_TRANSLATE_NOOP("EngineText", "GGUF version %1 is not supported (2 and 3 are)"),
    QT_TRANSLATE_NOOP("EngineText", "an endless reply is being written; the number of processes can change when it has "
                                    "ended"),
    QT_TRANSLATE_NOOP("EngineText", "the load lab measures; the number of processes can change when it has done"),
    QT_TRANSLATE_NOOP("EngineText", "this model cannot be shared by %1 ranks; %2 is the next number that can"),
    QT_TRANSLATE_NOOP("EngineText", "the process of rank %1 was killed by signal %2"),
    QT_TRANSLATE_NOOP("EngineText", "the process of rank %1 ended with code %2"),
    QT_TRANSLATE_NOOP("EngineText", "the process of rank %1 was stopped"),
    QT_TRANSLATE_NOOP("EngineText", "the process of rank %1 shows no sign of life"),
    QT_TRANSLATE_NOOP("EngineText", "the process of rank %1 did not start"),
    QT_TRANSLATE_NOOP("EngineText", "the process of rank %1 does not answer"),
    QT_TRANSLATE_NOOP("EngineText", "rank %1 did not keep up with the others"),
    QT_TRANSLATE_NOOP("EngineText", "%1; it could not be replaced: %2"),
    QT_TRANSLATE_NOOP("EngineText", "%1, and this reply's beginning was forgotten already"),
    QT_TRANSLATE_NOOP("EngineText", "%1 ranks, %2"),
    QT_TRANSLATE_NOOP("EngineText", "the name is empty"),
    QT_TRANSLATE_NOOP("EngineText", "the name has %1 bytes, more than 65535"),
    QT_TRANSLATE_NOOP("EngineText", "the name has %1 bytes; 1 to 1024 are allowed"),
    QT_TRANSLATE_NOOP("EngineText", "the %1 claims %2 bytes, %3 are left"),
    QT_TRANSLATE_NOOP("EngineText", "value type %1 does not exist"),
    QT_TRANSLATE_NOOP("EngineText", "a boolean is %1, neither 0 nor 1"),
    QT_TRANSLATE_NOOP("EngineText", "arrays of arrays are not supported"),
    QT_TRANSLATE_NOOP("EngineText", "array element type %1 does not exist"),
    QT_TRANSLATE_NOOP("EngineText", "the array claims %1 elements, more than the file can hold"),
    QT_TRANSLATE_NOOP("EngineText", "the arrays of the file have more than %1 elements in all"),
    QT_TRANSLATE_NOOP("EngineText", "the key occurs twice"),
    QT_TRANSLATE_NOOP("EngineText", "the name occurs twice"),
    QT_TRANSLATE_NOOP("EngineText", "the alignment must be a power of two from 8 to 65536"),
    QT_TRANSLATE_NOOP("EngineText", "its offset %1 is not a multiple of the alignment %2"),
    QT_TRANSLATE_NOOP("EngineText", "has %1 dimensions, more than 4"),
    QT_TRANSLATE_NOOP("EngineText", "dimension %1 is 0"),
    QT_TRANSLATE_NOOP("EngineText", "dimension %1 is %2: the shape is too large"),
    QT_TRANSLATE_NOOP("EngineText", "element type %1 is unknown"),
    QT_TRANSLATE_NOOP("EngineText", "rows of %1 values do not divide into blocks of %2 (%3)"),
    QT_TRANSLATE_NOOP("EngineText", "its data (%1 bytes at offset %2 of the data) lies beyond the end of the file, which has %3 bytes: an incomplete download?"),
    QT_TRANSLATE_NOOP("EngineText", "its data overlaps tensor %1"),
    QT_TRANSLATE_NOOP("EngineText", "header"),
    QT_TRANSLATE_NOOP("EngineText", "metadata %1"),
    QT_TRANSLATE_NOOP("EngineText", "metadata key %1"),
    QT_TRANSLATE_NOOP("EngineText", "tensor %1"),
    QT_TRANSLATE_NOOP("EngineText", "magic number"),
    QT_TRANSLATE_NOOP("EngineText", "version"),
    QT_TRANSLATE_NOOP("EngineText", "counts of tensors and keys"),
    QT_TRANSLATE_NOOP("EngineText", "array's type and length"),
    QT_TRANSLATE_NOOP("EngineText", "string of an array"),
    QT_TRANSLATE_NOOP("EngineText", "number of dimensions"),
    QT_TRANSLATE_NOOP("EngineText", "name"),
    QT_TRANSLATE_NOOP("EngineText", "type"),
    QT_TRANSLATE_NOOP("EngineText", "value"),
    QT_TRANSLATE_NOOP("EngineText", "string"),
    QT_TRANSLATE_NOOP("EngineText", "array"),
    QT_TRANSLATE_NOOP("EngineText", "file"),
    QT_TRANSLATE_NOOP("EngineText", "key"),
    QT_TRANSLATE_NOOP("EngineText", "shape"),
    QT_TRANSLATE_NOOP("EngineText", "offset"),
    QT_TRANSLATE_NOOP("EngineText", "part %1 of %2 of the model: %3"),
    QT_TRANSLATE_NOOP("EngineText", "part %1 of %2"),
    QT_TRANSLATE_NOOP("EngineText", "%1: it is split into %2 files; %3 are the most that are read"),
    QT_TRANSLATE_NOOP("EngineText", "%1: it is one of %2 files of a model, but its name does not end in \"%3\", so the others cannot be found; give it back its name"),
    QT_TRANSLATE_NOOP("EngineText", "%1: its name says %2, the file says %3; download the parts again"),
    QT_TRANSLATE_NOOP("EngineText", "%1: tensor %2 is in two parts of the model"),
    QT_TRANSLATE_NOOP("EngineText", "%1: the model has %2 tensors, its parts hold %3; download the parts again"),
    QT_TRANSLATE_NOOP("EngineText", "%1: cannot open the file: %2"),
    QT_TRANSLATE_NOOP("EngineText", "%1: cannot read the file's size: %2"),
    QT_TRANSLATE_NOOP("EngineText", "%1: cannot map the file into memory: %2"),
    QT_TRANSLATE_NOOP("EngineText", "No such file or directory"),
    QT_TRANSLATE_NOOP("EngineText", "Permission denied"),
    QT_TRANSLATE_NOOP("EngineText", "Input/output error"),
    QT_TRANSLATE_NOOP("EngineText", "Cannot allocate memory"),
    QT_TRANSLATE_NOOP("EngineText", "Too many open files"),
    QT_TRANSLATE_NOOP("EngineText", "%1: is a folder, not a file"),
    QT_TRANSLATE_NOOP("EngineText", "%1: is not a regular file"),
    QT_TRANSLATE_NOOP("EngineText", "%1: the file is empty"),
    QT_TRANSLATE_NOOP("EngineText", "a file name cannot hold a zero byte"),
    QT_TRANSLATE_NOOP("EngineText", "%1: the file changed while it was being read; try again"),
    QT_TRANSLATE_NOOP("EngineText", "%1: the file could not be read to its end; was its drive removed?"),
    QT_TRANSLATE_NOOP("EngineText", "the model's file can no longer be read (%1): was it changed, or its drive removed? Open the model again"),
    QT_TRANSLATE_NOOP("EngineText", "%1: metadata \"general.architecture\" is missing or not a text"),
    QT_TRANSLATE_NOOP("EngineText", "%1: uses architecture %2: not supported; nearest %3; supported: %4"),
    QT_TRANSLATE_NOOP("EngineText", "%1: uses architecture %2: not supported; supported: %3"),
    QT_TRANSLATE_NOOP("EngineText", "%1: holds no tensors: it is a vocabulary, not a model"),
    QT_TRANSLATE_NOOP("EngineText", "%1: tensor \"token_embd.weight\" is missing"),
    QT_TRANSLATE_NOOP("EngineText", "%1: tensor \"token_embd.weight\" has too many rows (%2)"),
    QT_TRANSLATE_NOOP("EngineText", "%1: \"tokenizer.ggml.tokens\" has %2 tokens, more than the %3 rows of \"token_embd.weight\""),
    QT_TRANSLATE_NOOP("EngineText", "%1: tensor %2 is missing"),
    QT_TRANSLATE_NOOP("EngineText", "%1: tensor %2 has shape %3 where %4 is needed"),
    QT_TRANSLATE_NOOP("EngineText", "%1: tensor %2 has type %3, which cannot be used for weights"),
    QT_TRANSLATE_NOOP("EngineText", "%1: tensor %2 has type %3, which vectors cannot have"),
    QT_TRANSLATE_NOOP("EngineText", "%1: tensor %2 belongs to a feature that is not supported yet"),
    QT_TRANSLATE_NOOP("EngineText", "tensor %1 has the element type %2, which this version cannot compute with; take the model in another quantisation"),
    QT_TRANSLATE_NOOP("EngineText", "%1: \"%2\" is missing"),
    QT_TRANSLATE_NOOP("EngineText", "%1: \"%2\" must be one whole number"),
    QT_TRANSLATE_NOOP("EngineText", "%1: \"%2\" must be a finite number above 0"),
    QT_TRANSLATE_NOOP("EngineText", "%1: \"%2\" is %3; it must be from 1 to %4"),
    QT_TRANSLATE_NOOP("EngineText", "%1: \"%2\" is %3; a head must have an even size"),
    QT_TRANSLATE_NOOP("EngineText", "%1: \"%2\" is %3, which is not supported yet (none, linear, yarn and longrope are)"),
    QT_TRANSLATE_NOOP("EngineText", "%1: \"%2\" is %3; it must be even and not more than the size of a head, which is %4"),
    QT_TRANSLATE_NOOP("EngineText", "%1: \"%2\" is not 1, which is not supported"),
    QT_TRANSLATE_NOOP("EngineText", "%1: \"%2\" must be larger than yarn_beta_slow"),
    QT_TRANSLATE_NOOP("EngineText", "%1: \"%2\" must be above 1"),
    QT_TRANSLATE_NOOP("EngineText", "%1: \"%2\" lists %3 layers of %4"),
    QT_TRANSLATE_NOOP("EngineText", "another growth of attention with the context"),
    QT_TRANSLATE_NOOP("EngineText", "%1: \"%2\" asks for %3, which is not supported yet"),
    QT_TRANSLATE_NOOP("EngineText", "a router without softmax"),
    QT_TRANSLATE_NOOP("EngineText", "experts that every token goes through"),
    QT_TRANSLATE_NOOP("EngineText", "experts that are chosen by groups"),
    QT_TRANSLATE_NOOP("EngineText",
                      "%1: \"%2\" goes with a tensor for each expert, as files of before April 2024 have "
                      "them, which is not supported; convert the model anew"),
    QT_TRANSLATE_NOOP("EngineText", "a sliding window"),
    QT_TRANSLATE_NOOP("EngineText", "this model cannot be shared by ranks: it norms the queries of all heads together; use stages instead, which have whole layers"),
    QT_TRANSLATE_NOOP("EngineText", "%1: \"%2\" (%3) is not a multiple of the number of key-value heads (%4)"),
    QT_TRANSLATE_NOOP("EngineText", "%1: \"%2\" (%3) is not a multiple of the %4 attention heads"),
    QT_TRANSLATE_NOOP("EngineText", "%1: \"%2\" differs from the key length, which is not supported"),
    QT_TRANSLATE_NOOP("EngineText", "%1: \"%2\" differs from the %3 rows of \"token_embd.weight\""),
    QT_TRANSLATE_NOOP("EngineText", "%1: tokenizer.ggml.model: \"%2\" is not known; this version reads \"gpt2\" and \"llama\""),
    QT_TRANSLATE_NOOP("EngineText", "%1: tokenizer.ggml.pre: \"%2\" is a way of cutting text that this version does not know"),
    QT_TRANSLATE_NOOP("EngineText", "%1: %2: missing or not a list of texts, so the file holds no vocabulary"),
    QT_TRANSLATE_NOOP("EngineText", "%1: %2: missing or not a list of texts"),
    QT_TRANSLATE_NOOP("EngineText", "%1: %2: not the number of a token; there are %3"),
    QT_TRANSLATE_NOOP("EngineText", "%1: %2: a vocabulary cannot have %3 tokens"),
    QT_TRANSLATE_NOOP("EngineText", "%1: %2: a token of %3 bytes is longer than allowed"),
    QT_TRANSLATE_NOOP("EngineText", "%1: %2: needs one number for each of the %3 tokens"),
    QT_TRANSLATE_NOOP("EngineText", "%1: %2: holds a value that is not a number"),
    QT_TRANSLATE_NOOP("EngineText", "%1: %2: token %3 has no known kind"),
    QT_TRANSLATE_NOOP("EngineText", "%1: %2: token %3 is marked as a byte and does not read <0x00> to <0xFF>"),
    QT_TRANSLATE_NOOP("EngineText", "%1: %2: neither a token for every byte nor an unknown token, so some texts could not be written"),
    QT_TRANSLATE_NOOP("EngineText", "%1: %2: entry %3 is not two texts with a space between them"),
    QT_TRANSLATE_NOOP("EngineText", "token %1 has the text of another token"),
    QT_TRANSLATE_NOOP("EngineText", "There is not enough free memory for this model. Close other programs or open a smaller model."),
    QT_TRANSLATE_NOOP("EngineText", "not enough memory to load %1"),
    QT_TRANSLATE_NOOP("EngineText", "the weights of %1 take %2 and only %3 of memory are free; close other programs or take a smaller model"),
    QT_TRANSLATE_NOOP("EngineText", "the model's KV cache takes %1 bytes a token and only %2 of memory are free; close other programs or take a smaller model"),
    QT_TRANSLATE_NOOP("EngineText", "%1 KV blocks take %2 and do not fit: %3 of memory are free, enough for %4 blocks"),
    QT_TRANSLATE_NOOP("EngineText", "the model's KV cache takes %1 bytes a token and only %2 of the GPU's memory are left for it; close other programs, allow it more or take a smaller model"),
    QT_TRANSLATE_NOOP("EngineText", "the weights take %1 MiB of the GPU, and this model may take %2 MiB with its KV cache; allow more or take a smaller model"),
    QT_TRANSLATE_NOOP("EngineText", "reserving %1 MiB of the GPU for a step of %2 tokens failed: %3; take a smaller KV cache, or fewer tokens and replies in a step"),
    QT_TRANSLATE_NOOP("EngineText", "reserving %1 MiB of the GPU for the weights failed: %2"),
    QT_TRANSLATE_NOOP("EngineText", "the KV cache is gone: another program took the GPU's memory while its size changed; load the model again"),
    QT_TRANSLATE_NOOP("EngineText", "there is no memory for a KV cache of %1 pages (%2 MiB) on the GPU beside the one there is; ask for fewer blocks"),
    QT_TRANSLATE_NOOP("EngineText", "there is no memory for a KV cache of %1 pages (%2 MiB) on the GPU; ask for fewer blocks"),
    QT_TRANSLATE_NOOP("EngineText", "there is no memory for a KV cache of %1 pages (%2 MiB) in pinned host memory; ask for fewer blocks"),
    QT_TRANSLATE_NOOP("EngineText", "the system does not give %1 MiB for the weights of %2; close other programs or take a smaller model"),
    QT_TRANSLATE_NOOP("EngineText", "the system does not give %1 MiB for %2; take a smaller token budget"),
    QT_TRANSLATE_NOOP("EngineText", "the system does not give memory for %1 of %2 blocks of %3 tokens (%4 MiB); ask for fewer blocks"),
    QT_TRANSLATE_NOOP("EngineText", "there is not enough free memory for a KV cache of that size"),
    QT_TRANSLATE_NOOP("EngineText", "there is not enough free memory to measure this machine; close other programs or say how many processes there shall be"),
    QT_TRANSLATE_NOOP("EngineText", "a KV cache"),
    QT_TRANSLATE_NOOP("EngineText", "a host tier"),
    QT_TRANSLATE_NOOP("EngineText", "not enough memory for this step"),
    QT_TRANSLATE_NOOP("EngineText", "not enough memory for this prompt"),
    QT_TRANSLATE_NOOP("EngineText", "the KV cache was made smaller than this conversation needs"),
    QT_TRANSLATE_NOOP("EngineText", "The request needs %1 tokens (%2 of prompt and up to %3 of reply), but %4 holds %5: ask for at most %6 tokens of reply."),
    QT_TRANSLATE_NOOP("EngineText", "The request needs %1 tokens (%2 of prompt and up to %3 of reply), but %4 holds %5: shorten the prompt to at most %6 tokens."),
    QT_TRANSLATE_NOOP("EngineText", "The request needs %1 tokens (%2 of prompt and up to %3 of reply), but %4 holds %5: no request fits."),
    QT_TRANSLATE_NOOP("EngineText", "The endless chat keeps %1 tokens (its prompt, or sinks and window), but %2 holds %3: ask for a smaller window or a shorter prompt."),
    QT_TRANSLATE_NOOP("EngineText", "the model's context"),
    QT_TRANSLATE_NOOP("EngineText", "the KV cache"),
    QT_TRANSLATE_NOOP("EngineText", "The prompt is empty: at least one token is needed."),
    QT_TRANSLATE_NOOP("EngineText", "The reply may have no token: ask for at least one."),
    QT_TRANSLATE_NOOP("EngineText", "the prompt is empty"),
    QT_TRANSLATE_NOOP("EngineText", "no model is loaded"),
    QT_TRANSLATE_NOOP("EngineText", "the conversation has no messages"),
    QT_TRANSLATE_NOOP("EngineText", "the model's chat template refused the conversation: %1"),
    QT_TRANSLATE_NOOP("EngineText", "only a reply can be continued, but the conversation does not end with one"),
    QT_TRANSLATE_NOOP("EngineText", "the conversation is made of private-use characters; send it as text"),
    QT_TRANSLATE_NOOP("EngineText", "it leaves out what a person writes"),
    QT_TRANSLATE_NOOP("EngineText", "the chat template is too long: %1 bytes"),
    QT_TRANSLATE_NOOP("EngineText", "the engine failed: %1"),
    QT_TRANSLATE_NOOP("EngineText", "the prompt could not be taken: %1"),
    QT_TRANSLATE_NOOP("EngineText", "loading %1 failed: %2"),
    QT_TRANSLATE_NOOP("EngineText", "Loading failed: %1"),
    QT_TRANSLATE_NOOP("EngineText", "NVTX ranges cannot be captured: %1"),
    QT_TRANSLATE_NOOP("EngineText", "this program was built without NVTX"),
    QT_TRANSLATE_NOOP("EngineText", "%1 is not beside the program"),
    QT_TRANSLATE_NOOP("EngineText", "%1 is of another version"),
    QT_TRANSLATE_NOOP("EngineText", "they were in use before"),
    QT_TRANSLATE_NOOP("EngineText", "no GPU can be used: %1"),
    QT_TRANSLATE_NOOP("EngineText", "there is no usable GPU number %1"),
    QT_TRANSLATE_NOOP("EngineText", "this build of Vitrine has no part for GPUs"),
    QT_TRANSLATE_NOOP("EngineText", "the part for GPUs cannot be loaded: %1"),
    QT_TRANSLATE_NOOP("EngineText", "the part for GPUs, %1, is of another version of Vitrine"),
    QT_TRANSLATE_NOOP("EngineText", "no NVIDIA driver is installed"),
    QT_TRANSLATE_NOOP("EngineText", "the NVIDIA driver is for CUDA %1 and CUDA %2 is needed: a newer driver helps"),
    QT_TRANSLATE_NOOP("EngineText", "the NVIDIA driver sees no GPU"),
    QT_TRANSLATE_NOOP("EngineText", "the NVIDIA driver does not answer: %1"),
    QT_TRANSLATE_NOOP("EngineText", "%1 is too old: compute capability %2, and 8.0 is needed"),
    QT_TRANSLATE_NOOP("EngineText", "no GPU tells what it is"),
    QT_TRANSLATE_NOOP("EngineText", "loading the weights onto the GPU failed: %1"),
    QT_TRANSLATE_NOOP("EngineText", "starting the GPU failed: %1"),
    QT_TRANSLATE_NOOP("EngineText", "preparing the GPU failed: %1"),
    QT_TRANSLATE_NOOP("EngineText", "taking the GPU failed: %1"),
    QT_TRANSLATE_NOOP("EngineText", "making a GPU stream failed: %1"),
    QT_TRANSLATE_NOOP("EngineText", "making a GPU event failed: %1"),
    QT_TRANSLATE_NOOP("EngineText", "starting cuBLAS failed: %1"),
    QT_TRANSLATE_NOOP("EngineText", "a step on the GPU failed: %1; load the model again"),
    QT_TRANSLATE_NOOP("EngineText", "a step on the GPU failed: %1"),
    QT_TRANSLATE_NOOP("EngineText", "there is no memory for a KV cache of %1 pages (%2 MiB) %3; ask for fewer blocks"),
    QT_TRANSLATE_NOOP("EngineText", "out of memory"),
    QT_TRANSLATE_NOOP("EngineText", "GPU activity is not recorded: %1"),
    QT_TRANSLATE_NOOP("EngineText", "GPU activity is not recorded here: another tool (CUDA_INJECTION64_PATH) records it"),
    QT_TRANSLATE_NOOP("EngineText", "this program was built without CUPTI"),
    QT_TRANSLATE_NOOP("EngineText", "there is no NVIDIA driver (libcuda.so.1); %1"),
    QT_TRANSLATE_NOOP("EngineText", "there is no NVIDIA driver (libcuda.so.1)"),
    QT_TRANSLATE_NOOP("EngineText", "CUPTI says %1"),
    QT_TRANSLATE_NOOP("EngineText", "CUPTI (libcupti.so, a part of NVIDIA's CUDA toolkit) was not found"),
    QT_TRANSLATE_NOOP("EngineText", "the CUPTI that was found is older than CUDA 12"),
};
// clang-format on

/// Matches the sentence with anything in its places, which it captures in the order of the text.
struct Pattern
{
    const char* sentence = nullptr;
    QRegularExpression expression;
    std::vector<int> places; ///< number of the place that each capture stands for
};

Pattern patternOf(const char* sentence)
{
    static const QRegularExpression place(QStringLiteral("%([1-9])"));
    const QString text = QString::fromLatin1(sentence);
    Pattern pattern{sentence, {}, {}};
    QString expression;
    qsizetype from = 0;
    for (auto it = place.globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        expression += QRegularExpression::escape(text.mid(from, match.capturedStart() - from)) +
                      QStringLiteral("(.+?)");
        pattern.places.push_back(match.captured(1).toInt());
        from = match.capturedEnd();
    }
    expression += QRegularExpression::escape(text.mid(from));
    pattern.expression.setPattern(QRegularExpression::anchoredPattern(expression));
    pattern.expression.setPatternOptions(QRegularExpression::DotMatchesEverythingOption);
    return pattern;
}

const std::vector<Pattern>& patterns()
{
    static const std::vector<Pattern> all = [] {
        std::vector<Pattern> made;
        for (const char* sentence : kSentences)
            made.push_back(patternOf(sentence));
        return made;
    }();
    return all;
}

/// Fills the places of a translation, in one pass: what is put in may have a % of its own.
QString filled(const QString& text, const std::vector<QString>& values)
{
    QString result;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const int number = text[i] == QLatin1Char('%') && i + 1 < text.size() ? text[i + 1].digitValue() : -1;
        if (number >= 1 && std::size_t(number) < values.size())
            result += values[std::size_t(number)], ++i;
        else
            result += text[i];
    }
    return result;
}

QString translatedTo(const QString& english, int depth)
{
    if (depth == 0)
        return english;
    for (const Pattern& pattern : patterns()) {
        const auto match = pattern.expression.match(english);
        if (!match.hasMatch())
            continue;
        std::vector<QString> values(10);
        for (std::size_t i = 0; i < pattern.places.size(); ++i)
            values[std::size_t(pattern.places[i])] = translatedTo(match.captured(int(i) + 1), depth - 1);
        return filled(QCoreApplication::translate("EngineText", pattern.sentence), values);
    }
    return english;
}

} // namespace

QString EngineText::translated(const QString& english)
{
    return english.size() > kLongest ? english : translatedTo(english, kDeepest);
}

QString EngineText::translated(const std::string& english)
{
    return translated(QString::fromStdString(english));
}

std::size_t EngineText::sentences()
{
    return std::size(kSentences);
}

} // namespace vitrine::ui
