// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/load_report.h"
#include "ui/theme/size_text.h"

#include <QLocale>
#include <QStringList>

namespace vitrine::ui {

QString LoadReport::of(const engine::ModelSummary& model)
{
    QStringList sentences{
        tr("Loaded: the weights take %1 of memory.").arg(sizeText(model.executor.weightBytes))};
    for (const engine::WeightConversion& conversion : model.executor.conversions)
        sentences.append(sentence(conversion));
    return sentences.join(QLatin1Char(' '));
}

QString LoadReport::sentence(const engine::WeightConversion& conversion)
{
    const QString type = QString::fromStdString(conversion.type);
    const QString tensors = QLocale().toString(conversion.tensors);
    if (conversion.form == engine::WeightConversion::Form::Floats)
        return tr("Tensors of type %1 (%2) are computed slowly, in 32 bits: their columns fit no block.")
            .arg(type, tensors);
    if (conversion.form == engine::WeightConversion::Form::HalfFloats)
        return tr("Tensors of type %1 (%2) are computed in 16 bits (%3 instead of %4).")
            .arg(type, tensors, sizeText(conversion.bytes), sizeText(conversion.fileBytes));
    return tr("Tensors of type %1 (%2) are computed with 8-bit levels (%3 instead of %4).")
        .arg(type, tensors, sizeText(conversion.bytes), sizeText(conversion.fileBytes));
}

} // namespace vitrine::ui
