<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>ModelDialog</name>
    <message>
        <source>Open a model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>模型 (*.gguf)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Look in:</source>
        <translation>位置：</translation>
    </message>
    <message>
        <source>File name:</source>
        <translation>文件名：</translation>
    </message>
    <message>
        <source>Files of type:</source>
        <translation>文件类型：</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Look for models in a folder</source>
        <translation>在文件夹中查找模型</translation>
    </message>
</context>
<context>
    <name>SamplingPreset</name>
    <message>
        <source>Precise</source>
        <translation>精确</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>均衡</translation>
    </message>
    <message>
        <source>Creative</source>
        <translation>创意</translation>
    </message>
    <message>
        <source>%1, T %2</source>
        <extracomment>A preset and its temperature, e.g. "Balanced, T 0.7"</extracomment>
        <translation>%1，温度 %2</translation>
    </message>
    <message>
        <source>Facts, code and summaries: the likeliest words</source>
        <translation>事实、代码与摘要：选最可能的词</translation>
    </message>
    <message>
        <source>Everyday questions</source>
        <translation>日常问题</translation>
    </message>
    <message>
        <source>Stories and ideas: rarer words more often</source>
        <translation>故事与点子：更常用到少见的词</translation>
    </message>
</context>
<context>
    <name>StatsLine</name>
    <message>
        <source>No. %1</source>
        <translation>第 %1 位</translation>
    </message>
    <message>
        <source>in queue</source>
        <translation>排队</translation>
    </message>
    <message>
        <source>about %1 s</source>
        <translation>约 %1 秒</translation>
    </message>
    <message>
        <source>Paused, others need the memory</source>
        <extracomment>A reply that was preempted: it goes on by itself when there is memory again</extracomment>
        <translation>已暂停，内存让给其他回复</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>正在读取</translation>
    </message>
    <message>
        <source>of %1 prompt tokens</source>
        <translation>/ %1 个提示词元</translation>
    </message>
    <message>
        <source>Generating</source>
        <translation>正在生成</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Length limit reached</source>
        <translation>已达长度上限</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>token</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>tok/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>to first</source>
        <translation>到首词元</translation>
    </message>
    <message>
        <source>of %1 cached</source>
        <translation>/ %1 来自缓存</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>Chat with local language models and watch the serving engine.</source>
        <translation>与本机语言模型对话，并观察推理引擎。</translation>
    </message>
    <message>
        <source>A GGUF file to start with.</source>
        <translation>启动时打开的 GGUF 文件。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ChartPlot</name>
    <message>
        <source>−60 s</source>
        <translation>−60 秒</translation>
    </message>
    <message>
        <source>−40</source>
        <translation>−40</translation>
    </message>
    <message>
        <source>−20</source>
        <translation>−20</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ChatPane</name>
    <message>
        <source>Open another model (Ctrl+O)</source>
        <translation>打开另一个模型 (Ctrl+O)</translation>
    </message>
    <message>
        <source>Open a second pane</source>
        <translation>打开第二个窗格</translation>
    </message>
    <message>
        <source>Open a second pane (Ctrl+\)</source>
        <translation>打开第二个窗格 (Ctrl+\)</translation>
    </message>
    <message>
        <source>Close this pane</source>
        <translation>关闭此窗格</translation>
    </message>
    <message>
        <source>Close this pane; its reply goes on</source>
        <translation>关闭此窗格（回复会继续生成）</translation>
    </message>
    <message>
        <source>Write a message</source>
        <translation>输入消息</translation>
    </message>
    <message>
        <source>Write a follow-up</source>
        <translation>继续提问</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ChatSession</name>
    <message>
        <source>There is no conversation to send to.</source>
        <translation>没有可以发送到的对话。</translation>
    </message>
    <message>
        <source>A reply is being written. Stop it to send something else.</source>
        <translation>正在生成回复。要发送别的内容，请先停止。</translation>
    </message>
    <message>
        <source>The model is being loaded.</source>
        <translation>正在加载模型。</translation>
    </message>
    <message>
        <source>Open a model first (Ctrl+O).</source>
        <translation>请先打开一个模型 (Ctrl+O)。</translation>
    </message>
    <message>
        <source>Loading was cancelled. Open a model, then send again.</source>
        <translation>加载已取消。请打开模型后再次发送。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::Composer</name>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>How freely replies are worded</source>
        <translation>回复用词的自由程度</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop and keep the text (Esc)</source>
        <translation>停止并保留文字 (Esc)</translation>
    </message>
    <message>
        <source>Write a message first.</source>
        <translation>请先输入消息。</translation>
    </message>
    <message>
        <source>Send (Enter)</source>
        <translation>发送 (Enter)</translation>
    </message>
    <message>
        <source>Esc stops and keeps the text</source>
        <translation>Esc 停止并保留文字</translation>
    </message>
    <message>
        <source>Enter sends, Shift+Enter breaks the line</source>
        <translation>Enter 发送，Shift+Enter 换行</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ContextGauge</name>
    <message>
        <source>%1 of %2 tokens of the model's context are used</source>
        <translation>模型上下文共 %2 个词元，已用 %1 个</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::Conversation</name>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ConversationList</name>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>Previous 7 days</source>
        <translation>过去 7 天</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <extracomment>Month and year as a heading, e.g. "October 2025"</extracomment>
        <translation>%2 年 %1</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>读取中</translation>
    </message>
    <message>
        <source>%1 tok/s</source>
        <translation>%1 词元/秒</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::DetailsTable</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>The file has none.</source>
        <translation>文件中没有此类内容。</translation>
    </message>
    <message>
        <source>Nothing matches.</source>
        <translation>没有匹配项。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::DropOverlay</name>
    <message>
        <source>Drop to open this model</source>
        <translation>松开即可打开此模型</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::EngineWorker</name>
    <message>
        <source>The engine ran out of memory and the model was unloaded. Open it again, or open a smaller one.</source>
        <translation>引擎内存不足，模型已卸载。请重新打开它，或打开更小的模型。</translation>
    </message>
    <message>
        <source>The engine failed (%1) and the model was unloaded. Open the model again.</source>
        <translation>引擎出错（%1），模型已卸载。请重新打开模型。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::LiveDock</name>
    <message>
        <source>Live view of the engine</source>
        <translation>引擎实时视图</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>last 60 s</source>
        <translation>最近 60 秒</translation>
    </message>
    <message>
        <source>Close the live view</source>
        <translation>关闭实时视图</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause: the picture stands still, data go on</source>
        <translation>暂停：画面静止，数据继续收集</translation>
    </message>
    <message>
        <source>KV blocks</source>
        <translation>KV 块</translation>
    </message>
    <message>
        <source>What the model remembers of each chat is kept in blocks of a few tokens. In use: a running reply holds the block. Cached: nobody holds it, but a prompt that starts the same way can use it again. Free: empty. The scale fits the fullest moment shown.</source>
        <translation>模型对每个对话的记忆按块保存，每块含若干词元。使用中：正在生成的回复占用该块。已缓存：暂无人占用，但开头相同的提示可以再次使用。空闲：没有内容。纵轴按所示时段的最高值缩放。</translation>
    </message>
    <message>
        <source>In use, by chat</source>
        <translation>使用中（按对话）</translation>
    </message>
    <message>
        <source>Cached</source>
        <translation>已缓存</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>Prefix hits</source>
        <translation>前缀命中</translation>
    </message>
    <message>
        <source>How much of the prompts was found in the cache and did not have to be computed again. The line keeps its height until the next prompt comes.</source>
        <translation>提示中有多少内容在缓存里找到、无需重新计算。在下一个提示到来之前，曲线保持原来的高度。</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>What one step computes, taken from the fullest step of each second. Prefill reads tokens of a prompt; a decode row is a reply that grows by one token. The dashed line is the token budget of a step.</source>
        <translation>每一步计算的内容，取每秒中最满的一步。预填充读取提示的词元；每个解码行使一个回复增加一个词元。虚线是每一步的词元预算。</translation>
    </message>
    <message>
        <source>Prefill tokens</source>
        <translation>预填充词元</translation>
    </message>
    <message>
        <source>Decode rows</source>
        <translation>解码行</translation>
    </message>
    <message>
        <source>Preemptions</source>
        <translation>抢占</translation>
    </message>
    <message>
        <source>How often a reply had to give its blocks to another one because none was left. It goes on later, after computing them again.</source>
        <translation>因为没有空闲块，一个回复不得不把块让给另一个回复的次数。它稍后会重新计算这些块并继续。</translation>
    </message>
    <message>
        <source>tok/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>all chats</source>
        <translation>全部对话</translation>
    </message>
    <message>
        <source>Tokens generated per second, all chats together</source>
        <translation>所有对话每秒共生成的词元数</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>毫秒</translation>
    </message>
    <message>
        <source>to first, p50</source>
        <translation>首词元，p50</translation>
    </message>
    <message>
        <source>Half of the replies of the last minute showed their first token within this time</source>
        <translation>最近一分钟内，一半的回复在此时间内出现第一个词元</translation>
    </message>
    <message>
        <source>between, p95</source>
        <translation>词元间隔，p95</translation>
    </message>
    <message>
        <source>Time between two tokens of a reply: 95 of 100 were not slower</source>
        <translation>一个回复中相邻两个词元的间隔：每 100 个中有 95 个不超过此值</translation>
    </message>
    <message>
        <source>of %1 in use</source>
        <translation>/ %1 使用中</translation>
    </message>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>row now</source>
        <translation>行</translation>
    </message>
    <message>
        <source>rows now</source>
        <translation>行</translation>
    </message>
    <message>
        <source>in 60 s</source>
        <translation>次 / 60 秒</translation>
    </message>
    <message>
        <source>No records dropped</source>
        <translation>没有丢失记录</translation>
    </message>
    <message>
        <source>%1 records dropped</source>
        <translation>丢失了 %1 条记录</translation>
    </message>
    <message>
        <source>Each engine step leaves a record. When the window is too busy to take them all, the rest is counted here, so that a gap is never silent.</source>
        <translation>引擎每一步都会留下一条记录。窗口太忙来不及接收时，未收到的记录会在这里计数，缺口不会被悄悄掩盖。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::LoadBanner</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Open another…</source>
        <translation>打开其他模型…</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
    <message>
        <source>Loading progress</source>
        <translation>加载进度</translation>
    </message>
    <message>
        <source>The model cannot be used</source>
        <translation>模型无法使用</translation>
    </message>
    <message>
        <source>%1 cannot be opened</source>
        <translation>无法打开 %1</translation>
    </message>
    <message>
        <source>Opening the file</source>
        <translation>正在打开文件</translation>
    </message>
    <message>
        <source>Reading the tokeniser</source>
        <translation>正在读取分词器</translation>
    </message>
    <message>
        <source>Packing the weights</source>
        <translation>正在重排权重</translation>
    </message>
    <message>
        <source>Reserving the KV cache</source>
        <translation>正在预留 KV 缓存</translation>
    </message>
    <message>
        <source>Loading %1</source>
        <translation>正在加载 %1</translation>
    </message>
    <message>
        <source>%1, %2 %</source>
        <translation>%1，%2 %</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::MessageView</name>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy message</source>
        <translation>复制消息</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Copy this code</source>
        <translation>复制这段代码</translation>
    </message>
    <message>
        <source>Copy this reply</source>
        <translation>复制这条回复</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Jump to latest</source>
        <translation>跳到最新</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::MetadataModel</name>
    <message>
        <source>Key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ModelDetailsDialog</name>
    <message>
        <source>Model details</source>
        <translation>模型详情</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>架构</translation>
    </message>
    <message>
        <source>Quantisation</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>What to show</source>
        <translation>显示内容</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Shows only rows that contain this text (Ctrl+F)</source>
        <translation>只显示包含此文字的行 (Ctrl+F)</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>元数据</translation>
    </message>
    <message>
        <source>Tensors</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>Reading the file…</source>
        <translation>正在读取文件…</translation>
    </message>
    <message>
        <source>The file cannot be read</source>
        <translation>无法读取文件</translation>
    </message>
    <message>
        <source>Open another model…</source>
        <translation>打开另一个模型…</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个词元</translation>
    </message>
    <message>
        <source>GGUF v%1, %2</source>
        <translation>GGUF v%1，%2</translation>
    </message>
    <message>
        <source>%1 (%2 of %3)</source>
        <translation>%1（%2/%3）</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ModelLine</name>
    <message numerus="yes">
        <source>%n threads</source>
        <translation><numerusform>%n 线程</numerusform></translation>
    </message>
    <message>
        <source>Open a model…</source>
        <translation>打开模型…</translation>
    </message>
    <message>
        <source>Loading %1</source>
        <translation>正在加载 %1</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>You can type meanwhile.</source>
        <translation>现在就可以开始输入。</translation>
    </message>
    <message>
        <source>A small model: quick, mostly English, and sometimes wrong. Larger ones know more.</source>
        <translation>这个小模型很快，主要懂英文，有时会出错。更大的模型懂得更多。</translation>
    </message>
    <message>
        <source>This model has no chat template: it continues your text instead of answering.</source>
        <translation>此模型没有对话模板：它会续写你的文字，而不是回答。</translation>
    </message>
    <message>
        <source>%1 is ready</source>
        <translation>%1 已就绪</translation>
    </message>
    <message>
        <source>No model is loaded</source>
        <translation>尚未加载模型</translation>
    </message>
    <message>
        <source>Open a .gguf file, or drop one on this window.</source>
        <translation>请打开一个 .gguf 文件，或把它拖到窗口里。</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>What the model file says about itself (Ctrl+I)</source>
        <translation>模型文件中的说明 (Ctrl+I)</translation>
    </message>
    <message>
        <source>Model details</source>
        <translation>模型详情</translation>
    </message>
    <message>
        <source>The chat template in this file does not work. A plain format is used instead; answers may be worse.</source>
        <translation>此文件中的聊天模板无法使用。已改用简单格式，回答可能变差。</translation>
    </message>
    <message>
        <source>%1 is asleep</source>
        <translation>%1 正在休眠</translation>
    </message>
    <message>
        <source>It gave its memory back. Write something to wake it.</source>
        <translation>它已归还内存。输入内容即可唤醒。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::Rail</name>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Live view of the engine</source>
        <translation>引擎实时视图</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::SettingsDialog</name>
    <message>
        <source>Waiting replies</source>
        <translation>等待中的回复</translation>
    </message>
    <message>
        <source>Memory for chats</source>
        <translation>对话内存</translation>
    </message>
    <message>
        <source>The KV cache. It changes at once, also while
