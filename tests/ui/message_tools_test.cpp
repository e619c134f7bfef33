// SPDX-License-Identifier: GPL-3.0-or-later
// What stands around the text of messages: folded thoughts, the line of tools, the card that says where the
// time went, pictures.
#include <QApplication>
#include <QBuffer>
#include <QClipboard>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "ui/chat/conversation_store.h"
#include "ui/chat/message_view.h"
#include "ui/theme/theme.h"

using namespace vitrine;
using namespace vitrine::ui;

class MessageToolsTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void thoughtsAreFoldedUntilTheyAreAskedFor();
    void aThoughtIsMeasuredOnlyWhereItsEndWasSeen();
    void whatAThoughtTookIsKeptWithTheReply();
    void aThoughtUnfoldsByClick();
    void copyOfAReplyLeavesThoughtsOut();
    void offersOnlyCopyUntilToldMore();
    void everyActionIsReachedByKeyboard();
    void versionsEndWhereThereAreNone();
    void toolsOfAUsersTurnComeWithThePointer();
    void whyAsksAndTheCardAnswers();
    void cardLeavesOutWhatTookNoTime();
    void cardCutsTheOtherChatsTitleNotTheFigures();
    void showsAPictureOfThisComputer();
    void decodesOnlyPictures_data();
    void decodesOnlyPictures();
    void aPictureOnTheInternetIsALink();
    void hugePicturesAreNotDecoded();

private:
    void reply(const QString& text, bool ends = true);
    int pixels(const QColor& colour) const;
    QStringList clipboardAfterEachTab(int tabs);

    Theme m_theme;
    std::unique_ptr<ConversationStore> m_store;
    std::unique_ptr<MessageView> m_view;
    Conversation* m_conversation = nullptr;
};

void MessageToolsTest::init()
{
    qRegisterMetaType<MessageAction>();
    qRegisterMetaType<ThoughtFigures>();
    m_theme.applyTo(*qApp);
    m_theme.setChoice(ThemeChoice::Light);
    m_store = std::make_unique<ConversationStore>();
    m_conversation = &m_store->create();
    m_view = std::make_unique<MessageView>(m_theme);
    m_view->resize(900, 700);
    m_view->setConversation(m_conversation);
    m_view->show();
    m_conversation->addUserMessage("A question");
    m_conversation->openReply(ReplyId{1});
}

void MessageToolsTest::cleanup()
{
    m_view.reset();
    m_store.reset();
}

void MessageToolsTest::reply(const QString& text, bool ends)
{
    ReplyFigures figures;
    figures.tokens = 84;
    for (qsizetype at = 0; at < text.size(); at += 5)
        m_conversation->appendReplyText(ReplyId{1}, text.mid(at, 5), figures);
    if (!ends)
        return;
    ReplyEnd end;
    end.reason = engine::FinishReason::Stop;
    m_conversation->endReply(ReplyId{1}, end);
}

int MessageToolsTest::pixels(const QColor& colour) const
{
    const QImage image = m_view->viewport()->grab().toImage();
    int found = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            found += (image.pixel(x, y) & 0xFFFFFF) == (colour.rgb() & 0xFFFFFF) ? 1 : 0;
    return found;
}

void MessageToolsTest::thoughtsAreFoldedUntilTheyAreAskedFor()
{
    QSignalSpy measured(m_view.get(), &MessageView::thoughtMeasured);
    reply("<think>\nFirst this, then that.\n</think>\n\nThe answer.", false);
    QCOMPARE(measured.count(), 1);
    QCOMPARE(measured[0][1].value<ThoughtFigures>().tokens, 84U);
    m_view->selectAll();
    QCOMPARE(m_view->selectedText(), QString("A question\n\nThe answer."));
    m_view->setFocus();
    const QImage folded = m_view->viewport()->grab().toImage();
    QTest::keyClick(m_view.get(), Qt::Key_Tab);
    QTest::keyClick(m_view.get(), Qt::Key_Space);
    QVERIFY(m_view->viewport()->grab().toImage() != folded);
    QCOMPARE(m_view->selectedText(), QString("A question\n\nFirst this, then that.\n\nThe answer."));
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QCOMPARE(m_view->selectedText(), QString("A question\n\nThe answer."));
    reply(" More of it.");
    QCOMPARE(m_view->selectedText(), QString("A question\n\nThe answer. More of it."));
}

