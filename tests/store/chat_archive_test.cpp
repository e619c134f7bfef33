// SPDX-License-Identifier: GPL-3.0-or-later
// The store thread as the window sees it: nothing handed in is lost, and what goes wrong is told.
#include <csignal>
#include <sys/resource.h>

#include <QDir>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "ui/store/chat_archive.h"

using namespace vitrine::ui;

namespace {

constexpr int kPatience = 60'000;

ChangeSet chat(qint64 id, int messages, const QString& word)
{
    ChangeSet changes;
    ConversationRecord conversation;
    conversation.id = id;
    conversation.title = QString("chat %1").arg(id);
    changes.conversations << conversation;
    for (int i = 0; i < messages; ++i) {
        MessageRecord message;
        message.id = id * 1000 + i;
        message.conversation = id;
        message.text = QString("%1 %2 ").arg(word).arg(i) + QString(500, 'y');
        changes.messages << message;
    }
    return changes;
}

/// The disk takes no file larger than this while it lives.
class SmallDisk
{
public:
    explicit SmallDisk(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_before);
        rlimit small = m_before;
        small.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &small);
    }
    ~SmallDisk() { setrlimit(RLIMIT_FSIZE, &m_before); }

private:
    rlimit m_before{};
};

} // namespace

class ChatArchiveTest : public QObject
{
    Q_OBJECT

private:
    struct Opened
    {
        ArchiveContents contents;
        ArchiveNotice notice;
    };
    /// Opens the file and waits for what it holds.
    Opened open()
    {
        m_archive.reset();
        m_archive = std::make_unique<ChatArchive>(path());
        Opened result;
        bool done = false;
        connect(m_archive.get(), &ChatArchive::opened, this, [&](const auto& contents, const auto& notice) {
            result = {contents, notice};
            done = true;
        });
        if (!QTest::qWaitFor([&] { return done; }, kPatience))
            qWarning("the archive did not open");
        m_archive->disconnect(this);
        return result;
    }
    QString path() const { return m_folder->filePath("chats.db"); }
    QStringList damagedFiles() const
    {
        return QDir(m_folder->path()).entryList({"chats.db.damaged-*"}).filter(QRegularExpression("[0-9]$"));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ChatArchive> m_archive;

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void cleanup() { m_archive.reset(); }

    void whatWasHandedInBeforeTheEndIsThere();
    void messagesAndHitsComeBackToTheCaller();
    void aCancelledSearchIsNotBegun();
    void aDamagedFileIsSetAsideAndRecovered();
    void aFileThatIsNoDatabaseIsSetAside();
    void aFullDiskIsToldAndLosesNothing();
    void aFullDiskWhileRecoveringChangesNothing();
    void aSecondWindowDoesNotTakeTheFile();
    void anUnwritableFolderIsTold();
};

void ChatArchiveTest::whatWasHandedInBeforeTheEndIsThere()
{
    m_archive = std::make_unique<ChatArchive>(path()); // not even opened yet
    for (qint64 id = 1; id <= 20; ++id)
        m_archive->save(chat(id, 5, "early"));
    const Opened opened = open();
    QCOMPARE(opened.notice.kind, ArchiveNotice::Kind::None);
    QCOMPARE(opened.contents.conversations.size(), 20);
    QCOMPARE(opened.contents.conversations[0].messages, 5U);
}

void ChatArchiveTest::messagesAndHitsComeBackToTheCaller()
{
    open();
    m_archive->save(chat(3, 10, "needle"));
    QSignalSpy read(m_archive.get(), &ChatArchive::messagesRead);
    QSignalSpy searched(m_archive.get(), &ChatArchive::searched);
    m_archive->readMessages(3);
    const quint64 ticket = m_archive->search("needle 7");
    QTRY_COMPARE_WITH_TIMEOUT(searched.count(), 1, kPatience);
    QCOMPARE(read.count(), 1);
    QCOMPARE(read[0][0].toLongLong(), 3);
    QCOMPARE(read[0][1].value<QList<MessageRecord>>().size(), 10);
    QCOMPARE(searched[0][0].toULongLong(), ticket);
    QCOMPARE(searched[0][1].value<QList<SearchHit>>().value(0).message, 3007);
}

void ChatArchiveTest::aCancelledSearchIsNotBegun()
{
    m_archive = std::make_unique<ChatArchive>(path());
    QSignalSpy searched(m_archive.get(), &ChatArchive::searched);
    m_archive->save(chat(3, 4000, "needle")); // keeps the thread at work meanwhile
    const quint64 first = m_archive->search("needle 7");
    m_archive->cancelSearch(first);
    const quint64 second = m_archive->search("needle 8");
    QTRY_COMPARE_WITH_TIMEOUT(searched.count(), 1, kPatience);
    QCOMPARE(searched[0][0].toULongLong(), second);
    m_archive->cancelSearch(second); // too late: nothing happens
    const quint64 third = m_archive->search("needle 9");
    QTRY_COMPARE_WITH_TIMEOUT(searched.count(), 2, kPatience);
    QCOMPARE(searched[1][0].toULongLong(), third);
}

void ChatArchiveTest::aDamagedFileIsSetAsideAndRecovered()
{
    open();
    for (qint64 id = 1; id <= 30; ++id)
        m_archive->save(chat(id, 20, "word"));
    m_archive.reset();
    QFile file(path());
    QVERIFY(file.open(QFile::ReadWrite));
    const qint64 middle = file.size() / 4096 / 2;
    file.seek(middle * 4096);
    file.write(QByteArray(3 * 4096, '\x5a'));
    file.close();
    const Opened opened = open();
    QCOMPARE(opened.notice.kind, ArchiveNotice::Kind::Recovered);
    QVERIFY(QFile::exists(opened.notice.file));
    QCOMPARE(damagedFiles().size(), 1);
    QVERIFY(opened.contents.conversations.size() >= 10);
    QCOMPARE(quint32(opened.contents.conversations.size()), opened.notice.conversations);
    const Opened again = open();
    QCOMPARE(again.notice.kind, ArchiveNotice::Kind::None);
    QCOMPARE(again.contents.conversations.size(), opened.contents.conversations.size());
}

void ChatArchiveTest::aFileThatIsNoDatabaseIsSetAside()
{
    open(); // makes the day's copy of an empty file
    m_archive->save(chat(1, 3, "lost"));
    m_archive.reset();
    QFile::remove(path() + ".backup");
    open(); // a copy with one chat
    m_archive.reset();
    QFile file(path());
    QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
    file.write("this is a letter, not a database, and long enough to have a header of its own …");
    file.close();
    const Opened opened = open();
    QCOMPARE(opened.notice.kind, ArchiveNotice::Kind::Recovered);
    QCOMPARE(opened.contents.conversations.size(), 1); // from the copy
    QCOMPARE(opened.contents.conversations[0].messages, 3U);
    QCOMPARE(damagedFiles().size(), 1);
}

void ChatArchiveTest::aFullDiskIsToldAndLosesNothing()
{
    open();
    QSignalSpy failed(m_archive.get(), &ChatArchive::saveFailed);
    QSignalSpy saved(m_archive.get(), &ChatArchive::saved);
    {
        const SmallDisk disk(256 * 1024);
        m_archive->save(chat(1, 900, "large"));
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, kPatience);
        QVERIFY(!failed[0][0].toString().isEmpty());
        m_archive->save(chat(2, 5, "later"));
    }
    QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, kPatience);
    QCOMPARE(failed.count(), 1);
    const Opened opened = open();
    QCOMPARE(opened.contents.conversations.size(), 2);
    quint32 messages = 0;
    for (const ConversationRecord& each : opened.contents.conversations)
        messages += each.messages;
    QCOMPARE(messages, 905U);
}

