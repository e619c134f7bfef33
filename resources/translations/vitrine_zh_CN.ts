<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>BlockLook</name>
    <message>
        <source>Free</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>Cached, no reference</source>
        <translation>已缓存，无引用</translation>
    </message>
    <message>
        <source>Shared, %1 references</source>
        <translation>共享，%1 个引用</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
</context>
<context>
    <name>BlockMoments</name>
    <message>
        <source>taken</source>
        <translation>占用</translation>
    </message>
    <message>
        <source>found and shared</source>
        <translation>命中并共享</translation>
    </message>
    <message>
        <source>shared by a fork</source>
        <translation>由分叉共享</translation>
    </message>
    <message>
        <source>copied to be written</source>
        <translation>为写入而复制</translation>
    </message>
    <message>
        <source>full, findable</source>
        <translation>已满，可查到</translation>
    </message>
    <message>
        <source>given back early</source>
        <translation>提前归还</translation>
    </message>
    <message>
        <source>given back</source>
        <translation>归还</translation>
    </message>
    <message>
        <source>request closed</source>
        <translation>请求关闭</translation>
    </message>
    <message>
        <source>evicted</source>
        <translation>被逐出</translation>
    </message>
    <message>
        <source>moved</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>pool resized</source>
        <translation>池大小改变</translation>
    </message>
    <message>
        <source>swapped out</source>
        <translation>换出</translation>
    </message>
    <message>
        <source>swapped in</source>
        <translation>换入</translation>
    </message>
    <message>
        <source>host copy gone</source>
        <translation>主机副本已清除</translation>
    </message>
    <message>
        <source>got window pages</source>
        <translation>获得窗口页</translation>
    </message>
    <message>
        <source>window in sight</source>
        <translation>窗口可见</translation>
    </message>
    <message>
        <source>window passed</source>
        <translation>窗口已移过</translation>
    </message>
    <message>
        <source>window pages gone</source>
        <translation>窗口页已清除</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>%1 in all</source>
        <translation>共 %1 次</translation>
    </message>
    <message>
        <source>%1 at %2</source>
        <translation>%1，%2 处</translation>
    </message>
    <message>
        <source>Earlier ones are left out.</source>
        <translation>更早的未列出。</translation>
    </message>
</context>
<context>
    <name>InspectorTexts</name>
    <message>
        <source>still running</source>
        <translation>仍在运行</translation>
    </message>
    <message>
        <source>not said</source>
        <translation>未说明</translation>
    </message>
    <message>
        <source>it was done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>the limit on tokens</source>
        <translation>达到词元上限</translation>
    </message>
    <message>
        <source>stopped by the person</source>
        <translation>用户停止</translation>
    </message>
    <message>
        <source>an error</source>
        <translation>出错</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>To the first token</source>
        <translation>到第一个词元</translation>
    </message>
    <message>
        <source>From its arrival: what its reader waited.</source>
        <translation>自到达起：读者等待的时间。</translation>
    </message>
    <message>
        <source>forward, as predicted</source>
        <translation>前向（预测）</translation>
    </message>
    <message>
        <source>By the model of step times that the scheduler plans with.</source>
        <translation>按调度器规划所用的步时模型。</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>被隐藏</translation>
    </message>
    <message>
        <source>Work of scheduling and text that was done while the model computed.</source>
        <translation>在模型计算的同时完成的调度和文本工作。</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>%1 in the batch</source>
        <translation>批次中 %1 个</translation>
    </message>
    <message>
        <source>%1 of the prompt</source>
        <translation>提示的 %1 个词元</translation>
    </message>
    <message>
        <source>one token</source>
        <translation>一个词元</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>另有 %1 个</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从未</translation>
    </message>
    <message>
        <source>once</source>
        <translation>一次</translation>
    </message>
    <message>
        <source>%1 times</source>
        <translation>%1 次</translation>
    </message>
    <message>
        <source>Request %1, arrived at %2</source>
        <translation>请求 %1，于 %2 到达</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Found in the prefix cache</source>
        <translation>在前缀缓存中找到</translation>
    </message>
    <message>
        <source>Tokens of the prompt that need not be computed: another prompt began alike.</source>
        <translation>提示中无需计算的词元：另一个提示的开头与它相同。</translation>
    </message>
    <message>
        <source>Reply</source>
        <translation>回复</translation>
    </message>
    <message>
        <source>Tokens per second</source>
        <translation>每秒词元</translation>
    </message>
    <message>
        <source>After the first one.</source>
        <translation>第一个词元之后。</translation>
    </message>
    <message>
        <source>End</source>
        <translation>结束</translation>
    </message>
    <message>
        <source>Ended by</source>
        <translation>结束原因</translation>
    </message>
    <message>
        <source>Preempted</source>
        <translation>被抢占</translation>
    </message>
    <message>
        <source>Step %1</source>
        <translation>第 %1 步</translation>
    </message>
    <message>
        <source>at %1, %2</source>
        <translation>于 %1，%2</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>Prompt tokens</source>
        <translation>提示词元</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Read in this step, and how many the budget allows.</source>
        <translation>本步读入的数量，以及预算允许的数量。</translation>
    </message>
    <message>
        <source>Computed again</source>
        <translation>重新计算</translation>
    </message>
    <message>
        <source>Replies</source>
        <translation>回复</translation>
    </message>
    <message>
        <source>That get a token in this step.</source>
        <translation>本步得到一个词元的回复。</translation>
    </message>
    <message>
        <source>Running, waiting</source>
        <translation>运行中，等待中</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Blocks in use, cached, free</source>
        <translation>使用中、已缓存、空闲的块</translation>
    </message>
    <message>
        <source>%1, %2, %3</source>
        <translation>%1，%2，%3</translation>
    </message>
    <message>
        <source>Block %1</source>
        <translation>块 %1</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Written by</source>
        <translation>写入者</translation>
    </message>
    <message>
        <source>Tokens of its text</source>
        <translation>文本的词元</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>占用</translation>
    </message>
    <message>
        <source>%1 before</source>
        <translation>%1 前</translation>
    </message>
    <message>
        <source>Given back</source>
        <translation>归还</translation>
    </message>
    <message>
        <source>Held by</source>
        <translation>持有者</translation>
    </message>
</context>
<context>
    <name>MessageItem</name>
    <message>
        <source>Thinking…</source>
        <translation>正在思考…</translation>
    </message>
    <message>
        <source>Thought for %1 s, %2 tokens</source>
        <translation>思考了 %1 秒，%2 个 token</translation>
    </message>
    <message>
        <source>Thought for %1 s</source>
        <translation>思考了 %1 秒</translation>
    </message>
    <message>
        <source>Thought, %1 tokens</source>
        <translation>思考，%1 个 token</translation>
    </message>
    <message>
        <source>Thought</source>
        <translation>思考过程</translation>
    </message>
</context>
<context>
    <name>MessageTools</name>
    <message>
        <source>Why this long?</source>
        <translation>为什么这么久？</translation>
    </message>
    <message>
        <source>Copy this reply</source>
        <translation>复制这条回复</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Generate again</source>
        <translation>重新生成</translation>
    </message>
    <message>
        <source>Branch from here</source>
        <translation>从这里分支</translation>
    </message>
    <message>
        <source>Continue this reply</source>
        <translation>继续这条回复</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Previous version</source>
        <translation>上一个版本</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>下一个版本</translation>
    </message>
    <message>
        <source>Show in profiler</source>
        <translation>在性能分析中显示</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>%1 / %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
</context>
<context>
    <name>ModelDialog</name>
    <message>
        <source>Open a model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Models (*.gguf *.safetensors)</source>
        <translation>模型 (*.gguf *.safetensors)</translation>
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
    <name>PhaseLook</name>
    <message>
        <source>Queued</source>
        <translation>排队</translation>
    </message>
    <message>
        <source>Prefill</source>
        <translation>预填充</translation>
    </message>
    <message>
        <source>Decode</source>
        <translation>解码</translation>
    </message>
    <message>
        <source>Preempted</source>
        <translation>被抢占</translation>
    </message>
    <message>
        <source>Recompute</source>
        <translation>重算</translation>
    </message>
    <message>
        <source>Waits to be admitted: no memory or no room in the batch yet.</source>
        <translation>等待被接纳：尚无内存，或批次中没有位置。</translation>
    </message>
    <message>
        <source>The prompt is read, a chunk a step.</source>
        <translation>读入提示，每步一段。</translation>
    </message>
    <message>
        <source>The reply is written, a token a step.</source>
        <translation>写出回复，每步一个词元。</translation>
    </message>
    <message>
        <source>Its KV blocks were given to another request; it waits to be admitted again.</source>
        <translation>它的 KV 块被交给另一个请求；它在等待再次被接纳。</translation>
    </message>
    <message>
        <source>Computes again what was lost when it was preempted.</source>
        <translation>重新计算被抢占时失去的内容。</translation>
    </message>
</context>
<context>
    <name>PreemptionTexts</name>
    <message>
        <source>out of blocks</source>
        <translation>块已用尽</translation>
    </message>
    <message>
        <source>ahead of need</source>
        <translation>提前抢占</translation>
    </message>
    <message>
        <source>the pool shrinks</source>
        <translation>池在缩小</translation>
    </message>
    <message>
        <source>a process was replaced</source>
        <translation>替换了一个进程</translation>
    </message>
    <message>
        <source>A process that computes with others failed or their number was changed: keys and values were computed anew.</source>
        <translation>一个参与计算的进程出现故障，或进程数已更改：键和值已重新计算。</translation>
    </message>
    <message>
        <source>The batch</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>%1 asked for %2. Free blocks: %3, blocks with cached text alone: %4. Not enough for the step.</source>
        <translation>%1 需要%2。空闲 %3 个，仅存缓存文本的 %4 个：不够这一步使用。</translation>
    </message>
    <message>
        <source>The forecast said that the pool runs dry within a few steps. Free blocks: %1, cached ones: %2.</source>
        <translation>预测显示池将在几步之内耗尽：空闲 %1 块，已缓存 %2 块。</translation>
    </message>
    <message>
        <source>The pool was made smaller, and this request had to give its blocks back.</source>
        <translation>池被缩小，该请求不得不归还它的块。</translation>
    </message>
    <message>
        <source>Cause</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>%1 in use</source>
        <translation>使用中 %1</translation>
    </message>
    <message>
        <source>%1 cached</source>
        <translation>已缓存 %1</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>%1 blocks</source>
        <translation>%1 块</translation>
    </message>
    <message>
        <source>Victim</source>
        <translation>被抢占者</translation>
    </message>
    <message>
        <source>Blocks given back</source>
        <translation>归还的块</translation>
    </message>
    <message>
        <source>Blocks that nobody else holds and that can be used again.</source>
        <translation>没有其他人持有、可以再次使用的块。</translation>
    </message>
    <message>
        <source>Still held by others</source>
        <translation>仍由其他请求持有</translation>
    </message>
    <message>
        <source>Shared with requests that go on.</source>
        <translation>与继续运行的请求共享。</translation>
    </message>
    <message>
        <source>To recompute, at worst</source>
        <translation>最多需重算</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个词元</translation>
    </message>
    <message>
        <source>Preempted before</source>
        <translation>此前被抢占</translation>
    </message>
    <message>
        <source>Alternatives</source>
        <translation>其他选择</translation>
    </message>
    <message>
        <source>%1 requests were considered</source>
        <translation>考虑了 %1 个请求</translation>
    </message>
    <message>
        <source> (%1%2 %)</source>
        <translation>（%1%2 %）</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>It has not computed again, as far as the recording goes.</source>
        <translation>到录制结束为止，它没有再次计算。</translation>
    </message>
    <message>
        <source>Cost, measured</source>
        <translation>实测代价</translation>
    </message>
    <message>
        <source>Computed again</source>
        <translation>重新计算</translation>
    </message>
    <message>
        <source>Pause the reader saw</source>
        <translation>读者看到的停顿</translation>
    </message>
    <message>
        <source>From the preemption until it was computed again.</source>
        <translation>从被抢占到重新开始计算。</translation>
    </message>
    <message>
        <source>Preemption</source>
        <translation>抢占</translation>
    </message>
    <message>
        <source>No request was preempted in this recording.</source>
        <translation>此录制中没有请求被抢占。</translation>
    </message>
    <message>
        <source>Step %1 at %2, %3</source>
        <translation>第 %1 步，%2，%3</translation>
    </message>
    <message>
        <source>Made room for</source>
        <translation>让位给</translation>
    </message>
    <message>
        <source>a block</source>
        <translation>一个块</translation>
    </message>
    <message>
        <source>no</source>
        <translation>不能</translation>
    </message>
    <message>
        <source>put off</source>
        <translation>只能推迟</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>能</translation>
    </message>
    <message>
        <source>Nobody waited.</source>
        <translation>没有请求在等待。</translation>
    </message>
    <message>
        <source>Requests that waited: %1, for up to %2 blocks; they would have come in.</source>
        <translation>等待的请求：%1 个，最多需要 %2 个块；它们也会被接纳。</translation>
    </message>
    <message>
        <source>Avoidable with int8 KV</source>
        <translation>改用 int8 KV 能否避免</translation>
    </message>
    <message>
        <source>int8 keeps nearly twice as many tokens in the same memory as BF16: about %1 blocks. At this step %2 were in use and %3 more were asked for. %4</source>
        <translation>同样的内存，int8 能存的词元接近 BF16 的两倍：约 %1 个块。这一步有 %2 个在用，还需要 %3 个。%4</translation>
    </message>
    <message>
        <source>%1 free</source>
        <translation>%1 个空闲</translation>
    </message>
    <message>
        <source>Still in the cache</source>
        <translation>仍在缓存中</translation>
    </message>
    <message>
        <source>%1 blocks, %2 tokens</source>
        <translation>%1 个块，%2 个词元</translation>
    </message>
    <message>
        <source>Of its blocks: whose text could still be found after the step. As long as nobody takes them, that part need not be computed again.</source>
        <translation>它的块中，这一步之后仍能查到文本的那些。只要没有被别人取走，这部分就不必重新计算。</translation>
    </message>
    <message>
        <source>Tokens whose keys and values were given up and taken by others in the same step, or never were in the cache.</source>
        <translation>其键和值已让出并在同一步被别人取走，或从未进入缓存的词元。</translation>
    </message>
    <message>
        <source>Nobody else could have given blocks back.</source>
        <translation>没有别的请求能交还块。</translation>
    </message>
    <message>
        <source>It was the newest request: prices are not asked for with that setting.</source>
        <translation>它是最新的请求：在这一设置下不比较代价。</translation>
    </message>
    <message>
        <source>Chosen because the least work is lost by it, weighed.</source>
        <translation>选择它，是因为加权后损失的工作最少。</translation>
    </message>
    <message>
        <source>Others were cheaper, but none of them would have freed enough blocks alone.</source>
        <translation>有代价更低的请求，但单独一个都腾不出足够的块。</translation>
    </message>
    <message>
        <source>Nobody would have freed enough blocks alone: it costs least for each block it gives back.</source>
        <translation>没有哪个请求单独就能腾出足够的块：按每个交还的块计算，它的代价最低。</translation>
    </message>
    <message>
        <source>Work lost, estimated</source>
        <translation>估计损失的工作</translation>
    </message>
    <message>
        <source>Time to compute it again, or to move it to host memory and back.</source>
        <translation>重新计算它，或把它移到主机内存再移回所需的时间。</translation>
    </message>
    <message>
        <source>Each time doubles the price, so that nobody is always the victim.</source>
        <translation>每次都使代价翻倍，这样就不会总是同一个请求被抢占。</translation>
    </message>
    <message>
        <source>Progress and priority</source>
        <translation>进度与优先级</translation>
    </message>
    <message>
        <source>A reply that is nearly done costs up to twice as much; each level of priority half as much again.</source>
        <translation>快要写完的回复代价最多翻倍；优先级每高一级再加一半。</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>代价</translation>
    </message>
    <message>
        <source>What was compared with the price of the others.</source>
        <translation>用来与其他请求的代价比较的数值。</translation>
    </message>
    <message>
        <source>weighted price</source>
        <translation>加权代价</translation>
    </message>
    <message>
        <source>Its share of the steps that computed again what was lost, and how that compares with the estimate.</source>
        <translation>在重新计算所失内容的各步中它所占的份额，以及与估计值的比较。</translation>
    </message>
    <message>
        <source>Out of the batch</source>
        <translation>离开批次的时间</translation>
    </message>
    <message>
        <source>Between two tokens of its reply.</source>
        <translation>其回复中两个词元之间的时间。</translation>
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
    <message>
        <source>Deterministic</source>
        <translation>确定性</translation>
    </message>
    <message>
        <source>Always the likeliest word: the same question, the same reply</source>
        <translation>总取最可能的词：同样的问题，同样的回复</translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>自定义</translation>
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
    <message>
        <source>Interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>Context is full</source>
        <translation>上下文已满</translation>
    </message>
</context>
<context>
    <name>TimeText</name>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
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
        <source>%1 µs</source>
        <translation>%1 微秒</translation>
    </message>
</context>
<context>
    <name>WhyCard</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>排队</translation>
    </message>
    <message>
        <source>Preempted</source>
        <translation>被抢占</translation>
    </message>
    <message>
        <source>Prefill</source>
        <translation>预填充</translation>
    </message>
    <message>
        <source>Interference</source>
        <translation>干扰</translation>
    </message>
    <message>
        <source>Decode</source>
        <translation>解码</translation>
    </message>
    <message>
        <source>Sampling</source>
        <translation>采样</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Saved by cache</source>
        <translation>缓存节省</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>Chat with local language models and watch the serving engine.</source>
        <translation>与本机语言模型对话，并观察推理引擎。</translation>
    </message>
    <message>
        <source>A GGUF file to start with, or a recording to look at.</source>
        <translation>启动时打开的 GGUF 文件，或要查看的录制。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::BatchPanel</name>
    <message>
        <source>Batch</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>prefill tokens</source>
        <translation>预填充词元</translation>
    </message>
    <message>
        <source>decode rows</source>
        <translation>解码行</translation>
    </message>
    <message>
        <source>Prefill tokens: of prompts, read in this step.
Decode rows: replies that get a token in it.
Budget: the most tokens that a step may compute.</source>
        <translation>预填充词元：本步读入的提示词元。
解码行：在本步得到一个词元的回复。
预算：一步最多可计算的词元数。</translation>
    </message>
    <message numerus="yes">
        <source>%n steps from step %1 on; the fullest has</source>
        <translation><numerusform>从第 %1 步起的 %n 步；最满的一步有</numerusform></translation>
    </message>
    <message>
        <source>Step %1</source>
        <translation>第 %1 步</translation>
    </message>
    <message>
        <source>%1 prompt tokens of %2 that fit, %3 replies</source>
        <translation>%1 个提示词元（可容纳 %2 个），%3 个回复</translation>
    </message>
    <message>
        <source>%1 tokens computed again after a preemption</source>
        <translation>抢占后重新计算 %1 个词元</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::BlockCard</name>
    <message>
        <source>Block %1</source>
        <translation>块 %1</translation>
    </message>
    <message>
        <source>device, with window</source>
        <translation>设备，含窗口</translation>
    </message>
    <message>
        <source>device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>%1, taken %2 ago</source>
        <translation>%1，%2前占用</translation>
    </message>
    <message>
        <source>%1, tokens %2 to %3</source>
        <translation>%1，词元 %2 至 %3</translation>
    </message>
    <message>
        <source>%1, freed %2 ago</source>
        <translation>%1，%2前释放</translation>
    </message>
    <message>
        <source>Held by</source>
        <translation>持有者</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>以及另外 %1 个</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::BlockMapPanel</name>
    <message>
        <source>Shared</source>
        <translation>共享</translation>
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
        <source>In host memory</source>
        <translation>在主机内存中</translation>
    </message>
    <message>
        <source>Others</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>KV blocks</source>
        <translation>KV 块</translation>
    </message>
    <message>
        <source>A cell a block; the arrow keys move, Enter shows the block</source>
        <translation>每格一块；方向键移动，回车显示该块</translation>
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
        <source>Open another pane</source>
        <translation>打开另一个窗格</translation>
    </message>
    <message>
        <source>Open another pane (Ctrl+\)</source>
        <translation>打开另一个窗格 (Ctrl+\)</translation>
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
    <message>
        <source>Compare: send to all panes</source>
        <translation>比较：发送到所有窗格</translation>
    </message>
    <message>
        <source>Compare: what you send goes to all panes, each with its own settings</source>
        <translation>比较：您发送的内容会进入所有窗格，每个窗格使用各自的设置</translation>
    </message>
    <message>
        <source>Write to all panes</source>
        <translation>写给所有窗格</translation>
    </message>
    <message>
        <source>Open another model</source>
        <translation>打开其他模型</translation>
    </message>
    <message>
        <source>How replies are made</source>
        <translation>回复方式</translation>
    </message>
    <message>
        <source>Token probabilities</source>
        <translation>词元概率</translation>
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
        <source>The conversation is being read.</source>
        <translation>正在读取对话。</translation>
    </message>
    <message>
        <source>Loading was cancelled. Open a model, then send again.</source>
        <translation>加载已取消。请打开模型后再次发送。</translation>
    </message>
    <message>
        <source>Open a model first.</source>
        <translation>请先打开一个模型。</translation>
    </message>
    <message>
        <source>Open a model first (%1).</source>
        <translation>请先打开一个模型 (%1)。</translation>
    </message>
    <message>
        <source>The model was closed before it could answer. Open a model, then send again.</source>
        <translation>模型在回答之前被关闭了。请打开一个模型，然后重新发送。</translation>
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
        <source>Write a message first.</source>
        <translation>请先输入消息。</translation>
    </message>
    <message>
        <source>That is a picture: this model reads text only.</source>
        <translation>这是图片：此模型只能阅读文字。</translation>
    </message>
    <message>
        <source>The long text was attached as “%1”.</source>
        <translation>长文本已作为“%1”附上。</translation>
    </message>
    <message>
        <source>Keep as text</source>
        <translation>保留为文本</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>附加文件</translation>
    </message>
    <message>
        <source>Text, code and PDF (*.txt *.md *.csv *.tsv *.json *.xml *.yaml *.html *.tex *.log *.c *.h *.cpp *.py *.js *.ts *.java *.go *.rs *.sh *.sql *.pdf)</source>
        <translation>文本、代码和 PDF (*.txt *.md *.csv *.tsv *.json *.xml *.yaml *.html *.tex *.log *.c *.h *.cpp *.py *.js *.ts *.java *.go *.rs *.sh *.sql *.pdf)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Attach text, code or PDF; or drop files here</source>
        <translation>附上文本、代码或 PDF；也可把文件拖到这里</translation>
    </message>
    <message>
        <source>All settings…</source>
        <translation>所有设置…</translation>
    </message>
    <message>
        <source>A file is being read.</source>
        <translation>正在读取文件。</translation>
    </message>
    <message>
        <source>Stop and keep the text</source>
        <translation>停止并保留文字</translation>
    </message>
    <message>
        <source>%1 stops and keeps the text</source>
        <translation>%1 停止并保留文字</translation>
    </message>
    <message>
        <source>%1 sends, %2 breaks the line</source>
        <translation>%1 发送，%2 换行</translation>
    </message>
    <message>
        <source>%1 sends</source>
        <translation>%1 发送</translation>
    </message>
    <message>
        <source>%1 breaks the line</source>
        <translation>%1 换行</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ContextGauge</name>
    <message>
        <source>About %1 of %2 tokens of the model's context are used</source>
        <translation>模型上下文共 %2 个词元，约已用 %1 个</translation>
    </message>
    <message>
        <source>%1 of %2 tokens of the model's context are used</source>
        <translation>模型上下文共 %2 个词元，已用 %1 个</translation>
    </message>
    <message>
        <source>It is nearly full. Click for what happens then.</source>
        <translation>即将用满。点击查看用满后会怎样。</translation>
    </message>
    <message>
        <source>About %1 of %2 tokens of the model&apos;s context are used</source>
        <translation>模型上下文共 %2 个词元，约已用 %1 个</translation>
    </message>
    <message>
        <source>%1 of %2 tokens of the model&apos;s context are used</source>
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
        <source>The reply waits for its turn.</source>
        <translation>回复正在排队等待。</translation>
    </message>
    <message>
        <source>A reply is being written.</source>
        <translation>正在生成回复。</translation>
    </message>
    <message>
        <source>Not in the KV cache: the whole chat is read again before the next reply.</source>
        <translation>不在 KV 缓存中：下次回复前要重新读取整个对话。</translation>
    </message>
    <message>
        <source>%1 of %2 tokens in the KV cache: the next message is answered sooner.</source>
        <translation>KV 缓存中有 %1 / %2 个词元：下一条消息会更快得到回复。</translation>
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
    <message>
        <source>Folder %1, folded, chats: %2</source>
        <translation>文件夹“%1”，已折叠，对话数：%2</translation>
    </message>
    <message>
        <source>Folder %1, unfolded, chats: %2</source>
        <translation>文件夹“%1”，已展开，对话数：%2</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>in %1 s</source>
        <translation>%1 秒后</translation>
    </message>
    <message>
        <source>writing</source>
        <translation>生成中</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>pinned</source>
        <translation>已置顶</translation>
    </message>
    <message>
        <source>d MMM</source>
        <extracomment>Day and month, as QLocale::toString() takes it</extracomment>
        <translation>M月d日</translation>
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
    <message>
        <source>Drop to import these chats</source>
        <translation>松开以导入这些对话</translation>
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
    <message>
        <source>The model was closed.</source>
        <translation>模型已关闭。</translation>
    </message>
    <message>
        <source>Another model was opened.</source>
        <translation>打开了另一个模型。</translation>
    </message>
    <message>
        <source>No model is loaded.</source>
        <translation>没有加载模型。</translation>
    </message>
    <message>
        <source>Another run is under way.</source>
        <translation>另一次运行正在进行。</translation>
    </message>
    <message>
        <source>On the GPU: %1</source>
        <translation>在 GPU 上：%1</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::FindBar</name>
    <message>
        <source>Find in this chat</source>
        <translation>在此对话中查找</translation>
    </message>
    <message>
        <source>Match case</source>
        <translation>区分大小写</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭 (Esc)</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>第 %1 个，共 %2 个</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在搜索…</translation>
    </message>
    <message>
        <source>No match</source>
        <translation>无匹配项</translation>
    </message>
    <message>
        <source>Previous match</source>
        <translation>上一个匹配项</translation>
    </message>
    <message>
        <source>Next match</source>
        <translation>下一个匹配项</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::Inspector</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Preemption before</source>
        <translation>上一次抢占</translation>
    </message>
    <message>
        <source>Next preemption</source>
        <translation>下一次抢占</translation>
    </message>
    <message>
        <source>This engine, now</source>
        <translation>当前引擎</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>What is in it</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步</translation>
    </message>
    <message>
        <source>One pass of the model over all requests of a batch.</source>
        <translation>模型对一个批次中所有请求的一次计算。</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Preemptions</source>
        <translation>抢占</translation>
    </message>
    <message>
        <source>Times when a request had to give its memory to another one.</source>
        <translation>一个请求不得不把内存让给另一个请求的次数。</translation>
    </message>
    <message>
        <source>Steps left out</source>
        <translation>未保留的步</translation>
    </message>
    <message>
        <source>The oldest ones make room, so that a recording never fills the memory.</source>
        <translation>最早的步会让出空间，因此录制不会占满内存。</translation>
    </message>
    <message>
        <source>Where it is from</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>KV blocks</source>
        <translation>KV 块</translation>
    </message>
    <message>
        <source>%1 × %2 tokens</source>
        <translation>%1 × %2 词元</translation>
    </message>
    <message>
        <source>Show the first preemption</source>
        <translation>显示第一次抢占</translation>
    </message>
    <message>
        <source>Click a bar, a step or a block to see here what it was. Drag over the lanes to select a time.</source>
        <translation>点击条、步或块，可在此查看其内容。在各行上拖动可选择时段。</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>检查器</translation>
    </message>
    <message>
        <source>Go to message</source>
        <translation>转到消息</translation>
    </message>
    <message>
        <source>Shows the message in its chat</source>
        <translation>在对话中显示该消息</translation>
    </message>
    <message>
        <source>Shows the recording as a whole here</source>
        <translation>在此显示整个录制</translation>
    </message>
    <message>
        <source>Close the inspector</source>
        <translation>关闭检查器</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>See also</source>
        <translation>另见</translation>
    </message>
    <message>
        <source>Its first step</source>
        <translation>它的第一步</translation>
    </message>
    <message>
        <source>Its last step</source>
        <translation>它的最后一步</translation>
    </message>
    <message>
        <source>Its blocks</source>
        <translation>它的块</translation>
    </message>
    <message>
        <source>Marks the blocks that it holds, or wrote, at the moment shown</source>
        <translation>标出它在所示时刻持有或写入的块</translation>
    </message>
    <message>
        <source>Where its time went</source>
        <translation>时间花在哪里</translation>
    </message>
    <message>
        <source>Shows it on the Latency view</source>
        <translation>在“延迟”视图中查看</translation>
    </message>
    <message>
        <source>The step</source>
        <translation>这一步</translation>
    </message>
    <message>
        <source>Advice</source>
        <translation>建议</translation>
    </message>
    <message>
        <source>Shows what would help on the Latency view</source>
        <translation>在“延迟”视图中查看改进办法</translation>
    </message>
    <message>
        <source>The preemption in it</source>
        <translation>其中的抢占</translation>
    </message>
    <message>
        <source>Who lost memory in this step, and why</source>
        <translation>这一步中谁失去了内存，以及原因</translation>
    </message>
    <message>
        <source>NVTX</source>
        <translation>NVTX</translation>
    </message>
    <message>
        <source>not captured</source>
        <translation>未捕获</translation>
    </message>
    <message>
        <source>What the engine and other libraries told NVTX, as the lanes of the threads show it.</source>
        <translation>引擎和其他库告知 NVTX 的内容，显示在线程泳道中。</translation>
    </message>
    <message>
        <source>NVTX left out</source>
        <translation>遗漏的 NVTX</translation>
    </message>
    <message>
        <source>GPUs</source>
        <translation>GPU</translation>
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
    <name>vitrine::ui::MessageImages</name>
    <message>
        <source>Not shown: not a PNG, JPEG, GIF, WebP or BMP picture</source>
        <translation>未显示：不是 PNG、JPEG、GIF、WebP 或 BMP 图片</translation>
    </message>
    <message>
        <source>Not shown: the picture is damaged</source>
        <translation>未显示：图片已损坏</translation>
    </message>
    <message>
        <source>Not shown: %1 × %2 pixels are too many</source>
        <translation>未显示：%1 × %2 像素过大</translation>
    </message>
    <message>
        <source>Not shown: the picture is too large</source>
        <translation>未显示：图片过大</translation>
    </message>
    <message>
        <source>Not shown: there is no such file</source>
        <translation>未显示：没有这个文件</translation>
    </message>
    <message>
        <source>Not shown: the file cannot be read</source>
        <translation>未显示：无法读取文件</translation>
    </message>
    <message>
        <source>Loading the picture…</source>
        <translation>正在加载图片…</translation>
    </message>
    <message>
        <source>Picture on the internet, not fetched</source>
        <translation>网络图片，未下载</translation>
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
        <source>Show or hide what was thought</source>
        <translation>显示或隐藏思考过程</translation>
    </message>
    <message>
        <source>Copy this code</source>
        <translation>复制这段代码</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Jump to latest</source>
        <translation>跳到最新</translation>
    </message>
    <message>
        <source>%1 turns above are no longer read by the model</source>
        <translation>模型不再读取以上 %1 条消息</translation>
    </message>
    <message>
        <source>%1 turns above, after the first, are no longer read</source>
        <translation>以上 %1 条消息（开头除外）不再被读取</translation>
    </message>
    <message>
        <source>Token %1 of %2: “%3”, probability %4, surprise %5 bits</source>
        <translation>第 %1 个词元，共 %2 个：“%3”，概率 %4，意外程度 %5 比特</translation>
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
        <source>safetensors, %1</source>
        <translation>safetensors，%1</translation>
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
    <message>
        <source>What the model file says about itself</source>
        <translation>模型文件中的说明</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>打开模型</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::OverviewPanel</name>
    <message>
        <source>Recording</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>Tokens per second of the whole recording; the window is what is shown below</source>
        <translation>整个录制的每秒词元；窗口为下方所示时段</translation>
    </message>
    <message>
        <source>%1, tokens/s</source>
        <translation>%1，词元/秒</translation>
    </message>
    <message>
        <source>%1: a request was preempted, its memory went to another one.</source>
        <translation>%1：一个请求被抢占，它的内存交给了另一个请求。</translation>
    </message>
    <message>
        <source>%1: %2 tokens/s of all replies together</source>
        <translation>%1：所有回复合计 %2 词元/秒</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::PageHeader</name>
    <message>
        <source>Views of the recording</source>
        <translation>录制的视图</translation>
    </message>
    <message>
        <source>Request, chat or step</source>
        <translation>请求、对话或步</translation>
    </message>
    <message>
        <source>Search the recording</source>
        <translation>搜索录制</translation>
    </message>
    <message>
        <source>A chat&apos;s title, #17 for a request, 4163 for a step</source>
        <translation>对话标题；#17 表示请求，4163 表示步</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>Lets the picture stand still; recording goes on</source>
        <translation>画面静止；录制继续进行</translation>
    </message>
    <message>
        <source>Shows what happens now</source>
        <translation>显示正在发生的情况</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>Ends the file</source>
        <translation>结束文件</translation>
    </message>
    <message>
        <source>Writes all that happens from now on into a file</source>
        <translation>把从现在起发生的一切写入文件</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Writes the recording, or what is selected of it, for other programs</source>
        <translation>为其他程序写出录制或其中所选部分</translation>
    </message>
    <message>
        <source>Which panels are shown, and where</source>
        <translation>显示哪些面板，以及显示在哪里</translation>
    </message>
    <message>
        <source>Other ways to record</source>
        <translation>其他录制方式</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::PanelSection</name>
    <message>
        <source>Unfold %1</source>
        <translation>展开%1</translation>
    </message>
    <message>
        <source>Fold %1</source>
        <translation>折叠%1</translation>
    </message>
    <message>
        <source>Unfold</source>
        <translation>展开</translation>
    </message>
    <message>
        <source>Fold</source>
        <translation>折叠</translation>
    </message>
    <message>
        <source>Panel %1</source>
        <translation>面板：%1</translation>
    </message>
    <message>
        <source>Move or close the panel</source>
        <translation>移动或关闭面板</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Open in its own window</source>
        <translation>在独立窗口中打开</translation>
    </message>
    <message>
        <source>Put back into the page</source>
        <translation>放回页面</translation>
    </message>
    <message>
        <source>%1 in its own window</source>
        <translation>在独立窗口中打开“%1”</translation>
    </message>
    <message>
        <source>Put %1 back into the page</source>
        <translation>将“%1”放回页面</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::PreemptionChoices</name>
    <message>
        <source>Alternatives</source>
        <translation>其他选择</translation>
    </message>
    <message>
        <source>%1: %2, %3</source>
        <translation>%1：%2，%3</translation>
    </message>
    <message>
        <source>What the scheduler compared: the work that would be lost, weighed with priority, progress and
