// SPDX-License-Identifier: GPL-3.0-or-later
// The file of conversations: what is written is read back, whatever happens to the file.
#include <limits>

#include <QRandomGenerator>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include "ui/store/chat_database.h"
#include "ui/store/id_source.h"

using namespace vitrine::ui;

namespace {

MessageRecord message(qint64 id, qint64 conversation, const QString& text, qint64 parent = 0)
{
    MessageRecord record;
    record.id = id;
    record.conversation = conversation;
    record.parent = parent;
    record.role = parent == 0 ? Role::User : Role::Assistant;
    record.created = 1000 + id;
    record.text = text;
    return record;
}

ConversationRecord conversation(qint64 id, const QString& title)
{
    ConversationRecord record;
    record.id = id;
    record.title = title;
    record.created = record.lastActivity = id;
    return record;
}

} // namespace

class ChatDatabaseTest : public QObject
{
    Q_OBJECT

private:
    QString path() const { return m_folder->filePath("deep/er/chats.db"); }
    ChatDatabase::Opened reopen()
    {
        m_database = std::make_unique<ChatDatabase>();
        return m_database->open(path(), m_error);
    }
    QList<MessageRecord> messagesOf(qint64 id)
    {
        QList<MessageRecord> messages;
        m_error = m_database->readMessages(id, messages);
        return messages;
    }
    QList<SearchHit> search(const QString& query)
    {
        QList<SearchHit> hits;
        m_error = m_database->search(query, 100, hits);
        return hits;
    }
    QStringList tables()
    {
        QSqlDatabase plain = QSqlDatabase::addDatabase("QSQLITE", "plain");
        plain.setDatabaseName(path());
        plain.open();
        const QStringList names = plain.tables();
        plain = {};
        QSqlDatabase::removeDatabase("plain");
        return names;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ChatDatabase> m_database;
    QString m_error;

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QCOMPARE(reopen(), ChatDatabase::Opened::Ready);
    }
    void cleanup()
    {
        QVERIFY2(m_error.isEmpty(), qPrintable(m_error));
        m_database.reset();
    }

    void everyFieldComesBack();
    void aRandomHistoryComesBack();
    void aChangeSetIsAllOrNothing();
    void whatCannotBeAFileIsRefusedWithItsReason();
    void aFileOfALaterVersionIsLeftAlone();
    void aFileOfTheFirstVersionGetsRoomForWhatCameSince();
    void tokensStandBesideTheirMessages();
    void searchFindsPartsOfWordsInAnyScript();
    void searchTakesMarksLiterally();
    void aReplyIsFoundWhenItIsWhole();
    void repliesCutShortAreInterrupted();
    void deletedConversationsAreHiddenThenPurged();
    void salvageReadsAroundABrokenPage();
    void idsGrowAlsoWhenTheClockWasSetBack();
};

void ChatDatabaseTest::everyFieldComesBack()
{
    ChangeSet changes;
    changes.folders = {{7, "Thesis", 3, true}};
    ConversationRecord one{11, "Title", 7, true, 4, 100, 200, 13, 1234, 0, 0, "draft", R"({"a":1})"};
    changes.conversations = {one};
    MessageRecord reply{13,
                        11,
                        12,
                        Role::Assistant,
                        MessageState::Failed,
                        99,
                        "text\nline",
                        "why",
                        "[]",
                        {"model", 10, 5, 20, 91.5, 0.25, 0.125, "{}"}};
    changes.messages = {message(12, 11, QString::fromUtf8("Grüße 😀 你好")), reply};
    QCOMPARE(m_database->apply(changes), QString());
    QCOMPARE(reopen(), ChatDatabase::Opened::Ready);
    ArchiveContents contents;
    QCOMPARE(m_database->read(contents), QString());
    one.messages = 2;
    QCOMPARE(contents.folders, changes.folders);
    QCOMPARE(contents.conversations, QList<ConversationRecord>{one});
    QCOMPARE(messagesOf(11), changes.messages);
}

