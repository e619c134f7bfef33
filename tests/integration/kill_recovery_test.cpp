// SPDX-License-Identifier: GPL-3.0-or-later
// Kills the window with SIGKILL while replies stream, over and over, and looks at what is left: every
// conversation of every start is there, and no reply lost more than the last second of what was on screen.
//
// The killed program is this one with --window: the real window, engine and model. It says on its standard
// output what it shows, with the time. VITRINE_KILL_CYCLES=1000 makes the long run; the normal one is short.
#include <csignal>
#include <cstdio>
#include <time.h>

#include <QApplication>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include "engine/model/default_model.h"
#include "ui/chat/chat_page.h"
#include "ui/shell/main_window.h"
#include "ui/store/chat_database.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

constexpr int kPatience = 300'000; // ms
constexpr qint64 kMayLose = 1000;  // ms of text
constexpr int kCyclesWithoutAsking = 8;

/// The same clock in both processes.
qint64 milliseconds()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return qint64(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

void say(const QJsonArray& line)
{
    const QByteArray bytes = QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n';
    std::fwrite(bytes.data(), 1, std::size_t(bytes.size()), stdout);
    std::fflush(stdout);
}

/// Writes down every piece of text that reaches the screen.
void report(ConversationStore& store)
{
    QObject::connect(&store, &ConversationStore::added, &store, [&store](ConversationId id) {
        const Conversation* conversation = store.find(id);
        QObject::connect(conversation, &Conversation::textAppended, &store,
                         [conversation](int index, const QString& delta) {
                             const Message& message = conversation->messages()[std::size_t(index)];
                             say({milliseconds(), conversation->id().value, message.id.value, delta});
                         });
    });
}

int runWindow(int argc, char** argv)
{
    QApplication application(argc, argv);
    QRandomGenerator random(QString::fromLocal8Bit(argv[3]).toUInt());
    const QString folder = QString::fromLocal8Bit(argv[2]);
    Preferences preferences(folder + "/settings.ini");
    Theme theme;
    theme.applyTo(application);
    Language language;
    EngineBridge bridge;
    MainWindow window(bridge, theme, language, preferences, folder + "/chats.db");
    report(window.session().store());
    window.show();
    window.openModel(QString::fromStdString(engine::findDefaultModel().value()));
    const auto ask = [&] {
        Conversation& conversation = window.session().store().create();
        window.chatPage().openConversation(conversation.id());
        window.session().send(conversation.id(),
                              QString("Tell me a long story about the number %1.").arg(random.generate()));
    };
    QTimer again; // replies that end are followed by others: something streams at any moment
    QObject::connect(&again, &QTimer::timeout, [&] {
        int generating = 0;
        for (const Conversation* each : window.session().store().byRecency())
            generating += each->isGenerating() ? 1 : 0;
        if (generating < 2 && bridge.model())
            ask();
    });
    again.start(20);
    return QApplication::exec();
}

struct Shown
{
    qint64 time = 0;
    QString text; ///< up to that time
};

} // namespace

class KillRecoveryTest : public QObject
{
    Q_OBJECT

private:
    void runAndKill(quint32 seed, int after);
    void check();

    QTemporaryDir m_folder;
    QHash<qint64, QList<Shown>> m_shown; // of this cycle, by message
    QHash<qint64, qint64> m_homes;       // message → conversation, of all cycles
    QHash<qint64, QString> m_kept;       // what the file held after the cycle that wrote it
    qint64 m_killed = 0;
    qint64 m_worstLoss = 0; // ms

private slots:
    void nothingIsLostButTheLastSecond();
};