how often a request was preempted before. The cheapest one is taken.</source>
        <translation>调度器比较的依据：将失去的工作，并按优先级、进度和
此前被抢占的次数加权。选择代价最低者。</translation>
    </message>
    <message>
        <source>preempt it</source>
        <translation>抢占它</translation>
    </message>
    <message>
        <source>swap to host, chosen</source>
        <translation>换出到主机，已选</translation>
    </message>
    <message>
        <source>recompute, chosen</source>
        <translation>重算，已选</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ProfilerPage</name>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>Nothing in the recording is called “%1”</source>
        <translation>录制中没有名为“%1”的内容</translation>
    </message>
    <message>
        <source>A part of this recording could not be read: %1. What was read before it is shown.</source>
        <translation>此录制的一部分无法读取：%1。显示的是在此之前读到的内容。</translation>
    </message>
    <message>
        <source>%1 selected, %2 to %3</source>
        <translation>已选 %1，%2 至 %3</translation>
    </message>
    <message>
        <source>Panels of the timeline</source>
        <translation>时间线的面板</translation>
    </message>
    <message>
        <source>In their own windows</source>
        <translation>独立窗口</translation>
    </message>
    <message>
        <source>Reset layout</source>
        <translation>重置布局</translation>
    </message>
    <message>
        <source>Open in its own window</source>
        <translation>在独立窗口中打开</translation>
    </message>
    <message>
        <source>Put back into the page</source>
        <translation>放回页面</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
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
    <message>
        <source>Profiler</source>
        <translation>性能分析</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::RecordingNotes</name>
    <message>
        <source>Go to the chat</source>
        <translation>转到对话</translation>
    </message>
    <message>
        <source>Open another recording…</source>
        <translation>打开另一个录制…</translation>
    </message>
    <message>
        <source>Open a recording…</source>
        <translation>打开录制…</translation>
    </message>
    <message>
        <source>Nothing recorded yet</source>
        <translation>还没有录制</translation>
    </message>
    <message>
        <source>Ask something on the Chat page, and what the engine does appears here while it does it: who waits, who computes, and whose text lies in which block of the cache. Or open a recording that you or somebody else saved.</source>
        <translation>在对话页面提问，引擎的工作就会实时显示在这里：谁在等待，谁在计算，谁的文本在缓存的哪个块中。也可以打开您或他人保存的录制。</translation>
    </message>
    <message>
        <source>Reading %1</source>
        <translation>正在读取 %1</translation>
    </message>
    <message>
        <source>Large recordings take a few seconds.</source>
        <translation>较大的录制需要几秒钟。</translation>
    </message>
    <message>
        <source>The recording cannot be read</source>
        <translation>无法读取该录制</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::RequestPanel</name>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Scroll the requests</source>
        <translation>滚动请求</translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n more, %2</source>
        <translation><numerusform>%1 及另外 %n 段，%2</numerusform></translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>%1
Request %2: prompt of %3 tokens, %4 of them found in the prefix cache, %5 tokens written</source>
        <translation>%1
请求 %2：提示 %3 个词元，其中 %4 个在前缀缓存中找到，已写出 %5 个词元</translation>
    </message>
    <message>
        <source>Preempted: %1</source>
        <translation>被抢占：%1</translation>
    </message>
    <message>
        <source>preempted %1</source>
        <translation>被抢占 %1</translation>
    </message>
    <message>
        <source>queued %1</source>
        <translation>排队 %1</translation>
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
        <source>Processes</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>That share the model on the processor. One that
crashes is replaced and replies go on; one alone is
usually fastest. Automatic measures that under load.</source>
        <translation>在处理器上共同分担模型。崩溃的进程会被替换，
回复继续；通常单个进程最快。“自动”会在负载下测量。</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
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
        <source>Text size</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>Send with</source>
        <translation>发送键</translation>
    </message>
    <message>
        <source>When a long reply ends</source>
        <translation>长回复结束时</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>Notify me when I am elsewhere</source>
        <translation>不在窗口时通知我</translation>
    </message>
    <message>
        <source>No notification</source>
        <translation>不通知</translation>
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
    <message>
        <source>No keys</source>
        <translation>无按键</translation>
    </message>
    <message>
        <source>Compute on</source>
        <translation>计算设备</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ShortcutsDialog</name>
    <message>
        <source>Another pane</source>
        <translation>另一个窗格</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>新建文件夹</translation>
    </message>
    <message>
        <source>Search in all chats</source>
        <translation>搜索所有对话</translation>
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
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Kept on this computer alone.</source>
        <translation>只保存在这台电脑上。</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>新建文件夹</translation>
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
        <source>Processes: %1 as before, there cannot be %2: %3</source>
        <translation>进程：仍为 %1 个，不能有 %2 个：%3</translation>
    </message>
    <message>
        <source>Processes: %1 instead of %2, since that is faster</source>
        <translation>进程：%1 个（原为 %2 个），因为这样更快</translation>
    </message>
    <message>
        <source>Processes: %1 instead of %2, to see whether that is faster</source>
        <translation>进程：%1 个（原为 %2 个），正在测试是否更快</translation>
    </message>
    <message>
        <source>Processes: %1 instead of %2, since more are not faster</source>
        <translation>进程：%1 个（原为 %2 个），因为更多进程并不更快</translation>
    </message>
    <message>
        <source>Processes: %1 instead of %2, which can be compared with other numbers</source>
        <translation>进程：%1 个（原为 %2 个），该数量可与其他数量比较</translation>
    </message>
    <message>
        <source>Processes: %1 instead of %2, since nothing is asked</source>
        <translation>进程：%1 个（原为 %2 个），因为当前没有请求</translation>
    </message>
    <message>
        <source>Room for steps %1, recorded steps up to %2; %3 of %4 stay free</source>
        <translation>每步所需空间 %1，已录制的步最多 %2；%4 中留出 %3 空闲</translation>
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
    <message>
        <source>Open a model…</source>
        <translation>打开模型…</translation>
    </message>
    <message>
        <source>Model details</source>
        <translation>模型详情</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <extracomment>What is done, and the keys for it</extracomment>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>%1
Architecture %2, context %3 tokens
%4</source>
        <translation>%1
架构 %2，上下文 %3 个词元
%4</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::StepPanel</name>
    <message>
        <source>Steps</source>
        <translation>步</translation>
    </message>
    <message>
        <source>schedule</source>
        <translation>调度</translation>
    </message>
    <message>
        <source>transfer</source>
        <translation>传输</translation>
    </message>
    <message>
        <source>forward</source>
        <translation>前向</translation>
    </message>
    <message>
        <source>sample</source>
        <translation>采样</translation>
    </message>
    <message>
        <source>detokenise</source>
        <translation>还原文本</translation>
    </message>
    <message>
        <source>Decides which requests take part in the step and with how many tokens.</source>
        <translation>决定哪些请求参与本步，各用多少词元。</translation>
    </message>
    <message>
        <source>Copies KV blocks and swaps them to host memory and back.</source>
        <translation>复制 KV 块，并在主机内存之间换出换入。</translation>
    </message>
    <message>
        <source>The model computes; the colour says what: prompts, replies, or what was lost.</source>
        <translation>模型计算；颜色表示内容：提示、回复或失去的部分。</translation>
    </message>
    <message>
        <source>Chooses the next token of each reply.</source>
        <translation>为每个回复选择下一个词元。</translation>
    </message>
    <message>
        <source>Turns tokens into text and hands it out.</source>
        <translation>把词元转换为文本并交出。</translation>
    </message>
    <message>
        <source>%1
%2
%3 a step on average, of what is selected</source>
        <translation>%1
%2
所选时段平均每步 %3</translation>
    </message>
    <message numerus="yes">
        <source>%n steps in %1
%2</source>
        <translation><numerusform>%1内 %n 步
%2</numerusform></translation>
    </message>
    <message>
        <source>Step %1, %2: %3</source>
        <translation>第 %1 步，%2：%3</translation>
    </message>
    <message>
        <source>%1 prompt tokens, %2 replies</source>
        <translation>%1 个提示词元，%2 个回复</translation>
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
    <name>vitrine::ui::TimelinePage</name>
    <message>
        <source>step</source>
        <comment>before a number, in a search</comment>
        <translation>步</translation>
    </message>
    <message>
        <source>Colour by owner</source>
        <translation>按持有者着色</translation>
    </message>
    <message>
        <source>Colour by age</source>
        <translation>按时长着色</translation>
    </message>
    <message>
        <source>Colour by references</source>
        <translation>按引用数着色</translation>
    </message>
    <message>
        <source>Colour by tier</source>
        <translation>按层级着色</translation>
    </message>
    <message>
        <source>KV blocks</source>
        <translation>KV 块</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>Charts</source>
        <translation>图表</translation>
    </message>
    <message>
        <source>Colour of the blocks</source>
        <translation>块的颜色</translation>
    </message>
    <message>
        <source>Title or #number</source>
        <translation>标题或 #编号</translation>
    </message>
    <message>
        <source>Filter the requests</source>
        <translation>筛选请求</translation>
    </message>
    <message>
        <source>One step back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>One step on</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Victim&apos;s blocks</source>
        <translation>被抢占者的块</translation>
    </message>
    <message>
        <source>Given back in this step by a request that was preempted.</source>
        <translation>由本步被抢占的请求归还。</translation>
    </message>
    <message>
        <source>New in this step</source>
        <translation>本步新占用</translation>
    </message>
    <message>
        <source>Taken in this step.</source>
        <translation>在本步占用。</translation>
    </message>
    <message>
        <source>Budget %1</source>
        <translation>预算 %1</translation>
    </message>
    <message>
        <source>The most tokens that a step may compute; the scheduler adapts it where a pace was asked for.</source>
        <translation>一步最多可计算的词元数；要求了速度时由调度器调整。</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Pages that requests hold.</source>
        <translation>请求持有的页。</translation>
    </message>
    <message>
        <source>Cached</source>
        <translation>已缓存</translation>
    </message>
    <message>
        <source>Pages kept for prompts that begin alike.</source>
        <translation>为开头相同的提示保留的页。</translation>
    </message>
    <message>
        <source>Free, waiting</source>
        <translation>空闲，等待</translation>
    </message>
    <message>
        <source>Pages that nobody needs; requests that wait.</source>
        <translation>无人需要的页；等待中的请求。</translation>
    </message>
    <message>
        <source>%1 × %2 tokens, after step %3</source>
        <translation>%1 × %2 词元，第 %3 步之后</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>%1 in the selection, mean per step</source>
        <translation>所选 %1 步，每步平均</translation>
    </message>
    <message>
        <source>%1 in view, mean per step</source>
        <translation>可见 %1 步，每步平均</translation>
    </message>
    <message>
        <source>tokens and rows per step</source>
        <translation>每步的词元和行数</translation>
    </message>
    <message>
        <source>cache, speed and load</source>
        <translation>缓存、速度和负载</translation>
    </message>
    <message>
        <source>Budget %1 to %2</source>
        <translation>预算 %1 至 %2</translation>
    </message>
    <message>
        <source>A block holds the keys and values of a few tokens: what the model remembers of a text. Requests that begin alike share blocks.</source>
        <translation>一个块保存若干词元的键和值，即模型对文本的记忆。开头相同的请求共用块。</translation>
    </message>
    <message>
        <source>What each request went through: waiting, its prompt read (prefill), its reply written (decode), its memory lost and computed again.</source>
        <translation>每个请求的经历：等待、读取提示（预填充）、写出回复（解码）、失去内存后重新计算。</translation>
    </message>
    <message>
        <source>One pass of the model over all requests of a batch, and what the engine does before and after it.</source>
        <translation>模型对一个批次中所有请求的一次计算，以及引擎在其前后所做的工作。</translation>
    </message>
    <message>
        <source>What each step computed: tokens of prompts, at most as many as the budget allows, and replies, a token each.</source>
        <translation>每一步计算的内容：提示词元（不超过预算），以及每个回复各一个词元。</translation>
    </message>
    <message>
        <source>The cache, the speed and the load over time.</source>
        <translation>缓存、速度和负载随时间的变化。</translation>
    </message>
    <message>
        <source>Default domain</source>
        <translation>默认域</translation>
    </message>
    <message>
        <source>Domain %1</source>
        <translation>域 %1</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Show all lanes</source>
        <translation>显示全部泳道</translation>
    </message>
    <message>
        <source>%1 NVTX events</source>
        <translation>%1 个 NVTX 事件</translation>
    </message>
    <message>
        <source>%1, %2 older ones dropped</source>
        <translation>%1，已丢弃较早的 %2 个</translation>
    </message>
    <message>
        <source>All lanes are hidden.</source>
        <translation>所有泳道均已隐藏。</translation>
    </message>
    <message>
        <source>No NVTX events yet.</source>
        <translation>尚无 NVTX 事件。</translation>
    </message>
    <message>
        <source>The recording has no NVTX events.</source>
        <translation>该记录中没有 NVTX 事件。</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程</translation>
    </message>
    <message>
        <source>Lanes</source>
        <translation>泳道</translation>
    </message>
    <message>
        <source>Lanes that are shown</source>
        <translation>显示的泳道</translation>
    </message>
    <message>
        <source>What each thread did, and each GPU where there is one: what the engine and other libraries tell NVTX.</source>
        <translation>每个线程（以及每块 GPU，如果有）做了什么：引擎和其他库向 NVTX 报告的内容。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::TrendPanel</name>
    <message>
        <source>Charts</source>
        <translation>图表</translation>
    </message>
    <message>
        <source>KV pages</source>
        <translation>KV 页</translation>
    </message>
    <message>
        <source>prefix hits</source>
        <translation>前缀命中</translation>
    </message>
    <message>
        <source>100 %</source>
        <translation>100 %</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>%1 in use, %2 cached, of %3</source>
        <translation>使用中 %1，已缓存 %2，共 %3</translation>
    </message>
    <message>
        <source>Pages of the KV cache: in use by requests, kept for prompts that begin alike, free.
%1</source>
        <translation>KV 缓存的页：请求使用中、为开头相同的提示保留、空闲。
%1</translation>
    </message>
    <message>
        <source>%1 of %2 tokens</source>
        <translation>%1 / %2 个词元</translation>
    </message>
    <message>
        <source>How much of the prompts that were admitted then the prefix cache had.
%1</source>
        <translation>当时接纳的提示中有多少在前缀缓存里。
%1</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 词元/秒</translation>
    </message>
    <message>
        <source>Tokens written a second, all replies together.
%1</source>
        <translation>每秒写出的词元，所有回复合计。
%1</translation>
    </message>
    <message>
        <source>%1 running, %2 waiting</source>
        <translation>运行 %1，等待 %2</translation>
    </message>
    <message>
        <source>Requests that run, and above them those that wait.
%1</source>
        <translation>运行中的请求，其上为等待中的请求。
%1</translation>
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
    <message>
        <source>Make this friendlier: &quot;Your order is late. Wait for news.&quot;</source>
        <translation>把这句话改得更友善：“您的订单延误了，请等通知。”</translation>
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
    <message>
        <source>Tensors of type %1 (%2) are computed in 16 bits (%3 instead of %4).</source>
        <translation>类型为 %1 的张量（%2 个）以 16 位计算（占 %3，而不是 %4）。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::NoticeBar</name>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
</context>
<context>
    <name>ArchiveNotice</name>
    <message>
        <source>The file of your chats was damaged</source>
        <translation>保存对话的文件已损坏</translation>
    </message>
    <message>
        <source>%1 chats with %2 messages were recovered. The damaged file was kept as %3.</source>
        <translation>已恢复 %1 个对话、%2 条消息。损坏的文件保留为 %3。</translation>
    </message>
    <message>
        <source>Chats are not kept this time</source>
        <translation>这一次不会保存对话</translation>
    </message>
    <message>
        <source>%1 was written by a later version of Vitrine and is left as it is. Use that version.</source>
        <translation>%1 由更新版本的 Vitrine 写入，保持原样。请使用那个版本。</translation>
    </message>
    <message>
        <source>Chats of this window are not kept</source>
        <translation>此窗口的对话不会保存</translation>
    </message>
    <message>
        <source>Another window of Vitrine has your chats open. Close one of the two, then start again.</source>
        <translation>另一个 Vitrine 窗口正在使用您的对话。请关闭其中一个，然后重新启动。</translation>
    </message>
    <message>
        <source>%1 cannot be used: %2 Make room or give access, then start again.</source>
        <translation>无法使用 %1：%2 请腾出空间或授予权限，然后重新启动。</translation>
    </message>
    <message>
        <source>Your chats cannot be saved at the moment</source>
        <translation>目前无法保存您的对话</translation>
    </message>
    <message>
        <source>They are kept in memory and saved as soon as it is possible: %1</source>
        <translation>对话保留在内存中，一旦可行就会保存：%1</translation>
    </message>
    <message>
        <source>The messages of a chat cannot be read</source>
        <translation>无法读取一个对话的消息</translation>
    </message>
    <message>
        <source>Go to another chat and back to try again: %1</source>
        <translation>切换到其他对话再返回即可重试：%1</translation>
    </message>
