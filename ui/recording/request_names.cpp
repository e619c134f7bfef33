// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recording/request_names.h"

namespace vitrine::ui {

RequestName RequestNames::of(engine::RequestId request, const engine::Session& session)
{
    const engine::TraceLabel label = session.labelOf(request);
    RequestName name;
    name.request = request;
    name.conversation = label.conversation;
    name.message = label.message;
    name.title = label.title.empty() ? tr("Request %1").arg(request.value)
                                     : QString::fromUtf8(label.title.data(), qsizetype(label.title.size()));
    if (label.conversation == 0) {
        name.hue = std::size_t(request.value);
        return name;
    }
    const auto known = m_hues.constFind(label.conversation);
    name.hue = known != m_hues.cend() ? *known : *m_hues.insert(label.conversation, m_next++);
    return name;
}

} // namespace vitrine::ui