void ChatDatabaseTest::aRandomHistoryComesBack()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    QMap<qint64, MessageRecord> wanted;
    ChangeSet first;
    for (qint64 id = 1; id <= 4; ++id)
        first.conversations << conversation(id, QString::number(id));
    QCOMPARE(m_database->apply(first), QString());
    for (int round = 0; round < 60; ++round) {
        ChangeSet merged;
        for (int part = random.bounded(1, 4); part > 0; --part) {
            ChangeSet changes;
            for (int i = random.bounded(5); i >= 0; --i) {
                const qint64 id = random.bounded(1, 80);
                const qint64 home = wanted.contains(id) ? wanted[id].conversation : random.bounded(1, 5);
                MessageRecord record = message(id, home, QString::number(random.generate(), 16));
                record.state = MessageState(random.bounded(int(MessageState::Interrupted) + 1));
                const QList<MessageRecord> fresh{record};
                changes.messages.removeIf([&](const MessageRecord& each) { return each.id == id; });
                changes.messages << record;
                wanted[id] = record;
            }
            if (random.bounded(2) == 0 && !wanted.isEmpty()) {
                const qint64 id = wanted.lastKey();
                changes.messages.removeIf([&](const MessageRecord& each) { return each.id == id; });
                changes.removedMessages << id;
                wanted.remove(id);
            }
            merged.merge(changes);
        }
        QCOMPARE(m_database->apply(merged), QString());
        if (random.bounded(8) == 0)
            QCOMPARE(reopen(), ChatDatabase::Opened::Ready);
        for (qint64 id = 1; id <= 4; ++id) {
            QList<MessageRecord> expected;
            for (const MessageRecord& record : wanted) {
                if (record.conversation == id)
                    expected << record;
            }
            QCOMPARE(messagesOf(id), expected);
        }
        for (const MessageRecord& record : wanted) {
            const auto hits = search(record.text);
            const bool found = std::ranges::find(hits, record.id, &SearchHit::message) != hits.end();
            QCOMPARE(found, !isOpen(record.state));
        }
    }
}

void ChatDatabaseTest::aChangeSetIsAllOrNothing()
{
    ChangeSet changes;
    changes.conversations = {conversation(1, "one")};
    changes.messages = {message(2, 1, "kept")};
    QCOMPARE(m_database->apply(changes), QString());
    // Another program takes a table away: the second half of a change set cannot be written.
    QSqlDatabase plain = QSqlDatabase::addDatabase("QSQLITE", "plain");
    plain.setDatabaseName(path());
    QVERIFY(plain.open());
    QVERIFY(QSqlQuery(plain).exec("ALTER TABLE message RENAME TO elsewhere"));
    changes.conversations = {conversation(5, "half")};
    changes.messages = {message(6, 5, "half")};
    QVERIFY(!m_database->apply(changes).isEmpty());
    QVERIFY(QSqlQuery(plain).exec("ALTER TABLE elsewhere RENAME TO message"));
    plain = {};
    QSqlDatabase::removeDatabase("plain");
    ArchiveContents contents;
    QCOMPARE(m_database->read(contents), QString());
    QCOMPARE(contents.conversations.size(), 1);
}

void ChatDatabaseTest::whatCannotBeAFileIsRefusedWithItsReason()
{
    ChatDatabase database;
    QString error;
    QCOMPARE(database.open("/dev/null/vitrine/chats.db", error), ChatDatabase::Opened::Impossible);
    QVERIFY2(error.contains("/dev/null/vitrine"), qPrintable(error));
    error.clear();
    QCOMPARE(database.open(m_folder->path(), error), ChatDatabase::Opened::Impossible);
    QVERIFY(!error.isEmpty());
}

void ChatDatabaseTest::aFileOfTheFirstVersionGetsRoomForWhatCameSince()
{
    ChangeSet changes;
    changes.conversations.append(conversation(1, "old"));
    changes.messages.append(message(2, 1, "kept"));
    QCOMPARE(m_database->apply(changes), QString());
    m_database.reset();
    { // as the first version of the program left it
        QSqlDatabase plain = QSqlDatabase::addDatabase("QSQLITE", "plain");
        plain.setDatabaseName(path());
        QVERIFY(plain.open());
        QVERIFY(QSqlQuery(plain).exec("DROP TABLE message_tokens"));
        QVERIFY(QSqlQuery(plain).exec("DROP TABLE draft_file"));
        QVERIFY(QSqlQuery(plain).exec("PRAGMA user_version = 1"));
        plain.close();
    }
    QSqlDatabase::removeDatabase("plain");
    QCOMPARE(reopen(), ChatDatabase::Opened::Ready);
    QVERIFY(QFile::exists(path() + ".v1.backup"));
    QCOMPARE(messagesOf(1).front().text, QString("kept"));
    ChangeSet tokens;
    tokens.tokens.append({2, [] { return QByteArray("bytes"); }});
    QCOMPARE(m_database->apply(tokens), QString());
    QByteArray back;
    QCOMPARE(m_database->readTokens(2, back), QString());
    QCOMPARE(back, QByteArray("bytes"));
}

