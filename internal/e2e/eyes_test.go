package e2e

// eyes lets tests see through shadow roots, by what readers see: texts of buttons, links and labels.
const eyes = `
window.parleyEyes = {
  all(selector, root = document) {
    const found = [...root.querySelectorAll(selector)];
    if (root.shadowRoot) found.push(...this.all(selector, root.shadowRoot));
    for (const host of root.querySelectorAll("*")) if (host.shadowRoot) found.push(...this.all(selector, host.shadowRoot));
    return found;
  },
  seen(node) { return node.checkVisibility ? node.checkVisibility() : true; },
  // What stands behind a dialog can be seen and not reached.
  within(node) { const modal = this.all("dialog:modal").pop(); return !modal || modal.contains(node); },
  press(text, within) {
    for (const root of within ? this.all(within) : [document])
      for (const node of this.all("button,a,summary,[role=menuitem],input[type=submit]", root))
        if (this.seen(node) && this.within(node) && node.textContent.replace(/\s+/g, " ").includes(text)) return node;
    return null;
  },
  one(selector, text, within) {
    const roots = within ? this.all(within) : [document];
    for (const root of roots)
      for (const node of this.all(selector, root))
        if (this.seen(node) && (!text || node.textContent.replace(/\s+/g, " ").trim().includes(text))) return node;
    return null;
  },
  field(label) {
    for (const node of this.all("label"))
      if (this.seen(node) && this.within(node) && node.textContent.includes(label)) return node.control ?? node.querySelector("input,textarea,select");
    return null;
  },
  text() {
    const read = (root) => [...root.childNodes].map((node) =>
      node.nodeType === 3 ? node.data : node.nodeType === 1 && !["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT"].includes(node.tagName) && this.seen(node)
        ? (node.shadowRoot ? read(node.shadowRoot) : read(node)) : "").join(" ");
    return read(document.body).replace(/\s+/g, " ");
  },
};`
