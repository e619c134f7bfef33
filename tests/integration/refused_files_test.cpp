// SPDX-License-Identifier: GPL-3.0-or-later
// Ten files that are no models, opened through the file dialog: each is refused with a message, and the chat
// goes on with the model from before.
#include <cstring>

#include <QFile>
#include <QFileDialog>
#include <QLineEdit>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include "tests/integration/support/real_window.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

template<class Number>
QByteArray bytes(Number value)
{
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

QByteArray header(quint32 version, quint64 tensors, quint64 keys)
{
    return "GGUF" + bytes(version) + bytes(tensors) + bytes(keys);
}

QByteArray text(const QByteArray& value)
{
    return bytes(quint64(value.size())) + value;
}

/// One of each way to be broken. `model` is a whole good file.
QList<std::pair<QString, QByteArray>> brokenFiles(const QByteArray& model)
{
    QByteArray random(65536, 0);
    QRandomGenerator generator(7);
    for (char& byte : random)
        byte = char(generator.bounded(256));
    QByteArray swapped = model.left(1 << 20);
    std::swap(swapped[4], swapped[7]); // the version, as a big-endian machine writes it
    QByteArray flipped = model.left(4'000'000);
    std::memset(flipped.data() + 24, 0xFF, 64); // the first key is longer than the file
    return {
        {"empty.gguf", {}},
        {"text.gguf", "This is a letter, not a model.\n"},
        {"random.gguf", random},
        {"magic-only.gguf", "GGUF"},
        {"future.gguf", header(99, 0, 0)},
        {"swapped.gguf", swapped},
        {"countless.gguf", header(3, ~0ULL, ~0ULL)},
        {"long-key.gguf", flipped},
        {"truncated.gguf", model.left(model.size() / 2)},
        {"no-architecture.gguf",
         header(3, 0, 1) + text("general.name") + bytes(quint32(8)) + text("nothing inside")},
    };
}

} // namespace

class RefusedFilesTest : public QObject
{
    Q_OBJECT

private slots:
    void refusesTenBadFilesAndGoesOnChatting();

private:
    void openThroughDialog(RealWindow& real, const QString& path);
};

void RefusedFilesTest::openThroughDialog(RealWindow& real, const QString& path)
{
    real.activate();
    QTest::keyClick(&real.window, Qt::Key_O, Qt::ControlModifier);
    QFileDialog* dialog = nullptr;
    QVERIFY(QTest::qWaitFor([&] { return (dialog = real.window.findChild<QFileDialog*>()) != nullptr; }));
    auto* name = dialog->findChild<QLineEdit*>("fileNameEdit");
    QVERIFY(name != nullptr);
    name->setText(path);
    QTest::keyClick(name, Qt::Key_Return);
    QVERIFY(QTest::qWaitFor([&] { return real.window.findChild<QFileDialog*>() == nullptr; }));
}

void RefusedFilesTest::refusesTenBadFilesAndGoesOnChatting()
{
    RealWindow real;
    QVERIFY(real.openDefaultModel());
    const std::string loaded = real.bridge.model()->path;
    QFile good(QString::fromStdString(loaded));
    QVERIFY(good.open(QIODevice::ReadOnly));
    const auto files = brokenFiles(good.readAll());
    QCOMPARE(files.size(), 10);
    for (const auto& [name, content] : files) {
        const QString path = real.folder.filePath(name);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(content), content.size());
        file.close();
        QSignalSpy failed(&real.bridge, &EngineBridge::loadFailed);
        openThroughDialog(real, path);
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, kPatience);
        QVERIFY2(real.window.banner().state() == LoadBanner::State::Failed, qPrintable(name));
        const QString message = failed.first().at(1).toString();
        QVERIFY2(message.size() > 10, qPrintable(name));
        QVERIFY2(real.window.banner().message().contains(message),
                 qPrintable(real.window.banner().message()));
        QCOMPARE(real.bridge.model()->path, loaded);
    }
    real.window.session().store().find(real.conversation().id())->setPreset(SamplingPreset::Precise);
    real.ask("Please tell me in one short sentence: what is the capital of France?");
    QVERIFY(real.waitForTheEnd());
    QVERIFY2(real.last().text.contains("Paris"), qPrintable(real.last().text));
}

QTEST_MAIN(RefusedFilesTest)
#include "refused_files_test.moc"