void ChatDatabaseTest::tokensStandBesideTheirMessages()
{
    ChangeSet changes;
    changes.conversations.append(conversation(1, "chat"));
    changes.messages.append(message(2, 1, "goes"));
    changes.messages.append(message(3, 1, "stays", 2));
    for (const qint64 id : {2, 3})
        changes.tokens.append({id, [id] { return QByteArray::number(id); }});
    QCOMPARE(m_database->apply(changes), QString());
    ChangeSet removal;
    removal.removedMessages.append(2);
    QCOMPARE(m_database->apply(removal), QString());
    QByteArray bytes;
    QCOMPARE(m_database->readTokens(2, bytes), QString());
    QCOMPARE(bytes, QByteArray("2")); // for an undo
    QCOMPARE(m_database->purgeDeleted(0), QString());
    bytes.clear();
    QCOMPARE(m_database->readTokens(2, bytes), QString());
    QVERIFY(bytes.isEmpty());
    QCOMPARE(m_database->readTokens(3, bytes), QString());
    QCOMPARE(bytes, QByteArray("3"));
    QCOMPARE(m_database->salvage().tokens.size(), qsizetype(1));
}

void ChatDatabaseTest::aFileOfALaterVersionIsLeftAlone()
{
    m_database.reset();
    QSqlDatabase plain = QSqlDatabase::addDatabase("QSQLITE", "plain");
    plain.setDatabaseName(path());
    QVERIFY(plain.open());
    QVERIFY(QSqlQuery(plain).exec("PRAGMA user_version = 99"));
    plain = {};
    QSqlDatabase::removeDatabase("plain");
    const QStringList before = tables();
    QCOMPARE(reopen(), ChatDatabase::Opened::TooNew);
    m_database.reset();
    QCOMPARE(tables(), before);
}

void ChatDatabaseTest::searchFindsPartsOfWordsInAnyScript()
{
    ChangeSet changes;
    changes.conversations = {conversation(1, "one")};
    changes.messages = {message(2, 1, "How does paged attention work in a cache?"),
                        message(3, 1, QString::fromUtf8("分页注意力如何工作？")),
                        message(4, 1, QString::fromUtf8("Die Straße nach Köln"))};
    QCOMPARE(m_database->apply(changes), QString());
    const auto only = [&](const QString& query) {
        const auto hits = search(query);
        return hits.size() == 1 ? hits[0].message : -hits.size();
    };
    QCOMPARE(only("PAGED cach"), 2);
    QCOMPARE(only("tent"), 2);
    QCOMPARE(only(QString::fromUtf8("注意力")), 3);
    QCOMPARE(only(QString::fromUtf8("分页")), 3);
    QCOMPARE(only(QString::fromUtf8("köln")), 4);
    QCOMPARE(search("paged nothing").size(), 0);
    const SearchHit hit = search("attention")[0];
    QCOMPARE(hit.snippet.mid(hit.matchStart, hit.matchLength), QString("attention"));
    QCOMPARE(hit.conversation, 1);
}

void ChatDatabaseTest::searchTakesMarksLiterally()
{
    ChangeSet changes;
    changes.conversations = {conversation(1, "one")};
    changes.messages = {message(2, 1, "say \"NEAR(\" OR * 100% a_b")};
    QCOMPARE(m_database->apply(changes), QString());
    for (const char* query : {"\"NEAR(\"", "OR *", "100%", "a_b", "a_", "%", "\"", "NEAR( AND"})
        QCOMPARE(search(QString::fromUtf8(query)).size(), QByteArray(query).contains("AND") ? 0 : 1);
    QCOMPARE(search("axb").size(), 0);
    QCOMPARE(search("b_").size(), 0);
    QCOMPARE(search("").size(), 0);
    QCOMPARE(search(QString(5000, 'x') + QString(" y").repeated(4000)).size(), 0);
}

void ChatDatabaseTest::aReplyIsFoundWhenItIsWhole()
{
    ChangeSet changes;
    changes.conversations = {conversation(1, "one")};
    MessageRecord reply = message(3, 1, "growing", 2);
    reply.state = MessageState::Streaming;
    changes.messages = {message(2, 1, "question"), reply};
    QCOMPARE(m_database->apply(changes), QString());
    QCOMPARE(search("growing").size(), 0);
    reply.text += " whole";
    reply.state = MessageState::Complete;
    changes.messages = {reply};
    QCOMPARE(m_database->apply(changes), QString());
    QCOMPARE(search("growing whole").size(), 1);
    changes = {};
    changes.removedMessages = {3};
    QCOMPARE(m_database->apply(changes), QString());
    QCOMPARE(search("growing").size(), 0);
}

