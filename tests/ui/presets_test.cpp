// SPDX-License-Identifier: GPL-3.0-or-later
// Sampling settings and presets as values and in files.
#include <limits>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "ui/chat/conversation_settings.h"
#include "ui/chat/preset_store.h"

using namespace vitrine;
using namespace vitrine::ui;

class PresetsTest : public QObject
{
    Q_OBJECT

private:
    static Preset poet()
    {
        Preset preset{"Poet", samplingOf(SamplingPreset::Creative).with(SamplingField::Temperature, 1.3),
                      QString("You rhyme.")};
        preset.sampling.seed = 0xFFFFFFFFFFFFFFFFULL;
        return preset;
    }

    static QByteArray read(const QString& path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    static void write(const QString& path, const QByteArray& bytes)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }

private slots:
    void theEngineTakesEveryPresetAndEveryEndOfEveryRange()
    {
        for (const SamplingPreset preset : kSamplingPresets)
            QVERIFY(engine::validate(samplingOf(preset).params()));
        for (std::size_t i = 0; i < kSamplingFields; ++i) {
            for (const double wild : {-1e30, 0.0, 1e30, std::numeric_limits<double>::quiet_NaN()}) {
                const SamplingSettings settings = SamplingSettings().with(SamplingField(i), wild);
                QVERIFY2(engine::validate(settings.params()), rangeOf(SamplingField(i)).key);
                QVERIFY(settings.maxTokens() >= 1);
            }
        }
    }

    void aPresetIsRecognisedByItsValues()
    {
        for (const SamplingPreset preset : kSamplingPresets)
            QCOMPARE(nameOf(samplingOf(preset), "any", {}), presetName(preset));
        const SamplingSettings changed = samplingOf(SamplingPreset::Precise).with(SamplingField::TopK, 40);
        QCOMPARE(nameOf(changed, {}, {}), QString());
        QCOMPARE(nameOf(poet().sampling, "You rhyme.", {poet()}), QString("Poet"));
        QCOMPARE(nameOf(poet().sampling, "You do not.", {poet()}), QString());
    }

    void settingsComeBackFromJson()
    {
        ConversationSettings settings;
        settings.systemPrompt = QString::fromUtf8("简短回答。\n\"Briefly\"");
        settings.sampling = poet().sampling;
        settings.whenFull = WhenFull::LeaveOutOldest;
        QCOMPARE(settingsFromJson(settingsToJson(settings)), settings);
        QCOMPARE(settingsFromJson(settingsToJson({})), ConversationSettings());
    }

    void settingsOfEarlierVersionsAreUnderstood()
    {
        QCOMPARE(settingsFromJson(R"({"preset":"precise","system":"x"})").sampling,
                 samplingOf(SamplingPreset::Precise));
    }

    void whatIsWrongInJsonIsBroughtIntoRangeOrLeftOut()
    {
        const auto settings = settingsFromJson(
            R"({"sampling":{"temperature":1e9,"top_p":-3,"top_k":"many","min_p":null,"seed":-5},"when_full":7})");
        QVERIFY(engine::validate(settings.sampling.params()));
        QCOMPARE(settings.sampling[SamplingField::Temperature], 100.0);
        QCOMPARE(settings.sampling[SamplingField::TopK], 0.0);
        QVERIFY(!settings.sampling.seed.has_value());
        QCOMPARE(settings.whenFull, WhenFull::Stop);
        QCOMPARE(settingsFromJson("[1, 2"), ConversationSettings());
    }

