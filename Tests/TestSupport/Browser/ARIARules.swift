/// Rules for ARIA: roles and attributes that exist, go together and have values that they may have, after
/// "Accessible Rich Internet Applications 1.2".
extension AccessibilityRules {
  static let ariaScript = #"""
    const knownRoles = new Set(words(`alert alertdialog application article banner blockquote button caption
      cell checkbox code columnheader combobox comment complementary contentinfo definition deletion dialog
      document emphasis feed figure form generic grid gridcell group heading image img insertion link list
      listbox listitem log main mark marquee math menu menubar menuitem menuitemcheckbox menuitemradio meter
      navigation none note option paragraph presentation progressbar radio radiogroup region row rowgroup
      rowheader scrollbar search searchbox separator slider spinbutton status strong subscript suggestion
      superscript switch tab table tablist tabpanel term textbox time timer toolbar tooltip tree treegrid
      treeitem graphics-document graphics-object graphics-symbol`));

    // Attributes of every role, with the values that they may have.
    const isTrue = "true false", isOrIsNot = "true false undefined", isPartly = "true false mixed undefined";
    const text = /\S/, integer = /^-?\d+$/, number = /^-?\d*\.?\d+(e-?\d+)?$/i;
    const global = {
      atomic: isTrue, braillelabel: text, brailleroledescription: text, busy: isTrue, controls: text,
      current: "page step location date time true false", describedby: text, description: text,
      details: text, disabled: isTrue, dropeffect: text, errormessage: text, flowto: text, grabbed: isOrIsNot,
      haspopup: "true false menu listbox tree grid dialog", hidden: isOrIsNot,
      invalid: "true false grammar spelling", keyshortcuts: text, label: text, labelledby: text,
      live: "off polite assertive", owns: text,
      relevant: /^(additions|removals|text|all)( (additions|removals|text|all))*$/, roledescription: text,
    };

    // Those of some roles, with these.
    const cells = "cell columnheader gridcell rowheader", items = "menuitem menuitemcheckbox menuitemradio";
    const tables = "grid table treegrid", ticks = "checkbox menuitemcheckbox menuitemradio radio switch";
    const ranges = "meter progressbar scrollbar separator slider spinbutton", fields = "searchbox textbox";
    const sets = `article comment listitem ${items} option radio row tab treeitem`;
    const lists = "listbox menu menubar radiogroup tablist toolbar tree treegrid";
    const local = {
      activedescendant: [text, `application combobox grid group row ${fields} ${lists}`],
      autocomplete: ["inline list both none", `combobox ${fields}`],
      checked: [isPartly, `${ticks} option treeitem`], colcount: [integer, tables],
      colindex: [integer, `${cells} row`], colspan: [integer, cells],
      expanded: [isOrIsNot, `application button checkbox combobox ${cells} link listbox ${items} row switch
        tab treeitem`],
      level: [integer, "comment heading listitem row treeitem"], modal: [isTrue, "alertdialog dialog"],
      multiline: [isTrue, fields], multiselectable: [isTrue, "grid listbox tablist tree treegrid"],
      orientation: ["horizontal vertical undefined", `combobox scrollbar separator slider ${lists}`],
      placeholder: [text, fields], posinset: [integer, sets], pressed: [isPartly, "button"],
      readonly: [isTrue, `${ticks} ${cells} ${fields} combobox grid listbox radiogroup slider spinbutton
        treegrid`],
      required: [isTrue, `${ticks} ${cells} ${fields} combobox listbox radiogroup spinbutton tree treegrid`],
      rowcount: [integer, tables], rowindex: [integer, `${cells} row`], rowspan: [integer, cells],
      selected: [isOrIsNot, `${cells} option row tab treeitem`], setsize: [integer, sets],
      sort: ["ascending descending none other", "columnheader rowheader"], valuemax: [number, ranges],
      valuemin: [number, ranges], valuenow: [number, ranges], valuetext: [text, ranges],
    };
    const unnamed = words(`caption code deletion emphasis generic insertion none paragraph presentation
      strong subscript superscript`);

    // An element without a role of its own may stand between one and the other that its role needs.
    const isBetween = role => role === undefined || ["generic", "none", "presentation"].includes(role);

