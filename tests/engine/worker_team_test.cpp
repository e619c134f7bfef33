// SPDX-License-Identifier: GPL-3.0-or-later
// What the watching thread makes of workers that live: this program is the worker itself, and does what its
// arguments say.
#include <QtTest>

#include <thread>

#include "engine/parallel/worker_seat.h"
#include "engine/parallel/worker_team.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;

namespace {

/// As a worker: signs of life, and layers as `conduct` says, until the end of the process that started it.
int work(const QStringList& words)
{
    const auto descriptor = [&](const char* flag) { return words.at(words.indexOf(flag) + 1).toInt(); };
    const auto control = RankGroup::join(descriptor("--control-fd"));
    if (!control)
        return 2;
    const QString conduct = words.at(words.indexOf("--conduct") + 1);
    WorkProgress progress((*control)->line(TeamMember::kWorker).work, *control);
    if (conduct != "waits")
        progress.begin();
    liveWithParent(descriptor("--life-fd"), *control);
    while (true) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        if (conduct == "computes")
            progress.next();
    }
}

Result<std::shared_ptr<WorkerTeam>> teamOf(const char* conduct, const StagePlan& plan,
                                           std::uint32_t patienceMs)
{
    return WorkerTeam::start(QCoreApplication::applicationFilePath().toStdString(), {"--conduct", conduct},
                             plan, {}, patienceMs);
}

/// Until it is broken, or so long.
bool breaksWithin(const WorkerTeam& team, int milliseconds)
{
    return QTest::qWaitFor([&] { return team.isBroken(); }, milliseconds);
}

} // namespace

class WorkerTeamTest : public QObject
{
    Q_OBJECT

private slots:
    void aStageThatStandsStillInALayerHasFailed()
    {
        const auto team = teamOf("stands", {3, 1}, 300);
        QVERIFY(team);
        QVERIFY(breaksWithin(**team, 60'000));
        const QString reason = QString::fromStdString((*team)->reason());
        QVERIFY2(reason.startsWith("the process of stage ") &&
                     reason.endsWith("of 3 stands still in a layer"),
                 qPrintable(reason));
        QVERIFY(!(*team)->failed().empty());
    }

    void aStageThatComputesOrWaitsHasNot_data()
    {
        QTest::addColumn<QByteArray>("conduct");
        QTest::newRow("computes") << QByteArray("computes");
        QTest::newRow("waits") << QByteArray("waits");
    }
    void aStageThatComputesOrWaitsHasNot()
    {
        QFETCH(QByteArray, conduct);
        const auto team = teamOf(conduct, {2, 1}, vitrine::tests::kSanitized ? 20'000 : 1'000);
        QVERIFY(team);
        QVERIFY(!breaksWithin(**team, 1'800));
    }

    /// Sums tell who is late there, and one that waits in a sum is in a layer.
    void ranksMayWaitWithinALayer()
    {
        const auto team = teamOf("stands", {1, 2}, 100);
        QVERIFY(team);
        QVERIFY(!breaksWithin(**team, 800));
    }

    void layersMayTakeWhatTheyTookBefore()
    {
        const auto team = teamOf("stands", {2, 1}, 1'000);
        QVERIFY(team);
        const std::shared_ptr<WorkProgress> own = (*team)->ownProgress();
        own->begin();
        std::this_thread::sleep_for(std::chrono::milliseconds(400));
        own->next(); // eight times that, and a second: longer than this looks
        QVERIFY(!breaksWithin(**team, 2'000));
        QVERIFY(breaksWithin(**team, 60'000));
    }
};

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    if (argc > 1 && QByteArray(argv[1]) == "worker")
        return work(QCoreApplication::arguments());
    WorkerTeamTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "worker_team_test.moc"