replies are being written.</source>
        <translation>即 KV 缓存。立即生效，
正在生成的回复也不会中断。</translation>
    </message>
    <message>
        <source>As much as is sensible</source>
        <translation>自动选择</translation>
    </message>
    <message>
        <source>%1 MiB</source>
        <translation>%1 MiB</translation>
    </message>
    <message>
        <source>%1 GiB</source>
        <translation>%1 GiB</translation>
    </message>
    <message>
        <source>Time between tokens</source>
        <translation>词元间隔</translation>
    </message>
    <message>
        <source>Long prompts of other chats are read in pieces
small enough to keep to it.</source>
        <translation>其他对话的长提示会分成小段读取，
以保持此间隔。</translation>
    </message>
    <message>
        <source>In order of arrival</source>
        <translation>按到达顺序</translation>
    </message>
    <message>
        <source>Fair to each chat</source>
        <translation>各对话公平轮流</translation>
    </message>
    <message>
        <source>Short replies first</source>
        <translation>短回复优先</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>No target</source>
        <translation>不设目标</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Like the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>One per core</source>
        <translation>每个核心一个</translation>
    </message>
    <message>
        <source>Arithmetic</source>
        <translation>运算方式</translation>
    </message>
    <message>
        <source>Fastest</source>
        <translation>最快</translation>
    </message>
    <message>
        <source>Deterministic</source>
        <translation>确定性</translation>
    </message>
    <message>
        <source>Deterministic: a reply never depends on what runs
