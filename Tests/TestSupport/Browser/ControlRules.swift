/// Rules for what people use: that controls, buttons and links have names that tell them apart, and can be
/// reached and left with the keyboard. How large they are is a matter of layout.
extension AccessibilityRules {
  static let controlScript = #"""
    rules["control-label"] = report => {
      const roles = ["checkbox", "combobox", "listbox", "menuitemcheckbox", "menuitemradio", "meter",
        "progressbar", "radio", "searchbox", "slider", "spinbutton", "switch", "textbox", "tree"];
      const controls = all("input:not([type=hidden]), select, textarea, meter, progress, "
        + roles.map(role => `[role=${role}]`).join(", "));
      for (const control of controls) {
        if (isButtonInput(control) || !isPerceived(control)) continue;
        if (!nameOf(control)) report(control, "a control without a label");
      }
    };

    rules["button-name"] = report => {
      const buttons = all("button, input, summary, [role=button], [role=menuitem], [role=tab], "
        + "[role=tooltip], [role=treeitem]");
      for (const button of buttons) {
        if (button.localName === "input" && (!isButtonInput(button) || button.type === "image")) continue;
        if (isPerceived(button) && !nameOf(button)) report(button, "no discernible text");
      }
    };

    const links = () => all("a[href]:not([role]), [role=link]").filter(isPerceived);

    rules["link-name"] = report => {
      for (const link of links()) if (!nameOf(link)) report(link, "no discernible text");
    };

    rules["link-ambiguity"] = report => {
      const empty = ["click", "click here", "details", "download", "here", "learn more", "link",
        "more", "open", "page", "read more", "see more", "show", "this", "this link", "this page", "view"];
      const first = new Map();
      for (const link of links()) {
        const text = nameOf(link).toLowerCase().replace(/[^\p{L}\p{N} ]/gu, "").trim();
        if (!first.has(text)) first.set(text, link.href);
        else if (empty.includes(text) && first.get(text) !== link.href) {
          report(link, `another link says "${text}" and leads elsewhere`);
        }
      }
    };

    rules["label-in-name"] = report => {
      const plain = text => clean(text).toLowerCase().replace(/[^\p{L}\p{N} ]/gu, "").trim();
      for (const element of all("button, a[href], summary, [role=button], [role=link], [role=tab]")) {
        if (!element.matches("[aria-label], [aria-labelledby]") || !isPerceived(element)) continue;
        const text = plain(element.innerText);
        if (/\p{L}{2}/u.test(text) && !plain(nameOf(element)).includes(text)) {
          report(element, `shows "${text}" and is called "${nameOf(element)}"`);
        }
      }
    };

    rules["details-summary"] = report => {
      for (const details of all("details")) {
        const summaries = all(":scope > summary", details);
        if (summaries.length !== 1) report(details, `${summaries.length} summaries`);
        else if (details.firstElementChild !== summaries[0]) report(details, "the summary is not first");
      }
      for (const summary of all("summary")) {
        if (summary.parentElement.localName !== "details") report(summary, "outside of details");
      }
    };

    rules["tabindex"] = report => {
      for (const element of all("[tabindex]")) {
        if (element.tabIndex > 0) report(element, `tabindex=${element.tabIndex}`);
      }
    };

    rules["hidden-focus"] = report => {
      if (document.body.matches("[aria-hidden=true]")) report(document.body, "the whole page is hidden");
      for (const element of all("[aria-hidden=true], [aria-hidden=true] *")) {
        if (isFocusable(element) && element.tabIndex >= 0) {
          report(element, "takes the focus inside aria-hidden");
        }
      }
    };

    rules["nested-controls"] = report => {
      const roles = ["button", "checkbox", "img", "link", "math", "menuitemcheckbox", "menuitemradio",
        "meter", "option", "progressbar", "radio", "scrollbar", "slider", "switch", "tab"];
      for (const element of all(focusable)) {
        if (!isFocusable(element)) continue;
        let outer = element.parentElement;
        while (outer && !roles.includes(roleOf(outer))) outer = outer.parentElement;
        if (outer) report(element, `takes the focus inside ${selectorOf(outer)}, a ${roleOf(outer)}`);
      }
    };

    rules["scroll-focus"] = report => {
      for (const element of all("body *")) {
        if (element.matches("input, select, textarea, option") || !isShown(element)) continue;
        const {overflowX, overflowY} = style(element);
        const scrolls = overflow => overflow === "auto" || overflow === "scroll";
        const isWide = scrolls(overflowX) && element.scrollWidth > element.clientWidth + 1;
        const isHigh = scrolls(overflowY) && element.scrollHeight > element.clientHeight + 1;
        if (!isWide && !isHigh) continue;
        const hasRole = element.hasAttribute("role") || roleOf(element) === "region";
        if (element.getAttribute("tabindex") !== "0") report(element, "scrolls, without tabindex=0");
        else if (!hasRole) report(element, "scrolls, without a role");
        else if (!nameOf(element)) report(element, "scrolls, without a label");
      }
    };
    """#
}
