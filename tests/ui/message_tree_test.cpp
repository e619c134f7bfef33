// SPDX-License-Identifier: GPL-3.0-or-later
// Turns, their versions and the branch that is shown.
#include <QRandomGenerator>
#include <QTest>

#include "ui/chat/message_tree.h"

using namespace vitrine::ui;

namespace {

Message message(qint64 id, qint64 parent)
{
    Message made;
    made.id = MessageId{id};
    made.parent = MessageId{parent};
    made.role = id % 2 == 0 ? Role::Assistant : Role::User;
    made.text = QString::number(id);
    return made;
}

QString shown(const MessageTree& tree)
{
    QStringList texts;
    for (const Message& each : tree.path())
        texts << each.text;
    return texts.join(' ');
}

} // namespace

class MessageTreeTest : public QObject
{
    Q_OBJECT

private slots:
    void thePathTakesWhatFollowsItsLeaf();
    void aVersionIsShownWhenItIsChosen();
    void aBranchIsShownAsItLastWas();
    void whatIsTakenComesBackInItsPlace();
    void aLostParentDoesNotLoseTheMessage();
    void randomTreesKeepTheirInvariants();
};

void MessageTreeTest::thePathTakesWhatFollowsItsLeaf()
{
    MessageTree tree;
    for (qint64 id = 1; id <= 4; ++id)
        tree.add(message(id, id - 1));
    QCOMPARE(shown(tree), QString("1 2 3 4"));
    QCOMPARE(tree.leaf(), MessageId{4});
    QCOMPARE(tree.indexOf(MessageId{3}), 2);
    tree.checkInvariants();
}

void MessageTreeTest::aVersionIsShownWhenItIsChosen()
{
    MessageTree tree;
    for (qint64 id = 1; id <= 4; ++id)
        tree.add(message(id, id - 1));
    tree.add(message(5, 1)); // another reply to the first question
    QCOMPARE(shown(tree), QString("1 2 3 4"));
    QCOMPARE(tree.versions(MessageId{2}), (VersionPosition{1, 2}));
    QCOMPARE(tree.choose(MessageId{5}), 1);
    QCOMPARE(shown(tree), QString("1 5"));
    QCOMPARE(tree.versions(MessageId{5}), (VersionPosition{2, 2}));
    QCOMPARE(tree.version(MessageId{5}, -1), MessageId{2});
    QCOMPARE(tree.version(MessageId{5}, 1), MessageId{});
    QCOMPARE(tree.indexOf(MessageId{3}), -1);
    QCOMPARE(tree.choose(MessageId{5}), 2); // nothing is another
}

void MessageTreeTest::aBranchIsShownAsItLastWas()
{
    MessageTree tree;
    for (const auto& [id, parent] : {std::pair{1, 0}, {2, 1}, {3, 2}, {4, 2}, {5, 1}})
        tree.add(message(id, parent));
    tree.choose(MessageId{4});
    tree.choose(MessageId{5});
    QCOMPARE(shown(tree), QString("1 5"));
    tree.choose(MessageId{2});
    QCOMPARE(shown(tree), QString("1 2 4"));
}

void MessageTreeTest::whatIsTakenComesBackInItsPlace()
{
    MessageTree tree;
    for (const auto& [id, parent] : {std::pair{1, 0}, {2, 1}, {3, 2}, {4, 3}, {5, 1}, {6, 5}})
        tree.add(message(id, parent));
    const std::vector<Message> taken = tree.take(MessageId{2});
    QCOMPARE(taken.size(), 3U);
    QCOMPARE(shown(tree), QString("1 5 6"));
    QVERIFY(tree.find(MessageId{4}) == nullptr);
    tree.checkInvariants();
    for (const Message& each : taken)
        tree.add(each);
    tree.choose(MessageId{2});
    QCOMPARE(shown(tree), QString("1 2 3 4"));
    QCOMPARE(tree.versions(MessageId{2}), (VersionPosition{1, 2}));
    tree.checkInvariants();
}

void MessageTreeTest::aLostParentDoesNotLoseTheMessage()
{
    MessageTree tree;
    tree.add(message(1, 0));
    tree.add(message(9, 7));
    QCOMPARE(tree.versions(MessageId{9}), (VersionPosition{2, 2}));
    tree.choose(MessageId{9});
    QCOMPARE(shown(tree), QString("9"));
    tree.checkInvariants();
}

void MessageTreeTest::randomTreesKeepTheirInvariants()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    MessageTree tree;
    qint64 last = 0;
    std::vector<std::vector<Message>> removed;
    for (int round = 0; round < 4000; ++round) {
        const auto all = tree.all();
        const auto any = [&] {
            return all.empty() ? MessageId{} : all[random.bounded(quint32(all.size()))]->id;
        };
        const std::size_t before = tree.size();
        const quint32 what = random.bounded(10U);
        if (what < 5 || all.empty()) {
            tree.add(message(++last, random.bounded(4) == 0 ? any().value : tree.leaf().value));
            QCOMPARE(tree.size(), before + 1);
        } else if (what < 8) {
            const MessageId wanted = any();
            QStringList old = shown(tree).split(' ');
            const int from = tree.choose(wanted);
            const QStringList now = shown(tree).split(' ');
            QVERIFY(tree.indexOf(wanted) >= 0);
            QCOMPARE(now.mid(0, from), old.mid(0, from));
            if (from == old.size())
                QCOMPARE(now, old);
            else
                QVERIFY(from < now.size() && now[from] != old[from]);
        } else if (what == 8 && before > 8) {
            removed.push_back(tree.take(any()));
            QCOMPARE(tree.size(), before - removed.back().size());
        } else if (!removed.empty()) {
            const auto back = std::move(removed.back());
            removed.pop_back();
            for (const Message& each : back)
                tree.add(each);
            tree.choose(back.front().id);
            QCOMPARE(tree.size(), before + back.size());
        }
        tree.checkInvariants();
    }
}

QTEST_GUILESS_MAIN(MessageTreeTest)
#include "message_tree_test.moc"
