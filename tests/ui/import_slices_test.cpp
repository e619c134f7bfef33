// SPDX-License-Identifier: GPL-3.0-or-later
// Thousands of chats imported and taken back in many turns of the event loop, while the list of chats is put
// in order a few times at most.
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include "ui/exchange/window/import_undo.h"

using namespace vitrine::ui;

namespace {

constexpr int kChats = 5000;
constexpr int kPatience = 120'000;

/// As they come out of a file; every second one older than the one before, so that they belong everywhere.
ExchangedChats chatsOf(int count, const QStringList& folders = {})
{
    ExchangedChats chats;
    for (int i = 0; i < int(folders.size()); ++i)
        chats.folders.append({i + 1, folders[i], i, false});
    for (int i = 1; i <= count; ++i) {
        ExchangedChat chat;
        chat.conversation.created = i;
        chat.conversation.lastActivity = 1'700'000'000'000 + (i % 2 ? i : -i) * 3'600'000LL;
        chat.conversation.messages = 1;
        chat.conversation.leaf = 1;
        chat.conversation.folder = folders.isEmpty() ? 0 : 1 + i % folders.size();
        chat.messages.resize(1);
        chat.messages[0].id = 1;
        chat.messages[0].text = QString::number(i);
        chats.chats.append(chat);
    }
    return chats;
}

/// What a view of the list has to work through, and in how many turns.
struct Watch
{
    explicit Watch(ConversationList& list)
    {
        using Model = QAbstractItemModel;
        const auto count = [this] { ++changes; };
        QObject::connect(&list, &Model::rowsInserted, &turn, count);
        QObject::connect(&list, &Model::rowsRemoved, &turn, count);
        QObject::connect(&list, &Model::rowsMoved, &turn, count);
        QObject::connect(&list, &Model::layoutChanged, &turn, count);
        QObject::connect(&list, &Model::modelReset, &turn, count);
        QObject::connect(&turn, &QTimer::timeout, &turn, [this] { ++turns; });
        turn.start(0);
    }
    void reset() { turns = changes = 0; }
    QTimer turn;
    int turns = 0;
    int changes = 0;
};

QList<ConversationId> shown(const ConversationList& list)
{
    QList<ConversationId> ids;
    for (int row = 0; row < list.rowCount(); ++row) {
        const QVariant id = list.index(row).data(ConversationList::IdRole);
        if (id.isValid())
            ids << id.value<ConversationId>();
    }
    return ids;
}

QList<ConversationId> wanted(const ConversationStore& store)
{
    QList<ConversationId> ids;
    for (const Conversation* each : store.byRecency())
        ids << each->id();
    return ids;
}

} // namespace

class ImportSlicesTest : public QObject
{
    Q_OBJECT

private slots:
    void theListIsPutInOrderOnceForThousands()
    {
        ConversationStore store;
        ConversationList list(store);
        for (int i = 0; i < 200; ++i) { // among which they belong
            Conversation& mine = store.create();
            mine.addUserMessage("mine");
            mine.setLastActivity(
                QDateTime::fromMSecsSinceEpoch(1'700'000'000'000 + (i - 100) * 90'000'000LL));
        }
        const QList<ConversationId> before = shown(list);
        const QPersistentModelIndex chosen = list.indexOf(before[77]);
        Watch watch(list);
        auto progress = std::make_shared<ExchangeProgress>();
        ChatImport import(store, nullptr, &list);
        QSignalSpy done(&import, &ChatImport::finished);
        import.start(chatsOf(kChats), progress);
        QVERIFY(done.wait(kPatience));
        QCOMPARE(import.outcome().added.size(), kChats);
        QVERIFY2(watch.changes <= 2, qPrintable(QString::number(watch.changes)));
        QVERIFY2(watch.turns >= kChats / ChatImport::kAtOnce, qPrintable(QString::number(watch.turns)));
        QCOMPARE(progress->done.load(), kChats);
        QCOMPARE(progress->total.load(), kChats);
        QCOMPARE(shown(list), wanted(store));
        QCOMPARE(chosen.data(ConversationList::IdRole).value<ConversationId>(), before[77]);

        watch.reset();
        auto undoing = std::make_shared<ExchangeProgress>();
        ImportUndo undo(store, &list);
        QSignalSpy undone(&undo, &ImportUndo::finished), leaving(&undo, &ImportUndo::leaving);
        undo.start({import.outcome()}, undoing);
        QVERIFY(undone.wait(kPatience));
        QCOMPARE(undo.removed(), kChats);
        const int slices = int(leaving.size());
        QVERIFY2(slices >= kChats / ImportUndo::kAtOnce, qPrintable(QString::number(slices)));
        QVERIFY2(watch.changes <= kChats / 10, qPrintable(QString::number(watch.changes)));
        QVERIFY(watch.turns >= slices);
        QCOMPARE(shown(list), before);
        QCOMPARE(chosen.data(ConversationList::IdRole).value<ConversationId>(), before[77]);
    }

