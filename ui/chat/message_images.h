// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of messages: files of this computer and data: addresses, decoded on a thread of the pool and kept
// while there is room. Nothing is ever fetched from a network. What text of a model names is not trusted:
// only ordinary files of known formats are opened, and sizes are checked before anything is decoded. Thread:
// UI; no call waits.
#pragma once

#include <deque>

#include <QHash>
#include <QImage>
#include <QObject>
#include <QString>

class QPainter;
class QRectF;

namespace vitrine::ui {

class MessageImages : public QObject
{
    Q_OBJECT

public:
    enum class State { Loading, Ready, Failed, Remote };
    struct Picture
    {
        State state = State::Loading;
        QString key;  ///< for paint()
        QString note; ///< why there is no picture
        QSizeF size;  ///< in logical pixels, of a picture that is Ready
    };

    explicit MessageImages(QObject* parent = nullptr) : QObject(parent) {}

    /// Begins to load what is not known yet.
    Picture find(const QString& target);
    void paint(QPainter& painter, const QRectF& rect, const QString& key) const;

    static QString loadingNote();
    static QString remoteNote();

signals:
    /// A picture is there, or cannot be.
    void changed();

private:
    struct Entry
    {
        Picture picture;
        QImage image;
    };

    void load(const QString& target, const QString& key);
    void take(const QString& key, const QImage& image, const QString& error);
    void forgetOldest();

    QHash<QString, Entry> m_entries;
    std::deque<QString> m_order; // of those that hold an image, oldest first
    qsizetype m_bytes = 0;
};

/// What decoding gave: an image, or why not.
struct DecodedImage
{
    QImage image;
    QString error;
};

/// Decodes a file (a path or a file: address) or a data: address. Any thread.
DecodedImage decodeImage(const QString& target);

} // namespace vitrine::ui