/// Starts the window, lets it stream for `after` ms and kills it.
void KillRecoveryTest::runAndKill(quint32 seed, int after)
{
    m_shown.clear();
    QProcess window;
    window.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    window.start(QCoreApplication::applicationFilePath(),
                 {"--window", m_folder.path(), QString::number(seed)});
    QVERIFY(window.waitForStarted());
    QVERIFY2(window.waitForReadyRead(kPatience), "nothing was streamed");
    QTest::qSleep(after);
    m_killed = milliseconds();
    kill(pid_t(window.processId()), SIGKILL);
    QVERIFY(window.waitForFinished(kPatience));
    for (const QByteArray& line : window.readAllStandardOutput().split('\n')) {
        const QJsonArray said = QJsonDocument::fromJson(line).array();
        if (said.size() != 4)
            continue; // cut short
        const qint64 message = said[2].toInteger();
        m_homes[message] = said[1].toInteger();
        QList<Shown>& all = m_shown[message];
        all.append({said[0].toInteger(), (all.isEmpty() ? QString() : all.last().text) + said[3].toString()});
    }
}

void KillRecoveryTest::check()
{
    ChatDatabase database;
    QString error;
    QCOMPARE(database.open(m_folder.filePath("chats.db"), error), ChatDatabase::Opened::Ready);
    QHash<qint64, MessageRecord> stored;
    ArchiveContents contents;
    QCOMPARE(database.read(contents), QString());
    for (const ConversationRecord& conversation : contents.conversations) {
        QList<MessageRecord> messages;
        QCOMPARE(database.readMessages(conversation.id, messages), QString());
        for (const MessageRecord& message : messages)
            stored.insert(message.id, message);
    }
    for (auto kept = m_kept.cbegin(); kept != m_kept.cend(); ++kept)
        QCOMPARE(stored.value(kept.key()).text,
                 kept.value()); // earlier cycles' conversations are as they were
    for (auto shown = m_shown.cbegin(); shown != m_shown.cend(); ++shown) {
        const MessageRecord message = stored.value(shown.key());
        const QList<Shown>& all = shown.value();
        QVERIFY2(all.last().text.startsWith(message.text), "what is stored was never shown");
        for (const Shown& each : all) {
            if (each.text.size() <= message.text.size())
                continue;
            m_worstLoss = qMax(m_worstLoss, m_killed - each.time);
            break;
        }
        if (message.id != 0) {
            QCOMPARE(message.conversation, m_homes[message.id]);
            QVERIFY(stored.contains(message.parent));
        }
    }
    for (const MessageRecord& message : std::as_const(stored))
        m_kept.insert(message.id, message.text);
}

void KillRecoveryTest::nothingIsLostButTheLastSecond()
{
    if (!engine::findDefaultModel())
        QFAIL("the default model is missing: run ./installer/test");
    const int asked = qEnvironmentVariableIntValue("VITRINE_KILL_CYCLES");
    const int cycles = asked > 0 ? asked : kCyclesWithoutAsking;
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u, %d cycles", seed, cycles);
    QRandomGenerator random(seed);
    QElapsedTimer said;
    said.start();
    for (int cycle = 0; cycle < cycles; ++cycle) {
        runAndKill(random.generate(), random.bounded(1500));
        if (QTest::currentTestFailed())
            return;
        check();
        if (QTest::currentTestFailed())
            return;
        if (said.elapsed() > 60'000) {
            said.start();
            qInfo("cycle %d, %lld messages, %lld ms lost at most", cycle, qint64(m_kept.size()), m_worstLoss);
        }
    }
    qInfo("%lld messages in %d cycles, %lld ms lost at most", qint64(m_kept.size()), cycles, m_worstLoss);
    if (asked > 0) // a busy machine alone must not fail the normal run
        QVERIFY2(m_worstLoss <= kMayLose, qPrintable(QString("%1 ms were lost").arg(m_worstLoss)));
}

int main(int argc, char** argv)
{
    if (argc == 4 && qstrcmp(argv[1], "--window") == 0)
        return runWindow(argc, argv);
    QCoreApplication application(argc, argv);
    KillRecoveryTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "kill_recovery_test.moc"
