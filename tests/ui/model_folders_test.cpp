// SPDX-License-Identifier: GPL-3.0-or-later
// Folders with config.json and safetensors in the window: found, named, described, and taken when they are
// dropped.
#include <QDir>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>

#include "tests/engine/support/tiny_folder.h"
#include "ui/bridge/model_name.h"
#include "ui/models/model_scanner.h"
#include "ui/shell/drop_overlay.h"

using namespace vitrine;
using namespace vitrine::ui;
using engine::test::TinyFolder;

namespace {

constexpr int kPatience = 120'000;

QString pathOf(const TinyFolder& folder)
{
    return QString::fromStdString(folder.path());
}

QList<ModelEntry> found(const QString& place)
{
    ModelScanner scanner;
    QList<ModelEntry> entries;
    QObject::connect(&scanner, &ModelScanner::found, [&](const ModelEntry& entry) { entries << entry; });
    QSignalSpy finished(&scanner, &ModelScanner::finished);
    scanner.scan({}, {ModelPlace{place}}, {});
    return finished.wait(kPatience) ? entries : QList<ModelEntry>();
}

} // namespace

class ModelFoldersTest : public QObject
{
    Q_OBJECT

private slots:
    void isFoundAsOneModel()
    {
        const TinyFolder folder("qwen2");
        const QList<ModelEntry> entries = found(pathOf(folder));
        QCOMPARE(entries.size(), 1);
        const ModelEntry& entry = entries.first();
        QCOMPARE(entry.path, pathOf(folder));
        QCOMPARE(entry.name, QFileInfo(pathOf(folder)).fileName());
        QCOMPARE(entry.architecture, QStringLiteral("qwen2"));
        QCOMPARE(entry.quantisation, QStringLiteral("BF16"));
        QCOMPARE(entry.fileBytes, quint64(folder.read("model.safetensors").size()));
        QVERIFY(entry.readable && entry.plan && entry.hasTemplate && !entry.identity.isEmpty());
        QVERIFY2(entry.problem.isEmpty(), qPrintable(entry.wholeProblem));
    }

    void tellsWhatIsWrong()
    {
        const TinyFolder cut("qwen2"), other("qwen2");
        cut.write("model.safetensors", cut.read("model.safetensors").substr(0, 9000));
        const auto damaged = readModelEntry(pathOf(cut), {});
        QVERIFY(damaged && !damaged->readable && !damaged->problem.isEmpty());
        QVERIFY2(damaged->wholeProblem.contains("download it again"), qPrintable(damaged->wholeProblem));
        other.changeConfig([](TinyFolder::Json& config) { config["model_type"] = "bert"; });
        const auto unknown = readModelEntry(pathOf(other), {});
        QVERIFY(unknown && unknown->readable);
        QCOMPARE(unknown->problem, QStringLiteral("architecture bert"));
    }

    void isTakenFromADrop()
    {
        const TinyFolder folder("qwen2");
        const QString path = pathOf(folder), weights = path + QStringLiteral("/model.safetensors");
        QMimeData data;
        for (const QString& dropped : {path, weights}) {
            data.setUrls({QUrl::fromLocalFile(dropped)});
            QCOMPARE(DropOverlay::filesIn(&data, DropOverlay::Takes::Model), QStringList{dropped});
            QCOMPARE(firstFileOf(dropped), path);
        }
        folder.remove("config.json");
        QVERIFY(!isModelFolder(path) && !looksLikeModel(path));
    }

    void isCalledByItsName_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("folder") << "/m/Qwen2.5-0.5B";
        QTest::newRow("cached") << "/c/models--Qwen--Qwen2.5-0.5B/snapshots/060db6499f32faf8b98477b0a26969ef";
    }
    void isCalledByItsName()
    {
        QFETCH(QString, path);
        engine::ModelSummary model;
        model.path = path.toStdString();
        QCOMPARE(QString::fromStdString(displayName(model)), QStringLiteral("Qwen2.5-0.5B"));
    }
};

QTEST_MAIN(ModelFoldersTest)
#include "model_folders_test.moc"
