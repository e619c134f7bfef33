// SPDX-License-Identifier: GPL-3.0-or-later
// What a model file says about itself, as values for the window. Read from the file alone: the model need not
// be loaded, nor be of a family that can be.
#pragma once

#include <optional>

#include <QList>
#include <QMetaType>
#include <QString>

#include "engine/base/result.h"

namespace vitrine::ui {

/// Every text is safe to show: what cannot be shown is escaped.
struct MetadataDetail
{
    QString key;
    QString type;  ///< "string[49152]"
    QString value; ///< in one line, cut
    QString whole; ///< with its lines, up to limits far beyond what people read
};

struct TensorDetail
{
    QString name;
    QString type;  ///< "Q4_K"
    QString shape; ///< "49152 × 576", outermost first
    quint64 values = 0;
    quint64 bytes = 0;
};

struct ModelDetails
{
    QString path, name;
    QString architecture, quantisation; ///< empty where the file does not say
    std::optional<quint64> contextLength;
    quint64 parameters = 0, activeParameters = 0;
    quint64 experts = 0, expertsPerToken = 0; ///< 0: no mixture
    quint64 fileBytes = 0;
    quint32 version = 0;            ///< of the file format
    QList<MetadataDetail> metadata; ///< in file order
    QList<TensorDetail> tensors;    ///< in file order
};

/// Any thread but the window's: the file may lie on a slow disk.
engine::Result<ModelDetails> readModelDetails(const QString& path);

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::ModelDetails)
