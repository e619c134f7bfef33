// SPDX-License-Identifier: GPL-3.0-or-later
// Headers of safetensors files, good and lying, and the fuzzer's corpus as a plain test with seeded damage to
// it.
#include <map>
#include <random>

#include <QDir>
#include <QTest>

#include "tests/engine/support/safetensors_exercise.h"
#include "tests/engine/support/safetensors_writer.h"

using namespace vitrine::engine;
using namespace vitrine::test;

namespace {

constexpr std::uint32_t kSeed = 20261129;
constexpr int kRoundsEach = 300;

void damage(Bytes& bytes, std::mt19937& random)
{
    const auto below = [&](std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
    };
    for (std::size_t times = 1 + below(4); times > 0 && !bytes.empty(); --times) {
        const std::size_t at = below(bytes.size());
        const auto place = bytes.begin() + static_cast<std::ptrdiff_t>(at);
        switch (below(5)) {
        case 0:
            bytes[at] = static_cast<std::uint8_t>(below(256));
            break;
        case 1:
            bytes[at] = static_cast<std::uint8_t>("0123456789{}[],:\"-"[below(18)]);
            break;
        case 2:
            bytes.resize(at);
            break;
        case 3:
            bytes.erase(place,
                        place + static_cast<std::ptrdiff_t>(std::min(bytes.size() - at, 1 + below(8))));
            break;
        default: {
            const Bytes piece(
                place, place + static_cast<std::ptrdiff_t>(std::min(bytes.size() - at, 1 + below(32))));
            bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size())), piece.begin(),
                         piece.end());
        }
        }
    }
}

} // namespace

class SafetensorsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void placesTensors();
    void refusesWhatLies_data();
    void refusesWhatLies();
    void replaysEveryFile();
    void survivesRandomDamage();

private:
    std::map<std::string, Bytes> m_files;
};

void SafetensorsTest::initTestCase()
{
    const QDir folder(VITRINE_TEST_DATA "/corpus/safetensors");
    for (const QString& name : folder.entryList(QDir::Files)) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        m_files[name.toStdString()] = Bytes(bytes.begin(), bytes.end());
    }
    QVERIFY(m_files.size() > 30);
}

void SafetensorsTest::placesTensors()
{
    SafetensorsWriter writer;
    writer.add("b", "BF16", {2, 3}, Bytes(12, 1));
    writer.add("a", "F32", {}, Bytes(4, 2));
    writer.header["__metadata__"] = {{"format", "pt"}};
    const Bytes bytes = writer.bytes();
    const auto tensors = readSafetensorsHeader(bytes, "x");
    QVERIFY2(tensors.has_value(), tensors ? "" : tensors.error().message.c_str());
    QCOMPARE(tensors->size(), std::size_t(2));
    QCOMPARE((*tensors)[0].name, std::string("b"));
    QCOMPARE(shapeText((*tensors)[0]), std::string("[2, 3]"));
    QCOMPARE(bytes[(*tensors)[0].offset], std::uint8_t(1));
    QCOMPARE(bytes[(*tensors)[1].offset], std::uint8_t(2));
    QCOMPARE((*tensors)[1].values(), std::uint64_t(1));
}

void SafetensorsTest::refusesWhatLies_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* file, const char* says) { QTest::newRow(file) << file << says; };
    row("overlap", "\"b\" overlaps the one before it (at byte");
    row("hole", "\"b\" leaves a hole behind the one before it");
    row("beyond", "its download was not finished");
    row("behind", "1 bytes behind its last tensor that belong to none");
    row("wrong_shape", "\"a\" has shape [3] of F32, but takes 8 bytes");
    row("overflowing_shape", "but takes 0 bytes");
    row("backwards", "\"a\" ends before it begins");
    row("huge_offsets", "\"a\" lies beyond every file");
    row("unknown_type", "\"a\" has type \"Q4\", which is not known");
    row("twice", "\"a\" is described twice");
    row("shape_twice", "\"a\" has its shape twice");
    row("negative", "\"a\" has a number below 0");
    row("deep", "its header has a list where none belongs");
    row("nested_shape", "\"a\" has a list where none belongs");
    row("three_offsets", "\"a\" has a number where none belongs");
    row("other_field", "\"a\" has a field \"x\", which is not known");
    row("not_json", "its header is not valid JSON at byte");
    row("not_an_object", "does not begin with \"{\"");
    row("header_beyond", "its header would take 1099511627776 bytes");
    row("header_short", "is not valid JSON");
    row("short", "is too short to be a safetensors file");
    row("metadata_number", "has a number where none belongs");
}

void SafetensorsTest::refusesWhatLies()
{
    QFETCH(QString, file);
    QFETCH(QString, says);
    const std::string refusal = exerciseSafetensors(m_files.at(file.toStdString()));
    QVERIFY2(QString::fromStdString(refusal).contains(says), refusal.c_str());
}

void SafetensorsTest::replaysEveryFile()
{
    int accepted = 0;
    for (const auto& [name, bytes] : m_files) {
        const std::string refusal = exerciseSafetensors(bytes);
        QVERIFY2(refusal.empty() || refusal.starts_with("input.safetensors: "), name.c_str());
        const std::string other = exerciseConfig({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
        QVERIFY2(other.empty() || other.starts_with("config.json: "), (name + other).c_str());
        accepted += refusal.empty() || other.empty() ? 1 : 0;
    }
    QVERIFY(accepted >= 8);
}

void SafetensorsTest::survivesRandomDamage()
{
    qInfo("seed %u", kSeed);
    std::mt19937 random(kSeed);
    int refused = 0;
    for (const auto& [name, bytes] : m_files) {
        for (int round = 0; round < kRoundsEach; ++round) {
            Bytes damaged = bytes;
            damage(damaged, random);
            const bool isConfig = name.starts_with("config_");
            const std::string refusal =
                isConfig ? exerciseConfig({reinterpret_cast<const char*>(damaged.data()), damaged.size()})
                         : exerciseSafetensors(damaged);
            QVERIFY2(refusal.empty() ||
                         refusal.starts_with(isConfig ? "config.json: " : "input.safetensors: "),
                     refusal.c_str());
            QVERIFY2(refusal.size() < 600, refusal.c_str());
            refused += refusal.empty() ? 0 : 1;
        }
    }
    QVERIFY(refused > kRoundsEach);
}

QTEST_APPLESS_MAIN(SafetensorsTest)
#include "safetensors_test.moc"
