/// Rules for the document: its language and title, headings and landmarks, pictures, lists and tables, and
/// that its ids are unique and found. Names of controls and what ARIA adds are elsewhere.
extension AccessibilityRules {
  static let documentScript = #"""
    rules["lang"] = report => {
      const isLanguage = text => /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(text);
      const root = document.documentElement;
      if (!clean(root.lang)) report(root, "no lang");
      for (const element of all("[lang]")) {
        const text = element.getAttribute("lang");
        if (clean(text) && !isLanguage(text)) report(element, `${text} is no language`);
      }
    };

    rules["title"] = report => {
      if (!clean(document.title)) report(document.documentElement, "no title");
    };

    const headings = () => all("h1, h2, h3, h4, h5, h6, [role=heading]").filter(isPerceived);
    const levelOf = heading => Number(heading.getAttribute("aria-level") ?? heading.localName.slice(1));

    rules["one-h1"] = report => {
      const found = headings().filter(heading => levelOf(heading) === 1);
      if (found.length === 0) report(document.documentElement, "no h1");
      for (const heading of found.slice(1)) report(heading, "another h1");
    };

    rules["heading-order"] = report => {
      let above = 0;
      for (const heading of headings()) {
        const level = levelOf(heading);
        if (level > above + 1) report(heading, `level ${level} after level ${above}`);
        above = level;
      }
    };

    rules["heading-text"] = report => {
      for (const heading of headings()) if (!nameOf(heading)) report(heading, "an empty heading");
    };

    rules["one-main"] = report => {
      const found = all("main, [role=main]").filter(isPerceived);
      if (found.length === 0) report(document.documentElement, "no main landmark");
      for (const main of found.slice(1)) report(main, "another main landmark");
    };

    rules["image-alt"] = report => {
      const isDecoration = image => ["none", "presentation"].includes(image.getAttribute("role"));
      for (const image of all("img, input[type=image], area[href], object")) {
        if (isSilent(image) || style(image).display === "none" && image.localName !== "area") continue;
        if (image.localName === "img" && !image.hasAttribute("alt")) report(image, "no alt");
        else if (nameOf(image) || isDecoration(image)) continue;
        else if (image.localName === "img") report(image, "an empty alt without role=presentation");
        else report(image, "no alternative text");
      }
    };

    rules["image-name"] = report => {
      for (const image of all("[role=img]:not(img), [role=image]:not(img), [role=graphics-document]")) {
        if (isPerceived(image) && !nameOf(image)) report(image, "a picture without a name");
      }
    };

    rules["frame-title"] = report => {
      for (const frame of all("iframe")) {
        if (isPerceived(frame) && !nameOf(frame)) report(frame, "a frame without a title");
      }
    };

    rules["list"] = report => {
      const allow = (list, selector) => {
        for (const child of list.children) {
          if (!child.matches(`${selector}, script, template`)) report(child, `not for a ${list.localName}`);
        }
      };
      for (const list of all("ul:not([role]), ol:not([role])")) {
        allow(list, "li:not([role]), [role=listitem]");
      }
      for (const list of all("dl:not([role])")) allow(list, "dt, dd, div");
      for (const group of all("dl > div")) allow(group, "dt, dd");
      for (const item of all("li:not([role])")) {
        if (!item.parentElement.matches("ul, ol, menu, [role=list]")) report(item, "outside of a list");
      }
      for (const item of all("dt, dd")) {
        if (!item.parentElement.matches("dl, dl > div")) report(item, "outside of a dl");
      }
    };

    const dataTables = () => all("table:not([role=presentation], [role=none])").filter(isPerceived);

    rules["table-caption"] = report => {
      // A group around it that has a name, such as one that scrolls, says what it is as well.
      const isNamed = table => nameOf(table) || table.closest("[role=group][aria-label]");
      for (const table of dataTables()) if (!isNamed(table)) report(table, "no caption and no aria-label");
    };

    rules["table-headers"] = report => {
      for (const table of dataTables()) {
        const headers = all("th", table).filter(header => header.closest("table") === table);
        if (headers.length === 0) report(table, "no header cell");
        for (const header of headers) {
          const scope = header.getAttribute("scope");
          if (scope !== null && !["row", "col", "rowgroup", "colgroup"].includes(scope)) {
            report(header, `scope=${scope}`);
          } else if (scope === null && header.parentElement !== table.rows[0]) {
            report(header, "a header below the first row without scope");
          }
        }
        for (const cell of all("[headers]", table)) {
          const others = words(cell.getAttribute("headers")).map(id => document.getElementById(id));
          if (others.some(other => other && (other === cell || other.closest("table") !== table))) {
            report(cell, "headers that are no other cells of the table");
          }
        }
      }
    };

    rules["unique-id"] = report => {
      const seen = new Set();
      for (const element of all("[id]")) {
        if (seen.has(element.id)) report(element, `another element has the id ${element.id}`);
        seen.add(element.id);
      }
    };

    rules["reference"] = report => {
      const isThere = id => document.getElementById(id) !== null;
      const lists = ["aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-flowto",
        "aria-activedescendant", "aria-details", "aria-errormessage", "headers", "for", "form", "list"];
      for (const name of lists) {
        for (const element of all(`[${name}]`)) {
          // What a closed menu controls may be made when it opens.
          const isClosed = element.ariaExpanded === "false" || element.ariaSelected === "false";
          if (name === "aria-controls" && isClosed) continue;
          const ids = words(element.getAttribute(name));
          if (ids.length === 0) report(element, `an empty ${name}`);
          for (const id of ids) if (!isThere(id)) report(element, `${name}: there is no ${id}`);
        }
      }
      for (const label of all("label[for]")) {
        if (isThere(label.htmlFor) && !label.control) report(label, `for: ${label.htmlFor} takes no label`);
      }
      for (const link of all("a[href^='#'], area[href^='#'], use[href^='#']")) {
        const text = link.getAttribute("href").slice(1);
        const id = /%(?![0-9a-f]{2})/i.test(text) ? text : decodeURIComponent(text);
        if (id === "" || id.toLowerCase() === "top" || document.getElementsByName(id).length > 0) continue;
        if (!isThere(id)) report(link, `href: there is no ${id}`);
      }
    };

    rules["refresh"] = report => {
      for (const meta of all("meta[http-equiv=refresh i]")) {
        if (parseFloat(meta.content) > 0) report(meta, "the page reloads by itself");
      }
    };

    rules["obsolete"] = report => {
      for (const element of all("blink, marquee")) report(element, "it moves, and nobody can stop it");
    };
    """#
}