</context>
<context>
    <name>ChatDatabase</name>
    <message>
        <source>The folder %1 cannot be made.</source>
        <translation>无法创建文件夹 %1。</translation>
    </message>
    <message>
        <source>The copy %1 cannot be written.</source>
        <translation>无法写入副本 %1。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::BranchModel</name>
    <message>
        <source>A reply is being written</source>
        <translation>正在写回复</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>You</source>
        <translation>您</translation>
    </message>
    <message>
        <source>Reply</source>
        <translation>回复</translation>
    </message>
    <message>
        <source>%1 cached</source>
        <translation>%1 来自缓存</translation>
    </message>
    <message>
        <source>1 branch</source>
        <translation>1 个分支</translation>
    </message>
    <message>
        <source>%1 branches</source>
        <translation>%1 个分支</translation>
    </message>
    <message>
        <source>1 turn</source>
        <translation>1 条消息</translation>
    </message>
    <message>
        <source>%1 turns</source>
        <translation>%1 条消息</translation>
    </message>
    <message>
        <source>%1 prompt tokens shared with other branches and turns, not computed again</source>
        <translation>%1 个提示词元与其他分支和消息共享，没有重新计算</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::BranchesDialog</name>
    <message>
        <source>Branches of “%1”</source>
        <translation>“%1”的分支</translation>
    </message>
    <message>
        <source>Branches</source>
        <translation>分支</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Show this branch</source>
        <translation>显示此分支</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::MainWindow</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Your presets</source>
        <translation>你的预设</translation>
    </message>
    <message>
        <source>This is too much to keep unsent: the attachments are gone when Vitrine closes. Send the message, or attach less.</source>
        <translation>未发送的附件太多，无法保存：关闭 Vitrine 后它们会丢失。请发送这条消息，或减少附件。</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>Load lab</source>
        <translation>负载实验室</translation>
    </message>
    <message>
        <source>The GPU could not be used</source>
        <translation>无法使用 GPU</translation>
    </message>
    <message>
        <source>%1 computes on the processor instead: %2.</source>
        <translation>%1 改在处理器上计算：%2。</translation>
    </message>
    <message>
        <source>One process computes</source>
        <translation>由一个进程计算</translation>
    </message>
    <message>
        <source>The number of processes is as before</source>
        <translation>进程数保持不变</translation>
    </message>
    <message>
        <source>%1 could not be shared by several: %2.</source>
        <translation>%1 无法由多个进程分担：%2。</translation>
    </message>
    <message>
        <source>Failed too often: the model goes on with %1 of %2 processes</source>
        <translation>故障过于频繁：模型改用 %2 个进程中的 %1 个继续</translation>
    </message>
    <message>
        <source>A process was replaced; replies go on</source>
        <translation>已替换一个进程；回复继续</translation>
    </message>
    <message>
        <source>What failed: %1. All computed again after %2 s.</source>
        <translation>故障：%1。%2 秒后全部恢复计算。</translation>
    </message>
    <message>
        <source>What happened…</source>
        <translation>发生了什么…</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::TurnActions</name>
    <message>
        <source>All branches…</source>
        <translation>所有分支…</translation>
    </message>
    <message>
        <source>Delete from here on</source>
        <translation>从这里开始删除</translation>
    </message>
    <message>
        <source>Regenerate × %1, side by side</source>
        <translation>并行重新生成 %1 次</translation>
    </message>
    <message>
        <source>1 message deleted</source>
        <translation>已删除 1 条消息</translation>
    </message>
    <message>
        <source>%1 messages deleted</source>
        <translation>已删除 %1 条消息</translation>
    </message>
    <message>
        <source>Token probabilities</source>
        <translation>词元概率</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::TurnModeBar</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>You are wording a message anew. The old one stays as another version.</source>
        <translation>您正在改写一条消息。原来的内容会保留为另一个版本。</translation>
    </message>
    <message>
        <source>Your message begins a new branch after the reply above. The others stay.</source>
        <translation>您的消息将在上面的回复之后开始一个新分支。其他分支会保留。</translation>
    </message>
</context>
<context>
    <name>ReplyBreakdown</name>
    <message>
        <source>%1 s, most of it waiting.</source>
        <translation>%1 秒，大部分时间在等待。</translation>
    </message>
    <message>
        <source>%1 s, most of it paused for other chats.</source>
        <translation>%1 秒，大部分时间为其他对话暂停。</translation>
    </message>
    <message>
        <source>%1 s, most of it reading the prompt.</source>
        <translation>%1 秒，大部分时间在读取提示词。</translation>
    </message>
    <message>
        <source>%1 s, most of it because of other chats.</source>
        <translation>%1 秒，大部分时间受其他对话影响。</translation>
    </message>
    <message>
        <source>%1 s, most of it decode.</source>
        <translation>%1 秒，大部分时间在解码。</translation>
    </message>
    <message>
        <source>%1 s, most of it choosing tokens.</source>
        <translation>%1 秒，大部分时间在选择词元。</translation>
    </message>
    <message>
        <source>%1 s, most of it between steps.</source>
        <translation>%1 秒，大部分时间在步骤之间。</translation>
    </message>
    <message>
        <source>“%1” shared %2 of %3 steps and added %4 s.</source>
        <translation>“%1”共享了 %3 步中的 %2 步，增加了 %4 秒。</translation>
    </message>
</context>
<context>
    <name>ExchangeDialog</name>
    <message>
        <source>Vitrine chats, with everything (*.json)</source>
        <translation>Vitrine 对话，包含全部内容 (*.json)</translation>
    </message>
    <message>
        <source>Markdown (*.md)</source>
        <translation>Markdown (*.md)</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
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
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Export chats</source>
        <translation>导出对话</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Import chats</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>Chats (*.json *.md *.markdown *.txt)</source>
        <translation>对话 (*.json *.md *.markdown *.txt)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
</context>
<context>
    <name>ImportLog</name>
    <message>
        <source>the file ends in the middle of it. Get a whole copy of the file.</source>
        <translation>文件在此处中断。请重新获取完整的文件。</translation>
    </message>
    <message>
        <source>it is too large or nested too deeply.</source>
        <translation>内容过大或嵌套过深。</translation>
    </message>
    <message>
        <source>%1 at byte %2 of the file.</source>
        <translation>%1（文件第 %2 字节处）。</translation>
    </message>
    <message>
        <source>The file holds more than is read at once. Split it.</source>
        <translation>文件内容超出一次可读取的范围。请拆分文件。</translation>
    </message>
    <message>
        <source>The file ends early, in line %1.</source>
        <translation>文件在第 %1 行提前结束。</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>第 %1 行：%2</translation>
    </message>
    <message>
        <source>It has %1; at most %2 are read. Split it.</source>
        <translation>文件大小为 %1，最多可读取 %2。请拆分文件。</translation>
    </message>
    <message>
        <source>This is a zip archive. Unpack it and choose the conversations.json in it.</source>
        <translation>这是 zip 压缩包。请先解压，再选择其中的 conversations.json。</translation>
    </message>
    <message>
        <source>This is a PDF, which cannot be read back. Choose a .json or .md file.</source>
        <translation>这是 PDF，无法重新读入。请选择 .json 或 .md 文件。</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>文件为空。</translation>
    </message>
    <message>
        <source>This is not text. Choose a .json or .md file in UTF-8.</source>
        <translation>这不是文本。请选择 UTF-8 编码的 .json 或 .md 文件。</translation>
    </message>
    <message>
        <source>Text files are read up to %1. Split it.</source>
        <translation>文本文件最大可读取 %1。请拆分文件。</translation>
    </message>
    <message>
        <source>There are no chats in it.</source>
        <translation>文件中没有对话。</translation>
    </message>
    <message>
        <source>It is not there, or it is not a file.</source>
        <translation>文件不存在，或它不是文件。</translation>
    </message>
    <message>
        <source>It cannot be opened: %1.</source>
        <translation>无法打开：%1。</translation>
    </message>
    <message>
        <source>a turn that is not of the expected form was left out.</source>
        <translation>略过了一条格式不符的消息。</translation>
    </message>
    <message>
        <source>it is not of the form of a ChatGPT conversation: &quot;mapping&quot; is missing.</source>
        <translation>不是 ChatGPT 对话的格式：缺少“mapping”。</translation>
    </message>
    <message>
        <source>it has no list of messages.</source>
        <translation>其中没有消息列表。</translation>
    </message>
    <message>
        <source>a message without id, role or text was left out.</source>
        <translation>略过了一条缺少 id、角色或文本的消息。</translation>
    </message>
    <message>
        <source>This is JSON, but neither chats of Vitrine nor conversations.json of ChatGPT.</source>
        <translation>这是 JSON，但既不是 Vitrine 的对话，也不是 ChatGPT 的 conversations.json。</translation>
    </message>
    <message>
        <source>A later version of Vitrine wrote this file. Import it with that version.</source>
        <translation>此文件由更新版本的 Vitrine 写入。请用该版本导入。</translation>
    </message>
    <message>
        <source>The file does not say which version of the format it has; &quot;version&quot; should be 1.</source>
        <translation>文件没有注明格式版本；“version”应为 1。</translation>
    </message>
    <message>
        <source>Chat %1 (line %2): %3</source>
        <translation>对话 %1（第 %2 行）：%3</translation>
    </message>
    <message>
        <source>Chat %1: %2</source>
        <translation>对话 %1：%2</translation>
    </message>
    <message>
        <source>the file holds more chats than are read at once. Split it.</source>
        <translation>文件中的对话数量超出一次可读取的范围。请拆分文件。</translation>
    </message>
    <message>
        <source>it has more than %1 messages.</source>
        <translation>其中的消息超过 %1 条。</translation>
    </message>
    <message>
        <source>there is no turn in it that can be read.</source>
        <translation>其中没有可读取的消息。</translation>
    </message>
    <message>
        <source>an attached file without its end was left out.</source>
        <translation>略过了一个不完整的附件。</translation>
    </message>
</context>
<context>
    <name>ImportNotice</name>
    <message>
        <source>1 chat imported</source>
        <translation>已导入 1 个对话</translation>
    </message>
    <message>
        <source>%1 chats imported</source>
        <translation>已导入 %1 个对话</translation>
    </message>
    <message>
        <source>The import was cancelled</source>
        <translation>导入已取消</translation>
    </message>
    <message>
        <source>All these chats are here already</source>
        <translation>这些对话都已存在</translation>
    </message>
    <message>
        <source>Nothing was imported</source>
        <translation>没有导入任何内容</translation>
    </message>
    <message>
        <source>1 chat was here already.</source>
        <translation>1 个对话已存在。</translation>
    </message>
    <message>
        <source>%1 chats were here already.</source>
        <translation>%1 个对话已存在。</translation>
    </message>
    <message>
        <source>1 chat was left out.</source>
        <translation>略过了 1 个对话。</translation>
    </message>
    <message>
        <source>%1 chats were left out.</source>
        <translation>略过了 %1 个对话。</translation>
    </message>
    <message>
        <source>1 message was left out.</source>
        <translation>略过了 1 条消息。</translation>
    </message>
    <message>
        <source>%1 messages were left out.</source>
        <translation>略过了 %1 条消息。</translation>
    </message>
    <message>
        <source>The rest was cancelled.</source>
        <translation>其余部分已取消。</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>以及另外 %1 项</translation>
    </message>
</context>
<context>
    <name>TurnText</name>
    <message>
        <source>Chat without a title</source>
        <translation>无标题对话</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Assistant</source>
        <translation>助手</translation>
    </message>
    <message>
        <source>1 token</source>
        <translation>1 个词元</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个词元</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 词元/秒</translation>
    </message>
    <message>
        <source>first token after %1 s</source>
        <translation>首个词元用时 %1 秒</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Cut off at the length limit</source>
        <translation>因达到长度上限而截断</translation>
    </message>
    <message>
        <source>Failed: %1</source>
        <translation>失败：%1</translation>
    </message>
    <message>
        <source>Not finished</source>
        <translation>未完成</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ExchangeController</name>
    <message>
        <source>%1 % done</source>
        <translation>已完成 %1 %</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Vitrine chats %1</source>
        <translation>Vitrine 对话 %1</translation>
    </message>
    <message>
        <source>Exporting chats</source>
        <translation>正在导出对话</translation>
    </message>
    <message>
        <source>There is no turn in it yet.</source>
        <translation>其中还没有消息。</translation>
    </message>
    <message>
        <source>The export was cancelled</source>
        <translation>导出已取消</translation>
    </message>
    <message>
        <source>No file was written.</source>
        <translation>未写入任何文件。</translation>
    </message>
    <message>
        <source>The chats could not be exported</source>
        <translation>无法导出对话</translation>
    </message>
    <message>
        <source>%1: %2 Nothing was changed; try another place.</source>
        <translation>%1：%2 未作任何更改；请换一个位置。</translation>
    </message>
    <message>
        <source>1 chat that is empty or cannot be read was left out.</source>
        <translation>略过了 1 个空的或无法读取的对话。</translation>
    </message>
    <message>
        <source>%1 chats that are empty or cannot be read were left out.</source>
        <translation>略过了 %1 个空的或无法读取的对话。</translation>
    </message>
    <message>
        <source>1 chat exported</source>
        <translation>已导出 1 个对话</translation>
    </message>
    <message>
        <source>%1 chats exported</source>
        <translation>已导出 %1 个对话</translation>
    </message>
    <message>
        <source>Importing chats</source>
        <translation>正在导入对话</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>1 imported chat removed</source>
        <translation>已移除 1 个导入的对话</translation>
    </message>
    <message>
        <source>%1 imported chats removed</source>
        <translation>已移除 %1 个导入的对话</translation>
    </message>
    <message>
        <source>Removing imported chats</source>
        <translation>正在移除导入的对话</translation>
    </message>
    <message>
        <source>The others stay.</source>
        <translation>其余的保留。</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Profiler</source>
        <translation>性能分析</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>New line</source>
        <translation>换行</translation>
    </message>
    <message>
        <source>Stop, keep the text</source>
        <translation>停止并保留文字</translation>
    </message>
    <message>
        <source>Recall last prompt</source>
        <translation>取回上一条消息</translation>
    </message>
    <message>
        <source>Copy reply</source>
        <translation>复制回复</translation>
    </message>
    <message>
        <source>Search and commands</source>
        <translation>搜索与命令</translation>
    </message>
    <message>
        <source>Go to the chat</source>
        <translation>转到对话</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Another pane</source>
        <translation>另一个窗格</translation>
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
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>放大文字</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>缩小文字</translation>
    </message>
    <message>
        <source>Text at its usual size</source>
        <translation>恢复文字大小</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Model details</source>
        <translation>模型详情</translation>
    </message>
    <message>
        <source>Close the pane</source>
        <translation>关闭窗格</translation>
    </message>
    <message>
        <source>Compare panes with one prompt</source>
        <translation>用同一提示词比较窗格</translation>
    </message>
    <message>
        <source>Regenerate</source>
        <translation>重新生成</translation>
    </message>
    <message>
        <source>Find in this chat</source>
        <translation>在此对话中查找</translation>
    </message>
    <message>
        <source>All branches of this chat</source>
        <translation>此对话的所有分支</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>新建文件夹</translation>
    </message>
    <message>
        <source>Search in all chats</source>
        <translation>在所有对话中搜索</translation>
    </message>
    <message>
        <source>Go to the models</source>
        <translation>转到模型</translation>
    </message>
    <message>
        <source>Token probabilities</source>
        <translation>词元概率</translation>
    </message>
    <message>
        <source>Choose another model</source>
        <translation>选择其他模型</translation>
    </message>
    <message>
        <source>Rename in the list of chats</source>
        <translation>在对话列表中重命名</translation>
    </message>
    <message>
        <source>Delete in the list of chats</source>
        <translation>在对话列表中删除</translation>
    </message>
    <message>
        <source>Next match</source>
        <translation>下一个匹配项</translation>
    </message>
    <message>
        <source>Previous match</source>
        <translation>上一个匹配项</translation>
    </message>
    <message>
        <source>Go to the profiler</source>
        <translation>转到性能分析</translation>
    </message>
    <message>
        <source>Times shown before</source>
        <translation>之前显示的时段</translation>
    </message>
    <message>
        <source>Times shown after that</source>
        <translation>之后显示的时段</translation>
    </message>
    <message>
        <source>The whole recording</source>
        <translation>整个录制</translation>
    </message>
    <message>
        <source>Zoom to the selection</source>
        <translation>缩放到所选时段</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::CommandPalette</name>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Nothing found.</source>
        <translation>没有找到。</translation>
    </message>
    <message>
        <source>Search commands, chats, models and settings</source>
        <translation>搜索命令、对话、模型和设置</translation>
    </message>
    <message>
        <source>choose</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>open in a new pane</source>
        <translation>在新窗格中打开</translation>
    </message>
    <message>
        <source>&gt; commands  # chats  @ models</source>
        <extracomment>Prefixes of the palette, the signs stay as they are</extracomment>
        <translation>&gt; 命令  # 对话  @ 模型</translation>
    </message>
    <message>
        <source>1 result</source>
        <translation>1 个结果</translation>
    </message>
    <message>
        <source>%1 results</source>
        <translation>%1 个结果</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ConversationSource</name>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>%1, 1 message</source>
        <extracomment>A day and how much was said: "Yesterday, 18 messages"</extracomment>
        <translation>%1，1 条消息</translation>
    </message>
    <message>
        <source>%1, %2 messages</source>
        <translation>%1，%2 条消息</translation>
    </message>
    <message>
        <source>d MMM</source>
        <extracomment>Day and month, as QLocale::toString() takes it</extracomment>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <extracomment>Day, month and year, as QLocale::toString() takes it</extracomment>
        <translation>yyyy年M月d日</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ModelSource</name>
    <message>
        <source>Loaded, show details</source>
        <translation>已加载，查看详情</translation>
    </message>
    <message>
        <source>Load %1</source>
        <translation>加载 %1</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::PaletteList</name>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Models and settings</source>
        <translation>模型与设置</translation>
    </message>
    <message>
        <source>In messages</source>
        <translation>消息中</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::SettingSource</name>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Theme: like the system</source>
        <translation>主题：跟随系统</translation>
    </message>
    <message>
        <source>Theme: light</source>
        <translation>主题：浅色</translation>
    </message>
    <message>
        <source>Theme: dark</source>
        <translation>主题：深色</translation>
    </message>
    <message>
        <source>Language: like the system</source>
        <translation>语言：跟随系统</translation>
    </message>
    <message>
        <source>Language: %1</source>
        <translation>语言：%1</translation>
    </message>
    <message>
        <source>Send with Enter</source>
        <translation>按 Enter 发送</translation>
    </message>
    <message>
        <source>Send with Ctrl+Enter</source>
        <translation>按 Ctrl+Enter 发送</translation>
    </message>
    <message>
        <source>Notifications of long replies: switch off</source>
        <translation>长回复通知：关闭</translation>
    </message>
    <message>
        <source>Notifications of long replies: switch on</source>
        <translation>长回复通知：开启</translation>
    </message>
    <message>
        <source>Waiting replies: in order of arrival</source>
        <translation>等待的回复：按到达顺序</translation>
    </message>
    <message>
        <source>Waiting replies: fair to each chat</source>
        <translation>等待的回复：各对话公平轮流</translation>
    </message>
    <message>
        <source>Waiting replies: short ones first</source>
        <translation>等待的回复：短回复优先</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ShortcutButton</name>
    <message>
        <source>Press keys</source>
        <translation>请按键</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ShortcutRow</name>
    <message>
        <source>Take it over</source>
        <translation>改为用于此处</translation>
    </message>
    <message>
        <source>%1 is needed for typing. Hold Ctrl or Alt as well, or use a function key.</source>
        <translation>%1 用于打字。请同时按住 Ctrl 或 Alt，或使用功能键。</translation>
    </message>
    <message>
        <source>%1 is used in text fields.</source>
        <translation>%1 用于文本框。</translation>
    </message>
    <message>
        <source>%1 is used by “%2”.</source>
        <translation>%1 已用于“%2”。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>no keys</source>
        <translation>没有按键</translation>
    </message>
    <message>
        <source>Press it, then the new keys.</source>
        <translation>先按下此项，再按新的按键。</translation>
    </message>
    <message>
        <source>%1 is needed in the list. Hold Ctrl or Alt as well, or use a function key.</source>
        <translation>%1 在列表中另有用途。请同时按住 Ctrl 或 Alt，或使用功能键。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ShortcutSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭 (Esc)</translation>
    </message>
    <message>
        <source>Filter, or press a key</source>
        <translation>筛选，或直接按键</translation>
    </message>
    <message>
        <source>Clear the filter</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Esc keeps the keys, Backspace removes them</source>
        <translation>Esc 保留原按键，Backspace 移除</translation>
    </message>
    <message>
        <source>Click a row to rebind it</source>
        <translation>点击一行可更改按键</translation>
    </message>
    <message>
        <source>No command has this name or these keys.</source>
        <translation>没有命令叫这个名字或用这些按键。</translation>
    </message>
    <message>
        <source>Restore defaults</source>
        <translation>恢复默认</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::LongReplyNotifier</name>
    <message>
        <source>The reply failed after %1 s. %2</source>
        <translation>回复在 %1 秒后失败。%2</translation>
    </message>
    <message>
        <source>The reply is complete after %1 s.</source>
        <translation>回复已完成，用时 %1 秒。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::DesktopNotes</name>
    <message>
        <source>Show the window</source>
        <translation>显示窗口</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::SearchResults</name>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ConversationDelegate</name>
    <message>
        <source>Name of the folder</source>
        <translation>文件夹名称</translation>
    </message>
    <message>
        <source>Title of the chat</source>
        <translation>对话标题</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ConversationView</name>
    <message>
        <source>%1 chats</source>
        <translation>%1 个对话</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::SearchField</name>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search in all chats</source>
        <translation>搜索所有对话</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::SearchPanel</name>
    <message>
        <source>Searching…</source>
        <translation>正在搜索…</translation>
    </message>
    <message>
        <source>Nothing found for “%1”.</source>
        <translation>未找到“%1”。</translation>
    </message>
    <message>
        <source>Search results</source>
        <translation>搜索结果</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::SelectionBar</name>
    <message>
        <source>%1 selected</source>
        <translation>已选 %1 个</translation>
    </message>
    <message>
        <source>Move to a folder</source>
        <translation>移到文件夹</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Delete %1 chats</source>
        <translation>删除 %1 个对话</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::SidebarMenus</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Move to</source>
        <translation>移到</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete %1 chats</source>
        <translation>删除 %1 个对话</translation>
    </message>
    <message>
        <source>New folder…</source>
        <translation>新建文件夹…</translation>
    </message>
    <message>
        <source>Out of the folder</source>
        <translation>移出文件夹</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Remove the folder, keep its chats</source>
        <translation>移除文件夹，保留其中的对话</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::SidebarController</name>
    <message>
        <source>“%1” was deleted.</source>
        <translation>已删除“%1”。</translation>
    </message>
    <message>
        <source>%1 chats were deleted.</source>
        <translation>已删除 %1 个对话。</translation>
    </message>
    <message>
        <source>The folder “%1” was removed. Its chats are still there.</source>
        <translation>已移除文件夹“%1”，其中的对话仍然保留。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::SamplingRow</name>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Min-p</source>
        <translation>Min-p</translation>
    </message>
    <message>
        <source>Typical-p</source>
        <translation>Typical-p</translation>
    </message>
    <message>
        <source>Repetition</source>
        <translation>重复惩罚</translation>
    </message>
    <message>
        <source>Presence</source>
        <translation>出现惩罚</translation>
    </message>
    <message>
        <source>Frequency</source>
        <translation>频率惩罚</translation>
    </message>
    <message>
        <source>Longest reply</source>
        <translation>最长回复</translation>
    </message>
    <message>
        <source>How freely words are chosen: 0 always takes the likeliest, 0.7 suits most questions, above 1.2 replies fall apart.</source>
        <translation>选词的自由程度：0 总取最可能的词，0.7 适合大多数问题，超过 1.2 回复会散乱。</translation>
    </message>
    <message>
        <source>Chooses among so many of the likeliest words. 0: among all.</source>
        <translation>只在这么多个最可能的词中选。0：不限。</translation>
    </message>
    <message>
        <source>Chooses among the likeliest words that together have this share of the probability. 1: among all.</source>
        <translation>只在概率之和达到这一比例的最可能的词中选。1：不限。</translation>
    </message>
    <message>
        <source>Leaves out words that are less likely than this share of the likeliest one. 0: none.</source>
        <translation>舍去概率不到最可能词这一比例的词。0：不舍去。</translation>
    </message>
    <message>
        <source>Prefers words that are about as surprising as is usual at this place. 1: off.</source>
        <translation>偏向意外程度与此处平均相近的词。1：关闭。</translation>
    </message>
    <message>
        <source>Makes words that were said already, also in your question, less likely. 1: off, 1.1 is gentle.</source>
        <translation>降低已经出现过的词（包括你的问题中的）的概率。1：关闭，1.1 为轻微。</translation>
    </message>
    <message>
        <source>Makes words that the reply has used once less likely, for new subjects. 0: off.</source>
        <translation>降低回复中已用过的词的概率，以便谈新话题。0：关闭。</translation>
    </message>
    <message>
        <source>Makes words less likely each time the reply uses them, against loops. 0: off.</source>
        <translation>词每用一次概率就降低一些，防止循环。0：关闭。</translation>
    </message>
    <message>
        <source>A reply ends here at the latest, in tokens. A token is about three quarters of an English word.</source>
        <translation>回复最多这么多词元。一个词元大约是一个常用汉字或四分之三个英文单词。</translation>
    </message>
    <message>
        <source>Back to %1</source>
        <translation>恢复为 %1</translation>
    </message>
    <message>
        <source>Reset %1</source>
        <translation>重置%1</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::PresetBar</name>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>自定义</translation>
    </message>
    <message>
        <source>Keep, rename, delete, import or export presets</source>
        <translation>保存、重命名、删除、导入或导出预设</translation>
    </message>
    <message>
        <source>Name of the preset</source>
        <translation>预设名称</translation>
    </message>
    <message>
        <source>With the instructions</source>
        <translation>包含指令</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Save as preset…</source>
        <translation>另存为预设…</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>“%1” was deleted.</source>
        <translation>已删除“%1”。</translation>
    </message>
    <message>
        <source>Import presets</source>
        <translation>导入预设</translation>
    </message>
    <message>
        <source>Export presets</source>
        <translation>导出预设</translation>
    </message>
    <message>
        <source>Presets (*.json)</source>
        <translation>预设 (*.json)</translation>
    </message>
    <message>
        <source>You have these presets already.</source>
        <translation>这些预设你已经有了。</translation>
    </message>
    <message>
        <source>%1 presets were added.</source>
        <translation>已添加 %1 个预设。</translation>
    </message>
    <message>
        <source>Your presets were written to %1.</source>
        <translation>你的预设已写入 %1。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::PresetStore</name>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>无法写入 %1：%2</translation>
    </message>
    <message>
        <source>%1 was written by a later version of Vitrine and is left as it is.</source>
        <translation>%1 由更新版本的 Vitrine 写成，未作改动。</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>无法读取 %1：%2</translation>
    </message>
    <message>
        <source>%1 is damaged. Presets are not kept this time.</source>
        <translation>%1 已损坏。这次不会保存预设。</translation>
    </message>
    <message>
        <source>The file of your presets was damaged. It was kept as %1.</source>
        <translation>你的预设文件已损坏，已另存为 %1。</translation>
    </message>
    <message>
        <source>Give the preset a name.</source>
        <translation>请给预设起个名字。</translation>
    </message>
    <message>
        <source>The name is too long: at most %1 characters.</source>
        <translation>名字太长：最多 %1 个字符。</translation>
    </message>
    <message>
        <source>“%1” comes with Vitrine. Choose another name.</source>
        <translation>“%1”是 Vitrine 自带的，请换个名字。</translation>
    </message>
    <message>
        <source>There are %1 presets already. Delete one first.</source>
        <translation>已经有 %1 个预设，请先删除一个。</translation>
    </message>
    <message>
        <source>There is a preset “%1” already.</source>
        <translation>已经有名为“%1”的预设。</translation>
    </message>
    <message>
        <source>%1 was written by a later version of Vitrine. Use that version.</source>
        <translation>%1 由更新版本的 Vitrine 写成，请使用那个版本。</translation>
    </message>
    <message>
        <source>%1 holds no presets. Choose a .json file that was exported here.</source>
        <translation>%1 中没有预设。请选择从这里导出的 .json 文件。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::SamplingPanel</name>
    <message>
        <source>How replies are made</source>
        <translation>回复方式</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭 (Esc)</translation>
    </message>
    <message>
        <source>Instructions</source>
        <translation>指令</translation>
    </message>
    <message>
        <source>What the model is told before each chat, e.g. “Answer briefly, in German.”</source>
        <translation>每次对话前告诉模型的话，例如“请用中文简短回答。”</translation>
    </message>
    <message>
        <source>Instructions (system prompt)</source>
        <translation>指令（系统提示）</translation>
    </message>
    <message>
        <source>Reply</source>
        <translation>回复</translation>
    </message>
    <message>
        <source>Which words may be chosen</source>
        <translation>可选哪些词</translation>
    </message>
    <message>
        <source>Against repetition</source>
        <translation>防止重复</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>全部重置</translation>
    </message>
    <message>
        <source>All values as in a new chat; the instructions stay</source>
        <translation>所有数值恢复为新对话的值；指令保留</translation>
    </message>
    <message>
        <source>Where chance begins. With the same seed the same question gets the same reply, for certain when arithmetic is set to Deterministic in the settings.</source>
        <translation>随机的起点。种子相同，同样的问题得到同样的回复；在设置中把运算设为“确定性”时可完全保证。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>New each time</source>
        <translation>每次都换新的</translation>
    </message>
    <message>
        <source>Roll a seed and keep it</source>
        <translation>掷一个种子并固定</translation>
    </message>
    <message>
        <source>A new seed for each reply</source>
        <translation>每次回复用新种子</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::AttachmentReader</name>
    <message>
        <source>%1 is a picture: this model reads text only.</source>
        <translation>%1 是图片：此模型只能阅读文字。</translation>
    </message>
    <message>
        <source>%1 is a recording: this model reads text only.</source>
        <translation>%1 是音频或视频：此模型只能阅读文字。</translation>
    </message>
    <message>
        <source>%1 is a document or an archive that cannot be read here: save it as PDF or text.</source>
        <translation>%1 是此处无法读取的文档或压缩包：请另存为 PDF 或文本。</translation>
    </message>
    <message>
        <source>%1 is not text: this model reads text and PDF only.</source>
        <translation>%1 不是文本：此模型只能阅读文本和 PDF。</translation>
    </message>
    <message>
        <source>%1 has %2, at most %3 are read: attach the part that matters.</source>
        <translation>%1 有 %2，最多读取 %3：请只附上需要的部分。</translation>
    </message>
    <message>
        <source>%1 is damaged: it cannot be read as PDF.</source>
        <translation>%1 已损坏：无法作为 PDF 读取。</translation>
    </message>
    <message>
        <source>%1 is protected by a password: save a copy without it.</source>
        <translation>%1 有密码保护：请另存一份无密码的副本。</translation>
    </message>
    <message>
        <source>%1 has no text: its pages are pictures.</source>
        <translation>%1 没有文字：其页面是图片。</translation>
    </message>
    <message>
        <source>%1 is long: only its first %2 of %3 pages were read.</source>
        <translation>%1 很长：只读取了 %3 页中的前 %2 页。</translation>
    </message>
    <message>
        <source>%1 is empty.</source>
        <translation>%1 是空的。</translation>
    </message>
    <message>
        <source>%1 has %2 characters, at most %3 are read: attach the part that matters.</source>
        <translation>%1 有 %2 个字符，最多读取 %3 个：请只附上需要的部分。</translation>
    </message>
    <message>
        <source>%1 is a folder: attach the files that matter.</source>
        <translation>%1 是文件夹：请附上需要的文件。</translation>
    </message>
    <message>
        <source>%1 is not there any more.</source>
        <translation>%1 已不存在。</translation>
    </message>
    <message>
        <source>%1 is not a file that can be read.</source>
        <translation>%1 不是可以读取的文件。</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>无法读取 %1：%2</translation>
    </message>
    <message>
        <source>%1 needs more memory than there is.</source>
        <translation>%1 需要的内存超过现有内存。</translation>
    </message>
    <message>
        <source>%1 is a model. Open it with “Open a model…”.</source>
        <translation>%1 是模型。请用“打开模型…”打开。</translation>
    </message>
    <message>
        <source>%1 pages left out</source>
        <translation>略去 %1 页</translation>
    </message>
    <message>
        <source>%1: %2 pages took too long to read and were left out.</source>
        <translation>%1：有 %2 页读取时间过长，已略去。</translation>
    </message>
    <message>
        <source>pages 1–%1 of %2</source>
        <translation>第 1–%1 页，共 %2 页</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::AttachmentStrip</name>
    <message>
        <source>Attachments</source>
        <translation>附件</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>At most %1 attachments go with a message. Remove one first.</source>
        <translation>一条消息最多带 %1 个附件，请先移除一个。</translation>
    </message>
    <message>
        <source>The attachments have more than %1 characters together. Remove one first.</source>
        <translation>附件总共超过 %1 个字符，请先移除一个。</translation>
    </message>
    <message>
        <source>Pasted text</source>
        <translation>粘贴的文本</translation>
    </message>
    <message>
        <source>Pasted text %1</source>
        <translation>粘贴的文本 %1</translation>
    </message>
    <message>
        <source>The text has %1 characters, at most %2 are taken: paste the part that matters.</source>
        <translation>文本有 %1 个字符，最多接受 %2 个：请只粘贴需要的部分。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::AttachmentChip</name>
    <message>
        <source>Remove %1</source>
        <translation>移除 %1</translation>
    </message>
    <message>
        <source>Remove (Del)</source>
        <translation>移除 (Del)</translation>
    </message>
    <message>
        <source>Delete removes it</source>
        <translation>按 Delete 移除</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::NoteRow</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭提示</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ContextPopover</name>
    <message>
        <source>%1 turns after the first are no longer read. </source>
        <translation>开头之后的 %1 条消息不再被读取。</translation>
    </message>
    <message>
        <source>The %1 oldest turns are no longer read. </source>
        <translation>最早的 %1 条消息不再被读取。</translation>
    </message>
    <message>
        <source>The longest reply (%1 tokens) still fits.</source>
        <translation>最长的回复（%1 词元）还放得下。</translation>
    </message>
    <message>
        <source>The next reply ends after %1 tokens at most, and says so.</source>
        <translation>下一条回复最多 %1 词元 就结束，并会说明。</translation>
    </message>
    <message>
        <source>With the next reply turns in the middle are no longer read; it goes on past the context.</source>
        <translation>从下一条回复起，中间的消息不再被读取；回复可超出上下文继续。</translation>
    </message>
    <message>
        <source>With the next reply the oldest turns are no longer read.</source>
        <translation>从下一条回复起，最早的消息不再被读取。</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Turns, found in the cache</source>
        <translation>消息，缓存命中</translation>
    </message>
    <message>
        <source>Turns, computed for the last reply</source>
        <translation>消息，为上一条回复计算</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>When the context is full</source>
        <translation>上下文用满时</translation>
    </message>
    <message>
        <source>Stop and say so</source>
        <translation>停止并说明</translation>
    </message>
    <message>
        <source>Nothing is lost; begin a new chat to go on.</source>
        <translation>什么也不会丢失；要继续请开始新对话。</translation>
    </message>
    <message>
        <source>Keep the start and the latest</source>
        <translation>保留开头和最近部分</translation>
    </message>
    <message>
        <source>Turns in the middle are no longer read, and a reply may go on past the context.</source>
        <translation>中间的消息不再被读取，回复可超出上下文继续。</translation>
    </message>
    <message>
        <source>Leave out the oldest turns</source>
        <translation>略去最早的消息</translation>
    </message>
    <message>
        <source>They stay in the chat, but the model no longer reads them.</source>
        <translation>它们仍在对话中，但模型不再读取。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::PaneContext</name>
    <message>
        <source>%1 turns after the first are no longer read.</source>
        <translation>开头之后的 %1 条消息不再被读取。</translation>
    </message>
    <message>
        <source>The %1 oldest turns are no longer read.</source>
        <translation>最早的 %1 条消息不再被读取。</translation>
    </message>
    <message>
        <source>The model&apos;s context is nearly full: the next reply may be cut short.</source>
        <translation>模型的上下文即将用满：下一条回复可能会被截短。</translation>
    </message>
    <message>
        <source>Leave out the oldest turns</source>
        <translation>略去最早的消息</translation>
    </message>
    <message>
        <source>The model&apos;s context is full: the reply was cut short.</source>
        <translation>模型的上下文已用满：回复被截短。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::AttachOverlay</name>
    <message>
        <source>Drop to attach to the message</source>
        <translation>松开即附到消息</translation>
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
    <message>
        <source>damaged or incomplete, or not supported</source>
        <translation>已损坏或不完整，或不受支持</translation>
    </message>
    <message numerus="yes">
        <source>one of its %n files is missing or damaged</source>
        <translation><numerusform>%n 个文件中有一个缺失或损坏</numerusform></translation>
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
    <message numerus="yes">
        <source>%n files, %1</source>
        <translation><numerusform>%n 个文件，%1</numerusform></translation>
    </message>
    <message>
        <source>GGUF v%1, %2</source>
        <translation>GGUF v%1，%2</translation>
    </message>
    <message>
        <source>safetensors, %1</source>
        <translation>safetensors，%1</translation>
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
        <source>On %1 it takes %2 of %3; %4 stay free.</source>
        <translation>在 %1 上占用 %2，共 %3；留出 %4 空闲。</translation>
    </message>
    <message>
        <source>recorded steps, at most</source>
        <translation>已录制的步，至多</translation>
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
<context>
    <name>MessageChips</name>
    <message>
        <source>%1, ≈ %2 tokens</source>
        <translation>%1，约 %2 词元</translation>
    </message>
    <message>
        <source>Show %1 (%2)</source>
        <translation>查看 %1（%2）</translation>
    </message>
