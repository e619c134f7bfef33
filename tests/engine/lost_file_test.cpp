// SPDX-License-Identifier: GPL-3.0-or-later
// A model's file that goes away while the model is in use: replies end with a reason, nothing crashes.
#include <filesystem>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "tests/engine/support/real_engine.h"

using namespace vitrine;

class LostFileTest : public QObject
{
    Q_OBJECT

private slots:
    void aReplyEndsWithAReasonWhenTheFileIsCutShort();
};

void LostFileTest::aReplyEndsWithAReasonWhenTheFileIsCutShort()
{
    const auto path = engine::findDefaultModel();
    if (!path)
        QFAIL("the default model is missing: ./installer/test brings it");
    QTemporaryDir folder;
    const std::string copy = folder.filePath("model.gguf").toStdString();
    std::filesystem::copy_file(*path, copy);
    engine::Engine engine;
    std::string error;
    engine.subscribe([&](const engine::EngineEvent& event) {
        if (const auto* finished = std::get_if<engine::RequestFinished>(&event))
            error = finished->error;
    });
    auto prepared = engine::prepareModel(copy, tests::testOptions());
    QVERIFY(prepared.has_value());
    engine.install(std::move(*prepared));
    std::filesystem::resize_file(copy, 4096);
    engine::GenerationRequest request;
    request.prompt = std::string("Once upon a time");
    request.maxTokens = 4;
    QVERIFY(engine.submit(request).has_value());
    while (engine.hasWork())
        engine.step();
    QVERIFY2(error.find("can no longer be read") != std::string::npos, error.c_str());
    engine.unload();
}

QTEST_GUILESS_MAIN(LostFileTest)
#include "lost_file_test.moc"
