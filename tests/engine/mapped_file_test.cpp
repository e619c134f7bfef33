// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/mapped_file.h"

#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/engine/support/resident.h"

using namespace vitrine::engine;
using vitrine::engine::test::residentBytes;

class MappedFileTest : public QObject
{
    Q_OBJECT

private slots:
    void mapsTheBytesOfAFile();
    void movesWithoutCopying();
    void releasedPagesLeaveMemoryAndComeBack();
    void refusesWhatIsNoFile();
    void bytesThatAreGoneReadAsZerosAndAreTold();
    void aBusErrorElsewhereEndsTheProgram();
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

void MappedFileTest::releasedPagesLeaveMemoryAndComeBack()
{
    constexpr std::size_t kBytes = (std::size_t{4} << 20U) + 123;
    QTemporaryDir folder;
    const std::string path = folder.filePath("file").toStdString();
    std::string content(kBytes, ' ');
    for (std::size_t i = 0; i < kBytes; ++i)
        content[i] = static_cast<char>(i * 7 / 3);
    std::ofstream(path) << content;
    const auto file = MappedFile::open(path);
    QVERIFY(file.has_value());
    const auto bytes = file->bytes();
    const auto isWhole = [&] {
        return std::equal(bytes.begin(), bytes.end(), content.begin(),
                          [](auto a, auto b) { return a == static_cast<std::uint8_t>(b); });
    };
    QVERIFY(isWhole());
    if (residentBytes(bytes.data()) < 0)
        QSKIP("this system does not tell what is in memory");
    QVERIFY(residentBytes(bytes.data()) >= std::int64_t{4} << 20U);
    file->release(bytes.subspan(1, kBytes / 2)); // whole pages only: the first one stays
    const std::int64_t half = residentBytes(bytes.data());
    QVERIFY2(half > std::int64_t{3} << 19U && half < std::int64_t{5} << 19U,
             qPrintable(QString::number(half)));
    file->release(bytes);
    QCOMPARE(residentBytes(bytes.data()), std::int64_t{0});
    QVERIFY(isWhole());
    file->release({});
    MappedFile().release({});
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

void MappedFileTest::bytesThatAreGoneReadAsZerosAndAreTold()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("file").toStdString();
    constexpr std::size_t kSize = 1 << 20;
    std::ofstream(path) << std::string(kSize, 'x');
    auto opened = MappedFile::open(path);
    QVERIFY(opened.has_value());
    const MappedFile file = std::move(*opened);
    QCOMPARE(int(file.bytes()[0]), int('x'));
    QVERIFY(!file.lost());
    std::filesystem::resize_file(path, 4096);
    const auto bytes = file.bytes();
    QCOMPARE(int(bytes[kSize - 1]), 0);
    QVERIFY(file.lost());
    QCOMPARE(int(bytes[8192]), 0);
    QCOMPARE(int(bytes[100]), int('x'));
    const auto other = MappedFile::open(path);
    QVERIFY(!other->lost());
}

void MappedFileTest::aBusErrorElsewhereEndsTheProgram()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("file").toStdString();
    std::ofstream(path) << std::string(8192, 'x');
    const auto guarded = MappedFile::open(path); // the handler is in place
    const pid_t child = fork();
    if (child == 0) {
        alarm(20); // the test's own handlers may look at the fault first
        const int descriptor = ::open(path.c_str(), O_RDWR);
        void* raw = mmap(nullptr, 8192, PROT_READ, MAP_SHARED, descriptor, 0);
        if (ftruncate(descriptor, 0) != 0)
            _exit(2);
        _exit(static_cast<volatile const char*>(raw)[5000] == 0 ? 0 : 1);
    }
    int status = 0;
    QCOMPARE(waitpid(child, &status, 0), child);
#ifdef __SANITIZE_ADDRESS__ // which reports the signal and leaves with a status of its own
    QVERIFY(!WIFEXITED(status) || WEXITSTATUS(status) != 0);
#else
    QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
#endif
}

QTEST_APPLESS_MAIN(MappedFileTest)
#include "mapped_file_test.moc"