</context>
<context>
    <name>TokenFigures</name>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::AttachmentDialog</name>
    <message>
        <source>Text of %1</source>
        <translation>%1 的文本</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>复制全部</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::TokenPanel</name>
    <message>
        <source>Token probabilities</source>
        <translation>词元概率</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭（Esc）</translation>
    </message>
    <message>
        <source>Regenerate</source>
        <translation>重新生成</translation>
    </message>
    <message>
        <source>Another reply beside this one, recorded</source>
        <translation>在此回复之外另生成一条，并记录概率</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>平均概率</translation>
    </message>
    <message>
        <source>perplexity</source>
        <translation>困惑度</translation>
    </message>
    <message>
        <source>As if the model had chosen among so many equal tokens each time; 1: never in doubt</source>
        <translation>相当于模型每次在这么多个同样可能的词元中选择；1 表示毫无犹豫</translation>
    </message>
    <message>
        <source>bits</source>
        <translation>比特</translation>
    </message>
    <message>
        <source>Surprise along the reply</source>
        <translation>回复中的意外程度</translation>
    </message>
    <message>
        <source>Least certain</source>
        <translation>最不确定的词元</translation>
    </message>
    <message>
        <source>Replies from now on show here how sure the model was of each token, and what else it could have written.</source>
        <translation>从现在起，回复会在这里显示模型对每个词元的把握，以及它原本还可能写什么。</translation>
    </message>
    <message>
        <source>Tint</source>
        <translation>底色</translation>
    </message>
    <message>
        <source>Point at a token in the chat, or go there with Tab: Tab and Shift+Tab step through tokens, ↑ ↓ choose an alternative.</source>
        <translation>在聊天中指向一个词元，或用 Tab 移到那里：Tab 和 Shift+Tab 在词元间移动，↑ ↓ 选择其他词元。</translation>
    </message>
    <message>
        <source>The reply&apos;s tokens are tinted as they come.</source>
        <translation>回复的词元会在生成时加上底色。</translation>
    </message>
    <message>
        <source>Looking for what was kept of this reply…</source>
        <translation>正在查找为这条回复保留的记录…</translation>
    </message>
    <message>
        <source>Nothing was recorded for this reply. Probabilities are recorded while this panel is open, and kept with the reply.</source>
        <translation>这条回复没有记录概率。此面板打开时才会记录，并与回复一起保留。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::TokenInspector</name>
    <message>
        <source>The beginning of this reply was not recorded: no branch can begin here.</source>
        <translation>这条回复的开头没有记录，因此不能从这里分支。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::TokenPopover</name>
    <message>
        <source>What else could have come</source>
        <translation>其他可能的词元</translation>
    </message>
    <message>
        <source>token %1 of %2</source>
        <translation>第 %1 个词元，共 %2 个</translation>
    </message>
    <message>
        <source>Probability %1, surprise %2 bits, %3 or more could be drawn</source>
        <translation>概率 %1，意外程度 %2 比特，至少有 %3 个可被抽取</translation>
    </message>
    <message>
        <source>Probability %1, surprise %2 bits, %3 could be drawn</source>
        <translation>概率 %1，意外程度 %2 比特，有 %3 个可被抽取</translation>
    </message>
    <message>
        <source>Enter begins a branch here.</source>
        <translation>按 Enter 从这里分支。</translation>
    </message>
    <message>
        <source>1 KV block</source>
        <translation>1 个 KV 块</translation>
    </message>
    <message>
        <source>%1 KV blocks</source>
        <translation>%1 个 KV 块</translation>
    </message>
    <message>
        <source>1 token</source>
        <translation>1 个词元</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个词元</translation>
    </message>
    <message>
        <source>A branch reuses %1 and computes %2.</source>
        <translation>分支复用 %1，计算 %2。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::AlternativeList</name>
    <message>
        <source>cut by top-k</source>
        <translation>被 top-k 截去</translation>
    </message>
    <message>
        <source>cut by top-p</source>
        <translation>被 top-p 截去</translation>
    </message>
    <message>
        <source>cut by min-p</source>
        <translation>被 min-p 截去</translation>
    </message>
    <message>
        <source>cut by typical-p</source>
        <translation>被 typical-p 截去</translation>
    </message>
    <message>
        <source>cut by top-k %1</source>
        <translation>被 top-k %1 截去</translation>
    </message>
    <message>
        <source>cut by top-p %1</source>
        <translation>被 top-p %1 截去</translation>
    </message>
    <message>
        <source>cut by min-p %1</source>
        <translation>被 min-p %1 截去</translation>
    </message>
    <message>
        <source>cut by typical-p %1</source>
        <translation>被 typical-p %1 截去</translation>
    </message>
    <message>
        <source>no chance at this temperature</source>
        <translation>在此温度下不可能被选中</translation>
    </message>
    <message>
        <source>“%1”, probability %2</source>
        <translation>“%1”，概率 %2</translation>
    </message>
    <message>
        <source>, chosen</source>
        <translation>，已选中</translation>
    </message>
    <message>
        <source>, Enter branches here</source>
        <translation>，按 Enter 从这里分支</translation>
    </message>
    <message>
        <source>Branch here</source>
        <translation>从这里分支</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::UncertainRow</name>
    <message>
        <source>%1, probability %2</source>
        <translation>%1，概率 %2</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::SurpriseChart</name>
    <message>
        <source>Surprise along the reply, at most %1 bits</source>
        <translation>回复中的意外程度，最高 %1 比特</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::TintLegend</name>
    <message>
        <source>Tints by probability</source>
        <translation>按概率着色</translation>
    </message>
    <message>
        <source>≥ 90 %</source>
        <translation>≥ 90%</translation>
    </message>
    <message>
        <source>60</source>
        <translation>60</translation>
    </message>
    <message>
        <source>30</source>
        <translation>30</translation>
    </message>
    <message>
        <source>15</source>
        <translation>15</translation>
    </message>
    <message>
        <source>&lt; 15 %</source>
        <translation>&lt; 15%</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::KvLegend</name>
    <message>
        <source>KV in memory</source>
        <translation>KV 在内存中</translation>
    </message>
    <message>
        <source>not in memory</source>
        <translation>不在内存中</translation>
    </message>
    <message>
        <source>Filled dot: KV in memory. Ring: not in memory.</source>
        <translation>实心圆点：KV 在内存中。圆环：不在内存中。</translation>
    </message>
    <message>
        <source>What the model has read of a chat stays in the KV cache while there is room: the next message is answered sooner. A dot that is partly filled: only the beginning is still there.</source>
        <translation>只要还有空间，模型读过的对话内容就留在 KV 缓存中，下一条消息会更快得到回复。部分填充的圆点：只剩开头部分还在。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ArchiveWorker</name>
    <message>
        <source>it is damaged, and what can be recovered could not be written (%1). Nothing of it was changed.</source>
        <translation>文件已损坏，而可恢复的内容无法写入（%1）。文件没有被改动。</translation>
    </message>
