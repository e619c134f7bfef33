// SPDX-License-Identifier: GPL-3.0-or-later
// What a family file makes of good and bad model files.
#include "engine/model/family.h"

#include <cmath>

#include <QTest>

#include "tests/engine/support/gguf_writer.h"
#include "tests/engine/support/tiny_model.h"

using namespace vitrine::engine;
using namespace vitrine::test;
using vitrine::kernels::QuantType;

namespace {

/// The message of the refusal, or "" when the file is accepted.
std::string refusal(const GgufWriter& writer)
{
    const Bytes bytes = writer.bytes();
    const auto file = GgufFile::parse(bytes, "bad.gguf");
    if (!file)
        return file.error().message;
    const auto family = familyOf(*file);
    if (!family)
        return family.error().message;
    const auto config = (*family)->configure(*file);
    if (!config)
        return config.error().message;
    const auto weights = (*family)->weights(*file, *config);
    return weights ? std::string() : weights.error().message;
}

} // namespace

class FamilyTest : public QObject
{
    Q_OBJECT

private slots:
    void describesLlama();
};

void FamilyTest::describesLlama()
{
    const Bytes bytes = TinyModel("llama").build().bytes();
    const auto file = GgufFile::parse(bytes, "tiny.gguf");
    QVERIFY(file.has_value());
    const Family* family = findFamily("llama");
    QVERIFY(family != nullptr);
    const auto config = family->configure(*file);
    QVERIFY2(config.has_value(), config ? "" : config.error().message.c_str());
    QCOMPARE(config->architecture, std::string("llama"));
    QCOMPARE(config->name, std::string("Tiny"));
    QCOMPARE(config->hidden, 32U);
    QCOMPARE(config->layers.size(), std::size_t(2));
    QCOMPARE(config->kvHeads, 2U);
    QCOMPARE(config->vocab, 256U);
    QCOMPARE(config->attentionScale, 1.0F / std::sqrt(8.0F));
    const auto weights = family->weights(*file, *config);
    QVERIFY2(weights.has_value(), weights ? "" : weights.error().message.c_str());
    QCOMPARE(weights->layers.size(), std::size_t(2));
    QCOMPARE(weights->head.data, weights->tokenEmbedding.data);
    QCOMPARE(weights->layers[1].down.columns, std::uint64_t(64));
    QVERIFY(refusal(TinyModel("llama").build()).empty());
}

QTEST_APPLESS_MAIN(FamilyTest)
#include "family_test.moc"
