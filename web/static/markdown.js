/* Dime's own answers as elements: links, pictures, bold and lists; everything else stays text, and nothing is markup.
 * The desk's page loads it; into the widget, which is one script, the server puts it. */
function rendered(text, { base, newTab }) {
  const INLINE = /!\[([^\]\n]*)\]\(([^()\s]+)\)|\[([^\]\n]+)\]\(([^()\s]+)\)|\*\*(\S(?:[^*\n]*\S)?)\*\*|(https:\/\/[^\s<>"'，。；！？、（）]*[^\s<>"'，。；！？、（）.,;:!?)\]])/g;
  const BULLET = /^\s*[-*+•]\s+(.*)$/;
  const NUMBERED = /^\s*(\d{1,3})[.)]\s+(.*)$/;

  const blocks = [];
  let list = null;
  for (const line of text.split("\n")) {
    const number = NUMBERED.exec(line);
    const point = number ? number[2] : BULLET.exec(line)?.[1];
    if (point === undefined) {
      const isWithin = list && /^\s+\S/.test(line);
      if (isWithin) list.lastChild.append(document.createElement("br"), ...inline(line.trim()));
      else if (list && !line.trim()) continue;
      else {
        if (blocks.length && !list) blocks.push("\n");
        blocks.push(...inline(line));
        list = null;
      }
      continue;
    }
    const tag = number ? "OL" : "UL";
    if (list?.tagName !== tag) {
      while (typeof blocks.at(-1) === "string" && !blocks.at(-1).trim()) blocks.pop();
      list = element(tag, number && number[1] !== "1" ? { start: number[1] } : {});
      blocks.push(list);
    }
    list.append(element("li", {}, ...inline(point)));
  }
  return blocks;

  function inline(words) {
    const parts = [];
    let at = 0;
    for (const found of words.matchAll(INLINE)) {
      const [whole, alt, picture, label, target, bold, bare] = found;
      const made = picture ? image(alt, picture) : target ? link(target, label) : bold ? element("strong", {}, ...inline(bold)) : link(bare, bare);
      parts.push(words.slice(at, found.index), made ?? (picture ? alt : label ?? whole));
      at = found.index + whole.length;
    }
    parts.push(words.slice(at));
    return parts.filter((part) => part !== "");
  }

  function image(alt, source) {
    const href = safe(source);
    return href && element("img", { src: href, alt, loading: "lazy" });
  }

  function link(target, label) {
    const href = safe(target);
    if (!href) return null;
    const hint = element("span", { class: "unseen" }, ` (${newTab})`);
    return element("a", { href, target: "_blank", rel: "noopener noreferrer" }, label, hint);
  }

  /* An address of the web, or null: no javascript:, no data:. */
  function safe(address) {
    try {
      const { protocol, href } = new URL(address, base);
      return /^https?:$/.test(protocol) ? href : null;
    } catch {
      return null;
    }
  }

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }
}
