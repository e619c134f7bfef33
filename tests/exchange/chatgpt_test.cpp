// SPDX-License-Identifier: GPL-3.0-or-later
// ChatGPT's conversations.json: turns, branches, odd nodes.
#include <QTest>

#include "tests/exchange/support/chat_samples.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

QJsonObject message(const QString& role, const QJsonValue& content, double time = 1'700'000'000.5)
{
    return {{"author", QJsonObject{{"role", role}}}, {"create_time", time}, {"content", content}};
}

QJsonObject text(const QString& text)
{
    return {{"content_type", "text"}, {"parts", QJsonArray{text}}};
}

QJsonObject node(const QJsonValue& parent, const QJsonValue& message, const QStringList& children = {})
{
    return {{"parent", parent}, {"message", message}, {"children", QJsonArray::fromStringList(children)}};
}

QByteArray fileOf(const QJsonObject& mapping, const QString& current)
{
    const QJsonObject conversation{{"title", "Title"},
                                   {"create_time", 1'600'000'000.25},
                                   {"update_time", 1'600'000'100},
                                   {"current_node", current},
                                   {"mapping", mapping}};
    return QJsonDocument(QJsonArray{conversation}).toJson();
}

QStringList textsOf(const ExchangedChat& chat)
{
    QStringList texts;
    for (const MessageRecord* turn : shownTurns(chat))
        texts << turn->text;
    return texts;
}

} // namespace

class ChatGptTest : public QObject
{
    Q_OBJECT

private slots:
    void turnsAndBranchesAreKept()
    {
        QJsonObject second = message("assistant", text("two"));
        second["metadata"] = QJsonObject{{"model_slug", "gpt-x"}};
        const QJsonObject mapping{{"root", node(QJsonValue::Null, QJsonValue::Null, {"sys"})},
                                  {"sys", node("root", message("system", text("")), {"q"})},
                                  {"q", node("sys", message("user", text("question")), {"z", "a"})},
                                  {"z", node("q", message("assistant", text("one")), {"q2"})},
                                  {"a", node("q", second)},
                                  {"q2", node("z", message("user", text("more")))}};
        const ImportResult result = test::read(fileOf(mapping, "a"));
        QCOMPARE(result.problems, QStringList());
        const ExchangedChat& chat = result.contents.chats.front();
        QCOMPARE(chat.conversation.title, "Title");
        QCOMPARE(chat.conversation.created, 1'600'000'000'250);
        QCOMPARE(chat.conversation.lastActivity, 1'600'000'100'000);
        QCOMPARE(chat.messages.size(), 4);
        QCOMPARE(textsOf(chat), (QStringList{"question", "two"}));
        QCOMPARE(shownTurns(chat).back()->facts.model, "gpt-x");
        QCOMPARE(shownTurns(chat).back()->created, 1'700'000'000'500);
        QCOMPARE(chat.messages[1].text, "one"); // as the question lists them
        ExchangedChat other = chat;
        other.conversation.leaf = chat.messages[2].id;
        QCOMPARE(textsOf(other), (QStringList{"question", "one", "more"}));
    }

    void aSingleConversationMayBeTheFile()
    {
        const QByteArray array = fileOf({{"q", node({}, message("user", text("hi")))}}, "q");
        const QJsonObject single = QJsonDocument::fromJson(array).array()[0].toObject();
        const ImportResult result = test::read(QJsonDocument(single).toJson());
        QCOMPARE(result.contents.chats.size(), 1);
        QCOMPARE(result.contents.chats[0].conversation.title, "Title");
    }

    void partsOfAllKindsBecomeText()
    {
        const QJsonObject picture{{"content_type", "image_asset_pointer"},
                                  {"asset_pointer", "file-service://x"}};
        const QJsonObject spoken{{"content_type", "audio_transcription"}, {"text", "spoken"}};
        const QJsonObject mixed{{"content_type", "multimodal_text"},
                                {"parts", QJsonArray{picture, "what?", spoken, 7}}};
        const QJsonObject code{{"content_type", "code"}, {"language", "python"}, {"text", "print(\"```\")"}};
        QJsonObject hidden = message("user", text("hidden"));
        hidden["metadata"] = QJsonObject{{"is_visually_hidden_from_conversation", true}};
        QJsonObject withFile = message("user", text("see"));
        withFile["metadata"] = QJsonObject{{"attachments", QJsonArray{QJsonObject{{"name", "a.pdf"}}}}};
        const QJsonObject mapping{
            {"a", node({}, message("user", mixed), {"b"})},
            {"b", node("a", message("assistant", code), {"c"})},
            {"c", node("b", message("tool", text("out")), {"d"})},
            {"d", node("c", message("assistant", text("done")), {"e"})},
            {"e", node("d", hidden, {"f"})},
            {"f", node("e", message("assistant", QJsonObject{{"content_type", "thoughts"}, {"text", "hm"}}),
                       {"g"})},
            {"g", node("f", withFile)}};
        const ImportResult result = test::read(fileOf(mapping, "g"));
        QCOMPARE(textsOf(result.contents.chats.front()),
                 (QStringList{"[image]\n\nwhat?\n\nspoken",
                              "````python\nprint(\"```\")\n````\n\ndone", // one reply around a tool
                              "see\n\n[file: a.pdf]"}));
    }

    void aChainOfManyTurnsIsRead()
    {
        QJsonObject mapping;
        constexpr int kTurns = 5000;
        for (int i = 0; i < kTurns; ++i)
            mapping[QString::number(i)] = node(
                i ? QJsonValue(QString::number(i - 1)) : QJsonValue(),
                message(i % 2 ? "assistant" : "user", text(QString::number(i))), {QString::number(i + 1)});
        const ImportResult result = test::read(fileOf(mapping, QString::number(kTurns - 1)));
        QCOMPARE(shownTurns(result.contents.chats.front()).size(), kTurns);
        QCOMPARE(result.contents.chats.front().messages.back().text, QString::number(kTurns - 1));
    }

    void oddNodesDoNoHarm()
    {
        const QJsonObject mapping{
            {"circle1", node("circle2", message("user", text("c1")), {"circle2"})},
            {"circle2", node("circle1", message("assistant", text("c2")), {"circle1"})},
            {"self", node("self", message("user", text("self")), {"self"})},
            {"orphan", node("missing", message("assistant", text("orphan")), {"gone", "adopted"})},
            {"adopted", QJsonObject{{"message", message("user", text("adopted"))}}},
            {"number", 17},
            {"null", QJsonValue::Null},
            {"array", node({}, QJsonArray{1})},
            {"types", node(5, QJsonObject{{"author", 3}, {"content", "x"}, {"create_time", "y"}})},
            {"parts", node({}, message("user", QJsonObject{{"content_type", 4}, {"parts", 9}}, -1e300))}};
        const ImportResult result = test::read(fileOf(mapping, "nowhere"));
        QCOMPARE(result.error, QString());
        QCOMPARE(result.messagesLeftOut, 1);
        const ExchangedChat& chat = result.contents.chats.front();
        QCOMPARE(chat.messages.size(), 5);
        for (const MessageRecord& message : chat.messages) {
            QVERIFY(message.parent < message.id);
            if (message.text == "adopted")
                QCOMPARE(chat.messages[message.parent - 1].text, "orphan");
        }
    }

    void whatSaysNoTimeGetsTheFiles()
    {
        const ImportResult result = test::read(R"([{"mapping": {"a": {"message":
            {"author": {"role": "user"}, "content": {"parts": ["x"]}}}}}])");
        QCOMPARE(result.contents.chats.front().conversation.created, 1'700'000'000'000);
        QCOMPARE(result.contents.chats.front().conversation.lastActivity, 1'700'000'000'000);
        QCOMPARE(result.contents.chats.front().messages.front().created, 1'700'000'000'000);
    }

    void conversationsWithoutTurnsAreCounted()
    {
        const QByteArray good = fileOf({{"q", node({}, message("user", text("hi")))}}, "q").trimmed();
        const QByteArray bytes =
            "[{\"title\": \"x\", \"mapping\": {}}, null, 5, {\"mapping\": []},\n" + good.mid(1);
        const ImportResult result = test::read(bytes);
        QCOMPARE(result.contents.chats.size(), 1);
        QCOMPARE(result.chatsLeftOut, 4);
        QCOMPARE(result.problems.size(), 4);
    }
};

QTEST_GUILESS_MAIN(ChatGptTest)
#include "chatgpt_test.moc"