void MessageToolsTest::aThoughtIsMeasuredOnlyWhereItsEndWasSeen()
{
    QSignalSpy measured(m_view.get(), &MessageView::thoughtMeasured);
    m_view->setConversation(nullptr);
    reply("<think>Hm.</think>\n\nThe", false);
    m_view->setConversation(m_conversation);
    reply(" answer.", false);
    QCOMPARE(measured.count(), 0);
}

void MessageToolsTest::whatAThoughtTookIsKeptWithTheReply()
{
    connect(m_view.get(), &MessageView::thoughtMeasured, m_conversation,
            [this](int index, const ThoughtFigures&) {
                m_conversation->setThought(m_conversation->messages()[std::size_t(index)].id, 2.5, 61);
                m_view->setThought(index, {2.5, 61});
            });
    QSignalSpy touched(m_conversation, &Conversation::messageTouched);
    reply("<think>Hm.</think>\n\nThe answer.");
    QVERIFY(touched.count() > 0);
    const QImage shown = m_view->viewport()->grab().toImage();
    m_view->setConversation(nullptr);
    m_view->setConversation(m_conversation);
    QCOMPARE(m_view->viewport()->grab().toImage(), shown);

    const Message kept = messageOf(recordOf(m_conversation->messages().back(), m_conversation->id()));
    const ReplyDetails details = detailsFromJson(kept.details);
    QCOMPARE(details.thoughtSeconds, 2.5);
    QCOMPARE(details.thoughtTokens, 61U);
    m_conversation->setThought(m_conversation->messages().back().id, 9, 9);
    QCOMPARE(detailsFromJson(m_conversation->messages().back().details).thoughtTokens, 61U);
}

void MessageToolsTest::aThoughtUnfoldsByClick()
{
    reply("A thought.\n</think>\n\nThe answer."); // the prompt had opened it
    m_view->selectAll();
    for (int y = 10; y < 200 && !m_view->selectedText().contains("thought"); y += 8) {
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, {400, y});
        m_view->selectAll();
    }
    QCOMPARE(m_view->selectedText(), QString("A question\n\nA thought.\n\nThe answer."));
}

void MessageToolsTest::copyOfAReplyLeavesThoughtsOut()
{
    reply("<think>Hm.</think>\n\n**Yes.**");
    m_view->setFocus();
    QTest::keyClick(m_view.get(), Qt::Key_Tab); // the thought
    QTest::keyClick(m_view.get(), Qt::Key_Tab);
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QCOMPARE(QApplication::clipboard()->text(), QString("**Yes.**"));
}

void MessageToolsTest::offersOnlyCopyUntilToldMore()
{
    reply("Text.");
    QSignalSpy asked(m_view.get(), &MessageView::actionRequested);
    m_view->setFocus();
    QTest::keyClick(m_view.get(), Qt::Key_Tab);
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QCOMPARE(QApplication::clipboard()->text(), QString("Text."));
    QTest::keyClick(m_view.get(), Qt::Key_Tab);
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QCOMPARE(asked.count(), 0);
}

void MessageToolsTest::everyActionIsReachedByKeyboard()
{
    reply("Text.");
    m_view->setActionsOf([](int index) {
        MessageActions actions;
        actions.edit = index == 0;
        actions.remove = index == 0;
        actions.regenerate = actions.continues = actions.why = actions.more = index == 1;
        actions.branch = true;
        actions.version = 2;
        actions.versions = index == 1 ? 3 : 0;
        return actions;
    });
    QSignalSpy asked(m_view.get(), &MessageView::actionRequested);
    m_view->setFocus();
    for (int i = 0; i < 11; ++i) {
        QTest::keyClick(m_view.get(), Qt::Key_Tab);
        QTest::keyClick(m_view.get(), Qt::Key_Return);
    }
    QList<std::pair<int, MessageAction>> all;
    for (const QList<QVariant>& call : asked)
        all.append({call[0].toInt(), call[1].value<MessageAction>()});
    const QList<std::pair<int, MessageAction>> expected{
        {0, MessageAction::Edit},        {0, MessageAction::Branch},
        {0, MessageAction::Delete},      {1, MessageAction::PreviousVersion},
        {1, MessageAction::NextVersion}, {1, MessageAction::Continue},
        {1, MessageAction::Why},         {1, MessageAction::Regenerate},
        {1, MessageAction::Branch},      {1, MessageAction::More}};
    QCOMPARE(all, expected); // and Copy, which the view does itself
}