void ChatArchiveTest::aFullDiskWhileRecoveringChangesNothing()
{
    open();
    for (qint64 id = 1; id <= 30; ++id)
        m_archive->save(chat(id, 20, "word"));
    m_archive.reset();
    QFile file(path());
    QVERIFY(file.open(QFile::ReadWrite));
    file.seek(file.size() / 4096 / 2 * 4096);
    file.write(QByteArray(3 * 4096, '\x5a'));
    file.seek(0);
    const QByteArray damaged = file.readAll();
    file.close();
    {
        const SmallDisk disk(128 * 1024);
        const Opened opened = open();
        QCOMPARE(opened.notice.kind, ArchiveNotice::Kind::Unavailable);
        QVERIFY2(opened.notice.reason.contains("damaged"), qPrintable(opened.notice.reason));
        m_archive.reset();
    }
    QVERIFY(file.open(QFile::ReadOnly));
    QVERIFY(file.readAll() == damaged);
    file.close();
    QVERIFY(damagedFiles().isEmpty());
    QVERIFY(!QFile::exists(path() + ".recovering"));
    const Opened again = open(); // there is room now
    QCOMPARE(again.notice.kind, ArchiveNotice::Kind::Recovered);
    QVERIFY(again.contents.conversations.size() >= 10);
}

void ChatArchiveTest::aSecondWindowDoesNotTakeTheFile()
{
    open();
    m_archive->save(chat(1, 1, "mine"));
    ChatArchive second(path());
    QSignalSpy opened(&second, &ChatArchive::opened);
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, kPatience);
    QCOMPARE(opened[0][1].value<ArchiveNotice>().kind, ArchiveNotice::Kind::InUse);
    second.save(chat(2, 1, "theirs"));
    QCOMPARE(open().contents.conversations.size(), 1);
}

void ChatArchiveTest::anUnwritableFolderIsTold()
{
    ChatArchive archive("/proc/vitrine/chats.db");
    QSignalSpy opened(&archive, &ChatArchive::opened);
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, kPatience);
    const auto notice = opened[0][1].value<ArchiveNotice>();
    QCOMPARE(notice.kind, ArchiveNotice::Kind::Unavailable);
    QVERIFY(!notice.reason.isEmpty());
}

QTEST_GUILESS_MAIN(ChatArchiveTest)
#include "chat_archive_test.moc"
