/* What the page's scripts say; the rest of its words are in the template. */
export const STRINGS = {
  en: {
    unreached: "The server cannot be reached.", remove: "Remove", edit: "Edit", cancel: "Cancel", saved: "Saved: {}", removed: "Removed.",
    // documents
    waiting: "waiting", reading: "reading", pages: "{} pages read, {} to go", sending: "sending", failed: "not read",
    added: "{} added", updated: "{} updated", retired: "{} retired", unchanged: "{} unchanged", kept: "{} kept as edited",
    problems: "{} problems", problem: "1 problem", its_entries: "See its entries", try_it: "Try a question", again: "Add it again",
    entries_in: "{} entries", retired_in: "{} retired", since: "read {}", export: "Export",
    remove_source: "Remove “{}” and its {} entries? Dime stops answering from them.", editor: "Written here", empty_document: "nothing in it",
    // entries
    matching: "{} in all", no_answer: "no answer", passage: "passage", until: "until {}", from: "from {}", page: "page {}", line: "line {}",
    new_entry: "New entry", edit_entry: "Edit the entry", answer_gap: "Answer what was asked in vain", phrasings: "{} other phrasings", phrasing: "1 other phrasing",
    remove_entry: "Remove “{}” ({})? Dime stops answering it.", drop_changes: "Close without saving what you changed?", close: "Close", order: "The last day is before the first.",
    on_phone: "On the phone", nothing_yet: "Write an answer to see it here.", recognised: "Without an answer the question is recognised, and not answered.",
    newTab: "opens in a new tab", becomes_editors: "Saved here, it is yours: reading its document again does not change it.",
    // trial
    threshold: "answers from {}", would_answer: "Dime answers", would_not: "Dime does not answer", nearest: "Nearest phrasing", words: "Words in common", none: "none", signals: "Signals",
    in_answer: "in the answer only", nothing_found: "Nothing in the knowledge comes near.", confidence: "Confidence", new_for_this: "New entry for this question", close_two: "Two entries are close",
    classifier: "classifier", meaning: "meaning", letters: "letters", answer_meaning: "meaning of the answer", answer_letters: "letters of the answer", answer_words: "words of the answer", words_signal: "words",
    rarity: "the rarer the word, the more it says",
    // gaps
    times: "asked {} times", once: "asked once", customers: "{} customers", wrong: "{} answered wrongly", last: "last {}", near: "Nearest: “{}” ({})", other_words: "In other words",
    answer_this: "Answer this", belongs: "Belongs to an entry …", by_now: "{} asked in vain before, answered by now", by_entry: "answered by {}", taught: "“{}” is asked that way too now.",
    choose_entry: "Choose an entry.", choose_wording: "Choose at least one phrasing.", cost: "{} at the desk", no_entry_found: "No entry is like that.", looking: "Looking …",
    // drafts
    desk: "from the desk", transcript: "from a conversation", history: "from past contacts", choice: "from a choice", contacts: "{} contacts", contact: "1 contact",
    minutes: "{} minutes of work", accept: "Accept", refuse: "Refuse", accept_edited: "Accept as edited", accepted: "Dime answers now: {}", refused: "Refused: {}", question: "Question", answer: "Answer",
    for_entry: "Another phrasing of {}", new: "a new draft", joined: "more evidence for a draft", known: "in a draft already", answered: "answered by the knowledge already",
    refused_before: "refused before", nothing_learnt: "Nothing was asked and answered there.", demo: "demo", customers_said: "As customers put it",
    // rules
    rule_kept: "Checked from now on: {}", rule_gone: "Checked no more: {}", breaks_none: "It breaks no rule.", breaks: "It breaks “{}” with “{}”.",
    // findings
    contradiction: "Contradictions", duplicate: "Said twice", unanswered: "Without an answer", expired: "Expired", expiring: "Expire within 30 days", fits: "Everything fits together.",
    checking: "Comparing the entries …", differ: "They differ:", same_question: "{} % alike",
  },
  zh: {
    unreached: "无法连接服务器。", remove: "删除", edit: "编辑", cancel: "取消", saved: "已保存：{}", removed: "已删除。",
    waiting: "等待中", reading: "正在读取", pages: "已读 {} 页，还有 {} 页", sending: "正在上传", failed: "未能读取",
    added: "新增 {} 条", updated: "更新 {} 条", retired: "停用 {} 条", unchanged: "{} 条未变", kept: "{} 条保留编辑内容",
    problems: "{} 个问题", problem: "1 个问题", its_entries: "查看条目", try_it: "试问", again: "重新添加",
    entries_in: "{} 条", retired_in: "已停用 {} 条", since: "读取于 {}", export: "导出",
    remove_source: "删除“{}”及其 {} 个条目？Dime 将不再据此回答。", editor: "在此编写", empty_document: "其中没有内容",
    matching: "共 {} 条", no_answer: "无答案", passage: "段落", until: "至 {}", from: "自 {}", page: "第 {} 页", line: "第 {} 行",
    new_entry: "新建条目", edit_entry: "编辑条目", answer_gap: "回答未得到解答的问题", phrasings: "{} 个其他问法", phrasing: "1 个其他问法",
    remove_entry: "删除“{}”（{}）？Dime 将不再回答。", drop_changes: "关闭而不保存修改？", close: "关闭", order: "截止日早于生效日。",
    on_phone: "电话中", nothing_yet: "填写答案后在此显示。", recognised: "没有答案时，问题会被识别，但不会回答。",
    newTab: "在新标签页中打开", becomes_editors: "在此保存后归您所有：再次读取文档不会更改它。",
    threshold: "达到 {} 即回答", would_answer: "Dime 会回答", would_not: "Dime 不会回答", nearest: "最接近的问法", words: "共同的词", none: "无", signals: "各项信号",
    in_answer: "仅出现在答案中", nothing_found: "知识库中没有相近的内容。", confidence: "置信度", new_for_this: "为此问题新建条目", close_two: "两个条目相近",
    classifier: "分类器", meaning: "语义", letters: "字符", answer_meaning: "答案语义", answer_letters: "答案字符", answer_words: "答案词语", words_signal: "词语",
    rarity: "词越罕见，作用越大",
    times: "问过 {} 次", once: "问过 1 次", customers: "{} 位客户", wrong: "{} 次答错", last: "最近 {}", near: "最接近：“{}”（{}）", other_words: "其他说法",
    answer_this: "回答此问题", belongs: "属于已有条目……", by_now: "{} 个以前未得到解答的问题，现在可以回答", by_entry: "由 {} 回答", taught: "“{}”现在也可以这样问。",
    choose_entry: "请选择一个条目。", choose_wording: "请至少选择一个问法。", cost: "人工成本 {}", no_entry_found: "没有符合条件的条目。", looking: "正在查找……",
    desk: "来自工作台", transcript: "来自对话", history: "来自历史咨询", choice: "来自顾客的选择", contacts: "{} 次咨询", contact: "1 次咨询",
    minutes: "人工 {} 分钟", accept: "采纳", refuse: "拒绝", accept_edited: "按修改采纳", accepted: "Dime 现在可以回答：{}", refused: "已拒绝：{}", question: "问题", answer: "答案",
    for_entry: "作为 {} 的另一种问法", new: "新草稿", joined: "为已有草稿增加依据", known: "草稿中已有", answered: "知识库已能回答",
    refused_before: "以前已拒绝", nothing_learnt: "其中没有问答内容。", demo: "演示", customers_said: "客户原话",
    rule_kept: "即日起检查：{}", rule_gone: "不再检查：{}", breaks_none: "不违反任何规则。", breaks: "违反“{}”，因为“{}”。",
    contradiction: "相互矛盾", duplicate: "重复", unanswered: "没有答案", expired: "已过期", expiring: "30 天内到期", fits: "没有不一致之处。",
    checking: "正在比较条目……", differ: "不同之处：", same_question: "相似度 {}%",
  },
}; // prettier-ignore