    void ownPresetsAreKept()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath("data/presets.json"); // the folder is made
        PresetStore store;
        QCOMPARE(store.open(path), QString());
        QCOMPARE(store.save(poet()), QString());
        QCOMPARE(store.rename("poet", "Bard"), QString());
        PresetStore again;
        QCOMPARE(again.open(path), QString());
        QCOMPARE(again.own().size(), 1);
        Preset expected = poet();
        expected.name = "Bard";
        QCOMPARE(again.own().front(), expected);
        QCOMPARE(again.remove("Bard"), QString());
        PresetStore empty;
        QCOMPARE(empty.open(path), QString());
        QVERIFY(empty.own().isEmpty());
    }

    void savingUnderAKnownNameReplaces()
    {
        PresetStore store;
        QCOMPARE(store.save(poet()), QString());
        Preset calmer = poet();
        calmer.name = "POET";
        calmer.sampling.set(SamplingField::Temperature, 0.9);
        QCOMPARE(store.save(calmer), QString());
        QCOMPARE(store.own().size(), 1);
        QCOMPARE(store.own().front().sampling[SamplingField::Temperature], 0.9);
    }

    void namesThatCannotBeAreRefusedWithAReason()
    {
        PresetStore store;
        for (const QString& name : {QString(), QString("  "), presetName(SamplingPreset::Balanced),
                                    QString("BALANCED"), QString(100, 'x')}) {
            Preset preset = poet();
            preset.name = name;
            QVERIFY(!store.save(preset).isEmpty());
        }
        QVERIFY(store.own().isEmpty());
        store.save(poet());
        Preset other = poet();
        other.name = "Other";
        store.save(other);
        QVERIFY(!store.rename("Other", "poet").isEmpty());
        QCOMPARE(store.own().back().name, QString("Other"));
    }

    void aDamagedFileIsSetAsideAndToldOf()
    {
        for (const QByteArray& bytes : {QByteArray(), QByteArray("{\"vitrine_presets\":1,"),
                                        QByteArray(1000, '\0'), QByteArray("[]"), QByteArray(2 << 20, ' ')}) {
            QTemporaryDir dir;
            const QString path = dir.filePath("presets.json");
            write(path, bytes);
            PresetStore store;
            const QString told = store.open(path);
            QVERIFY2(told.contains("presets.json.damaged-1"), qPrintable(told));
            QCOMPARE(read(dir.filePath("presets.json.damaged-1")), bytes);
            QCOMPARE(store.save(poet()), QString());
            QVERIFY(!read(path).isEmpty());
        }
    }

    void aFileOfALaterVersionIsLeftAsItIs()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath("presets.json");
        const QByteArray later = "{\"vitrine_presets\":99,\"presets\":[]}";
        write(path, later);
        PresetStore store;
        QVERIFY(store.open(path).contains("later version"));
        store.save(poet());
        QCOMPARE(read(path), later);
    }

    void presetsGoFromOnePersonToAnother()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath("mine.json");
        PresetStore mine, yours;
        mine.save(poet());
        QCOMPARE(mine.exportTo(path), QString());
        Preset same = poet();
        same.sampling.set(SamplingField::TopK, 3);
        yours.save(same); // another one of that name
        int added = 0;
        QSignalSpy changed(&yours, &PresetStore::changed);
        QCOMPARE(yours.importFrom(path, added), QString());
        QCOMPARE(added, 1);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(yours.own().back().name, QString("Poet 2"));
        QCOMPARE(yours.own().back().sampling, poet().sampling);
        PresetStore third;
        third.importFrom(path, added);
        QCOMPARE(third.importFrom(path, added), QString());
        QCOMPARE(added, 0); // known already
    }

    void whatIsNoFileOfPresetsIsRefusedByName()
    {
        QTemporaryDir dir;
        const QString path = dir.filePath("other.json");
        write(path, "{\"a\":1}");
        PresetStore store;
        int added = 0;
        QVERIFY(store.importFrom(path, added).contains("other.json"));
        QVERIFY(store.importFrom(dir.filePath("missing.json"), added).contains("missing.json"));
        QVERIFY(store.exportTo("/nowhere/x.json").contains("x.json"));
        QVERIFY(store.own().isEmpty());
    }
};

QTEST_GUILESS_MAIN(PresetsTest)
#include "presets_test.moc"