</context>
<context>
    <name>EngineText</name>
    <message>
        <source>part %1 of %2 of the model: %3</source>
        <translation>模型的第 %1 部分（共 %2 部分）：%3</translation>
    </message>
    <message>
        <source>part %1 of %2</source>
        <translation>第 %1 部分（共 %2 部分）</translation>
    </message>
    <message>
        <source>%1: it is split into %2 files; %3 are the most that are read</source>
        <translation>%1：它被拆分为 %2 个文件，最多只能读取 %3 个</translation>
    </message>
    <message>
        <source>%1: it is one of %2 files of a model, but its name does not end in &quot;%3&quot;, so the others cannot be found; give it back its name</source>
        <translation>%1：它是一个模型的 %2 个文件之一，但文件名不以“%3”结尾，因此找不到其他文件；请恢复原来的文件名</translation>
    </message>
    <message>
        <source>%1: its name says %2, the file says %3; download the parts again</source>
        <translation>%1：文件名表示%2，文件内容却是%3；请重新下载各部分</translation>
    </message>
    <message>
        <source>%1: tensor %2 is in two parts of the model</source>
        <translation>%1：张量 %2 出现在模型的两个部分中</translation>
    </message>
    <message>
        <source>%1: the model has %2 tensors, its parts hold %3; download the parts again</source>
        <translation>%1：模型有 %2 个张量，各部分共有 %3 个；请重新下载各部分</translation>
    </message>
    <message>
        <source>%1: %2: %3 (at byte %4)</source>
        <translation>%1：%2：%3（位于第 %4 字节）</translation>
    </message>
    <message>
        <source>the file ends inside the %1; it has %2 bytes: an incomplete download?</source>
        <translation>文件在%1中间就结束了，它只有 %2 字节：可能没有下载完整</translation>
    </message>
    <message>
        <source>a byte-swapped (big-endian) GGUF file is not supported</source>
        <translation>不支持字节序相反（大端）的 GGUF 文件</translation>
    </message>
    <message>
        <source>a big-endian GGUF file is not supported</source>
        <translation>不支持大端的 GGUF 文件</translation>
    </message>
    <message>
        <source>not a GGUF file: it does not begin with &quot;GGUF&quot;</source>
        <translation>不是 GGUF 文件：它不以“GGUF”开头</translation>
    </message>
    <message>
        <source>claims %1 tensors, more than it can hold</source>
        <translation>声称有 %1 个张量，超出文件所能容纳</translation>
    </message>
    <message>
        <source>claims %1 metadata keys, more than it can hold</source>
        <translation>声称有 %1 个元数据键，超出文件所能容纳</translation>
    </message>
    <message>
        <source>GGUF version %1 is not supported (2 and 3 are)</source>
        <translation>不支持 GGUF 版本 %1（支持 2 和 3）</translation>
    </message>
    <message>
        <source>%1 ranks, %2</source>
        <translation>%1 个进程，%2</translation>
    </message>
    <message>
        <source>the name is empty</source>
        <translation>名称为空</translation>
    </message>
    <message>
        <source>an endless reply is being written; the number of processes can change when it has ended</source>
        <translation>正在生成无尽回复；结束后才能更改进程数</translation>
    </message>
    <message>
        <source>the load lab measures; the number of processes can change when it has done</source>
        <translation>负载实验室正在测量；完成后才能更改进程数</translation>
    </message>
    <message>
        <source>this model cannot be shared by %1 ranks; %2 is the next number that can</source>
        <translation>此模型无法由 %1 个进程分担；可用的下一个数目是 %2</translation>
    </message>
    <message>
        <source>the process of rank %1 was killed by signal %2</source>
        <translation>进程 %1 被信号 %2 终止</translation>
    </message>
    <message>
        <source>the process of rank %1 ended with code %2</source>
        <translation>进程 %1 以代码 %2 结束</translation>
    </message>
    <message>
        <source>the process of rank %1 was stopped</source>
        <translation>进程 %1 被暂停</translation>
    </message>
    <message>
        <source>the process of rank %1 shows no sign of life</source>
        <translation>进程 %1 没有任何动静</translation>
    </message>
    <message>
        <source>the process of rank %1 did not start</source>
        <translation>进程 %1 未能启动</translation>
    </message>
    <message>
        <source>the process of rank %1 does not answer</source>
        <translation>进程 %1 没有应答</translation>
    </message>
    <message>
        <source>rank %1 did not keep up with the others</source>
        <translation>进程 %1 跟不上其他进程</translation>
    </message>
    <message>
        <source>%1; it could not be replaced: %2</source>
        <translation>%1；无法替换：%2</translation>
    </message>
    <message>
        <source>%1, and this reply's beginning was forgotten already</source>
        <translation>%1，而这条回复的开头已被遗忘</translation>
    </message>
    <message>
        <source>the name has %1 bytes, more than 65535</source>
        <translation>名称有 %1 字节，超过 65535</translation>
    </message>
    <message>
        <source>the name has %1 bytes; 1 to 1024 are allowed</source>
        <translation>名称有 %1 字节，只允许 1 到 1024</translation>
    </message>
    <message>
        <source>the %1 claims %2 bytes, %3 are left</source>
        <translation>%1声称有 %2 字节，只剩 %3 字节</translation>
    </message>
    <message>
        <source>value type %1 does not exist</source>
        <translation>值类型 %1 不存在</translation>
    </message>
    <message>
        <source>a boolean is %1, neither 0 nor 1</source>
        <translation>布尔值是 %1，既不是 0 也不是 1</translation>
    </message>
    <message>
        <source>arrays of arrays are not supported</source>
        <translation>不支持嵌套数组</translation>
    </message>
    <message>
        <source>array element type %1 does not exist</source>
        <translation>数组元素类型 %1 不存在</translation>
    </message>
    <message>
        <source>the array claims %1 elements, more than the file can hold</source>
        <translation>数组声称有 %1 个元素，超出文件所能容纳</translation>
    </message>
    <message>
        <source>the arrays of the file have more than %1 elements in all</source>
        <translation>文件中的数组总共超过 %1 个元素</translation>
    </message>
    <message>
        <source>the key occurs twice</source>
        <translation>该键出现了两次</translation>
    </message>
    <message>
        <source>the name occurs twice</source>
        <translation>该名称出现了两次</translation>
    </message>
    <message>
        <source>the alignment must be a power of two from 8 to 65536</source>
        <translation>对齐必须是 8 到 65536 之间的 2 的幂</translation>
    </message>
    <message>
        <source>its offset %1 is not a multiple of the alignment %2</source>
        <translation>其偏移 %1 不是对齐 %2 的倍数</translation>
    </message>
    <message>
        <source>has %1 dimensions, more than 4</source>
        <translation>有 %1 个维度，超过 4 个</translation>
    </message>
    <message>
        <source>dimension %1 is 0</source>
        <translation>第 %1 维是 0</translation>
    </message>
    <message>
        <source>dimension %1 is %2: the shape is too large</source>
        <translation>第 %1 维是 %2：形状过大</translation>
    </message>
    <message>
        <source>element type %1 is unknown</source>
        <translation>元素类型 %1 未知</translation>
    </message>
    <message>
        <source>rows of %1 values do not divide into blocks of %2 (%3)</source>
        <translation>每行 %1 个值无法分成 %2 个一块（%3）</translation>
    </message>
    <message>
        <source>its data (%1 bytes at offset %2 of the data) lies beyond the end of the file, which has %3 bytes: an incomplete download?</source>
        <translation>其数据（位于数据区偏移 %2 处，共 %1 字节）超出了文件末尾，文件只有 %3 字节：可能没有下载完整</translation>
    </message>
    <message>
        <source>its data overlaps tensor %1</source>
        <translation>其数据与张量 %1 重叠</translation>
    </message>
    <message>
        <source>header</source>
        <translation>文件头</translation>
    </message>
    <message>
        <source>metadata %1</source>
        <translation>元数据 %1</translation>
    </message>
    <message>
        <source>metadata key %1</source>
        <translation>第 %1 个元数据键</translation>
    </message>
    <message>
        <source>tensor %1</source>
        <translation>张量 %1</translation>
    </message>
    <message>
        <source>magic number</source>
        <translation>文件标识</translation>
    </message>
    <message>
        <source>version</source>
        <translation>版本号</translation>
    </message>
    <message>
        <source>counts of tensors and keys</source>
        <translation>张量和键的数量</translation>
    </message>
    <message>
        <source>array&#x27;s type and length</source>
        <translation>数组的类型和长度</translation>
    </message>
    <message>
        <source>string of an array</source>
        <translation>数组中的文本</translation>
    </message>
    <message>
        <source>number of dimensions</source>
        <translation>维度数量</translation>
    </message>
    <message>
        <source>name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>string</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>array</source>
        <translation>数组</translation>
    </message>
    <message>
        <source>file</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>offset</source>
        <translation>偏移</translation>
    </message>
    <message>
        <source>%1: cannot open the file: %2</source>
        <translation>%1：无法打开文件：%2</translation>
    </message>
    <message>
        <source>%1: cannot read the file&#x27;s size: %2</source>
        <translation>%1：无法读取文件大小：%2</translation>
    </message>
    <message>
        <source>%1: cannot map the file into memory: %2</source>
        <translation>%1：无法把文件映射到内存：%2</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>文件或文件夹不存在</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>没有权限</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>读写错误</translation>
    </message>
    <message>
        <source>Cannot allocate memory</source>
        <translation>内存不足</translation>
    </message>
    <message>
        <source>Too many open files</source>
        <translation>打开的文件太多</translation>
    </message>
    <message>
        <source>%1: is a folder, not a file</source>
        <translation>%1：是文件夹，不是文件</translation>
    </message>
    <message>
        <source>%1: is not a regular file</source>
        <translation>%1：不是普通文件</translation>
    </message>
    <message>
        <source>%1: the file is empty</source>
        <translation>%1：文件是空的</translation>
    </message>
    <message>
        <source>a file name cannot hold a zero byte</source>
        <translation>文件名不能含有零字节</translation>
    </message>
    <message>
        <source>%1: the file changed while it was being read; try again</source>
        <translation>%1：读取时文件发生了变化，请重试</translation>
    </message>
    <message>
        <source>%1: the file could not be read to its end; was its drive removed?</source>
        <translation>%1：文件没能读到末尾，存放它的磁盘是否被移除？</translation>
    </message>
    <message>
        <source>the model&#x27;s file can no longer be read (%1): was it changed, or its drive removed? Open the model again</source>
        <translation>无法再读取模型文件（%1）：它是否被更改，或磁盘被移除？请重新打开模型</translation>
    </message>
    <message>
        <source>%1: metadata &quot;general.architecture&quot; is missing or not a text</source>
        <translation>%1：元数据“general.architecture”缺失或不是文本</translation>
    </message>
    <message>
        <source>%1: uses architecture %2: not supported; nearest %3; supported: %4</source>
        <translation>%1：使用的架构 %2 不支持；最接近的是 %3；支持的有：%4</translation>
    </message>
    <message>
        <source>%1: uses architecture %2: not supported; supported: %3</source>
        <translation>%1：使用的架构 %2 不支持；支持的有：%3</translation>
    </message>
    <message>
        <source>%1: holds no tensors: it is a vocabulary, not a model</source>
        <translation>%1：不含张量：这是词表，不是模型</translation>
    </message>
    <message>
        <source>%1: tensor &quot;token_embd.weight&quot; is missing</source>
        <translation>%1：缺少张量“token_embd.weight”</translation>
    </message>
    <message>
        <source>%1: tensor &quot;token_embd.weight&quot; has too many rows (%2)</source>
        <translation>%1：张量“token_embd.weight”的行数过多（%2）</translation>
    </message>
    <message>
        <source>%1: &quot;tokenizer.ggml.tokens&quot; has %2 tokens, more than the %3 rows of &quot;token_embd.weight&quot;</source>
        <translation>%1：“tokenizer.ggml.tokens”有 %2 个词元，多于“token_embd.weight”的 %3 行</translation>
    </message>
    <message>
        <source>%1: tensor %2 is missing</source>
        <translation>%1：缺少张量 %2</translation>
    </message>
    <message>
        <source>%1: tensor %2 has shape %3 where %4 is needed</source>
        <translation>%1：张量 %2 的形状是 %3，需要 %4</translation>
    </message>
    <message>
        <source>%1: tensor %2 has type %3, which cannot be used for weights</source>
        <translation>%1：张量 %2 的类型 %3 不能用作权重</translation>
    </message>
    <message>
        <source>%1: tensor %2 has type %3, which vectors cannot have</source>
        <translation>%1：张量 %2 的类型是 %3，向量不能用这种类型</translation>
    </message>
    <message>
        <source>%1: tensor %2 belongs to a feature that is not supported yet</source>
        <translation>%1：张量 %2 属于尚不支持的功能</translation>
    </message>
    <message>
        <source>tensor %1 has the element type %2, which this version cannot compute with; take the model in another quantisation</source>
        <translation>张量 %1 的元素类型 %2 在此版本中无法计算；请改用其他量化的模型</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; is missing</source>
        <translation>%1：缺少“%2”</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; must be one whole number</source>
        <translation>%1：“%2”必须是一个整数</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; must be a finite number above 0</source>
        <translation>%1：“%2”必须是大于 0 的有限数</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; is %3; it must be from 1 to %4</source>
        <translation>%1：“%2”是 %3，必须在 1 到 %4 之间</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; is %3; a head must have an even size</source>
        <translation>%1：“%2”是 %3，注意力头的大小必须是偶数</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; is %3, which is not supported yet (none, linear, yarn and longrope are)</source>
        <translation>%1：“%2”是 %3，尚不支持（支持 none、linear、yarn 和 longrope）</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; is %3; it must be even and not more than the size of a head, which is %4</source>
        <translation>%1：“%2”是 %3，必须是偶数，且不大于注意力头的大小 %4</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; is not 1, which is not supported</source>
        <translation>%1：“%2”不是 1，不支持</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; must be larger than yarn_beta_slow</source>
        <translation>%1：“%2”必须大于 yarn_beta_slow</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; must be above 1</source>
        <translation>%1：“%2”必须大于 1</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; lists %3 layers of %4</source>
        <translation>%1：“%2”列出 %3 层，共有 %4 层</translation>
    </message>
    <message>
        <source>another growth of attention with the context</source>
        <translation>注意力随上下文的另一种增长</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; asks for %3, which is not supported yet</source>
        <translation>%1：“%2”需要%3，尚不支持</translation>
    </message>
    <message>
        <source>a router without softmax</source>
        <translation>不用 softmax 的路由器</translation>
    </message>
    <message>
        <source>experts that every token goes through</source>
        <translation>每个词元都要经过的专家</translation>
    </message>
    <message>
        <source>experts that are chosen by groups</source>
        <translation>按组选择的专家</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; goes with a tensor for each expert, as files of before April 2024 have them, which is not supported; convert the model anew</source>
        <translation>%1：“%2”配的是每个专家一个张量，这是 2024 年 4 月以前文件的做法，不支持；请重新转换模型</translation>
    </message>
    <message>
        <source>a sliding window</source>
        <translation>滑动窗口</translation>
    </message>
    <message>
        <source>this model cannot be shared by ranks: it norms the queries of all heads together; use stages instead, which have whole layers</source>
        <translation>此模型不能由多个进程按张量分担：它对所有头的查询一起做归一化；请改用分段（stages），每段有完整的层</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; (%3) is not a multiple of the number of key-value heads (%4)</source>
        <translation>%1：“%2”（%3）不是键值头数量（%4）的倍数</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; (%3) is not a multiple of the %4 attention heads</source>
        <translation>%1：“%2”（%3）不是 %4 个注意力头的倍数</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; differs from the key length, which is not supported</source>
        <translation>%1：“%2”与键的长度不同，不支持</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; differs from the %3 rows of &quot;token_embd.weight&quot;</source>
        <translation>%1：“%2”与“token_embd.weight”的 %3 行不符</translation>
    </message>
    <message>
        <source>%1: tokenizer.ggml.model: &quot;%2&quot; is not known; this version reads &quot;gpt2&quot; and &quot;llama&quot;</source>
        <translation>%1：tokenizer.ggml.model：未知的“%2”；此版本支持“gpt2”和“llama”</translation>
    </message>
    <message>
        <source>%1: tokenizer.ggml.pre: &quot;%2&quot; is a way of cutting text that this version does not know</source>
        <translation>%1：tokenizer.ggml.pre：此版本不认识“%2”这种切分文本的方式</translation>
    </message>
    <message>
        <source>%1: %2: missing or not a list of texts, so the file holds no vocabulary</source>
        <translation>%1：%2：缺失或不是文本列表，因此文件没有词表</translation>
    </message>
    <message>
        <source>%1: %2: missing or not a list of texts</source>
        <translation>%1：%2：缺失或不是文本列表</translation>
    </message>
    <message>
        <source>%1: %2: not the number of a token; there are %3</source>
        <translation>%1：%2：不是词元的编号；共有 %3 个词元</translation>
    </message>
    <message>
        <source>%1: %2: a vocabulary cannot have %3 tokens</source>
        <translation>%1：%2：词表不能有 %3 个词元</translation>
    </message>
    <message>
        <source>%1: %2: a token of %3 bytes is longer than allowed</source>
        <translation>%1：%2：有 %3 字节的词元过长</translation>
    </message>
    <message>
        <source>%1: %2: needs one number for each of the %3 tokens</source>
        <translation>%1：%2：%3 个词元中的每一个都需要一个数字</translation>
    </message>
    <message>
        <source>%1: %2: holds a value that is not a number</source>
        <translation>%1：%2：含有不是数字的值</translation>
    </message>
    <message>
        <source>%1: %2: token %3 has no known kind</source>
        <translation>%1：%2：词元 %3 的种类未知</translation>
    </message>
    <message>
        <source>%1: %2: token %3 is marked as a byte and does not read &lt;0x00&gt; to &lt;0xFF&gt;</source>
        <translation>%1：%2：词元 %3 标为字节，但不是 &lt;0x00&gt; 到 &lt;0xFF&gt;</translation>
    </message>
    <message>
        <source>%1: %2: neither a token for every byte nor an unknown token, so some texts could not be written</source>
        <translation>%1：%2：既没有每个字节的词元，也没有未知词元，有些文本无法写出</translation>
    </message>
    <message>
        <source>%1: %2: entry %3 is not two texts with a space between them</source>
        <translation>%1：%2：第 %3 项不是以空格分开的两段文本</translation>
    </message>
    <message>
        <source>token %1 has the text of another token</source>
        <translation>词元 %1 与另一个词元的文本相同</translation>
    </message>
    <message>
        <source>There is not enough free memory for this model. Close other programs or open a smaller model.</source>
        <translation>空闲内存不足以加载这个模型。请关闭其他程序，或打开更小的模型。</translation>
    </message>
    <message>
        <source>not enough memory to load %1</source>
        <translation>内存不足，无法加载 %1</translation>
    </message>
    <message>
        <source>the weights of %1 take %2 and only %3 of memory are free; close other programs or take a smaller model</source>
        <translation>%1 的权重需要 %2，而空闲内存只有 %3；请关闭其他程序或换用更小的模型</translation>
    </message>
    <message>
        <source>the model&#x27;s KV cache takes %1 bytes a token and only %2 of memory are free; close other programs or take a smaller model</source>
        <translation>模型的 KV 缓存每个词元需要 %1 字节，而空闲内存只有 %2；请关闭其他程序或换用更小的模型</translation>
    </message>
    <message>
        <source>%1 KV blocks take %2 and do not fit: %3 of memory are free, enough for %4 blocks</source>
        <translation>%1 个 KV 块需要 %2，放不下：空闲内存有 %3，够 %4 个块</translation>
    </message>
    <message>
        <source>the model&apos;s KV cache takes %1 bytes a token and only %2 of the GPU&apos;s memory are left for it; close other programs, allow it more or take a smaller model</source>
        <translation>该模型的 KV 缓存每个词元占用 %1 字节，而显卡内存只剩 %2 可用；请关闭其他程序、允许占用更多，或换用更小的模型</translation>
    </message>
    <message>
        <source>the weights take %1 MiB of the GPU, and this model may take %2 MiB with its KV cache; allow more or take a smaller model</source>
        <translation>权重占用显卡内存 %1 MiB，而该模型连同 KV 缓存只允许占用 %2 MiB；请允许更多，或换用更小的模型</translation>
    </message>
    <message>
        <source>reserving %1 MiB of the GPU for a step of %2 tokens failed: %3; take a smaller KV cache, or fewer tokens and replies in a step</source>
        <translation>无法为 %2 个词元的一步留出 %1 MiB 显卡内存：%3；请减小 KV 缓存，或减少每步的词元与回复</translation>
    </message>
    <message>
        <source>reserving %1 MiB of the GPU for the weights failed: %2</source>
        <translation>无法为权重留出 %1 MiB 显卡内存：%2</translation>
    </message>
    <message>
        <source>the KV cache is gone: another program took the GPU&apos;s memory while its size changed; load the model again</source>
        <translation>KV 缓存已丢失：改变大小时，其他程序占用了显卡内存；请重新加载模型</translation>
    </message>
    <message>
        <source>there is no memory for a KV cache of %1 pages (%2 MiB) on the GPU beside the one there is; ask for fewer blocks</source>
        <translation>显卡内存不足，无法在现有 KV 缓存之外再容纳 %1 页（%2 MiB）；请减少块数</translation>
    </message>
    <message>
        <source>there is no memory for a KV cache of %1 pages (%2 MiB) on the GPU; ask for fewer blocks</source>
        <translation>显卡内存不足以容纳 %1 页（%2 MiB）的 KV 缓存；请减少块数</translation>
    </message>
    <message>
        <source>there is no memory for a KV cache of %1 pages (%2 MiB) in pinned host memory; ask for fewer blocks</source>
        <translation>锁页内存不足以容纳 %1 页（%2 MiB）的 KV 缓存；请减少块数</translation>
    </message>
    <message>
        <source>the system does not give %1 MiB for the weights of %2; close other programs or take a smaller model</source>
        <translation>系统无法为 %2 的权重提供 %1 MiB；请关闭其他程序或换用更小的模型</translation>
    </message>
    <message>
        <source>the system does not give %1 MiB for %2; take a smaller token budget</source>
        <translation>系统无法为 %2 提供 %1 MiB；请减小词元预算</translation>
    </message>
    <message>
        <source>the system does not give memory for %1 of %2 blocks of %3 tokens (%4 MiB); ask for fewer blocks</source>
        <translation>系统无法为%1提供 %2 个块（每块 %3 个词元，共 %4 MiB）的内存；请减少块数</translation>
    </message>
    <message>
        <source>a KV cache</source>
        <translation>KV 缓存</translation>
    </message>
    <message>
        <source>a host tier</source>
        <translation>主机内存层</translation>
    </message>
    <message>
        <source>not enough memory for this step</source>
        <translation>这一步的内存不足</translation>
    </message>
    <message>
        <source>not enough memory for this prompt</source>
        <translation>这段提示词的内存不足</translation>
    </message>
    <message>
        <source>the KV cache was made smaller than this conversation needs</source>
        <translation>KV 缓存被缩小到容不下这个对话</translation>
    </message>
    <message>
        <source>The request needs %1 tokens (%2 of prompt and up to %3 of reply), but %4 holds %5: ask for at most %6 tokens of reply.</source>
        <translation>需要 %1 个词元（提示词 %2 个，回复最多 %3 个），但%4只能容纳 %5 个：请把回复限制在 %6 个词元以内。</translation>
    </message>
    <message>
        <source>The request needs %1 tokens (%2 of prompt and up to %3 of reply), but %4 holds %5: shorten the prompt to at most %6 tokens.</source>
        <translation>需要 %1 个词元（提示词 %2 个，回复最多 %3 个），但%4只能容纳 %5 个：请把提示词缩短到 %6 个词元以内。</translation>
    </message>
    <message>
        <source>The request needs %1 tokens (%2 of prompt and up to %3 of reply), but %4 holds %5: no request fits.</source>
        <translation>需要 %1 个词元（提示词 %2 个，回复最多 %3 个），但%4只能容纳 %5 个：放不下任何请求。</translation>
    </message>
    <message>
        <source>The endless chat keeps %1 tokens (its prompt, or sinks and window), but %2 holds %3: ask for a smaller window or a shorter prompt.</source>
        <translation>无尽聊天要保留 %1 个词元（提示词，或锚点和窗口），但%2只能容纳 %3 个：请缩小窗口或缩短提示词。</translation>
    </message>
    <message>
        <source>the model&#x27;s context</source>
        <translation>模型的上下文</translation>
    </message>
    <message>
        <source>the KV cache</source>
        <translation>KV 缓存</translation>
    </message>
    <message>
        <source>The prompt is empty: at least one token is needed.</source>
        <translation>提示词是空的：至少需要一个词元。</translation>
    </message>
    <message>
        <source>The reply may have no token: ask for at least one.</source>
        <translation>回复不能有 0 个词元：请至少允许一个。</translation>
    </message>
    <message>
        <source>the prompt is empty</source>
        <translation>提示词是空的</translation>
    </message>
    <message>
        <source>no model is loaded</source>
        <translation>没有加载模型</translation>
    </message>
    <message>
        <source>the conversation has no messages</source>
        <translation>对话中没有消息</translation>
    </message>
    <message>
        <source>the model&#x27;s chat template refused the conversation: %1</source>
        <translation>模型的聊天模板拒绝了这个对话：%1</translation>
    </message>
    <message>
        <source>only a reply can be continued, but the conversation does not end with one</source>
        <translation>只能续写回复，但对话不以回复结尾</translation>
    </message>
    <message>
        <source>the conversation is made of private-use characters; send it as text</source>
        <translation>对话由私用字符组成，请以文本发送</translation>
    </message>
    <message>
        <source>it leaves out what a person writes</source>
        <translation>它漏掉了用户写的内容</translation>
    </message>
    <message>
        <source>the chat template is too long: %1 bytes</source>
        <translation>聊天模板过长：%1 字节</translation>
    </message>
    <message>
        <source>the engine failed: %1</source>
        <translation>引擎出错：%1</translation>
    </message>
    <message>
        <source>the prompt could not be taken: %1</source>
        <translation>无法接收提示词：%1</translation>
    </message>
    <message>
        <source>loading %1 failed: %2</source>
        <translation>加载 %1 失败：%2</translation>
    </message>
    <message>
        <source>Loading failed: %1</source>
        <translation>加载失败：%1</translation>
    </message>
    <message>
        <source>NVTX ranges cannot be captured: %1</source>
        <translation>无法捕获 NVTX 区间：%1</translation>
    </message>
    <message>
        <source>this program was built without NVTX</source>
        <translation>本程序构建时未包含 NVTX</translation>
    </message>
    <message>
        <source>%1 is not beside the program</source>
        <translation>程序旁边没有 %1</translation>
    </message>
    <message>
        <source>%1 is of another version</source>
        <translation>%1 的版本不符</translation>
    </message>
    <message>
        <source>they were in use before</source>
        <translation>它们先前已被使用</translation>
    </message>
    <message>
        <source>GPU activity is not recorded: %1</source>
        <translation>未记录 GPU 活动：%1</translation>
    </message>
    <message>
        <source>GPU activity is not recorded here: another tool (CUDA_INJECTION64_PATH) records it</source>
        <translation>此处未记录 GPU 活动：另一工具（CUDA_INJECTION64_PATH）正在记录</translation>
    </message>
    <message>
        <source>this program was built without CUPTI</source>
        <translation>本程序构建时未包含 CUPTI</translation>
    </message>
    <message>
        <source>there is no NVIDIA driver (libcuda.so.1); %1</source>
        <translation>没有 NVIDIA 驱动（libcuda.so.1）；%1</translation>
    </message>
    <message>
        <source>there is no NVIDIA driver (libcuda.so.1)</source>
        <translation>没有 NVIDIA 驱动（libcuda.so.1）</translation>
    </message>
    <message>
        <source>CUPTI says %1</source>
        <translation>CUPTI 报告 %1</translation>
    </message>
    <message>
        <source>the CUPTI that was found is older than CUDA 12</source>
        <translation>找到的 CUPTI 早于 CUDA 12</translation>
    </message>
    <message>
        <source>CUPTI (libcupti.so, a part of NVIDIA&apos;s CUDA toolkit) was not found</source>
        <translation>未找到 CUPTI（libcupti.so，NVIDIA CUDA 工具包的一部分）</translation>
    </message>
    <message>
        <source>there is not enough free memory for a KV cache of that size</source>
        <translation>空闲内存不足，容纳不了这么大的 KV 缓存</translation>
    </message>
    <message>
        <source>there is not enough free memory to measure this machine; close other programs or say how many processes there shall be</source>
        <translation>可用内存不足，无法测量这台机器；请关闭其他程序，或指定进程数</translation>
    </message>
    <message>
        <source>array&apos;s type and length</source>
        <translation>数组的类型和长度</translation>
    </message>
    <message>
        <source>%1: cannot read the file&apos;s size: %2</source>
        <translation>%1：无法读取文件大小：%2</translation>
    </message>
    <message>
        <source>the model&apos;s file can no longer be read (%1): was it changed, or its drive removed? Open the model again</source>
        <translation>无法再读取模型文件（%1）：它是否被更改，或磁盘被移除？请重新打开模型</translation>
    </message>
    <message>
        <source>the model&apos;s KV cache takes %1 bytes a token and only %2 of memory are free; close other programs or take a smaller model</source>
        <translation>模型的 KV 缓存每个词元需要 %1 字节，而空闲内存只有 %2；请关闭其他程序或换用更小的模型</translation>
    </message>
    <message>
        <source>the model&apos;s context</source>
        <translation>模型的上下文</translation>
    </message>
    <message>
        <source>the model&apos;s chat template refused the conversation: %1</source>
        <translation>模型的聊天模板拒绝了这个对话：%1</translation>
    </message>
    <message>
        <source>no GPU can be used: %1</source>
        <translation>没有可用的 GPU：%1</translation>
    </message>
    <message>
        <source>there is no usable GPU number %1</source>
        <translation>没有编号为 %1 的可用 GPU</translation>
    </message>
    <message>
        <source>this build of Vitrine has no part for GPUs</source>
        <translation>此版本的 Vitrine 不含 GPU 部分</translation>
    </message>
    <message>
        <source>the part for GPUs cannot be loaded: %1</source>
        <translation>无法加载 GPU 部分：%1</translation>
    </message>
    <message>
        <source>the part for GPUs, %1, is of another version of Vitrine</source>
        <translation>GPU 部分 %1 属于另一个版本的 Vitrine</translation>
    </message>
    <message>
        <source>no NVIDIA driver is installed</source>
        <translation>没有安装 NVIDIA 驱动程序</translation>
    </message>
    <message>
        <source>the NVIDIA driver is for CUDA %1 and CUDA %2 is needed: a newer driver helps</source>
        <translation>NVIDIA 驱动程序适用于 CUDA %1，而这里需要 CUDA %2：请更新驱动程序</translation>
    </message>
    <message>
        <source>the NVIDIA driver sees no GPU</source>
        <translation>NVIDIA 驱动程序没有找到 GPU</translation>
    </message>
    <message>
        <source>the NVIDIA driver does not answer: %1</source>
        <translation>NVIDIA 驱动程序没有响应：%1</translation>
    </message>
    <message>
        <source>%1 is too old: compute capability %2, and 8.0 is needed</source>
        <translation>%1 太旧：计算能力为 %2，而这里需要 8.0</translation>
    </message>
    <message>
        <source>no GPU tells what it is</source>
        <translation>没有 GPU 给出自己的信息</translation>
    </message>
    <message>
        <source>loading the weights onto the GPU failed: %1</source>
        <translation>无法将权重载入 GPU：%1</translation>
    </message>
    <message>
        <source>starting the GPU failed: %1</source>
        <translation>无法启动 GPU：%1</translation>
    </message>
    <message>
        <source>preparing the GPU failed: %1</source>
        <translation>无法准备 GPU：%1</translation>
    </message>
    <message>
        <source>taking the GPU failed: %1</source>
        <translation>无法使用 GPU：%1</translation>
    </message>
    <message>
        <source>making a GPU stream failed: %1</source>
        <translation>无法创建 GPU 流：%1</translation>
    </message>
    <message>
        <source>making a GPU event failed: %1</source>
        <translation>无法创建 GPU 事件：%1</translation>
    </message>
    <message>
        <source>starting cuBLAS failed: %1</source>
        <translation>无法启动 cuBLAS：%1</translation>
    </message>
    <message>
        <source>a step on the GPU failed: %1; load the model again</source>
        <translation>GPU 上的一步计算失败：%1；请重新加载模型</translation>
    </message>
    <message>
        <source>a step on the GPU failed: %1</source>
        <translation>GPU 上的一步计算失败：%1</translation>
    </message>
    <message>
        <source>there is no memory for a KV cache of %1 pages (%2 MiB) %3; ask for fewer blocks</source>
        <translation>没有足够的内存存放 %1 页（%2 MiB）的 KV 缓存（%3）；请减少块数</translation>
    </message>
    <message>
        <source>out of memory</source>
        <translation>内存不足</translation>
    </message>
</context>
<context>
    <name>RequestNames</name>
    <message>
        <source>Request %1</source>
        <translation>请求 %1</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::RecordingList</name>
    <message>
        <source>being written</source>
        <translation>正在写入</translation>
    </message>
    <message>
        <source>shown</source>
        <translation>正在显示</translation>
    </message>
    <message>
        <source>unknown model</source>
        <translation>未知模型</translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation>尚无内容</translation>
    </message>
    <message>
        <source>steps: %1</source>
        <translation>步数：%1</translation>
    </message>
    <message>
        <source>Running engine</source>
        <translation>正在运行的引擎</translation>
    </message>
    <message>
        <source>What the engine has done since its model was loaded.</source>
        <translation>自模型加载以来引擎所做的一切。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::RecordingShelf</name>
    <message>
        <source>It is being written. Stop the recording first.</source>
        <translation>正在写入。请先停止录制。</translation>
    </message>
    <message>
        <source>It could not be moved to the trash.</source>
        <translation>无法移到回收站。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::RecordingsPage</name>
    <message>
        <source>Everything the engine does is kept here, as far as memory goes. Record writes it to a file from then on.</source>
        <translation>引擎所做的一切都保存在这里，直到内存上限。点击“录制”后会从那时起写入文件。</translation>
    </message>
    <message>
        <source>requests: %1</source>
        <translation>请求数：%1</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>See it on the timeline</source>
        <translation>在时间线上查看</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>A report of NVIDIA Nsight Systems, which alone can read it.</source>
        <translation>NVIDIA Nsight Systems 的报告，只有它能读取。</translation>
    </message>
    <message>
        <source>Show in its folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Open in Nsight Systems</source>
        <translation>在 Nsight Systems 中打开</translation>
    </message>
</context>
<context>
    <name>RecordingDialogs</name>
    <message>
        <source>Recording (*.vtrace)</source>
        <translation>录制 (*.vtrace)</translation>
    </message>
    <message>
        <source>Perfetto trace (*.pftrace)</source>
        <translation>Perfetto 跟踪 (*.pftrace)</translation>
    </message>
    <message>
        <source>Chrome trace (*.json)</source>
        <translation>Chrome 跟踪 (*.json)</translation>
    </message>
    <message>
        <source>Nsight Systems tables (*.sqlite)</source>
        <translation>Nsight Systems 表 (*.sqlite)</translation>
    </message>
    <message>
        <source>Tables of steps and requests (*.csv)</source>
        <translation>步骤与请求表 (*.csv)</translation>
    </message>
    <message>
        <source>Open a recording</source>
        <translation>打开录制</translation>
    </message>
    <message>
        <source>Recordings (*.vtrace)</source>
        <translation>录制 (*.vtrace)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Report as a page (*.html)</source>
        <translation>网页报告 (*.html)</translation>
    </message>
    <message>
        <source>Report as PDF (*.pdf)</source>
        <translation>PDF 报告 (*.pdf)</translation>
    </message>
    <message>
        <source>Prometheus metrics (*.prom)</source>
        <translation>Prometheus 指标 (*.prom)</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>保存报告</translation>
    </message>
    <message>
        <source>Save the metrics</source>
        <translation>保存指标</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::RecordingController</name>
    <message>
        <source>Recordings</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>Nothing to record yet</source>
        <translation>尚无可录制的内容</translation>
    </message>
    <message>
        <source>Load a model first, on the Models page.</source>
        <translation>请先在“模型”页加载模型。</translation>
    </message>
    <message>
        <source>Recording saved</source>
        <translation>录制已保存</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Export the selection</source>
        <translation>导出所选部分</translation>
    </message>
    <message>
        <source>Not exported</source>
        <translation>未导出</translation>
    </message>
    <message>
        <source>Exported</source>
        <translation>已导出</translation>
    </message>
    <message>
        <source>Nsight Systems records this window</source>
        <translation>Nsight Systems 正在录制此窗口</translation>
    </message>
    <message>
        <source>Close the window to end it; the report is then written, and stands among the recordings at the next start.</source>
        <translation>关闭窗口即可结束录制；报告随后写入，下次启动时会列在录制中。</translation>
    </message>
    <message>
        <source>Record with Nsight Systems…</source>
        <translation>用 Nsight Systems 录制…</translation>
    </message>
    <message>
        <source>It records this window already.</source>
        <translation>它已经在录制此窗口。</translation>
    </message>
    <message>
        <source>Install NVIDIA Nsight Systems; its program nsys was not found on the path.</source>
        <translation>请安装 NVIDIA Nsight Systems；在 PATH 中找不到它的程序 nsys。</translation>
    </message>
    <message>
        <source>Record with Nsight Systems?</source>
        <translation>用 Nsight Systems 录制？</translation>
    </message>
    <message>
        <source>It can only watch a program from its start, so Vitrine closes and opens again. The chats stay; a reply that is being written ends.</source>
        <translation>它只能从程序启动时开始观察，因此 Vitrine 会关闭并重新打开。对话会保留；正在生成的回复会结束。</translation>
    </message>
    <message>
        <source>Restart and record</source>
        <translation>重新启动并录制</translation>
    </message>
    <message>
        <source>Show when</source>
        <translation>查看时间</translation>
    </message>
