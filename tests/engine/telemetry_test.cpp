// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include "engine/model/default_model.h"
#include "engine/telemetry/machine.h"

using namespace vitrine::engine;

class TelemetryTest : public QObject
{
    Q_OBJECT

private slots:
    void knowsTheMemory()
    {
        const MemoryInfo memory = machineMemory();
        QVERIFY(memory.totalBytes > (std::uint64_t{64} << 20));
        QVERIFY(memory.availableBytes > 0 && memory.availableBytes <= memory.totalBytes);
    }

    void measuresBandwidth()
    {
        QVERIFY(measureReadBandwidth(std::uint64_t{8} << 20, 2) > 1e6);
        QCOMPARE(measureReadBandwidth(0, 2), 0.0);
        QCOMPARE(measureReadBandwidth(std::uint64_t{1} << 62, 1), 0.0); // not to be had
    }

    void findsModelsInTheNamedFolder()
    {
        const QTemporaryDir folder;
        QVERIFY(folder.isValid());
        const std::filesystem::path root = folder.path().toStdString();
        const QByteArray before = qgetenv("VITRINE_MODELS");
        qputenv("VITRINE_MODELS", folder.path().toUtf8());
        QVERIFY(findModelFiles().empty());
        QVERIFY(!findDefaultModel().has_value());
        QVERIFY(findDefaultModel().error().message.find(root.string()) != std::string::npos);
        for (const char* name : {"a.gguf", "z.gguf", "notes.txt", kDefaultModelFile})
            std::ofstream(root / name) << "x";
        std::filesystem::create_directory(root / "folder.gguf");
        const std::vector<std::string> wanted{(root / kDefaultModelFile).string(), (root / "a.gguf").string(),
                                              (root / "z.gguf").string()};
        QCOMPARE(findModelFiles(), wanted);
        QCOMPARE(*findDefaultModel(), wanted.front());
        if (before.isNull())
            qunsetenv("VITRINE_MODELS");
        else
            qputenv("VITRINE_MODELS", before);
    }
};

QTEST_APPLESS_MAIN(TelemetryTest)
#include "telemetry_test.moc"
