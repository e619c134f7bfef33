// SPDX-License-Identifier: GPL-3.0-or-later
// Models in several files: opened whole whichever file is named, and refused in words when the parts do not
// fit.
#include "engine/formats/gguf_parts.h"

#include <filesystem>

#include <QTemporaryDir>
#include <QTest>

#include "engine/formats/gguf_file.h"
#include "tests/engine/support/real_engine.h"
#include "tests/engine/support/tiny_model.h"

using namespace vitrine::engine;
using namespace vitrine::test;

namespace {

class Folder
{
public:
    std::string path(const std::string& name) const { return m_dir.filePath(name.c_str()).toStdString(); }
    std::string part(int number, int count = 3) const
    {
        return path("tiny-0000" + std::to_string(number) + "-of-0000" + std::to_string(count) + ".gguf");
    }
    void write(const std::vector<GgufWriter>& parts) const
    {
        for (std::size_t i = 0; i < parts.size(); ++i)
            QVERIFY(parts[i].write(part(static_cast<int>(i) + 1, static_cast<int>(parts.size()))));
    }

private:
    QTemporaryDir m_dir;
};

GgufWriter tiny()
{
    GgufWriter writer = TinyModel("llama").build();
    addTinyVocabulary(writer, "gpt2", 256);
    return writer;
}

QString refusal(const std::string& path)
{
    const auto file = GgufFile::open(path);
    return file ? QString() : QString::fromStdString(file.error().message);
}

std::vector<TokenId> replyOf(const std::string& path)
{
    vitrine::tests::RealEngine real;
    EngineOptions options = vitrine::tests::testOptions();
    options.kvBlocks = 64;
    if (const std::string error = real.load(path, options); !error.empty())
        qFatal("%s", error.c_str());
    const RequestId id = real.submit(vitrine::tests::chat("abc", 12));
    if (!real.run())
        qFatal("the reply does not end");
    return real.reply(id).tokens;
}

} // namespace

class GgufPartsTest : public QObject
{
    Q_OBJECT

private slots:
    void namesSayWhichPartTheyAre()
    {
        const auto name = PartName::of("a/b-c-00002-of-00012.GGUF");
        QVERIFY(name.has_value());
        QCOMPARE(name->stem, std::string("a/b-c"));
        QCOMPARE(name->number, 2U);
        QCOMPARE(name->count, 12U);
        QCOMPARE(name->path(1), std::string("a/b-c-00001-of-00012.GGUF"));
        for (const char* other : {"", "a.gguf", "a-00001-of-00002.bin", "a-00000-of-00002.gguf",
                                  "a-00003-of-00002.gguf", "a-0001-of-00002.gguf", "a-00001-of-0x002.gguf",
                                  "a-00001-of+00002.gguf", "a-+0001-of-00002.gguf"})
            QVERIFY2(!PartName::of(other), other);
    }

    void aModelInPartsIsTheWholeModel()
    {
        Folder folder;
        const GgufWriter whole = tiny();
        QVERIFY(whole.write(folder.path("whole.gguf")));
        folder.write(whole.split(3));
        const auto one = GgufFile::open(folder.path("whole.gguf"));
        const auto joined = GgufFile::open(folder.part(1));
        QVERIFY2(joined.has_value(), joined ? "" : joined.error().message.c_str());
        QCOMPARE(joined->files(), std::size_t(3));
        QCOMPARE(joined->tensors().size(), one->tensors().size());
        std::uint64_t bytes = 0;
        for (int part = 1; part <= 3; ++part)
            bytes += std::filesystem::file_size(folder.part(part));
        QCOMPARE(joined->fileBytes(), bytes);
        for (const TensorInfo& expected : one->tensors()) {
            const TensorInfo* tensor = joined->findTensor(expected.name);
            QVERIFY(tensor != nullptr);
            QCOMPARE(tensor->bytes, expected.bytes);
            QVERIFY(std::equal(expected.data, expected.data + expected.bytes, tensor->data));
        }
        QCOMPARE(joined->text("general.name").value(), std::string_view("Tiny"));
    }

