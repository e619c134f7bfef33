// SPDX-License-Identifier: GPL-3.0-or-later
// What passes between the window and the desktop: notes about long replies, and the desktop's wishes about
// looks and motion. Over a bus of its own, with services that only listen.
#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

#include "ui/shell/desktop_notes.h"
#include "ui/shell/long_reply_notifier.h"
#include "ui/shell/system_appearance.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

/// The part of org.freedesktop.Notifications that is used.
class Desktop : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

public:
    struct Note
    {
        uint replaces;
        QString title, body;
        QStringList actions;
    };
    QList<Note> notes;

public slots:
    uint Notify(const QString&, uint replaces, const QString&, const QString& title, const QString& body,
                const QStringList& actions, const QVariantMap&, int)
    {
        notes << Note{replaces, title, body, actions};
        return replaces ? replaces : uint(notes.size()) + 40;
    }

signals:
    void ActionInvoked(uint id, const QString& action);
    void NotificationClosed(uint id, uint reason);
};

/// The part of the desktop portal that is used: wants dark windows and little motion.
class Portal : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")

public slots:
    QDBusVariant Read(const QString&, const QString& key)
    {
        const bool animations = key == QStringLiteral("enable-animations");
        const QVariant value = animations ? QVariant(true) : QVariant(1u);
        return QDBusVariant(QVariant::fromValue(QDBusVariant(value)));
    }

signals:
    void SettingChanged(const QString& group, const QString& key, const QDBusVariant& value);
};

} // namespace

class DesktopTest : public QObject
{
    Q_OBJECT

private:
    ConversationStore m_store;
    double m_now = 0;
    bool m_watched = false;
    bool m_wanted = true;
    QList<LongReplyNote> m_sent;
    std::unique_ptr<LongReplyNotifier> m_notifier;
    QProcess m_bus;

    Conversation& ask(ReplyId reply)
    {
        Conversation& chat = m_store.create();
        chat.addUserMessage(QStringLiteral("A long question"));
        chat.openReply(reply);
        return chat;
    }

    static ReplyEnd end(engine::FinishReason reason, const QString& error = {})
    {
        ReplyEnd end;
        end.reason = reason;
        end.error = error;
        return end;
    }

private slots:
    void init()
    {
        m_sent.clear();
        m_now = 100;
        m_watched = false;
        m_wanted = true;
        m_notifier = std::make_unique<LongReplyNotifier>(
            m_store, LongReplyNotifier::Surroundings{[this] { return m_now; }, [this] { return m_watched; },
                                                     [this] { return m_wanted; },
                                                     [this](const LongReplyNote& note) { m_sent << note; }});
    }

    void aLongReplyOutOfSightIsWorthANote()
    {
        const Conversation& chat = ask(ReplyId{1});
        m_notifier->seen(ReplyId{1});
        m_now += 5;
        m_notifier->seen(ReplyId{1}); // counts from the first time
        m_now += 7.4;
        m_notifier->ended(ReplyId{1}, end(engine::FinishReason::Stop));
        QCOMPARE(m_sent.size(), 1);
        QCOMPARE(m_sent.first().conversation, chat.id());
        QCOMPARE(m_sent.first().title, QStringLiteral("A long question"));
        QVERIFY2(m_sent.first().text.contains(QStringLiteral("12 s")), qPrintable(m_sent.first().text));
    }

    void aReplyOnABranchNobodySeesIsWorthANoteToo()
    {
        Conversation& chat = m_store.create();
        chat.addUserMessage(QStringLiteral("Two answers, please"));
        const MessageId question = chat.messages().back().id;
        chat.openReplyAfter(question, ReplyId{21}, {}, true);
        chat.openReplyAfter(question, ReplyId{22}, {}, false); // another version, which is not shown
        QVERIFY(chat.messages().back().reply == ReplyId{21});
        m_store.create(); // and another chat is the most recent one
        for (const quint64 id : {21U, 22U})
            m_notifier->seen(ReplyId{id});
        m_now += 30;
        for (const quint64 id : {21U, 22U}) {
            chat.endReply(ReplyId{id}, end(engine::FinishReason::Stop));
            m_notifier->ended(ReplyId{id}, end(engine::FinishReason::Stop));
        }
        QCOMPARE(m_sent.size(), 2);
        QCOMPARE(m_sent.last().conversation, chat.id());
    }

    void aShortReplyIsNot()
    {
        ask(ReplyId{2});
        m_notifier->seen(ReplyId{2});
        m_now += LongReplyNotifier::kLong;
        m_notifier->ended(ReplyId{2}, end(engine::FinishReason::Stop));
        QVERIFY(m_sent.isEmpty());
    }

    void nobodyIsToldWhatTheySeeDidThemselvesOrDoNotWant()
    {
        const auto longReply = [this](quint64 id, engine::FinishReason reason) {
            ask(ReplyId{id});
            m_notifier->seen(ReplyId{id});
            m_now += 60;
            m_notifier->ended(ReplyId{id}, end(reason));
        };
        m_watched = true;
        longReply(3, engine::FinishReason::Stop);
        m_watched = false;
        longReply(4, engine::FinishReason::Cancelled);
        m_wanted = false;
        longReply(5, engine::FinishReason::Stop);
        QVERIFY(m_sent.isEmpty());
        m_wanted = true;
        longReply(6, engine::FinishReason::Length);
        QCOMPARE(m_sent.size(), 1);
    }