beside it. On CPUs with AMX prompts are read slower.</source>
        <translation>确定性：回复不受同时运行的其他内容影响。
在带 AMX 的 CPU 上，读取提示词会变慢。</translation>
    </message>
    <message>
        <source>KV format</source>
        <translation>KV 格式</translation>
    </message>
    <message>
        <source>For the next model that is loaded, unless one of its
own was chosen on the Models page.</source>
        <translation>用于下一个加载的模型，除非在“模型”页面
为它单独选择过。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Send the message</source>
        <translation>发送消息</translation>
    </message>
    <message>
        <source>New line</source>
        <translation>换行</translation>
    </message>
    <message>
        <source>Stop the reply and keep its text</source>
        <translation>停止回复并保留文字</translation>
    </message>
    <message>
        <source>Last message again, in an empty input</source>
        <translation>输入框为空时取回上一条消息</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Second pane</source>
        <translation>第二个窗格</translation>
    </message>
    <message>
        <source>Sidebar</source>
        <translation>侧边栏</translation>
    </message>
    <message>
        <source>Live view of the engine</source>
        <translation>引擎实时视图</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>This list</source>
        <translation>此列表</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Model details</source>
        <translation>模型详情</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::Sidebar</name>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>New chat (%1)</source>
        <translation>新对话 (%1)</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Kept until the window closes.</source>
        <translation>对话保留到窗口关闭为止。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::StatusBar</name>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Tokens generated per second, all chats together</source>
        <translation>所有对话每秒共生成的词元数</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV 缓存</translation>
    </message>
    <message>
        <source>How much of the KV cache running replies hold. The rest is cached (green) for prompts that start the same way, or free.</source>
        <translation>正在生成的回复占用了多少 KV 缓存。其余部分为已缓存（绿色，供开头相同的提示使用）或空闲。</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Replies that are being generated, all in one batch</source>
        <translation>正在同一批次中生成的回复</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Requests that wait for room in the batch or the KV cache</source>
        <translation>正在等待批次或 KV 缓存空位的请求</translation>
    </message>
    <message>
        <source>Runs on this computer</source>
        <translation>在本机运行</translation>
    </message>
    <message>
        <source>The model runs on this computer: nothing you type leaves it.</source>
        <translation>模型在这台电脑上运行：你输入的内容不会离开本机。</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Open a model… (%1)</source>
        <translation>打开模型… (%1)</translation>
    </message>
    <message>
        <source>%1
