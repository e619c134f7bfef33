// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/mapped_file.h"

#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace vitrine::engine;

class MappedFileTest : public QObject
{
    Q_OBJECT

private slots:
    void mapsTheBytesOfAFile();
    void movesWithoutCopying();
    void refusesWhatIsNoFile();
};

void MappedFileTest::mapsTheBytesOfAFile()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("file").toStdString();
    std::ofstream(path) << "hello";
    const auto file = MappedFile::open(path);
    QVERIFY(file.has_value());
    QCOMPARE(std::string(file->bytes().begin(), file->bytes().end()), std::string("hello"));
}

void MappedFileTest::movesWithoutCopying()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("file").toStdString();
    std::ofstream(path) << "hello";
    auto file = MappedFile::open(path);
    QVERIFY(file.has_value());
    const auto* data = file->bytes().data();
    MappedFile other = std::move(*file);
    QCOMPARE(other.bytes().data(), data);
    MappedFile third;
    third = std::move(other);
    QCOMPARE(third.bytes().data(), data);
    QCOMPARE(third.bytes().size(), std::size_t(5));
}

void MappedFileTest::refusesWhatIsNoFile()
{
    QTemporaryDir folder;
    const auto path = [&](const char* name) { return folder.filePath(name).toStdString(); };
    std::ofstream(path("empty")).flush();
    QCOMPARE(::mkfifo(path("pipe").c_str(), 0600), 0);
    const std::pair<std::string, const char*> cases[] = {
        {path("absent"), "cannot open"},
        {folder.path().toStdString(), "is a folder"},
        {path("empty"), "is empty"},
        {path("pipe"), "not a regular file"}, // must not wait for a writer either
        {std::string("a\0b", 3), "zero byte"},
        {"", "cannot open"},
    };
    for (const auto& [name, reason] : cases) {
        const auto file = MappedFile::open(name);
        QVERIFY(!file.has_value());
        QCOMPARE(file.error().code, ErrorCode::BadInput);
        QVERIFY2(file.error().message.find(reason) != std::string::npos, file.error().message.c_str());
    }
}

QTEST_APPLESS_MAIN(MappedFileTest)
#include "mapped_file_test.moc"
