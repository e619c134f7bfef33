// SPDX-License-Identifier: GPL-3.0-or-later
// Files that lie. Each is refused with file, field and byte, using no more memory than the file deserves.
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <new>

#include <QRegularExpression>
#include <QTest>

#include "engine/formats/gguf_file.h"
#include "tests/engine/support/gguf_writer.h"

namespace {

thread_local std::size_t largestRequest = 0; // bytes, since it was last set to 0

void* allocate(std::size_t size)
{
    largestRequest = std::max(largestRequest, size);
    void* memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr)
        std::abort();
    return memory;
}

} // namespace

void* operator new(std::size_t size)
{
    return allocate(size);
}
void* operator new[](std::size_t size)
{
    return allocate(size);
}
void operator delete(void* memory) noexcept
{
    std::free(memory);
}
void operator delete[](void* memory) noexcept
{
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept
{
    std::free(memory);
}

using namespace vitrine::engine;
using namespace vitrine::test;
using vitrine::kernels::QuantType;

namespace {

constexpr std::uint64_t kHuge = std::uint64_t{1} << 63;

/// A small right file with every kind of field.
GgufWriter sample()
{
    GgufWriter writer;
    writer.add("general.architecture", "llama").add("count", 7U).add("flag", true);
    writer.addArray("texts", std::vector<std::string>{"one", "two"});
    writer.addArray<float>("reals", {1.0F, 2.0F});
    writer.tensor("first", {4, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
    writer.tensor("second", QuantType::Q8_0, {32, 3});
    return writer;
}

template<class T>
Bytes bytesOf(std::initializer_list<T> values)
{
    Bytes out;
    for (const T value : values)
        append(out, value);
    return out;
}

Bytes joined(const Bytes& a, const Bytes& b)
{
    Bytes out = a;
    appendBytes(out, b);
    return out;
}

template<class T>
void overwrite(Bytes& bytes, std::size_t at, T value)
{
    std::memcpy(bytes.data() + at, &value, sizeof(value));
}

/// Claims a type and a length, and has nothing behind them.
Bytes arrayHead(std::uint32_t type, std::uint64_t count)
{
    return joined(bytesOf<std::uint32_t>({type}), bytesOf<std::uint64_t>({count}));
}

} // namespace

class GgufHostileTest : public QObject
{
    Q_OBJECT

private slots:
    void refusesEveryTruncation();
    void refusesLies_data();
    void refusesLies();
    void saysWhereTheErrorLies();
    void survivesAnyBytesInAnyPlace();
};

void GgufHostileTest::refusesEveryTruncation()
{
    const Bytes whole = sample().bytes();
    QVERIFY(GgufFile::parse(whole, "whole.gguf").has_value());
    const QRegularExpression form("^cut\\.gguf: .+ \\(at byte (\\d+)\\)$");
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
        const auto file = GgufFile::parse(cut, "cut.gguf");
        QVERIFY2(!file.has_value(), qPrintable(QString("accepted at %1 bytes").arg(length)));
        QCOMPARE(file.error().code, ErrorCode::BadInput);
        const auto match = form.match(QString::fromStdString(file.error().message));
        QVERIFY2(match.hasMatch(), file.error().message.c_str());
        QVERIFY2(match.captured(1).toULongLong() <= length, file.error().message.c_str());
    }
}

using Build = std::function<Bytes()>;
Q_DECLARE_METATYPE(Build)

void GgufHostileTest::refusesLies_data()
{
    QTest::addColumn<Build>("build");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const char* says, Build build) {
        QTest::newRow(name) << std::move(build) << says;
    };
    const auto patched = [](std::size_t at, auto value) {
        return [=] {
            Bytes bytes = sample().bytes();
            overwrite(bytes, at, value);
            return bytes;
        };
    };
    const auto key = [](const char* name, std::uint32_t type, const Bytes& value) {
        return [=] { return GgufWriter().addRaw(name, type, value).bytes(); };
    };
    const auto tensor = [](QuantType type, std::vector<std::uint64_t> shape) {
        return [=] { return GgufWriter().tensor("t", type, shape, Bytes(64)).bytes(); };
    };

    row("nothing", "magic", [] { return Bytes(); });
    row("text", "not a GGUF file", [] { return joined(Bytes(64, 'x'), {}); });
    row("other magic", "not a GGUF file", patched(0, std::uint32_t{0x46554748}));
    row("byte-swapped magic", "big-endian", patched(0, std::uint32_t{0x47475546}));
    row("big-endian version", "big-endian", patched(4, std::uint32_t{0x03000000}));
    row("version 0", "version 0", patched(4, std::uint32_t{0}));
    row("version 1", "version 1", patched(4, std::uint32_t{1}));
    row("version 4", "version 4", patched(4, std::uint32_t{4}));
    row("2^63 tensors", "tensors", patched(8, kHuge));
    row("2^63 keys", "metadata keys", patched(16, kHuge));
    row("one tensor more", "tensor 2", patched(8, std::uint64_t{3}));
    row("one key more", "", patched(16, std::uint64_t{6}));
    row("one key less", "", patched(16, std::uint64_t{4}));

    row("key of 2^63 bytes", "metadata key 0", patched(24, kHuge));
    row("key without a name", "the name is empty", key("", 4, bytesOf<std::uint32_t>({1})));
    row("key of 65,536 bytes", "65535", [] { return GgufWriter().add(std::string(65536, 'k'), 1U).bytes(); });
    row("same key twice", "\"k\": the key occurs twice",
        [] { return GgufWriter().add("k", 1U).add("j", 2U).add("k", 3U).bytes(); });
    row("unknown value type", "value type 13", key("k", 13, Bytes(64)));
    row("string of 2^63 bytes", "\"k\": the string claims 9223372036854775808",
        key("k", 8, bytesOf<std::uint64_t>({kHuge})));
    row("string of 2^64 - 1 bytes", "\"k\"", key("k", 8, bytesOf<std::uint64_t>({~std::uint64_t{0}})));
    row("boolean of 2", "boolean is 2", key("k", 7, Bytes{2}));
    row("boolean of 2 in an array", "boolean is 2", key("k", 9, joined(arrayHead(7, 2), {1, 2})));
    row("array of arrays", "arrays of arrays", key("k", 9, joined(arrayHead(9, 1), Bytes(64))));
    row("array of an unknown type", "element type 77", key("k", 9, joined(arrayHead(77, 1), Bytes(64))));
    for (const std::uint32_t type : {0U, 1U, 2U, 4U, 6U, 7U, 8U, 10U, 12U}) {
        row(qPrintable(QString("array of 2^60 elements of type %1").arg(type)), "claims 1152921504606846976",
            key("k", 9, joined(arrayHead(type, std::uint64_t{1} << 60), Bytes(4096))));
    }
    row("more elements than any model has", "more than 33554432 elements in all",
        [] { return GgufWriter().addRaw("k", 9, joined(arrayHead(0, 33554433), Bytes(33554433))).bytes(); });
    row("array of strings that end early", "\"k\"", key("k", 9, joined(arrayHead(8, 4), Bytes(25, 0xFF))));
    for (const std::uint32_t alignment : {0U, 1U, 12U, 33U, 131072U}) {
        row(qPrintable(QString("alignment %1").arg(alignment)), "\"general.alignment\"",
            [=] { return sample().add("general.alignment", alignment).bytes(); });
    }
    row("alignment that is a text", "\"general.alignment\"",
        [] { return sample().add("general.alignment", "32").bytes(); });

    row("tensor without a name", "the name has 0 bytes",
        [] { return GgufWriter().tensor("", {1}, {1}).bytes(); });
    row("tensor with a name of 4,000 bytes", "1024",
        [] { return GgufWriter().tensor(std::string(4000, 'n'), {1}, {1}).bytes(); });
    row("same tensor twice", "tensor \"t\": the name occurs twice",
        [] { return GgufWriter().tensor("t", {1}, {1}).tensor("t", {1}, {1}).bytes(); });
    row("five dimensions", "5 dimensions", tensor(QuantType::F32, {1, 1, 1, 1, 1}));
    row("a dimension of 0", "dimension 1 is 0", tensor(QuantType::F32, {4, 0}));
    row("a dimension of 2^63", "too large", tensor(QuantType::F32, {kHuge}));
    row("a product beyond 64 bits", "too large",
        tensor(QuantType::F32, {std::uint64_t{1} << 33, std::uint64_t{1} << 33}));
    row("bytes beyond 64 bits", "too large", tensor(QuantType::F64, {std::uint64_t{1} << 60, 8}));
    row("a product that wraps to 4", "too large",
        tensor(QuantType::F32, {std::uint64_t{1} << 62, 4, 4, std::uint64_t{1} << 62}));
    for (const std::uint32_t type : {4U, 5U, 31U, 33U, 36U, 38U, 40U, 0xFFFFFFFFU}) {
        row(qPrintable(QString("element type %1").arg(type)), "is unknown",
            tensor(static_cast<QuantType>(type), {32}));
    }
    row("rows that are no whole blocks", "blocks of 32", tensor(QuantType::Q8_0, {33}));
    row("data beyond the end", "beyond the end", tensor(QuantType::F32, {1024}));
    row("data far beyond the end", "beyond the end", tensor(QuantType::F32, {std::uint64_t{1} << 50}));
    row("offset beyond the end", "beyond the end",
        [] { return sample().lieAboutOffset(std::uint64_t{1} << 40).bytes(); });
    row("offset near 2^64", "beyond the end",
        [] { return sample().lieAboutOffset(~std::uint64_t{31}).bytes(); });
    row("offset that is not aligned", "not a multiple", [] { return sample().lieAboutOffset(36).bytes(); });
    row("overlapping tensors", "\"second\": its data overlaps tensor \"first\"",
        [] { return sample().lieAboutOffset(0).bytes(); });
    row("no tensor data at all", "beyond the end", [] {
        Bytes bytes = GgufWriter().tensor("t", {1}, {1}).bytes();
        bytes.resize(24 + 8 + 1 + 4 + 8 + 4 + 8);
        return bytes;
    });
}

void GgufHostileTest::refusesLies()
{
    QFETCH(Build, build);
    QFETCH(QString, says);
    const Bytes bytes = build();
    largestRequest = 0;
    const auto file = GgufFile::parse(bytes, "bad.gguf");
    const std::size_t request = largestRequest;
    QVERIFY(!file.has_value());
    QCOMPARE(file.error().code, ErrorCode::BadInput);
    const QString message = QString::fromStdString(file.error().message);
    QVERIFY2(message.contains(says), qPrintable(message));
    QVERIFY2(QRegularExpression("^bad\\.gguf: .+ \\(at byte \\d+\\)$").match(message).hasMatch(),
             qPrintable(message));
    QVERIFY2(message.size() < 500, qPrintable(message));
    QVERIFY2(request <= 16 * bytes.size() + 4096,
             qPrintable(QString("asked for %1 bytes at once").arg(request)));
}

void GgufHostileTest::saysWhereTheErrorLies()
{
    Bytes bytes = GgufWriter().add("first", 1U).add("second", true).bytes();
    bytes.back() = 9;
    auto file = GgufFile::parse(bytes, "/models/a.gguf");
    QVERIFY(!file.has_value());
    QCOMPARE(file.error().message,
             "/models/a.gguf: metadata \"second\": a boolean is 9, neither 0 nor 1 (at byte " +
                 std::to_string(bytes.size() - 1) + ")");

    bytes = GgufWriter().add("a\x1b[2Jb", "x").bytes();
    bytes[24 + 8 + 6] = 99; // its type
    file = GgufFile::parse(bytes, "b.gguf");
    QVERIFY(!file.has_value());
    QCOMPARE(file.error().message,
             std::string("b.gguf: metadata \"a\\x1b[2Jb\": value type 99 does not exist (at byte 38)"));
}

void GgufHostileTest::survivesAnyBytesInAnyPlace()
{
    const Bytes whole = sample().bytes();
    int accepted = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const std::uint8_t value : {0x00, 0x01, 0x7F, 0x80, 0xFF}) {
            Bytes bytes = whole;
            bytes[at] = value;
            accepted += GgufFile::parse(bytes, "any.gguf").has_value() ? 1 : 0;
        }
        Bytes bytes = whole;
        if (at + 8 <= whole.size())
            overwrite(bytes, at, ~std::uint64_t{0});
        accepted += GgufFile::parse(bytes, "any.gguf").has_value() ? 1 : 0;
    }
    QVERIFY(accepted > 0); // changes inside values and tensor data are not errors
}

QTEST_APPLESS_MAIN(GgufHostileTest)
#include "gguf_hostile_test.moc"