Architecture %2, context %3 tokens
Model details (%4)</source>
        <translation>%1
架构 %2，上下文 %3 个词元
模型详情 (%4)</translation>
    </message>
    <message>
        <source>1 thread</source>
        <translation>1 线程</translation>
    </message>
    <message>
        <source>%1 threads</source>
        <translation>%1 线程</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Weights %1, KV cache %2 (%3 blocks of %4 tokens)</source>
        <translation>权重 %1，KV 缓存 %2（%3 块，每块 %4 个词元）</translation>
    </message>
    <message>
        <source>tok/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>KV</source>
        <translation>KV 缓存</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 running</source>
        <translation>%1 个运行中</translation>
    </message>
    <message>
        <source>%1 waiting</source>
        <translation>%1 个等待</translation>
    </message>
    <message>
        <source>asleep</source>
        <translation>休眠</translation>
    </message>
    <message>
        <source>It gave its memory back. Write something to wake it.</source>
        <translation>它已归还内存。输入内容即可唤醒。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::TensorModel</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ValuePane</name>
    <message>
        <source>Whole value</source>
        <translation>完整的值</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::WelcomeView</name>
    <message>
        <source>What shall we talk about?</source>
        <translation>想聊点什么？</translation>
    </message>
    <message>
        <source>The model runs on your computer. Your text stays on this machine.</source>
        <translation>模型在你的电脑上运行，文字不会离开这台机器。</translation>
    </message>
    <message>
        <source>Write some code</source>
        <translation>写一段代码</translation>
    </message>
    <message>
        <source>Write a Python function that reads a CSV file and adds up a column by month.</source>
        <translation>用 Python 读取 CSV，按月汇总金额</translation>
    </message>
    <message>
        <source>Reword a text</source>
        <translation>改写文字</translation>
    </message>
    <message>
        <source>Make this friendlier: "Your order is late. Wait for news."</source>
        <translation>把这句话改得更友善：“您的订单延误了，请等通知。”</translation>
    </message>
    <message>
        <source>Explain an idea</source>
        <translation>讲清一个概念</translation>
    </message>
    <message>
        <source>Explain what a cache is with an example from daily life.</source>
        <translation>用生活中的例子解释什么是缓存</translation>
    </message>