</context>
<context>
    <name>ChartTexts</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>%1 µs</source>
        <translation>%1 微秒</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>p50 %1, p95 %2, of %3</source>
        <translation>p50 %1，p95 %2，共 %3</translation>
    </message>
    <message>
        <source>%1 to %2: %3</source>
        <translation>%1 至 %2：%3</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::AnalysisTab</name>
    <message>
        <source>Of the selection: %1, from %2 to %3</source>
        <translation>所选时段：%1，从 %2 到 %3</translation>
    </message>
    <message>
        <source>Of the whole recording: %1. Select a stretch on the timeline to look at that alone.</source>
        <translation>整个录制：%1。在时间线上选择一段即可只看那一段。</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>正在计算…</translation>
    </message>
    <message>
        <source>Prefix tree</source>
        <translation>前缀树</translation>
    </message>
    <message>
        <source>Block life</source>
        <translation>块的寿命</translation>
    </message>
    <message>
        <source>Ranks</source>
        <translation>计算进程</translation>
    </message>
    <message>
        <source>Metrics</source>
        <translation>指标</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::BlockLifePage</name>
    <message>
        <source>blocks written</source>
        <translation>写入的块</translation>
    </message>
    <message>
        <source>Given out to be filled with keys and values.</source>
        <translation>分配出去以写入键和值。</translation>
    </message>
    <message>
        <source>times found again</source>
        <translation>再次命中次数</translation>
    </message>
    <message>
        <source>A block with the same beginning was there and was not computed again.</source>
        <translation>已有开头相同的块，无需重新计算。</translation>
    </message>
    <message>
        <source>of those, idle before</source>
        <translation>其中此前闲置</translation>
    </message>
    <message>
        <source>Found in the cache while no request held it.</source>
        <translation>在没有请求占用时从缓存中命中。</translation>
    </message>
    <message>
        <source>evicted</source>
        <translation>被移除</translation>
    </message>
    <message>
        <source>Cached blocks that had to go for new ones.</source>
        <translation>为腾出位置而被移除的缓存块。</translation>
    </message>
    <message>
        <source>of those, never found</source>
        <translation>其中从未命中</translation>
    </message>
    <message>
        <source>They were kept for nothing: nobody asked for them again.</source>
        <translation>白白保留：再没有请求用到它们。</translation>
    </message>
    <message>
        <source>duplicates</source>
        <translation>重复的块</translation>
    </message>
    <message>
        <source>Given back at once, since another block held the same.</source>
        <translation>另一个块内容相同，因此立即归还。</translation>
    </message>
    <message>
        <source>trying %1 more sizes…</source>
        <translation>还要尝试 %1 种大小…</translation>
    </message>
    <message>
        <source>the size makes no difference here</source>
        <translation>在这里大小没有影响</translation>
    </message>
    <message>
        <source>the present size is where the curve bends</source>
        <translation>当前大小正处于曲线拐点</translation>
    </message>
    <message>
        <source>hardly more from %1 blocks on</source>
        <translation>超过 %1 块后几乎不再增加</translation>
    </message>
    <message>
        <source>approximate: the pool changed, or has pages that are not played</source>
        <translation>近似值：块池大小变过，或含有不参与重放的页</translation>
    </message>
    <message>
        <source>The requests are played against pools of other sizes…</source>
        <translation>正在其他大小的块池上重放请求…</translation>
    </message>
    <message>
        <source>No prompt was looked up in this stretch.</source>
        <translation>这段时间内没有查找过提示词。</translation>
    </message>
    <message>
        <source>Hit rate against pool size</source>
        <translation>命中率与块池大小</translation>
    </message>
    <message>
        <source>bend</source>
        <translation>拐点</translation>
    </message>
    <message>
        <source>now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>%1 blocks: %2 of the prompts found, preempted %3 times</source>
        <translation>%1 块：命中提示词的 %2，抢占 %3 次</translation>
    </message>
    <message>
        <source>No step lies in this stretch.</source>
        <translation>这段时间内没有步骤。</translation>
    </message>
    <message>
        <source>Blocks over time</source>
        <translation>块随时间的变化</translation>
    </message>
    <message>
        <source>%1 held, %2 of those shared, %3 cached
Without sharing %4 more would be needed</source>
        <translation>占用 %1，其中共享 %2，缓存 %3
若不共享还需要 %4 块</translation>
    </message>
    <message>
        <source>of %1 blocks</source>
        <translation>共 %1 块</translation>
    </message>
    <message>
        <source>No block was evicted in this stretch.</source>
        <translation>这段时间内没有块被移除。</translation>
    </message>
    <message>
        <source>No idle block was found again in this stretch.</source>
        <translation>这段时间内没有闲置的块被再次命中。</translation>
    </message>
    <message>
        <source>Shared</source>
        <translation>共享</translation>
    </message>
    <message>
        <source>Held by two requests or more.</source>
        <translation>由两个或更多请求占用。</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>占用</translation>
    </message>
    <message>
        <source>Held by one request.</source>
        <translation>由一个请求占用。</translation>
    </message>
    <message>
        <source>Cached</source>
        <translation>已缓存</translation>
    </message>
    <message>
        <source>Kept for prompts that begin alike.</source>
        <translation>为开头相同的提示词保留。</translation>
    </message>
    <message>
        <source>The recorded requests are played again, with the real bookkeeping, against pools of other sizes: how much of the prompts would have been found in the cache.</source>
        <translation>用真实的块管理在其他大小的块池上重放所录请求：提示词有多少会在缓存中命中。</translation>
    </message>
    <message>
        <source>Lifetime</source>
        <translation>寿命</translation>
    </message>
    <message>
        <source>From being written to being evicted.</source>
        <translation>从写入到被移除。</translation>
    </message>
    <message>
        <source>Idle before evicted</source>
        <translation>移除前的闲置时间</translation>
    </message>
    <message>
        <source>From being let go by the last request to being evicted.</source>
        <translation>从最后一个请求释放到被移除。</translation>
    </message>
    <message>
        <source>Idle before found again</source>
        <translation>再次命中前的闲置时间</translation>
    </message>
    <message>
        <source>From being let go by the last request to being found by another one.</source>
        <translation>从最后一个请求释放到被另一个请求命中。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::PrefixDetails</name>
    <message>
        <source>Choose a beginning to see who shares it and where it parts from the others.</source>
        <translation>选择一个开头，查看谁共享它，以及它在哪里与其他的分开。</translation>
    </message>
    <message>
        <source>One request alone</source>
        <translation>仅一个请求</translation>
    </message>
    <message>
        <source>Shared by %1 requests</source>
        <translation>由 %1 个请求共享</translation>
    </message>
    <message>
        <source>Tokens %1 to %2 of the text</source>
        <translation>文本的第 %1 至 %2 个词元</translation>
    </message>
    <message>
        <source>Prefix cache</source>
        <translation>前缀缓存</translation>
    </message>
    <message>
        <source>Requests that hit</source>
        <translation>命中的请求</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%2 中的 %1</translation>
    </message>
    <message>
        <source>Tokens saved</source>
        <translation>节省的词元</translation>
    </message>
    <message>
        <source>They were found in the cache and not computed again.</source>
        <translation>它们在缓存中命中，没有重新计算。</translation>
    </message>
    <message>
        <source>Without sharing</source>
        <translation>不共享时</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个词元</translation>
    </message>
    <message>
        <source>Requests that end here</source>
        <translation>在此结束的请求</translation>
    </message>
    <message>
        <source>First difference</source>
        <translation>首个不同之处</translation>
    </message>
    <message>
        <source>token %1</source>
        <translation>第 %1 个词元</translation>
    </message>
    <message>
        <source>⟨ends⟩</source>
        <translation>⟨结束⟩</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>此处</translation>
    </message>
    <message>
        <source>The others</source>
        <translation>其他请求</translation>
    </message>
    <message>
        <source>Go to the others</source>
        <translation>转到其他请求</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>on the timeline</source>
        <translation>在时间线上查看</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>以及另外 %1 个</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::PrefixModel</name>
    <message>
        <source>%1 requests</source>
        <translation>%1 个请求</translation>
    </message>
    <message>
        <source>Tokens %1 to %2 of the text</source>
        <translation>文本的第 %1 至 %2 个词元</translation>
    </message>
    <message>
        <source>Requests that found some of it in the prefix cache instead of computing it</source>
        <translation>在前缀缓存中命中其中一部分而无需计算的请求</translation>
    </message>
    <message>
        <source>%1 of %2 tokens that would have been computed without sharing</source>
        <translation>不共享时要计算 %2 个词元，节省了其中 %1 个</translation>
    </message>
    <message>
        <source>Common beginning</source>
        <translation>共同开头</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Hits</source>
        <translation>命中</translation>
    </message>
    <message>
        <source>Tokens saved</source>
        <translation>节省的词元</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::PrefixPage</name>
    <message>
        <source>requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Whose prompt is in the recording.</source>
        <translation>录制中含有其提示词的请求。</translation>
    </message>
    <message>
        <source>common beginnings</source>
        <translation>共同开头</translation>
    </message>
    <message>
        <source>Stretches that two requests or more share.</source>
        <translation>由两个或更多请求共享的片段。</translation>
    </message>
    <message>
        <source>prompt tokens looked up</source>
        <translation>查找的提示词元</translation>
    </message>
    <message>
        <source>Of requests that were admitted.</source>
        <translation>已接纳的请求的。</translation>
    </message>
    <message>
        <source>tokens saved</source>
        <translation>节省的词元</translation>
    </message>
    <message>
        <source>Found in the prefix cache, and so not computed again.</source>
        <translation>在前缀缓存中命中，因此没有重新计算。</translation>
    </message>
    <message>
        <source>hit rate</source>
        <translation>命中率</translation>
    </message>
    <message>
        <source>Tokens saved, of those looked up.</source>
        <translation>查找的词元中节省的比例。</translation>
    </message>
    <message>
        <source>blocks of %1 tokens</source>
        <translation>每块 %1 个词元</translation>
    </message>
    <message>
        <source>%1 smaller beginnings are left out</source>
        <translation>略去了 %1 个较小的开头</translation>
    </message>
    <message>
        <source>%1 requests began before</source>
        <translation>%1 个请求在此之前开始</translation>
    </message>
    <message>
        <source>No prompt came in this stretch.</source>
        <translation>这段时间内没有新的提示词。</translation>
    </message>
    <message>
        <source>Common beginnings</source>
        <translation>共同开头</translation>
    </message>
    <message>
        <source>Prompts that begin alike share KV blocks: what one request computed, the next one finds in the cache. Where they part, the next block is each one&apos;s own.</source>
        <translation>开头相同的提示词共享 KV 块：一个请求算过的内容，下一个请求可在缓存中命中。从分开之处起，之后的块各归各的。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::RankPage</name>
    <message>
        <source>%1: %2, %3</source>
        <translation>%1：%2，%3</translation>
    </message>
    <message>
        <source>Forward pass</source>
        <translation>前向计算</translation>
    </message>
    <message>
        <source>Copies of blocks</source>
        <translation>块的复制</translation>
    </message>
    <message>
        <source>Sampling</source>
        <translation>采样</translation>
    </message>
    <message>
        <source>Host, not hidden</source>
        <translation>主机，未隐藏</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>步</translation>
    </message>
    <message>
        <source>decodes alone, p50</source>
        <translation>仅解码，p50</translation>
    </message>
    <message>
        <source>with prompt tokens, p50</source>
        <translation>含提示词元，p50</translation>
    </message>
    <message>
        <source>The scheduler predicts each forward pass from those before it.</source>
        <translation>调度器根据之前的前向计算预测每一次。</translation>
    </message>
    <message>
        <source>Far above 1: some steps take much longer than steps like them, as when threads or other programs compete for the cores.</source>
        <translation>远大于 1：有些步骤比同类步骤慢得多，例如线程或其他程序在争用核心时。</translation>
    </message>
    <message>
        <source>Rank 0</source>
        <translation>进程 0</translation>
    </message>
    <message>
        <source>Rank 0: no step lies in this stretch.</source>
        <translation>进程 0：这段时间内没有步骤。</translation>
    </message>
    <message>
        <source>No step lies in this stretch.</source>
        <translation>这段时间内没有步骤。</translation>
    </message>
    <message>
        <source>Forward time of a step</source>
        <translation>每步的前向时间</translation>
    </message>
    <message>
        <source>Decodes alone</source>
        <translation>仅解码</translation>
    </message>
    <message>
        <source>With prompt tokens</source>
        <translation>含提示词元</translation>
    </message>
    <message>
        <source>No step of this stretch has a prediction.</source>
        <translation>这段时间内的步骤都没有预测值。</translation>
    </message>
    <message>
        <source>as predicted</source>
        <translation>与预测一致</translation>
    </message>
    <message>
        <source>Measured by predicted time</source>
        <translation>实测与预测时间之比</translation>
    </message>
    <message>
        <source>Measured and predicted over time</source>
        <translation>实测与预测随时间的变化</translation>
    </message>
    <message>
        <source>%1 steps: %2 on average, %3 predicted</source>
        <translation>%1 步：平均 %2，预测 %3</translation>
    </message>
    <message>
        <source>none took longer than predicted</source>
        <translation>没有步骤超出预测</translation>
    </message>
    <message>
        <source>activate one to see it on the timeline</source>
        <translation>激活一项即可在时间线上查看</translation>
    </message>
    <message>
        <source>Ranks</source>
        <translation>计算进程</translation>
    </message>
    <message>
        <source>Unevenness</source>
        <translation>不均匀程度</translation>
    </message>
    <message>
        <source>How long each forward pass took, as a multiple of what was predicted.</source>
        <translation>每次前向计算所用时间与预测时间之比。</translation>
    </message>
    <message>
        <source>Forward time</source>
        <translation>前向时间</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>实测</translation>
    </message>
    <message>
        <source>Predicted</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>Furthest beyond the prediction</source>
        <translation>超出预测最多的步骤</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>At</source>
        <translation>时刻</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Decode</source>
        <translation>解码</translation>
    </message>
    <message>
        <source>decodes alone, p95</source>
        <translation>仅解码，p95</translation>
    </message>
    <message>
        <source>with prompt tokens, p95</source>
        <translation>含提示词元，p95</translation>
    </message>
    <message>
        <source>of prediction, p50</source>
        <translation>相对预测时间，p50</translation>
    </message>
    <message>
        <source>of prediction, p95</source>
        <translation>相对预测时间，p95</translation>
    </message>
    <message>
        <source>skew, p50</source>
        <translation>偏差，p50</translation>
    </message>
    <message>
        <source>Within a step: from the process that computed least to the one that did most.</source>
        <translation>同一步骤内，计算最少的进程与计算最多的进程之差。</translation>
    </message>
    <message>
        <source>skew, p95</source>
        <translation>偏差，p95</translation>
    </message>
    <message>
        <source>waiting or idle</source>
        <translation>等待或空闲</translation>
    </message>
    <message>
        <source>The mean of all processes.</source>
        <translation>所有进程的平均值。</translation>
    </message>
    <message>
        <source>exchanging</source>
        <translation>交换</translation>
    </message>
    <message>
        <source>of waits hidden</source>
        <translation>等待被掩盖的部分</translation>
    </message>
    <message>
        <source>Of the time in which others were late, the part in which a process computed on.</source>
        <translation>在其他进程迟到的时间里，进程继续计算的部分。</translation>
    </message>
    <message>
        <source>between processes</source>
        <translation>进程之间</translation>
    </message>
    <message>
        <source>What all of them sent, while steps were computed.</source>
        <translation>计算步骤期间所有进程发送的数据。</translation>
    </message>
    <message>
        <source>Each process waits for the slowest one several times in each layer, or, as a stage, for the one before it. When within a step is not recorded, only how long.</source>
        <translation>每个进程在每一层里要数次等待最慢的进程；作为一段时，则等待前一段。只记录等待多久，不记录在步骤中的何时。</translation>
    </message>
    <message>
        <source>This recording has one rank: the whole model is computed by one process, so there is nobody to wait for. Several have a line each here, with their times and how long they waited for others (Settings, Processes; --ranks, --stages). What single threads do within a step is not recorded; where they hinder each other, steps take longer than predicted.</source>
        <translation>此记录只有一个进程：整个模型由一个进程计算，因此无需等待其他进程。多个进程时（“设置”中的“计算进程”；--ranks、--stages），每个进程在这里各占一行，列出其用时和等待其他进程的时间。不记录步骤内单个线程的活动；线程互相妨碍时，步骤用时会超出预测。</translation>
    </message>
    <message>
        <source>%1 steps were shared</source>
        <translation>%1 个步骤由多个进程分担</translation>
    </message>
    <message>
        <source>no process failed</source>
        <translation>没有进程出现故障</translation>
    </message>
    <message>
        <source>Computes</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>Exchanges</source>
        <translation>交换</translation>
    </message>
    <message>
        <source>Waits</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Idle</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>Load balance</source>
        <translation>负载均衡</translation>
    </message>
    <message>
        <source>How much of the forward passes the busiest and the least busy process computed.</source>
        <translation>前向计算时间中，最忙和最闲的进程各有多少在计算。</translation>
    </message>
    <message>
        <source>Least busy</source>
        <translation>最闲</translation>
    </message>
    <message>
        <source>Busiest</source>
        <translation>最忙</translation>
    </message>
    <message>
        <source>Between processes</source>
        <translation>进程之间</translation>
    </message>
    <message>
        <source>Bytes that they sent while steps were computed.</source>
        <translation>计算步骤期间它们发送的字节数。</translation>
    </message>
    <message>
        <source>Skew</source>
        <translation>偏差</translation>
    </message>
    <message>
        <source>How far the processes of a step were apart.</source>
        <translation>同一步骤中各进程相差多少。</translation>
    </message>
    <message>
        <source>Least even steps</source>
        <translation>最不均衡的步骤</translation>
    </message>
    <message>
        <source>Apart</source>
        <translation>相差</translation>
    </message>
    <message>
        <source>Slowest</source>
        <translation>最慢</translation>
    </message>
    <message>
        <source>Failures and changes</source>
        <translation>故障与更改</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>发生了什么</translation>
    </message>
</context>
<context>
    <name>AdviceSettings</name>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>one per core</source>
        <translation>每核一个</translation>
    </message>
    <message>
        <source>Memory for chats</source>
        <translation>对话内存</translation>
    </message>
    <message>
        <source>%1: %2 → %3</source>
        <translation>%1：%2 → %3</translation>
    </message>
</context>
<context>
    <name>AdviceText</name>
    <message>
        <source>Each token takes %1 for reading the weights, whether one reply is computed or several; on average %2 were.</source>
        <translation>无论计算一条还是多条回复，每个词元都要花 %1 读取权重；平均同时计算 %2 条。</translation>
    </message>
    <message>
        <source>Each token takes %1 for reading the weights, at %3 of what the memory can deliver, whether one reply is computed or several; on average %2 were.</source>
        <translation>无论计算一条还是多条回复，每个词元都要花 %1 读取权重，已达内存带宽的 %3；平均同时计算 %2 条。</translation>
    </message>
    <message>
        <source>More replies at once cost little more. A smaller file type (Q4 instead of Q8) makes each faster.</source>
        <translation>同时多写几条回复几乎不增加开销。换用更小的文件类型（Q4 而非 Q8）能让每条都更快。</translation>
    </message>
    <message>
        <source>For %1 of the time steps were full with %2 tokens while prompts waited; %3 of such a step is not the prompts&apos;.</source>
        <translation>有 %1 的时间，步骤已装满 %2 个词元，而提示仍在等待；这样的步骤中有 %3 并非用于提示。</translation>
    </message>
    <message>
        <source>Let a step take %1 tokens.</source>
        <translation>让每步处理 %1 个词元。</translation>
    </message>
    <message>
        <source>Steps were full of prompts for %1 of the time and others waited: %2 prompt tokens a second came in, and the machine computes %3.</source>
        <translation>有 %1 的时间，步骤已被提示占满，其余只能等待：每秒到来 %2 个提示词元，而这台机器每秒能计算 %3 个。</translation>
    </message>
    <message>
        <source>Send fewer or shorter prompts, share their beginnings, or use a smaller model.</source>
        <translation>减少或缩短提示，让它们共用开头，或换用更小的模型。</translation>
    </message>
    <message>
        <source>Up to %1 requests waited behind a prompt of %2 tokens, %3 of the time; half of all prompts have no more than %4.</source>
        <translation>最多有 %1 个请求排在一条 %2 个词元的提示之后，占 %3 的时间；半数提示不超过 %4 个词元。</translation>
    </message>
    <message>
        <source>Admit short requests first.</source>
        <translation>优先接纳短请求。</translation>
    </message>
    <message>
        <source>The model stood still for %1 of the time while there was work: %2 planning, %3 telling clients about tokens, %4 for nobody knows what.</source>
        <translation>有活可干时，模型有 %1 的时间停着不动：%2 用于规划，%3 用于把词元告知客户端，%4 原因不明。</translation>
    </message>
    <message>
        <source>Make the client that receives the tokens faster, or let it take them elsewhere.</source>
        <translation>让接收词元的客户端更快，或让它在别处处理。</translation>
    </message>
    <message>
        <source>Let fewer requests wait at once, or close other programs.</source>
        <translation>减少同时等待的请求，或关闭其他程序。</translation>
    </message>
    <message>
        <source>Look for another program that takes the engine&apos;s processor.</source>
        <translation>查看是否有其他程序占用了引擎的处理器。</translation>
    </message>
    <message>
        <source>%1 threads compute on a machine with %2 cores, and %3 of the time is arithmetic that more threads would share.</source>
        <translation>这台机器有 %2 个核心，却只用 %1 个线程计算；有 %3 的时间花在更多线程可以分担的运算上。</translation>
    </message>
    <message>
        <source>Compute with %1 threads.</source>
        <translation>用 %1 个线程计算。</translation>
    </message>
    <message>
        <source>Requests waited for %1 of the time though there was room for them, because with one more the time between tokens would pass its target.</source>
        <translation>有 %1 的时间，请求明明有空位却在等待，因为再加一个就会使词元间隔超出目标。</translation>
    </message>
    <message>
        <source>Prompts advanced by %1 tokens a step, because the time between tokens is kept short; %2 of those steps was not theirs.</source>
        <translation>由于要保持较短的词元间隔，提示每步只前进 %1 个词元；这些步骤中有 %2 并非用于它们。</translation>
    </message>
    <message>
        <source>Allow %1 between tokens.</source>
        <translation>允许词元间隔达到 %1。</translation>
    </message>
    <message>
        <source>%1 of the prompts&apos; tokens are the same as another prompt&apos;s but were computed again: these prompts differ at token %2 already, %3 against %4, and %5 tokens behind it are alike.</source>
        <translation>提示中有 %1 的词元与另一条提示相同，却又重新计算：这些提示在第 %2 个词元就已不同（%3 对 %4），其后 %5 个词元却相同。</translation>
    </message>
    <message>
        <source>Put what changes (a date, a name) behind what stays the same in the system prompt.</source>
        <translation>在系统提示中，把会变的内容（日期、名字）放到不变的内容之后。</translation>
    </message>
    <message>
        <source>Up to %1 requests waited though the KV pool had room for them: no more than %2 may run at once. That was so for %3 of the time.</source>
        <translation>KV 池尚有空位，却最多有 %1 个请求在等待：最多只允许 %2 个同时运行。这种情况占 %3 的时间。</translation>
    </message>
    <message>
        <source>Let %1 requests run at once.</source>
        <translation>让 %1 个请求同时运行。</translation>
    </message>
    <message>
        <source>Only %1 of %2 memory was left, and %3 steps took far longer than they should. At most %4 of the KV pool&apos;s %5 blocks were in use.</source>
        <translation>%2 内存只剩 %1，有 %3 步远比应有的慢。KV 池的 %5 个块最多只用了 %4 个。</translation>
    </message>
    <message>
        <source>Give the KV cache less memory: %1 blocks are enough for what was asked.</source>
        <translation>给 KV 缓存少分些内存：对这些请求，%1 个块就够了。</translation>
    </message>
    <message>
        <source>Close other programs, or use a smaller model.</source>
        <translation>关闭其他程序，或换用更小的模型。</translation>
    </message>
    <message>
        <source>The KV pool had no room for the next request for %1 of the time; %2 requests lost their blocks to others.</source>
        <translation>有 %1 的时间，KV 池容不下下一个请求；有 %2 个请求的块让给了其他请求。</translation>
    </message>
    <message>
        <source>Store keys and values as int8: twice as many tokens fit.</source>
        <translation>以 int8 存储键和值：可容纳的词元翻倍。</translation>
    </message>
    <message>
        <source>Give the KV cache more memory: %1 blocks instead of %2.</source>
        <translation>给 KV 缓存更多内存：%1 个块，而不是 %2 个。</translation>
    </message>
    <message>
        <source>Replies stalled %1 times, for up to %2 instead of %3, while a prompt was read beside them.</source>
        <translation>旁边读取提示时，回复停顿了 %1 次，最长达 %2，而平常为 %3。</translation>
    </message>
    <message>
        <source>Keep the time between tokens at %1: prompts are then read in smaller pieces.</source>
        <translation>把词元间隔保持在 %1：提示就会分成更小的块读取。</translation>
    </message>
    <message>
        <source>%1 of the prompts&apos; tokens had been computed before, but nothing was kept of them: the prefix cache is off.</source>
        <translation>提示中有 %1 的词元以前算过，却没有留下来：前缀缓存已关闭。</translation>
    </message>
    <message>
        <source>Turn the prefix cache on.</source>
        <translation>打开前缀缓存。</translation>
    </message>
    <message>
        <source>%1 of the prompts&apos; tokens had been computed before, but their blocks were evicted before they were wanted again; %2 blocks were evicted in all, and %3 of the tokens were found.</source>
        <translation>提示中有 %1 的词元以前算过，但它们的块在再次用到之前就被逐出了；共逐出 %2 个块，有 %3 的词元在缓存中找到。</translation>
    </message>
    <message>
        <source>Choosing tokens took %1 of the time, %2 for each.</source>
        <translation>选取词元占了 %1 的时间，每个 %2。</translation>
    </message>
    <message>
        <source>Fewer sampling steps make it cheaper: top-k before top-p, no alternatives that nobody looks at.</source>
        <translation>减少采样步骤更省时：先 top-k 再 top-p，不要没人看的候选。</translation>
    </message>
    <message>
        <source>From step %1 on the same work took %2 as long as before.</source>
        <translation>从第 %1 步起，同样的工作耗时是之前的 %2。</translation>
    </message>
    <message>
        <source>Look at the machine&apos;s temperature and power settings, and at programs that began then.</source>
        <translation>检查机器的温度和电源设置，以及那时启动的程序。</translation>
    </message>
    <message>
        <source>%1 blocks went to host memory and %2 came back, which took %3 of the time.</source>
        <translation>有 %1 个块换出到主机内存，%2 个换回，占了 %3 的时间。</translation>
    </message>
    <message>
        <source>%1 of the steps took far longer than others with the same work, which cost %2 of the time.</source>
        <translation>有 %1 的步骤比同样工作量的其他步骤慢得多，占了 %2 的时间。</translation>
    </message>
    <message>
        <source>Compute with %1 threads, one for each core, instead of %2.</source>
        <translation>用 %1 个线程计算，每核一个，而不是 %2 个。</translation>
    </message>
    <message>
        <source>Leave a core to other programs: set the threads that compute to %1.</source>
        <translation>给其他程序留一个核心：将计算线程数设为 %1。</translation>
    </message>
    <message>
        <source>Close other programs that compute, or leave them a core.</source>
        <translation>关闭其他占用处理器的程序，或给它们留一个核心。</translation>
    </message>
    <message>
        <source>Forward passes took up to %1 as long as usual for their work.</source>
        <translation>前向计算的耗时最多达到同样工作量平常的 %1。</translation>
    </message>
    <message>
        <source>Up to %1 passed between two steps in which nothing was computed. A step takes %2.</source>
        <translation>两步之间最长有 %1没有计算任何东西，而一步需 %2。</translation>
    </message>
    <message>
        <source>Tokens came %1 slower than the same work usually gives them.</source>
        <translation>词元比同样工作量平常的速度慢 %1。</translation>
    </message>
    <message>
        <source>The prefix cache found %1 of prompts, instead of %2.</source>
        <translation>前缀缓存命中了提示的 %1，而平常为 %2。</translation>
    </message>
    <message>
        <source>%1 requests waited at once, instead of %2.</source>
        <translation>同时有 %1 个请求在等待，而平常为 %2 个。</translation>
    </message>
    <message>
        <source>%1 requests lost their blocks within %2 steps, instead of %3.</source>
        <translation>%2 步之内有 %1 个请求失去了块，而平常为 %3 个。</translation>
    </message>
    <message>
        <source>KV pool too small</source>
        <translation>KV 池太小</translation>
    </message>
    <message>
        <source>Swapping KV blocks back and forth</source>
        <translation>KV 块来回交换</translation>
    </message>
    <message>
        <source>Too few requests run at once</source>
        <translation>同时运行的请求太少</translation>
    </message>
    <message>
        <source>Target between tokens too tight</source>
        <translation>词元间隔目标太紧</translation>
    </message>
    <message>
        <source>Steps too small</source>
        <translation>每步太小</translation>
    </message>
    <message>
        <source>Long prompts stall replies</source>
        <translation>长提示拖住了回复</translation>
    </message>
    <message>
        <source>Short prompts wait behind a long one</source>
        <translation>短提示排在长提示之后</translation>
    </message>
    <message>
        <source>Prompts differ at their beginning</source>
        <translation>提示的开头就不同</translation>
    </message>
    <message>
        <source>Cached prefixes are evicted too soon</source>
        <translation>缓存的前缀过早被逐出</translation>
    </message>
    <message>
        <source>Prefixes are not kept</source>
        <translation>没有保留前缀</translation>
    </message>
    <message>
        <source>The model waits for the host</source>
        <translation>模型在等待主机</translation>
    </message>
    <message>
        <source>Choosing tokens is slow</source>
        <translation>选取词元太慢</translation>
    </message>
    <message>
        <source>Steps take uneven times</source>
        <translation>步骤耗时不均</translation>
    </message>
    <message>
        <source>The machine became slower</source>
        <translation>机器变慢了</translation>
    </message>
    <message>
        <source>Cores are idle</source>
        <translation>有核心闲置</translation>
    </message>
    <message>
        <source>Memory bandwidth is the limit</source>
        <translation>内存带宽是瓶颈</translation>
    </message>
    <message>
        <source>More is asked than can be computed</source>
        <translation>请求超出了算力</translation>
    </message>
    <message>
        <source>The machine is short of memory</source>
        <translation>机器内存不足</translation>
    </message>
    <message>
        <source>first token, p95</source>
        <translation>首个词元，p95</translation>
    </message>
    <message>
        <source>between, p95</source>
        <translation>间隔，p95</translation>
    </message>
    <message>
        <source>between, worst</source>
        <translation>间隔，最差</translation>
    </message>
    <message>
        <source>whole reply, mean</source>
        <translation>整条回复，平均</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>preemptions</source>
        <translation>抢占次数</translation>
    </message>
    <message>
        <source>KV blocks</source>
        <translation>KV 块</translation>
    </message>
    <message>
        <source>KV format</source>
        <translation>KV 格式</translation>
    </message>
    <message>
        <source>Time between tokens</source>
        <translation>词元间隔</translation>
    </message>
    <message>
        <source>Tokens in a step</source>
        <translation>每步词元数</translation>
    </message>
    <message>
        <source>Requests that run at once</source>
        <translation>同时运行的请求</translation>
    </message>
    <message>
        <source>Waiting replies</source>
        <translation>等待中的回复</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程</translation>
    </message>
    <message>
        <source>Prefix cache</source>
        <translation>前缀缓存</translation>
    </message>
    <message>
        <source>Settings, Memory for chats</source>
        <translation>设置中的“对话内存”</translation>
    </message>
    <message>
        <source>Settings, KV format; then load the model again</source>
        <translation>设置中的“KV 格式”，然后重新加载模型</translation>
    </message>
    <message>
        <source>Settings, Time between tokens</source>
        <translation>设置中的“词元间隔”</translation>
    </message>
    <message>
        <source>Settings, Time between tokens: steps may take more with a longer target</source>
        <translation>设置中的“词元间隔”：目标放宽，每步就能处理更多</translation>
    </message>
    <message>
        <source>vitrine replay --max-running tries it out; there is no setting for it here</source>
        <translation>可用 vitrine replay --max-running 试验；此处没有这项设置</translation>
    </message>
    <message>
        <source>Settings, Waiting replies</source>
        <translation>设置中的“等待中的回复”</translation>
    </message>
    <message>
        <source>Settings, Threads</source>
        <translation>设置中的“线程”</translation>
    </message>
    <message>
        <source>it is always on in this window</source>
        <translation>在本窗口中始终开启</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>%1 times</source>
        <translation>%1 倍</translation>
    </message>
    <message>
        <source>in order of arrival</source>
        <translation>按到达顺序</translation>
    </message>
    <message>
        <source>by priority</source>
        <translation>按优先级</translation>
    </message>
    <message>
        <source>fair to each chat</source>
        <translation>各对话公平轮流</translation>
    </message>
    <message>
        <source>short replies first</source>
        <translation>短回复优先</translation>
    </message>
    <message>
        <source>Compute</source>
        <translation>算力</translation>
    </message>
    <message>
        <source>Bandwidth</source>
        <translation>带宽</translation>
    </message>
    <message>
        <source>Capacity</source>
        <translation>容量</translation>
    </message>
    <message>
        <source>Scheduling</source>
        <translation>调度</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>no target</source>
        <translation>无目标</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>%1 to %2 %</source>
        <translation>%1 至 %2%</translation>
    </message>
    <message>
        <source>A process was replaced; all %1 computed again after %2. What failed: %3.</source>
        <translation>替换了一个进程；%2 后全部 %1 个进程重新计算。故障：%3。</translation>
    </message>
    <message>
        <source>The processes began anew; all %1 computed again after %2. What failed: %3.</source>
        <translation>各进程已重新开始；%2 后全部 %1 个进程重新计算。故障：%3。</translation>
    </message>
    <message>
        <source>Processes failed too often: %1 of %2 go on, after %3. What failed: %4.</source>
        <translation>进程故障过于频繁：%3 后由 %2 个中的 %1 个继续。故障：%4。</translation>
    </message>
    <message>
        <source>What failed could not be replaced: %1.</source>
        <translation>出现故障的进程无法替换：%1。</translation>
    </message>
    <message>
        <source>The number of processes went from %1 to %2, which took %3.</source>
        <translation>进程数由 %1 变为 %2，用时 %3。</translation>
    </message>
