/// Words for the rules: which elements there are, which of them are visible, what they are called and what
/// they are to assistive technology. The name follows the W3C's "Accessible Name and Description Computation"
/// as far as pages without generated content need it.
extension AccessibilityRules {
  static let helperScript = #"""
    const all = (selector, root = document) => [...root.querySelectorAll(selector)];
    const clean = text => (text ?? "").replace(/\s+/g, " ").trim();
    const words = text => clean(text).split(" ").filter(word => word);
    const style = element => getComputedStyle(element);

    const isShown = element => element.checkVisibility({visibilityProperty: true, opacityProperty: true});
    const isSilent = element => element.closest('[aria-hidden="true"], [inert]') !== null;
    const isPerceived = element => isShown(element) && !isSilent(element);

    // What is there for screen readers alone: cut to a point, or moved off the page.
    const isOutOfSight = element => {
      for (let box = element; box && box !== document.body; box = box.parentElement) {
        const {width, height, right, bottom} = box.getBoundingClientRect();
        if (right + scrollX <= 0 || bottom + scrollY <= 0) return true;
        const {overflow, clip, clipPath, position, display} = style(box);
        if (display === "inline" || box instanceof SVGElement) continue;
        if (width <= 1 && height <= 1 && overflow !== "visible") return true;
        if (position === "absolute" && clip.startsWith("rect(") && !/[2-9]|\d\d/.test(clip)) return true;
        if (/^inset\((50|[6-9]\d|100)%/.test(clipPath)) return true;
      }
      return false;
    };

    const selectorOf = element => {
      const steps = [];
      for (let step = element; step; step = step.parentElement) {
        const id = step.id && CSS.escape(step.id);
        if (id && all("#" + id).length === 1) return ["#" + id, ...steps].join(" > ");
        const tag = CSS.escape(step.localName);
        const twins = [...(step.parentElement?.children ?? [])]
          .filter(twin => twin.localName === step.localName);
        steps.unshift(twins.length > 1 ? `${tag}:nth-of-type(${twins.indexOf(step) + 1})` : tag);
      }
      return steps.join(" > ");
    };

    const buttonTypes = ["button", "submit", "reset", "image"];
    const isButtonInput = element => element.localName === "input" && buttonTypes.includes(element.type);

    const implicitRoles = {
      article: "article", aside: "complementary", blockquote: "blockquote", button: "button",
      caption: "caption", code: "code", datalist: "listbox", del: "deletion", details: "group",
      dialog: "dialog", div: "generic", em: "emphasis", fieldset: "group", figure: "figure", form: "form",
      h1: "heading", h2: "heading", h3: "heading", h4: "heading", h5: "heading", h6: "heading",
      hr: "separator", ins: "insertion", li: "listitem", main: "main", menu: "list", meter: "meter",
      nav: "navigation", ol: "list", optgroup: "group", option: "option", output: "status", p: "paragraph",
      progress: "progressbar", search: "search", span: "generic", strong: "strong", sub: "subscript",
      sup: "superscript", table: "table", tbody: "rowgroup", td: "cell", textarea: "textbox",
      tfoot: "rowgroup", thead: "rowgroup", tr: "row", ul: "list", b: "generic", i: "generic", u: "generic",
      small: "generic", pre: "generic",
    };
    const inputRoles = {
      button: "button", submit: "button", reset: "button", image: "button", checkbox: "checkbox",
      radio: "radio", range: "slider", number: "spinbutton", search: "searchbox", email: "textbox",
      tel: "textbox", text: "textbox", url: "textbox",
    };

    // Undefined where HTML gives none, or one that depends on more than we look at.
    const implicitRoleOf = element => {
      switch (element.localName) {
        case "a": return element.hasAttribute("href") ? "link" : "generic";
        case "area": return element.hasAttribute("href") ? "link" : undefined;
        case "img": return element.getAttribute("alt") === "" ? "none" : "img";
        case "input": return element.list ? "combobox" : inputRoles[element.type];
        case "select": return element.multiple || element.size > 1 ? "listbox" : "combobox";
        case "section": return nameOf(element) ? "region" : "generic";
        case "th": return element.scope.startsWith("row") ? "rowheader" : "columnheader";
        default: return implicitRoles[element.localName];
      }
    };
    const roleOf = element => words(element.getAttribute("role"))[0] ?? implicitRoleOf(element);

    // The text that an element gives to the name of another one.
    const textOf = (node, isReferred = false) => {
      if (node.nodeType === Node.TEXT_NODE) return node.data;
      if (node.nodeType !== Node.ELEMENT_NODE) return "";
      if (node.matches("script, style, template, select, textarea, datalist")) return "";
      if (!isReferred && (node.ariaHidden === "true" || style(node).display === "none")) return "";
      const label = clean(node.getAttribute("aria-label"));
      if (label) return label;
      if (node.matches("img, area, svg") || isButtonInput(node)) return ownNameOf(node);
      if (node.localName === "input") return "";
      return [...node.childNodes].map(child => textOf(child)).join("");
    };

    // The name by the element's own means in HTML and SVG.
    const ownNameOf = element => {
      const child = name => clean(element.querySelector(`:scope > ${name}`)?.textContent);
      switch (element.localName) {
        case "img": case "area": return clean(element.getAttribute("alt"));
        case "table": return child("caption");
        case "fieldset": return child("legend");
        case "figure": return child("figcaption");
        case "optgroup": return clean(element.label);
      }
      if (element instanceof SVGElement) return child("title");
      if (isButtonInput(element)) {
        const byType = {submit: "Submit", reset: "Reset"}[element.type] ?? "";
        return clean(element.type === "image" ? element.alt : element.getAttribute("value") ?? byType);
      }
      return clean([...(element.labels ?? [])].map(label => textOf(label)).join(" "));
    };

    const contentRoles = ["button", "cell", "checkbox", "columnheader", "gridcell", "heading", "link",
      "menuitem", "menuitemcheckbox", "menuitemradio", "option", "radio", "row", "rowheader", "switch",
      "tab", "tooltip", "treeitem"];

    const nameOf = element => {
      const referred = words(element.getAttribute("aria-labelledby"))
        .map(id => document.getElementById(id)).filter(found => found);
      const byOthers = clean(referred.map(other => textOf(other, true)).join(" "));
      if (byOthers) return byOthers;
      const own = clean(element.getAttribute("aria-label")) || ownNameOf(element);
      if (own) return own;
      const isNamedByContent = element.localName === "summary"
        || contentRoles.includes(words(element.getAttribute("role"))[0] ?? implicitRoles[element.localName])
        || (element.localName === "a" && !element.hasAttribute("role"));
      const content = isNamedByContent && !element.matches("input, select, textarea")
        ? clean([...element.childNodes].map(child => textOf(child)).join("")) : "";
      return content || clean(element.getAttribute("title"));
    };

    const isDisabled = element => element.closest(':disabled, [aria-disabled="true"], [inert]') !== null;
    const focusable = "a[href], area[href], button, input:not([type=hidden]), select, textarea, summary, "
      + "iframe, audio[controls], video[controls], [contenteditable]:not([contenteditable=false]), "
      + "[tabindex]";
    const isFocusable = element =>
      element.matches(focusable) && isShown(element)
      && !element.matches(":disabled, [inert], [inert] *");
    """#
}