void ChatDatabaseTest::repliesCutShortAreInterrupted()
{
    ChangeSet changes;
    changes.conversations = {conversation(1, "one")};
    for (const auto state : {MessageState::Queued, MessageState::Reading, MessageState::Streaming,
                             MessageState::Complete, MessageState::Stopped}) {
        MessageRecord reply = message(2 + int(state), 1, "unfinished", 1);
        reply.state = state;
        changes.messages << reply;
    }
    QCOMPARE(m_database->apply(changes), QString());
    QCOMPARE(m_database->closeOpenReplies(), QString());
    int interrupted = 0;
    for (const MessageRecord& reply : messagesOf(1))
        interrupted += reply.state == MessageState::Interrupted ? 1 : 0;
    QCOMPARE(interrupted, 3);
    QCOMPARE(search("unfinished").size(), 5);
}

void ChatDatabaseTest::deletedConversationsAreHiddenThenPurged()
{
    ChangeSet changes;
    changes.conversations = {conversation(1, "one"), conversation(2, "two")};
    changes.conversations[0].deleted = 5000;
    changes.messages = {message(3, 1, "secret words"), message(4, 2, "open words")};
    QCOMPARE(m_database->apply(changes), QString());
    ArchiveContents contents;
    QCOMPARE(m_database->read(contents), QString());
    QCOMPARE(contents.conversations.size(), 1);
    QCOMPARE(search("words").size(), 1);
    QCOMPARE(messagesOf(1).size(), 1);
    QCOMPARE(m_database->purgeDeleted(5000), QString());
    QCOMPARE(messagesOf(1).size(), 1);
    QCOMPARE(m_database->purgeDeleted(5001), QString());
    QCOMPARE(messagesOf(1).size(), 0);
    QCOMPARE(messagesOf(2).size(), 1);
}

void ChatDatabaseTest::salvageReadsAroundABrokenPage()
{
    ChangeSet changes;
    changes.conversations = {conversation(1, "one")};
    for (qint64 id = 2; id < 1002; ++id)
        changes.messages << message(id, 1, QString("message %1 ").arg(id) + QString(800, 'x'));
    QCOMPARE(m_database->apply(changes), QString());
    m_database.reset(); // the log is taken over
    QFile file(path());
    QVERIFY(file.open(QFile::ReadWrite));
    constexpr qint64 kPage = 4096;
    // Pages of texts, before those of the index.
    qint64 middle = file.size() / kPage / 2;
    const auto holdsTexts = [&](qint64 page) {
        file.seek(page * kPage);
        return file.read(kPage).contains(QByteArray(800, 'x'));
    };
    while (!holdsTexts(middle) || !holdsTexts(middle + 1))
        --middle;
    for (qint64 page = middle; page < middle + 4; ++page) {
        file.seek(page * kPage);
        file.write(QByteArray(kPage, char(0xa5)));
    }
    file.close();
    QCOMPARE(reopen(), ChatDatabase::Opened::Damaged);
    m_error.clear();
    m_database.reset();
    ChatDatabase damaged;
    QVERIFY(damaged.openReadOnly(path()));
    const ChangeSet found = damaged.salvage();
    qInfo("%lld of 1000 messages", found.messages.size());
    QVERIFY(found.messages.size() >= 300); // what lies before or behind the broken pages
    QVERIFY(found.messages.size() < 1000);
    for (const MessageRecord& record : found.messages)
        QCOMPARE(record.text.left(20).section(' ', 1, 1), QString::number(record.id));
}

void ChatDatabaseTest::idsGrowAlsoWhenTheClockWasSetBack()
{
    IdSource largest;
    const qint64 usual = largest.next();
    for (const qint64 seen : {std::numeric_limits<qint64>::max(), std::numeric_limits<qint64>::max() - 1}) {
        largest.above(seen); // no program of ours gave it
        QVERIFY(largest.next() > usual && largest.next() < seen);
    }
    IdSource ids;
    const qint64 future = (QDateTime::currentMSecsSinceEpoch() + 1000000) << 20;
    const qint64 first = ids.next();
    QVERIFY(ids.next() > first);
    ids.above(future);
    QCOMPARE(ids.next(), future + 1);
}

QTEST_GUILESS_MAIN(ChatDatabaseTest)
#include "chat_database_test.moc"