void MessageToolsTest::versionsEndWhereThereAreNone()
{
    reply("Text.");
    m_view->setActionsOf([](int index) {
        MessageActions actions;
        actions.version = 1;
        actions.versions = index == 1 ? 2 : 0;
        return actions;
    });
    QSignalSpy asked(m_view.get(), &MessageView::actionRequested);
    m_view->setFocus();
    QTest::keyClick(m_view.get(), Qt::Key_Tab);
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][1].value<MessageAction>(), MessageAction::NextVersion);
}

void MessageToolsTest::toolsOfAUsersTurnComeWithThePointer()
{
    reply("Text.");
    m_view->setActionsOf([](int index) {
        MessageActions actions;
        actions.edit = index == 0;
        return actions;
    });
    QTest::mouseMove(m_view->viewport(), {300, 500});
    const QImage away = m_view->viewport()->grab().toImage();
    QTest::mouseMove(m_view->viewport(), {300, 30});
    QVERIFY(m_view->viewport()->grab().toImage() != away);
    QTest::mouseMove(m_view->viewport(), {300, 500});
    QCOMPARE(m_view->viewport()->grab().toImage(), away);
}

void MessageToolsTest::whyAsksAndTheCardAnswers()
{
    reply("Text.");
    m_view->setActionsOf([](int index) {
        MessageActions actions;
        actions.why = actions.profiler = index == 1;
        return actions;
    });
    connect(m_view.get(), &MessageView::actionRequested, m_view.get(),
            [this](int index, MessageAction action) {
                if (action == MessageAction::Why) {
                    ReplyBreakdown breakdown;
                    breakdown.decode = 4.27;
                    breakdown.prefill = 0.8;
                    breakdown.sentence = "5.07 s, most of it decode.";
                    m_view->setBreakdown(index, breakdown);
                }
            });
    QSignalSpy asked(m_view.get(), &MessageView::actionRequested);
    m_view->setFocus();
    QTest::keyClick(m_view.get(), Qt::Key_Tab);
    const int without = pixels(lightTokens().decode);
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QVERIFY(pixels(lightTokens().decode) > without + 4000);
    QVERIFY(pixels(lightTokens().prefill) > 1000);
    QTest::keyClick(m_view.get(), Qt::Key_Tab); // copy
    QTest::keyClick(m_view.get(), Qt::Key_Tab);
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QCOMPARE(asked.last()[1].value<MessageAction>(), MessageAction::ShowInProfiler);
    QTest::keyClick(m_view.get(), Qt::Key_Backtab);
    QTest::keyClick(m_view.get(), Qt::Key_Backtab);
    QTest::keyClick(m_view.get(), Qt::Key_Return); // closes it without asking
    QCOMPARE(asked.count(), 2);
    QCOMPARE(pixels(lightTokens().decode), without);
}

void MessageToolsTest::cardLeavesOutWhatTookNoTime()
{
    const MessageStyle style(m_theme, false);
    ReplyBreakdown breakdown;
    breakdown.decode = 2;
    breakdown.saved = 0.5;
    breakdown.sentence = "Why";
    const QString text = WhyCard(breakdown, style).text();
    QVERIFY(text.contains("Decode 2.00 s"));
    QVERIFY(text.contains("Saved by cache"));
    QVERIFY(!text.contains("Queued"));
    QVERIFY(WhyCard(ReplyBreakdown{}, style).height(300) > 0);
}

