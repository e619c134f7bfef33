// SPDX-License-Identifier: GPL-3.0-or-later
// Markdown: what was exported comes back exactly; transcripts of other origin are taken apart by their
// headings.
#include <QRegularExpression>
#include <QTest>

#include "tests/exchange/support/chat_samples.h"

using namespace vitrine;
using namespace vitrine::ui;
using test::ChatSamples;

namespace {

QStringList turnsOf(const QByteArray& markdown)
{
    const ImportResult result = test::read(markdown);
    QStringList turns;
    for (const ExchangedChat& chat : result.contents.chats)
        for (const MessageRecord& message : chat.messages)
            turns << (message.role == Role::User ? "U:" : "A:") + message.text;
    return turns;
}

} // namespace

class MarkdownTest : public QObject
{
    Q_OBJECT

private slots:
    void theShownTurnsComeBackExactly()
    {
        const quint32 seed = QRandomGenerator::global()->generate();
        qInfo("seed %u", seed);
        ChatSamples samples(seed);
        for (int round = 0; round < 60; ++round) {
            QList<ExchangedChat> chats = samples.chats().chats;
            for (ExchangedChat& chat : chats) {
                chat.conversation.title.remove(QChar(0)); // a file with one is not text
                for (MessageRecord& message : chat.messages) {
                    message.text.remove(QChar(0));
                    message.error.remove(QChar(0));
                    message.facts.model.remove(QChar(0));
                    message.attachments.remove("\\u0000");
                }
            }
            const ImportResult result = test::read(test::toMarkdown(chats));
            QCOMPARE(result.contents.chats.size(), chats.size());
            for (qsizetype i = 0; i < chats.size(); ++i)
                compareShown(chats[i], result.contents.chats[i]);
        }
    }

    void theFileReadsWellWithoutKnowingTheMarks()
    {
        ExchangedChat chat;
        chat.conversation.title = "Two lines";
        chat.messages = {
            {1, 0, 0, Role::User, MessageState::Complete, 1'700'000'000'000, "Hello", {}, {}, {}},
            {2, 0, 1, Role::Assistant, MessageState::Failed, 1'700'000'001'000, "Hi", "no room", {}, {}}};
        chat.messages[1].facts.model = "Small";
        chat.messages[1].facts.replyTokens = 12;
        QString text = QString::fromUtf8(test::toMarkdown({chat}));
        QVERIFY(text.contains("# Two lines\n"));
        QVERIFY(text.contains("## Assistant (Small)"));
        QVERIFY(text.contains("*Failed: no room*"));
        text.remove(QRegularExpression("<!--[^>]*-->\n"));
        QCOMPARE(turnsOf(text.toUtf8()).size(), 2);
        QCOMPARE(turnsOf(text.toUtf8())[0], "U:Hello");
    }

    void transcriptsAreTakenApart_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QStringList>("turns");
        QTest::newRow("headings") << QByteArray("# T\n\n## User\n\na\n\n### Assistant\nb\n## User\nc")
                                  << QStringList{"U:a", "A:b", "U:c"};
        QTest::newRow("bold") << QByteArray(
                                     "**User:** a\nmore\n\n**Assistant:** b\n\n**You**: c\n\n**ChatGPT**\nd")
                              << QStringList{"U:a\nmore", "A:b", "U:c", "A:d"};
        QTest::newRow("other heading forms")
            << QByteArray("## **Human:**\na\n## Assistant (gpt) · today\nb\n# 用户\nc\n## 助手：\nd")
            << QStringList{"U:a", "A:b", "U:c", "A:d"};
        QTest::newRow("rules between")
            << QByteArray("## User\na\n\n---\n\n## Assistant\nb\n\n---\n") << QStringList{"U:a", "A:b"};
        QTest::newRow("in code") << QByteArray("## User\n```\n## Assistant\n```\nx")
                                 << QStringList{"U:```\n## Assistant\n```\nx"};
        QTest::newRow("code never closed")
            << QByteArray("## User\n~~~\n## Assistant\n```") << QStringList{"U:~~~\n## Assistant\n```"};
        QTest::newRow("not a speaker") << QByteArray("## User\na\n## Users of it\n**user** did\n## Your turn")
                                       << QStringList{"U:a\n## Users of it\n**user** did\n## Your turn"};
        QTest::newRow("same side twice") << QByteArray("## User\na\n## User\nb") << QStringList{"U:a\n\nb"};
        QTest::newRow("above the first")
            << QByteArray("# Title\nintro\n\n## Assistant\nb") << QStringList{"U:intro", "A:b"};
        QTest::newRow("none") << QByteArray("# Recipe\r\n\r\nSalt.\r\n") << QStringList{"U:Salt."};
        QTest::newRow("a link first") << QByteArray("[link](x) text") << QStringList{"U:[link](x) text"};
        QTest::newRow("to do") << QByteArray("[ ] do") << QStringList{"U:[ ] do"};
        QTest::newRow("title alone") << QByteArray("# Title") << QStringList{};
        QTest::newRow("empty turns") << QByteArray("## User\n\n## Assistant\n\n") << QStringList{};
    }

    void transcriptsAreTakenApart()
    {
        QFETCH(QByteArray, text);
        QFETCH(QStringList, turns);
        QCOMPARE(turnsOf(text), turns);
        QCOMPARE(test::read(text).error.isEmpty(), !turns.isEmpty());
    }

    void titlesAndTimesHaveADefault()
    {
        const ExchangedChat chat = test::read("just text").contents.chats.front();
        QCOMPARE(chat.conversation.title, "sample");
        QCOMPARE(chat.conversation.created, 1'700'000'000'000);
        QCOMPARE(chat.messages[0].created, 1'700'000'000'000);
        QCOMPARE(test::read("# My *title*\n## User\nx").contents.chats.front().conversation.title,
                 "My *title*");
    }

    void damagedMarksEndWell()
    {
        const QByteArray bytes = test::toMarkdown(ChatSamples(2).chats().chats);
        for (qsizetype cut = 0; cut < bytes.size(); cut += 3) {
            const ImportResult result = test::read(bytes.left(cut));
            QVERIFY(result.error.isEmpty() != result.contents.chats.isEmpty());
        }
    }

private:
    static void compareShown(const ExchangedChat& written, const ExchangedChat& readBack)
    {
        const auto expected = shownTurns(written), got = shownTurns(readBack);
        QCOMPARE(got.size(), expected.size());
        QCOMPARE(readBack.conversation.created, written.conversation.created);
        for (qsizetype i = 0; i < got.size(); ++i) {
            QCOMPARE(got[i]->text, expected[i]->text);
            QCOMPARE(got[i]->role, expected[i]->role);
            QCOMPARE(got[i]->created, expected[i]->created);
            QCOMPARE(attachmentsFromJson(got[i]->attachments), attachmentsFromJson(expected[i]->attachments));
        }
    }
};

QTEST_GUILESS_MAIN(MarkdownTest)
#include "markdown_test.moc"
