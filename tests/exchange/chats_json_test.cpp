// SPDX-License-Identifier: GPL-3.0-or-later
// "vitrine-chats" JSON: everything comes back; broken files give what can be read and say the rest.
#include <QTemporaryDir>
#include <QTest>

#include "tests/exchange/support/chat_samples.h"
#include "ui/exchange/settle.h"

using namespace vitrine;
using namespace vitrine::ui;
using test::ChatSamples;

class ChatsJsonTest : public QObject
{
    Q_OBJECT

private:
    static ExchangedChats threeChats()
    {
        ExchangedChats chats = ChatSamples(5).chats();
        chats.chats.resize(3);
        return chats;
    }

private slots:
    void everythingComesBack()
    {
        const quint32 seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        ChatSamples samples(seed);
        for (int round = 0; round < 60; ++round) {
            const ExchangedChats chats = samples.chats();
            const ImportResult result = test::read(test::toJson(chats));
            QCOMPARE(result.error, QString());
            QCOMPARE(result.problems, QStringList());
            QVERIFY(result.contents == chats);
        }
    }

    void aFileIsReadWhateverTheOrderOfItsMembers()
    {
        const ExchangedChats chats = threeChats();
        const QJsonDocument document = QJsonDocument::fromJson(test::toJson(chats)); // sorts them
        QVERIFY(document.toJson().indexOf("\"chats\"") < document.toJson().indexOf("\"format\""));
        QCOMPARE(test::read(document.toJson()).contents.chats, chats.chats);
        QCOMPARE(test::read("\xEF\xBB\xBF" + document.toJson()).contents.chats, chats.chats);
    }

    void oneBrokenChatCostsItselfOnly()
    {
        const ExchangedChats chats = threeChats();
        QList<QByteArray> lines = test::toJson(chats).split('\n');
        lines[3].replace("\"messages\":[", "\"messages\":[nonsense,");
        const ImportResult result = test::read(lines.join('\n'));
        QCOMPARE(result.error, QString());
        QCOMPARE(result.contents.chats, (QList{chats.chats[0], chats.chats[2]}));
        QCOMPARE(result.chatsLeftOut, 1);
        QVERIFY2(result.problems.front().startsWith("Chat 2 (line 4): "),
                 qPrintable(result.problems.front()));
    }

    void ofAFileThatEndsEarlyTheWholeChatsAreRead()
    {
        const ExchangedChats chats = threeChats();
        const QByteArray bytes = test::toJson(chats);
        const ImportResult result = test::read(bytes.left(bytes.lastIndexOf("\"text\"")));
        QCOMPARE(result.contents.chats, chats.chats.first(2));
        QCOMPARE(result.chatsLeftOut, 1);
        QVERIFY(result.problems.front().contains("ends in the middle"));
    }

    void everyCutAndEveryBrokenByteEndsWell()
    {
        ExchangedChats chats;
        chats.chats = {ChatSamples(3).chat(4, 0)};
        const QByteArray bytes = test::toJson(chats);
        for (qsizetype cut = 0; cut < bytes.size(); ++cut) {
            const ImportResult result = test::read(bytes.left(cut));
            QVERIFY(!result.error.isEmpty() || !result.problems.isEmpty() || result.contents == chats);
            QByteArray broken = bytes;
            broken[cut] = char(broken[cut] ^ 0x15);
            const ImportResult other = test::read(broken);
            QVERIFY(!other.error.isEmpty() || other.contents.chats.size() == 1);
        }
    }