</context>
<context>
    <name>ComparisonTexts</name>
    <message>
        <source>First token</source>
        <translation>首个词元</translation>
    </message>
    <message>
        <source>Between</source>
        <translation>间隔</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>排队</translation>
    </message>
    <message>
        <source>Whole reply</source>
        <translation>整条回复</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>Prefix hits</source>
        <translation>前缀命中</translation>
    </message>
    <message>
        <source>KV in use</source>
        <translation>KV 占用</translation>
    </message>
    <message>
        <source>Preemptions</source>
        <translation>抢占</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p95</source>
        <translation>p95</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>平均</translation>
    </message>
    <message>
        <source> pt</source>
        <translation> 个百分点</translation>
    </message>
    <message>
        <source> %</source>
        <translation>%</translation>
    </message>
    <message>
        <source>100 %</source>
        <translation>100%</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>too few to tell</source>
        <translation>样本太少</translation>
    </message>
    <message>
        <source>%1 … %2%3</source>
        <translation>%1 … %2%3</translation>
    </message>
    <message>
        <source>aligned by request, %1 of %2</source>
        <translation>按请求对齐，%1/%2</translation>
    </message>
    <message>
        <source>different prompts: aligned in order, %1 of %2</source>
        <translation>提示不同：按顺序对齐，%1/%2</translation>
    </message>
    <message>
        <source>aligned by step, %1 of %2</source>
        <translation>按步骤对齐，%1/%2</translation>
    </message>
    <message>
        <source>nothing in common</source>
        <translation>没有共同之处</translation>
    </message>
    <message>
        <source>Time to first token</source>
        <translation>首个词元时间</translation>
    </message>
    <message>
        <source>Between tokens</source>
        <translation>词元间隔</translation>
    </message>
    <message>
        <source>Throughput</source>
        <translation>吞吐量</translation>
    </message>
    <message>
        <source>KV blocks in use</source>
        <translation>已用 KV 块</translation>
    </message>
    <message>
        <source> tokens/s</source>
        <translation> 词元/秒</translation>
    </message>
    <message>
        <source>, %1</source>
        <translation>，%1</translation>
    </message>
</context>
<context>
    <name>LatencyLook</name>
    <message>
        <source>Queued</source>
        <translation>排队</translation>
    </message>
    <message>
        <source>Prefill</source>
        <translation>预填充</translation>
    </message>
    <message>
        <source>Interference</source>
        <translation>干扰</translation>
    </message>
    <message>
        <source>Sampling and host</source>
        <translation>采样与主机</translation>
    </message>
    <message>
        <source>Saved by cache</source>
        <translation>缓存节省</translation>
    </message>
    <message>
        <source>Waited to be admitted, or to go on after its blocks went to others.</source>
        <translation>等待接纳，或在块让给其他请求后等待继续。</translation>
    </message>
    <message>
        <source>Reading its own prompt.</source>
        <translation>读取自己的提示。</translation>
    </message>
    <message>
        <source>What the tokens of others added to its steps.</source>
        <translation>其他请求的词元给它的步骤增加的时间。</translation>
    </message>
    <message>
        <source>Choosing the token, and the engine&apos;s own work between steps.</source>
        <translation>选取词元，以及引擎在步骤之间的工作。</translation>
    </message>
    <message>
        <source>What reading the part of the prompt that the prefix cache had would have taken.</source>
        <translation>如果没有前缀缓存，读取提示的这一部分本来要花的时间。</translation>
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
        <source>%1 µs</source>
        <translation>%1 微秒</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::AdviceCard</name>
    <message>
        <source>Advisor</source>
        <translation>顾问</translation>
    </message>
    <message>
        <source>Nothing holds the replies back</source>
        <translation>没有什么拖慢回复</translation>
    </message>
    <message>
        <source>Looking at the recording…</source>
        <translation>正在查看录制…</translation>
    </message>
    <message>
        <source>No bottleneck stands out in what was recorded. With more load there may be one.</source>
        <translation>录制中没有明显的瓶颈。负载更大时可能会出现。</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1/%2</translation>
    </message>
    <message>
        <source>Previous diagnosis</source>
        <translation>上一条诊断</translation>
    </message>
    <message>
        <source>Next diagnosis</source>
        <translation>下一条诊断</translation>
    </message>
    <message>
        <source>predicted by replay</source>
        <translation>由重放预测</translation>
    </message>
    <message>
        <source>estimated from the costs of steps</source>
        <translation>由步骤开销估算</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Show where</source>
        <translation>查看位置</translation>
    </message>
    <message>
        <source>Show where, %1 of %2</source>
        <translation>查看位置，%1/%2</translation>
    </message>
    <message>
        <source>Selects the time on the timeline</source>
        <translation>在时间线上选中这段时间</translation>
    </message>
    <message>
        <source>Explains %1 % of all waiting in %2 steps.</source>
        <translation>在 %2 步中，占全部等待的 %1%。</translation>
    </message>
    <message>
        <source>%1: %2 instead of %3</source>
        <translation>%1：%2，而不是 %3</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Where to change it: %1</source>
        <translation>更改位置：%1</translation>
    </message>
    <message>
        <source>From the newest %1 of %2 steps. Select a time to look at another part.</source>
        <translation>依据 %2 步中最新的 %1 步。选择一段时间可查看其他部分。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::AppliedCard</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Applied %1</source>
        <translation>%1 已应用</translation>
    </message>
    <message>
        <source>Too little was recorded before the change to compare with.</source>
        <translation>更改前记录得太少，无法比较。</translation>
    </message>
    <message>
        <source>Measuring: %1 of %2 steps. It goes on while replies are written.</source>
        <translation>正在测量：%1/%2 步。写回复时会继续。</translation>
    </message>
    <message>
        <source>Measured over %1 steps, against %2 before it.</source>
        <translation>测量了之后的 %1 步，与之前的 %2 步相比。</translation>
    </message>
    <message>
        <source>Before, %1</source>
        <translation>之前，%1</translation>
    </message>
    <message>
        <source>After, %1</source>
        <translation>之后，%1</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>It makes no difference that could be measured.</source>
        <translation>测不出有什么差别。</translation>
    </message>
    <message>
        <source>No difference seen yet, after %1 steps. It goes on while replies are written.</source>
        <translation>经过 %1 步，尚未看出差别。写回复时会继续测量。</translation>
    </message>
    <message>
        <source>It has become worse since, but too little was measured to be sure.</source>
        <translation>此后变差了，但测量得太少，还不能确定。</translation>
    </message>
    <message>
        <source>It has become better, but too little was measured to be sure.</source>
        <translation>有所改善，但测量得太少，还不能确定。</translation>
    </message>
    <message>
        <source>No difference seen yet (95 %: %1).</source>
        <translation>尚未看出差别（95%：%1）。</translation>
    </message>
    <message>
        <source>It has become better (95 %: %1).</source>
        <translation>有所改善（95%：%1）。</translation>
    </message>
    <message>
        <source>It has become worse since (95 %: %1). If the load is the same, undo it.</source>
        <translation>此后变差了（95%：%1）。如果负载相同，请撤销。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ComparisonChart</name>
    <message>
        <source>%1: %2 → %3 %4</source>
        <translation>%1：%2 → %3 %4</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ComparisonPanel</name>
    <message>
        <source>Choose a recording</source>
        <translation>选择录制</translation>
    </message>
    <message>
        <source>Running engine</source>
        <translation>运行中的引擎</translation>
    </message>
    <message>
        <source>There is nothing in these two recordings that can be compared.</source>
        <translation>这两份录制中没有可以比较的内容。</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>正在比较…</translation>
    </message>
    <message>
        <source>A and B are the same recording: choose another one.</source>
        <translation>A 和 B 是同一份录制：请另选一份。</translation>
    </message>
    <message>
        <source>Choose two recordings to see what changed from A to B: before and after a setting, a model or a machine.</source>
        <translation>选择两份录制，看看从 A 到 B 有什么变化：更改设置、模型或机器的前后。</translation>
    </message>
    <message>
        <source>A/B</source>
        <translation>A/B</translation>
    </message>
    <message>
        <source>A</source>
        <translation>A</translation>
    </message>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
    <message>
        <source>Recording A</source>
        <translation>录制 A</translation>
    </message>
    <message>
        <source>Recording B</source>
        <translation>录制 B</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>正在写入…</translation>
    </message>
    <message>
        <source>Save report…</source>
        <translation>保存报告…</translation>
    </message>
    <message>
        <source>%1; the newest %2 of %3 steps</source>
        <translation>%1；%3 步中最新的 %2 步</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ComparisonTable</name>
    <message>
        <source>Metric</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>A</source>
        <translation>A</translation>
    </message>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>95 % sure</source>
        <translation>95% 区间</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::FirstTokenChart</name>
    <message>
        <source>Time to first token</source>
        <translation>首个词元时间</translation>
    </message>
    <message>
        <source>A bar a request; the arrow keys choose one</source>
        <translation>每个请求一条；用方向键选择</translation>
    </message>
    <message>
        <source>after preemption</source>
        <translation>抢占之后</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个词元</translation>
    </message>
    <message>
        <source>No reply has begun here yet.</source>
        <translation>这里还没有开始的回复。</translation>
    </message>
    <message>
        <source>%1: %2 until the first token</source>
        <translation>%1：%2 后出首个词元</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1 of %2 tokens of the prompt were cached</source>
        <translation>提示的 %2 个词元中有 %1 个在缓存里</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::GainRow</name>
    <message>
        <source>%1: %2 → %3</source>
        <translation>%1：%2 → %3</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::LatencyPage</name>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p95</source>
        <translation>p95</translation>
    </message>
    <message>
        <source>Own decode</source>
        <translation>自身解码</translation>
    </message>
    <message>
        <source>Computing and choosing its own token.</source>
        <translation>计算并选取自己的词元。</translation>
    </message>
    <message>
        <source>Waiting and host</source>
        <translation>等待与主机</translation>
    </message>
    <message>
        <source>After a preemption, and between steps.</source>
        <translation>抢占之后，以及步骤之间。</translation>
    </message>
    <message>
        <source>Time to first token</source>
        <translation>首个词元时间</translation>
    </message>
    <message>
        <source>Time between tokens</source>
        <translation>词元间隔</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>最新优先</translation>
    </message>
    <message>
        <source>Slowest first</source>
        <translation>最慢优先</translation>
    </message>
    <message>
        <source>Order of the requests</source>
        <translation>请求的顺序</translation>
    </message>
    <message>
        <source>TTFT: from a request&apos;s arrival to the first token of its reply, by cause.</source>
        <translation>TTFT：从请求到达到其回复的第一个词元，按原因划分。</translation>
    </message>
    <message>
        <source>ITL, inter-token latency: how long a reader waits for each further token, by cause.</source>
        <translation>ITL（词元间延迟）：读者等待每个后续词元的时间，按原因划分。</translation>
    </message>
    <message>
        <source>Half of the waits are no longer than p50, 95 of 100 no longer than p95.</source>
        <translation>一半的等待不超过 p50，100 次中有 95 次不超过 p95。</translation>
    </message>
    <message>
        <source>the newest %1 of %2 steps</source>
        <translation>%2 步中最新的 %1 步</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::TokenGapChart</name>
    <message>
        <source>Time between tokens</source>
        <translation>词元间隔</translation>
    </message>
    <message>
        <source>%1: half of the tokens came within %2, 95 of 100 within %3</source>
        <translation>%1：半数词元在 %2 内到来，100 个中有 95 个在 %3 内</translation>
    </message>
    <message>
        <source>Request %1</source>
        <translation>请求 %1</translation>
    </message>
    <message>
        <source>target %1</source>
        <translation>目标 %1</translation>
    </message>
    <message>
        <source>%1, %2 tokens</source>
        <translation>%1，%2 个词元</translation>
    </message>
    <message>
        <source>A reply of two tokens or more shows its pace here.</source>
        <translation>两个词元以上的回复会在这里显示节奏。</translation>
    </message>
    <message>
        <source>%1 to the next token, in step %2</source>
        <translation>%1 后出下一个词元，在第 %2 步</translation>
    </message>
    <message>
        <source>own decode %1</source>
        <translation>自身解码 %1</translation>
    </message>
    <message>
        <source>interference %1, most of it by %2</source>
        <translation>干扰 %1，主要来自 %2</translation>
    </message>
    <message>
        <source>interference %1</source>
        <translation>干扰 %1</translation>
    </message>
    <message>
        <source>preempted %1</source>
        <translation>被抢占 %1</translation>
    </message>
    <message>
        <source>between steps %1</source>
        <translation>步骤之间 %1</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::LegendRow</name>
    <message>
        <source>+%1</source>
        <comment>so many more</comment>
        <translation>+%1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>name in a legend, what it means</comment>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::AwayNote</name>
    <message>
        <source>“%1” is open in its own window, over the same time as the other views.</source>
        <translation>“%1”已在独立窗口中打开，与其他视图显示同一时段。</translation>
    </message>
    <message>
        <source>Show the window</source>
        <translation>显示窗口</translation>
    </message>
    <message>
        <source>Put back into the page</source>
        <translation>放回页面</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::InspectorForm</name>
    <message>
        <source>Goes to this time</source>
        <translation>转到这一时刻</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::ThreadPanel</name>
    <message numerus="yes">
        <source>%n events in %1, busy for %2 of it</source>
        <translation><numerusform>%1 内有 %n 个事件，其中 %2 的时间在忙</numerusform></translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程</translation>
    </message>
    <message>
        <source>Scroll the threads</source>
        <translation>滚动线程</translation>
    </message>
    <message>
        <source>spans without a name</source>
        <translation>未命名的跨度</translation>
    </message>
    <message>
        <source>spans: %1</source>
        <translation>跨度：%1</translation>
    </message>
    <message>
        <source>thread %1</source>
        <translation>线程 %1</translation>
    </message>
    <message>
        <source>without a name</source>
        <translation>未命名</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Default domain</source>
        <translation>默认域</translation>
    </message>
    <message>
        <source>Domain %1</source>
        <translation>域 %1</translation>
    </message>
    <message>
        <source>Category %1</source>
        <translation>类别 %1</translation>
    </message>
    <message>
        <source>Payload %1</source>
        <translation>载荷 %1</translation>
    </message>
    <message>
        <source>Spans begin and end anywhere; those that overlap lie below each other.</source>
        <translation>跨度可在任意线程开始和结束；相互重叠的上下排列。</translation>
    </message>
    <message>
        <source>The number is the part of the time shown that its ranges cover. Threads that compute together and differ in it wait for each other.</source>
        <translation>数字表示该线程的区间占所示时间的比例。共同计算的线程若此数不同，便在相互等待。</translation>
    </message>
    <message>
        <source>counter without a name</source>
        <translation>未命名的计数器</translation>
    </message>
    <message>
        <source>Asked for by %1, %2 before</source>
        <translation>由 %1 发起，早 %2</translation>
    </message>
    <message>
        <source>Asked for by %1 on %2, %3 before</source>
        <translation>由 %2 上的 %1 发起，早 %3</translation>
    </message>
    <message>
        <source>A counter: the number is its last value in the time shown.</source>
        <translation>计数器：数字是所示时间内的最后一个值。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message numerus="yes">
        <source>%n samples, from %1 to %2</source>
        <translation><numerusform>%n 个样本，从 %1 到 %2</numerusform></translation>
    </message>