void MessageToolsTest::cardCutsTheOtherChatsTitleNotTheFigures()
{
    const MessageStyle style(m_theme, false);
    ReplyBreakdown breakdown;
    breakdown.sentence = "5.07 s, most of it decode.";
    breakdown.slowedBy = "“%1” shared 41 of 54 steps and added 0.22 s.";
    breakdown.slowedByWhom = QString("A letter home from Paris ").repeated(4);
    const WhyCard card(breakdown, style);
    const QString narrow = card.slowedBy(400), wide = card.slowedBy(2000);
    QVERIFY2(narrow.startsWith("“A letter") && narrow.endsWith("…” shared 41 of 54 steps and added 0.22 s."),
             qPrintable(narrow));
    QCOMPARE(wide, breakdown.slowedBy.arg(breakdown.slowedByWhom));
    QVERIFY(card.text().contains(wide)); // a screen reader has room
    const qreal line = style.tableLine;
    QCOMPARE(card.height(500), card.height(2000) + line); // a line of its own where it is narrow
}

void MessageToolsTest::showsAPictureOfThisComputer()
{
    QTemporaryDir folder;
    QImage image(2000, 400, QImage::Format_RGB32);
    image.fill(QColor(10, 200, 30));
    const QString path = folder.filePath("a picture.png");
    QVERIFY(image.save(path));
    reply("Look:\n\n![A picture](" + path + ")\n\nThere.");
    QTRY_VERIFY(pixels(QColor(10, 200, 30)) > 700 * 100);
    m_view->selectAll();
    QCOMPARE(m_view->selectedText(), QString("A question\n\nLook:\n\nA picture\n\nThere."));
}

void MessageToolsTest::decodesOnlyPictures_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<bool>("shown");
    QByteArray png;
    QBuffer buffer(&png);
    buffer.open(QIODevice::WriteOnly);
    QImage image(3, 2, QImage::Format_RGB32);
    image.fill(Qt::red);
    image.save(&buffer, "PNG");
    const QString data = "data:image/png;base64," + png.toBase64();
    QTest::newRow("data") << data << true;
    QTest::newRow("data cut") << data.left(60) << false;
    QTest::newRow("data that is text") << QString("data:text/plain,hello") << false;
    QTest::newRow("a drawing that could name other files")
        << QString("data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
        << false;
    QTest::newRow("a device") << QString("/dev/zero") << false;
    QTest::newRow("a folder") << QString("/tmp") << false;
    QTest::newRow("nothing") << QString("/no/such/file.png") << false;
    QTest::newRow("no picture") << QString("file:///etc/hostname") << false;
    QTest::newRow("another computer") << QString("file://server/share/a.png") << false;
    QTest::newRow("another computer's share") << QString("//server/share/a.png") << false;
    QTest::newRow("relative") << QString("../a.png") << false;
}

void MessageToolsTest::decodesOnlyPictures()
{
    QFETCH(QString, target);
    QFETCH(bool, shown);
    const DecodedImage decoded = decodeImage(target);
    QCOMPARE(!decoded.image.isNull(), shown);
    QCOMPARE(decoded.error.isEmpty(), shown);
}

void MessageToolsTest::aPictureOnTheInternetIsALink()
{
    MessageImages images;
    QCOMPARE(images.find("https://example.org/a.png").state, MessageImages::State::Remote);
    QCOMPARE(images.find("//server/a.png").state, MessageImages::State::Failed);
    reply("![A chart](https://example.invalid/a.png)");
    QSignalSpy activated(m_view.get(), &MessageView::linkActivated);
    m_view->setFocus();
    QTest::keyClick(m_view.get(), Qt::Key_Tab);
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QCOMPARE(activated.count(), 1);
    QCOMPARE(activated[0][0].toString(), QString("https://example.invalid/a.png"));
}

void MessageToolsTest::hugePicturesAreNotDecoded()
{
    QTemporaryDir folder;
    QImage image(8000, 4100, QImage::Format_Mono);
    image.fill(0);
    const QString path = folder.filePath("huge.png");
    QVERIFY(image.save(path));
    QVERIFY(decodeImage(path).image.isNull());
    QVERIFY(decodeImage(path).error.contains("8000"));
}

QTEST_MAIN(MessageToolsTest)
#include "message_tools_test.moc"
