// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/message_images.h"

#include <QBuffer>
#include <QDir>
#include <QFileInfo>
#include <QFutureWatcher>
#include <QImageReader>
#include <QPainter>
#include <QPainterPath>
#include <QPromise>
#include <QThreadPool>
#include <QUrl>

#include "ui/theme/tokens.h"

namespace vitrine::ui {

namespace {

constexpr qint64 kMaxPixels = 32'000'000;
constexpr qint64 kMaxFileBytes = 64 << 20;
constexpr qsizetype kMaxAddress = 24 << 20; // characters of a data: address
constexpr QSize kKept{1520, 1200};          // pixels: the most that is shown, at two pixels a point
constexpr int kAllocationMebibytes = 192;
constexpr qsizetype kKeptBytes = 96 << 20; // of all pictures together

bool isData(const QString& target)
{
    return target.startsWith(QLatin1String("data:"), Qt::CaseInsensitive);
}

/// The file that `target` names, or nothing. A path of another computer is none.
QString localPath(const QString& target)
{
    QString path = target;
    if (target.startsWith(QLatin1String("file:"), Qt::CaseInsensitive)) {
        const QUrl url(target);
        if (!url.host().isEmpty())
            return {};
        path = url.toLocalFile();
    }
    const bool elsewhere = path.startsWith(QLatin1String("//")) || path.startsWith(QLatin1String("\\\\"));
    return !elsewhere && QDir::isAbsolutePath(path) ? path : QString();
}

/// Long addresses are not kept twice.
QString keyOf(const QString& target)
{
    constexpr qsizetype kShort = 512;
    if (target.size() <= kShort)
        return target;
    return QStringLiteral("%1 %2 %3").arg(target.size()).arg(qHash(target, 1)).arg(qHash(target, 2));
}

DecodedImage failed(const QString& why)
{
    return {{}, why};
}

DecodedImage decode(QIODevice& device)
{
    static const QList<QByteArray> kFormats{"png", "jpeg", "jpg", "gif", "webp", "bmp"};
    QImageReader reader(&device);
    reader.setDecideFormatFromContent(true);
    reader.setAutoTransform(true);
    reader.setAllocationLimit(kAllocationMebibytes);
    if (!kFormats.contains(reader.format()))
        return failed(MessageImages::tr("Not shown: not a PNG, JPEG, GIF, WebP or BMP picture"));
    const QSize size = reader.size();
    if (!size.isValid() || size.isEmpty())
        return failed(MessageImages::tr("Not shown: the picture is damaged"));
    if (qint64(size.width()) * size.height() > kMaxPixels)
        return failed(
            MessageImages::tr("Not shown: %1 × %2 pixels are too many").arg(size.width()).arg(size.height()));
    if (size.width() > kKept.width() || size.height() > kKept.height())
        reader.setScaledSize(size.scaled(kKept, Qt::KeepAspectRatio).expandedTo({1, 1}));
    QImage image = reader.read();
    if (image.isNull())
        return failed(MessageImages::tr("Not shown: the picture is damaged"));
    return {std::move(image).convertToFormat(QImage::Format_ARGB32_Premultiplied), {}};
}

DecodedImage decodeData(const QString& target)
{
    const qsizetype comma = target.indexOf(',');
    const QStringView head = QStringView(target).left(comma);
    if (comma < 0 || target.size() > kMaxAddress)
        return failed(comma < 0 ? MessageImages::tr("Not shown: the picture is damaged")
                                : MessageImages::tr("Not shown: the picture is too large"));
    QByteArray bytes = QStringView(target).mid(comma + 1).toLatin1();
    bytes = head.endsWith(QLatin1String(";base64"), Qt::CaseInsensitive)
                ? QByteArray::fromBase64(bytes)
                : QByteArray::fromPercentEncoding(bytes);
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    return decode(buffer);
}

} // namespace

DecodedImage decodeImage(const QString& target)
{
    if (isData(target))
        return decodeData(target);
    const QString path = localPath(target);
    const QFileInfo info(path);
    if (path.isEmpty() || !info.isFile()) // a device or a pipe could be read for ever
        return failed(MessageImages::tr("Not shown: there is no such file"));
    if (info.size() > kMaxFileBytes)
        return failed(MessageImages::tr("Not shown: the picture is too large"));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failed(MessageImages::tr("Not shown: the file cannot be read"));
    return decode(file);
}

QString MessageImages::loadingNote()
{
    return tr("Loading the picture…");
}

QString MessageImages::remoteNote()
{
    return tr("Picture on the internet, not fetched");
}

MessageImages::Picture MessageImages::find(const QString& target)
{
    const QString key = keyOf(target);
    const auto known = m_entries.constFind(key);
    if (known != m_entries.constEnd())
        return known->picture;
    Entry entry;
    entry.picture.key = key;
    entry.picture.note = loadingNote();
    const bool local = isData(target) || !localPath(target).isEmpty();
    if (!local) {
        const bool remote = target.contains(QLatin1String("://"));
        entry.picture.state = remote ? State::Remote : State::Failed;
        entry.picture.note = remote ? remoteNote() : tr("Not shown: there is no such file");
    }
    m_entries.insert(key, entry);
    if (local)
        load(target, key);
    return entry.picture;
}

void MessageImages::load(const QString& target, const QString& key)
{
    const auto promise = std::make_shared<QPromise<DecodedImage>>();
    auto* watcher = new QFutureWatcher<DecodedImage>(this);
    connect(watcher, &QFutureWatcher<DecodedImage>::finished, this, [this, watcher, key] {
        watcher->deleteLater();
        if (watcher->future().resultCount() > 0)
            take(key, watcher->result().image, watcher->result().error);
    });
    promise->start();
    watcher->setFuture(promise->future());
    QThreadPool::globalInstance()->start([promise, target] {
        promise->addResult(decodeImage(target));
        promise->finish();
    });
}

void MessageImages::take(const QString& key, const QImage& image, const QString& error)
{
    Entry& entry = m_entries[key];
    entry.image = image;
    entry.picture.state = image.isNull() ? State::Failed : State::Ready;
    entry.picture.note = error;
    entry.picture.size = image.size();
    if (!image.isNull()) {
        m_bytes += image.sizeInBytes();
        m_order.push_back(key);
        forgetOldest();
    }
    emit changed();
}

void MessageImages::forgetOldest()
{
    while (m_bytes > kKeptBytes && m_order.size() > 1) {
        m_bytes -= m_entries[m_order.front()].image.sizeInBytes();
        m_entries.remove(m_order.front()); // loaded again when it comes into sight
        m_order.pop_front();
    }
}

void MessageImages::paint(QPainter& painter, const QRectF& rect, const QString& key) const
{
    const auto entry = m_entries.constFind(key);
    if (entry == m_entries.constEnd() || entry->image.isNull())
        return;
    QPainterPath rounded;
    rounded.addRoundedRect(rect, kRadiusChip, kRadiusChip);
    painter.save();
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.setClipPath(rounded, Qt::IntersectClip);
    painter.drawImage(rect, entry->image);
    painter.restore();
}

} // namespace vitrine::ui