</context>
<context>
    <name>LabTexts</name>
    <message>
        <source>Time between tokens</source>
        <translation>词元间隔</translation>
    </message>
    <message>
        <source>What the time between two tokens of a reply is kept to. Prompts are read in pieces small enough for it.</source>
        <translation>回复中相邻两个词元之间的时间上限。为此，提示会分成足够小的块来读取。</translation>
    </message>
    <message>
        <source>KV memory</source>
        <translation>KV 内存</translation>
    </message>
    <message>
        <source>As a part of what the KV cache has now. Less memory waits until no reply is being written, and may push out what is cached of chats.</source>
        <translation>相对于 KV 缓存现有的大小。减小内存时会等到没有回复正在生成，并且可能挤掉对话的缓存内容。</translation>
    </message>
    <message>
        <source>Requests at once</source>
        <translation>同时请求数</translation>
    </message>
    <message>
        <source>How many requests run at once at most; others wait.</source>
        <translation>最多同时运行多少个请求，其余的等待。</translation>
    </message>
    <message>
        <source>Tokens in a step</source>
        <translation>每步词元数</translation>
    </message>
    <message>
        <source>How many tokens, of prompts and replies, a step computes at most.</source>
        <translation>一步最多计算多少个词元，包括提示和回复。</translation>
    </message>
    <message>
        <source>Who comes first</source>
        <translation>先后次序</translation>
    </message>
    <message>
        <source>The order in which requests that wait are admitted.</source>
        <translation>等待中的请求按什么次序进入。</translation>
    </message>
    <message>
        <source>Preemption</source>
        <translation>抢占</translation>
    </message>
    <message>
        <source>What becomes of the KV of a request that has to make room.</source>
        <translation>必须让出位置的请求，其 KV 如何处理。</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步</translation>
    </message>
    <message>
        <source>Whether prompts and replies are computed in the same steps.</source>
        <translation>提示和回复是否在同一步中计算。</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程</translation>
    </message>
    <message>
        <source>Threads that compute.</source>
        <translation>用于计算的线程。</translation>
    </message>
    <message>
        <source>Arithmetic</source>
        <translation>运算</translation>
    </message>
    <message>
        <source>One numeric path whatever runs beside a request, or the fastest. Changing it forgets what is cached of chats.</source>
        <translation>无论旁边运行什么都走同一条数值路径，或者选最快的。更改它会丢弃对话的缓存内容。</translation>
    </message>
    <message>
        <source>Tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>Reply tokens a second, from the first arrival to the last end.</source>
        <translation>每秒的回复词元数，从第一个请求到达算到最后一个结束。</translation>
    </message>
    <message>
        <source>First token, p50</source>
        <translation>首词元 p50</translation>
    </message>
    <message>
        <source>From a request&apos;s arrival to its first token: half of them waited less.</source>
        <translation>从请求到达到第一个词元：一半的请求等得更短。</translation>
    </message>
    <message>
        <source>First token, p99</source>
        <translation>首词元 p99</translation>
    </message>
    <message>
        <source>From a request&apos;s arrival to its first token: 1 of 100 waited longer.</source>
        <translation>从请求到达到第一个词元：100 个中有 1 个等得更久。</translation>
    </message>
    <message>
        <source>Between, p50</source>
        <translation>间隔 p50</translation>
    </message>
    <message>
        <source>From one token of a reply to the next: half of them came sooner.</source>
        <translation>从回复的一个词元到下一个：一半来得更快。</translation>
    </message>
    <message>
        <source>Between, p99</source>
        <translation>间隔 p99</translation>
    </message>
    <message>
        <source>From one token of a reply to the next: 1 of 100 took longer.</source>
        <translation>从回复的一个词元到下一个：100 个中有 1 个更慢。</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>排队</translation>
    </message>
    <message>
        <source>From a request&apos;s arrival until it was admitted, on average.</source>
        <translation>从请求到达到被接纳的平均时间。</translation>
    </message>
    <message>
        <source>Prefix hits</source>
        <translation>前缀命中</translation>
    </message>
    <message>
        <source>The part of the prompts&apos; tokens that was found in the KV cache.</source>
        <translation>提示词元中在 KV 缓存里找到的比例。</translation>
    </message>
    <message>
        <source>Preempted</source>
        <translation>被抢占</translation>
    </message>
    <message>
        <source>How often a request of the load had to give its blocks to others.</source>
        <translation>负载中的请求有多少次必须把块让给别的请求。</translation>
    </message>
    <message>
        <source>Peak blocks</source>
        <translation>块占用峰值</translation>
    </message>
    <message>
        <source>The part of the pool&apos;s blocks that was in use at once.</source>
        <translation>同时使用中的块占整个池的最大比例。</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Short questions, one after the other, as people ask them.</source>
        <translation>简短的提问，像人们那样一个接一个。</translation>
    </message>
    <message>
        <source>Many at once</source>
        <translation>大量同时</translation>
    </message>
    <message>
        <source>Prompts and replies of all lengths, all at the same moment: how much the machine can do.</source>
        <translation>各种长度的提示和回复，全部同时到达：看机器最多能做多少。</translation>
    </message>
    <message>
        <source>Bursts</source>
        <translation>突发</translation>
    </message>
    <message>
        <source>Eight requests at one moment, then quiet.</source>
        <translation>同一时刻八个请求，然后安静。</translation>
    </message>
    <message>
        <source>Long prompts</source>
        <translation>长提示</translation>
    </message>
    <message>
        <source>Documents with short answers.</source>
        <translation>长文档，短回答。</translation>
    </message>
    <message>
        <source>Shared beginnings</source>
        <translation>共享开头</translation>
    </message>
    <message>
        <source>Four requests each begin with the same long text.</source>
        <translation>每四个请求以同一段长文本开头。</translation>
    </message>
    <message>
        <source>Mixed</source>
        <translation>混合</translation>
    </message>
    <message>
        <source>Chats, long prompts and bursts among each other.</source>
        <translation>对话、长提示和突发混在一起。</translation>
    </message>
    <message>
        <source>twice</source>
        <translation>两倍</translation>
    </message>
    <message>
        <source>a half</source>
        <translation>一半</translation>
    </message>
    <message>
        <source>a quarter</source>
        <translation>四分之一</translation>
    </message>
    <message>
        <source>an eighth</source>
        <translation>八分之一</translation>
    </message>
    <message>
        <source>the cheaper</source>
        <translation>代价较小者</translation>
    </message>
    <message>
        <source>recompute</source>
        <translation>重新计算</translation>
    </message>
    <message>
        <source>swap</source>
        <translation>换出</translation>
    </message>
    <message>
        <source>mixed</source>
        <translation>混合</translation>
    </message>
    <message>
        <source>prompts first</source>
        <translation>提示优先</translation>
    </message>
    <message>
        <source>fastest</source>
        <translation>最快</translation>
    </message>
    <message>
        <source>always the same</source>
        <translation>始终一致</translation>
    </message>
    <message>
        <source>one per core</source>
        <translation>每核一个</translation>
    </message>
    <message>
        <source>As set now</source>
        <translation>当前设置</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>Tokens of a reply</source>
        <translation>回复词元数</translation>
    </message>
    <message>
        <source>Tokens of a prompt</source>
        <translation>提示词元数</translation>
    </message>
    <message>
        <source>Tokens of prompt and reply</source>
        <translation>提示和回复词元数</translation>
    </message>
    <message>
        <source>Tokens of a beginning</source>
        <translation>开头词元数</translation>
    </message>
    <message>
        <source>Left out, because they arrived before the recording: %1.</source>
        <translation>因在录制开始前到达而略去：%1 个。</translation>
    </message>
    <message>
        <source>Left out, because their prompts are not in the recording: %1.</source>
        <translation>因录制中没有其提示而略去：%1 个。</translation>
    </message>
    <message>
        <source>Left out, because they ended before their first token: %1.</source>
        <translation>因在第一个词元之前结束而略去：%1 个。</translation>
    </message>
    <message>
        <source>Cut, because their replies went on after the recording: %1.</source>
        <translation>因回复在录制结束后仍在继续而截断：%1 个。</translation>
    </message>
    <message>
        <source>in the noise</source>
        <translation>在噪声内</translation>
    </message>
    <message>
        <source>±0 %</source>
        <translation>±0%</translation>
    </message>
    <message>
        <source>%1%2 %</source>
        <translation>%1%2%</translation>
    </message>
    <message>
        <source>%1: not measured</source>
        <translation>%1：未测量</translation>
    </message>
    <message>
        <source>median of %1 runs, %2 to %3</source>
        <translation>%1 次运行的中位数，%2 到 %3</translation>
    </message>
    <message>
        <source>the best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>%1 against the first row; 3 repeats tell whether that is more than noise</source>
        <translation>相对第一行 %1；重复 3 次才能判断是否超出噪声</translation>
    </message>
    <message>
        <source>no more different from the first row than its repeats are from each other</source>
        <translation>与第一行的差异不超过各次重复之间的差异</translation>
    </message>
    <message>
        <source>%1 against the first row: better</source>
        <translation>相对第一行 %1：更好</translation>
    </message>
    <message>
        <source>%1 against the first row: worse</source>
        <translation>相对第一行 %1：更差</translation>
    </message>
    <message>
        <source>target %1</source>
        <translation>目标 %1</translation>
    </message>
    <message>
        <source>%1 at once</source>
        <translation>同时 %1 个</translation>
    </message>
    <message>
        <source>%1 tokens a step</source>
        <translation>每步 %1 个词元</translation>
    </message>
    <message>
        <source>within %1</source>
        <translation>历时 %1</translation>
    </message>
    <message>
        <source>all at once</source>
        <translation>全部同时</translation>
    </message>
    <message>
        <source>Requests: %1, %2; %3 tokens of replies.</source>
        <translation>请求：%1 个，%2；回复 %3 个词元。</translation>
    </message>
    <message>
        <source>Requests: %1, %2; %3 tokens of prompts, %4 of replies.</source>
        <translation>请求：%1 个，%2；提示 %3 个词元，回复 %4 个。</translation>
    </message>
    <message>
        <source>%1 ×</source>
        <translation>%1 倍</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::LabTable</name>
    <message>
        <source>begins</source>
        <translation>即将开始</translation>
    </message>
    <message>
        <source>waits until no reply is being written</source>
        <translation>等待到没有回复正在生成</translation>
    </message>
    <message>
        <source>%1 of %2 requests</source>
        <translation>%1 / %2 个请求</translation>
    </message>
    <message>
        <source>waits</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>not run</source>
        <translation>未运行</translation>
    </message>
    <message>
        <source>%1 requests refused</source>
        <translation>%1 个请求被拒绝</translation>
    </message>
    <message>
        <source>beside replies in chats</source>
        <translation>期间有对话在回复</translation>
    </message>
    <message>
        <source>run once</source>
        <translation>运行了一次</translation>
    </message>
    <message>
        <source>%1 of %2 runs</source>
        <translation>%1 / %2 次运行</translation>
    </message>
    <message>
        <source>Click to see its last run on the timeline.</source>
        <translation>单击可在时间线上查看它的最后一次运行。</translation>
    </message>
    <message>
        <source>Settings beside each other</source>
        <translation>各组设置对比</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::LabLoadCard</name>
    <message>
        <source>What was asked so far</source>
        <translation>到目前为止的提问</translation>
    </message>
    <message>
        <source>Another recording…</source>
        <translation>其他录制…</translation>
    </message>
    <message>
        <source>%1, from</source>
        <translation>%1，从</translation>
    </message>
    <message>
        <source>to</source>
        <translation>到</translation>
    </message>
    <message>
        <source>%1, to</source>
        <translation>%1，到</translation>
    </message>
    <message>
        <source>None of the recording&apos;s requests can be run again.</source>
        <translation>录制中的请求都无法再次运行。</translation>
    </message>
    <message>
        <source>Nothing was asked in this recording.</source>
        <translation>这个录制中没有任何提问。</translation>
    </message>
    <message>
        <source>Working out the load…</source>
        <translation>正在准备负载…</translation>
    </message>
    <message>
        <source>It was recorded with %1, whose tokens may mean something else here.</source>
        <translation>它是用 %1 录制的，其词元在这里的含义可能不同。</translation>
    </message>
    <message>
        <source>Prompts and lengths of replies are those of the recording.</source>
        <translation>提示和回复长度与录制相同。</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>负载</translation>
    </message>
    <message>
        <source>What is asked</source>
        <translation>提问内容</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求数</translation>
    </message>
    <message>
        <source>Arrivals a second</source>
        <translation>每秒到达数</translation>
    </message>
    <message>
        <source>On average; 0: all at once.</source>
        <translation>平均值；0 表示全部同时到达。</translation>
    </message>
    <message>
        <source>Fixed reply length</source>
        <translation>固定回复长度</translation>
    </message>
    <message>
        <source>Tokens of every reply; 0: as the kind of load has it.</source>
        <translation>每条回复的词元数；0：由负载类型决定。</translation>
    </message>
    <message>
        <source>Shared beginning</source>
        <translation>共享开头</translation>
    </message>
    <message>
        <source>Tokens, or words of a text, that every prompt begins with.</source>
        <translation>每个提示开头相同的词元数（文本则为单词数）。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>The same numbers with the same seed give the same requests.</source>
        <translation>相同的数值和种子产生相同的请求。</translation>
    </message>
    <message>
        <source>Arrivals</source>
        <translation>到达</translation>
    </message>
    <message>
        <source>all at once</source>
        <translation>全部同时</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>As they came</source>
        <translation>按原来的时间</translation>
    </message>
    <message>
        <source>Twice as fast</source>
        <translation>快两倍</translation>
    </message>
    <message>
        <source>Four times as fast</source>
        <translation>快四倍</translation>
    </message>
    <message>
        <source>Half as fast</source>
        <translation>慢一半</translation>
    </message>
    <message>
        <source>As fast as possible</source>
        <translation>尽可能快</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::LabSettingsCard</name>
    <message>
        <source>Remove this row</source>
        <translation>移除此行</translation>
    </message>
    <message>
        <source>Remove row %1</source>
        <translation>移除第 %1 行</translation>
    </message>
    <message>
        <source>as now</source>
        <translation>同现在</translation>
    </message>
    <message>
        <source>%1, row %2</source>
        <translation>%1，第 %2 行</translation>
    </message>
    <message>
        <source>Settings to compare</source>
        <translation>要比较的设置</translation>
    </message>
    <message>
        <source>In force while their row runs; yours come back afterwards.</source>
        <translation>仅在该行运行时生效，之后恢复您的设置。</translation>
    </message>
    <message>
        <source>Add a row</source>
        <translation>添加一行</translation>
    </message>
    <message>
        <source>Fewer settings</source>
        <translation>较少设置</translation>
    </message>
    <message>
        <source>More settings</source>
        <translation>更多设置</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::LabPage</name>
    <message>
        <source>Load lab, row %1</source>
        <translation>负载实验室，第 %1 行</translation>
    </message>
    <message>
        <source>Load lab</source>
        <translation>负载实验室</translation>
    </message>
    <message>
        <source>Save the comparison</source>
        <translation>保存对比</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>已保存为 %1。</translation>
    </message>
    <message>
        <source>Could not write %1: %2.</source>
        <translation>无法写入 %1：%2。</translation>
    </message>
    <message>
        <source>No model is loaded: load is run against the loaded model.</source>
        <translation>没有加载模型：负载要在已加载的模型上运行。</translation>
    </message>
    <message>
        <source>Working out the load…</source>
        <translation>正在准备负载…</translation>
    </message>
    <message>
        <source>There is no load to run.</source>
        <translation>没有可运行的负载。</translation>
    </message>
    <message>
        <source>Row %1 of %2, run %3 of %4</source>
        <translation>第 %1 行（共 %2 行），第 %3 次运行（共 %4 次）</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个词元</translation>
    </message>
    <message>
        <source>about %1 left</source>
        <translation>大约还需 %1</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>%1 The runs before that are kept.</source>
        <translation>%1之前的运行结果已保留。</translation>
    </message>
    <message>
        <source>Stopped. Your settings are in force again.</source>
        <translation>已停止。您的设置已恢复生效。</translation>
    </message>
    <message>
        <source>Done in %1. Your settings are in force again.</source>
        <translation>用时 %1 完成。您的设置已恢复生效。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Repeats</source>
        <translation>重复次数</translation>
    </message>
    <message>
        <source>How often each row runs, in turn with the others. From 3 on, differences are told from noise.</source>
        <translation>每行与其他行轮流运行多少次。从 3 次起可以区分差异与噪声。</translation>
    </message>
    <message>
        <source>Prefix cache</source>
        <translation>前缀缓存</translation>
    </message>
    <message>
        <source>What a run may find of prompts that were computed before.</source>
        <translation>一次运行可以用到多少以前计算过的提示。</translation>
    </message>
    <message>
        <source>Empty for each run</source>
        <translation>每次运行都为空</translation>
    </message>
    <message>
        <source>Kept from run to run</source>
        <translation>在各次运行之间保留</translation>
    </message>
    <message>
        <source>Shared with chats</source>
        <translation>与对话共享</translation>
    </message>
    <message>
        <source>Go to Models</source>
        <translation>前往模型页</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>Medians; the best is marked, below it the difference to row 1.</source>
        <translation>中位数；最佳值有标记，下方是与第 1 行的差异。</translation>
    </message>
    <message>
        <source>Choose a load and the settings to compare, and run it: each row is measured with the same requests. Chats go on meanwhile, with the settings of the row that runs; nothing of the load is kept in them.</source>
        <translation>选择负载和要比较的设置，然后运行：每行都用相同的请求来测量。期间对话照常进行，使用正在运行的那一行的设置；负载的内容不会留在对话中。</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copies the table as CSV</source>
        <translation>把表格复制为 CSV</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Saves the table as CSV</source>
        <translation>把表格保存为 CSV</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::LabRunner</name>
    <message>
        <source>Another model was opened.</source>
        <translation>打开了另一个模型。</translation>
    </message>
    <message>
        <source>The model was closed.</source>
        <translation>模型已关闭。</translation>
    </message>
</context>
<context>
    <name>AnomalyText</name>
    <message>
        <source>Slow steps</source>
        <translation>步骤变慢</translation>
    </message>
    <message>
        <source>Gaps between steps</source>
        <translation>步骤之间有空隙</translation>
    </message>
    <message>
        <source>Low throughput</source>
        <translation>吞吐量偏低</translation>
    </message>
    <message>
        <source>Fewer prefix hits</source>
        <translation>前缀命中减少</translation>
    </message>
    <message>
        <source>Long queue</source>
        <translation>队列过长</translation>
    </message>
    <message>
        <source>Many preemptions</source>
        <translation>抢占过多</translation>
    </message>
    <message>
        <source>%1 × the usual spread</source>
        <translation>平常波动的 %1 倍</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Processes</source>
        <translation>进程</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::AnomalyModel</name>
    <message>
        <source>since %1</source>
        <translation>自 %1 起</translation>
    </message>
    <message>
        <source>%1, at %2: %3 %4</source>
        <translation>%1，%2：%3 %4</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::AnomalyList</name>
    <message>
        <source>Unusual</source>
        <translation>异常</translation>
    </message>
    <message>
        <source>What was far from what the last hundred or so steps made usual. It is looked for all the time; the first steps go by unjudged.</source>
        <translation>与最近约一百步所形成的常态相去甚远的情况。会一直查找；最初的步骤不作判断。</translation>
    </message>
    <message>
        <source>Nothing so far: steps, queue and cache behave as usual.</source>
        <translation>目前没有：步骤、队列和缓存都与平常一样。</translation>
    </message>
</context>
<context>
    <name>MetricText</name>
    <message>
        <source>Requests in the batch.</source>
        <translation>批次中的请求数。</translation>
    </message>
    <message>
        <source>Requests that wait to be admitted.</source>
        <translation>等待接纳的请求数。</translation>
    </message>
    <message>
        <source>Share of the KV blocks that requests hold; 1 is all of them.</source>
        <translation>请求占用的 KV 块的比例；1 表示全部。</translation>
    </message>
    <message>
        <source>Prompt tokens that were looked up in the prefix cache.</source>
        <translation>在前缀缓存中查找过的提示词元。</translation>
    </message>
    <message>
        <source>Of those: found.</source>
        <translation>其中找到的。</translation>
    </message>
    <message>
        <source>Times that a request had to give up its blocks.</source>
        <translation>请求不得不让出块的次数。</translation>
    </message>
    <message>
        <source>Tokens computed again after a preemption.</source>
        <translation>抢占后重新计算的词元。</translation>
    </message>
    <message>
        <source>KV blocks moved to host memory or back.</source>
        <translation>移到主机内存或移回的 KV 块。</translation>
    </message>
    <message>
        <source>Steps of the engine.</source>
        <translation>引擎的步数。</translation>
    </message>
    <message>
        <source>Prompt tokens of requests that got their first token.</source>
        <translation>已得到首个词元的请求的提示词元。</translation>
    </message>
    <message>
        <source>Tokens of replies.</source>
        <translation>回复的词元。</translation>
    </message>
    <message>
        <source>Requests that ended, by reason.</source>
        <translation>已结束的请求，按原因区分。</translation>
    </message>
    <message>
        <source>Tokens in a step.</source>
        <translation>一步中的词元。</translation>
    </message>
    <message>
        <source>From planning a step to its last token.</source>
        <translation>从规划一步到它的最后一个词元。</translation>
    </message>
    <message>
        <source>From a request&apos;s arrival to its first token.</source>
        <translation>从请求到达到首个词元。</translation>
    </message>
    <message>
        <source>Between two tokens of a reply.</source>
        <translation>回复中两个词元之间。</translation>
    </message>
    <message>
        <source>From a request&apos;s arrival to its end.</source>
        <translation>从请求到达到结束。</translation>
    </message>
    <message>
        <source>From a request&apos;s arrival to its admission.</source>
        <translation>从请求到达到被接纳。</translation>
    </message>
    <message>
        <source>From its admission to its last token.</source>
        <translation>从被接纳到最后一个词元。</translation>
    </message>
    <message>
        <source>From its admission to its first token.</source>
        <translation>从被接纳到首个词元。</translation>
    </message>
    <message>
        <source>From its first token to its last.</source>
        <translation>从首个词元到最后一个词元。</translation>
    </message>
    <message>
        <source>Tokens of a prompt.</source>
        <translation>一条提示的词元。</translation>
    </message>
    <message>
        <source>Tokens of a reply.</source>
        <translation>一条回复的词元。</translation>
    </message>
    <message>
        <source>Tokens of a reply at most, as asked for.</source>
        <translation>所要求的回复词元上限。</translation>
    </message>
    <message>
        <source>From a KV block&apos;s use to its eviction.</source>
        <translation>KV 块从开始使用到被驱逐。</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>Processes that computed the last step.</source>
        <translation>计算上一步骤的进程数。</translation>
    </message>
    <message>
        <source>Failures of processes that compute the model.</source>
        <translation>参与计算模型的进程的故障次数。</translation>
    </message>
    <message>
        <source>Times that their number changed.</source>
        <translation>进程数更改的次数。</translation>
    </message>
    <message>
        <source>Time in which a process computed its part of steps.</source>
        <translation>进程计算步骤中自己那部分的时间。</translation>
    </message>
    <message>
        <source>Time in which it waited for other processes.</source>
        <translation>等待其他进程的时间。</translation>
    </message>
    <message>
        <source>Time in which it exchanged and added up values.</source>
        <translation>交换并相加数值的时间。</translation>
    </message>
    <message>
        <source>Bytes that it gave to other processes.</source>
        <translation>交给其他进程的字节数。</translation>
    </message>
    <message>
        <source>In a step: from the process that computed least to the one that did most.</source>
        <translation>同一步骤中：计算最少与计算最多的进程之差。</translation>
    </message>
    <message>
        <source>From a failure&apos;s finding until all processes could compute again.</source>
        <translation>从发现故障到所有进程能再次计算。</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::MetricModel</name>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>How much it grew, over %1</source>
        <translation>在 %1 内的增长</translation>
    </message>
    <message>
        <source>Its value, over %1</source>
        <translation>在 %1 内的数值</translation>
    </message>
    <message>
        <source>up to %1: %2</source>
        <translation>不超过 %1：%2</translation>
    </message>
    <message>
        <source>more: %1</source>
        <translation>更多：%1</translation>
    </message>
    <message>
        <source>Metric</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>Course or distribution</source>
        <translation>走势或分布</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p99</source>
        <translation>p99</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::MetricsPage</name>
    <message>
        <source>%1 of %2</source>
        <translation>%2 项中的 %1 项</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Search metrics</source>
        <translation>搜索指标</translation>
    </message>
    <message>
        <source>Metrics</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>复制为文本</translation>
    </message>
    <message>
        <source>All of them, as Prometheus reads them</source>
        <translation>全部指标，按 Prometheus 的格式</translation>
    </message>
    <message>
        <source>Save .prom…</source>
        <translation>保存 .prom…</translation>
    </message>
    <message>
        <source>All of them as a file that Prometheus reads</source>
        <translation>全部指标，存为 Prometheus 可读的文件</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::DeviceChooser</name>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>GPU %1</source>
        <translation>GPU %1</translation>
    </message>
    <message>
        <source>%1 (%2 free)</source>
        <translation>%1（%2 可用）</translation>
    </message>
    <message>
        <source>GPU %1 (not there now)</source>
        <translation>GPU %1（现在不存在）</translation>
    </message>
    <message>
        <source>Processor. Looking for GPUs…</source>
        <translation>处理器。正在查找 GPU…</translation>
    </message>
    <message>
        <source>Processor. No GPU can be used: %1.</source>
        <translation>处理器。没有可用的 GPU：%1。</translation>
    </message>
    <message>
        <source>Being loaded…</source>
        <translation>正在加载…</translation>
    </message>
    <message>
        <source>%1 computes on the processor, since the GPU could not be used: %2.</source>
        <translation>%1 在处理器上计算，因为无法使用 GPU：%2。</translation>
    </message>
    <message>
        <source>%1 stays where it is (%2) until it is loaded again. Replies under way end then; chats stay.</source>
        <translation>%1 在重新加载之前仍在原处（%2）计算。重新加载时正在生成的回复会结束，对话会保留。</translation>
    </message>
    <message>
        <source>For the next model that is loaded.</source>
        <translation>用于下一个加载的模型。</translation>
    </message>
    <message>
        <source>Compute on</source>
        <translation>计算设备</translation>
    </message>
    <message>
        <source>Load it again now</source>
        <translation>现在重新加载</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>MemoryText</name>
    <message>
        <source>%1, %2 a token (%3 of %4 experts)</source>
        <translation>%1，每个词元 %2（%4 个专家中的 %3 个）</translation>
    </message>
    <message>
        <source>%1, %2 active</source>
        <translation>%1，激活 %2</translation>
    </message>
</context>
<context>
    <name>RankCharts</name>
    <message>
        <source>replaced</source>
        <translation>已替换</translation>
    </message>
    <message>
        <source>began anew</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>others %1 to %2</source>
        <translation>其余 %1 至 %2</translation>
    </message>
    <message>
        <source>%1 steps, computing: %2</source>
        <translation>%1 个步骤，计算：%2</translation>
    </message>
    <message>
        <source>Rank %1</source>
        <translation>进程 %1</translation>
    </message>
    <message>
        <source>Stage %1 of %2</source>
        <translation>第 %1 段，共 %2 段</translation>
    </message>
    <message>
        <source>Rank %1 of stage %2 of %3</source>
        <translation>第 %2 段（共 %3 段）的进程 %1</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/秒</translation>
    </message>
    <message>
        <source>Replaced: %1</source>
        <translation>已替换：%1</translation>
    </message>
    <message>
        <source>All began anew: %1</source>
        <translation>全部重新开始：%1</translation>
    </message>
    <message>
        <source>Processes: %1 → %2, it failed too often: %3</source>
        <translation>进程数：%1 → %2，故障过于频繁：%3</translation>
    </message>
    <message>
        <source>Could not be replaced: %1</source>
        <translation>无法替换：%1</translation>
    </message>
    <message>
        <source>Processes: %1 → %2, as asked for</source>
        <translation>进程数：%1 → %2，按要求更改</translation>
    </message>
    <message>
        <source>Processes: %1 → %2, as the load has it</source>
        <translation>进程：%1 → %2，随负载调整</translation>
    </message>
    <message>
        <source>No step of this stretch was shared.</source>
        <translation>这段时间内没有由多个进程分担的步骤。</translation>
    </message>
    <message>
        <source>Computing, of the forward passes</source>
        <translation>前向计算时间中用于计算的部分</translation>
    </message>
    <message>
        <source>At the end the busiest process computed %1 of the time, the least busy one %2</source>
        <translation>最后，最忙的进程有 %1 的时间在计算，最闲的有 %2</translation>
    </message>
    <message>
        <source>Sent between processes while steps were computed</source>
        <translation>计算步骤期间进程之间发送的数据</translation>
    </message>
    <message>
        <source>%1, %2 of the time in exchanging</source>
        <translation>%1，%2 的时间用于交换</translation>
    </message>
    <message>
        <source>%1 on average, %2 of the time in exchanging</source>
        <translation>平均 %1，%2 的时间用于交换</translation>
    </message>
    <message>
        <source>From the fastest to the slowest process of a step</source>
        <translation>同一步骤中最快与最慢进程之差</translation>
    </message>
</context>
<context>
    <name>vitrine::ui::RankTable</name>
    <message>
        <source>computes %1, exchanges %2, waits %3, idle %4</source>
        <translation>计算 %1，交换 %2，等待 %3，空闲 %4</translation>
    </message>
    <message>
        <source>Processes</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>Process</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>Forward passes</source>
        <translation>前向计算</translation>
    </message>
    <message>
        <source>Computes</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>Exchanges</source>
        <translation>交换</translation>
    </message>
    <message>
        <source>Waits</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Idle</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>Hidden</source>
        <translation>被掩盖</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Slowest in</source>
        <translation>最慢的步骤</translation>
    </message>
    <message>
        <source>Where the time of the forward passes went.</source>
        <translation>前向计算时间的去向。</translation>
    </message>
    <message>
        <source>Share of the time in which it computed its part of the model.</source>
        <translation>计算自己那部分模型所占的时间。</translation>
    </message>
    <message>
        <source>Copying and adding up what the processes exchange.</source>
        <translation>复制并相加各进程交换的数据。</translation>
    </message>
    <message>
        <source>It waited for another process and had nothing else to do.</source>
        <translation>等待另一个进程，此外无事可做。</translation>
    </message>
    <message>
        <source>It had done its part, or had not begun.</source>
        <translation>已完成自己的部分，或尚未开始。</translation>
    </message>
    <message>
        <source>Of the time in which others were late: it computed on meanwhile.</source>
        <translation>在其他进程迟到的时间里，它同时继续计算的部分。</translation>
    </message>
    <message>
        <source>Bytes that it gave to other processes.</source>
        <translation>交给其他进程的字节数。</translation>
    </message>
    <message>
        <source>Steps in which it computed longest.</source>
        <translation>它计算时间最长的步骤数。</translation>
    </message>
</context>
</TS>