    void aFailureSaysWhy()
    {
        ask(ReplyId{7});
        m_notifier->seen(ReplyId{7});
        m_now += 30;
        m_notifier->ended(ReplyId{7}, end(engine::FinishReason::Error, QStringLiteral("No memory is left.")));
        QCOMPARE(m_sent.size(), 1);
        QVERIFY(m_sent.first().text.contains(QStringLiteral("failed")));
        QVERIFY(m_sent.first().text.contains(QStringLiteral("No memory is left.")));
    }

    void aReplyOfADeletedChatIsForgotten()
    {
        const ConversationId id = ask(ReplyId{8}).id();
        m_notifier->seen(ReplyId{8});
        m_store.remove(id);
        m_now += 30;
        m_notifier->ended(ReplyId{8}, end(engine::FinishReason::Stop));
        m_notifier->ended(ReplyId{99}, end(engine::FinishReason::Stop)); // never seen
        QVERIFY(m_sent.isEmpty());
    }

    void withoutADesktopNothingHappens()
    {
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
        qunsetenv("XDG_RUNTIME_DIR");
        DesktopNotes notes;
        QVERIFY(!notes.hasTray());
        QSignalSpy clicked(&notes, &DesktopNotes::noteClicked);
        notes.show(1, QStringLiteral("title"), QStringLiteral("text"));
        QCOMPARE(clicked.count(), 0);
    }

    void theDesktopShowsTheNoteAndAClickComesBack()
    {
        const QString program = QStandardPaths::findExecutable(QStringLiteral("dbus-daemon"));
        if (program.isEmpty())
            QSKIP("dbus-daemon is not installed");
        m_bus.start(program, {"--session", "--nofork", "--print-address"});
        QVERIFY(m_bus.waitForReadyRead());
        const QByteArray address = m_bus.readLine().trimmed();
        qputenv("DBUS_SESSION_BUS_ADDRESS", address);

        Desktop desktop;
        QDBusConnection bus = QDBusConnection::connectToBus(QString::fromLatin1(address), "desktop");
        QVERIFY(bus.registerObject("/org/freedesktop/Notifications", &desktop,
                                   QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals));
        QVERIFY(bus.registerService("org.freedesktop.Notifications"));

        DesktopNotes notes;
        QSignalSpy clicked(&notes, &DesktopNotes::noteClicked);
        notes.show(7, QStringLiteral("My chat"), QStringLiteral("Done <b>now</b>"));
        QTRY_COMPARE(desktop.notes.size(), 1);
        QCOMPARE(desktop.notes.first().title, QStringLiteral("My chat"));
        QVERIFY(desktop.notes.first().body.contains(QStringLiteral("&lt;b&gt;"))); // never markup
        QVERIFY(desktop.notes.first().actions.contains(QStringLiteral("default")));

        emit desktop.ActionInvoked(999, QStringLiteral("default")); // somebody else's
        QTRY_VERIFY([&] {
            emit desktop.ActionInvoked(41, QStringLiteral("default"));
            return QTest::qWaitFor([&] { return clicked.count() > 0; }, 100);
        }());
        for (const QList<QVariant>& arguments : clicked)
            QCOMPARE(arguments.first().toULongLong(), 7ULL);
        notes.show(7, QStringLiteral("My chat"), QStringLiteral("again"));
        QTRY_COMPARE(desktop.notes.size(), 2);
        QCOMPARE(desktop.notes.last().replaces, 41u);
    }

    void theDesktopsWishesAreFollowed()
    {
        if (m_bus.state() != QProcess::Running)
            QSKIP("dbus-daemon is not installed");
        QDBusConnection bus("desktop");
        Portal portal;
        QVERIFY(bus.registerObject("/org/freedesktop/portal/desktop", &portal,
                                   QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals));
        QVERIFY(bus.registerService("org.freedesktop.portal.Desktop"));
        SystemAppearance appearance;
        QTRY_VERIFY(appearance.isDark());
        QTRY_VERIFY(appearance.reducesMotion());
        const QString group = QStringLiteral("org.freedesktop.appearance");
        emit portal.SettingChanged(group, QStringLiteral("color-scheme"), QDBusVariant(2u));
        QTRY_VERIFY(!appearance.isDark());
        QSignalSpy motion(&appearance, &SystemAppearance::motionChanged);
        emit portal.SettingChanged(group, QStringLiteral("reduced-motion"), QDBusVariant(0u));
        QTRY_COMPARE(motion.count(), 1);
        QVERIFY(!appearance.reducesMotion());
        emit portal.SettingChanged(QStringLiteral("org.gnome.desktop.interface"),
                                   QStringLiteral("enable-animations"), QDBusVariant(false));
        QTRY_VERIFY(appearance.reducesMotion());
    }

    void cleanupTestCase()
    {
        QDBusConnection::disconnectFromBus("desktop");
        m_bus.kill();
        m_bus.waitForFinished();
    }
};

QTEST_MAIN(DesktopTest)
#include "desktop_test.moc"