    void whatElseHappensMeanwhileIsShownAtOnce()
    {
        ConversationStore store;
        ConversationList list(store);
        Conversation& mine = store.create();
        mine.addUserMessage("mine");
        const ConversationList::HoldAdditions hold(list);
        const ConversationId added = store.create().id();
        QVERIFY(!list.indexOf(added).isValid());
        mine.setPinned(true); // brings along what waits
        QVERIFY(list.indexOf(added).isValid());
        store.remove(added);
        QVERIFY(!list.indexOf(added).isValid());
    }

    void foldersComeWithTheirChatsAndGoAgain()
    {
        ConversationStore store;
        ConversationList list(store);
        store.createFolder("Work");
        auto progress = std::make_shared<ExchangeProgress>();
        ChatImport import(store, nullptr, &list);
        QSignalSpy done(&import, &ChatImport::finished);
        import.start(chatsOf(500, {"Work", "Home", "Garden"}), progress);
        QVERIFY(done.wait(kPatience));
        QCOMPARE(store.folders().size(), 3U);
        QCOMPARE(shown(list).size(), 500);
        ImportUndo undo(store, &list);
        QSignalSpy undone(&undo, &ImportUndo::finished);
        undo.start({import.outcome()}, std::make_shared<ExchangeProgress>());
        QVERIFY(undone.wait(kPatience));
        QCOMPARE(store.folders().size(), 1U); // was there before
        QCOMPARE(store.size(), 0U);
    }

    void cancelKeepsWhatIsThereAndWhatIsLeft()
    {
        ConversationStore store;
        ConversationList list(store);
        auto progress = std::make_shared<ExchangeProgress>();
        ChatImport import(store, nullptr, &list);
        QSignalSpy done(&import, &ChatImport::finished);
        connect(&store, &ConversationStore::added, this, [&] {
            if (store.size() == 250)
                progress->cancelled = true;
        });
        import.start(chatsOf(kChats), progress);
        QVERIFY(done.wait(kPatience));
        const qsizetype added = import.outcome().added.size();
        QVERIFY(added >= 250 && added <= 250 + ChatImport::kAtOnce);
        QCOMPARE(shown(list), wanted(store));

        auto undoing = std::make_shared<ExchangeProgress>();
        ImportUndo undo(store, &list);
        QSignalSpy undone(&undo, &ImportUndo::finished);
        connect(&store, &ConversationStore::removed, this, [&] { undoing->cancelled = true; });
        undo.start({import.outcome()}, undoing);
        QVERIFY(undone.wait(kPatience));
        QVERIFY(undo.removed() >= 1 && undo.removed() <= ImportUndo::kAtOnce);
        QCOMPARE(qsizetype(store.size()), added - undo.removed());
        QCOMPARE(shown(list), wanted(store));
    }

    void knownChatsAreNotAddedAgain()
    {
        ConversationStore store;
        ConversationList list(store);
        for (const qsizetype expected : {300, 0}) {
            ChatImport import(store, nullptr, &list);
            QSignalSpy done(&import, &ChatImport::finished);
            import.start(chatsOf(300), std::make_shared<ExchangeProgress>());
            QVERIFY(done.wait(kPatience));
            QCOMPARE(import.outcome().added.size(), expected);
        }
        QCOMPARE(store.size(), 300U);
    }
};

QTEST_GUILESS_MAIN(ImportSlicesTest)
#include "import_slices_test.moc"
