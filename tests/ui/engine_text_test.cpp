// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine says, in Chinese: real refusals of real files, and that the list keeps up with the engine.
#include "ui/bridge/engine_text.h"

#include <QApplication>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include "engine/execution/memory_plan.h"
#include "engine/formats/gguf_file.h"
#include "engine/prepared_model.h"
#include "engine/scheduler/request_limits.h"
#include "tests/engine/support/tiny_model.h"
#include "ui/shell/language.h"

using namespace vitrine;
using namespace vitrine::ui;
using test::GgufWriter;

namespace {

GgufWriter tiny()
{
    GgufWriter writer = test::TinyModel("llama").build();
    test::addTinyVocabulary(writer, "gpt2", 256);
    return writer;
}

/// English words that are left; names, keys and paths are none.
QStringList englishLeft(QString text, const QString& path)
{
    text.remove(path);
    text.remove(QRegularExpression(QStringLiteral("\"[^\"]*\"|“[^”]*”|[a-z_]+(\\.[a-z_]+)+")));
    QStringList words;
    for (auto it = QRegularExpression(QStringLiteral("\\b(the|is|are|not|of|has|have|was|and|only|more)\\b"))
                       .globalMatch(text);
         it.hasNext();)
        words << it.next().captured();
    return words;
}

} // namespace

class EngineTextTest : public QObject
{
    Q_OBJECT

private:
    QString write(const char* name, const QByteArray& bytes)
    {
        const QString path = m_folder.filePath(QLatin1String(name));
        QFile file(path);
        if (file.open(QIODevice::WriteOnly))
            file.write(bytes);
        return path;
    }
    QByteArray bytesOf(const GgufWriter& writer)
    {
        const QString path = m_folder.filePath(QStringLiteral("whole.gguf"));
        if (!writer.write(path.toStdString()))
            return {};
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static std::string refusal(const QString& path)
    {
        const auto loaded = engine::prepareModel(path.toStdString(), {}, [](auto, double) { return true; });
        return loaded ? std::string() : loaded.error().message;
    }

    QTemporaryDir m_folder;
    Language m_language;

private slots:
    void init() { m_language.setChoice(LanguageChoice::SimplifiedChinese); }

    void refusedFilesAreExplainedInChinese_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("says");
        const QByteArray whole = bytesOf(tiny());
        QByteArray other = whole, version = whole;
        other.replace(0, 4, "PK\x03\x04");
        version[4] = 9;
        QTest::newRow("gone") << m_folder.filePath("nowhere.gguf") << "文件或文件夹不存在";
        QTest::newRow("folder") << m_folder.path() << "是文件夹";
        QTest::newRow("empty") << write("empty.gguf", {}) << "文件是空的";
        QTest::newRow("no GGUF") << write("other.gguf", other) << "不是 GGUF 文件";
        QTest::newRow("version") << write("version.gguf", version) << "不支持 GGUF 版本 9";
        QTest::newRow("cut in the metadata") << write("meta.gguf", whole.left(2500)) << "超出文件所能容纳";
        QTest::newRow("cut at the beginning") << write("head.gguf", whole.left(12)) << "可能没有下载完整";
        QTest::newRow("cut in the weights")
            << write("weights.gguf", whole.left(whole.size() - 40)) << "超出了文件末尾";
        GgufWriter strange;
        strange.add("general.architecture", "perceiver");
        QTest::newRow("architecture") << write("strange.gguf", bytesOf(strange)) << "使用的架构";
        GgufWriter nameless;
        nameless.add("general.name", "x");
        QTest::newRow("no architecture") << write("nameless.gguf", bytesOf(nameless)) << "缺失或不是文本";
    }

    void refusedFilesAreExplainedInChinese()
    {
        QFETCH(QString, path);
        QFETCH(QString, says);
        const std::string english = refusal(path);
        QVERIFY(!english.empty());
        const QString chinese = EngineText::translated(english);
        QVERIFY2(chinese.contains(says), qPrintable(chinese));
        QVERIFY2(chinese.contains(path), qPrintable(chinese)); // which file
        QCOMPARE(englishLeft(chinese, path), QStringList());
    }

    void aFullContextIsExplainedInChinese()
    {
        engine::RequestSpec spec;
        spec.prompt.assign(100, engine::TokenId(1));
        spec.maxTokens = 50;
        for (const std::uint64_t context : {120U, 80U}) {
            const auto refused = engine::checkRequest(spec, {4096, context});
            QVERIFY(!refused);
            const QString chinese = EngineText::translated(refused.error().message);
            QVERIFY2(chinese.contains("模型的上下文") && chinese.contains("100"), qPrintable(chinese));
            QCOMPARE(englishLeft(chinese, {}), QStringList());
        }
    }

    void memoryFaultsAndVanishedFilesAreExplainedInChinese()
    {
        for (const char* english :
             {"the weights of /m/a b: c.gguf take 900 MiB and only 12 MiB of memory are free; close other "
              "programs or take a smaller model",
              "There is not enough free memory for this model. Close other programs or open a smaller model.",
              "not enough memory to load /m/x.gguf", "not enough memory for this step",
              "the model's KV cache takes 512 bytes a token and only 3 MiB of the GPU's memory are left for "
              "it; "
              "close other programs, allow it more or take a smaller model",
              "the weights take 900 MiB of the GPU, and this model may take 500 MiB with its KV cache; allow "
              "more or take a smaller model",
              "the system does not give memory for a KV cache of 512 blocks of 16 tokens (96 MiB); ask for "
              "fewer "
              "blocks",
              "the model's file can no longer be read (/m/x.gguf): was it changed, or its drive removed? "
              "Open the "
              "model again",
              "it leaves out what a person writes"}) {
            const QString chinese = EngineText::translated(QString::fromLatin1(english));
            QVERIFY2(chinese != QLatin1String(english), english);
            QCOMPARE(englishLeft(chinese, {}), QStringList());
        }
        QVERIFY(EngineText::translated(QStringLiteral("not enough memory to load /m/100%1 x.gguf"))
                    .contains("/m/100%1 x.gguf")); // what stands in a place is not filled in again
    }

    void whatIsNotInTheListStaysAsItIs()
    {
        QCOMPARE(EngineText::translated(QStringLiteral("Something new happened.")),
                 QStringLiteral("Something new happened."));
        m_language.setChoice(LanguageChoice::English);
        const std::string english = refusal(m_folder.filePath("nowhere.gguf"));
        QCOMPARE(EngineText::translated(english), QString::fromStdString(english));
    }

    void theListKnowsEveryRefusalOfTheParser()
    {
        QStringList missing;
        int seen = 0;
        QDirIterator files(QStringLiteral(VITRINE_TEST_DATA "/../../engine/formats"), {"gguf_parser*.cpp"},
                           QDir::Files);
        const QRegularExpression call(QStringLiteral("(refused|truncated)\\(\"((?:[^\"\\\\]|\\\\.)+)\""));
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            for (auto it = call.globalMatch(QString::fromUtf8(file.readAll())); it.hasNext();) {
                const auto match = it.next();
                const QString what = match.captured(2).replace("\\\"", "\"");
                ++seen;
                if (what.contains(QRegularExpression("[ (]$"))) // goes on with a number
                    continue;
                if (EngineText::translated(what) == what)
                    missing << what;
            }
        }
        QVERIFY(seen > 15);
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join('\n')));
    }
};

QTEST_MAIN(EngineTextTest)
#include "engine_text_test.moc"
