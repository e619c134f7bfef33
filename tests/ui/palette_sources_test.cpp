// SPDX-License-Identifier: GPL-3.0-or-later
// Sources of the palette that answer late: ones that a test tells to, and the texts of the chats.
#include <QApplication>
#include <QLineEdit>
#include <QScrollBar>
#include <QTest>

#include "tests/ui/support/palette_rows.h"
#include "tests/ui/support/test_window.h"
#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/message_view.h"
#include "ui/shell/palette/message_source.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

/// Answers only when told to.
class LateSource : public PaletteSource
{
public:
    PaletteGroup group() const override { return PaletteGroup::Conversations; }
    void ask(const QString& query) override { asked << query; }
    void answer(const QString& query, const QString& title)
    {
        PaletteEntry entry{title};
        entry.open = [this, title](OpenWhere where) { opened = {title, where}; };
        emit answered(query, {entry});
    }
    QStringList asked;
    std::pair<QString, OpenWhere> opened;
};

} // namespace

class PaletteSourcesTest : public QObject
{
    Q_OBJECT

private:
    using Fixture = TestWindow;

    Theme m_theme;

    static constexpr int kPatience = 60'000;

    static QStringList inMessages(const CommandPalette& palette)
    {
        QStringList found;
        for (int row = 0; row < palette.list().rowCount(); ++row)
            if (const PaletteEntry* entry = palette.list().entryAt(row); entry && entry->detailMatters)
                found << entry->detail;
        return found;
    }
    static QString emphasised(const PaletteEntry& entry)
    {
        QString text;
        for (const int at : entry.detailMatches)
            text += entry.detail[at];
        return text;
    }
    /// Many turns long.
    static ConversationId addLongChat(Fixture& f, const QString& title, const QString& first)
    {
        const ConversationId id = f.addChat(first);
        f.store().find(id)->setTitle(title);
        Conversation& chat = *f.store().find(id);
        for (int i = 0; i < 30; ++i)
            chat.addUserMessage(QStringLiteral("Turn %1. ").arg(i).repeated(60));
        return id;
    }

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }

    void aSourceMayAnswerLate()
    {
        Fixture f(m_theme);
        auto* late = new LateSource;
        f.window->habits().addPaletteSource(late);
        CommandPalette* palette = f.openPalette();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), "qqq");
        QVERIFY(titles(*palette).isEmpty());
        QCOMPARE(late->asked.last(), QStringLiteral("qqq"));
        late->answer(QStringLiteral("qq"), QStringLiteral("to an earlier question"));
        QVERIFY(titles(*palette).isEmpty());
        late->answer(QStringLiteral("qqq"), QStringLiteral("found in a text"));
        QCOMPARE(titles(*palette), QStringList{"found in a text"});
        QTest::keyClick(&palette->field(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(late->opened, std::pair(QStringLiteral("found in a text"), OpenWhere::NewPane));
    }

    void aLateAnswerLeavesTheChosenRowAlone()
    {
        Fixture f(m_theme);
        auto* late = new LateSource;
        f.window->habits().addPaletteSource(late);
        CommandPalette* palette = f.openPalette();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), ">");
        palette->field().clear();
        QTest::keyClicks(&palette->field(), "text");
        QTest::keyClick(&palette->field(), Qt::Key_Down);
        const QString chosen = current(*palette);
        late->answer(QStringLiteral("text"), QStringLiteral("text in a chat"));
        QVERIFY(titles(*palette).contains(QStringLiteral("text in a chat")));
        QCOMPARE(current(*palette), chosen);
    }

    void textsOfAllChatsAreFoundBeneathTheRest()
    {
        Fixture f(m_theme, Fixture::Chats::InAFile);
        QVERIFY(f.active);
        const ConversationId id =
            addLongChat(f, QStringLiteral("Rent"), QStringLiteral("# Terms\nThe tenant **shall** prepay."));
        f.addChat(QStringLiteral("Prepay or not"));
        CommandPalette* palette = f.openPalette();
        QVERIFY(palette);
        // What was just said is in the file in a moment: asked for until it is found.
        QTRY_VERIFY_WITH_TIMEOUT((palette->field().setText("x"), palette->field().setText("tenant prepay"),
                                  QTest::qWait(2 * MessageSource::kPause), inMessages(*palette).size() == 1),
                                 kPatience);
        QCOMPARE(headings(*palette), QStringList{"In messages"});
        QCOMPARE(titles(*palette), QStringList{"Rent"});
        QCOMPARE(inMessages(*palette), QStringList{"Terms The tenant shall prepay."});
        const PaletteEntry* entry = palette->list().entryAt(palette->currentRow());
        QVERIFY(entry);
        QCOMPARE(emphasised(*entry), QStringLiteral("tenantprepay"));
        palette->field().setText("prepay");
        QTRY_COMPARE_WITH_TIMEOUT(headings(*palette), (QStringList{"Conversations", "In messages"}),
                                  kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(inMessages(*palette).size(), 2, kPatience);
        palette->field().setText("# tenant");
        QTRY_COMPARE_WITH_TIMEOUT(inMessages(*palette).size(), 1, kPatience);
        f.window->chatPage().newChat();
        QTest::keyClick(&palette->field(), Qt::Key_Return);
        QVERIFY(!palette->isVisible());
        QCOMPARE(f.window->chatPage().currentConversation(), id);
        const MessageView& view = f.window->chatPage().focusedPane().messages();
        QTRY_VERIFY_WITH_TIMEOUT(!view.isAtEnd(), kPatience); // where a chat is opened otherwise
        QCOMPARE(view.verticalScrollBar()->value(), 0);
    }

    void typingOnEndsTheSearchBefore()
    {
        Fixture f(m_theme, Fixture::Chats::InAFile);
        f.addChat(QStringLiteral("alpha beta"));
        MessageSource source(f.store(), [](ConversationId, MessageId, OpenWhere) {});
        ChatArchive archive(f.dir.filePath("others.db"));
        source.setArchive(&archive);
        QSignalSpy searched(&archive, &ChatArchive::searched);
        QStringList answers;
        connect(&source, &PaletteSource::answered, this,
                [&answers](const QString& query, const QList<PaletteEntry>&) { answers << query; });
        for (const char* typed : {"a", "al", "alp", "alph"})
            source.ask(QString::fromLatin1(typed)); // faster than the pause
        QTRY_COMPARE_WITH_TIMEOUT(answers, QStringList{"alph"}, kPatience);
        QCOMPARE(searched.size(), 1);
        source.ask({});
        QCOMPARE(answers.last(), QString());
    }
};

QTEST_MAIN(PaletteSourcesTest)
#include "palette_sources_test.moc"