</context>
<context>
    <name>LoadReport</name>
    <message>
        <source>Loaded: the weights take %1 of memory.</source>
        <translation>已加载：权重占用 %1 内存。</translation>
    </message>
    <message>
        <source>Tensors of type %1 (%2) are computed slowly, in 32 bits: their columns fit no block.</source>
        <translation>%1 类型的张量（%2 个）以 32 位慢速计算：其列数不是块的整数倍。</translation>
    </message>
    <message>
        <source>Tensors of type %1 (%2) are computed with 8-bit levels (%3 instead of %4).</source>
        <translation>%1 类型的张量（%2 个）以 8 位量级计算（%3，原为 %4）。</translation>
    </message>
</context>
<context>
    <name>ModelEntry</name>
    <message>
        <source>uses a feature that is not supported yet</source>
        <translation>用到了尚未支持的功能</translation>
    </message>
    <message>
        <source>architecture %1</source>
        <translation>架构 %1</translation>
    </message>
    <message>
        <source>ends at %1, %2 expected</source>
        <translation>止于 %1，应为 %2</translation>
    </message>
    <message>
        <source>The file ends at %1 where %2 are expected: its download was not finished. Download it again.</source>
        <translation>文件止于 %1，应为 %2：下载没有完成。请重新下载。</translation>
    </message>
    <message>
        <source>damaged, or not a GGUF file</source>
        <translation>已损坏，或不是 GGUF 文件</translation>
    </message>
    <message numerus="yes">
        <source>in %n parts, which cannot be loaded yet</source>
        <translation><numerusform>分为 %n 个文件，尚不能加载</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>The model is split into %n files, which cannot be loaded yet. Join them into one file first.</source>
        <translation><numerusform>该模型被拆分为 %n 个文件，尚不能加载。请先合并为一个文件。</numerusform></translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>architecture %1 is not supported yet</source>
        <translation>尚不支持架构 %1</translation>
    </message>