    rules["role"] = report => {
      for (const element of all("[role]")) {
        const found = words(element.getAttribute("role"));
        const unknown = found.filter(role => !knownRoles.has(role) && !role.startsWith("doc-"));
        if (found.length === 0 || unknown.length > 0) report(element, `there is no role "${unknown}"`);
        else if (found.length > 1) report(element, "several roles, of which browsers may take any");
      }
    };

    rules["aria-attribute"] = report => {
      const accepts = (values, value) =>
        values instanceof RegExp ? values.test(value) : words(values).includes(value);
      for (const element of all("*")) {
        for (const {name, value} of element.attributes) {
          if (!name.startsWith("aria-")) continue;
          const key = name.slice(5);
          const [values, owners] = key in global ? [global[key]] : local[key] ?? [];
          const role = roleOf(element);
          const isName = key === "label" || key === "labelledby";
          if (!values) report(element, `there is no ${name}`);
          else if (!accepts(values, value)) report(element, `${name}="${value}"`);
          else if (role && owners && !words(owners).includes(role)) report(element, `${name} on a ${role}`);
          else if (isName && unnamed.includes(role)) report(element, `${name} on a ${role}`);
          else if (key === "roledescription" && isBetween(role)) report(element, `${name} without a role`);
        }
      }
    };

    rules["aria-required"] = report => {
      const required = {
        checkbox: "aria-checked", menuitemcheckbox: "aria-checked", menuitemradio: "aria-checked",
        radio: "aria-checked", switch: "aria-checked", combobox: "aria-expanded", heading: "aria-level",
        meter: "aria-valuenow", scrollbar: "aria-valuenow", slider: "aria-valuenow",
      };
      for (const element of all("[role]")) {
        const name = required[roleOf(element)];
        const isNative = element.matches("input, select, progress, meter, h1, h2, h3, h4, h5, h6");
        if (name && !isNative && !element.hasAttribute(name)) {
          report(element, `a ${roleOf(element)} without ${name}`);
        }
      }
    };

    rules["aria-parent"] = report => {
      const parents = {
        cell: "row", columnheader: "row", gridcell: "row", rowheader: "row", listitem: "list",
        menuitem: "menu menubar group", menuitemcheckbox: "menu menubar group",
        menuitemradio: "menu menubar group", option: "listbox group", row: "table grid treegrid rowgroup",
        rowgroup: "table grid treegrid", tab: "tablist", treeitem: "tree group treeitem",
      };
      for (const element of all("[role]")) {
        const wanted = parents[roleOf(element)];
        const isOwned = element.id && document.querySelector(`[aria-owns~="${CSS.escape(element.id)}"]`);
        if (!wanted || isOwned) continue;
        let parent = element.parentElement;
        while (parent && isBetween(roleOf(parent))) parent = parent.parentElement;
        if (!parent || !words(wanted).includes(roleOf(parent))) {
          report(element, `a ${roleOf(element)} in no ${wanted}`);
        }
      }
    };

    rules["aria-children"] = report => {
      const children = {
        grid: "row rowgroup", list: "listitem", listbox: "option group", menu: `${items} group separator`,
        menubar: `${items} group separator`, row: cells, rowgroup: "row", table: "row rowgroup caption",
        tablist: "tab", tree: "treeitem group", treegrid: "row rowgroup",
      };
      const inner = element => [...element.children].flatMap(child =>
        isBetween(roleOf(child)) ? inner(child) : [roleOf(child)]);
      for (const element of all("[role]")) {
        const wanted = children[roleOf(element)];
        const isElsewhere = element.ariaBusy === "true" || element.hasAttribute("aria-owns");
        if (!wanted || isElsewhere || !isPerceived(element)) continue;
        const found = inner(element);
        const others = found.filter(role => !words(wanted).includes(role));
        if (found.length === 0) report(element, `a ${roleOf(element)} with no ${wanted}`);
        else if (others.length > 0) report(element, `a ${roleOf(element)} with ${others.join(", ")}`);
      }
    };

    // aria-atomic and aria-relevant say how changes are read out, aria-live or a role that they are.
    rules["live-region"] = report => {
      const live = "[aria-live], output, [role=alert], [role=log], [role=status], [role=timer]";
      for (const region of all("[aria-atomic], [aria-relevant]")) {
        if (!region.closest(live)) report(region, "says how it is read out, and not that it is");
      }
      for (const region of all("[aria-live=off]:is([role=alert], [role=status], output)")) {
        report(region, "a live region with aria-live=off");
      }
    };
    """#
}
