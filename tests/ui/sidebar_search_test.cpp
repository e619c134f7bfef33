// SPDX-License-Identifier: GPL-3.0-or-later
// Searching in the sidebar: titles in memory, texts in a real file.
#include <QLabel>
#include <QListView>
#include <QSignalSpy>
#include <QTemporaryDir>

#include "tests/ui/support/shelf.h"
#include "ui/shell/search_panel.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

constexpr int kPatience = 60'000;

} // namespace

class SidebarSearchTest : public QObject
{
    Q_OBJECT

private:
    Theme m_theme;

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }
    void titlesAreFoundAtOnceAndOpenedByEnter();
    void textsAreFoundWithTheMatchMarked();
    void onlyTheNewestSearchCounts();
    void escapeAndDownLeadOutOfTheSearch();
    void nothingFoundIsSaid();
};

void SidebarSearchTest::titlesAreFoundAtOnceAndOpenedByEnter()
{
    Shelf shelf(m_theme);
    shelf.add("Kyoto packing list");
    const ConversationId b = shelf.add("Ramen in Kyoto");
    QSignalSpy chosen(&shelf.sidebar, &Sidebar::conversationChosen);
    shelf.sidebar.focusSearch();
    QTest::keyClicks(&shelf.search(), "kyoto in");
    QVERIFY(shelf.sidebar.searchPanel().isVisible());
    QAbstractItemModel* results = shelf.sidebar.searchPanel().list().model();
    QCOMPARE(results->rowCount(), 3); // "packing" has an "in" as well
    const auto matches = results->index(2, 0).data(SearchResults::MatchesRole).value<QList<MatchRange>>();
    QCOMPARE(matches, (QList<MatchRange>{{6, 2}, {9, 5}}));
    QTest::keyClick(&shelf.search(), Qt::Key_Down);
    QTest::keyClick(&shelf.sidebar.searchPanel().list(), Qt::Key_Down);
    QTest::keyClick(&shelf.sidebar.searchPanel().list(), Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.first().first().value<ConversationId>(), b);
}

void SidebarSearchTest::textsAreFoundWithTheMatchMarked()
{
    QTemporaryDir dir;
    ChatArchive archive(dir.filePath("chats.db"));
    Shelf shelf(m_theme);
    const ConversationId a = shelf.add("a");
    MessageRecord message;
    message.id = 4711;
    message.conversation = a.value;
    message.text =
        QString("Before that. ").repeated(40) + "The planner reads\n4,096 rows. " + QString(400, 'x');
    ChangeSet changes;
    changes.conversations << shelf[a].record();
    changes.messages << message;
    archive.save(changes);
    shelf.sidebar.setArchive(&archive);
    QSignalSpy chosen(&shelf.sidebar, &Sidebar::messageChosen);
    shelf.sidebar.focusSearch();
    QTest::keyClicks(&shelf.search(), "PLANNER rows");
    QAbstractItemModel* results = shelf.sidebar.searchPanel().list().model();
    QTRY_COMPARE_WITH_TIMEOUT(results->rowCount(), 2, kPatience);
    const QModelIndex hit = results->index(1, 0);
    const QString snippet = hit.data(SearchResults::SnippetRole).toString();
    for (const MatchRange& match : hit.data(SearchResults::MatchesRole).value<QList<MatchRange>>())
        QVERIFY(QStringList({"planner", "rows"}).contains(snippet.mid(match.start, match.length)));
    QTest::mouseClick(shelf.sidebar.searchPanel().list().viewport(), Qt::LeftButton, {},
                      shelf.sidebar.searchPanel().list().visualRect(hit).center());
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.first().at(0).value<ConversationId>(), a);
    QCOMPARE(chosen.first().at(1).value<MessageId>(), MessageId{4711});
    shelf.store.remove(a);
    QCOMPARE(results->rowCount(), 0);
}

void SidebarSearchTest::onlyTheNewestSearchCounts()
{
    QTemporaryDir dir;
    ChatArchive archive(dir.filePath("chats.db"));
    ConversationStore store;
    Conversation& conversation = store.create();
    ChangeSet changes;
    changes.conversations << conversation.record();
    for (const QString text : {"apple", "pear"}) {
        MessageRecord message;
        message.id = changes.messages.size() + 1;
        message.conversation = conversation.id().value;
        message.text = text;
        changes.messages << message;
    }
    archive.save(changes);
    SearchResults results(store);
    results.setArchive(&archive);
    QSignalSpy searched(&archive, &ChatArchive::searched);
    results.setQuery("apple");
    QTRY_VERIFY_WITH_TIMEOUT(results.rowCount() == 2, kPatience);
    results.setQuery("pear");
    archive.search("apple"); // of somebody else
    QTRY_COMPARE_WITH_TIMEOUT(searched.size(), 3, kPatience);
    QCOMPARE(results.rowCount(), 2);
    QCOMPARE(results.index(1).data(SearchResults::SnippetRole).toString(), QString("pear"));
    QVERIFY(!results.isSearching());
}

void SidebarSearchTest::escapeAndDownLeadOutOfTheSearch()
{
    Shelf shelf(m_theme);
    shelf.add("a");
    QSignalSpy left(&shelf.sidebar, &Sidebar::left);
    shelf.sidebar.focusSearch();
    QTest::keyClicks(&shelf.search(), "a");
    QTest::keyClick(&shelf.search(), Qt::Key_Down);
    QVERIFY(shelf.sidebar.searchPanel().list().hasFocus());
    QTest::keyClick(&shelf.sidebar.searchPanel().list(), Qt::Key_Up);
    QVERIFY(shelf.search().hasFocus());
    QTest::keyClick(&shelf.search(), Qt::Key_Down);
    QTest::keyClick(&shelf.sidebar.searchPanel().list(), Qt::Key_Escape);
    QVERIFY(shelf.search().hasFocus());
    QCOMPARE(shelf.search().text(), QString());
    QVERIFY(shelf.sidebar.list().isVisible());
    QTest::keyClick(&shelf.search(), Qt::Key_Down);
    QVERIFY(shelf.sidebar.list().hasFocus());
    shelf.press(Qt::Key_Up);
    QVERIFY(shelf.search().hasFocus());
    QTest::keyClick(&shelf.search(), Qt::Key_Escape);
    QCOMPARE(left.size(), 1);
}

void SidebarSearchTest::nothingFoundIsSaid()
{
    Shelf shelf(m_theme);
    shelf.add("a");
    shelf.sidebar.focusSearch();
    QTest::keyClicks(&shelf.search(), "<b>zzz</b>");
    const auto* note = shelf.sidebar.searchPanel().findChild<QLabel*>();
    QVERIFY(note->isVisible());
    QVERIFY(note->text().contains("<b>zzz</b>"));
    QCOMPARE(note->textFormat(), Qt::PlainText);
    QTest::keyClick(&shelf.search(), Qt::Key_Return); // nothing to open
    QTest::keyClick(&shelf.search(), Qt::Key_Down);
    QVERIFY(shelf.search().hasFocus());
}

QTEST_MAIN(SidebarSearchTest)
#include "sidebar_search_test.moc"