</context>
<context>
    <name>VerdictText</name>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>加载中</translation>
    </message>
    <message>
        <source>Asleep</source>
        <translation>休眠</translation>
    </message>
    <message>
        <source>Fits</source>
        <translation>放得下</translation>
    </message>
    <message>
        <source>Fits with int8 KV</source>
        <translation>int8 KV 时放得下</translation>
    </message>
    <message>
        <source>Does not fit</source>
        <translation>放不下</translation>
    </message>
    <message>
        <source>Not supported</source>
        <translation>不支持</translation>
    </message>
    <message>
        <source>Unreadable</source>
        <translation>无法读取</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ContextCard</name>
    <message>
        <source>Context to reserve</source>
        <translation>预留上下文</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个词元</translation>
    </message>
    <message>
        <source>%1 fits</source>
        <translation>%1 放得下</translation>
    </message>
    <message>
        <source>%1 blocks of %2 tokens, shared by all chats</source>
        <translation>%1 块，每块 %2 个词元，由所有对话共用</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::HabitsCard</name>
    <message>
        <source>New chats with this model are worded</source>
        <translation>用此模型的新对话措辞</translation>
    </message>
    <message>
        <source>As usual</source>
        <translation>照常</translation>
    </message>
    <message>
        <source>Give memory back when no model is used for</source>
        <translation>模型闲置多久后归还内存</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从不</translation>
    </message>
    <message numerus="yes">
        <source>%n minutes</source>
        <translation><numerusform>%n 分钟</numerusform></translation>
    </message>
    <message>
        <source>Keep this model loaded all the same</source>
        <translation>仍然保持此模型加载</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::KvFormatCard</name>
    <message>
        <source>KV format</source>
        <translation>KV 格式</translation>
    </message>
    <message>
        <source>per 1 k tokens</source>
        <translation>每 1 k 词元</translation>
    </message>
    <message>
        <source>fits up to</source>
        <translation>最多放下</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>放不下</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个词元</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::LedgerCard</name>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV 缓存</translation>
    </message>
    <message>
        <source>Workspace</source>
        <translation>工作区</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>activations and logits</source>
        <translation>激活值与 logits</translation>
    </message>
    <message>
        <source>tokeniser and the file&apos;s description</source>
        <translation>分词器与文件描述</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::LoadCard</name>
    <message>
        <source>about %1 s left</source>
        <translation>约剩 %1 秒</translation>
    </message>
    <message>
        <source>Open the file</source>
        <translation>打开文件</translation>
    </message>
    <message>
        <source>Read the tokeniser</source>
        <translation>读取分词器</translation>
    </message>
    <message>
        <source>Pack the weights</source>
        <translation>打包权重</translation>
    </message>
    <message>
        <source>Reserve KV</source>
        <translation>预留 KV</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/秒</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Loading progress</source>
        <translation>加载进度</translation>
    </message>
    <message>
        <source>%1 could not be loaded</source>
        <translation>无法加载 %1</translation>
    </message>
    <message>
        <source>%1 still answers.</source>
        <translation>%1 仍在应答。</translation>
    </message>
    <message>
        <source>Loading %1</source>
        <translation>正在加载 %1</translation>
    </message>
    <message>
        <source>Chats can be written to as soon as it is ready.</source>
        <translation>就绪后即可在对话中发送。</translation>
    </message>
    <message>
        <source>%1 keeps answering until this model is ready. If loading fails, nothing changes.</source>
        <translation>在此模型就绪之前由 %1 继续应答。加载失败时一切保持不变。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::MemoryBar</name>
    <message>
        <source>%1 taken</source>
        <translation>已占用 %1</translation>
    </message>
    <message>
        <source>%1 predicted</source>
        <translation>预计 %1</translation>
    </message>
    <message>
        <source>%1 free, %2 margin</source>
        <translation>空闲 %1，余量 %2</translation>
    </message>
    <message>
        <source>free memory unknown</source>
        <translation>空闲内存未知</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ModelInspector</name>
    <message>
        <source>Details…</source>
        <translation>详情…</translation>
    </message>
    <message>
        <source>What the model file says about itself</source>
        <translation>模型文件对自身的描述</translation>
    </message>
    <message>
        <source>Engine settings…</source>
        <translation>引擎设置…</translation>
    </message>
    <message>
        <source>Show in its folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Copy the path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Remove from the recent ones</source>
        <translation>从最近使用中移除</translation>
    </message>
    <message>
        <source>Unload</source>
        <translation>卸载</translation>
    </message>
    <message>
        <source>Choose a model to see what it is and what it takes.</source>
        <translation>选择一个模型，查看它的信息和所需内存。</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>架构</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Quantisation</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>注意力</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>词表</translation>
    </message>
    <message>
        <source>Template</source>
        <translation>模板</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>its own, with thinking</source>
        <translation>自带，含思考</translation>
    </message>
    <message>
        <source>its own</source>
        <translation>自带</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n layers</source>
        <translation><numerusform>%1，%n 层</numerusform></translation>
    </message>
    <message>
        <source>%1, %2 bits</source>
        <translation>%1，%2 位</translation>
    </message>
    <message>
        <source>%1 heads, %2 KV, %3 wide</source>
        <translation>%1 头，%2 KV，宽 %3</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个词元</translation>
    </message>
    <message>
        <source>GGUF v%1, %2</source>
        <translation>GGUF v%1，%2</translation>
    </message>
    <message>
        <source>The chat template in this file does not work (%1). Chats use a plain format instead; answers may be worse.</source>
        <translation>此文件中的聊天模板无法使用（%1）。对话改用简单格式，回答可能变差。</translation>
    </message>
    <message numerus="yes">
        <source>%n tensors, %1</source>
        <translation><numerusform>%n 个张量，%1</numerusform></translation>
    </message>
    <message>
        <source>%1 blocks × %2 tokens, %3</source>
        <translation>%1 块 × %2 词元，%3</translation>
    </message>
    <message>
        <source>It takes %1; chats fill the KV cache as they go.</source>
        <translation>共占用 %1；KV 缓存随对话逐渐填充。</translation>
    </message>
    <message>
        <source>This system does not tell how much memory is free.</source>
        <translation>系统没有提供空闲内存的大小。</translation>
    </message>
    <message>
        <source>%1 stay free.</source>
        <translation>还剩 %1 空闲。</translation>
    </message>
    <message>
        <source>%1 stay free, with %2 loaded until the switch.</source>
        <translation>还剩 %1 空闲，切换前 %2 保持加载。</translation>
    </message>
    <message>
        <source>With int8 KV %1 stay free; as chosen it is too much.</source>
        <translation>用 int8 KV 时还剩 %1 空闲；按当前选择放不下。</translation>
    </message>
    <message>
        <source>Too much by %1. A context of %2 tokens fits.</source>
        <translation>超出 %1。%2 个词元的上下文放得下。</translation>
    </message>
    <message>
        <source>Too much by %1, whatever the context. Close other programs, or take a smaller model.</source>
        <translation>无论上下文多大都超出 %1。请关闭其他程序，或换一个更小的模型。</translation>
    </message>
    <message>
        <source>Load again</source>
        <translation>重新加载</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>A model is being loaded.</source>
        <translation>正在加载模型。</translation>
    </message>
    <message>
        <source>It is in use as chosen here.</source>
        <translation>正按此处的选择使用。</translation>
    </message>
    <message>
        <source>With the context and KV format chosen here</source>
        <translation>使用此处选择的上下文和 KV 格式</translation>
    </message>
    <message>
        <source>It will probably not fit.</source>
        <translation>很可能放不下。</translation>
    </message>
    <message>
        <source>Load this model (Enter in the list)</source>
        <translation>加载此模型（在列表中按 Enter）</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ModelList</name>
    <message>
        <source>Loading %1 %</source>
        <translation>加载中 %1 %</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>最近使用</translation>
    </message>
    <message>
        <source>Found on this computer</source>
        <translation>在此电脑上找到</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ModelListPane</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>打开文件夹…</translation>
    </message>
    <message>
        <source>Look for models in a folder, now and after each start</source>
        <translation>在某个文件夹中查找模型，现在以及每次启动后</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>Drop a .gguf file or a model folder</source>
        <translation>拖入 .gguf 文件或模型文件夹</translation>
    </message>
    <message>
        <source>Open a model file</source>
        <translation>打开模型文件</translation>
    </message>
    <message>
        <source>Filter the models</source>
        <translation>筛选模型</translation>
    </message>
    <message numerus="yes">
        <source>Filter %n models</source>
        <translation><numerusform>筛选 %n 个模型</numerusform></translation>
    </message>
    <message>
        <source>No model was found yet. Open a .gguf file, or a folder that has some.</source>
        <translation>尚未找到模型。请打开 .gguf 文件，或包含模型的文件夹。</translation>
    </message>
    <message>
        <source>No model has this in its name.</source>
        <translation>没有名称与此相符的模型。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ModelsPage</name>
    <message>
        <source>looking…</source>
        <translation>正在查找…</translation>
    </message>
    <message>
        <source>scanned one place</source>
        <translation>已扫描 1 处</translation>
    </message>
    <message numerus="yes">
        <source>scanned %n places</source>
        <translation><numerusform>已扫描 %n 处</numerusform></translation>
    </message>
    <message>
        <source>scanned in part: there is too much</source>
        <translation>仅扫描了一部分：内容过多</translation>
    </message>
</context>
</TS>