    void placesAreThoseOfTheRightFile()
    {
        Folder folder;
        folder.write(tiny().split(3));
        const auto joined = GgufFile::open(folder.part(1));
        QVERIFY(joined.has_value());
        QCOMPARE(joined->pathOf(joined->tensors().front()), folder.part(1));
        QCOMPARE(joined->pathOf(joined->tensors().back()), folder.part(3));
        for (const TensorInfo& tensor : joined->tensors())
            QVERIFY(joined->offsetOf(tensor) + tensor.bytes <=
                    std::filesystem::file_size(joined->pathOf(tensor)));
        for (const TensorInfo& tensor : joined->tensors()) // gone from memory and there again
            joined->release({tensor.data, tensor.bytes});
        joined->releaseAll();
        QVERIFY(!joined->lost());
    }

    void anyPartOpensTheModel()
    {
        Folder folder;
        folder.write(tiny().split(3));
        for (int part = 1; part <= 3; ++part) {
            const auto file = GgufFile::open(folder.part(part));
            QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());
            QCOMPARE(file->path(), folder.part(1));
            QCOMPARE(file->files(), std::size_t(3));
        }
    }

    void repliesAreThoseOfTheWholeModel()
    {
        Folder folder;
        const GgufWriter whole = tiny();
        QVERIFY(whole.write(folder.path("whole.gguf")));
        folder.write(whole.split(3));
        const std::vector<TokenId> expected = replyOf(folder.path("whole.gguf"));
        QVERIFY(!expected.empty());
        QVERIFY(replyOf(folder.part(1)) == expected);
    }

    void aMissingPartIsNamed()
    {
        Folder folder;
        folder.write(tiny().split(3));
        std::filesystem::remove(folder.part(2));
        QVERIFY2(refusal(folder.part(1)).contains("part 2 of 3"), qPrintable(refusal(folder.part(1))));
        std::filesystem::remove(folder.part(1));
        QVERIFY(refusal(folder.part(3)).contains("tiny-00001-of-00003.gguf"));
    }

    void aPartCutShortIsRefused()
    {
        Folder folder;
        folder.write(tiny().split(3));
        std::filesystem::resize_file(folder.part(3), std::filesystem::file_size(folder.part(3)) - 100);
        QVERIFY2(refusal(folder.part(1)).contains("incomplete download"),
                 qPrintable(refusal(folder.part(1))));
    }

    void partsThatAreNotTheirNamesAreRefused()
    {
        Folder folder;
        folder.write(tiny().split(3));
        std::filesystem::copy_file(folder.part(2), folder.part(3),
                                   std::filesystem::copy_options::overwrite_existing);
        QVERIFY2(refusal(folder.part(1)).contains("its name says part 3 of 3, the file says part 2 of 3"),
                 qPrintable(refusal(folder.part(1))));
    }

    void aRenamedPartSaysWhatIsMissing()
    {
        Folder folder;
        folder.write(tiny().split(3));
        std::filesystem::rename(folder.part(1), folder.path("model.gguf"));
        QVERIFY2(refusal(folder.path("model.gguf")).contains("-00001-of-00003.gguf"),
                 qPrintable(refusal(folder.path("model.gguf"))));
    }

    void aTensorInTwoPartsIsRefused()
    {
        Folder folder;
        auto parts = tiny().split(2);
        parts[1].tensor("token_embd.weight", {4}, {1, 2, 3, 4});
        folder.write(parts);
        QVERIFY2(refusal(folder.part(1, 2)).contains("in two parts"), qPrintable(refusal(folder.part(1, 2))));
    }

    void aCountThatIsNotMetIsRefused()
    {
        Folder folder;
        auto parts = tiny().split(2);
        parts[1].removeTensor("blk.1.ffn_down.weight");
        folder.write(parts);
        QVERIFY2(refusal(folder.part(1, 2)).contains("tensors, its parts hold"),
                 qPrintable(refusal(folder.part(1, 2))));
    }

    void aLieAboutTheCountIsRefusedBeforeFilesAreOpened()
    {
        Folder folder;
        auto parts = tiny().split(2);
        parts[0].remove("split.count").add("split.count", ~std::uint64_t{0});
        folder.write(parts);
        QVERIFY2(refusal(folder.part(1, 2)).contains("256 are the most"),
                 qPrintable(refusal(folder.part(1, 2))));
    }
};

QTEST_APPLESS_MAIN(GgufPartsTest)
#include "gguf_parts_test.moc"
