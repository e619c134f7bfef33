// SPDX-License-Identifier: GPL-3.0-or-later
// A real model whose chat template was damaged: it still chats, in a plain format, and says so.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <vector>

#include <QTemporaryDir>
#include <QTest>

#include "tests/engine/support/real_engine.h"

using namespace vitrine;

class BrokenTemplateTest : public QObject
{
    Q_OBJECT

private slots:
    void chatsInAPlainFormat();
};

void BrokenTemplateTest::chatsInAPlainFormat()
{
    const auto path = engine::findDefaultModel();
    if (!path)
        QFAIL("the default model is missing: ./installer/test brings it");
    std::ifstream from(*path, std::ios::binary);
    std::vector<char> bytes{std::istreambuf_iterator<char>(from), {}};
    {
        const auto whole = engine::GgufFile::open(*path);
        const auto source = whole->text("tokenizer.chat_template");
        QVERIFY(source.has_value());
        const auto at = std::search(bytes.begin(), bytes.end(), source->begin(), source->end());
        QVERIFY(at != bytes.end());
        const std::string broken = "{% for message in %}";
        std::fill_n(std::copy(broken.begin(), broken.end(), at), source->size() - broken.size(), ' ');
    }
    QTemporaryDir folder;
    const std::string copy = folder.filePath("model.gguf").toStdString();
    std::ofstream(copy, std::ios::binary).write(bytes.data(), std::streamsize(bytes.size()));

    tests::RealEngine real;
    QCOMPARE(real.load(copy, tests::testOptions()), std::string());
    const auto model = real.engine().model();
    QVERIFY(!model->hasChatTemplate);
    QVERIFY(!model->templateError.empty());
    const engine::PromptEncoder encoder(*real.engine().sharedModel());
    QCOMPARE(*encoder.render({{"user", "Hi"}}),
             std::string("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"));
}

QTEST_GUILESS_MAIN(BrokenTemplateTest)
#include "broken_template_test.moc"
