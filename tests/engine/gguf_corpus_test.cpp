// SPDX-License-Identifier: GPL-3.0-or-later
// The fuzzer's corpus as a plain test, and seeded random damage to it.
#include <algorithm>
#include <map>
#include <random>

#include <QDir>
#include <QTest>

#include "tests/engine/support/gguf_exercise.h"
#include "tests/engine/support/gguf_writer.h"

using namespace vitrine::test;

namespace {

constexpr std::uint32_t kSeed = 20260301;
constexpr int kRoundsEach = 400;

class Damage
{
public:
    explicit Damage(std::uint32_t seed) : m_random(seed) {}

    void apply(Bytes& bytes, const Bytes& other)
    {
        const std::size_t times = 1 + below(4);
        for (std::size_t i = 0; i < times && !bytes.empty(); ++i)
            once(bytes, other);
    }

private:
    std::size_t below(std::size_t end)
    {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(m_random);
    }

    /// Heads of files decide everything: half of all damage is done there.
    std::size_t place(const Bytes& bytes)
    {
        return below(below(2) == 0 ? std::min<std::size_t>(bytes.size(), 1024) : bytes.size());
    }

    void once(Bytes& bytes, const Bytes& other)
    {
        const std::size_t at = place(bytes);
        switch (below(7)) {
        case 0:
            bytes[at] = static_cast<std::uint8_t>(below(256));
            return;
        case 1:
            bytes[at] ^= static_cast<std::uint8_t>(1U << below(8));
            return;
        case 2:
            writeNumber(bytes, at);
            return;
        case 3:
            bytes.resize(at);
            return;
        case 4:
            erase(bytes, at);
            return;
        case 5:
            insertCopy(bytes, at, bytes);
            return;
        default:
            insertCopy(bytes, at, other);
        }
    }

    void writeNumber(Bytes& bytes, std::size_t at)
    {
        constexpr std::uint64_t kNumbers[] = {0,
                                              1,
                                              0x7FFFFFFF,
                                              0xFFFFFFFF,
                                              std::uint64_t{1} << 32,
                                              std::uint64_t{1} << 60,
                                              std::uint64_t{1} << 63,
                                              ~std::uint64_t{0}};
        const std::uint64_t number = kNumbers[below(std::size(kNumbers))];
        const std::size_t width = below(2) == 0 ? 4 : 8;
        std::memcpy(bytes.data() + at, &number, std::min(width, bytes.size() - at));
    }

    void erase(Bytes& bytes, std::size_t at)
    {
        const std::size_t length = std::min(bytes.size() - at, 1 + below(16));
        const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(at);
        bytes.erase(first, first + static_cast<std::ptrdiff_t>(length));
    }

    void insertCopy(Bytes& bytes, std::size_t at, const Bytes& from)
    {
        const std::size_t start = below(from.size());
        const std::size_t length = std::min(from.size() - start, 1 + below(64));
        const Bytes piece(from.begin() + static_cast<std::ptrdiff_t>(start),
                          from.begin() + static_cast<std::ptrdiff_t>(start + length));
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), piece.begin(), piece.end());
    }

    std::mt19937 m_random;
};

} // namespace

class GgufCorpusTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void acceptsTheGoodSeeds();
    void replaysEveryFile();
    void survivesRandomDamage();

private:
    std::map<QString, Bytes> m_files;
};

void GgufCorpusTest::initTestCase()
{
    const QDir folder(VITRINE_TEST_DATA "/corpus/gguf");
    for (const QString& name : folder.entryList(QDir::Files)) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        m_files[name] = Bytes(bytes.begin(), bytes.end());
    }
    QVERIFY(m_files.size() >= 6);
}

void GgufCorpusTest::acceptsTheGoodSeeds()
{
    QCOMPARE(exerciseGguf(m_files.at("llama.gguf")), std::string());
    QCOMPARE(exerciseGguf(m_files.at("gemma3.gguf")), std::string());
    QCOMPARE(exerciseGguf(m_files.at("qwen3moe.gguf")), std::string());
    for (const char* name : {"llama.gguf", "gemma3.gguf", "qwen3moe.gguf", "vocabulary.gguf"}) {
        const auto file = vitrine::engine::GgufFile::parse(m_files.at(name), name);
        const auto tokenizer = vitrine::engine::Tokenizer::fromGguf(*file);
        QVERIFY2(tokenizer.has_value(), tokenizer ? "" : tokenizer.error().message.c_str());
    }
    for (const char* name : {"vocabulary.gguf", "every_value.gguf", "every_type.gguf"}) {
        const auto file = vitrine::engine::GgufFile::parse(m_files.at(name), name);
        QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());
    }
}

void GgufCorpusTest::replaysEveryFile()
{
    for (const auto& [name, bytes] : m_files) {
        const std::string refusal = exerciseGguf(bytes);
        QVERIFY2(refusal.empty() || refusal.starts_with("input.gguf: "), qPrintable(name));
    }
}

void GgufCorpusTest::survivesRandomDamage()
{
    qInfo("seed %u", kSeed);
    Damage damage(kSeed);
    int refused = 0;
    for (const auto& [name, bytes] : m_files) {
        for (int round = 0; round < kRoundsEach; ++round) {
            Bytes damaged = bytes;
            damage.apply(damaged, m_files.at("llama.gguf"));
            const std::string refusal = exerciseGguf(damaged);
            QVERIFY2(refusal.empty() || refusal.starts_with("input.gguf: "), refusal.c_str());
            QVERIFY2(refusal.size() < 600, refusal.c_str());
            refused += refusal.empty() ? 0 : 1;
        }
    }
    QVERIFY(refused > kRoundsEach);
}

QTEST_APPLESS_MAIN(GgufCorpusTest)
#include "gguf_corpus_test.moc"