    void messagesOfOddFormAreLeftOutAndTheRestStaysConnected()
    {
        const ImportResult result = test::read(R"({"format":"vitrine-chats","version":1,"chats":[{"messages":[
            {"id":"5","role":"user","text":"a","created":9223372036854775807},
            {"id":"6","parent":"5","role":"tool","text":"b"},
            {"id":7,"parent":6,"role":"assistant","text":"c","state":"streaming","created":-4},
            {"id":"7","parent":"7","role":"user","text":"twin"},
            {"id":"20","parent":"21","role":"user","text":"circle"},
            {"id":"21","parent":"20","role":"assistant","text":"circle too"},
            {"id":"22","parent":"404","role":"user","text":"orphan","facts":[],"attachments":5},
            17, null, {"id":"8","parent":"7","role":"user","text":9}]}]})");
        QCOMPARE(result.error, QString());
        QCOMPARE(result.messagesLeftOut, 4);
        const QList<MessageRecord>& messages = result.contents.chats.front().messages;
        QCOMPARE(messages.size(), 6);
        QCOMPARE(messages[1].text, "c");
        QCOMPARE(messages[1].parent, 1);
        QCOMPARE(messages[1].state, MessageState::Interrupted);
        QCOMPARE(messages[2].parent, 2);
        for (const MessageRecord& message : messages)
            QVERIFY(message.parent < message.id && message.created >= 0 && message.created < 7e12);
    }

    void aLongWayOverMessagesThatAreLeftOutIsGoneOnce()
    {
        constexpr int kMany = 50'000;
        QByteArray json = R"({"format":"vitrine-chats","version":1,"chats":[{"messages":[)"
                          R"({"id":"1","role":"user","text":"a"})";
        for (int i = 2; i <= kMany; ++i)
            json += QStringLiteral(R"(,{"id":"%1","parent":"%2"})").arg(i).arg(i - 1).toUtf8();
        for (int i = 1; i <= kMany; ++i)
            json += QStringLiteral(R"(,{"id":"%1","parent":"%2","role":"user","text":"b"})")
                        .arg(kMany + i)
                        .arg(kMany)
                        .toUtf8();
        const ImportResult result = test::read(json + "]}]}");
        QCOMPARE(result.error, QString());
        const QList<MessageRecord>& messages = result.contents.chats.front().messages;
        QCOMPARE(messages.size(), kMany + 1);
        QCOMPARE(messages.back().parent, 1);
    }

    void filesThatAreNotChatsSaySo_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << QByteArray() << "empty";
        QTest::newRow("blank") << QByteArray(" \n") << "empty";
        QTest::newRow("zip") << QByteArray("PK\x03\x04 and more") << "Unpack";
        QTest::newRow("pdf") << QByteArray("%PDF-1.4") << "PDF";
        QTest::newRow("bytes") << QByteArray("\x7f"
                                             "ELF\0\0",
                                             6)
                               << "not text";
        QTest::newRow("other object") << QByteArray("{\"a\": 1}") << "neither";
        QTest::newRow("other array") << QByteArray("[{\"a\": 1}]") << "mapping";
        QTest::newRow("numbers") << QByteArray("[\"a\", 2]") << "mapping";
        QTest::newRow("empty array") << QByteArray("[]") << "no chats";
        QTest::newRow("no chats") << QByteArray("{\"format\":\"vitrine-chats\",\"version\":1,\"chats\":[]}")
                                  << "no chats";
        QTest::newRow("too new") << QByteArray("{\"format\":\"vitrine-chats\",\"version\":2,\"chats\":[]}")
                                 << "later version";
        QTest::newRow("no version") << QByteArray("{\"format\":\"vitrine-chats\",\"version\":\"1\"}")
                                    << "version";
        QTest::newRow("chats of wrong type")
            << QByteArray("{\"format\":\"vitrine-chats\",\"version\":1,\"chats\":7}") << "no chats";
        QTest::newRow("one bracket") << QByteArray("[") << "ends early";
        QTest::newRow("wrong brackets") << QByteArray("{\"a\": ]}}}") << "";
    }

    void filesThatAreNotChatsSaySo()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        const ImportResult result = test::read(bytes);
        QVERIFY(result.contents.chats.isEmpty());
        QVERIFY2(!result.error.isEmpty() && result.error.contains(says), qPrintable(result.error));
    }

    void limitsHold()
    {
        ExchangeLimits limits;
        limits.chatBytes = 4000;
        limits.chatValues = 300;
        limits.depth = 20;
        const QByteArray deep = '[' + QByteArray(100'000, '[') + QByteArray(100'000, ']') + ",{}]";
        const QByteArray wide = "[{\"mapping\":{\"a\":[" + QByteArray("[],").repeated(50'000) + "0]}}]";
        const QByteArray large = "[{\"mapping\":\"" + QByteArray(100'000, 'x') + "\"}]";
        for (const QByteArray& bytes : {QByteArray("[{}," + deep + "]"), wide, large}) {
            const ImportResult result = test::read(bytes, limits);
            QVERIFY2(result.problems.join('\n').contains("too large or nested"),
                     qPrintable(result.problems.join('\n')));
        }
        limits = {};
        limits.fileBytes = 10;
        QVERIFY(test::read("[{\"mapping\":{}}]", limits).error.contains("at most"));
        limits = {};
        limits.chats = 2;
        const ImportResult few = test::read(test::toJson(threeChats()), limits);
        QCOMPARE(few.contents.chats.size(), 2);
        QVERIFY(few.problems.back().contains("Split"));
    }

    void cancellingEndsReadingAndLeavesNoFile()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("chats.json");
        ExchangeProgress cancelled;
        cancelled.cancelled = true;
        QCOMPARE(writeChats(threeChats(), ChatFormat::Json, path, cancelled), QString());
        QVERIFY(!QFile::exists(path));
        ExchangeProgress progress;
        QCOMPARE(writeChats(threeChats(), ChatFormat::Json, path, progress), QString());
        QCOMPARE(progress.done.load(), progress.total.load());
        QVERIFY(readChats(path, cancelled).cancelled);
        ExchangeProgress reading;
        QCOMPARE(readChats(path, reading).contents, threeChats());
        QVERIFY(
            !writeChats(threeChats(), ChatFormat::Json, folder.filePath("no/such.json"), progress).isEmpty());
        QVERIFY(readChats(folder.filePath("missing.json"), progress).error.contains("not there"));
        QVERIFY(readChats(folder.path(), progress).error.contains("not there"));
    }

    void theSameTurnsAreKnownAgainUnderOtherIds()
    {
        QList<MessageRecord> messages = ChatSamples(8).chat(1, 0).messages;
        const QByteArray digest = contentDigest(messages);
        QList<MessageRecord> renumbered = messages;
        for (MessageRecord& message : renumbered) {
            message.id += 1000;
            message.parent += message.parent ? 1000 : 0;
        }
        QCOMPARE(contentDigest(renumbered), digest);
        renumbered[0].text += 'x';
        QVERIFY(contentDigest(renumbered) != digest);
        messages.back().created += 1;
        QVERIFY(contentDigest(messages) != digest);
    }
};

QTEST_GUILESS_MAIN(ChatsJsonTest)
#include "chats_json_test.moc"
